"""Export CSV files for ``neo4j-admin database import``: nodes and relationships, with their sources.

Things and statements are nodes; columns that refer to others are relationships. Stakes, effective shares and simple
relations are relationships between things, with the statement's data as properties. Every table has its own id space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from peru_asia_graph.exporters.flat_losses import note_losses, note_rounded
from peru_asia_graph.exporters.flat_schema import INTEGERS, FlatColumn, FlatTable, parts, read_flat_tables
from peru_asia_graph.exporters.flat_tables import BETWEEN
from peru_asia_graph.exporters.format_registry import ExportInput

# Tables whose rows are relationships: the columns of both ends, and the type (for relations it is in the row).
_ENDS: Final = {
    "stakes": ("owner", "owned", "OWNS"),
    "effective_ownership": ("owner", "asset", "EFFECTIVELY_OWNS"),
    "relations": ("subject", "object", ""),
}
_LABELS: Final = {
    "agreements": "AgreementRecord", "citations": "Citation", "claims": "Claim", "differences": "Difference",
    "discrepancies": "Discrepancy", "entities": "Entity", "events": "Event", "findings": "Finding",
    "investments": "Investment", "missing_notes": "MissingNote", "names": "PrintedName",
    "observations": "Observation", "phases": "PhaseStatement", "rejected": "RejectedReading", "sources": "Work",
    "tenures": "Tenure",
}  # fmt: skip
# Relationship types for columns whose name in capitals is not suitable: a plural, or an id.
_COLUMN_TYPES: Final = {
    "authors": "AUTHOR", "citations": "CITATION", "id": "RECORD_OF", "investors": "INVESTOR",
    "participants": "PARTICIPANT", "parties": "PARTY", "places": "PLACE",
}  # fmt: skip
# Relations that a table of statements contains: its name, and the columns of both ends.
_TOLD: Final = {
    "dcterms:creator": ("sources", "id", "authors"), "dcterms:publisher": ("sources", "id", "publisher"),
    "figureOf": ("observations", "id", "subject"), "holdsStakeIn": ("stakes", "owner", "owned"),
    "participant": ("events", "id", "participants"), "party": ("agreements", "id", "parties"),
    "phase": ("phases", "project", "phase"), "place": ("events", "id", "places"),
}  # fmt: skip
_TYPES: Final = {**dict.fromkeys(INTEGERS, ":long"), "decimal": ":double", "boolean": ":boolean"}

_TEXT: Final = """# Neo4j

Written by `pag export -f neo4j`. To import into an empty Neo4j 5 database, run in this folder:

```sh
neo4j-admin database import full neo4j --overwrite-destination \\
  --id-type=string --multiline-fields=true --array-delimiter=U+001F \\
{arguments}
```

The values of lists are separated by U+001F (unit separator), because names may contain a semicolon; with `LOAD CSV`,
use `split(row.citations, '\\u001F')`.

Things are `Entity` nodes with their class as a second label (`Firm`, `HydrocarbonBlock` …). Statements with more than
two ends are nodes (`Event`, `Investment`, `Observation` …); a stake is an `OWNS` relationship, a computed share through
chains an `EFFECTIVELY_OWNS` relationship. Each has its `source`; `citations` are ids of `Citation` nodes. Statements of
several sources are side by side and never added up:

```cypher
MATCH (owner)-[stake:OWNS]->(:Entity {{label: 'Block 8'}})
RETURN stake.source, owner.label, stake.share_percent, stake.basis, stake.citations
ORDER BY stake.source, stake.share_percent DESC;

MATCH (party:Entity {{label: 'Peru'}})<-[:PARTY]-(record:AgreementRecord)-[:RECORD_OF]->(agreement)
RETURN agreement.label, record.source, record.signed_on, record.in_force_on ORDER BY agreement.label;
```
"""


def write(source: ExportInput, form: str, which: str = "") -> dict[str, bytes]:
    """Return the files by relative name: ``nodes/``, ``relationships/`` and a README with the import command."""
    tables = read_flat_tables(source)
    note_losses(source, tables)
    note_rounded(source, tables)
    nodes = {table.name: table for table in tables if table.name not in _ENDS}
    files = {f"nodes/{table.name}.csv": _node_file(table) for table in nodes.values() if table.rows}
    for table in nodes.values():
        for column in table.columns:
            if _is_relationship(table, column) and column.references in nodes:
                lines = list(_column_lines(table, column))
                if len(lines) > 1:
                    files[f"relationships/{table.name}-{column.name}.csv"] = _encode(lines)
    for table in tables:
        if table.name in _ENDS:
            files |= _relationship_files(source, table, _homes(nodes.values()), tables)
    return {"README.md": readme(sorted(files)).encode(), **dict(sorted(files.items()))}


def _homes(nodes: Iterable[FlatTable]) -> dict[str, str]:
    """Return the table with the node for each id; things come before statements."""
    homes: dict[str, str] = {}
    for table in sorted(nodes, key=lambda one: one.name != "entities"):
        if list(table.key) == ["id"]:
            for slug in table.ids():
                homes.setdefault(slug, table.name)
    return homes


def _node_file(table: FlatTable) -> bytes:
    own = list(table.key) == ["id"]
    places = [place for place, one in enumerate(table.columns) if _is_property(table, one) and not (own and place == 0)]
    # The id is also a property; a composite key is an additional column.
    header = [f"{'id' if own else 'key'}:ID({table.name})", ":LABEL"]
    lines = [[*header, *(_header(table.columns[place]) for place in places)]]
    for number, row in enumerate(table.rows, 1):
        lines.append([_node_id(table, row, number), _label(table, row), *(row[place] for place in places)])
    return _encode(lines)


def _is_property(table: FlatTable, column: FlatColumn) -> bool:
    """Return whether a column is a property, not a relationship or the label of its target."""
    of = table.place(column.name.removesuffix("_label"))
    names_other = column.name.endswith("_label") and of is not None and bool(table.columns[of].references)
    return not names_other and (not _is_relationship(table, column) or column.name == "id")


def _is_relationship(table: FlatTable, column: FlatColumn) -> bool:
    # The country of an entity is redundant: the relation homeState says the same, with its source.
    return bool(column.references) and (table.name, column.name) != ("entities", "country")


def _header(column: FlatColumn) -> str:
    return f"{column.name}:string[]" if column.many else column.name + _TYPES.get(column.kind, "")


def _node_id(table: FlatTable, row: Sequence[str], number: int) -> str:
    return "@".join(table.key_of(row)) or str(number)


def _label(table: FlatTable, row: Sequence[str]) -> str:
    label = _LABELS.get(table.name) or table.name.title().replace("_", "")
    place = table.place("type") if table.name == "entities" else None
    return label if place is None else f"{label}{BETWEEN}{row[place]}"


def _column_lines(table: FlatTable, column: FlatColumn) -> Iterator[list[str]]:
    yield [f":START_ID({table.name})", f":END_ID({column.references})", ":TYPE"]
    kind = _COLUMN_TYPES.get(column.name, column.name.upper())
    place = [one.name for one in table.columns].index(column.name)
    for number, row in enumerate(table.rows, 1):
        for value in parts(row[place]):
            yield [_node_id(table, row, number), value, kind]


def _relationship_files(
    source: ExportInput, table: FlatTable, homes_of: Mapping[str, str], tables: Sequence[FlatTable]
) -> dict[str, bytes]:
    """Return the files for a table of relationships, one for each pair of id spaces."""
    start, end, kind = _ENDS[table.name]
    names = [one.name for one in table.columns]
    places = [
        place for place, one in enumerate(table.columns)
        if one.name not in (start, end, f"{start}_label", f"{end}_label", "relation")
    ]  # fmt: skip
    header = [_header(table.columns[place]) for place in places]
    told = _relationships_elsewhere(tables) if table.name == "relations" else set()
    lines: dict[tuple[str, str], list[list[str]]] = {}
    for row in table.rows:
        ends = (row[names.index(start)], row[names.index(end)])
        relation = row[names.index("relation")] if "relation" in names else ""
        if (relation, *ends) in told:
            continue
        homes = [homes_of.get(one, "") for one in ends]
        if not all(homes):
            lost = next(one for one, home in zip(ends, homes, strict=True) if not home)
            source.losses.add(table.name, start if lost == ends[0] else end, "refers to no node", lost, ends[0])
            continue
        found = lines.setdefault((homes[0], homes[1]), [])
        named = kind or relationship_type(relation)
        found.append([*ends, named, *(row[place] for place in places)])
    return {
        f"relationships/{table.name}-{home}-{other}.csv": _encode(
            [[f":START_ID({home})", f":END_ID({other})", ":TYPE", *header], *found]
        )
        for (home, other), found in lines.items()
    }


def _relationships_elsewhere(tables: Sequence[FlatTable]) -> set[tuple[str, str, str]]:
    """Return the relations, each with its ends, that are already relationships of other tables."""
    told: set[tuple[str, str, str]] = set()
    named = {table.name: table for table in tables}
    for relation, (name, start, end) in _TOLD.items():
        table = named.get(name)
        places = [] if table is None else [table.place(start), table.place(end)]
        if table is not None and None not in places:
            first, second = (place for place in places if place is not None)
            told |= {(relation, row[first], value) for row in table.rows for value in parts(row[second])}
    return told


def relationship_type(relation: str) -> str:
    """Return the relationship type for a relation, in capitals.

    >>> relationship_type("locatedIn"), relationship_type("dcterms:publisher")
    ('LOCATED_IN', 'PUBLISHER')
    """
    name = relation.rpartition(":")[2]
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).lstrip("_").upper()


def _encode(lines: Iterable[Sequence[str]]) -> bytes:
    return "".join(",".join(map(_quote, line)) + "\n" for line in lines).encode()


def _quote(cell: str) -> str:
    """Return a CSV cell; an empty one is unquoted, which Neo4j treats as missing."""
    if cell and (cell != cell.strip() or any(letter in cell for letter in ',"\n\r')):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def readme(files: Sequence[str]) -> str:
    """Return the README for a folder with these files of nodes and relationships."""
    arguments = [f"  --{name.partition('/')[0]}={name}" for name in files]
    return _TEXT.format(arguments=" \\\n".join(arguments))
