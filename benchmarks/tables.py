"""What was measured as Markdown: timings of engines in, lines of tables out. Pure."""

from __future__ import annotations

import statistics
from typing import Final, NamedTuple

from engines import PATIENCE, Engine

RAW: Final = ("raw pyoxigraph, memory", "raw pyoxigraph, disk")
# Those in one process with who asks.
INSIDE: Final = (*RAW, "ours, memory", "ours, disk")


class Timing(NamedTuple):
    """Median seconds of a query, its rows, and the seconds of the first asking; None where there was no answer."""

    seconds: float | None
    rows: int | None
    first: float | None


def of_loading(engines: list[Engine]) -> list[str]:
    """Return a table of what loading took."""
    named = {one.name: f"{one.load:.2f}" for one in engines if one.load}
    return ["Loading, seconds:", "", *_head(list(named)), "| " + " | ".join(named.values()) + " |"]


def of_queries(found: dict[str, dict[str, Timing]], engines: list[Engine]) -> list[str]:
    """Return a table of the medians of each query."""
    lines = ["", "Queries, median milliseconds:", "", *_head(["query", "rows", *(one.name for one in engines)])]
    for name, answers in found.items():
        rows = "/".join(str(one) for one in sorted({one.rows for one in answers.values() if one.rows is not None}))
        cells = [_milliseconds(answers[one.name].seconds) for one in engines]
        lines.append(f"| {name} | {rows} | " + " | ".join(cells) + " |")
    return lines


def of_first_askings(found: dict[str, dict[str, Timing]]) -> list[str]:
    """Return a table of what the first asking took in this process, where nothing has been read yet."""
    names = [name for name in INSIDE if name in next(iter(found.values()))]
    lines = ["", "The first asking, milliseconds:", "", *_head(["query", *names])]
    for query, answers in found.items():
        lines.append(f"| {query} | " + " | ".join(_milliseconds(answers[name].first) for name in names) + " |")
    return lines


def beside_rdflib(found: dict[str, dict[str, Timing]]) -> list[str]:
    """Return a table of how many times as fast as rdflib each engine in this process is, and the least and median."""
    names = [name for name in INSIDE if name in next(iter(found.values()))]
    if "rdflib" not in next(iter(found.values())):
        return []
    lines = [
        "",
        "Times as fast as rdflib (at least, where rdflib gave up):",
        "",
        "| query | " + " | ".join(names) + " |",
    ]
    lines += ["|---|" + "---|" * len(names)]
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for query, answers in found.items():
        for name in names:
            ratios[name].append((answers["rdflib"].seconds or PATIENCE) / (answers[name].seconds or PATIENCE))
        lines.append(f"| {query} | " + " | ".join(f"{ratios[name][-1]:,.1f}" for name in names) + " |")
    for word, of_all in (("least", min), ("median", statistics.median)):
        lines.append(f"| **{word}** | " + " | ".join(f"{of_all(ratios[name]):,.1f}" for name in names) + " |")
    return lines


def of_rates(rates: dict[str, dict[str, list[float | None]]], ways: list[str], clients: int) -> list[str]:
    """Return a table of answers a second: by query, by way of asking, ours beside another server's."""
    engines = list(next(iter(rates.values())))
    lines = ["", f"Answers a second, {clients} clients:", "", *_head(["query", "asked", *engines, "ratio"])]
    for query, by_engine in rates.items():
        for way, pair in zip(ways, zip(*by_engine.values(), strict=True), strict=True):
            cells = ["–" if rate is None else f"{rate:,.0f}" for rate in pair]
            # Fewer than ten answers a second are too few to compare.
            sure = len(pair) == 2 and all(rate and rate >= 10 for rate in pair)
            ratio = f"{(pair[0] or 0) / (pair[1] or 1):.2f}" if sure else "–"
            lines.append("| " + " | ".join([query, way, *cells, ratio]) + " |")
    return lines


def _head(names: list[str]) -> list[str]:
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]


def _milliseconds(seconds: float | None) -> str:
    return "none" if seconds is None else f"{1000 * seconds:,.2f}" if seconds < 0.1 else f"{1000 * seconds:,.0f}"
