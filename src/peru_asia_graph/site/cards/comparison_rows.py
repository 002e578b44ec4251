"""What several sources say, compared on a card: matches and differences as rows, dates of an agreement as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Piece
from peru_asia_graph.site.cards.context import CardContext, date_text, percent
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.rows import line
from peru_asia_graph.store.values import decimal
from peru_asia_graph.vocabulary import AGREEMENT_DATES, CODE, expand, local

_KINDS: Final = ("value", "date", "level", "later", "silent", "refines", "agrees")
_DATES: Final = (*(f"pag:{name}" for name in AGREEMENT_DATES), "pag:status")
# For each kind of match: the relation of the thing to the matched thing, and the inverse.
_MATCHES: Final = {
    "skos:exactMatch": ("same", "same"),
    "dcterms:isPartOf": ("whole", "part"),
    "dcterms:hasPart": ("part", "whole"),
    "pag:successorOf": ("predecessor", "successor"),
}


def match(context: CardContext, record: Resource) -> CardRow:
    """Return the matched thing, the relation, and the reason."""
    text, language = record.text("skos:note", context.language)
    pieces = [Piece(match_name(context, record), context.frame.href(record.iri))]
    return line(context, record, pieces, [Piece(text, language=language)] if text else [])


def match_name(context: CardContext, record: Resource) -> str:
    """Return the thing compared, and how the two were judged to be related."""
    relation, is_subject = record.value("pag:matchRelation"), record.value("pag:matchedThing") == context.iri
    key = "not" if relation.startswith("Not ") else _MATCHES.get(relation, ("other", "other"))[is_subject]
    if is_subject:
        return context.frame.t(f"card.match.{key}", name=f"“{context.thing(record.value('pag:about')).text}”")
    slug = record.value("pag:matchedId").removeprefix("id:")
    known = context.reader.sources.items()
    # The id of a thing begins with the name of its source, as GEM's do, or with the first word of the short name.
    starts = {start: one.short for name, one in known if one.short for start in (name, one.short.split()[0].casefold())}
    start = max((one for one in starts if slug.startswith(f"{one}-")), key=len, default="")
    name = f"“{slug[len(start) :].strip('-').replace('-', ' ')}”"
    return context.frame.t(f"card.match.{key}", name=f"{name} ({starts[start]})" if start else name)


def difference(context: CardContext, record: Resource) -> CardRow:
    """Return the values of two sources for the same thing, and the kind of difference."""
    sides, owners = [], _owners(context, record)
    differ = len(set(owners.values())) > 1
    for side in "AB":
        short = context.source_link(local(record.value(f"pag:source{side}")))
        value = record.value(f"pag:value{side}")
        said = record.value(f"pag:statement{side}")
        text = _side(context, record, value) if value else context.frame.t("card.says-it" if said else "card.silent")
        whose = [context.thing(owners[side]), Piece(" ")] if differ and side in owners else []
        sides.append([short, Piece(" "), *whose, Piece(text, context.frame.href(said) if said else "")])
    kind = context.code(record.value("pag:differenceKind"))
    what = context.code(record.value("pag:comparedProperty"))
    pieces = [Piece(kind, context.frame.href(record.iri)), Piece(f" · {what}: "), *sides[0], Piece(" / "), *sides[1]]
    who = [] if differ else [part for one in list(owners.values())[:1] for part in (context.thing(one), Piece(": "))]
    return CardRow([CardCell([*who, *pieces])], remark=_decision(context, record))


def _decision(context: CardContext, record: Resource) -> list[Piece]:
    """Return which source is preferred, why, and who decided when; empty if nobody has decided."""
    better = record.value("pag:preferredSource")
    if not better:
        return []
    reason, language = record.text("pag:reason", context.language)
    when = date_text(record.value("pag:judgedOn"), context.language)
    return [Piece(f"{context.frame.t('preferred')}: "), context.source_link(local(better)), Piece(". "),
            Piece(reason, language=language), Piece(f" ({record.value('pag:judgedBy')}, {when})")]  # fmt: skip


def _owners(context: CardContext, record: Resource) -> dict[str, str]:
    """Return the owner of each side of a difference about stakes."""
    statements = {side: context.records.get(record.value(f"pag:statement{side}")) for side in "AB"}
    found = {side: one.value("pag:owner") for side, one in statements.items() if one is not None}
    return {side: owner for side, owner in found.items() if owner}


def _side(context: CardContext, record: Resource, value: str) -> str:
    if local(record.value("pag:comparedProperty")) in ("sharePercent", "owner"):
        ends = [decimal(end) for end in value.split("-")]
        return "–".join(percent(end, context.language) for end in ends if end is not None)
    return context.code(value) if value.startswith(CODE) else date_text(value, context.language)


def difference_order(context: CardContext, record: Resource) -> tuple[object, ...]:
    """Return the sort key of a difference: those of values first, agreement last."""
    kind = local(record.value("pag:differenceKind"))
    return (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), record.iri)


def dates_section(context: CardContext) -> CardSection | None:
    """Return the dates of an agreement with one column per source; None if no source gives any."""
    said: dict[str, dict[str, str]] = {}
    raw: dict[str, dict[str, str]] = {}
    for way in _DATES:
        for term, source in context.own.said.get(way, ()):
            text = context.code(term.value) if term.value.startswith(CODE) else date_text(term.value, context.language)
            said.setdefault(source, {}).setdefault(way, text)
            raw.setdefault(source, {}).setdefault(way, term.value)
    sources = [name for name in context.reader.sources if name in said]
    ways = [way for way in _DATES if any(way in said[source] for source in sources)]
    if not sources or not ways:
        return None
    rows = []
    for way in ways:
        texts = [said[source].get(way, "") for source in sources]
        differs = _differ([raw[source].get(way, "") for source in sources])
        cells = [CardCell([Piece(text or "–")], differs=differs and bool(text)) for text in texts]
        rows.append(CardRow([CardCell([Piece(context.code(expand(way)))]), *cells]))
    columns = [("", False), *((context.short(source), False) for source in sources)]
    return CardSection("dates", context.frame.t("card.dates"), rows, len(rows), columns)


def _differ(values: Sequence[str]) -> bool:
    """Return whether values differ; a day does not differ from the year that contains it."""
    given = [value for value in values if value]
    return any(not (one.startswith(other) or other.startswith(one)) for one in given for other in given)
