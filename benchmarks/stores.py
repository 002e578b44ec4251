"""Stores and servers side by side: ``python benchmarks/stores.py TRIPLES… [--out docs/performance.md]``.

Every engine loads the same generated graph; then each query is asked of all of them in turn, so that a busy moment hits
all alike. Medians of askings after the third, of some in a row where they take under twenty milliseconds; the last one
where they take over two seconds. Limit: Python clients; ``wrk`` for throughput.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from engines import ENGINES, PATIENCE, Engine, declared, timed
from generate import count_things, write
from tables import RAW, Timing, beside_rdflib, of_first_askings, of_loading, of_queries, of_rates

from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.ownership.states import states_behind

_ASSET: Final = "thing-1300"
RUNS: Final = 5
# Askings that do not count, after the first; one that takes over so many seconds has no others.
WARM: Final = 2
SLOW: Final = 10.0
LONG: Final = 2.0
QUICK: Final = 0.02
IN_A_ROW: Final = 10
QUERIES: Final = {
    "label": "SELECT ?l WHERE { id:thing-500 rdfs:label ?l }",
    "stakes at a year": "SELECT ?o ?share WHERE { ?s pag:owned id:thing-1300 ; pag:owner ?o "
    "OPTIONAL { ?s pag:sharePercent ?share } "
    ' OPTIONAL { ?s pag:validFrom ?from } FILTER(!BOUND(?from) || STR(?from) <= "2012") }',
    "path, one asset": "SELECT DISTINCT ?state WHERE { ?o pag:holdsStakeIn+ id:thing-1300 ; pag:homeState ?state }",
    "sum by country": "SELECT ?state (SUM(?share) AS ?n) WHERE { ?s a pag:Stake ; pag:owner ?o ; "
    "pag:sharePercent ?share . ?o pag:homeState ?state } GROUP BY ?state ORDER BY DESC(?n)",
    "optional and date": "SELECT (COUNT(*) AS ?n) WHERE { ?s a pag:Stake ; pag:validFrom ?from "
    'OPTIONAL { ?s pag:validUntil ?until } FILTER(STR(?from) <= "2000" && (!BOUND(?until) || STR(?until) > "2010")) }',
    "top of a group": "SELECT ?o (COUNT(*) AS ?n) WHERE { ?s pag:owner ?o } GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT 10",
    "order and limit": "SELECT ?s ?share WHERE { ?s pag:sharePercent ?share } ORDER BY DESC(?share) ?s LIMIT 10",
    "distinct": "SELECT DISTINCT ?state WHERE { ?f pag:homeState ?state }",
    "construct": "CONSTRUCT { ?o pag:holdsStakeIn ?x } WHERE { ?s pag:owner ?o ; pag:owned ?x ; pag:validUntil ?end }",
    "contains": 'SELECT ?f WHERE { ?f a pag:Firm ; rdfs:label ?l FILTER(CONTAINS(?l, "Lima 1")) }',
}
# Every asset with the home states of the owners at the end of its chains; ours is asked of the ownership layer.
ALL_STATES: Final = (
    "SELECT DISTINCT ?asset ?state WHERE { ?owner pag:holdsStakeIn+ ?asset ; pag:homeState ?state "
    "FILTER NOT EXISTS { ?above pag:holdsStakeIn ?owner } }"
)
CLIENTS: Final = 32
# How the clients ask: headers of their requests.
WAYS: Final = {
    "again": [],
    "anew": ["Cache-Control: no-cache"],
    "anew, a connection each": ["Cache-Control: no-cache", "Connection: close"],
}
THROUGHPUT: Final = ("label", "stakes at a year", "path, one asset", "distinct", "order and limit")


def queries(triples: int) -> dict[str, str]:
    """Return the queries, asked of the last asset of a graph of this size: many owners stand above it."""
    return {name: query.replace(_ASSET, f"thing-{count_things(triples) - 1}") for name, query in QUERIES.items()}


def measure(engines: list[Engine], asked: dict[str, str], quick: bool) -> dict[str, dict[str, Timing]]:
    """Return what each query took each engine."""
    found: dict[str, dict[str, Timing]] = {}
    for name, query in asked.items():
        first = {one.name: one.ask(query) for one in engines}
        times: dict[str, list[float]] = {one.name: [] for one in engines}
        for run in range(WARM + (3 if quick else RUNS)):
            for one in engines:
                taken = times[one.name][-1] if times[one.name] else first[one.name][0]
                if taken is not None and taken < (SLOW if run < WARM else LONG):
                    # Quick ones are asked some times in a row, as who asks one asks more.
                    again = [one.ask(query)[0] for _ in range(IN_A_ROW if taken < QUICK else 1)]
                    times[one.name] += [one for one in again if one is not None]
        for one in engines:
            # What is asked again is what counts; where it takes long, the last asking does.
            times[one.name] = times[one.name][WARM:] or times[one.name][-1:]
        found[name] = {
            one.name: Timing(
                statistics.median(times[one.name]) if times[one.name] else first[one.name][0],
                first[one.name][1],
                first[one.name][0],
            )
            for one in engines
        }
        counts = {one.rows for one in found[name].values() if one.rows is not None}
        print(name, {key: value.seconds for key, value in found[name].items()}, counts, file=sys.stderr, flush=True)
    return found


def all_states(store: Any) -> int:
    """Return how many pairs of an asset and an ultimate state the ownership layer finds."""
    return len(states_behind(*read_holdings(store)).assets)


def measure_all_states(engines: list[Engine]) -> list[str]:
    """Return a table of the seconds every engine takes for all assets, or that it gave up."""
    lines = ["| engine | pairs | seconds |", "|---|---|---|"]
    for one in engines:
        if one.name in RAW:  # these could not be stopped
            continue
        taken, pairs = timed(lambda one=one: all_states(one.store)) if one.store else one.ask(ALL_STATES)
        how = f"{one.name}, ownership layer" if one.store else one.name
        shown = f"{pairs:,} | {taken:.2f}" if taken is not None else f"– | none in {PATIENCE:.0f}"
        lines.append(f"| {how} | {shown} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def requests_a_second(url: str, query: str, headers: list[str]) -> float | None:
    """Return how many answers a second 32 clients get, by wrk."""
    program = shutil.which("wrk")
    if program is None:
        return None
    place = f"{url}?{urllib.parse.urlencode({'query': declared(query)})}"
    told = [part for header in ["Accept: text/csv", *headers] for part in ("-H", header)]
    command = [program, "-t", "1", "-c", str(CLIENTS), "-d", "4s", "--timeout", "30s", *told, place]
    # The first run does not count: what is asked often settles.
    said = [subprocess.run(command, capture_output=True, text=True, check=False).stdout for _ in range(2)][1]
    rate, failed = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"Non-2xx.*responses:\s+(\d+)", said)
    return float(rate[1]) if rate and not failed else None


@contextmanager
def loaded(triples: int, without: set[str]) -> Iterator[tuple[int, list[Engine]]]:
    """Generate a graph and load it into every engine, one after the other."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        file = Path(name) / "graph.nq"
        count = write(triples, file)
        engines = []
        for key, make in ENGINES.items():
            if key not in without:
                engines.append(stack.enter_context(make(file, Path(name))))
                print(engines[-1].name, f"loaded in {engines[-1].load:.2f} s", file=sys.stderr, flush=True)
        yield count, engines


def report(triples: int, without: set[str]) -> str:
    """Measure one size; return its tables as Markdown."""
    with loaded(triples, without) as (count, engines):
        found = measure(engines, queries(triples), triples > 500_000)
        everything = measure_all_states(engines)
        served = [one for one in engines if one.url and one.name != "Virtuoso"]
        rates = {
            name: {
                one.name: [requests_a_second(one.url, queries(triples)[name], headers) for headers in WAYS.values()]
                for one in served
            }
            for name in THROUGHPUT
        }
    lines = [f"## {count:,} triples", "", *of_loading(engines), *of_queries(found, engines)]
    lines += [*of_first_askings(found), *beside_rdflib(found)]
    lines += of_rates(rates, list(WAYS), CLIENTS)
    lines += ["", "All assets to their ultimate states:", "", *everything]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """Return what this was measured on."""
    model = (
        re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    name = model[1] if model else platform.processor()
    python = platform.python_version()
    return f"{time.strftime('%Y-%m-%d')}, {name}, {os.cpu_count()} cores, Python {python}; load before: {load}"


def main() -> None:
    """Measure the sizes asked for and print, or write, the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("triples", type=int, nargs="*", default=[20_000])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--without", action="append", default=[], choices=sorted(ENGINES))
    given = parser.parse_args()
    text = f"Measured {machine()}.\n\n" + "\n".join(report(one, set(given.without)) for one in given.triples)
    if given.out:
        before = given.out.read_text("utf-8") if given.out.exists() else ""
        given.out.write_text(before.partition("<!-- measured -->")[0] + "<!-- measured -->\n" + text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
