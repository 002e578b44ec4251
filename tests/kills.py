"""Kill builds at random moments and look whether the exports stay whole: ``python tests/kills.py [kills]``.

Two kinds, half each: the whole build as people run it, and the exchange of two folders in a loop, where each
moment writes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peru_asia_graph.files.atomic import read_folder

WRITER = """
import sys
from pathlib import Path
from peru_asia_graph.files.atomic import only_one, replace_folder
sets = [{f"t/{n}.txt": bytes([65 + k]) * 200_000 for n in range(8)} for k in (0, 1)]
print("ready", flush=True)
for turn in range(100_000):
    with only_one(Path(sys.argv[1])):
        replace_folder(Path(sys.argv[1]), sets[turn % 2])
"""
SETS = [{f"t/{number}.txt": bytes([65 + kind]) * 200_000 for number in range(8)} for kind in (0, 1)]


def kill_writers(kills: int, folder: Path) -> int:
    """Return how often a killed exchange left anything but one whole set."""
    chance, damaged = random.Random(1), 0
    for _ in range(kills):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.02 + chance.random() * 0.08)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        damaged += read_folder(folder) not in SETS
    return damaged


def kill_builds(kills: int, folder: Path, longest: float) -> int:
    """Return how often a killed build left exports other than a whole build's."""
    command = [sys.executable, "-m", "peru_asia_graph", "build", "-q", "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    whole, chance, damaged = read_folder(folder), random.Random(2), 0
    for number in range(kills):
        # An old set that differs, so that the build has something to write.
        old = {**whole, "README.md": f"old {number}".encode()}
        (folder / "README.md").write_bytes(old["README.md"])
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * longest)
        process.send_signal(signal.SIGKILL)
        process.wait()
        damaged += read_folder(folder) not in (old, whole)
    return damaged


def main(kills: int) -> int:
    """Kill half and half; print and return the number of damaged exports."""
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        (Path(name) / "exchange").mkdir()
        for file, data in SETS[0].items():
            path = Path(name) / "exchange" / file
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        damaged = kill_writers(kills // 2, Path(name) / "exchange")
        damaged += kill_builds(kills - kills // 2, Path(name) / "exports", float(os.environ.get("LONGEST", "3")))
        left = [path.name for path in Path(name).iterdir() if path.name.endswith(".new")]
    print(f"{kills} kills, {damaged} damaged, {len(left)} left-over folders, {time.perf_counter() - start:.0f} s")
    return damaged


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 200) else 0)
