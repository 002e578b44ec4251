"""The shipped graph and its exports, built once for a run of the tests and read by every worker.

``python tests/whole_build.py FILE`` builds them in a process of its own, whose hash seed and locale are fixed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from once import made_once
from peru_asia_graph.build.pipeline import Report, build
from peru_asia_graph.paths import Project
from peru_asia_graph.rdf.quads import sort_key

ROOT: Final = Path(__file__).parents[1]
SETTINGS: Final = {"PYTHONHASHSEED": "0", "LC_ALL": "C"}


def whole_build(paths: pytest.TempPathFactory) -> Report:
    """Return the build of a run of the tests."""
    file = made_once(paths, "whole-build.pickle", _build_elsewhere)
    lines, shares, warnings, files = pickle.loads(file.read_bytes())
    quads = list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
    report = Report(rows=[(sort_key(quad), quad) for quad in quads], shares=shares, warnings=warnings, files=files)
    report.store.bulk_extend(quads)
    return report


def _build_elsewhere(file: Path) -> None:
    command = [sys.executable, __file__, str(file)]
    subprocess.run(command, check=True, cwd=file.parent, env={**os.environ, **SETTINGS}, stdout=subprocess.DEVNULL)


def main(file: Path) -> None:
    """Build into a folder beside the file, and write what the build returned to the file."""
    report = build(Project(ROOT), file.with_suffix(".exports"))
    assert len(report.store) == len(report.rows)
    lines = ox.serialize(report.quads, format=ox.RdfFormat.N_QUADS)
    file.write_bytes(pickle.dumps((lines, report.shares, report.warnings, report.files)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
