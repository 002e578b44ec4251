"""The problems found while a foreign file is read: collected, so that one run names many."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.sources.csv_file import printable

# So many are named; a file of another kind would have one a line.
MOST: Final = 100


class Problems:
    """Collects problems; the hundredth ends the reading."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, line: int, field: str, message: str, remedy: str) -> None:
        """Note a problem at a line and field of a file; raise BadInput with all of them when there are too many."""
        self.found.append(Problem(file, line, printable(field) if field else "", message, remedy))
        if len(self.found) >= MOST:
            raise BadInput(self.found)

    def stop(self, file: str, line: int, field: str, message: str, remedy: str) -> BadInput:
        """Return the error with all problems so far and this one, after which reading cannot go on."""
        return BadInput([*self.found, Problem(file, line, field, message, remedy)])

    def raise_any(self) -> None:
        """Raise BadInput when there are problems."""
        if self.found:
            raise BadInput(self.found)
