"""The pictures of a card besides the ownership picture.

Timeline: phases, events, announcements and the dates of sources. Map: the position given by a source, or else the
department. Bars: the partners of a state, by the events in which both took part and the agreements to which both are
parties.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from peru_asia_graph.site.cards.card import CardPicture, Piece
from peru_asia_graph.site.cards.context import CardContext, country, date_text, label_of
from peru_asia_graph.site.cards.reader import Resource
from peru_asia_graph.site.cards.rows import hedge, money
from peru_asia_graph.store.values import decimal
from peru_asia_graph.views.small.bars import SmallBar, draw_bars
from peru_asia_graph.views.small.map import UNKNOWN, MapPoint, draw_map
from peru_asia_graph.views.small.svg import NARROW, WIDE
from peru_asia_graph.views.small.timeline import TimeMark, draw_timeline

_MOST_MARKS: Final = 9
_MOST_PARTNERS: Final = 8
_POSITION: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
LATITUDE: Final = _POSITION + "lat"
LONGITUDE: Final = _POSITION + "long"


def time_picture(context: CardContext) -> CardPicture | None:
    """Return the timeline of a card; None if nothing is dated."""
    marks = [*_phases(context), *_investments(context), *_events(context), *_agreement(context)]
    if len(marks) < 2:
        return None
    shown = sorted(marks, key=lambda mark: (-mark.start, mark.text))[:_MOST_MARKS]
    name = context.frame.t("card.times.name", marks="; ".join(mark.text for mark in reversed(shown)))
    svg, narrow = (draw_timeline(shown, name, key, width) for key, width in (("times", WIDE), ("years", NARROW)))
    return CardPicture("times", context.frame.t("card.times"), svg, narrow)


def year_of(text: str) -> float | None:
    """Return a day as a fractional year; None if it is not a date.

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
    """Return start and end of a statement or event: a moment if both are in one year; None without both bounds."""
    first, last = year_of(record.value("pag:earliest")), year_of(record.value("pag:latest"))
    if first is None or last is None:
        known = first if first is not None else last
        return None if known is None else (known, None)
    return (first, last) if last - first >= 1 else (first, None)


def _phases(context: CardContext) -> list[TimeMark]:
    found = []
    for record in context.linked(("pag:project", "pag:PhaseStatement")):
        doubt = "".join(piece.text for piece in hedge(context, [record]))
        phase, link = context.code(record.value("pag:phase")) + doubt, context.frame.href(record.iri)
        if span := _span(record):
            found.append(TimeMark(span[0], f"{context.when(record)} · {phase}", span[1], link=link))
            continue
        date = context.as_of(record)
        if (start := year_of(date)) is not None:
            text = f"{date_text(date[:7], context.language)} · {context.short(record.source)}: {phase}"
            found.append(TimeMark(start, text, link=link, hollow=True))
    return found


def _investments(context: CardContext) -> list[TimeMark]:
    found = []
    for record in context.linked(("pag:project", "pag:Investment"), ("pag:investor", "")):
        start = year_of(record.value("pag:year"))
        if start is None:
            continue
        tone = country(record.value("pag:homeState"))[0]
        project = record.value("pag:project")
        what = "" if project in ("", context.iri) else f" · {label_of(context.name(project), context.language)}"
        text = f"{date_text(record.value('pag:year'), context.language)} · {money(context, record)}{what}"
        found.append(TimeMark(start, text, tone=tone, link=context.frame.href(record.iri)))
    return list({mark.text: mark for mark in found}.values())


def _events(context: CardContext) -> list[TimeMark]:
    found = []
    for record in context.linked(("pag:participant", "pag:Participation")):
        event = context.name(record.value("pag:event"))
        if span := _span(event):
            text = f"{context.when(event)} · {label_of(event, context.language)}"
            found.append(TimeMark(span[0], text, span[1], link=context.frame.href(event.iri)))
    return list({mark.link: mark for mark in found}.values())


def _agreement(context: CardContext) -> list[TimeMark]:
    """Return the dates of an agreement, naming their sources unless all that mention it give the same."""
    found = []
    for name in ("signedOn", "inForceOn", "endedOn"):
        dates: dict[str, list[str]] = {}
        for source, said in context.each_source(f"pag:{name}").items():
            dates.setdefault(said.date(f"pag:{name}"), []).append(source)
        for date, sources in dates.items():
            start = year_of(date)
            if start is None or any(other != date and other.startswith(date) for other in dates):
                continue  # a year, if another source gives a day in it
            by = "" if context.own.sources <= {*sources} else f"{', '.join(map(context.short, sources))}: "
            text = f"{date_text(date, context.language)} · {by}{context.frame.t('card.time.' + name)}"
            found.append(TimeMark(start, text))
    return found


def place_picture(context: CardContext, states: dict[str, Decimal]) -> CardPicture | None:
    """Return the map of a thing, None if it has no location; its owners' home states (``states``) colour the marker."""
    own, t = context.own, context.frame.t
    tones = [(country(state)[0], float(share)) for state, share in states.items() if share] or UNKNOWN
    names = {label_of(context.name(iri), code) for iri in own.values("pag:locatedIn") for code in ("en", "es")}
    points = []
    caption: list[Piece] = []
    for source, said in context.each_source(LATITUDE).items():
        latitude, longitude = decimal(said.value(LATITUDE)), decimal(said.value(LONGITUDE))
        if latitude is not None and longitude is not None:
            points.append(MapPoint(float(latitude), float(longitude), tones))
            west = "O" if context.language == "es" else "W"
            degrees = f"{_degrees(latitude, 'N', 'S')}, {_degrees(longitude, 'E', west)}"
            caption.append(Piece((". " if caption else "") + t("card.map.at", place=degrees)))
            caption += [Piece(" "), context.source_link(source)] if source else []
    name = t("card.map.name", name=label_of(own, context.language))
    svg = draw_map(points, name, departments=sorted(names), tones=tones)
    if not svg:
        return None
    caption = caption or [Piece(t("card.map.department"))]
    return CardPicture("place", t("card.map"), svg, "", caption, "map")


def _degrees(value: Decimal, positive: str, negative: str) -> str:
    return f"{abs(value).normalize():f}° {positive if value >= 0 else negative}"


def partners_picture(context: CardContext) -> CardPicture | None:
    """Return the partners of a state as bars, those with most dealings first; None if there are none."""
    partners = sorted(context.reader.partners(context.iri).items(), key=lambda one: (-sum(one[1]), one[0]))
    first = partners[:_MOST_PARTNERS]
    if not first:
        return None
    t = context.frame.t
    context.read_summaries(iri for iri, _ in first)
    bars = [
        SmallBar(label_of(context.name(iri), context.language), counts, country(iri)[0], context.frame.href(iri))
        for iri, counts in first
    ]
    kinds = (t("card.partners.events"), t("card.partners.agreements"))
    spoken = "; ".join(f"{bar.name}: {bar.counts[0]} {kinds[0]}, {bar.counts[1]} {kinds[1]}" for bar in bars)
    name = t("card.partners.name", bars=spoken)
    svg, narrow = (draw_bars(bars, name, key, width) for key, width in (("bars", WIDE), ("rows", NARROW)))
    return CardPicture("partners", t("card.partners"), svg, narrow, [Piece(t("card.partners.note"))], "diplomacy")
