"""Collects the problems found while reading a foreign file, so that one run reports many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.sources.csv_file import printable

# Maximum number of problems reported; a file in another format would have one per line.
MOST: Final = 100
_LONGEST_FIELD: Final = 120


@dataclass(frozen=True)
class ForeignPlace:
    """The position of a record in a foreign file."""

    file: str
    line: int

    @property
    def place(self) -> str:
        """The position as ``file:line``."""
        return f"{self.file}:{self.line}"

    @property
    def name(self) -> str:
        """The identifier of the record if its line may hold several records, else an empty string."""
        return ""


class Problems:
    """Collects problems; the hundredth stops the import."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, line: int, field: str, message: str, remedy: str) -> None:
        """Note a problem at a line and field of a file; raise BadInput with all problems if there are too many."""
        self.found.append(Problem(file, line, _shown(field), message, remedy))
        if len(self.found) >= MOST:
            raise BadInput(self.found)

    def at(self, record: ForeignPlace, field: str, message: str, remedy: str) -> None:
        """Note a problem in a field of a record; raise BadInput as ``add`` does."""
        self.add(record.file, record.line, field, message + in_record(record.name), remedy)

    def stop(self, file: str, line: int, field: str, message: str, remedy: str) -> BadInput:
        """Return the error for a fatal problem, with all problems so far and this one."""
        return BadInput([*self.found, Problem(file, line, field, message, remedy)])

    def raise_any(self) -> None:
        """Raise BadInput if there are problems."""
        if self.found:
            raise BadInput(self.found)


def in_record(name: str) -> str:
    """Return the end of a message that names a record; empty without a name."""
    return f" (record '{printable(name)}')" if name else ""


def _shown(field: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in field[:_LONGEST_FIELD])
