"""Companies that a source names for an asset without a stake: never a share, never part of a sum or a bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot

NO_STAKE: Final = "no stake stated"


@dataclass(frozen=True)
class NamedRow:
    """A company named for an asset in one role, with the statements that name it.

    ``role`` is ``investor``, ``involved``, ``operator``, ``concession-holder`` or, for an uncertain parent,
    ``parent``; ``time`` is ``true`` or ``not known then``.
    """

    owner: str
    asset: str
    role: str
    time: str
    certainty: str
    statements: Sequence[Edge[str]]

    @property
    def how(self) -> str:
        return f"{self.role.replace('-', ' ')}, {NO_STAKE}"


def companies_named(snapshot: OwnershipSnapshot, asset: str) -> list[NamedRow]:
    return _rows([edge for edge in snapshot.named if edge.target == asset])


def assets_named(snapshot: OwnershipSnapshot, owner: str) -> list[NamedRow]:
    return _rows([edge for edge in snapshot.named if edge.source == owner])


def _rows(edges: Sequence[Edge[str]]) -> list[NamedRow]:
    """Return one row for all statements that say the same."""
    groups: dict[tuple[str, str, str, str, str], list[Edge[str]]] = {}
    for edge in edges:
        data = edge.data
        says = (str(data["role"]), str(data.get("time", "")), str(data.get("certainty", "stated")))
        groups.setdefault((edge.source, edge.target, *says), []).append(edge)
    return [NamedRow(*key, statements) for key, statements in sorted(groups.items())]
