"""A modifiable project with the paper as its only source; the reference lists come from the package."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from peru_asia_graph.paths import Project

ROOT = Path(__file__).parents[1]


def copy_paper(root: Path) -> Project:
    """Return a project in ``root``: a copy of the paper's tables, of the schemas and of the ontology."""
    for name in ("data/sanborn-yong", "data/schema", "ontology"):
        shutil.copytree(ROOT / name, root / name)
    return Project(root)


def add_tiny(project: Project) -> Path:
    """Add the tiny source as ``other``; return its folder."""
    other = project.data / "other"
    shutil.copytree(ROOT / "tests" / "tiny" / "data" / "tiny", other)
    for table in other.glob("*.csv"):
        # It keeps its own places; things named by both sources (Peru, China) may stay.
        table.write_text(re.sub(r"(?<![\w-])([pt]\d+-)", r"tiny-\1", table.read_text("utf-8")), "utf-8")
    return other
