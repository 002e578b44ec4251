"""The rows of the diplomacy board and its time series, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.dealings.board import BoardRow, read_board
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.views.graph_data import JsonObject
from peru_asia_graph.views.sanitize import sanitize

if TYPE_CHECKING:
    import networkx as nx

# Maximum number of citations shown for all values of a figure.
FEW_PLACES: Final = 6


def board_data(graph: nx.MultiDiGraph[str], series: Iterable[Mapping[str, Any]] = ()) -> JsonObject:
    """Return home state, rows, items set aside, officers and series of the board of a network."""
    board = read_board(graph)
    return {
        "home": board.home,
        "rows": [row_data(row) for row in board.rows],
        "aside": [list(one) for one in board.aside],
        "officers": [list(one) for one in board.officers],
        "series": series_data(series),
    }


def row_data(row: BoardRow) -> JsonObject:
    """Return a row without empty fields; ``span`` is its period in fractional years."""
    texts = {"date": row.date, "until": row.until, "certainty": row.certainty, "toward": row.toward}
    lists = {"home": row.home, "across": row.across, "beside": row.beside, "folded": row.folded}
    facts: JsonObject = {"id": row.id, "source": row.source, "sign": row.sign, "partners": list(row.partners)}
    facts |= {name: sanitize(text) for name, text in texts.items() if text}
    facts |= {name: list(slugs) for name, slugs in lists.items() if slugs}
    if row.people:
        facts["people"] = True
    span = span_of(row.date, row.until)
    return facts if span is None else facts | {"span": span}


def span_of(since: str, until: str) -> JsonObject | None:
    """Return the start and end years (omitted if open), and ``some`` for a moment somewhere in between.

    >>> span_of("2008", ""), span_of("1849", "1874"), span_of("[..1909]", "1909")
    ({'from': 2008.0, 'to': 2009.0}, {'from': 1849.0, 'to': 1875.0}, {'to': 1910.0})
    """
    try:
        known = [parse_date(text) for text in (since, until) if text]
    except ValueError:
        return None
    if not known:
        return None
    start, end = known[0].earliest if since else None, known[-1].latest
    span: JsonObject = {} if start is None else {"from": fractional_year(start)}
    if end is not None:
        span["to"] = fractional_year(end, after=True)
    if not until and since.startswith("[") and start is not None and end is not None:
        span["some"] = True
    return span


def fractional_year(day: date, *, after: bool = False) -> float:
    """Return a day as a fractional year: its start or, with ``after``, its end.

    >>> fractional_year(date(2012, 7, 1)), fractional_year(date(2012, 12, 31), after=True)
    (2012.5, 2013.0)
    """
    passed = (day - date(day.year, 1, 1)).days + (1 if after else 0)
    whole = (date(day.year, 12, 31) - date(day.year, 1, 1)).days + 1
    return round(day.year + passed / whole, 2)


def series_data(rows: Iterable[Mapping[str, Any]]) -> list[JsonObject]:
    """Return each time series: one line per source, partner and measure; sources are never combined.

    Tables of a source that print the same values are merged into one line with all citations; if there are many, only
    those of the first and the last value, which a panel shows.
    """
    lines: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        period = str(row.get("period", ""))
        if not period.isdigit():
            continue
        key = tuple(str(row.get(name, "")) for name in ("partner", "source", "flow", "measure", "unit", "table"))
        line = lines.setdefault(key, {"points": {}, "where": {}})
        line["points"][int(period)] = float(row["value"])
        line["where"].setdefault(int(period), []).extend(filter(None, str(row.get("where", "")).split("; ")))
    merged: dict[tuple[Any, ...], JsonObject] = {}
    for (partner, source, flow, measure, unit, _), line in sorted(lines.items()):
        points = tuple(sorted(line["points"].items()))
        facts = {"partner": partner, "source": source, "flow": flow, "measure": measure, "unit": unit}
        one = merged.setdefault((*facts.values(), points), facts | {"points": [list(at) for at in points], "where": []})
        years = sorted(line["where"])
        if len({place for places in line["where"].values() for place in places}) > FEW_PLACES:
            years = [years[0], years[-1]]
        places = [sanitize(place) for year in years for place in line["where"][year]]
        one["where"] = list(dict.fromkeys([*one["where"], *places]))
    return [{name: value for name, value in one.items() if value not in ("", [])} for one in merged.values()]
