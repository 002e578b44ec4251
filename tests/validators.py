"""Stand-ins for the validating process of a build, whose start takes longer than a build of the tiny source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad

from peru_asia_graph.build.validate import Finding, validate


class NoValidator:
    """Finds nothing, at once."""

    def __init__(self, shapes: Path) -> None:
        self.shapes = shapes

    def __enter__(self) -> NoValidator:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def send(self, quads: Iterable[Quad]) -> None:
        """Take a part of the graph."""

    def finish(self) -> None:
        """Know that all was sent."""

    def findings(self) -> list[Finding]:
        """Return no finding."""
        return []


class LocalValidator(NoValidator):
    """Validates in this process."""

    def __init__(self, shapes: Path) -> None:
        super().__init__(shapes)
        self.quads: list[Quad] = []

    def send(self, quads: Iterable[Quad]) -> None:
        """Take a part of the graph."""
        self.quads += quads

    def findings(self) -> list[Finding]:
        """Return the findings of the real validation."""
        return validate(self.quads, self.shapes)
