"""Measurements as Markdown tables."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from engines import TIMEOUT, Engine
from footprint import Footprint

RAW: Final = ("raw pyoxigraph, memory", "raw pyoxigraph, disk")
EMBEDDED: Final = (*RAW, "ours, memory", "ours, disk")


class Timing(NamedTuple):
    """Median seconds of a query, its number of rows, and the seconds of its first run; None if there was no result."""

    seconds: float | None
    rows: int | None
    first: float | None


Timings = Mapping[str, Mapping[str, Timing]]


def loading_table(engines: Sequence[Engine]) -> list[str]:
    """Return a table of each engine's loading time in seconds."""
    taken = {engine.name: f"{engine.load:.2f}" for engine in engines if engine.load}
    return ["Loading, seconds:", "", *_head(list(taken)), _row(list(taken.values()))]


def footprint_table(found: Mapping[str, Footprint]) -> list[str]:
    """Return a table of memory and disk space."""
    lines = ["", "Memory and disk, MB:", "", *_head(["engine", "resident", "peak", "on disk"])]
    for name, one in found.items():
        lines.append(_row([name, f"{one.resident:.0f}", f"{one.peak:.0f}", f"{one.disk:.0f}" if one.disk else "–"]))
    return lines


def query_table(timings: Timings, engines: Sequence[Engine]) -> list[str]:
    """Return a table of the median time of each query."""
    names = [engine.name for engine in engines]
    lines = ["", "Queries, median milliseconds:", "", *_head(["query", "rows", *names])]
    for query, by_engine in timings.items():
        # Engines that disagree show up as several row counts.
        rows = "/".join(map(str, sorted({one.rows for one in by_engine.values() if one.rows is not None})))
        lines.append(_row([query, rows, *(_milliseconds(by_engine[name].seconds) for name in names)]))
    return lines


def first_run_table(timings: Timings) -> list[str]:
    """Return a table of the first run of each query in this process, with cold caches."""
    names = _present(EMBEDDED, timings)
    lines = ["", "First run, milliseconds:", "", *_head(["query", *names])]
    for query, by_engine in timings.items():
        lines.append(_row([query, *(_milliseconds(by_engine[name].first) for name in names)]))
    return lines


def ratio_table(timings: Timings) -> list[str]:
    """Return a table of rdflib's time divided by that of each embedded engine, with minimum and median."""
    names = _present(EMBEDDED, timings)
    if not _present(["rdflib"], timings):
        return []
    lines = ["", f"Times as fast as rdflib (which is stopped after {TIMEOUT:.0f} s):", "", *_head(["query", *names])]
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for query, by_engine in timings.items():
        for name in names:
            ratios[name].append((by_engine["rdflib"].seconds or TIMEOUT) / (by_engine[name].seconds or TIMEOUT))
        lines.append(_row([query, *(f"{ratios[name][-1]:,.1f}" for name in names)]))
    for word, summarise in (("least", min), ("median", statistics.median)):
        lines.append(_row([f"**{word}**", *(f"{summarise(ratios[name]):,.1f}" for name in names)]))
    return lines


def throughput_table(
    rates: Mapping[str, Mapping[str, Sequence[float | None]]], modes: Sequence[str], clients: int
) -> list[str]:
    """Return a table of requests per second by query and mode, with the ratio of the first two servers."""
    names = list(next(iter(rates.values())))
    lines = ["", f"Requests per second, {clients} clients:", "", *_head(["query", "mode", *names, "ratio"])]
    for query, by_server in rates.items():
        for mode, pair in zip(modes, zip(*by_server.values(), strict=True), strict=True):
            cells = ["–" if rate is None else f"{rate:,.0f}" for rate in pair]
            # Fewer than ten requests per second are too few to compare.
            comparable = len(pair) == 2 and all(rate and rate >= 10 for rate in pair)
            ratio = f"{(pair[0] or 0) / (pair[1] or 1):.2f}" if comparable else "–"
            lines.append(_row([query, mode, *cells, ratio]))
    return lines


def _present(names: Sequence[str], timings: Timings) -> list[str]:
    return [name for name in names if name in next(iter(timings.values()))]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _head(names: Sequence[str]) -> list[str]:
    return [_row(names), "|" + "---|" * len(names)]


def _milliseconds(seconds: float | None) -> str:
    return "none" if seconds is None else f"{1000 * seconds:,.2f}" if seconds < 0.1 else f"{1000 * seconds:,.0f}"
