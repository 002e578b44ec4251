"""The differences between the sources of a store as a table, for all things or for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peru_asia_graph.query.codes import find_code
from peru_asia_graph.sources.date_words import periods_in_text
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, sort_parts
from peru_asia_graph.vocabulary import AGREEMENT_DATES, CODE, GRAPH, STAKE_DATES, as_words, thing

SCHEME: Final = "difference-kind"
# Values that are shown after the label of their statement, which includes a share, but neither a figure nor a date.
NAMED: Final = ("value", *STAKE_DATES)
_QUERY: Final = """
SELECT ?kind ?about ?property ?source_a ?value_a ?says_a ?source_b ?value_b ?says_b ?preferred ?reason
  (GROUP_CONCAT(DISTINCT ?place; SEPARATOR="; ") AS ?citations)
WHERE {
  ?difference a pag:Difference ; pag:differenceKind ?code ; pag:about ?thing ; pag:comparedProperty ?compared ;
    pag:sourceA ?graph_a ; pag:sourceB ?graph_b .
  # only
  ?thing rdfs:label ?about .
  BIND(REPLACE(STR(?code), "^.*/", "") AS ?kind)
  # Most important kinds first.
  BIND(STRLEN(STRBEFORE("value date level later silent refines agrees", ?kind)) AS ?rank)
  BIND(STRAFTER(STR(?compared), "#") AS ?property)
  BIND(STRAFTER(STR(?graph_a), "/graph/") AS ?source_a)
  BIND(STRAFTER(STR(?graph_b), "/graph/") AS ?source_b)
  OPTIONAL { ?difference pag:valueA ?value_a } OPTIONAL { ?difference pag:valueB ?value_b }
  OPTIONAL { ?difference pag:statementA ?one . ?one rdfs:label ?says_a }
  OPTIONAL { ?difference pag:statementB ?other . ?other rdfs:label ?says_b }
  OPTIONAL { ?difference pag:preferredSource ?better . BIND(STRAFTER(STR(?better), "/graph/") AS ?preferred) }
  OPTIONAL { ?difference pag:reason ?reason }
  OPTIONAL {
    { ?difference pag:statementA ?statement ; pag:sourceA ?graph }
    UNION { ?difference pag:statementB ?statement ; pag:sourceB ?graph }
    ?graph dcterms:alternative ?short .
    GRAPH ?graph { ?statement pag:citation ?cited }
    ?cited rdfs:label ?locator
    BIND(CONCAT(STR(?short), " ", STR(?locator)) AS ?place)
  }
}
GROUP BY ?difference ?rank ?kind ?about ?property
  ?source_a ?value_a ?says_a ?source_b ?value_b ?says_b ?preferred ?reason
ORDER BY ?rank ?about ?property ?source_a ?source_b ?value_a ?value_b STR(?says_a) STR(?says_b)"""
_PREFERRED: Final = "preferred"
# A difference is about an asset; those of an owner are found through its stakes.
_OF_THING: Final = "FILTER(?thing = $one || EXISTS { ?difference (pag:statementA|pag:statementB)/pag:owner $one })"


def differences_table(
    store: Store, slug: str | None = None, kinds: Sequence[str] = (), sources: Sequence[str] = ()
) -> Result:
    """Return the differences between the sources, optionally of one thing, of some kinds or of some sources.

    Raises UnknownName for an unknown kind.
    """
    conditions = [] if slug is None else [_OF_THING.replace("$one", f"<{thing(slug)}>")]
    if kinds:
        codes = ", ".join(f"<{CODE}{SCHEME}/{find_code(store, SCHEME, kind)}>" for kind in kinds)
        conditions.append(f"FILTER(?code IN ({codes}))")
    if sources:
        graphs = ", ".join(f"<{GRAPH}{source}>" for source in sources)
        conditions.append(f"FILTER(?graph_a IN ({graphs}) || ?graph_b IN ({graphs}))")
    result = store.query(_QUERY.replace("# only", " ".join(conditions)))
    place = list(result.variables).index("citations")
    rows = [[*row[:place], cell and cell._replace(value=sort_parts(cell.value, "; ")), *row[place + 1:]]
            for row in result.rows for cell in (row[place],)]  # fmt: skip
    return Result(result.variables, rows)


def compact(result: Result) -> Result:
    """Return the differences for a narrow screen: each source's name and statement, and the preferred source."""
    rows: list[list[Value | None]] = []
    decided = any(row.get(_PREFERRED) for row in result)
    for row in result:
        said = [f"{_statement_text(row, one) or 'nothing'} ({row[f'source_{one}']})" for one in "ab"]
        better = [f"{row[_PREFERRED]}: {row['reason']}" if row[_PREFERRED] else None] if decided else []
        rows.append([row["kind"], row["about"], as_words(str(row["property"])), *said, *better, row["citations"]])
    columns = ["one_source", "other_source", *([_PREFERRED] if decided else []), "citations"]
    return from_rows(["kind", "about", "property", *columns], rows)


def _statement_text(row: Mapping[str, Value | None], one: str) -> str:
    """Return what a source states: the label of a stake, which has its share; the date of an agreement; a figure."""
    says, value = (str(row[f"{name}_{one}"] or "") for name in ("says", "value"))
    if row["property"] in (*STAKE_DATES, *AGREEMENT_DATES):
        value = periods_in_text(value)
    if row["property"] in NAMED and says and value:
        return f"{says}: {value}"
    return (value or says) if row["property"] in AGREEMENT_DATES else (says or value)
