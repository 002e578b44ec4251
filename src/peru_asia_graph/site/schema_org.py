"""Metadata of a page for search engines and link previews, in schema.org terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from peru_asia_graph.query.sources import SourceInfo
from peru_asia_graph.site.cards.card import ThingCard
from peru_asia_graph.vocabulary import DATASET

_CONTEXT: Final = "https://schema.org"
# Classes by kind of card.
_CLASSES: Final = {
    "firm": "Organization", "person": "Person", "state": "Country", "asset": "Place", "event": "Event",
    "table": "Table", "agreement": "CreativeWork", "source": "CreativeWork", "statement": "CreativeWork",
}  # fmt: skip
_GRAPH_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_MOST: Final = 300


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
