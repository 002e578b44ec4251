"""The documentation is correct: examples print what is shown, links resolve, and the reference is up to date."""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from documents import EXAMPLE, PAGES, ROOT, name_of, reading
from peru_asia_graph.cli import COMMANDS

README = (ROOT / "README.md").read_text("utf-8")
REFERENCE = ROOT / "docs" / "reference"
WITH_EXAMPLES = [page for page in PAGES if EXAMPLE.search(page.read_text("utf-8"))]
EVERY_PAGE = [*PAGES, *sorted(REFERENCE.glob("*.md"))]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that generates the reference."""
    spec = importlib.util.spec_from_file_location("make_reference", REFERENCE / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_examples_print_what_is_shown(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    with reading(text, tmp_path) as reader:
        for example in EXAMPLE.finditer(text):
            assert reader.follow(example) == example[0]


@pytest.mark.slow
def test_examples_of_the_python_reference_run_when_typed_in() -> None:
    text = (REFERENCE / "python.md").read_text("utf-8")
    examples = re.findall(r"^```pycon\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    typed = doctest.DocTestParser().get_doctest("".join(examples), {}, "python.md", None, None)
    assert len(typed.examples) > 30
    assert doctest.DocTestRunner().run(typed).failed == 0


def test_every_table_and_column_has_a_description(maker: ModuleType) -> None:
    """An empty cell or a bare address tells the reader nothing."""
    rows = [line.split(" | ") for text in maker.tables() for line in text.splitlines() if line.startswith("| `")]
    meanings = [row[1] if len(row) == 3 else row[-1].removesuffix(" |") for row in rows if len(row) > 2]
    assert len(meanings) > 200 and [one for one in meanings if not one.strip() or one.startswith("`http")] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["commands.md", "questions.md", "tables.md", "networks.md", "python.md"])
def test_reference_is_up_to_date(maker: ModuleType, name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == maker.make_page(name), "run: make docs"


@pytest.mark.parametrize("command", [(), ("build",), ("owners",), ("serve",)], ids=" ".join)
def test_reference_shows_the_actual_help(command: tuple[str, ...]) -> None:
    words = [sys.executable, "-m", "peru_asia_graph", *command, "--help"]
    printed = subprocess.run(words, capture_output=True, env={**os.environ, "COLUMNS": "80"}, check=True).stdout
    assert f"```text\n{printed.decode()}```" in (REFERENCE / "commands.md").read_text("utf-8")


def test_reference_has_no_other_pages(maker: ModuleType) -> None:
    assert {path.name for path in REFERENCE.glob("*.md")} == maker.PAGES.keys()


def test_every_command_is_in_the_reference() -> None:
    text = (REFERENCE / "commands.md").read_text("utf-8")
    assert re.findall(r"^## pag (\w[\w-]*)$", text, re.MULTILINE) == [name for name, *_ in COMMANDS]


def test_readme_is_short_and_names_the_two_commands() -> None:
    assert len(README.splitlines()) <= 110
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = re.findall(r"^    make ([\w-]+)$", README, re.MULTILINE)
    assert commands == ["demo", "test"]
    assert all(f"\n{command}: " in makefile for command in commands)
    assert "\nmake test\nexec make test-slow\n" in (ROOT / ".ci" / "run").read_text("utf-8")


def anchors(page: Path) -> set[str]:
    """Return the fragments by which GitHub links the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name_of)
def test_links_resolve(page: Path) -> None:
    for target, fragment in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text("utf-8")):
        linked = page.parent / target if target else page
        assert linked.exists(), target
        assert not fragment or linked.suffix != ".md" or fragment in anchors(linked), f"{target}#{fragment}"


def test_every_document_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#:]+)\)", index.read_text("utf-8"))}
    assert {page.resolve() for page in EVERY_PAGE if page.is_relative_to(ROOT / "docs")} <= linked | {index}


def test_main_folders_have_a_readme() -> None:
    for folder in ("data", "data/reference", "data/schema", "ontology", "exports", "benchmarks", "docs"):
        assert (ROOT / folder / "README.md").is_file(), folder
