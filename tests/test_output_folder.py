"""A folder is written next to unrelated files; only files of an earlier write are replaced or removed."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from folders import read_folder, snapshot
from kills import kill_writers
from peru_asia_graph.errors import BuildRunning, WrongUse
from peru_asia_graph.files.lock import exclusive_lock
from peru_asia_graph.files.manifest import JOURNAL, MANIFEST
from peru_asia_graph.files.output_folder import check_folder, write_folder

FILES = {"a.txt": b"1", "d/b.txt": b"2"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that has been written once."""
    assert write_folder(tmp_path / "out", FILES).changed
    return tmp_path / "out"


def test_second_write_changes_nothing(out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert not write_folder(out, FILES, dry_run=True).changed
    assert write_folder(out, FILES).changed is False
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*")}


def test_own_files_are_replaced_or_removed_with_their_folders(out: Path) -> None:
    assert write_folder(out, {"a.txt": b"3"}, dry_run=True).changed
    report = write_folder(out, {"a.txt": b"3", "e/f/c.txt": b"4"})
    assert (report.changed, report.left, report.edited) == (True, [], [])
    assert sorted(snapshot(out)) == ["a.txt", "e", "e/f", "e/f/c.txt", MANIFEST]
    assert read_folder(out) == {"a.txt": b"3", "e/f/c.txt": b"4"}


def test_manifest_depends_only_on_the_files(out: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "other", dict(reversed(FILES.items())))
    assert (out / MANIFEST).read_bytes() == (tmp_path / "other" / MANIFEST).read_bytes()
    digests = json.loads((out / MANIFEST).read_text())["sha256"]
    for name, value in digests.items():
        done = subprocess.run(["sha256sum", out / name], capture_output=True, check=True, text=True)
        assert done.stdout.split()[0] == value
    assert digests.keys() == FILES.keys()


def test_unrelated_files_are_kept_and_reported(out: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept.txt").write_text("x")
    (out / "thesis.odt").write_text("mine")
    (out / "d" / "notes.txt").write_text("mine")
    (out / "mine" / "deep").mkdir(parents=True)
    (out / "mine" / "deep" / "a.txt").write_text("mine")
    (out / "link").symlink_to(tmp_path / "outside")
    (out / ".hidden").write_text("mine")
    os.mkfifo(out / "pipe")
    others = ("thesis.odt", "d/notes.txt", "mine/deep/a.txt", "link", ".hidden", "pipe")
    before = {name: snapshot(out)[name] for name in others}
    report = write_folder(out, {"a.txt": b"3"})
    assert report.left == [".hidden", "d/notes.txt", "link", "mine/", "pipe", "thesis.odt"]
    after = snapshot(out)
    assert {name: after[name] for name in others} == before
    assert "d/b.txt" not in after
    assert (tmp_path / "outside" / "kept.txt").read_text() == "x"


def test_edited_file_is_replaced_and_reported_or_kept_if_obsolete(out: Path) -> None:
    for name in FILES:
        (out / name).write_text("edited")
    report = write_folder(out, {"a.txt": b"3"})
    assert (report.edited, report.left) == (["a.txt"], ["d/"])
    assert read_folder(out) == {"a.txt": b"3", "d/b.txt": b"edited"}
    assert write_folder(out, {"a.txt": b"4"}).edited == []


def test_unrelated_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    before = snapshot(tmp_path)
    for write in (write_folder, partial(write_folder, dry_run=True)):
        with pytest.raises(WrongUse, match="contains files that pag did not write; name an empty or new folder"):
            write(tmp_path, FILES)
    with pytest.raises(WrongUse, match="pag did not write"):
        check_folder(tmp_path)
    assert snapshot(tmp_path) == before


def test_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WrongUse, match=r"cannot be written: Not a directory .*; nothing was changed"):
        write_folder(tmp_path / "file" / "out", FILES)


def test_command_does_not_take_over_the_folder_of_another(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_folder(out, FILES, command="pag import")
    before = snapshot(out)
    for write in (write_folder, partial(write_folder, dry_run=True)):
        with pytest.raises(WrongUse, match="out was written by pag import, not pag build; name an empty or new fold"):
            write(out, {"c.txt": b"3"}, command="pag build")
    with pytest.raises(WrongUse, match="was written by pag import"):
        check_folder(out, command="pag build")
    assert snapshot(out) == before
    assert write_folder(out, {"a.txt": b"3"}, command="pag import").changed
    (out / MANIFEST).write_text('{"made_by": "peru-asia-graph", "command": "a\\nb", "sha256": {}}')
    with pytest.raises(WrongUse, match=r"was written by a\\nb, not"):
        check_folder(out, command="pag build")


def test_folder_without_a_command_in_its_manifest_is_claimed(out: Path) -> None:
    assert write_folder(out, FILES, command="pag build").changed  # the manifest, which now names the command
    with pytest.raises(WrongUse, match="was written by pag build"):
        check_folder(out, command="pag site")


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[]",
        b'{"sha256": {"thesis.odt": "x"}}',
        b'{"made_by": "peru-asia-graph"}',
        b'{"made_by": "peru-asia-graph", "sha256": {"../thesis.odt": "x"}}',
        b'{"made_by": "peru-asia-graph", "sha256": {"/thesis.odt": "x"}}',
        b'{"made_by": "peru-asia-graph", "sha256": {"d/../../thesis.odt": "x"}}',
        b'{"made_by": "peru-asia-graph", "sha256": {".": "x"}}',
        b'{"made_by": "peru-asia-graph", "sha256": {"a": 1}}',
        rb'{"made_by": "peru-asia-graph", "sha256": {"\ud800": "x"}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_invalid_manifest_does_not_make_a_folder_ours(tmp_path: Path, manifest: bytes) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "thesis.odt").write_text("mine")
    (out / MANIFEST).write_bytes(manifest)
    before = snapshot(tmp_path)
    with pytest.raises(WrongUse, match="pag did not write"):
        write_folder(out, FILES)
    assert snapshot(tmp_path) == before


def test_forged_journal_cannot_remove_other_folders(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "thesis").mkdir(parents=True)
    (out / "thesis" / "text.odt").write_text("mine")
    content = {"made_by": "peru-asia-graph", "staging": "thesis", "sha256": {}}
    (out / JOURNAL).write_text(json.dumps(content, indent=1) + "\n")
    before = snapshot(out)
    with pytest.raises(WrongUse, match="pag did not write"):
        write_folder(out, FILES)
    assert snapshot(out) == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("touch new.txt", r"new\.txt \(a file that pag did not write\)"),
        ("ln -s ../outside/kept.txt new.txt", r"new\.txt \(a link\)"),
        ("mkdir new.txt", r"new\.txt \(a folder\)"),
        ("mkfifo new.txt", r"new\.txt \(a special file\)"),
        ("rm -r d; ln -s ../outside d", r"d \(a link\)"),
        ("rm -r d; touch d", r"d \(a file\)"),
        ("rm a.txt; ln -s ../outside/kept.txt a.txt", r"a\.txt \(a link\)"),
        ("rm manifest.json; ln -s ../outside/kept.txt manifest.json", "pag did not write"),
        ("ln -s ../outside/kept.txt .pag-journal", r"\.pag-journal is needed as a lock file"),
        ("mkdir .pag-journal", r"\.pag-journal is needed as a lock file"),
        ("echo mine > .pag-journal", r"\.pag-journal \(needed as a lock file\)"),
        ("chmod a-w a.txt", r"a\.txt \(a read-only file\)"),
        ("chmod a-w d", r"d \(a read-only folder\)"),
        ("chmod a-w .", r"\. \(a read-only folder\)"),
    ],
)
def test_obstacle_is_reported_and_nothing_is_written(out: Path, spoil: str, said: str) -> None:
    outside = out.parent / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("x")
    (outside / "b.txt").write_text("x")
    subprocess.run(["sh", "-c", spoil], cwd=out, check=True)
    before = snapshot(out.parent)
    with pytest.raises(WrongUse, match=said):
        write_folder(out, {"a.txt": b"3", "d/b.txt": b"4", "new.txt": b"5"})
    assert snapshot(out.parent) == before


def test_all_obstacles_are_reported_at_once(out: Path) -> None:
    files = {f"{number:02}.txt": b"x" for number in range(30)}
    for name in files:
        (out / name).write_text("mine")
    with pytest.raises(WrongUse, match=r"00\.txt.*19\.txt .*, and 10 more; move them away") as refused:
        write_folder(out, files)
    assert "20.txt" not in str(refused.value)


def test_unchanged_read_only_files_are_not_an_obstacle(out: Path) -> None:
    for path in (out / "a.txt", out / "d" / "b.txt", out / "d"):
        path.chmod(path.stat().st_mode & ~0o222)
    assert write_folder(out, FILES).changed is False
    # An obsolete read-only file is kept and reported.
    assert write_folder(out, {"a.txt": b"1"}).left == ["d/"]
    assert (out / "d" / "b.txt").read_bytes() == b"2"


def test_folder_with_the_same_files_is_accepted_but_not_claimed(tmp_path: Path) -> None:
    for name, data in {**FILES, "other": b"x"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    before = snapshot(tmp_path)
    assert write_folder(tmp_path, FILES).changed is False
    assert snapshot(tmp_path) == before


def test_folder_that_lost_its_manifest_is_refused(out: Path) -> None:
    (out / MANIFEST).unlink()
    with pytest.raises(WrongUse, match="pag did not write"):
        write_folder(out, {"a.txt": b"3"})


def test_links_to_the_folder_are_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("out")
    write_folder(tmp_path / "link", {"a.txt": b"3"})
    assert (tmp_path / "link").is_symlink() and read_folder(out) == {"a.txt": b"3"}
    (tmp_path / "lost").symlink_to("nowhere")
    with pytest.raises(WrongUse, match=r"is a link to .*nowhere, which does not exist"):
        write_folder(tmp_path / "lost", FILES)
    (tmp_path / "to-file").symlink_to("out/a.txt")
    for name in ("to-file", "out/a.txt"):
        with pytest.raises(WrongUse, match="is not a folder"):
            write_folder(tmp_path / name, FILES)


def test_link_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    for dry_run in (False, True):
        with pytest.raises(WrongUse, match="leads back to itself"):
            write_folder(loop, FILES, dry_run=dry_run)
    with pytest.raises(WrongUse, match="leads back to itself"):
        check_folder(loop)


def test_odd_folder_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-rf", "a\nb", "*", "a/b/c", " ", "ñ", "x" * 250, os.fsdecode(b"\xff")):
        write_folder(Path(name), FILES)
        assert read_folder(tmp_path / name) == FILES
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    write_folder(Path(), FILES)
    assert read_folder(tmp_path / "empty") == FILES
    with pytest.raises(WrongUse, match="pag did not write"):
        write_folder(Path("/"), FILES)


def test_permissions_are_kept(out: Path) -> None:
    (out / "a.txt").chmod(0o600)
    out.chmod(0o750)
    write_folder(out, {"a.txt": b"3"})
    assert [path.stat().st_mode & 0o777 for path in (out / "a.txt", out)] == [0o600, 0o750]


def test_full_disk_leaves_the_old_files_and_nothing_else(out: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from peru_asia_graph.files.output_folder import write_folder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_folder(Path(sys.argv[1]), {'a.txt': b'new', 'b.txt': b'n' * 5000})\n"
    )
    before = snapshot(out.parent)
    for folder in (out, out.parent / "new"):
        done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, check=False)
        assert b"File too large" in done.stderr and b"the old files are unchanged" in done.stderr
        assert snapshot(out.parent) == before


@pytest.mark.slow
def test_killed_writers_damage_nothing(tmp_path: Path) -> None:
    assert kill_writers(20, tmp_path / "out") == 0


def end_writer(folder: Path, files: Mapping[str, bytes], operation: int) -> bool:
    """Write a folder in a process that ends at one of its file operations, by number; return whether it came to it."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    left = itertools.count(operation, -1)
    for name in ("ftruncate", "pwrite", "mkdir", "rename", "replace", "unlink", "rmdir", "fsync", "open"):
        call = getattr(os, name)

        def ended(*args: Any, call: Callable[..., Any] = call, **options: Any) -> Any:
            if not next(left):
                os._exit(1)
            return call(*args, **options)

        setattr(os, name, ended)
    write_folder(folder, files)
    os._exit(0)


@pytest.mark.slow
def test_writers_killed_at_any_operation_are_finished(tmp_path: Path) -> None:
    """Two writers are killed one after the other, each before one of its operations; the third finishes."""
    old, new = ({f"t/{kind}{number}.txt": bytes([kind]) * 9 for number in range(2)} | {"both.txt": bytes([kind])}
                for kind in (65, 66))  # fmt: skip
    reached = 0
    for first in itertools.count():
        for second in itertools.count():
            folder = tmp_path / f"{first}-{second}"
            write_folder(folder, old)
            was_killed = end_writer(folder, new, first)
            again = end_writer(folder, old, second)
            reached += was_killed and again
            report = write_folder(folder, old)
            assert (read_folder(folder), *report.left, *report.edited) == (old,), (first, second)
            shutil.rmtree(folder)
            if not again:
                break
        if not was_killed:
            break
    assert reached > 500


def test_concurrent_writers_leave_one_complete_result(tmp_path: Path) -> None:
    sets = [{f"{number}.txt": bytes([kind]) * 9 for number in range(20)} | {f"only-{kind}": b""} for kind in (65, 66)]
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda number: write_folder(tmp_path / "out", sets[number % 2]), range(40)):
            pass
    assert read_folder(tmp_path / "out") in sets
    assert not [path for path in tmp_path.rglob(".*")]


def test_second_writer_times_out_and_the_lock_file_is_removed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with exclusive_lock(lock):
        with pytest.raises(BuildRunning, match="another command"), exclusive_lock(lock, 0.1):
            pass
        assert lock.exists()
    assert not lock.exists()
    lock.symlink_to("elsewhere")
    with pytest.raises(WrongUse, match="is needed as a lock file"), exclusive_lock(lock):
        pass
    assert not (tmp_path / "elsewhere").exists()
