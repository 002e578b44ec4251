"""A statement as a row of a card, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from peru_asia_graph.site.cards.card import CardCell, CardRow, Piece
from peru_asia_graph.site.cards.context import CardContext, date_text, join, label_of, percent
from peru_asia_graph.site.cards.holdings import bounds_of
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.store.values import decimal
from peru_asia_graph.views.number_format import amount, decimals, number
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import WORST_FIRST, local

USUAL: Final = frozenset({"stated", ""})
# Maximum number of other participants of an event.
_MOST_OTHERS: Final = 3
# The form of "holds" for each certainty other than stated.
_FORMS: Final = {"former": ".former", "possible": ".possible", "planned": ".planned", "announced": ".planned"}


def line(context: CardContext, record: Resource, pieces: Sequence[Piece], remark: Sequence[Piece] = ()) -> CardRow:
    """Return a row of one text with its statement's citations; anything unusual about it is in the remark."""
    return CardRow([CardCell(pieces)], context.cite(record), [*remark, *_note(context, record, bool(remark))])


def _note(context: CardContext, record: Resource, after: bool = False) -> list[Piece]:
    """Return the notes of a statement: its certainty, unless it is plainly stated."""
    certainty = record.value("pag:certainty")
    if local(certainty) in USUAL:
        return []
    return [Piece(("; " if after else "") + context.code(certainty))]


def hedge(context: CardContext, statements: Iterable[Resource]) -> list[Piece]:
    """Return the certainty of statements that no source asserts plainly."""
    said = dict.fromkeys(one.value("pag:certainty") for one in statements)
    if any(local(one) in USUAL for one in said):
        return []
    return [Piece(f" ({', '.join(map(context.code, said))})")] if said else []


def share_text(context: CardContext, stake: Resource) -> str:
    """Return the share of a stake: a number, bounds, or a text saying that none is stated."""
    share = decimal(stake.value("pag:sharePercent"))
    if share is not None:
        return percent(share, context.language)
    low, high = (decimal(stake.value(f"pag:share{end}")) for end in ("Low", "High"))
    if low is not None and high is not None:
        return f"{percent(low, context.language)}–{percent(high, context.language)}"
    if low is not None:
        return context.frame.t("card.at-least", share=percent(low, context.language))
    return context.frame.t("card.no-share" if high is None else "card.at-most",
                           share=percent(high or Decimal(), context.language))  # fmt: skip


def stake_pieces(context: CardContext, record: Resource) -> list[Piece]:
    """Return a stake as a sentence."""
    t, certainty = context.frame.t, local(record.value("pag:certainty"))
    owner, owned = context.thing(record.value("pag:owner")), context.thing(record.value("pag:owned"))
    form = _FORMS.get(certainty, "")
    holds = f" {t(f'card.holds{form}')} {share_text(context, record)} {t('card.of')} "
    way = [Piece(f" {t('card.indirectly')}")] if local(record.value("pag:basis")) == "indirect" else []
    return [owner, Piece(holds if bounds_of(record) else f" {t(f'card.holds-stake{form}')} "), owned, *way]


def money(context: CardContext, record: Resource) -> str:
    """Return the amount of an investment, as printed if it is not a plain number."""
    value = decimal(record.value("pag:amountUsdMillion"))
    if value is None:
        printed = record.value("pag:amountAsPrinted")
        return f"“{printed}”" if printed else context.frame.t("card.no-amount")
    return amount(value, "usd-million", context.language)


def investment(context: CardContext, record: Resource) -> CardRow:
    """Return an announced investment: investor, project, amount and date."""
    investors = [iri for iri in record.values("pag:investor") if iri != context.iri]
    project = record.value("pag:project")
    pieces = [context.thing(project)] if project and project != context.iri else context.things(investors)
    pieces = pieces or [Piece(context.frame.t("card.no-project"))]
    remark = context.things(investors) if project != context.iri and investors else []
    status = record.value("pag:status")
    if local(status) not in ("announced", "not-available", ""):
        said = context.frame.t("card.status", status=context.code(status))
        remark = [*remark, Piece(f"; {said}" if remark else said)]
    cells = [
        CardCell(pieces),
        CardCell([Piece(money(context, record), context.frame.href(record.iri))], is_number=True),
        CardCell([Piece(date_text(record.value("pag:year"), context.language))]),
    ]
    return CardRow(cells, context.cite(record), remark)


def phase(context: CardContext, record: Resource) -> CardRow:
    """Return the phase of a project with its date."""
    when = context.when(record) or _as_of(context, record)
    pieces = [Piece(context.code(record.value("pag:phase")), context.frame.href(record.iri))]
    return line(context, record, [*pieces, Piece(f", {when}")] if when else pieces)


def _as_of(context: CardContext, record: Resource) -> str:
    """Return in words the date at which an undated statement holds."""
    date = context.as_of(record)
    return context.frame.t("card.as-of", date=date_text(date[:7], context.language)) if date else ""


def taking_part(context: CardContext, record: Resource) -> CardRow:
    """Return an event, its certainty unless it is plainly stated, and the role in it."""
    event = context.name(record.value("pag:event"))
    role = context.code(record.value("pag:role"))
    shown = [context.thing(event.iri), *hedge(context, [event]), Piece(f" · {role}")]
    return _dated(context, event, record, shown, _others(context, event.iri))


def _others(context: CardContext, event: str) -> list[Piece]:
    """Return the other participants of an event, as far as they have been read; persons before others."""
    found = [one for one in context.taking_part.get(event, ()) if one.value("pag:participant") != context.iri]
    found.sort(key=lambda one: ("Person" not in context.name(one.value("pag:participant")).kinds, one.iri))
    named = [[context.thing(one.value("pag:participant")), Piece(f" ({context.code(one.value('pag:role'))})")]
             for one in found]  # fmt: skip
    if not named:
        return []
    before, _, after = context.frame.t("card.with").partition("{others}")
    return [Piece(before), *join(named[:_MOST_OTHERS], len(named) - _MOST_OTHERS, context.frame), Piece(after)]


def _dated(
    context: CardContext, event: Resource, statement: Resource, pieces: Sequence[Piece], remark: Sequence[Piece] = ()
) -> CardRow:
    when = [Piece(context.when(event) or context.frame.t("card.no-date"))]
    return CardRow([CardCell(when), CardCell(pieces)], context.cite(statement), remark)


def participant(context: CardContext, record: Resource) -> CardRow:
    role = context.code(record.value("pag:role"))
    return line(context, record, [context.thing(record.value("pag:participant")), Piece(f" · {role}")])


def happening(context: CardContext, record: Resource) -> CardRow:
    return _dated(context, record, record, [context.thing(record.iri), *hedge(context, [record])])


def agreement(context: CardContext, record: Resource) -> CardRow:
    """Return an agreement with its dates."""
    dates = []
    for name, way in (("signed", "pag:signedOn"), ("in-force", "pag:inForceOn")):
        if date := record.date(way):
            source = context.source_of(record, way, date)
            by = f" ({context.short(source)})" if source else ""
            text = context.frame.t(dated_key(f"card.{name}", date), date=date_text(date, context.language))
            dates.append(text + by)
    status = record.value("pag:status")
    text = ", ".join(dates) or context.when(record) or context.code(status) or context.frame.t("card.no-date")
    return line(context, record, [context.thing(record.iri), Piece(f" · {text}")])


def dated_key(key: str, date: str) -> str:
    """Return the key of the words around a date, which differ for a day and for a month or year."""
    return f"{key}.{'day' if date.count('-') == 2 else 'month'}"


def office(context: CardContext, record: Resource) -> CardRow:
    """Return an office: holder, office, place and dates."""
    holder = record.value("pag:holder")
    pieces = [] if holder == context.iri else [context.thing(holder), Piece(", ")]
    pieces.append(Piece(context.office(record), context.frame.href(record.iri)))
    seats = [iri for way in ("pag:officeIn", "pag:officeOf") for iri in record.values(way) if iri != context.iri]
    if seats:
        pieces += [Piece(f" {context.frame.t('card.of')} "), *context.things(seats)]
    when = context.when(record) or _as_of(context, record)
    return line(context, record, [*pieces, Piece(f", {when}")] if when else pieces)


def figure(context: CardContext, record: Resource) -> CardRow:
    """Return a figure: subject, partner, period and value."""
    value = [CardCell([Piece(value_text(context, record), context.frame.href(record.iri))], is_number=True)]
    return CardRow([CardCell(figure_pieces(context, record)), *value], context.cite(record))


def figure_pieces(context: CardContext, record: Resource) -> list[Piece]:
    """Return the subject, partner and period of a figure."""
    whose = record.value("pag:figureOf")
    pieces = [context.thing(whose), Piece(": ")] if whose and whose != context.iri else []
    pieces.append(Piece(context.code(record.value("pag:measure"))))
    for way in ("pag:ranked", "pag:category", "pag:partner"):
        pieces += [piece for iri in record.values(way) if iri != context.iri
                   for piece in (Piece(", "), context.thing(iri))]  # fmt: skip
    flow, measure = record.value("pag:flow"), record.value("pag:measure")
    if flow and local(flow)[:6] not in local(measure):
        pieces.append(Piece(f", {context.code(flow)}"))
    if period := record.value("pag:period"):
        pieces.append(Piece(f", {date_text(period, context.language)}"))
    scope, language = record.text("pag:scope", context.language)
    return [*pieces, Piece(f" ({scope})", language=language)] if scope else pieces


def value_text(context: CardContext, record: Resource) -> str:
    """Return the value of a figure with its unit, or as printed."""
    value = decimal(record.value("pag:value"))
    if value is None:
        return record.value("pag:valueInWords") or record.value("pag:valueAsPrinted") or "–"
    text = _in_unit(context, value, record.value("pag:unit"))
    qualifier = record.value("pag:qualifier")
    return text if local(qualifier) in ("exact", "") else f"{context.code(qualifier)} {text}"


def _in_unit(context: CardContext, value: Decimal, unit: str) -> str:
    """Return a number as stated, with its unit; a unit without words is given by its label."""
    digits = decimals(value)
    if unit and not local(unit).startswith("rank") and f"unit.{local(unit)}" not in words(context.language)["ui"]:
        return f"{number(value, context.language, digits)} {context.code(unit)}"
    return amount(value, local(unit), context.language, digits)


def discrepancy(context: CardContext, record: Resource) -> CardRow:
    """Return the two conflicting readings of a source, and how they were resolved."""
    text, language = record.text("dcterms:description", context.language)
    return line(context, record, [context.thing(record.iri)], [Piece(text, language=language)] if text else [])


def claim(context: CardContext, record: Resource) -> CardRow:
    """Return a claim and the verdict of its recomputation."""
    return line(context, record, [context.thing(record.iri), Piece(f" · {context.code(record.value('pag:verdict'))}")])


def claim_order(context: CardContext, record: Resource) -> tuple[object, ...]:
    """Return the sort key of a claim: the worst verdict first."""
    verdict = local(record.value("pag:verdict"))
    return (WORST_FIRST.index(verdict) if verdict in WORST_FIRST else len(WORST_FIRST), record.iri)


def rejected(context: CardContext, record: Resource) -> CardRow:
    """Return a rejected reading, its source and the reason."""
    text, language = record.text("pag:rejectedStatement", context.language)
    reason, other = record.text("pag:rejectionReason", context.language)
    pieces = [Piece(text, context.frame.href(record.iri), language)]
    by = [Piece(f"{context.short(record.source)}: ")] if context.is_of_several and record.source else []
    return line(context, record, pieces, [*by, Piece(reason, language=other)] if reason else [])


def named_thing(context: CardContext, record: Resource) -> CardRow:
    return line(context, record, [context.thing(record.iri)])


def printed_name(context: CardContext, record: Resource) -> CardRow:
    return line(context, record, [Piece(f"“{record.value('pag:printedForm')}”", context.frame.href(record.iri))])


def identifier(context: CardContext, record: Resource) -> CardRow:
    """Return an identifier of a registry or a data set."""
    scheme = context.code(record.value("pag:identifierScheme"))
    number = record.value("skos:notation") or record.value("pag:notation") or label_of(record, context.language)
    return line(context, record, [Piece(f"{scheme}: "), Piece(number, context.frame.href(record.iri))])
