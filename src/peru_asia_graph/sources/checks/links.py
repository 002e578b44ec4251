"""Checks links between rows: codes are in their code list, foreign keys in their table, things of the right class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from peru_asia_graph.errors import Problem, join_or, suggest
from peru_asia_graph.paths import REFERENCE, document, shipped_project
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.checks.periods import JUDGEMENTS
from peru_asia_graph.sources.metadata import METADATA
from peru_asia_graph.sources.tables import CsvRow, Source, Table
from peru_asia_graph.vocabulary import CODE, THING, local

# A suggestion takes milliseconds to compute, so only this many values per column get one.
HINTED: Final = 20
# A message lists at most this many codes.
LISTED: Final = 30
CONCEPTS: Final = "concepts"
CODE_LISTS: Final = ("schemes", CONCEPTS)
_RETYPE: Final = "name another, or correct its type"
_SWAP: Final = f"swap subject and object if the relation goes the other way, {_RETYPE}"
SHIPPED: Final = "it is in the shipped data; add your own row for it"
OF_OTHERS: Final = {
    "entities": "add a row for it to entities.csv, with this id, or with your own id and a match",
    "citations": "cite this source instead, with a row in its citations.csv",
}


def check_code_lists(reference: Source) -> Iterator[Problem]:
    """Yield a problem if a project's own reference folder, which replaces that of the package, lacks the code lists."""
    found = [reference.tables.get(name) for name in CODE_LISTS]
    lacking = [f"{name}.csv" for name, table in zip(CODE_LISTS, found, strict=True) if table is None or not table.rows]
    if lacking and all(table is None or table.complete for table in found):
        folder = shipped_project().data / REFERENCE
        message = f"the folder replaces the code lists of the package, but has no codes: {', '.join(lacking)}"
        remedy = f"copy them from {folder} and list them here, or move the other tables to a source and delete it"
        yield Problem(f"data/{REFERENCE}/{METADATA}", 0, "", message, remedy)


def check_codes(tables: Sequence[Table]) -> Iterator[Problem]:
    """Yield a problem for each code that is not in its code list, a table named ``concepts``, and for an empty list."""
    lists = [table for table in tables if table.name == CONCEPTS]
    if not all(table.complete for table in lists):
        return
    codes: dict[str, set[str]] = defaultdict(set)
    for table in lists:
        for row in table.rows:
            codes[row.text("scheme")].add(row.text("slug"))
    unknown: dict[str, list[Problem]] = defaultdict(list)
    for table in tables:
        for scheme, name in _coded_columns(table):
            hint = _hinter(codes[scheme], _codes_remedy(codes[scheme]))
            for row, value in _values(table, name):
                if value not in codes[scheme]:
                    message = f"'{value}' is not in the code list '{scheme}'"
                    problem = Problem(table.file, row.line, name, message, hint(value))
                    unknown[scheme].append(problem)
                    if codes[scheme]:
                        yield problem
    yield from (_empty_list(scheme, found) for scheme, found in unknown.items() if not codes[scheme])


def _empty_list(scheme: str, found: Sequence[Problem]) -> Problem:
    """Return the problem of a code list without codes, at the first of the cells that use it."""
    others = f", nor are the codes of {len(found) - 1} other cells: the list has no codes" if len(found) > 1 else ""
    folder = shipped_project().data / REFERENCE
    remedy = f"add it to {CONCEPTS}.csv; the rows of the package are in {folder / CONCEPTS}.csv"
    return found[0]._replace(message=found[0].message + others, remedy=remedy)


def check_own_codes(sources: Sequence[Source]) -> Iterator[Problem]:
    """Yield a problem for each code that a source uses but only another defines, or that two define differently."""
    first: dict[tuple[str, str], tuple[dict[str, str], str]] = {}
    homes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source in sorted(sources, key=lambda one: one.slug != REFERENCE):
        for row in source.rows(CONCEPTS):
            file, code = source.tables[CONCEPTS].file, (row.text("scheme"), row.text("slug"))
            homes[code].append(source.slug)
            said = {name: text for name in row.cells if (text := row.text(name))}
            known, place = first.setdefault(code, (said, f"{file}:{row.line}"))
            if known != said and not place.startswith(f"{file}:"):
                message = f"'{code[1]}' of the code list '{code[0]}' is defined differently at {place}"
                yield Problem(file, row.line, "slug", message, "choose another slug, or the same labels and definition")
    for source in sources:
        for table in source.tables.values():
            for scheme, name in _coded_columns(table):
                for row, value in _values(table, name):
                    others = homes.get((scheme, value), [source.slug])
                    if not {source.slug, REFERENCE} & set(others):
                        message = f"'{value}' is a code of another source, {others[0]}"
                        yield Problem(
                            table.file, row.line, name, message, "define it in concepts.csv of this source too"
                        )


def _coded_columns(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the code list and name of each column of codes."""
    for column in table.columns:
        scheme, _, name = str(column.get("valueUrl", "")).removeprefix(CODE).partition("/{")
        if name and not scheme.startswith("http"):
            yield scheme, column["name"]


def _codes_remedy(codes: Collection[str]) -> str:
    if len(codes) > LISTED:
        return f"its {len(codes)} codes are listed under Codes in {document('reference/tables.md')}"
    return f"the codes are {', '.join(sorted(codes))}"


def check_links(tables: Sequence[Table], shipped: Collection[str] = ()) -> Iterator[Problem]:
    """Yield a problem for each foreign key that is not in its table, and for each other link without a target row.

    ``shipped`` are ids of shipped sources that are not read.
    """
    ids_by_table = [(table, {row.text("id") for row in table.rows}) for table in tables]
    all_ids = set().union(*(ids for _, ids in ids_by_table))
    for table in tables:
        foreign = table.schema.get("foreignKeys", ())
        keys = {key["columnReference"]: str(key["reference"]["schemaReference"]) for key in foreign}
        links = [column["name"] for column in table.columns if str(column.get("valueUrl", "")).startswith(THING)]
        for name in dict.fromkeys([*keys, *links]):
            target = keys.get(name, "").removesuffix(".json")
            targets = [other for other in tables if other.name == target] or list(tables)
            if not all(other.complete for other in targets):
                continue
            named = [ids for other, ids in ids_by_table if other.name == target]
            ids = set().union(*named) if named else all_ids
            place = f"{target}.csv" if targets[0].name == target else "any table"
            hint = _hinter(ids, "add it first")
            for row, value in _values(table, name):
                if value not in ids:
                    remedy = SHIPPED if value in shipped else hint(value)
                    yield Problem(table.file, row.line, name, f"no '{value}' in {place}", remedy)


def check_own(sources: Sequence[Source]) -> Iterator[Problem]:
    """Yield a problem for each thing or citation of another source: a source has its own entities and citations."""
    others = {
        row.text("id"): (source.slug, name)
        for source in sources for name in OF_OTHERS for row in source.rows(name)
    }  # fmt: skip
    for source in sources:
        if source.slug == REFERENCE or not all(table.complete for table in source.tables.values()):
            continue
        own = {row.text("id") for table in source.tables.values() for row in table.rows}
        for table in source.tables.values():
            links = [one["name"] for one in table.columns if str(one.get("valueUrl", "")).startswith(THING)]
            for name in links if table.name not in JUDGEMENTS else ():
                for row, value in _values(table, name):
                    if value not in own and value in others:
                        slug, kind = others[value]
                        message = f"'{value}' belongs to another source, {slug}"
                        yield Problem(table.file, row.line, name, message, OF_OTHERS[kind])


def check_kinds(tables: Sequence[Table], terms: OntologyTerms) -> Iterator[Problem]:
    """Yield a problem for each link to a thing of a class that the column does not allow, or to the row's own subject.

    If only the ontology's domain or range is violated, it is a warning.
    """
    entities = [row for table in tables if table.name == "entities" for row in table.rows]
    types = {row.text("id"): row.text("type") for row in entities}
    for table in tables:
        further = any(link["columnReference"] == "id" for link in table.schema.get("foreignKeys", ()))
        for column in table.columns:
            name, term = column["name"], local(str(column.get("propertyUrl", "")))
            wanted: Any = column.get("schema:rangeIncludes")
            classes = wanted or sorted(terms.ranges.get(term, ()))
            for row, value in _values(table, name) if classes else ():
                for message in _wrong_class(value, types, classes, terms):
                    yield Problem(table.file, row.line, name, message, _RETYPE, warning=not wanted)
            if further and column.get("required") and term in terms.domains:
                for row in table.rows:
                    for message in _wrong_class(row.text("id"), types, sorted(terms.domains[term]), terms):
                        yield Problem(table.file, row.line, "id", message, _RETYPE)
        for row in table.rows:
            yield from _check_relation(table.file, row, types, terms)


def _check_relation(file: str, row: CsvRow, types: Mapping[str, str], terms: OntologyTerms) -> Iterator[Problem]:
    """Yield a problem for a relation to itself, and a warning for classes outside the relation's domain or range."""
    relation, subject, goal = (row.text(name) for name in ("relation", "subject", "object"))
    if goal and goal == subject:
        yield Problem(file, row.line, "object", f"'{goal}' is related to itself", "name another")
    for name, value, expected in (("subject", subject, terms.domains), ("object", goal, terms.ranges)):
        for message in _wrong_class(value, types, sorted(expected.get(relation, ())), terms):
            yield Problem(file, row.line, name, f"{message} by {relation}", _SWAP, warning=True)


def _wrong_class(slug: str, types: Mapping[str, str], wanted: Sequence[str], terms: OntologyTerms) -> Iterator[str]:
    """Yield a message if a thing has none of the expected classes."""
    kind = types.get(slug, "")
    if wanted and kind in terms.subclasses and not terms.subclasses[kind] & set(wanted):
        yield f"'{slug}' is a {kind} where {join_or(wanted)} is expected"


def _values(table: Table, name: str) -> Iterator[tuple[CsvRow, str]]:
    for row in table.rows:
        for value in row.items(name):
            yield row, value


def _hinter(known: Collection[str], otherwise: str) -> Callable[[str], str]:
    """Return a function that suggests known values, for the first ``HINTED`` values."""
    hints: dict[str, str] = {}

    def hint(value: str) -> str:
        if value not in hints and len(hints) < HINTED:
            meant = suggest(value, known)
            hints[value] = f"did you mean {join_or(meant)}?" if meant else otherwise
        return hints.get(value, otherwise)

    return hint
