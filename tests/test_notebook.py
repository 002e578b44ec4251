"""The notebook runs from scratch and gives its stored outputs."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"
SOURCES = Path(__file__).parents[1] / "src"


def run(folder: Path) -> nbformat.NotebookNode:
    """Return the notebook, run in a folder with the ``pag`` of this Python."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # Make the shell's pag the one of the kernel, wherever the package is installed.
    (folder / "bin").mkdir()
    program = folder / "bin" / "pag"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m peru_asia_graph "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(SOURCES), "IPYTHONDIR": str(folder / "ipython")}
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return notebook


def shown(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the text shown by each code cell."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts = [one.text if one.output_type == "stream" else one.data["text/plain"] for one in cell.outputs]
            texts.append("".join(parts).strip())
    return texts


def write(notebook: nbformat.NotebookNode) -> None:
    """Write the notebook with its outputs as plain text, without times or machine names."""
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            if "data" in output:
                output.data = {name: text for name, text in output.data.items() if name == "text/plain"}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, NOTEBOOK)


@pytest.mark.slow
def test_stored_outputs_are_up_to_date(tmp_path: Path) -> None:
    """To update them run ``python tests/test_notebook.py``."""
    stored, again = shown(nbformat.read(NOTEBOOK, as_version=4)), shown(run(tmp_path))
    assert again == stored
    assert (tmp_path / "block-8.html").stat().st_size > 100_000


def test_outputs_match_results_worked_out_by_hand() -> None:
    text = "\n".join(shown(nbformat.read(NOTEBOOK, as_version=4)))
    # Table 7 of the paper: Block 8, Pluspetrol Resources has 33 of the 60 percent of Pluspetrol Norte.
    assert re.search(r"Pluspetrol Norte S\.A\. +60(\.0)? +60(\.0)?", text)
    # A person with 25 to 50 percent of a holding with 60 percent: 15 to 30.
    assert re.search(r"Ana Ejemplo +<NA> +15(\.0)? +30(\.0)?", text)
    assert re.search(r"Daewoo holds 11\.6 % of Block 8 +Daewoo holds 11\.7 % of Block 8", text)


def test_notebook_has_no_local_paths() -> None:
    text = NOTEBOOK.read_text("utf-8")
    assert not re.search(r"/(home|tmp|root|work|Users)/", text) and "Traceback" not in text


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        write(run(Path(name)))
