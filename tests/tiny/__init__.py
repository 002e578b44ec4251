"""The tiny invented source: six firms, two projects, three states; small enough to work out every answer by hand.

``copy_tiny`` makes a project of it to build, or to spoil; ``answers`` holds what must come out.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from peru_asia_graph.paths import Project

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def copy_tiny(folder: Path) -> Project:
    """Return a project in ``folder``: a copy of the tables, links to the shared schemas and to the ontology.

    The folders lie as they do in the checkout, because the metadata names the schemas by relative address.
    """
    root = folder / "tests" / "tiny"
    shutil.copytree(HERE / "data", root / "data")
    (folder / "data").mkdir()
    (folder / "data" / "schema").symlink_to(ROOT / "data" / "schema")
    (root / "ontology").symlink_to(ROOT / "ontology")
    return Project(root)
