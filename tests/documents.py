"""Run the examples in the documentation; ``python tests/documents.py`` updates their output in the documents.

The examples of a document run in order in one folder, as a reader would run them: console blocks, indented ``pag``
and ``curl`` lines, ``python`` and ``pycon`` blocks. A block after a file name and a colon is written to that file.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import servers

ROOT = Path(__file__).parents[1]
# The reference is generated from the code, whose own tests cover the commands it quotes.
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md", "ontology/*.md", "benchmarks/*.md", "decisions/*.md")
    for page in ROOT.glob(pattern)
    if page.parent.name != "reference"
)
EXAMPLE = re.compile(
    r"^```(console|python|pycon)\n(.*?)^```$"
    r"|^    ((?:pag|curl) [^\n]*)$"
    r"|`([\w./-]+)`[^\n`]*:\n\n```\w+\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
# Addresses used in the documents, and the server that stands in for each.
SITE, STORE = "http://127.0.0.1:8000", "http://127.0.0.1:7878"


def name_of(page: Path) -> str:
    """Return the path of a page relative to the checkout."""
    return page.relative_to(ROOT).as_posix()


class Reader:
    """A reader who follows one document in a folder; ``addresses`` maps the servers it names to local ones."""

    def __init__(self, folder: Path, addresses: Mapping[str, str]) -> None:
        self.folder = folder
        self.addresses = addresses
        self.names: dict[str, Any] = {"__name__": "document"}

    def follow(self, example: re.Match[str]) -> str:
        """Run an example; return its text with the actual output."""
        kind, block, line, file, content = example.groups()
        if kind == "console":
            commands = [command for command, _ in COMMAND.findall(block)]
            return "```console\n" + "".join(f"$ {command}\n{self.shell(command)}" for command in commands) + "```"
        if kind == "pycon":
            return f"```pycon\n{self.pycon(block)}```"
        if kind == "python":
            self.python(block)
        elif file:
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_text(content, "utf-8")
        else:
            self.shell(line)
        return example[0]

    def shell(self, command: str) -> str:
        """Return what a command prints on a terminal of 80 columns; raise ValueError if it fails."""
        for written, real in self.addresses.items():
            command = command.replace(written, real)
        words = shlex.split(command)
        if words[0] == "pag":
            words[:1] = [sys.executable, "-m", "peru_asia_graph"]
        elif words[0] == "curl":
            words[1:1] = ["--silent", "--show-error", "--fail"]
        settings = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(words, capture_output=True, env=settings, cwd=self.folder, check=False)
        if done.returncode:
            raise ValueError(f"{command}: {done.stderr.decode()[-2000:]}")
        return done.stdout.decode()

    def python(self, code: str) -> None:
        """Run a block of Python."""
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(None):
            exec(compile(code, "document", "exec"), self.names)

    def pycon(self, text: str) -> str:
        """Run a block of an interactive session; return it with the actual output."""
        written = ""
        for example in doctest.DocTestParser().get_examples(text):
            printed = io.StringIO()
            with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
                exec(compile(example.source, "document", "single"), self.names)
            first, *rest = example.source.splitlines()
            written += "\n".join([f">>> {first}", *(f"... {line}" for line in rest)]) + f"\n{printed.getvalue()}"
        return written


@contextlib.contextmanager
def reading(text: str, folder: Path) -> Iterator[Reader]:
    """Yield a reader of a document while the servers it names are running."""
    with contextlib.ExitStack() as stack:
        addresses = {}
        if re.search(rf"^    curl .*{SITE}", text, re.MULTILINE):
            addresses[SITE] = stack.enter_context(servers.ours("-q"))
        if f"--store {STORE}" in text:
            server = stack.enter_context(servers.oxigraph(folder / "oxigraph"))
            addresses[STORE] = server.query.removesuffix("/query")
        yield Reader(folder, addresses)


def main() -> None:
    """Update the output in the console and pycon blocks."""
    for page in PAGES:
        text = page.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder, reading(text, Path(folder)) as reader:
            page.write_text(EXAMPLE.sub(reader.follow, text), "utf-8")


if __name__ == "__main__":
    main()
