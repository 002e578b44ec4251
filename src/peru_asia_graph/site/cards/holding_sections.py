"""The ownership part of a card: tables of direct stakes, indirect shares and companies only named; the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from peru_asia_graph.site.cards.card import CardCell, CardPicture, CardRow, CardSection, Piece
from peru_asia_graph.site.cards.context import CardContext, country, join, label_of, percent, source_name
from peru_asia_graph.site.cards.holdings import INVESTOR, WHOLE, BehindShare, Holding, Named, ThingHoldings, totals
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.rows import USUAL, money, share_text
from peru_asia_graph.views.graph_data import short_name
from peru_asia_graph.views.small.ladder import draw_ladder
from peru_asia_graph.views.small.ownership import SmallLine, SmallNode, draw_ownership
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import local

_MOST_DRAWN: Final = 9
_MOST_ROWS: Final = 12
_ROLES: Final = {"pag:operatorOf": "operator", "pag:concessionIn": "concession-holder", "pag:involvedIn": "involved",
                 INVESTOR: "investor"}  # fmt: skip
_NOTES: Final = {"behind": "card.behind.note", "named-for": "card.named.note", "named-in": "card.named.note"}


def holding_sections(context: CardContext, found: ThingHoldings) -> list[CardSection]:
    """Return the non-empty ownership tables of a thing."""
    sections = [
        _direct(context, "holders", found.direct, lambda one: one.owner, total=True),
        _through(context, "behind", found.through_up, found.direct, lambda one: one.owner),
        _named(context, "named-for", found.named_for, lambda one: one.company),
        _direct(context, "holdings", found.below, lambda one: one.owned, total=False),
        _through(context, "through", found.through_down, found.behind, lambda one: one.asset),
        _named(context, "named-in", found.named_in, lambda one: one.asset),
    ]
    return [one for one in sections if one.count]


def _note(context: CardContext, key: str) -> list[Piece]:
    return [Piece(context.frame.t(_NOTES[key]))] if key in _NOTES else []


def _columns(context: CardContext, key: str, sources: Sequence[str]) -> list[tuple[str, bool]]:
    return [(context.frame.t(f"card.{key}"), False), *((source_name(context, one), True) for one in sources)]


def _direct(
    context: CardContext, key: str, lines: Sequence[Holding], other: Callable[[Holding], str], *, total: bool
) -> CardSection:
    sources = [name for name in context.reader.sources if any(name in one.stakes for one in lines)]
    rows = []
    for one in lines[:_MOST_ROWS]:
        cells = [CardCell([context.thing(other(one)), *_state(context, other(one))])]
        cells += [_share_cell(context, one.stakes.get(source), one.differs) for source in sources]
        cites = context.cite(*one.stakes.values(), *one.earlier)
        rows.append(CardRow(cells, cites, _doubt(context, one)))
    if total:
        rows += _totals(context, lines, sources)
    more = [] if len(lines) <= _MOST_ROWS else [_more_row(context, len(lines) - _MOST_ROWS, len(sources))]
    columns = _columns(context, "holder" if total else "asset", sources)
    return CardSection(key, context.frame.t(f"card.{key}"), [*rows, *more], len(lines), columns)


def _more_row(context: CardContext, left: int, sources: int) -> CardRow:
    text = [CardCell([Piece(context.frame.t("card.and.more", count=left))])]
    return CardRow([*text, *[CardCell([], is_number=True)] * sources], total=True)


def _state(context: CardContext, iri: str) -> list[Piece]:
    state = context.state_of(iri)
    return [Piece(f" {code}")] if state != iri and (code := country(state)[1]) else []


def _share_cell(context: CardContext, stake: Resource | None, differs: bool = False) -> CardCell:
    if stake is None:
        return CardCell([Piece("–")], is_number=True)
    return CardCell([Piece(share_text(context, stake), context.frame.href(stake.iri))], is_number=True, differs=differs)


def _doubt(context: CardContext, one: Holding) -> list[Piece]:
    """Return what is unusual about stakes: their certainty and dates; for earlier ones also their share.

    With several sources, each is named.
    """
    stakes = (*one.stakes.values(), *one.earlier)
    said: dict[str, list[str]] = {stake.source: [] for stake in stakes}
    for stake in stakes:
        parts = [share_text(context, stake)] if stake in one.earlier else []
        parts += [context.code(stake.value("pag:certainty"))] if local(stake.value("pag:certainty")) != "stated" else []
        parts += [when] if (when := context.when(stake)) else []
        said[stake.source] += [", ".join(parts)] if parts else []
    told = [(f"{source_name(context, source)}: " if len(said) > 1 else "") + "; ".join(dict.fromkeys(texts))
            for source, texts in said.items() if texts]  # fmt: skip
    return [Piece("; ".join(told))] if told else []


def _totals(context: CardContext, lines: Sequence[Holding], sources: Sequence[str]) -> list[CardRow]:
    """Return the sum of the direct shares in each source, and what is not accounted for."""
    language, t = context.language, context.frame.t
    sums = {source: totals(lines, source) for source in sources}
    if not any(sums.values()):
        return []
    whole, rest = list[CardCell](), list[CardCell]()
    for source in sources:
        found = sums[source]
        left = None if found is None or found[0] > WHOLE else (WHOLE - found[1], WHOLE - found[0])
        for cells, bounds in ((whole, found), (rest, left)):
            text = "–" if bounds is None else "–".join(dict.fromkeys(percent(end, language) for end in bounds))
            cells.append(CardCell([Piece(text)], is_number=True))
    rows = [CardRow([CardCell([Piece(t("card.total"))]), *whole], total=True)]
    return [*rows, CardRow([CardCell([Piece(t("card.unaccounted"))]), *rest], total=True)]


def _through(
    context: CardContext, key: str, shares: Sequence[BehindShare], direct: Sequence[Holding],
    other: Callable[[BehindShare], str],
) -> CardSection:  # fmt: skip
    sources = [name for name in context.reader.sources if any(one.source == name for one in shares)]
    stakes = {stake.iri: one for one in direct for stake in one.stakes.values()}
    rows = []
    ends = list(dict.fromkeys(map(other, shares)))
    for end in ends[:_MOST_ROWS]:
        own = {one.source: one for one in shares if other(one) == end}
        cells = [CardCell([context.thing(end), *_state(context, end)])]
        cells += [_bounds_cell(context, own.get(source)) for source in sources]
        cites = context.cite(*(one.record for one in own.values()))
        via = list(dict.fromkeys(
            holder for one in own.values() for iri in one.record.values("prov:wasDerivedFrom")
            if iri in stakes and (holder := stakes[iri].owner) not in (one.owner, context.iri)
        ))  # fmt: skip
        remark = [Piece(context.frame.t("card.via") + " "), *context.things(via)] if via else []
        rows.append(CardRow(cells, cites, remark, level=1))
    more = [] if len(ends) <= _MOST_ROWS else [_more_row(context, len(ends) - _MOST_ROWS, len(sources))]
    columns = _columns(context, "owner" if key == "behind" else "asset", sources)
    title, note = context.frame.t(f"card.{key}"), _note(context, key)
    return CardSection(key, title, [*rows, *more], len(ends), columns, note=note)


def _bounds_cell(context: CardContext, share: BehindShare | None) -> CardCell:
    if share is None:
        return CardCell([Piece("–")], is_number=True)
    low, high = percent(share.low, context.language), percent(share.high, context.language)
    text = low if share.low == share.high else f"{low} – {high}"
    return CardCell([Piece(text, context.frame.href(share.record.iri))], is_number=True)


def _named(context: CardContext, key: str, named: Sequence[Named], other: Callable[[Named], str]) -> CardSection:
    rows = []
    for one in named[:_MOST_ROWS]:
        role = str(words(context.language)["terms"][_ROLES[one.role]])
        cells = [CardCell([context.thing(other(one)), *_state(context, other(one))])]
        cells.append(CardCell([Piece(role, context.frame.href(one.statement.iri))]))
        amount = money(context, one.statement) if one.role == INVESTOR else ""
        remark = _unnamed(context, one)
        rows.append(CardRow([*cells, CardCell([Piece(amount)], is_number=True)], context.cite(one.statement), remark))
    names = ("company" if key == "named-for" else "asset", "named-as", "announced")
    columns = [(context.frame.t(f"card.{name}"), name == "announced") for name in names]
    return CardSection(key, context.frame.t(f"card.{key}"), rows, len(named), columns, note=_note(context, key))


def _unnamed(context: CardContext, one: Named) -> list[Piece]:
    """Return a note that a state stands for an unnamed firm, and the certainty and dates of a statement."""
    is_state = context.state_of(one.company) == one.company
    said = [context.frame.t("card.firm-not-named")] if is_state else []
    certainty = one.statement.value("pag:certainty")
    said += [] if local(certainty) in USUAL else [context.code(certainty)]
    said += [when] if one.role != INVESTOR and (when := context.when(one.statement)) else []
    return [Piece("; ".join(said))] if said else []


def _drawn_names(context: CardContext, named: Sequence[Named]) -> list[Named]:
    """Return the named companies to draw: not a state if firms of that state are drawn."""
    homes = {context.state_of(one.company) for one in named if context.state_of(one.company) != one.company}
    return [one for one in named if one.company not in homes]


def ownership_picture(context: CardContext, found: ThingHoldings) -> CardPicture | None:
    """Return the picture of the ownership around a thing; None if there are no lines."""
    letters = _letters(context, found.sources)
    own = [*found.direct[:_MOST_DRAWN], *found.behind, *found.below[:_MOST_DRAWN]]
    lines = [_drawn(context, one, letters) for one in own]
    room = max(0, _MOST_DRAWN - len(found.direct)), max(0, _MOST_DRAWN - len(found.below))
    names = _drawn_names(context, found.named_for)
    named = [*names[: room[0]], *found.named_in[: room[1]]]
    known = len(found.direct) + len(found.behind) + len(found.below) + len(names) + len(found.named_in)
    lines += [SmallLine(one.company, one.asset, "named", _announced(one)) for one in named]
    if not lines:
        return None
    ends = dict.fromkeys([context.iri, *(end for line in lines for end in (line.source, line.target))])
    states = _states_in_colour(context, list(ends))
    nodes = [_node(context, iri, states[iri]) for iri in ends]
    name = context.frame.t("card.picture.name", lines="; ".join(_spoken(context, line) for line in lines))
    svg = draw_ownership(nodes, lines, context.iri, name)
    legend: list[list[Piece]] = [
        [Piece(f"{letter} = {source_name(context, source)}")] for source, letter in letters.items()
    ]
    if any(line.kind == "named" for line in lines):
        legend.append([Piece(context.frame.t("card.legend.named"))])
    for kind, key in (("dotted", "doubtful"), ("former", "former"), ("dashed", "noshare")):
        if any(line.kind == kind for line in lines):
            legend.append([Piece(context.frame.t(f"card.legend.{key}"))])
    if known > len(lines):
        legend.append([Piece(context.frame.t("card.and.more", count=known - len(lines)))])
    title = "card.picture.owners" if found.direct or found.named_for else "card.picture.owned"
    narrow = draw_ladder(nodes, lines, context.iri, name)
    caption = join(legend, 0, context.frame, " · ")
    return CardPicture("owners", context.frame.t(title), svg, narrow, caption, "ownership")


def _letters(context: CardContext, sources: Sequence[str]) -> dict[str, str]:
    """Return a letter for each source, none if there is only one."""
    letters: dict[str, str] = {}
    for source in sources if len(sources) > 1 else ():
        short = context.short(source).upper()
        letters[source] = next((one for one in short if one.isalnum() and one not in letters.values()), "?")
    return letters


def _drawn(context: CardContext, one: Holding, letters: dict[str, str]) -> SmallLine:
    stated = [one.stakes[source] for source in (one.bounds if one.differs else [one.source])] if one.bounds else []
    *others, last = [*dict.fromkeys(share_text(context, stake) for stake in stated)] or [""]
    text = " ≠ ".join([*(other.replace("\xa0%", "") for other in others), last])
    marks = [(letter, source in one.stakes) for source, letter in letters.items()]
    share = float(one.size) if one.bounds else None
    return SmallLine(one.owner, one.owned, one.kind, text, share, marks, one.differs)


def _announced(named: Named) -> str:
    amount = named.statement.value("pag:amountUsdMillion") if named.role == INVESTOR else ""
    return f"US$ {amount} m" if amount else ""


def _states_in_colour(context: CardContext, iris: Sequence[str]) -> dict[str, str]:
    """Return the state that colours each thing: its home state, or else that of its parent firms."""
    found = {iri: context.state_of(iri) for iri in iris}
    lacking = [iri for iri in iris if not found[iri] and "Firm" in context.name(iri).kinds]
    said = context.reader.linking(lacking, "pag:subject") if lacking else []
    context.load(said)
    parents: dict[str, set[str]] = {iri: set() for iri in lacking}
    for one in map(context.records.__getitem__, said):
        if local(one.value("pag:relation")) == "subsidiaryOf" and one.value("pag:subject") in parents:
            parents[one.value("pag:subject")].add(context.state_of(one.value("pag:object")))
    return found | {iri: states.pop() for iri, states in parents.items() if len(states) == 1}


def _node(context: CardContext, iri: str, state: str) -> SmallNode:
    name = label_of(context.name(iri), context.language)
    tone, code = country(state)[0], country(context.state_of(iri))[1]
    return SmallNode(
        iri, short_name(name) or name or local(iri), tone, code, "" if iri == context.iri else context.frame.href(iri)
    )


def _spoken(context: CardContext, line: SmallLine) -> str:
    ends = [label_of(context.name(iri), context.language) for iri in (line.source, line.target)]
    says = line.text if line.kind != "named" else context.frame.t("card.named")
    return f"{ends[0]} → {ends[1]}: {says or context.frame.t('card.no-share')}"
