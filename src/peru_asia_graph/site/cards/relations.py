"""Direct links of a thing to others, one row per relation, read from the thing's side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Piece
from peru_asia_graph.site.cards.context import CardContext, join
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.rows import hedge
from peru_asia_graph.vocabulary import unshorten

_SHOWN: Final = 6
_READ: Final = 6
_FEW: Final = 7
# Shown as stakes.
_SKIPPED: Final = frozenset({"pag:holdsStakeIn", "pag:hasStakeholder"})


def relation_groups(context: CardContext) -> dict[tuple[str, str], list[str]]:
    """Return the statements of links by direction and relation."""
    return {
        key: ones
        for key, ones in context.links.items()
        if key[0] in ("pag:subject", "pag:object") and key[1] not in _SKIPPED and key[1].startswith("pag:")
    }


def relation_ids(context: CardContext) -> list[str]:
    """Return the statements that a card reads for its links."""
    return [one for ones in relation_groups(context).values() for one in ones[:_READ]]


def relation_section(context: CardContext) -> CardSection | None:
    """Return the links of a thing not shown with its holdings, a row per relation and direction; None without any."""
    rows = []
    count = 0
    for (way, relation), ones in sorted(relation_groups(context).items()):
        outward = way == "pag:subject"
        other = "pag:object" if outward else "pag:subject"
        ones = [one for one in ones if one not in context.placed]
        records = context.read(ones)
        if not records:
            continue
        ends = list(dict.fromkeys(record.value(other) for record in records))
        label = context.code(unshorten(relation)) if outward else inverse_label(context, relation)
        shown = ends[:_SHOWN]
        left = len(ends if len(records) == len(ones) else ones) - len(shown)
        more = [Piece(" " + context.frame.t("card.and.more", count=left))] if left > 0 else []
        doubts = {end: _doubt(context, [one for one in records if one.value(other) == end]) for end in shown}
        told = _sources_of(context, records, other) if outward else {}
        pieces = [
            *join(([context.thing(end), *doubts[end], *told.get(end, ())] for end in shown), 0, context.frame), *more
        ]  # fmt: skip
        rows.append(CardRow([CardCell([Piece(label)]), CardCell(pieces)], context.cite(*records[:_SHOWN])))
        count += len(ones)
    if not rows:
        return None
    return CardSection("links", context.frame.t("card.links"), rows, count, folded=len(rows) > _FEW)


def _doubt(context: CardContext, statements: Sequence[Resource]) -> list[Piece]:
    """Return the certainty of a link that no source asserts plainly, or the dates of one that has ended."""
    if (said := hedge(context, statements)) or not all(one.value("pag:ended") for one in statements):
        return said
    times = dict.fromkeys(filter(None, map(context.when, statements)))
    return [Piece(f" ({'; '.join(times)})")] if times else []


def _sources_of(context: CardContext, records: Sequence[Resource], other: str) -> dict[str, list[Piece]]:
    """Return the sources that link a thing to each other one, in brackets; none if all sources link it to the same."""
    ends: dict[str, set[str]] = {}
    for record in records:
        ends.setdefault(record.source, set()).add(record.value(other))
    whole = set().union(*ends.values())
    if all(found == whole for found in ends.values()):
        return {}
    shorts = {end: [context.short(one) for one in context.reader.sources if end in ends.get(one, ())] for end in whole}
    return {end: [Piece(f" ({', '.join(names)})")] for end, names in shorts.items() if names}


def inverse_label(context: CardContext, relation: str) -> str:
    """Return a relation read from its object: the inverse's label if there is one, or else with an arrow."""
    found = context.reader.inverses.get(relation)
    return context.code(unshorten(found)) if found else f"← {context.code(unshorten(relation))}"
