"""Assigns each address of the graph to a file of the folder.

A thing has its own page. A statement (a stake, a citation, a printed name …) has its card on a page with others of its
class, at an anchor, because thousands of tiny files upload slowly and clutter a web host; so does a code, with the
others of its list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.vocabulary import BASE, CODE, DATASET, ONTOLOGY, THING, expand, unshorten

GROUP_SIZE: Final = 36
# Classes of statements, findings and computed values; the first that matches names the group.
_SAID: Final = (
    "pag:Stake", "pag:Investment", "pag:Participation", "pag:Relation", "pag:Tenure", "pag:PhaseStatement",
    "pag:Statement", "qb:Observation", "pag:Citation", "pag:EffectiveShare", "pag:Chain", "pag:ChainStep",
    "pag:PrintedName", "pag:Identifier", "pag:Match", "pag:Claim", "pag:Verdict", "pag:Finding", "pag:Discrepancy",
    "pag:Difference", "pag:RejectedReading", "pag:MissingNote",
)  # fmt: skip
# Graphs, computations and structures: other resources that the description of the data names.
_PARTS: Final = "void:Dataset"


@dataclass(frozen=True)
class Group:
    """Addresses that share a page: its path, their class or code list, and its number among how many pages."""

    path: str
    kind: str
    members: Sequence[str]
    number: int
    of: int
    count: int

    @property
    def name(self) -> str:
        """The common part of the paths of its pages."""
        return self.path.rpartition("-")[0]

    @property
    def are_named(self) -> bool:
        """Whether each member's address is ``id/`` followed by its anchor on the page."""
        return all(one.startswith(THING) and "/" not in one.removeprefix(THING) for one in self.members)


@dataclass(frozen=True)
class SitePlan:
    """The pages of a folder: addresses with their ``own`` card, those ``apart`` on other pages, and groups."""

    own: Sequence[str]
    apart: Sequence[str]
    groups: Sequence[Group]

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The page of each address, both without the common base of all addresses."""
        shared = {member.removeprefix(BASE): group.path for group in self.groups for member in group.members}
        return {iri.removeprefix(BASE): iri.removeprefix(BASE) for iri in (*self.own, *self.apart)} | shared


def make_plan(reader: WholeReader, apart: Sequence[str]) -> SitePlan:
    """Return the page of each address of the graph; those ``apart`` have a page that is not a card."""
    said: dict[str, list[str]] = defaultdict(list)
    own: list[str] = []
    for iri in reader.things(BASE):
        if iri == BASE or iri.startswith(ONTOLOGY.removesuffix("#")) or iri in apart:
            continue
        kind = _kind(iri, reader.records([iri])[iri])
        (said[kind] if kind else own).append(iri)
    own += [THING + table for table in reader.tables if THING + table not in own]
    kinds = [*(kind for kind in _SAID if kind in said), *sorted(said.keys() - set(_SAID))]
    return SitePlan(own, apart, [group for kind in kinds for group in _groups(kind, said[kind])])


def _kind(iri: str, record: Resource) -> str:
    """Return the class that lists a statement, or the list of a code; empty for a thing with its own page."""
    if iri.startswith(CODE):
        scheme, slash, _ = iri.removeprefix(CODE).rpartition("/")
        return CODE + scheme if slash else "skos:ConceptScheme"
    if not iri.startswith(THING):
        return "" if iri == DATASET else _PARTS
    types = record.types
    return next((kind for kind in _SAID if expand(kind) in types), "")


def _groups(kind: str, members: Sequence[str]) -> list[Group]:
    named = unshorten(kind)
    parts = [members[first : first + GROUP_SIZE] for first in range(0, len(members), GROUP_SIZE)]
    name = f"{'codes' if named.startswith(CODE) else 'statements'}/{re.split('[/#]', named)[-1].lower()}"
    return [Group(f"{name}-{number}", named, part, number, len(parts), len(members))
            for number, part in enumerate(parts, 1)]  # fmt: skip
