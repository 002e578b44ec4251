"""What other sites show of a page: its address, a picture without words by topic, its metadata in schema.org terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from peru_asia_graph.query.sources import SourceInfo
from peru_asia_graph.site.cards.card import ThingCard
from peru_asia_graph.vocabulary import DATASET

# The size that previews request; `python tests/test_readme_images.py` makes the pictures.
WIDTH: Final = 1200
HEIGHT: Final = 630
START: Final = "start"
# The picture of each kind of page or card, or class of statements: static/preview-NAME.png, words preview.NAME.
PICTURES: Final = {
    START: (),
    "ownership": ("ownership", "asset", "firm", "Stake", "EffectiveShare", "Chain", "ChainStep", "PhaseStatement"),
    "diplomacy": ("diplomacy", "state", "person", "agreement", "event", "Participation", "Tenure"),
    "investments": ("investments", "Investment"),
    "trade": ("trade", "table", "Observation", "Commodity", "Sector"),
    "map": ("map", "MineralDeposit", "Place"),
    "audit": ("audit", "Claim", "Verdict", "Discrepancy"),
    "sources": ("sources", "source", "Citation", "Difference", "Match"),
}  # fmt: skip
_PICTURE_OF: Final = {kind: name for name, kinds in PICTURES.items() for kind in kinds}

_CONTEXT: Final = "https://schema.org"
# Classes by kind of card.
_CLASSES: Final = {
    "firm": "Organization", "person": "Person", "state": "Country", "asset": "Place", "event": "Event",
    "table": "Table", "agreement": "CreativeWork", "source": "CreativeWork", "statement": "CreativeWork",
}  # fmt: skip
_GRAPH_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_MOST: Final = 300


@dataclass(frozen=True)
class LinkPreview:
    """The absolute address of a page, and of its picture with its alternative text; empty if unknown."""

    address: str = ""
    picture: str = ""
    alternative: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def picture_for(*kinds: str) -> str:
    """Return the name of the picture for the first of these kinds that has one.

    >>> picture_for("asset"), picture_for("statement", "Stake"), picture_for("questions")
    ('ownership', 'ownership', 'start')
    """
    return next((_PICTURE_OF[kind] for kind in kinds if kind in _PICTURE_OF), START)


def summary(card: ThingCard) -> str:
    """Return one line about a card."""
    said = "".join(one.text for one in card.sentence) or ", ".join(one.text for one in card.path)
    return said if len(said) <= _MOST else said[: _MOST - 1].rstrip() + "…"


def describe_card(card: ThingCard) -> Markup:
    """Return a card as JSON-LD for the head of its page."""
    return _script({"@type": _CLASSES.get(card.kind, "Thing"), "@id": card.iri, "name": card.heading,
                    "description": summary(card)})  # fmt: skip


def describe_dataset(title: str, about: str, sources: Sequence[SourceInfo]) -> Markup:
    """Return the dataset with the sources it is based on as JSON-LD."""
    based = [
        {"@type": "CreativeWork", "name": one.title, **({"license": one.licence} if one.licence else {})}
        for one in sources
    ]
    return _script({"@type": "Dataset", "@id": DATASET, "name": title, "description": about, "license": _GRAPH_LICENCE,
                    "isBasedOn": based})  # fmt: skip


def _script(values: Mapping[str, Any]) -> Markup:
    """Return JSON-LD that cannot end its script element, whatever its texts contain."""
    text = json.dumps({"@context": _CONTEXT, **values}, ensure_ascii=False).replace("<", "\\u003c")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))
