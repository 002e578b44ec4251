"""Where data, ontology and exports are: the checkout this package is part of, or the copy inside the wheel.

Limit: the folders are found, not read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from peru_asia_graph.errors import WrongUse

HOME_VARIABLE = "PERU_ASIA_GRAPH_HOME"


@dataclass(frozen=True)
class Project:
    """The three folders everything is read from or written to."""

    root: Path

    @property
    def data(self) -> Path:
        """Tables written by people."""
        return self.root / "data"

    @property
    def ontology(self) -> Path:
        """Terms, shapes, rules, questions and flat-table queries written by people."""
        return self.root / "ontology"

    @property
    def exports(self) -> Path:
        """What the build writes."""
        return self.root / "exports"

    @property
    def inside_package(self) -> bool:
        """Whether this is the copy that came with an installation."""
        return self.root.name == "share"

    @property
    def graph(self) -> Path:
        """The built graph, with its named graphs, as TriG."""
        return self.exports / "peru-asia-graph.trig"


def find_project() -> Project:
    """Return the project named by ``PERU_ASIA_GRAPH_HOME``, else the checkout, else the copy in the package."""
    named = os.environ.get(HOME_VARIABLE)
    package = Path(__file__).resolve().parent
    for root in [Path(named)] if named else [package.parents[1], package / "share"]:
        if (root / "data").is_dir() and (root / "ontology").is_dir():
            return Project(root)
    where = f"{HOME_VARIABLE} names {named}, which" if named else "the installation"
    raise WrongUse(f"{where} holds no data/ and ontology/ folder; set {HOME_VARIABLE} to a checkout or reinstall")
