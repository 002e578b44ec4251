"""The problems found while a foreign file is read: collected, so that one run names many."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.errors import BadInput, Problem

# So many are named; a file of another kind would have one a line.
MOST: Final = 100
_LONGEST_FIELD: Final = 120


class Problems:
    """Collects problems; the hundredth ends the reading."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, line: int, field: str, message: str, remedy: str) -> None:
        """Note a problem at a line and field of a file; raise BadInput with all of them when there are too many."""
        self.found.append(Problem(file, line, _shown(field), message, remedy))
        if len(self.found) >= MOST:
            raise BadInput(self.found)

    def stop(self, file: str, line: int, field: str, message: str, remedy: str) -> BadInput:
        """Return the error with all problems so far and this one, after which reading cannot go on."""
        return BadInput([*self.found, Problem(file, line, field, message, remedy)])

    def raise_any(self) -> None:
        """Raise BadInput when there are problems."""
        if self.found:
            raise BadInput(self.found)


def _shown(field: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in field[:_LONGEST_FIELD])
