"""A tiny invented source of six firms, two projects and three states, small enough to work out every answer by hand.

``copy_tiny`` makes a project of it to build or to patch; ``answers`` has the expected answers.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from peru_asia_graph.paths import Project

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def copy_tiny(folder: Path) -> Project:
    """Return a project in ``folder`` with a copy of the tables and links to the shared schemas and the ontology."""
    root = folder / "project"
    shutil.copytree(HERE / "data", root / "data")
    (root / "data" / "schema").symlink_to(ROOT / "data" / "schema")
    (root / "ontology").symlink_to(ROOT / "ontology")
    return Project(root)
