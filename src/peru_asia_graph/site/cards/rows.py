"""How one statement reads as a row of a card, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from peru_asia_graph.site.cards.card import CardCell, CardRow, Piece
from peru_asia_graph.site.cards.context import CardContext, date_text, decimal, label_of, percent
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.views.number_format import amount, number
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import CODE, local

_USUAL: Final = frozenset({"stated", ""})
_KINDS: Final = ("value", "date", "level", "later", "silent", "refines", "agrees")
_MATCHES: Final = {"skos:exactMatch": "same", "dcterms:isPartOf": "part"}
_VERDICTS: Final = ("differs", "holds-under-a-reading", "cannot-be-checked", "holds")


def line(context: CardContext, record: Resource, pieces: Sequence[Piece], remark: Sequence[Piece] = ()) -> CardRow:
    """Return a row of one text with the citations of its statement; what is not usual about it is said below."""
    return CardRow([CardCell(pieces)], context.cite(record), [*remark, *_note(context, record, bool(remark))])


def _note(context: CardContext, record: Resource, after: bool = False) -> list[Piece]:
    """Return what a statement adds about itself: its certainty where it is not plainly stated."""
    certainty = record.value("pag:certainty")
    if local(certainty) in _USUAL:
        return []
    return [Piece(("; " if after else "") + context.code(certainty))]


def share_text(context: CardContext, stake: Resource) -> str:
    """Return the share of a stake: a number, bounds, or that none is stated."""
    share = decimal(stake.value("pag:sharePercent"))
    if share is not None:
        return percent(share, context.language)
    low, high = (decimal(stake.value(f"pag:share{end}")) for end in ("Low", "High"))
    if low is not None and high is not None:
        return f"{percent(low, context.language)}–{percent(high, context.language)}"
    return context.frame.t("card.no-share")


def stake(context: CardContext, record: Resource) -> CardRow:
    """Return who holds how much of what."""
    return line(context, record, stake_pieces(context, record))


def stake_pieces(context: CardContext, record: Resource) -> list[Piece]:
    """Return a stake as a sentence."""
    owner, owned = context.thing(record.value("pag:owner")), context.thing(record.value("pag:owned"))
    share = decimal(record.value("pag:sharePercent"))
    holds = f" {context.frame.t('card.holds')} {share_text(context, record)} {context.frame.t('card.of')} "
    return [owner, Piece(holds if share is not None else f" {context.frame.t('card.holds-stake')} "), owned]


def money(context: CardContext, record: Resource) -> str:
    """Return the amount of an investment as the source prints it where it is no plain number."""
    value = decimal(record.value("pag:amountUsdMillion"))
    if value is None:
        printed = record.value("pag:amountAsPrinted")
        return f"“{printed}”" if printed else context.frame.t("card.no-amount")
    return amount(value, "usd-million", context.language)


def investment(context: CardContext, record: Resource) -> CardRow:
    """Return what was announced: by whom and in what, how much, when."""
    investors = [iri for iri in record.values("pag:investor") if iri != context.iri]
    project = record.value("pag:project")
    pieces = [context.thing(project)] if project and project != context.iri else context.things(investors)
    pieces = pieces or [Piece(context.frame.t("card.no-project"))]
    remark = context.things(investors) if project != context.iri and investors else []
    status = record.value("pag:status")
    if local(status) not in ("announced", "not-available", ""):
        remark = [*remark, Piece(("; " if remark else "") + context.code(status))]
    cells = [
        CardCell(pieces),
        CardCell([Piece(money(context, record), context.frame.href(record.iri))], is_number=True),
        CardCell([Piece(record.value("pag:year"))]),
    ]
    return CardRow(cells, context.cite(record), remark)


def phase(context: CardContext, record: Resource) -> CardRow:
    """Return the phase of a project and when."""
    when = context.when(record) or _as_of(context, record)
    pieces = [Piece(context.code(record.value("pag:phase")), context.frame.href(record.iri))]
    return line(context, record, [*pieces, Piece(f", {when}")] if when else pieces)


def _as_of(context: CardContext, record: Resource) -> str:
    """Return the moment a statement without dates is of: its own, or the date of its source."""
    given = record.value("pag:asOf")
    known = context.reader.sources.get(record.source)
    date = given or (known.as_of or known.date if known else "")
    return context.frame.t("card.as-of", date=date_text(date[:7], context.language)) if date else ""


def taking_part(context: CardContext, record: Resource) -> CardRow:
    """Return an event and the role in it."""
    event = context.name(record.value("pag:event"))
    role = context.code(record.value("pag:role"))
    return _dated(context, event, record, [context.thing(event.iri), Piece(f" · {role}")])


def _dated(context: CardContext, event: Resource, statement: Resource, pieces: Sequence[Piece]) -> CardRow:
    when = [Piece(context.when(event) or context.frame.t("card.no-date"))]
    return CardRow([CardCell(when), CardCell(pieces)], context.cite(statement))


def participant(context: CardContext, record: Resource) -> CardRow:
    """Return who took part and in what role."""
    role = context.code(record.value("pag:role"))
    return line(context, record, [context.thing(record.value("pag:participant")), Piece(f" · {role}")])


def happening(context: CardContext, record: Resource) -> CardRow:
    """Return an event."""
    return _dated(context, record, record, [context.thing(record.iri)])


def agreement(context: CardContext, record: Resource) -> CardRow:
    """Return an agreement with its dates."""
    signed, force = (record.value(f"pag:{name}") for name in ("signedOn", "inForceOn"))
    dates = [
        context.frame.t(f"card.{name}", date=date_text(date, context.language))
        for name, date in (("signed", signed), ("in-force", force))
        if date
    ]
    status = record.value("pag:status")
    text = ", ".join(dates) or context.when(record) or context.code(status) or context.frame.t("card.no-date")
    return line(context, record, [context.thing(record.iri), Piece(f" · {text}")])


def office(context: CardContext, record: Resource) -> CardRow:
    """Return who held what office, where and when."""
    holder = record.value("pag:holder")
    pieces = [] if holder == context.iri else [context.thing(holder), Piece(", ")]
    pieces.append(Piece(context.office(record), context.frame.href(record.iri)))
    seats = [iri for way in ("pag:officeIn", "pag:officeOf") for iri in record.values(way) if iri != context.iri]
    if seats:
        pieces += [Piece(f" {context.frame.t('card.of')} "), *context.things(seats)]
    when = context.when(record) or _as_of(context, record)
    return line(context, record, [*pieces, Piece(f", {when}")] if when else pieces)


def figure(context: CardContext, record: Resource) -> CardRow:
    """Return a figure: of what, with whom, when; and its value."""
    value = [CardCell([Piece(value_text(context, record), context.frame.href(record.iri))], is_number=True)]
    return CardRow([CardCell(figure_pieces(context, record)), *value], context.cite(record))


def figure_pieces(context: CardContext, record: Resource) -> list[Piece]:
    """Return what a figure is of."""
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
        pieces.append(Piece(f", {period.replace('/', '–')}"))
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
    """Return a number with its unit; one that has no words of its own by its label."""
    if unit and not local(unit).startswith("rank") and f"unit.{local(unit)}" not in words(context.language)["ui"]:
        return f"{number(value, context.language)} {context.code(unit)}"
    return amount(value, local(unit), context.language)


def finding(context: CardContext, record: Resource) -> CardRow:
    """Return what a source concludes."""
    return line(context, record, [context.thing(record.iri)])


def discrepancy(context: CardContext, record: Resource) -> CardRow:
    """Return what a source says in two ways, with what was made of it."""
    text, language = record.text("dcterms:description", context.language)
    return line(context, record, [context.thing(record.iri)], [Piece(text, language=language)] if text else [])


def claim(context: CardContext, record: Resource) -> CardRow:
    """Return a claim and what its recomputation gives."""
    return line(context, record, [context.thing(record.iri), Piece(f" · {context.code(record.value('pag:verdict'))}")])


def claim_order(context: CardContext, record: Resource) -> tuple[object, ...]:
    """Return the place of a claim: the worst verdict first."""
    verdict = local(record.value("pag:verdict"))
    return (_VERDICTS.index(verdict) if verdict in _VERDICTS else len(_VERDICTS), record.iri)


def rejected(context: CardContext, record: Resource) -> CardRow:
    """Return a reading that was not accepted, and why."""
    text, language = record.text("pag:rejectedStatement", context.language)
    reason, other = record.text("pag:rejectionReason", context.language)
    pieces = [Piece(text, context.frame.href(record.iri), language)]
    return line(context, record, pieces, [Piece(reason, language=other)] if reason else [])


def named_thing(context: CardContext, record: Resource) -> CardRow:
    """Return a thing by its name."""
    return line(context, record, [context.thing(record.iri)])


def printed_name(context: CardContext, record: Resource) -> CardRow:
    """Return a spelling."""
    return line(context, record, [Piece(f"“{record.value('pag:printedForm')}”", context.frame.href(record.iri))])


def identifier(context: CardContext, record: Resource) -> CardRow:
    """Return an identifier of a registry or a data set."""
    scheme = context.code(record.value("pag:identifierScheme"))
    number = record.value("skos:notation") or record.value("pag:notation") or label_of(record, context.language)[0]
    return line(context, record, [Piece(f"{scheme}: "), Piece(number, context.frame.href(record.iri))])


def match(context: CardContext, record: Resource) -> CardRow:
    """Return what was judged the same or part of it, with the reason."""
    text, language = record.text("skos:note", context.language)
    pieces = [Piece(match_name(context, record), context.frame.href(record.iri))]
    return line(context, record, pieces, [Piece(text, language=language)] if text else [])


def match_name(context: CardContext, record: Resource) -> str:
    """Return what a thing was compared with, and what was judged of the two."""
    relation = record.value("pag:matchRelation")
    key = "not" if relation.startswith("Not ") else _MATCHES.get(relation, "other")
    other = record.value("pag:matchedId").removeprefix("id:").replace("-", " ")
    return context.frame.t(f"card.match.{key}", name=other)


def difference(context: CardContext, record: Resource) -> CardRow:
    """Return what two sources say of the same, and of what kind their difference is."""
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
    return CardRow([CardCell([*who, *pieces])])


def _owners(context: CardContext, record: Resource) -> dict[str, str]:
    """Return whose stake each side of a difference is about, where it is about stakes."""
    statements = {side: context.records.get(record.value(f"pag:statement{side}")) for side in "AB"}
    found = {side: one.value("pag:owner") for side, one in statements.items() if one is not None}
    return {side: owner for side, owner in found.items() if owner}


def _side(context: CardContext, record: Resource, value: str) -> str:
    share = decimal(value)
    if share is not None and local(record.value("pag:comparedProperty")) in ("sharePercent", "owner"):
        return percent(share, context.language)
    return context.code(value) if value.startswith(CODE) else date_text(value, context.language)


def difference_order(context: CardContext, record: Resource) -> tuple[object, ...]:
    """Return the place of a difference: those of values first, agreement last."""
    kind = local(record.value("pag:differenceKind"))
    return (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), record.iri)
