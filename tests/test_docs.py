"""What the documents say is so: commands run, outputs are real, links lead somewhere, the project speaks of itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from peru_asia_graph.cli import COMMANDS
from readme import BLOCK, output_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LINES = [line.strip() for line in README.splitlines() if re.match(r"    pag ", line)]


@pytest.mark.parametrize("block", BLOCK.findall(README), ids=lambda block: block[0])
def test_examples_print_what_the_readme_shows(block: tuple[str, str]) -> None:
    command, shown = block
    assert output_of(command) == shown


@pytest.mark.parametrize("command", LINES)
def test_commands_of_the_readme_run(tmp_path: Path, command: str) -> None:
    output_of(command, tmp_path)


def test_the_python_of_the_readme_runs() -> None:
    graph, firms = (run(code) for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    assert "33.75" in graph and "True cnpc" in graph
    # State: 60 % of the 50 % of Group; Fund's 20 % is no majority.
    assert firms.split() == ["30.0", "{'Group':", "'State'}"]


def run(code: str) -> str:
    """Return what a Python program prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_every_command_is_in_the_readme() -> None:
    missing = {name for name, _, _ in COMMANDS if f"pag {name}" not in README}
    assert missing == set()


def test_the_first_two_commands_are_verbs_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"^    make (\w+)$", README, re.MULTILINE):
        assert f"\n{command}: " in makefile
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("data/*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_folder_of_people_says_what_it_is() -> None:
    for folder in ("data", "data/reference", "data/schema", "ontology", "exports", "benchmarks"):
        assert (ROOT / folder / "README.md").is_file(), folder
