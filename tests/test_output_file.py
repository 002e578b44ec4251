"""A single file is written completely or not at all, through links, and never over anything that is not a file."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from folders import snapshot
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.entries import printable
from peru_asia_graph.files.output_file import write_file


def test_parent_folders_are_created_and_permissions_kept(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.txt"
    write_file(target, b"1")
    assert target.read_bytes() == b"1"
    target.chmod(0o640)
    write_file(target, b"2")
    assert target.read_bytes() == b"2" and stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["b.txt"]


def test_removed_working_directory_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(WrongUse, match=r"b\.txt cannot be written: No such file"):
        write_file(Path("b.txt"), b"1")


def test_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a", b"1")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_link_is_kept_and_its_target_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "old.txt").write_bytes(b"old")
    (tmp_path / "real" / "second").symlink_to("old.txt")
    for name, target in {"link": "real/second", "new": "real/new.txt"}.items():
        (tmp_path / name).symlink_to(target)
        write_file(tmp_path / name, b"data")
        assert str((tmp_path / name).readlink()) == target
    assert (tmp_path / "real" / "second").is_symlink()
    assert [(tmp_path / "real" / name).read_bytes() for name in ("old.txt", "new.txt")] == [b"data", b"data"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("folder", "is a folder"),
        ("to-folder", "is a folder"),
        ("socket", "is a socket"),
        ("loop", "cannot be written"),
        ("lost", "cannot be written: No such file"),
        ("file/below", "cannot be written: Not a directory"),
        ("read-only", r"read-only is read-only; make it writable \(chmod u\+w\)"),
        ("to-read-only", "is read-only"),
        ("shut/new", r"the folder .*shut is read-only"),
        ("x" * 300, "cannot be written: File name too long"),
        ("null\0byte", "cannot be written: embedded null byte"),
        ("line\nbreak/\x1b[31m", r"line\\nbreak/\\x1b\[31m is a folder"),
    ],
)
def test_unwritable_target_is_reported_and_unchanged(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-folder").symlink_to("folder")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "lost").symlink_to("nowhere/file")
    (tmp_path / "file").write_text("x")
    (tmp_path / "read-only").write_text("x")
    (tmp_path / "read-only").chmod(0o444)
    (tmp_path / "to-read-only").symlink_to("read-only")
    (tmp_path / "shut").mkdir(mode=0o555)
    (tmp_path / "line\nbreak" / "\x1b[31m").mkdir(parents=True)
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)  # socket paths must be short
    listener.bind("socket")
    os.chdir(here)
    listener.close()
    before = snapshot(tmp_path)
    with pytest.raises(WrongUse, match=said) as refused:
        write_file(tmp_path / name, b"data")
    assert str(refused.value).isprintable()
    assert snapshot(tmp_path) == before


def test_devices_and_pipes_are_written_to(tmp_path: Path) -> None:
    write_file(Path("/dev/null"), b"data")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to("pipe")
    for path in (pipe, tmp_path / "link"):
        reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
        reader.start()
        write_file(path, b"data")
        reader.join()
    assert got == [b"data", b"data"] and stat.S_ISFIFO(pipe.lstat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_process_output_is_appended_to(tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    code = (
        "import os, sys; from pathlib import Path; from peru_asia_graph.files.output_file import write_file;"
        "os.write(1, b'before,'); write_file(Path(sys.argv[1]), b'data'); os.write(1, b',after')"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", code, name], stdout=out, check=True, cwd=tmp_path)
    assert (tmp_path / "out").read_bytes() == b"before,data,after"
    piped = subprocess.run([sys.executable, "-c", code, name], stdout=subprocess.PIPE, check=True, cwd=tmp_path)
    assert piped.stdout == b"before,data,after"


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from peru_asia_graph.files.output_file import write_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_file(Path(sys.argv[1]), b'n' * 5000)\n"
    )
    for name in ("file", "new"):
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], capture_output=True, check=False)
        assert b"cannot be written: File too large; nothing was changed" in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"old"}


def test_names_are_printed_on_one_line() -> None:
    assert printable("a\nb\x1b\u202e") == r"a\nb\x1b\u202e"
    assert printable(os.fsdecode(b"caf\xe9")) == r"caf\udce9"
    assert printable(Path("Año")) == "Año"
