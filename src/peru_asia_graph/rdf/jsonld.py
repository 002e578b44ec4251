"""Quads to JSON-LD 1.1, compact, with a context of its own that is written into the file.

Sorted rows in (no blank nodes), bytes out. Limit: properties with both links and literals are written with full
value objects; the context names a type only for properties that always link.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from peru_asia_graph.rdf.quads import DEFAULT_GRAPH, SortedRow
from peru_asia_graph.vocabulary import ONTOLOGY, XSD

Shorten = Callable[[str], str]
_NATIVE: Final = {XSD + "string"}
_line: Final = json.JSONEncoder(ensure_ascii=False).encode


def write_jsonld(rows: Sequence[SortedRow], prefixes: Mapping[str, str]) -> bytes:
    """Return the quads as one JSON-LD document: a list of graphs, each a list of nodes.

    The rows are sorted by graph, subject and predicate.
    """
    shorten = _shortener(prefixes)
    links = _always_links(rows)
    names = {predicate: _name(predicate, shorten) for predicate in sorted({key[1] for key, _ in rows} - {""})}
    context: dict[str, Any] = {"@version": 1.1, **dict(sorted(prefixes.items()))}
    for predicate, name in names.items():
        if name != shorten(predicate) or predicate in links:
            context[name] = {"@id": shorten(predicate), **({"@type": "@id"} if predicate in links else {})}
    lines: list[str] = []
    for graph, members in groupby(rows, key=lambda row: row[0][3]):
        written = list(_nodes(members, names | {"": "@type"}, links | {""}, shorten))
        # One line a node: quick to write, and a changed fact is a changed line.
        inside = f'{{"@id": {_line(shorten(graph[1:-1]))}, "@graph": [\n' + ",\n".join(written) + "\n]}"
        lines += written if graph == DEFAULT_GRAPH else [inside]
    head = json.dumps(context, ensure_ascii=False, indent=1)
    return (f'{{"@context": {head},\n"@graph": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def _nodes(rows: Iterable[SortedRow], names: Mapping[str, str], links: set[str], shorten: Shorten) -> Iterator[str]:
    """Yield the nodes of one graph as JSON."""
    for subject, facts in groupby(rows, key=lambda row: row[0][0]):
        node: dict[str, list[Any]] = {}
        for (_, predicate, target, _), quad in facts:
            if predicate in links:
                value: Any = shorten(target[1:-1])
            else:
                value = {"@id": shorten(target[1:-1])} if target[0] == "<" else _literal(quad.object, shorten)
            node.setdefault(names[predicate], []).append(value)
        alone = {name: values[0] if len(values) == 1 else values for name, values in node.items()}
        yield _line({"@id": shorten(subject[1:-1])} | alone)


def _always_links(rows: Sequence[SortedRow]) -> set[str]:
    mixed = {key[1] for key, _ in rows if key[2][0] != "<"}
    return {key[1] for key, _ in rows} - mixed


def _shortener(prefixes: Mapping[str, str]) -> Shorten:
    namespaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
    cache: dict[str, str] = {}

    def shorten(iri: str) -> str:
        if iri not in cache:
            found = [(prefix, iri[len(space) :]) for prefix, space in namespaces if iri.startswith(space)]
            plain = found and found[0][1] and not found[0][1].startswith("//")
            cache[iri] = f"{found[0][0]}:{found[0][1]}" if plain else iri
        return cache[iri]

    return shorten


def _name(predicate: str, shorten: Shorten) -> str:
    """Return the key of a property: our own by their local names, others prefixed."""
    return predicate[len(ONTOLOGY) :] if predicate.startswith(ONTOLOGY) else shorten(predicate)


def _literal(term: Any, shorten: Shorten) -> Any:
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value in _NATIVE:
        return term.value
    return {"@value": term.value, "@type": shorten(term.datatype.value)}
