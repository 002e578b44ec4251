"""Writing is whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kills import SETS, kill_writers
from peru_asia_graph.errors import BuildRunning, WrongUse
from peru_asia_graph.files.atomic import only_one, read_folder, replace_folder, write_file


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert replace_folder(folder, {"a.txt": b"1", "d/b.txt": b"2"})
    assert not replace_folder(folder, {"a.txt": b"1", "d/b.txt": b"2"})
    assert replace_folder(folder, {"c.txt": b"3"})
    assert read_folder(folder) == {"c.txt": b"3"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_is_replaced_where_names_cannot_be_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peru_asia_graph.files.atomic._exchange", lambda one, other: False)
    folder = tmp_path / "out"
    replace_folder(folder, {"a.txt": b"1", "old.txt": b"0"})
    replace_folder(folder, {"a.txt": b"2"})
    assert read_folder(folder) == {"a.txt": b"2"}


def test_killed_writers_leave_whole_folders(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    replace_folder(folder, SETS[0])
    assert kill_writers(20, folder) == 0
    with only_one(folder):
        assert not [path for path in tmp_path.iterdir() if path.suffix == ".new"]


def test_a_full_disk_keeps_the_old_files(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    replace_folder(folder, {"a.txt": b"old"})
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from peru_asia_graph.files.atomic import replace_folder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "replace_folder(Path(sys.argv[1]), {'a.txt': b'n' * 5000})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, check=False)
    assert b"the old files are kept" in done.stderr
    assert read_folder(folder) == {"a.txt": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_builds_at_once_leave_one_whole_result(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "peru_asia_graph", "build", "-q", "--out", str(tmp_path / "out")]
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda _: subprocess.run(command, capture_output=True, check=False), range(2)))
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr + runs[1].stderr
    alone = tmp_path / "alone"
    subprocess.run([*command[:-1], str(alone)], check=True, capture_output=True)
    assert read_folder(tmp_path / "out") == read_folder(alone)


def test_a_second_writer_gives_up_with_a_reason(tmp_path: Path) -> None:
    with (
        only_one(tmp_path / "out"),
        pytest.raises(BuildRunning, match="another build"),
        only_one(tmp_path / "out", 0.1),
    ):
        pass


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WrongUse, match="cannot be written"):
        write_file(tmp_path / "file" / "below.csv", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
