"""The start page of the exported pages: its files, the names in its search, counts, findings, values of small charts.

Each finding names its source. A chart shows only the first source that has data for it; nothing is added up across
sources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from peru_asia_graph.query.dataset import read_dataset
from peru_asia_graph.query.names_script import names_script
from peru_asia_graph.query.search_entries import page_entries, read_entries
from peru_asia_graph.query.side_by_side import SourcePart, parts_about
from peru_asia_graph.query.sources import read_sources, sources_table
from peru_asia_graph.query.term_labels import TermLabels, read_labels
from peru_asia_graph.store import Store
from peru_asia_graph.views.head import NAMES_SCRIPT, START_FILES, exported_address
from peru_asia_graph.views.page_registry import pages_with_content
from peru_asia_graph.views.start_facts import DifferingShare, LargestInvestment, Origin, ShareShift, StartFacts
from peru_asia_graph.views.start_page import group_files, start_page
from peru_asia_graph.views.words import LANGUAGES, words
from peru_asia_graph.vocabulary import GRAPH, local, thing

_COUNTED: Final = (
    ("projects", "?x a pag:Project"), ("firms", "?x a pag:Organization"), ("stakes", "?x a pag:Stake"),
    ("investments", "?x a pag:Investment"), ("events", "?x a pag:Event"), ("figures", "?x a qb:Observation"),
)  # fmt: skip
_INVESTMENTS: Final = """
SELECT ?id ?amount ?project ?investor ?country ?where WHERE {
  ?id a pag:Investment ; pag:amountUsdMillion ?amount ; pag:investor ?investor ; pag:citation/rdfs:label ?where .
  FILTER(isNumeric(?amount))
  OPTIONAL { ?id pag:project ?project } OPTIONAL { ?id pag:homeState ?country }
} ORDER BY DESC(?amount) ?id ?investor ?where"""
_VERDICTS: Final = "SELECT ?verdict (COUNT(?x) AS ?n) WHERE { ?x a pag:Claim ; pag:verdict ?verdict } GROUP BY ?verdict"
_KINDS: Final = "SELECT ?kind (COUNT(?x) AS ?n) WHERE { ?x a pag:Difference ; pag:differenceKind ?kind } GROUP BY ?kind"
_DIFFERING: Final = """
SELECT ?about ?owner ?a ?b ?sourceA ?sourceB WHERE {
  ?x a pag:Difference ; pag:differenceKind <https://w3id.org/peru-asia-graph/code/difference-kind/value> ;
    pag:comparedProperty pag:sharePercent ; pag:about ?about ; pag:valueA ?a ; pag:valueB ?b ;
    pag:sourceA ?sourceA ; pag:sourceB ?sourceB ; pag:statementA/pag:owner ?owner .
} ORDER BY ?about ?owner"""
_SHARES: Final = """
SELECT ?partner ?category ?period ?value ?where WHERE {
  ?id pag:measure <https://w3id.org/peru-asia-graph/code/measure/share-of-exports> ; pag:partner ?partner ;
    pag:category ?category ; pag:period ?when ; pag:value ?value ; pag:citation/rdfs:label ?where ;
    qb:dataSet <https://w3id.org/peru-asia-graph/code/dataset/table-2> .
  FILTER(isNumeric(?value)) BIND(STR(?when) AS ?period)
} ORDER BY ?id ?where"""
_STAKES: Final = """
SELECT ?owner ?owned ?share ?state WHERE {
  ?x a pag:Stake ; pag:owner ?owner ; pag:owned ?owned ;
    pag:basis <https://w3id.org/peru-asia-graph/code/basis/direct> ;
    pag:certainty <https://w3id.org/peru-asia-graph/code/certainty/stated> . ?owned a pag:Project .
  OPTIONAL { ?x pag:sharePercent ?share FILTER(isNumeric(?share)) } OPTIONAL { ?owner pag:homeState ?state }
} ORDER BY ?owner ?owned"""
_DEALINGS: Final = """
SELECT ?x ?date ?who ?home WHERE {
  { ?x a pag:Event ; pag:participant ?who } UNION { ?x a pag:Agreement ; pag:party ?who }
  OPTIONAL { ?x pag:date ?date } OPTIONAL { ?who pag:homeState ?home }
} ORDER BY ?x ?who ?home ?date"""
_PERU: Final = "peru"
_POSITIONS: Final = """
SELECT DISTINCT ?east ?north WHERE {
  ?x a pag:Project ; <http://www.w3.org/2003/01/geo/wgs84_pos#long> ?east ;
    <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?north
  FILTER(isNumeric(?east) && isNumeric(?north))
} ORDER BY ?east ?north"""


def read_start(store: Store) -> StartFacts:
    facts = StartFacts(pages_with_content(store))
    facts.counts = [(key, _count(store, pattern)) for key, pattern in _COUNTED]
    facts.counts.append(("sources", len(list(read_sources(store)))))
    facts.origin = _read_origin(store)
    facts.kinds = _by_code(store, _KINDS)
    facts.positions = [(float(east), float(north)) for east, north in store.query(_POSITIONS).values()]
    parts = parts_about(store)
    _add_differing(facts, store, {GRAPH + part.name: part.short for part in parts})
    for part in parts:
        _add_findings(facts, part)
    things: set[str] = set()
    if facts.largest:
        things |= {facts.largest.project, *facts.largest.investors}
    if facts.shift:
        things |= {facts.shift.partner, facts.shift.category}
    if facts.differing:
        things |= {facts.differing.about, facts.differing.owner}
    facts.names = {local(iri): named for iri, named in read_labels(store, [*map(thing, sorted(things - {""}))]).items()}
    return facts


def _read_origin(store: Store) -> Origin | None:
    """Return the source with the most statements; None if no source is described."""
    described = {one.name: one for one in read_sources(store)}
    held = {str(row["name"]): int(str(row["statements"])) for row in sources_table(store)}
    if not held:
        return None
    name = max(held, key=lambda one: held[one])
    one, makers = described[name], ", ".join(read_dataset(store).creators)
    is_most, year = 2 * held[name] > sum(held.values()), str(one.year or "")
    return Origin(name, one.citation or one.title or name, year, is_most, len(held) - 1, makers)


def _add_findings(facts: StartFacts, part: SourcePart) -> None:
    """Add what no earlier source has."""
    store = part.store
    if not facts.investments:
        _add_investments(facts, part)
    if not facts.verdicts:
        facts.verdicts, facts.audited = _by_code(store, _VERDICTS), part.short
    if not facts.shift:
        _add_shares(facts, part)
    facts.stakes = facts.stakes or [
        (local(owner), local(owned), float(share or 0), local(state))
        for owner, owned, share, state in store.query(_STAKES).values()
    ]
    facts.dealings = facts.dealings or _read_dealings(store)


def _add_investments(facts: StartFacts, part: SourcePart) -> None:
    """Add the amount of each investment, and the largest with its citation."""
    rows = part.store.query(_INVESTMENTS).values()
    seen: dict[str, tuple[str, float]] = {}
    for one, amount, _, _, country, _ in rows:
        seen.setdefault(one, (local(country), float(amount)))
    facts.investments = list(seen.values())
    if rows:
        first, amount, project, _, _, where = rows[0]
        investors = tuple(dict.fromkeys(local(row[3]) for row in rows if row[0] == first))
        cited = f"{part.short} {where}".strip()
        facts.largest = LargestInvestment(local(first), Decimal(amount), local(project), investors, cited)


def _read_dealings(store: Store) -> list[tuple[str, float | None]]:
    """Return partner and year of each dealing of Peru with another state, by partner and year."""
    years: dict[str, float | None] = {}
    sides: dict[str, set[str]] = defaultdict(set)
    for one, date, who, home in store.query(_DEALINGS).values():
        years.setdefault(one, _year(date))
        sides[one].add(local(home or who))
    found = [(state, years[one]) for one, states in sides.items() if _PERU in states for state in states - {_PERU}]
    return sorted(found, key=lambda one: (one[0], one[1] is None, one[1] or 0.0))


def _add_shares(facts: StartFacts, part: SourcePart) -> None:
    """Add the largest change in a sector's share of exports to a partner, and that partner's shares over the years."""
    cells: dict[tuple[str, str], dict[str, tuple[Decimal, str]]] = defaultdict(dict)
    for partner, category, period, value, where in part.store.query(_SHARES).values():
        key = local(partner), local(category)
        known = cells[key].get(period)
        if known is None or not known[1].startswith("Table"):
            cells[key][period] = Decimal(value), where
    changes = [(abs(by[max(by)][0] - by[min(by)][0]), *key) for key, by in cells.items() if len(by) > 1]
    if not changes:
        return
    _, state, sector = max(changes)
    by = cells[state, sector]
    first, last = min(by), max(by)
    table = by[last][1].partition(",")[0]
    facts.shift = ShareShift(state, sector, first, last, by[first][0], by[last][0], f"{part.short} {table}")
    years = sorted({year for (one, _), found in cells.items() if one == state for year in found})
    sectors = sorted(key for key in cells if key[0] == state)
    facts.shares = [[(key[1], float(cells[key].get(year, (Decimal(0), ""))[0])) for key in sectors] for year in years]


def _add_differing(facts: StartFacts, store: Store, short: dict[str, str]) -> None:
    """Add the stake whose shares in two sources differ most; bounds, such as 25-50, do not count."""
    found = [row for row in store.query(_DIFFERING).values() if not any("-" in value for value in row[2:4])]
    if found:
        best = max(found, key=lambda row: (abs(Decimal(row[2]) - Decimal(row[3])), row))
        sources = short.get(best[4], local(best[4])), short.get(best[5], local(best[5]))
        shares = Decimal(best[2]), Decimal(best[3])
        facts.differing = DifferingShare(local(best[0]), local(best[1]), sources, shares)


def _count(store: Store, pattern: str) -> int:
    ((count,),) = store.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}").values()
    return int(count)


def _by_code(store: Store, query: str) -> dict[str, int]:
    return dict(sorted((local(code).rpartition("/")[2], int(n)) for code, n in store.query(query).values()))


def _year(date: str) -> float | None:
    found = re.search(r"\d{3}[\dX]", date)
    return float(found[0].replace("X", "5")) if found else None


def start_files(
    store: Store, files: Sequence[Mapping[str, Any]], pages_of: Mapping[str, str], assets: str
) -> dict[str, bytes]:
    """Return the start page in each language and the script with all names, by relative name.

    ``files`` (name, size, about) are the data files it offers; ``pages_of`` has the page that shows a thing.
    """
    facts, made = read_start(store), {}
    for language in LANGUAGES:
        page = partial(exported_address, language=language)

        def thing(slug: str, language: str = language) -> str:
            return exported_address(pages_of[slug], slug, language) if slug in pages_of else ""

        listed = group_files(files, language)
        made[START_FILES[language]] = start_page(facts, language, page, thing, listed, assets=assets).encode()
    labels = TermLabels(store)
    chosen = [(entry, entry.path.removeprefix("@"), "") for entry in page_entries(facts.pages)] + [
        (entry, pages_of[slug], slug)
        for entry in read_entries(store)
        if (slug := entry.path.removeprefix("id/")) in pages_of
    ]
    entries = [
        (entry, {code: exported_address(kind, slug, code) for code in LANGUAGES}) for entry, kind, slug in chosen
    ]
    kinds = {
        code: {entry.kind: words(code)["ui"].get(entry.kind) or labels.label(entry.kind, code) for entry, _ in entries}
        for code in LANGUAGES
    }
    return made | {f"{assets}/{NAMES_SCRIPT}": names_script(entries, kinds)}
