"""The kinds of cards: the classes of each, and the lists in its two columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.vocabulary import ONTOLOGY, expand


@dataclass(frozen=True)
class CardKind:
    """A kind of card: its classes, the more specific ones first; the lists of its columns; whether it shows links and
    ownership; the lists that are collapsed."""

    name: str
    classes: tuple[str, ...]
    main: tuple[str, ...] = ()
    side: tuple[str, ...] = ()
    links: bool = True
    folded: tuple[str, ...] = ()
    ownership: bool = False


def _classes(names: str) -> tuple[str, ...]:
    return tuple(expand(name) if ":" in name else ONTOLOGY + name for name in names.split())


_REMARKS: Final = ("findings", "discrepancies", "claims")
_FOOT: Final = ("names", "identifiers", "missing", "rejected", "matches")
KINDS: Final = {
    one.name: one
    for one in (
        CardKind("statement", _classes(
            "Stake Investment Tenure Participation Relation PhaseStatement Statement Claim Discrepancy RejectedReading "
            "Finding Citation MissingNote PrintedName Identifier EffectiveShare Chain ChainStep Difference Match "
            "Verdict qb:Observation"), main=("doubts", "claims"), links=False),
        CardKind("source", _classes("Source"), main=("reported", "places", "works"), links=False),
        CardKind("asset", _classes("HydrocarbonBlock MiningProject InfrastructureProject Project MineralDeposit"),
                 main=("events", *_REMARKS), side=("differences", "investments", "phases", "figures", *_FOOT),
                 ownership=True),
        CardKind("state", _classes("State"), main=("events", "agreements", "findings", "discrepancies"),
                 side=("offices", "investments-of-state", "figures", "claims", *_FOOT),
                 folded=("discrepancies", "claims", "names")),
        CardKind("firm", _classes("Firm BusinessGroup GovernmentBody Association InternationalBody MediaOutlet "
                                  "Organization Community"),
                 main=("events", *_REMARKS), side=("differences", "investments", "agreements", "offices", "figures",
                                                   "works", *_FOOT), ownership=True),
        CardKind("person", _classes("Person"), main=("events", "findings", "discrepancies"),
                 side=("offices", "works", "claims", *_FOOT)),
        CardKind("agreement", _classes("FreeTradeAgreement Treaty Partnership Accord Agreement"),
                 main=("events", *_REMARKS), side=("differences", "figures", *_FOOT)),
        CardKind("event", _classes("Event"), main=("participants", *_REMARKS), side=("differences", *_FOOT)),
        CardKind("thing", (), main=("events-here", "events", "figures", "investments-of-sector", *_REMARKS),
                 side=("offices", "agreements", "works", "differences", *_FOOT)),
    )
}  # fmt: skip


def kind_of(record: Resource) -> CardKind:
    """Return the kind of card for a thing of these classes."""
    types = record.types
    return next((kind for kind in KINDS.values() if not types.isdisjoint(kind.classes)), KINDS["thing"])
