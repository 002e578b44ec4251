"""Which file of the folder each address of the graph has.

A thing has a page of its own. A statement (a stake, a cited place, a printed name …) has its card on a page with others
of its class, under its name, since thousands of files with a line each load slowly and fill a web host.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peru_asia_graph.site.cards.reader import Record, WholeReader
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, THING, expand, local

GROUP_SIZE: Final = 40
# Classes of what is said, found or computed, the first that fits names the group.
_SAID: Final = (
    "pag:Stake", "pag:Investment", "pag:Participation", "pag:Relation", "pag:Tenure", "pag:PhaseStatement",
    "pag:Statement", "qb:Observation", "pag:Citation", "pag:EffectiveShare", "pag:Chain", "pag:ChainStep",
    "pag:PrintedName", "pag:Identifier", "pag:Match", "pag:Claim", "pag:Verdict", "pag:Finding", "pag:Discrepancy",
    "pag:Difference", "pag:RejectedReading", "pag:MissingNote",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Statements of one class that share a page: its path, the class, the addresses; which page of how many it is."""

    path: str
    kind: str
    members: Sequence[str]
    number: int
    of: int
    count: int


@dataclass(frozen=True)
class SitePlan:
    """The pages of a folder: addresses with a page of their own, and groups of statements."""

    own: Sequence[str]
    groups: Sequence[Group]

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The page of each statement by its slug."""
        return {member.removeprefix(THING): group.path for group in self.groups for member in group.members}


def make_plan(reader: WholeReader, apart: Sequence[str]) -> SitePlan:
    """Return which page each address of the graph has; those ``apart`` have one that is no card."""
    said: dict[str, list[str]] = defaultdict(list)
    own = []
    for iri in reader.things(BASE):
        kind = _kind(reader.records([iri])[iri]) if iri.startswith(THING) else ""
        if kind:
            said[kind].append(iri)
        elif iri != BASE and not iri.startswith(ONTOLOGY.removesuffix("#")) and iri not in apart:
            own.append(iri)
    return SitePlan(own, [group for kind in _SAID if kind in said for group in _groups(kind, said[kind])])


def _kind(record: Record) -> str:
    types = record.types
    return next((kind for kind in _SAID if expand(kind) in types), "")


def _groups(kind: str, members: Sequence[str]) -> list[Group]:
    parts = [members[first : first + GROUP_SIZE] for first in range(0, len(members), GROUP_SIZE)]
    name = f"statements/{local(expand(kind)).rpartition('#')[2].lower()}"
    return [
        Group(f"{name}-{number}", expand(kind), part, number, len(parts), len(members))
        for number, part in enumerate(parts, 1)
    ]
