"""The shipped graph and its exports, built once for a run of the tests and read by every worker.

``python tests/whole_build.py FILE`` builds them in a process of its own, whose hash seed and locale are fixed.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from peru_asia_graph.build.pipeline import Report, build
from peru_asia_graph.paths import Project
from peru_asia_graph.rdf.quads import sort_key

ROOT: Final = Path(__file__).parents[1]
SETTINGS: Final = {"PYTHONHASHSEED": "0", "LC_ALL": "C"}


def whole_build(run: Path) -> Report:
    """Return the build of a run of the tests, which the first to ask makes in the folder of the run."""
    file = run / "whole-build.pickle"
    with (run / "whole-build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            command = [sys.executable, __file__, str(file)]
            subprocess.run(command, check=True, cwd=run, env={**os.environ, **SETTINGS}, stdout=subprocess.DEVNULL)
    lines, shares, warnings, files = pickle.loads(file.read_bytes())
    quads = list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
    report = Report(rows=[(sort_key(quad), quad) for quad in quads], shares=shares, warnings=warnings, files=files)
    report.store.bulk_extend(quads)
    return report


def main(file: Path) -> None:
    """Build into a folder beside the file, and write what the build returned to the file."""
    report = build(Project(ROOT), file.with_suffix(".exports"))
    assert len(report.store) == len(report.rows)
    lines = ox.serialize(report.quads, format=ox.RdfFormat.N_QUADS)
    part = file.with_suffix(".part")
    part.write_bytes(pickle.dumps((lines, report.shares, report.warnings, report.files)))
    part.rename(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
