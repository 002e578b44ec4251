"""Compact JSON-LD 1.1, with the context in the file.

A property whose values are all nodes has the type ``@id`` in the context; nodes of any other are written as objects. A
property with English texts and none without a language has ``@language`` "en" in the context; texts in other languages
are written as objects. A base direction is written as ``@direction``; JSON-LD 1.1 has no triple terms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from pyoxigraph import Triple

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.rdf.quads import DEFAULT_GRAPH, SortedRow
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES, RDF_TYPE, XSD

Shorten = Callable[[str], str]
_LOCAL: Final = r"[A-Za-z][\w-]*"
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


def write_jsonld(rows: Sequence[SortedRow]) -> bytes:
    """Return one JSON-LD document with a list of graphs, each a list of nodes.

    ``rows`` must be sorted by graph, subject and predicate. Raises WrongUse for triple terms.
    """
    if any(isinstance(quad.object, Triple) for _, quad in rows):
        raise WrongUse("JSON-LD 1.1 has no triple terms (RDF 1.2); use turtle, trig, ntriples or nquads")
    prefixes = _usable_prefixes(rows)
    shorten = _shortener(prefixes)
    predicates = {key[1] for key, _ in rows}
    links = predicates - {key[1] for key, _ in rows if key[2][0] == '"'}
    english = _english(rows)
    names = {predicate: _name(predicate, shorten) for predicate in sorted(predicates - {""})}
    context: dict[str, Any] = {"@version": 1.1, **dict(sorted(prefixes.items()))}
    for predicate, name in names.items():
        meaning = {"@type": "@id"} if predicate in links else {"@language": "en"} if predicate in english else {}
        if name != shorten(predicate) or meaning:
            context[name] = {"@id": shorten(predicate), **meaning}
    lines: list[str] = []
    for graph, members in groupby(rows, key=lambda row: row[0][3]):
        # One line per node, so that a changed fact is a changed line.
        nodes = _nodes(members, names | {"": "@type"}, links | {""}, english, shorten)
        written = ",\n".join(map(_encode, nodes))
        inside = f'{{"@id": {_encode(_id(graph, shorten))}, "@graph": [\n{written}\n]}}'
        lines.append(written if graph == DEFAULT_GRAPH else inside)
    head = json.dumps(context, ensure_ascii=False, indent=1)
    return (f'{{"@context": {head},\n"@graph": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def _english(rows: Sequence[SortedRow]) -> set[str]:
    """Return the properties that have English texts and no texts without a language."""
    texts = {(key[1], key[2].endswith("@en")) for key, _ in rows if key[2].endswith(('"', "@en"))}
    return {name for name, tagged in texts if tagged and (name, False) not in texts}


def _nodes(
    rows: Iterable[SortedRow], names: Mapping[str, str], links: set[str], english: set[str], shorten: Shorten
) -> Iterator[dict[str, Any]]:
    literals: dict[str, Any] = {}
    for subject, facts in groupby(rows, key=lambda row: row[0][0]):
        node: dict[str, Any] = {"@id": _id(subject, shorten)}
        for (_, predicate, target, _), quad in facts:
            name = names[predicate]
            if target[0] != '"':
                short = _id(target, shorten)
                value: Any = short if predicate in links else {"@id": short}
            else:
                value = literals.get(target)
                if value is None:
                    value = literals[target] = _literal(quad.object, shorten)
                if predicate in english and target.endswith("@en"):
                    value = value["@value"]
                if not predicate:
                    # "@type" takes nodes only.
                    name = shorten(RDF_TYPE)
            before = node.get(name)
            if before is None:
                node[name] = value
            elif isinstance(before, list):
                before.append(value)
            else:
                node[name] = [before, value]
        yield node


def _usable_prefixes(rows: Sequence[SortedRow]) -> dict[str, str]:
    """Return the known prefixes that are not IRI schemes in the rows, which would be read as prefixed names."""
    nodes = {part for key, _ in rows for part in (key[0], f"<{key[1]}", key[2], key[3])}
    schemes = {part[1:].partition(":")[0] for part in nodes if part[:1] == "<"}
    return {name: space for name, space in PREFIXES.items() if name not in schemes}


def _id(node: str, shorten: Shorten) -> str:
    """Return the ``@id`` of a node in N-Quads syntax."""
    return node if node.startswith("_:") else shorten(node[1:-1])


def _shortener(prefixes: Mapping[str, str]) -> Shorten:
    namespaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
    cache: dict[str, str] = {}

    def shorten(iri: str) -> str:
        short = cache.get(iri)
        if short is None:
            found = [(prefix, iri[len(space) :]) for prefix, space in namespaces if iri.startswith(space)]
            plain = found and found[0][1] and not found[0][1].startswith("//")
            short = cache[iri] = f"{found[0][0]}:{found[0][1]}" if plain else iri
        return short

    return shorten


def _name(predicate: str, shorten: Shorten) -> str:
    """Return the JSON key of a property: the local name in our ontology, else the prefixed name."""
    name = predicate[len(ONTOLOGY) :]
    is_plain = predicate.startswith(ONTOLOGY) and re.fullmatch(_LOCAL, name, re.ASCII) and name not in PREFIXES
    return name if is_plain else shorten(predicate)


def _literal(term: Any, shorten: Shorten) -> Any:
    if term.direction:
        return {"@value": term.value, "@language": term.language, "@direction": str(term.direction)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD + "string":
        return term.value
    return {"@value": term.value, "@type": shorten(term.datatype.value)}
