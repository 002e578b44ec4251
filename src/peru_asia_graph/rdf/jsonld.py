"""Deterministic JSON-LD 1.1 in compact form, with an embedded context.

The context types a property as ``@id`` if all its values are IRIs; a property with both kinds of values is written with
``@id`` and ``@value`` objects.
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
    """Return one JSON-LD document with a list of graphs, each a list of nodes.

    ``rows`` must be sorted by graph, subject and predicate, without blank nodes.
    """
    shorten = _shortener(prefixes)
    links = _link_properties(rows)
    names = {predicate: _name(predicate, shorten) for predicate in sorted({key[1] for key, _ in rows} - {""})}
    context: dict[str, Any] = {"@version": 1.1, **dict(sorted(prefixes.items()))}
    for predicate, name in names.items():
        if name != shorten(predicate) or predicate in links:
            context[name] = {"@id": shorten(predicate), **({"@type": "@id"} if predicate in links else {})}
    lines: list[str] = []
    for graph, members in groupby(rows, key=lambda row: row[0][3]):
        written = list(_nodes(members, names | {"": "@type"}, links | {""}, shorten))
        # One line per node: fast to write, and a changed fact is a changed line in a diff.
        inside = f'{{"@id": {_line(shorten(graph[1:-1]))}, "@graph": [\n' + ",\n".join(written) + "\n]}"
        lines += written if graph == DEFAULT_GRAPH else [inside]
    head = json.dumps(context, ensure_ascii=False, indent=1)
    return (f'{{"@context": {head},\n"@graph": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def _nodes(rows: Iterable[SortedRow], names: Mapping[str, str], links: set[str], shorten: Shorten) -> Iterator[str]:
    """Yield each node of one graph as a line of JSON."""
    for subject, facts in groupby(rows, key=lambda row: row[0][0]):
        node: dict[str, list[Any]] = {}
        for (_, predicate, target, _), quad in facts:
            if predicate in links:
                value: Any = shorten(target[1:-1])
            else:
                value = {"@id": shorten(target[1:-1])} if target[0] == "<" else _literal(quad.object, shorten)
            node.setdefault(names[predicate], []).append(value)
        compact = {name: values[0] if len(values) == 1 else values for name, values in node.items()}
        yield _line({"@id": shorten(subject[1:-1])} | compact)


def _link_properties(rows: Sequence[SortedRow]) -> set[str]:
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
    """Return the JSON key of a property: the local name in our ontology, else the prefixed name."""
    return predicate[len(ONTOLOGY) :] if predicate.startswith(ONTOLOGY) else shorten(predicate)


def _literal(term: Any, shorten: Shorten) -> Any:
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value in _NATIVE:
        return term.value
    return {"@value": term.value, "@type": shorten(term.datatype.value)}
