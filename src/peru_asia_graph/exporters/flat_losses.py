"""The losses of the flat tables: what the sources state and no table contains.

A table covers the properties and classes named in its query. Inferred and computed values and the bounds of dates are
not counted, because they follow from the rest.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from peru_asia_graph.exporters.flat_schema import FlatTable
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import DESCRIPTION_GRAPH, ONTOLOGY_GRAPH, PREFIXES, RDF_TYPE, expand, local, shorten

_SPLIT: Final = "\x1f"
_NAMES: Final = re.compile(r"\b([a-z]+):(\w+)")
_CLASSES: Final = re.compile(r"\ba ([a-z]+:\w+(?:, [a-z]+:\w+)*)")
# A subquery for the first or last of several values; the values it compares are not a column.
_INNER: Final = re.compile(r"\{\s*SELECT[^{}]*\b(?:MIN|MAX)\([^{}]*\{.*?\bGROUP BY[^{}]*\}", re.DOTALL)
_BOUNDS: Final = {"earliest", "latest", "earliestEnd", "latestStart", "ended", "current", "when"}
_DATA: Final = "!STRSTARTS(STR(?{0}), STR(graph:derived)) && ?{0} NOT IN (graph:ontology, graph:description)"
_STATED: Final = f"""
SELECT ?class ?property (COUNT(?value) AS ?count) (MIN(?one) AS ?example) WHERE {{
  {{ SELECT DISTINCT ?thing ?class WHERE {{ GRAPH ?named {{ ?thing a ?class }} FILTER({_DATA.format("named")}) }} }}
  GRAPH ?graph {{ ?thing ?property ?value }}
  FILTER({_DATA.format("graph")})
  BIND(CONCAT(STR(?thing), "{_SPLIT}", STR(?value)) AS ?one)
}} GROUP BY ?class ?property"""
# Not with "+", because Virtuoso requires a fixed start for such a path.
_WIDER: Final = "SELECT DISTINCT ?class ?wider WHERE { ?class rdfs:subClassOf ?next . ?next rdfs:subClassOf* ?wider }"
_SIZE: Final = "SELECT (COUNT(*) AS ?triples) WHERE { GRAPH <$graph> { ?s ?p ?o } }"


def note_losses(source: ExportInput, tables: Sequence[FlatTable]) -> None:
    """Report the statements that have no column in the flat tables, by table, or by class if there is no table."""
    tables_of = {slug: table.name for table in reversed(tables) for slug in table.ids()}
    report, covered = source.losses, _covered(source.ontology / "tables")
    wider = _wider_classes(source.store)
    for kind, name, count, example in source.store.query(_STATED).values():
        held = covered[""].union(*(covered.get(one, set()) for one in (kind, *wider[kind])))
        if name not in held and local(name) not in _BOUNDS:
            thing, _, value = example.partition(_SPLIT)
            table = tables_of.get(local(thing), shorten(kind))
            report.add(table, shorten(name), "no column in the flat tables", local(value), local(thing), int(count))
    for graph in (ONTOLOGY_GRAPH, DESCRIPTION_GRAPH):
        ((size,),) = source.store.query(_SIZE.replace("$graph", graph)).values()
        if int(size):
            report.add(f"graph {local(graph)}", "", "not data; only in the RDF formats", count=int(size))


def _covered(folder: Path) -> dict[str, set[str]]:
    """Return the properties covered by the tables, by class; tables without a class are under the empty string."""
    covered: dict[str, set[str]] = defaultdict(lambda: {RDF_TYPE, expand("rdfs:label")})
    for path in sorted(folder.glob("*.rq")):
        query = _INNER.sub("", path.read_text("utf-8"))
        properties = {expand(f"{prefix}:{name}") for prefix, name in _NAMES.findall(query) if prefix in PREFIXES}
        kinds = [expand(name) for names in _CLASSES.findall(query) for name in names.split(", ")]
        for kind in kinds or [""]:
            covered[kind] |= properties
    return covered


def _wider_classes(store: Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, wider in store.query(_WIDER).values():
        found[one].add(wider)
    return found


def note_rounded(source: ExportInput, tables: Sequence[FlatTable]) -> None:
    """Report the decimals with more digits than a floating-point number can hold."""
    reason = "has more digits than a floating-point number"
    for table in tables:
        for place, column in enumerate(table.columns):
            if column.kind == "decimal":
                for row in table.rows:
                    if row[place] and Decimal(repr(float(row[place]))) != Decimal(row[place]):
                        source.losses.add(table.name, column.name, reason, row[place], row[0])
