"""Cards of statements, figures and citations: content, source, citation, and neighbouring citations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.site.cards import comparison_rows, rows
from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Piece, ThingCard
from peru_asia_graph.site.cards.context import CardContext, date_text, join, label_of, percent
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.table_card import printed_name
from peru_asia_graph.store.results import Term
from peru_asia_graph.store.values import decimal
from peru_asia_graph.views.words import licence_name
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, THING, local, unshorten

# Properties that tell a reader nothing beyond what is shown anyway.
_HIDDEN: Final = frozenset({
    "rdf:type", "rdfs:label", "skos:prefLabel", "pag:citation", "pag:earliest", "pag:latest", "pag:earliestEnd",
    "pag:latestStart", "pag:ended", "pag:current", "pag:readingOrder",
    "prov:wasGeneratedBy", "prov:wasDerivedFrom", "pag:chain", "qb:dataSet",
    "pag:when", "skos:inScheme", "pag:firstLine", "pag:lastLine", "pag:lastPage", "pag:mention", "pag:formula",
    "pag:readingFormula", "pag:matchedId", "pag:matchRelation", "pag:justification", "pag:differenceKind", "pag:step",
    "pag:nextStep", "pag:field", "pag:precision", "rdfs:isDefinedBy",
})  # fmt: skip
# Kinds of facts that a citation supports, in the order of a card.
_RANKS: Final = {
    "pag:Stake": 0, "pag:Investment": 1, "qb:Observation": 1, "pag:PhaseStatement": 2, "pag:Participation": 3,
    "pag:Tenure": 3, "pag:Relation": 4, "pag:Finding": 5, "pag:Claim": 6, "pag:Discrepancy": 7,
}  # fmt: skip
_UNREAD: Final = frozenset({"pag:EffectiveShare", "pag:RejectedReading", "pag:PrintedName"})
_MOST_VALUES: Final = 8
_MOST_BACKED: Final = 8
_NEAR: Final = 3


def heading_of(context: CardContext, record: Resource) -> str:
    """Return a statement as a sentence in the reader's language."""
    return "".join(piece.text for piece in sentence_of(context, record)) or local(record.iri)


def sentence_of(context: CardContext, record: Resource) -> list[Piece]:
    """Return a statement as a text with links; things by their names."""
    kinds = record.kinds
    if "Stake" in kinds:
        return rows.stake_pieces(context, record)
    if "Citation" in kinds:
        return [Piece(context.place(record), context.frame.href(record.iri))]
    if "Observation" in kinds:
        pieces = rows.figure_pieces(context, record)
        return [*pieces, Piece(": "), Piece(rows.value_text(context, record), context.frame.href(record.iri))]
    if "Difference" in kinds:
        return [
            context.thing(record.value("pag:about")),
            Piece(" – "),
            *comparison_rows.difference(context, record).cells[0].pieces,
        ]
    if "Match" in kinds:
        return [context.thing(record.value("pag:about")), Piece(f" – {comparison_rows.match_name(context, record)}")]
    if "ChainStep" in kinds:
        return [Piece(context.code(unshorten("pag:ChainStep")))]
    if "Identifier" in kinds:
        scheme = context.code(record.value("pag:identifierScheme"))
        return [context.thing(record.value("pag:identifies")), Piece(f" – {scheme}: {record.value('skos:notation')}")]
    for kind, make in (
        ("Relation", _relation),
        ("Participation", _participation),
        ("Tenure", _tenure),
        ("PhaseStatement", _phase),
        ("Investment", _investment),
        ("EffectiveShare", _effective),
        ("PrintedName", _printed),
    ):
        if kind in kinds:
            return make(context, record)
    text = label_of(record, context.language) or label_of(context.name(record.iri), context.language)
    return [Piece(text, context.frame.href(record.iri) if record.iri != context.iri else "")]


def _relation(context: CardContext, record: Resource) -> list[Piece]:
    relation = context.code(record.value("pag:relation"))
    ends = context.thing(record.value("pag:subject")), context.thing(record.value("pag:object"))
    return [ends[0], Piece(f" – {relation} – "), ends[1]]


def _participation(context: CardContext, record: Resource) -> list[Piece]:
    ends = context.thing(record.value("pag:participant")), context.thing(record.value("pag:event"))
    return [ends[0], Piece(f" ({context.code(record.value('pag:role'))}): "), ends[1]]


def _tenure(context: CardContext, record: Resource) -> list[Piece]:
    seats = [*record.values("pag:officeIn"), *record.values("pag:officeOf")]
    of = [Piece(f" {context.frame.t('card.of')} "), *context.things(seats)] if seats else []
    return [context.thing(record.value("pag:holder")), Piece(f", {context.office(record)}"), *of]


def _phase(context: CardContext, record: Resource) -> list[Piece]:
    when = context.when(record)
    text = f": {context.code(record.value('pag:phase'))}" + (f", {when}" if when else "")
    return [context.thing(record.value("pag:project")), Piece(text)]


def _investment(context: CardContext, record: Resource) -> list[Piece]:
    investors = context.things(record.values("pag:investor")) or [Piece(context.frame.t("card.no-investor"))]
    project = record.value("pag:project")
    into = [Piece(f" {context.frame.t('card.invests-in')} "), context.thing(project)] if project else []
    return [*investors, *into, Piece(f": {rows.money(context, record)}")]


def _effective(context: CardContext, record: Resource) -> list[Piece]:
    low, high = (decimal(record.value(f"pag:{end}Percent")) for end in ("low", "high"))
    ends = context.thing(record.value("pag:shareholder")), context.thing(record.value("pag:shareIn"))
    if low is None or high is None:
        return [ends[0], Piece(" – "), ends[1]]
    language = context.language
    share = percent(low, language) if low == high else f"{percent(low, language)} – {percent(high, language)}"
    year = record.value("pag:asOf")
    return [ends[0], Piece(f": {share} {context.frame.t('card.of')} "), ends[1], Piece(f", {year}" if year else "")]


def _printed(context: CardContext, record: Resource) -> list[Piece]:
    of = context.frame.t("card.printed-for")
    return [Piece(f"“{record.value('pag:printedForm')}” {of} "), context.thing(record.value("pag:nameOf"))]


def stated(context: CardContext) -> CardSection | None:
    """Return the content of a statement, one row per property, in words."""
    found = []
    for way, values in sorted(context.own.said.items(), key=lambda one: context.code(unshorten(one[0]))):
        hidden = way in _HIDDEN or way.startswith("owl:")
        if hidden or (way == "skos:notation" and context.own.value("pag:step")):
            continue
        read = [term for term, _ in values if _is_read(context, term)]
        shown = list(dict.fromkeys(_table_piece(context, term) if way == "pag:table" else value_piece(context, term)
                                   for term in read))  # fmt: skip
        if shown:
            values_shown = ([value] for value in shown[:_MOST_VALUES])
            pieces = join(values_shown, len(shown) - _MOST_VALUES, context.frame, "; ")
            found.append(CardRow([CardCell([Piece(context.code(unshorten(way)))]), CardCell(pieces)]))
    return CardSection("stated", context.frame.t("card.stated"), found, len(found)) if found else None


def _table_piece(context: CardContext, term: Term) -> Piece:
    """Return the name of a printed table as a link to its card."""
    found = [slug for slug, table in context.reader.tables.items() if table.name == term.value]
    text = printed_name(context.reader.tables[found[0]], context.language) if found else term.value
    return Piece(text, context.frame.addresses.thing(found[0]) if found else "")


def _is_read(context: CardContext, term: Term) -> bool:
    return term.kind != "literal" or term.language in ("", context.language) or term.language == "en"


def value_piece(context: CardContext, term: Term) -> Piece:
    """Return a value in words: a thing by its name, a term or code by its label, a date or number formatted."""
    if term.kind == "iri":
        if term.value.startswith(THING):
            return context.thing(term.value)
        if term.value.startswith((CODE, ONTOLOGY)):
            link = context.frame.href(term.value) if term.value.startswith(ONTOLOGY) else ""
            return Piece(context.code(term.value), link)
        known = context.reader.sources.get(local(term.value))
        return context.source_link(known.name) if known else Piece(term.value, context.frame.href(term.value))
    if term.value in ("true", "false"):
        return Piece(context.frame.t(f"card.{term.value}"))
    other = "" if term.language in ("", context.language) else term.language
    return Piece(date_text(term.value, context.language), language=other)


def backed_section(context: CardContext) -> CardSection | None:
    """Return the statements that a citation supports, as sentences, then how many more there are."""
    ids = backed_ids(context)
    records = context.read(ids)[:_MOST_BACKED]
    shown = [CardRow([CardCell(_linked(context, record))]) for record in records]
    return CardSection("backed", context.frame.t("card.backed"), shown, len(ids)) if shown else None


def backed_ids(context: CardContext) -> list[str]:
    """Return everything that cites a citation: facts first, then names and things."""
    found = [
        (_RANKS.get(kind, len(_RANKS)), one)
        for (way, kind), ones in context.links.items()
        if way == "pag:citation" and kind not in _UNREAD
        for one in ones
    ]
    return list(dict.fromkeys(one for _, one in sorted(found)))


def _linked(context: CardContext, record: Resource) -> list[Piece]:
    pieces = sentence_of(context, record)
    if any(piece.link == context.frame.href(record.iri) for piece in pieces):
        return pieces
    return [*pieces, Piece(" "), Piece("→", context.frame.href(record.iri))]


def near_section(context: CardContext, order: Sequence[str]) -> CardSection | None:
    """Return the neighbouring citations in the same source, including the citation itself."""
    if context.iri not in order:
        return None
    place = order.index(context.iri)
    near = order[max(0, place - _NEAR) : place + _NEAR + 1]
    context.read_summaries(near)
    shown = []
    for one in near:
        link = context.frame.href(one) if one != context.iri else ""
        shown.append(CardRow([CardCell([Piece(context.place(context.names[one]), link)])], total=one == context.iri))
    return CardSection("near", context.frame.t("card.near"), shown, len(shown))


def citing_section(context: CardContext) -> CardSection | None:
    """Return how to cite a source of this graph, and the name of its licence; None for other works."""
    known = context.reader.sources.get(local(context.iri))
    if not (known and known.citation):
        return None
    english = "" if context.language == "en" else "en"
    cells = [[Piece(f"{known.citation.rstrip('.')}. {context.iri}", language=english)]]
    if known.licence:
        cells.append([Piece(licence_name(known.licence, context.language), known.licence)])
    shown = [CardRow([CardCell(pieces)]) for pieces in cells]
    return CardSection("cite", context.frame.t("card.cite-work"), shown, len(shown))


def fill_statement(context: CardContext, card: ThingCard, label: str) -> None:
    """Add the sections of a statement or citation to a card."""
    card.main += filter(None, (stated(context), backed_section(context)))
    if context.own.value("pag:source"):
        order = context.reader.reading_order(context.own.value("pag:source"))
        card.side += filter(None, [near_section(context, order)])
