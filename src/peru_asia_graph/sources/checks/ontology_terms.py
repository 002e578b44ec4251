"""Checks that every property, class and relation used in schemas and cells is defined in the ontology."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import SUGGESTED, Problem, join_or, suggest
from peru_asia_graph.paths import document
from peru_asia_graph.sources.metadata import Column, show
from peru_asia_graph.sources.tables import Table
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, PREFIXES, RDF_TYPE, local, shorten

# Vocabularies whose properties may be used without being defined in the project.
FOREIGN: Final = (
    *(namespace for namespace in PREFIXES.values() if not namespace.startswith(BASE)),
    "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "http://www.opengis.net/ont/geosparql#",
    "http://www.w3.org/2006/time#",
)


@dataclass(frozen=True)
class OntologyTerms:
    """The terms that a project's ontology files define, by local name except for ``properties``.

    ``subclasses`` maps each class to itself and all its superclasses. ``relations`` are the properties that relation
    statements may use. ``properties`` maps the IRIs of all properties, in any namespace, to their kinds, such as
    ``ObjectProperty``. ``disjoint`` has pairs of disjoint classes. ``inverses`` maps a property to the relation of
    which it is the inverse. ``domains`` and ``ranges`` map a property to the expected classes of the ontology.
    """

    subclasses: Mapping[str, set[str]] = field(default_factory=dict)
    relations: Collection[str] = ()
    properties: Mapping[str, Collection[str]] = field(default_factory=dict)
    disjoint: Collection[tuple[str, str]] = ()
    inverses: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, set[str]] = field(default_factory=dict)
    ranges: Mapping[str, set[str]] = field(default_factory=dict)


def check_properties(tables: Sequence[Table], terms: OntologyTerms) -> Iterator[Problem]:
    """Yield a problem for each ``propertyUrl`` and each row class that the ontology does not define.

    Properties of well-known vocabularies (``FOREIGN``) are accepted, with a warning if the vocabulary lacks them.
    """
    for table in tables:
        for column in table.columns:
            foreign = _not_in_vocabulary(str(column.get("propertyUrl", "")), terms)
            if (found := _undefined(column, terms) or foreign) is None:
                continue
            address, message, remedy = found
            line = _line_of(table.schema_file, address)
            yield Problem(show(table.schema_file), line, column["name"], message, remedy, found is foreign)


def _not_in_vocabulary(address: str, terms: OntologyTerms) -> tuple[str, str, str] | None:
    """Return address, message and remedy if RDFLib, which knows most vocabularies, does not know a property."""
    if address in terms.properties or not address.startswith(FOREIGN):
        return None
    known = _foreign_terms()
    namespace = next((one for one in known if address.startswith(one)), None)
    if namespace is None or (name := address.removeprefix(namespace)) in known[namespace]:
        return None
    meant = [shorten(namespace + one) for one in suggest(name, known[namespace])]
    hint = f"; did you mean {join_or(meant)}?" if meant else ""
    return address, f"'{shorten(address)}' is not a known term of its vocabulary", f"check its spelling{hint}"


@cache
def _foreign_terms() -> Mapping[str, Collection[str]]:
    """Return the names of all terms in each vocabulary that RDFLib knows, by namespace."""
    from rdflib import namespace
    from rdflib.namespace import DefinedNamespace

    found = [one for one in vars(namespace).values() if isinstance(one, type(DefinedNamespace))]
    return {str(one): set(one.__annotations__) for one in found if one is not DefinedNamespace}


def _undefined(column: Column, terms: OntologyTerms) -> tuple[str, str, str] | None:
    """Return address, message and remedy if a column uses an undefined term, or a property of the wrong kind."""
    address = str(column.get("propertyUrl", ""))
    if address and address not in terms.properties and not address.startswith(FOREIGN):
        known = [local(one) for one in terms.properties]
        return address, f"the ontology has no property '{shorten(address)}'", _definition_remedy(address, known)
    links = "valueUrl" in column
    kind = "DatatypeProperty" if links else "ObjectProperty"
    if kind in terms.properties.get(address, ()):
        message = f"'{shorten(address)}' is an owl:{kind}, but the column has {'IRIs' if links else 'values'}"
        remedy = "remove the valueUrl" if links else "give the column a valueUrl"
        return address, message, f"{remedy}, or use another property"
    address = str(column.get("valueUrl", ""))
    if column.get("virtual") and address.startswith(ONTOLOGY) and local(address) not in terms.subclasses:
        message = f"the ontology has no class '{shorten(address)}'"
        return address, message, _definition_remedy(address, terms.subclasses)
    return None


def _definition_remedy(address: str, known: Collection[str]) -> str:
    meant = suggest(local(address), known)
    hint = f"; did you mean {join_or(meant)}?" if meant else ""
    return f"define {shorten(address)} in ontology/peru-asia.ttl{hint}"


def _line_of(file: Path, address: str) -> int:
    """Return the first line of a JSON file with this address, 0 if it is not found."""
    if not file.is_file():
        return 0
    lines = enumerate(file.read_text("utf-8").splitlines(), 1)
    return next((number for number, line in lines if f'"{address}"' in line), 0)


def check_classes(tables: Sequence[Table], terms: OntologyTerms) -> Iterator[Problem]:
    """Yield a problem for each undefined class in a cell, and for each class that has its own table."""
    own: dict[str, str] = {}
    for table in tables:
        for column in table.columns:
            if column.get("virtual") and column.get("propertyUrl") == RDF_TYPE:
                own[local(str(column["valueUrl"]))] = f"{table.name}.csv"
    for table in tables:
        names = [column["name"] for column in table.columns if column.get("propertyUrl") == RDF_TYPE]
        for name, row in ((name, row) for name in names for row in table.rows):
            kind = row.text(name)[:60]
            if kind and kind not in terms.subclasses:
                remedy = _cell_remedy(kind, terms.subclasses)
                yield Problem(table.file, row.line, name, f"the ontology has no class '{kind}'", remedy)
            elif kind in own:
                message = f"things of the class {kind} have their own table"
                yield Problem(table.file, row.line, name, message, f"enter it in {own[kind]}")


def check_relations(tables: Sequence[Table], terms: OntologyTerms) -> Iterator[Problem]:
    """Yield a problem for each relation that statements may not use, in the columns of relations."""
    for table in tables:
        for column in table.columns:
            name = column["name"]
            if column.get("valueUrl") != f"{ONTOLOGY}{{{name}}}" or column.get("propertyUrl") == RDF_TYPE:
                continue
            for row in table.rows:
                relation = row.text(name)[:60]
                if relation and relation not in terms.relations:
                    yield Problem(table.file, row.line, name, *_wrong_relation(relation, terms))


def _wrong_relation(relation: str, terms: OntologyTerms) -> tuple[str, str]:
    """Return message and remedy for a relation that is the inverse of a valid one, or not valid in statements."""
    straight = terms.inverses.get(relation)
    if straight in terms.relations:
        return f"'{relation}' is the inverse of '{straight}'", f"write {straight} and swap subject and object"
    remedy = _cell_remedy(relation, terms.relations)
    if ONTOLOGY + relation in terms.properties:
        return f"'{relation}' cannot be used as a relation", remedy
    return f"the ontology has no relation '{relation}'", remedy


def _cell_remedy(name: str, known: Collection[str]) -> str:
    plain = name.casefold()
    meant = suggest(name, known) or sorted(one for one in known if plain and plain in one.casefold())[:SUGGESTED]
    return f"did you mean {join_or(meant)}?" if meant else f"they are listed in {document('reference/tables.md')}"
