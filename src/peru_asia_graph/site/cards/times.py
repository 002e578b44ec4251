"""The time line of a card: when it was in which phase, what happened, what was announced, and when sources are of."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.site.cards.card import CardPicture
from peru_asia_graph.site.cards.context import CardContext, country, date_text, label_of
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.rows import USUAL, money
from peru_asia_graph.views.small.svg import NARROW, WIDE
from peru_asia_graph.views.small.timeline import TimeMark, draw_timeline
from peru_asia_graph.vocabulary import local

_MOST: Final = 9


def time_picture(context: CardContext) -> CardPicture | None:
    """Return the time line of a card; None where nothing is dated."""
    marks = [*_phases(context), *_investments(context), *_events(context), *_agreement(context)]
    if len(marks) < 2:
        return None
    shown = sorted(marks, key=lambda mark: (-mark.start, mark.text))[:_MOST]
    name = context.frame.t("card.times.name", marks="; ".join(mark.text for mark in reversed(shown)))
    svg, narrow = (draw_timeline(shown, name, key, width) for key, width in (("times", WIDE), ("years", NARROW)))
    return CardPicture("times", context.frame.t("card.times"), svg, narrow)


def year_of(text: str) -> float | None:
    """Return a day as a year with parts; None for what is no date.

    >>> year_of("2009-07-01"), year_of("")
    (2009.5, None)
    """
    parts = text.split("-")
    if len(parts[0]) != 4 or not parts[0].isdecimal():
        return None
    month = int(parts[1]) - 1 if len(parts) > 1 and parts[1].isdecimal() else 0
    day = int(parts[2][:2]) - 1 if len(parts) > 2 and parts[2][:2].isdecimal() else 0
    return round(int(parts[0]) + month / 12 + day / 365, 3)


def _span(record: Resource) -> tuple[float, float | None] | None:
    """Return start and end of a statement or event: a moment where they lie in one year; None without both bounds."""
    first, last = year_of(record.value("pag:earliest")), year_of(record.value("pag:latest"))
    if first is None or last is None:
        known = first if first is not None else last
        return None if known is None else (known, None)
    return (first, last) if last - first >= 1 else (first, None)


def _phases(context: CardContext) -> list[TimeMark]:
    found = []
    for record in context.linked(("pag:project", "pag:PhaseStatement")):
        phase, link = _phase(context, record), context.frame.href(record.iri)
        if span := _span(record):
            found.append(TimeMark(span[0], f"{context.when(record)} · {phase}", span[1], link=link))
            continue
        known = context.reader.sources.get(record.source)
        date = record.value("pag:asOf") or (known.as_of or known.date if known else "")
        if (start := year_of(date)) is not None:
            text = f"{date_text(date[:7], context.language)} · {context.short(record.source)}: {phase}"
            found.append(TimeMark(start, text, link=link, hollow=True))
    return found


def _phase(context: CardContext, record: Resource) -> str:
    """Return a phase with how sure it is, where it is not plainly stated."""
    phase, certainty = context.code(record.value("pag:phase")), record.value("pag:certainty")
    return phase if local(certainty) in USUAL else f"{phase} ({context.code(certainty)})"


def _investments(context: CardContext) -> list[TimeMark]:
    found = []
    for record in context.linked(("pag:project", "pag:Investment"), ("pag:investor", "")):
        start = year_of(record.value("pag:year"))
        if start is None:
            continue
        tone = country(record.value("pag:homeState"))[0]
        project = record.value("pag:project")
        what = "" if project in ("", context.iri) else f" · {label_of(context.name(project), context.language)[0]}"
        text = f"{date_text(record.value('pag:year'), context.language)} · {money(context, record)}{what}"
        found.append(TimeMark(start, text, tone=tone, link=context.frame.href(record.iri)))
    return list({mark.text: mark for mark in found}.values())


def _events(context: CardContext) -> list[TimeMark]:
    found = []
    for record in context.linked(("pag:participant", "pag:Participation")):
        event = context.name(record.value("pag:event"))
        if span := _span(event):
            text = f"{context.when(event)} · {label_of(event, context.language)[0]}"
            found.append(TimeMark(span[0], text, span[1], link=context.frame.href(event.iri)))
    return list({mark.link: mark for mark in found}.values())


def _agreement(context: CardContext) -> list[TimeMark]:
    found = []
    for name in ("signedOn", "inForceOn", "endedOn"):
        date = context.own.date(f"pag:{name}")
        if (start := year_of(date)) is not None:
            text = f"{date_text(date, context.language)} · {context.frame.t('card.time.' + name)}"
            found.append(TimeMark(start, text))
    return found
