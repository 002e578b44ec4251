"""Thumbnails of the interactive pages for the start page: few shapes and no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from peru_asia_graph.views.outlines import UNITS, outlines
from peru_asia_graph.views.small.svg import circle, number, rectangle
from peru_asia_graph.views.start_facts import StartFacts
from peru_asia_graph.views.words import countries

WIDTH: Final = 440
HEIGHT: Final = 150
_PARTNERS: Final = 3
_BARS: Final = 12
_ROWS: Final = 22
# Northern and southern limits in degrees, the middle, and the simplification of the outlines.
_WHOLE: Final = 19.5
_MIDDLE: Final = 9.2
_TOLERANCE: Final = 0.1
# The colours used on the pages, worst verdict first.
VERDICTS: Final = {"differs": "k3", "holds-under-a-reading": "s2", "cannot-be-checked": "muted", "holds": "s0"}
DIFFERENCES: Final = {"value": "k3", "date": "k2", "silent": "s7", "later": "s2", "level": "s5", "refines": "s4",
                      "agrees": "s0"}  # fmt: skip
SECTORS: Final = {
    "mining-and-oil": "s0", "fishery": "s1", "chemical": "s3", "agriculture-and-livestock": "s2",
    "textile-and-leather": "s4", "wood-and-paper": "s5", "metal-mechanical-and-electronics": "s6",
    "various-jewelry-crafts": "s7",
}  # fmt: skip


def thumbnails(facts: StartFacts, height: float = HEIGHT) -> dict[str, str]:
    """Return the SVG thumbnail of each page that has one and something to show, by page name."""
    made = {name: draw(facts, height) for name, draw in _PICTURES.items()}
    return {name: _picture(parts, height) for name, parts in made.items() if parts}


def tone(state: str) -> str:
    return str(countries().get(state, {}).get("tone", "other" if state else "none"))


def _picture(parts: Sequence[str], height: float) -> str:
    box = f'viewBox="0 0 {WIDTH} {number(height)}" preserveAspectRatio="xMidYMid slice"'
    return f'<svg class="thumb" {box} aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def _rectangle(x: float, y: float, width: float, height: float, colour: str, radius: float = 2) -> str:
    return rectangle(x, y, width, height, fill=colour, radius=radius)


def _curve(x: float, y: float, x2: float, y2: float, width: float, colour: str) -> str:
    middle = (x + x2) / 2
    places = [number(one) for one in (x, y, middle, y, middle, y2, x2, y2)]
    path = f"M{places[0]} {places[1]}C{' '.join(places[2:])}"
    return f'<path d="{path}" fill="none" stroke="var(--{colour})" stroke-width="{number(width)}" opacity=".8"/>'


def _ownership(facts: StartFacts, height: float) -> list[str]:
    """Owners on the left, coloured by home state, assets on the right; line widths are proportional to shares."""
    order = Counter(tone(state) for *_, state in facts.stakes)
    stakes = sorted(facts.stakes, key=lambda one: (-order[tone(one[3])], tone(one[3]), one[0], one[1]))
    left = list(dict.fromkeys((owner, tone(state)) for owner, _, _, state in stakes))
    right = list(dict.fromkeys(owned for _, owned, _, _ in stakes))
    if not stakes:
        return []
    step, other = height / len(left), height / len(right)
    at = {owner: (number + 0.5) * step for number, (owner, _) in enumerate(left)}
    to = {owned: (number + 0.5) * other for number, owned in enumerate(right)}
    lines = [
        _curve(88, at[owner], 338, to[owned], 1 + share / 25, tone(state)) for owner, owned, share, state in stakes
    ]
    boxes = [_rectangle(24, at[owner] - step * 0.35, 64, step * 0.7, colour) for owner, colour in left]
    return [*lines, *boxes, *(_rectangle(338, y - other * 0.35, 78, other * 0.7, "line") for y in to.values())]


def _diplomacy(facts: StartFacts, height: float) -> list[str]:
    """Peru on the left, the main partners on the right, one line per dealing with its symbol, in date order."""
    known = Counter(state for state, _ in facts.dealings if state in countries() and tone(state) != "other")
    partners = [state for state, _ in known.most_common(_PARTNERS)]
    total = sum(known[state] for state in partners)
    if not total:
        return []
    years = sorted({year for _, year in facts.dealings if year is not None})
    place = {year: 110 + 210 * number / max(1, len(years) - 1) for number, year in enumerate(years)}
    parts, y = [_rectangle(14, 8, 40, height - 16, "peru")], 8.0
    for state in partners:
        dealings = [year for one, year in facts.dealings if one == state]
        dated = [year for year in dealings if year is not None]
        share = (height - 16 - 4 * (len(partners) - 1)) * known[state] / total
        count = max(1, round(_ROWS * known[state] / total))
        shown = [dated[number * len(dated) // count] for number in range(count)] if dated else []
        for row, year in enumerate(shown):
            level = y + share * (row + 0.5) / count
            parts.append(_curve(54, level, 386, level, 1, tone(state)))
            parts.append(_rectangle(place[year] - 3.5, level - 2.5, 7, 5, tone(state), 1))
        parts.append(_rectangle(386, y, 40, share, tone(state)))
        y += share + 4
    return parts


def _investments(facts: StartFacts, height: float) -> list[str]:
    """Return the largest announced amounts as bars, coloured by home state."""
    found = sorted(facts.investments, key=lambda one: -one[1])[:_BARS]
    step = (height - 12) / max(1, len(found))
    return [
        _rectangle(24, 6 + number * step, max(2, 392 * amount / found[0][1]), step * 0.68, tone(state))
        for number, (state, amount) in enumerate(found)
    ]


def _trade(facts: StartFacts, height: float) -> list[str]:
    """Return the shares of exports by sector, one column per year."""
    parts, wide = [], (WIDTH - 40) / max(1, len(facts.shares))
    for place, column in enumerate(facts.shares):
        y, total = height - 8.0, sum(share for _, share in column) or 1
        for sector, share in column:
            high = (height - 16) * share / total
            y -= high
            if high > 0.5:
                parts.append(
                    _rectangle(20 + place * wide + wide * 0.14, y, wide * 0.72, high, SECTORS.get(sector, "muted"), 1)
                )
    return parts


def _map(facts: StartFacts, height: float) -> list[str]:
    """Return the locations of mines and blocks on the outlines of the departments."""
    if not facts.positions:
        return []
    degree = height / _WHOLE
    shapes = "".join(f'<path d="{one["d"]}"/>' for one in outlines(_TOLERANCE))
    scale, left, top = degree / UNITS, WIDTH / 2 + 75.5 * degree, height / 2 - _MIDDLE * degree
    move = f'transform="translate({number(left)} {number(top)}) scale({scale:g})"'
    land = f'<g {move} fill="var(--card)" stroke="var(--line)" stroke-width="{number(0.7 / scale)}">{shapes}</g>'
    places = [(left + east * degree, top - north * degree) for east, north in facts.positions]
    return [land, *(circle(x, y, max(2.2, height / 60), fill="accent") for x, y in places)]


def _squares(counts: Mapping[str, int], colours: Mapping[str, str], height: float) -> list[str]:
    """Return a square for each claim or comparison, coloured by its verdict or result, worst first."""
    tones = [colour for code, colour in colours.items() for _ in range(counts.get(code, 0))]
    size = 30.0
    while tones and (WIDTH - 24) // size * ((height - 16) // size) < len(tones):
        size -= 0.5
    across = int((WIDTH - 24) // size)
    return [
        _rectangle(12 + number % across * size, 8 + number // across * size, size * 0.82, size * 0.82, colour)
        for number, colour in enumerate(tones)
    ]


_PICTURES: Final[dict[str, Callable[[StartFacts, float], list[str]]]] = {
    "ownership": _ownership,
    "diplomacy": _diplomacy,
    "investments": _investments,
    "trade": _trade,
    "map": _map,
    "audit": lambda facts, height: _squares(facts.verdicts, VERDICTS, height),
    "sources": lambda facts, height: _squares(facts.kinds, DIFFERENCES, height),
}
