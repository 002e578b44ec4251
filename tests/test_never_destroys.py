"""No command that writes a file or a folder destroys what others have put there."""

from __future__ import annotations

import bz2
import functools
import gzip
import lzma
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner

from folders import snapshot
from peru_asia_graph.cli import COMMANDS, pag
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.views.html_view import View
from tiny import copy_tiny

# Every command with -o, with the arguments it needs to write something.
FILE_COMMANDS: Final[dict[str, list[str]]] = {
    "query": ["ASK {}"],
    "ask": ["who-owns", "-p", "asset=Cerro Norte"],
    "search": ["Cerro"],
    "show": ["Cerro Norte", "-f", "json"],
    "between": ["Alfa", "Beta"],
    "sources": [],
    "differences": [],
    "match": [],
    "owners": ["Cerro Norte", "--year", "2012"],
    "holdings": ["alfa"],
    "control": ["alfa"],
    "diff": ["2011", "2012"],
    "ties": ["--asset", "Cerro Norte"],
    "audit": [],
    "network": ["ownership", "-f", "graphml"],
    "view": ["trade"],
    "export": ["-f", "csv"],
}
# Every other option that names something to write or to search.
FOLDER_COMMANDS: Final = {("build", "out"), ("load", "where"), ("view", "single_file"), ("site", "folder")}


def options(name: str) -> dict[str, click.Parameter]:
    """Return the parameters of a command by their Python names."""
    command = pag.get_command(click.Context(pag), name)
    assert command is not None
    return {str(option.name): option for option in command.params}


def test_every_writing_command_is_tested() -> None:
    names = [name for name, _, _ in COMMANDS]
    assert {name for name in names if "output" in options(name)} == FILE_COMMANDS.keys()
    written = {"out", "folder", "directory", "single_file"}
    assert {(name, one) for name in names for one in options(name) if one in written} | {("load", "where")} == (
        FOLDER_COMMANDS
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a tiny project that has been built."""
    root = copy_tiny(tmp_path_factory.mktemp("tiny")).root
    assert command("build", "-q", cwd=root).returncode == 0
    return root


# --- Files ------------------------------------------------------------------------------------------------


def run(name: str, output: str | Path, project: Path) -> str:
    """Run a command with ``-o`` on a project; return its messages, or the error message."""
    words = ["--project", str(project), name, *FILE_COMMANDS[name], "-o", str(output)]
    result = CliRunner().invoke(pag, words)
    if isinstance(result.exception, WrongUse):
        return str(result.exception)
    assert result.exit_code == 0, result.exception
    return result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", FILE_COMMANDS)
def test_command_writes_only_its_own_file(
    name: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    (folder / "sub").mkdir(parents=True)
    outside.mkdir()
    for path in (folder / "thesis.odt", folder / "sub" / "a.txt", folder / "old.csv", outside / "real.csv"):
        path.write_text("mine")
    (folder / "old.csv").chmod(0o640)
    (folder / "read-only.csv").write_text("mine")
    (folder / "read-only.csv").chmod(0o444)
    (folder / "shut").mkdir(mode=0o555)
    (folder / "link.csv").symlink_to(outside / "real.csv")
    (folder / "to-sub").symlink_to("sub")
    monkeypatch.chdir(folder)
    before = snapshot(tmp_path)

    for target, said in {
        "read-only.csv": "read-only.csv is read-only",
        "shut/new.csv": "shut is read-only",
        "sub": "sub is a folder",
        "to-sub": "to-sub is a folder",
        "sub/": "is not the name of a file",
        "thesis.odt/new.csv": "Not a directory",
        "": "is not the name of a file",
        "new.csv.zst": "pag does not write the format that the ending of",
        "new.zip": "pag does not write the format that the ending of",
        "new.xlsx": "write tables as .csv",
        "new.PDF": "write tables as .csv",
    }.items():
        if target or name != "view":  # its default is KIND.html
            assert said in run(name, target, tiny), target
    assert snapshot(tmp_path) == before

    assert run(name, "new.csv", tiny).startswith("new.csv written\n")
    data = Path("new.csv").read_bytes()
    assert len(data) > 10
    for target in ("old.csv", "link.csv", "made/new.csv"):
        run(name, target, tiny)
        assert Path(target).read_bytes() == data
    run(name, "/dev/null", tiny)
    after = snapshot(tmp_path)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    new = {"folder/new.csv", "folder/made", "folder/made/new.csv"}
    assert changed == {"folder/old.csv", "outside/real.csv", *new}
    assert Path("link.csv").is_symlink() and Path("old.csv").stat().st_mode & 0o777 == 0o640
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("name", FILE_COMMANDS)
def test_command_does_not_overwrite_the_tables(name: str, tiny: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(tiny, tmp_path / "project", symlinks=True))
    (project / "link.csv").symlink_to("data/tiny/stakes.csv")
    before = snapshot(project)
    for target in ("data/tiny/stakes.csv", "link.csv"):
        assert f"{target} is a file of the project, which pag reads" in run(name, project / target, project)
    assert snapshot(project) == before


@pytest.mark.parametrize(
    "words",
    [
        ["query", "q.rq", "-o", "q.rq"],
        ["query", "q.rq", "-o", "hard.rq"],
        ["export", "--store", "g.ttl", "-o", "g.ttl"],
        ["export", "-f", "bods", "-o", "new.json", "--report", "new.json"],
        ["export", "-f", "neo4j", "-o", "new", "--report", "new/README.md"],
        ["import", "table", "o.csv", "--as", "a", "--date", "2020", "--project", ".", "--report", "o.csv"],
        ["import", "table", "o.csv", "--as", "a", "--project", ".", "--report", "o.csv-metadata.json"],
        ["import", "table", "o.csv", "--as", "a", "--project", ".", "--report", "data/a/stakes.csv"],
    ],
)
def test_command_does_not_overwrite_its_input(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.rq").write_text("ASK {}")
    Path("hard.rq").hardlink_to("q.rq")
    Path("g.ttl").write_text("<x:a> <x:b> <x:c> .")
    Path("o.csv").write_text("mine")
    before = snapshot(tmp_path)
    done = CliRunner().invoke(pag, words)
    assert f"{Path(words[-1])} is also read or written for another option" in str(done.exception)
    assert snapshot(tmp_path) == before


def test_output_file_may_have_the_name_of_an_argument(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = CliRunner().invoke(pag, ["--project", str(tiny), "view", "trade", "-o", "trade"])
        assert result.exit_code == 0, result.exception


@pytest.mark.parametrize("stranger", ["file", "link", "lost link", "pipe", "folder"])
def test_page_without_a_given_name_replaces_only_a_page(
    stranger: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--project", str(tiny), "view", "trade"]
    for _ in range(2):
        assert CliRunner().invoke(pag, words).exit_code == 0
    page, path = Path("trade.html").read_bytes(), Path("trade.html")
    path.unlink()
    Path("mine.html").write_text("<!doctype html><p>mine")
    make: dict[str, Callable[[], object]] = {
        "file": lambda: path.hardlink_to("mine.html"),
        "link": lambda: path.symlink_to("mine.html"),
        "lost link": lambda: path.symlink_to("nowhere"),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
    }
    make[stranger]()
    before = snapshot(tmp_path)
    done = CliRunner().invoke(pag, words)
    assert str(done.exception) == "trade.html is not a page that pag wrote; name the file to write: -o FILE"
    assert snapshot(tmp_path) == before
    assert CliRunner().invoke(pag, [*words, "-o", "other.html"]).exit_code == 0
    assert Path("other.html").read_bytes() == page


@pytest.mark.parametrize("name", FILE_COMMANDS)
def test_command_writes_into_a_pipe(name: str, tiny: Path, tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to("pipe")
    run(name, tmp_path / "file", tiny)
    for target in (pipe, tmp_path / "link"):
        reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
        reader.start()
        run(name, target, tiny)
        reader.join()
    assert got == [(tmp_path / "file").read_bytes()] * 2 and pipe.is_fifo() and (tmp_path / "link").is_symlink()
    assert "/dev/full cannot be written: No space left on device; part of it" in run(name, "/dev/full", tiny)
    assert Path("/dev/full").is_char_device()
    done = command("--project", tiny, name, *FILE_COMMANDS[name], "-o", "/dev/stdout")
    assert done.returncode == 0 and done.stdout == (tmp_path / "file").read_text("utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link", "file"}


def no_space() -> None:
    """Limit the process to files of a few bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))


def test_failed_database_export_leaves_no_file(tiny: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "peru_asia_graph", "--project", str(tiny), "export", "-f", "sqlite"]
    done = subprocess.run([*words, "-o", str(tmp_path / "new.sqlite")], capture_output=True, text=True, check=False,
                          preexec_fn=no_space)  # fmt: skip
    assert done.returncode == 2 and done.stderr == (
        f"Error: {tmp_path / 'new.sqlite'} cannot be written: File too large; nothing was changed\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILE_COMMANDS)
def test_full_disk_leaves_the_old_file_and_nothing_else(name: str, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("mine")
    (tmp_path / "old").chmod(0o604)
    before = snapshot(tmp_path)
    whole = [sys.executable, "-m", "peru_asia_graph", "--project", str(tiny), name, *FILE_COMMANDS[name]]
    whole += ["-o", "old"]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, cwd=tmp_path, preexec_fn=no_space)
    assert done.returncode == 2 and "old cannot be written: File too large" in done.stderr
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("words", [["questions"], ["--help"], ["build", "--help"], ["query", "ASK {}"]])
def test_stdout_on_a_full_disk_is_an_error(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        whole = [sys.executable, "-m", "peru_asia_graph", *words]
        done = subprocess.run(whole, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    said = "Error: the output cannot be written: No space left on device; part of it may have been written\n"
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.parametrize(
    "words", ["questions", "--help", "query 'ASK {}'", "network ownership", "query ASK -o /dev/stdout"]
)
def test_closed_stdout_is_an_error(words: str, tmp_path: Path) -> None:
    whole = f"{sys.executable} -m peru_asia_graph {words.replace(' ASK ', ' ASK{} ')}"
    done = subprocess.run(["sh", "-c", f"{whole} >&-"], stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2 and "cannot be written: Bad file descriptor" in done.stderr
    assert done.stderr.count("\n") == 1 and list(tmp_path.iterdir()) == []


def test_stderr_may_be_closed() -> None:
    for query, code in (("ASK {}", 0), ("ASK {", 3)):
        done = subprocess.run(["sh", "-c", f"{sys.executable} -m peru_asia_graph query '{query}' 2>&-"], check=False)
        assert done.returncode == code


@pytest.mark.parametrize("target", ["/dev/null", "/dev/stdout", "pipe", "link"])
def test_nothing_is_written_next_to_a_device(target: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    done = command("view", "trade", "--shared", "-o", target, cwd=tmp_path)
    assert done.returncode == 2 and "is not a regular file" in done.stderr and done.stdout == ""
    with pytest.raises(WrongUse, match="is not a regular file"):
        View("<html>", "assets").save(tmp_path / target)
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link"} and not Path("/dev/assets").exists()


@pytest.mark.parametrize(("ending", "opened"), [(".gz", gzip.open), (".bz2", bz2.open), (".xz", lzma.open)])
def test_file_extension_selects_the_compression(
    ending: str, opened: Callable[[Path], Any], tiny: Path, tmp_path: Path
) -> None:
    for name, inner in (("export", ".nt"), ("ask", ".csv"), ("network", ".graphml")):
        plain, packed = tmp_path / f"{name}{inner}", tmp_path / f"{name}{inner}{ending}"
        words = [word for word in FILE_COMMANDS[name] if word not in ("-f", "csv", "graphml")]
        for target in (plain, packed):
            assert CliRunner().invoke(pag, ["--project", str(tiny), name, *words, "-o", str(target)]).exit_code == 0
        with opened(packed) as file:
            assert file.read() == plain.read_bytes()


# --- Folders ----------------------------------------------------------------------------------------------

Writer = Callable[[Path], "subprocess.CompletedProcess[str]"]


def command(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    whole = [sys.executable, "-m", "peru_asia_graph", *map(str, arguments)]
    return subprocess.run(whole, capture_output=True, text=True, check=False, cwd=cwd, timeout=300)


WRITERS: Final = ("build -o", "load", "view --shared")


@pytest.fixture(params=["build", *WRITERS])
def writer(request: pytest.FixtureRequest, tiny: Path, tmp_path: Path) -> tuple[Path, Writer]:
    """A folder to be written inside a separate parent folder, and a command that writes it."""
    parent = tmp_path / "parent"
    parent.mkdir()
    graph = tiny / "exports" / "peru-asia-graph.trig"
    if request.param == "build":
        shutil.copytree(tiny / "data", parent / "data", symlinks=True)
        return parent / "exports", lambda folder: command("build", "-q", cwd=folder.parent)
    if request.param == "build -o":
        return parent / "out", lambda folder: command("build", "-q", "--out", folder, cwd=tiny)
    if request.param == "load":
        return parent / "store", lambda folder: command("load", graph, "--store", folder)
    return parent / "assets", lambda folder: command(
        "view", "trade", "--shared", "-o", folder.parent / "page.html", "--store", graph
    )


def add_strangers(folder: Path, outside: Path) -> dict[str, Any]:
    """Put unrelated files, folders and links of all kinds into a folder; return their snapshot."""
    outside.mkdir()
    (outside / "kept.txt").write_text("mine")
    (folder / "sub" / "deep").mkdir(parents=True)
    for name in ("thesis.odt", "sub/deep/a.txt", ".hidden", "v2-notes", "v000009"):
        (folder / name).write_text("mine")
    (folder / "v2-folder").mkdir()
    (folder / "v2-folder" / "a.txt").write_text("mine")
    (folder / "read-only").mkdir()
    (folder / "read-only" / "a.txt").write_text("mine")
    (folder / "read-only" / "a.txt").chmod(0o444)
    (folder / "read-only").chmod(0o555)
    (folder / "link").symlink_to(outside)
    (folder / "lost").symlink_to("nowhere")
    (folder / "line\nbreak").write_text("mine")
    os.mkfifo(folder / "pipe")
    names = ("thesis.odt", "sub", ".hidden", "v2-notes", "v000009", "v2-folder", "read-only", "link", "lost")
    found = {name: value for name, value in snapshot(folder).items() if name.split("/")[0] in names}
    return found | {name: snapshot(folder)[name] for name in ("line\nbreak", "pipe")}


def test_unrelated_folder_is_refused(writer: tuple[Path, Writer], tmp_path: Path) -> None:
    folder, write = writer
    folder.mkdir()
    add_strangers(folder, tmp_path / "outside")
    before = snapshot(tmp_path)
    done = write(folder)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert any(word in done.stderr for word in ("contains", "holds"))
    assert "files" in done.stderr and "name an empty" in done.stderr
    assert snapshot(tmp_path) == before


@pytest.mark.slow
def test_unrelated_files_are_kept_and_reported(writer: tuple[Path, Writer], tmp_path: Path) -> None:
    folder, write = writer
    assert write(folder).returncode == 0
    strangers = add_strangers(folder, tmp_path / "outside")
    # Edit one of its own files, so that there is something to write.
    for name in ("README.md", "page.css"):
        if (folder / name).is_file():
            (folder / name).write_text("edited")
    done = write(folder)
    assert done.returncode == 0, done.stderr
    after = snapshot(folder)
    assert {name: after[name] for name in strangers} == strangers
    assert (tmp_path / "outside" / "kept.txt").read_text() == "mine"
    for name in ("thesis.odt", "sub", ".hidden", "v2-notes", "v000009", "link", "lost", r"line\nbreak", "pipe"):
        assert name in done.stderr
    edited = [name for name in ("README.md", "page.css") if (folder / name).is_file()]
    for name in edited:
        assert f"replaced although edited: {name}" in done.stderr
        assert (folder / name).read_text("utf-8") != "edited"


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS, indirect=True)
def test_link_to_a_folder_is_followed_and_kept(writer: tuple[Path, Writer], tmp_path: Path) -> None:
    folder, write = writer
    (tmp_path / "real").mkdir()
    folder.symlink_to(tmp_path / "real")
    assert write(folder).returncode == 0
    assert folder.is_symlink() and any((tmp_path / "real").iterdir())


@pytest.mark.slow
def test_full_disk_leaves_no_partial_folder(
    writer: tuple[Path, Writer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, write = writer
    before = snapshot(tmp_path)
    monkeypatch.setattr(subprocess, "run", functools.partial(subprocess.run, preexec_fn=no_space))
    done = write(folder)
    assert done.returncode == 2 and "cannot be written" in done.stderr and "Traceback" not in done.stderr
    after = snapshot(tmp_path)
    assert {name: after[name] for name in before} == before
    assert all(value[1] is None for name, value in after.items() if name not in before)  # empty folders


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS, indirect=True)
@pytest.mark.parametrize("obstacle", ["file", "lost link", "read-only folder"])
def test_unwritable_target_is_reported(writer: tuple[Path, Writer], tmp_path: Path, obstacle: str) -> None:
    folder, write = writer
    if obstacle == "file":
        folder.write_text("mine")
    elif obstacle == "lost link":
        folder.symlink_to("nowhere")
    else:
        folder.mkdir(mode=0o555)
    before = snapshot(tmp_path)
    done = write(folder)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    said = {"file": "is not a folder", "lost link": "is a link to", "read-only folder": "read-only"}[obstacle]
    assert said in done.stderr and folder.name in done.stderr
    assert snapshot(tmp_path) == before


def test_page_can_be_saved_next_to_the_exports(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(tiny / "exports", out)
    done = command("view", "trade", "--shared", "-o", out / "mine.html", cwd=tiny)
    assert done.returncode == 0, done.stderr
    assert snapshot(out / "assets") == snapshot(tiny / "exports" / "assets")
    assert (out / "mine.html").is_file()
