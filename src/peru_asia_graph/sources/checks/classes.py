"""Words of the ontology that stand in cells: classes and relations are ones the ontology has.

Tables and the ontology's words in, problems out. Limit: only whole cells that are a word are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from peru_asia_graph.errors import Problem, join_or, suggest
from peru_asia_graph.sources.tables import Table
from peru_asia_graph.vocabulary import ONTOLOGY, RDF_TYPE, local

Subclasses = Mapping[str, set[str]]


def check_classes(tables: Sequence[Table], subclasses: Subclasses) -> Iterator[Problem]:
    """Yield a problem for each class the ontology has not, and for each whose things have a table of their own."""
    own: dict[str, str] = {}
    for table in tables:
        for column in table.columns:
            if column.get("virtual") and column.get("propertyUrl") == RDF_TYPE:
                own[local(str(column["valueUrl"]))] = f"{table.name}.csv"
    for table in tables:
        names = [column["name"] for column in table.columns if column.get("propertyUrl") == RDF_TYPE]
        for name, row in ((name, row) for name in names for row in table.rows):
            kind = row.text(name)[:60]
            if kind and kind not in subclasses:
                meant = suggest(kind, subclasses)
                remedy = f"did you mean {join_or(meant)}?" if meant else "see ontology/peru-asia.ttl"
                yield Problem(table.file, row.line, name, f"the ontology has no class '{kind}'", remedy)
            elif kind in own:
                message = f"what is a {kind} has a table of its own"
                yield Problem(table.file, row.line, name, message, f"enter it in {own[kind]}")


def check_relations(tables: Sequence[Table], relations: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each relation the ontology has not, in the columns whose cells are words of the ontology."""
    for table in tables:
        for column in table.columns:
            name = column["name"]
            if column.get("valueUrl") != f"{ONTOLOGY}{{{name}}}" or column.get("propertyUrl") == RDF_TYPE:
                continue
            for row in table.rows:
                relation = row.text(name)[:60]
                if relation and relation not in relations:
                    meant = suggest(relation, relations)
                    remedy = f"did you mean {join_or(meant)}?" if meant else "see ontology/peru-asia.ttl"
                    message = f"the ontology has no relation '{relation}'"
                    yield Problem(table.file, row.line, name, message, remedy)
