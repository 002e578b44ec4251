"""Put the real output under each ``$ pag`` command of the README: ``python tests/readme.py``."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"```console\n\$ (pag [^\n]*)\n(.*?)```\n", re.DOTALL)


def output_of(command: str, folder: Path | None = None) -> str:
    """Return what a ``pag`` command prints on a terminal of 80 columns."""
    words = [sys.executable, "-m", "peru_asia_graph", *shlex.split(command)[1:]]
    settings = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run(words, capture_output=True, env=settings, cwd=folder, check=False)
    if done.returncode:
        raise ValueError(f"{command}: {done.stderr.decode()}")
    return done.stdout.decode()


def main() -> None:
    """Rewrite the blocks."""
    text = README.read_text("utf-8")
    README.write_text(BLOCK.sub(lambda block: f"```console\n$ {block[1]}\n{output_of(block[1])}```\n", text), "utf-8")


if __name__ == "__main__":
    main()
