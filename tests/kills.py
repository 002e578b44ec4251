"""Kill writers at random moments and inspect the folder: ``python tests/kills.py [kills]``.

There are two kinds, half of the kills each: a loop that writes one small folder, where nearly every moment falls within
a write, and the build command as users run it. After each kill every file must be intact and unrelated files
untouched, and the next write must complete the interrupted one and leave nothing else behind.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from folders import read_folder
from peru_asia_graph.files.output_folder import write_folder

WRITER = """
import sys
from pathlib import Path
from kills import SETS
from peru_asia_graph.files.output_folder import write_folder
print("ready", flush=True)
for number in range(100_000):
    write_folder(Path(sys.argv[1]), SETS[number % 2])
"""
# Some files are in both sets with different content, some in one only.
SETS = [
    {**{f"t/{number}.txt": bytes([65 + kind]) * 50_000 for number in range(6)}, f"only/{kind}.txt": b"x" * 5000}
    for kind in (0, 1)
]
STRANGERS = {"thesis.odt": b"mine", "t/notes.txt": b"also mine", "mine/a.txt": b"mine too"}


def add_strangers(folder: Path) -> None:
    """Put unrelated files into a folder."""
    for name, data in STRANGERS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def is_damaged(folder: Path, sets: Sequence[Mapping[str, bytes]]) -> bool:
    """Return whether an unrelated file was touched, or a visible file has content of none of the sets."""
    files = {name: data for name, data in read_folder(folder).items() if not name.startswith((".new-", ".pag-"))}
    untouched = all(files.pop(name, None) == data for name, data in STRANGERS.items())
    return not untouched or not all(any(one.get(name) == data for one in sets) for name, data in files.items())


def is_finished(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write the folder; return whether it then holds exactly these files and the unrelated ones."""
    report = write_folder(folder, files)
    named = [name for left in report.left for name in STRANGERS if name.startswith(left)]
    return read_folder(folder) == {**files, **STRANGERS} and sorted(named) == sorted(STRANGERS)


def kill_writers(kills: int, folder: Path) -> int:
    """Return how often a killed writer left a damaged folder or one that the next writer could not complete."""
    write_folder(folder, SETS[0])
    add_strangers(folder)
    chance, damaged = random.Random(1), 0
    for number in range(kills):
        command = [sys.executable, "-c", WRITER, str(folder)]
        paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths}) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.random() * 0.06)
            process.send_signal(signal.SIGKILL)
        damaged += is_damaged(folder, SETS)
        # Every other time the next writer has to recover from several kills.
        if number % 2:
            damaged += not is_finished(folder, SETS[number // 2 % 2])
    return damaged


def kill_builds(kills: int, folder: Path, longest: float) -> int:
    """Return how often a killed build left damaged exports, or exports that the next build could not complete."""
    command = [sys.executable, "-m", "peru_asia_graph", "build", "-q", "-o", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    whole, chance, damaged = read_folder(folder), random.Random(2), 0
    add_strangers(folder)
    for number in range(kills):
        # A different old set, so that the build has something to write.
        old = {**{name: data[:-1] for name, data in whole.items()}, "old.txt": str(number).encode()}
        write_folder(folder, old)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * longest)
        process.send_signal(signal.SIGKILL)
        process.wait()
        damaged += is_damaged(folder, [old, whole])
    return damaged + (not is_finished(folder, whole))


def main(kills: int) -> int:
    """Run both kinds of kills; print and return how often something was damaged."""
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        damaged = kill_writers(kills // 2, Path(name) / "folder")
        damaged += kill_builds(kills - kills // 2, Path(name) / "exports", float(os.environ.get("LONGEST", "3")))
    print(f"{kills} kills, {damaged} damaged, {time.perf_counter() - start:.0f} s")
    return damaged


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 200) else 0)
