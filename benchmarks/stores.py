"""Stores and servers compared: ``python benchmarks/stores.py TRIPLES… [--part http] [--out docs/performance.md]``.

Every engine loads the same generated graph; each query then runs on all engines in turn, so that a busy moment affects
all of them. Medians exclude the first run and cover as many runs as fit into ``BUDGET`` seconds.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import footprint
from engines import ENGINES, PARTS, TIMEOUT, Engine, declared, timed
from generate import count_things, write
from report import machine, replace_part
from tables import (
    RAW,
    Timing,
    first_run_table,
    footprint_table,
    loading_table,
    query_table,
    ratio_table,
    throughput_table,
)

from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.ownership.states import states_behind

_ASSET: Final = "thing-1300"
RUNS: Final = 5
BUDGET: Final = 5.0
# Short queries run several times in a row, since processor caches matter to them.
SHORT: Final = 0.02
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
# Every asset with the home states of the owners at the ends of its chains; our engines use the ownership layer.
ALL_STATES: Final = (
    "SELECT DISTINCT ?asset ?state WHERE { ?owner pag:holdsStakeIn+ ?asset ; pag:homeState ?state "
    "FILTER NOT EXISTS { ?above pag:holdsStakeIn ?owner } }"
)
CLIENTS: Final = 32
# Modes of the throughput test: whether each request is a different query, and their headers.
MODES: Final[Mapping[str, tuple[bool, Sequence[str]]]] = {
    "cached": (False, ()),
    "uncached": (True, ()),
    "uncached, new connections": (True, ("Connection: close",)),
}
THROUGHPUT: Final = ("label", "stakes at a year", "path, one asset", "distinct", "order and limit")
# A script for wrk that appends a different comment to each query.
_VARY: Final = """
local number = 0
function request()
  number = number + 1
  return wrk.format("GET", wrk.path .. "%0A%23" .. number)
end
"""


def queries(triples: int) -> dict[str, str]:
    """Return the queries, about the last asset of a graph of this size, which has many owners above it."""
    return {name: query.replace(_ASSET, f"thing-{count_things(triples) - 1}") for name, query in QUERIES.items()}


def measure(engines: Sequence[Engine], texts: Mapping[str, str]) -> dict[str, dict[str, Timing]]:
    """Return the timing of each query on each engine."""
    found: dict[str, dict[str, Timing]] = {}
    for name, query in texts.items():
        first = {engine.name: engine.run(query) for engine in engines}
        times: dict[str, list[float]] = {engine.name: [] for engine in engines}
        for _ in range(RUNS):
            for engine in engines:
                taken, so_far = first[engine.name][0], times[engine.name]
                if taken is not None and sum(so_far) + taken < BUDGET:
                    repeated = [engine.run(query)[0] for _ in range(IN_A_ROW if taken < SHORT else 1)]
                    so_far += [one for one in repeated if one is not None]
        found[name] = {}
        for engine in engines:
            taken, rows = first[engine.name]
            median = statistics.median(times[engine.name]) if times[engine.name] else taken
            found[name][engine.name] = Timing(median, rows, taken)
        print(name, {key: value.seconds for key, value in found[name].items()}, file=sys.stderr, flush=True)
    return found


def all_states(store: Any) -> int:
    """Return the number of pairs of asset and ultimate state that the ownership layer finds."""
    return len(states_behind(*read_holdings(store)))


def all_states_table(engines: Sequence[Engine]) -> list[str]:
    """Return a table of the seconds each engine takes for all assets."""
    lines = ["", "All assets to their ultimate states:", "", "| engine | pairs | seconds |", "|---|---|---|"]
    for engine in engines:
        if engine.name in RAW:  # queries have no timeout here
            continue
        store = engine.store
        taken, pairs = timed(lambda store=store: all_states(store)) if store else engine.run(ALL_STATES)
        name = f"{engine.name}, ownership layer" if store else engine.name
        cells = f"{pairs:,} | {taken:.2f}" if taken is not None else f"– | none in {TIMEOUT:.0f}"
        lines.append(f"| {name} | {cells} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def requests_per_second(url: str, query: str, vary: bool, headers: Sequence[str]) -> float | None:
    """Return the requests per second for 32 clients, measured with wrk; None without wrk or after an error."""
    program = shutil.which("wrk")
    if program is None:
        return None
    target = f"{url}?{urllib.parse.urlencode({'query': declared(query)})}"
    options = ["-t", "1", "-c", str(CLIENTS), "-d", "4s", "--timeout", "30s"]
    options += [part for header in ["Accept: text/csv", *headers] for part in ("-H", header)]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_VARY if vary else "")
        script.flush()
        command = [program, *options, "-s", script.name, target]
        # The first run is a warm-up.
        output = [subprocess.run(command, capture_output=True, text=True, check=False).stdout for _ in range(2)][1]
    rate, failed = re.search(r"Requests/sec:\s+([\d.]+)", output), re.search(r"Non-2xx.*responses:\s+(\d+)", output)
    return float(rate[1]) if rate and not failed else None


@contextmanager
def loaded(triples: int, names: Sequence[str]) -> Iterator[tuple[int, Path, list[Engine]]]:
    """Generate a graph and load it into each engine; yield its size, its file and the engines."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        file = Path(name) / "graph.nq"
        count = write(triples, file)
        engines = []
        for key in names:
            engines.append(stack.enter_context(ENGINES[key](file, Path(name))))
            print(engines[-1].name, f"loaded in {engines[-1].load:.2f} s", file=sys.stderr, flush=True)
        yield count, file, engines


def report_stores(triples: int, names: Sequence[str]) -> list[str]:
    """Return the tables of loading, queries and memory for one size."""
    with loaded(triples, names) as (count, file, engines):
        timings = measure(engines, queries(triples))
        folder, heavy = file.parent, declared(QUERIES["sum by country"])
        sizes = {
            "Oxigraph, memory": footprint.embedded(file, heavy),
            "Oxigraph, disk": footprint.embedded(folder / "raw", heavy),
            **{one.name: footprint.server(one.pid, folder / "virtuoso") for one in engines if one.name == "Virtuoso"},
        }
        lines = [f"### {count:,} triples", "", *loading_table(engines), *footprint_table(sizes)]
        lines += [*query_table(timings, engines), *first_run_table(timings), *ratio_table(timings)]
        return [*lines, *all_states_table(engines)]


def report_http(triples: int, names: Sequence[str]) -> list[str]:
    """Return the tables comparing our server with Oxigraph's for one size."""
    with loaded(triples, names) as (count, _, engines):
        texts = queries(triples)
        timings = measure(engines, texts)
        rates = {
            name: {
                engine.name: [requests_per_second(engine.url, texts[name], *mode) for mode in MODES.values()]
                for engine in engines
                if engine.url
            }
            for name in THROUGHPUT
        }
        lines = [f"### {count:,} triples over HTTP", *query_table(timings, engines)]
        return [*lines, *throughput_table(rates, list(MODES), CLIENTS)]


REPORTS: Final = {"stores": report_stores, "http": report_http}


def main() -> None:
    """Run the benchmark for the given sizes and print the tables or write them to a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("triples", type=int, nargs="*", default=[20_000])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--part", choices=list(REPORTS), help="Measure this part only.")
    parser.add_argument("--without", action="append", default=[], choices=sorted({*ENGINES} - {"ours-disk"}))
    given = parser.parse_args()
    for part, report in REPORTS.items():
        if given.part not in (None, part):
            continue
        names = [name for name in PARTS[part] if name not in given.without]
        lines = [f"Measured {machine()}."]
        for triples in given.triples:
            lines += ["", *report(triples, names)]
        if given.out:
            text = given.out.read_text("utf-8") if given.out.exists() else ""
            given.out.write_text(replace_part(text, part, "\n".join(lines)), "utf-8")
        print("\n".join(lines))


if __name__ == "__main__":
    main()
