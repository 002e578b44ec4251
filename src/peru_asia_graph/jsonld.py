"""Quads to JSON-LD 1.1, compact, with a context of its own that is written into the file.

Quads in (sorted, no blank nodes), bytes out. Limit: properties with both links and literals are written with full
value objects; the context names a type only for properties that always link.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.quads import iri
from peru_asia_graph.vocabulary import ONTOLOGY, RDF_TYPE, XSD

_NATIVE: Final = {XSD + "string"}


def write_jsonld(quads: Sequence[ox.Quad], prefixes: Mapping[str, str]) -> bytes:
    """Return the quads as one JSON-LD document: a list of graphs, each a list of nodes."""
    links = _always_links(quads)
    shorten = _shortener(prefixes)
    context: dict[str, Any] = {"@version": 1.1, **dict(sorted(prefixes.items()))}
    for predicate in sorted({quad.predicate.value for quad in quads} - {RDF_TYPE}):
        name = _name(predicate, shorten)
        if name != shorten(predicate) or predicate in links:
            context[name] = {"@id": shorten(predicate), **({"@type": "@id"} if predicate in links else {})}
    graphs: dict[str, dict[str, dict[str, list[Any]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for quad in quads:
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else shorten(iri(quad.graph_name))
        node = graphs[graph][shorten(iri(quad.subject))]
        if quad.predicate.value == RDF_TYPE:
            node["@type"].append(shorten(iri(quad.object)))
        else:
            name = _name(quad.predicate.value, shorten)
            node[name].append(_value(quad.object, quad.predicate.value in links, shorten))
    lines = []
    for graph, nodes in sorted(graphs.items()):
        written = [
            _line({"@id": subject} | {key: _alone(values) for key, values in node.items()})
            for subject, node in nodes.items()
        ]
        # One line a node: quick to write, and a changed fact is a changed line.
        lines += [f'{{"@id": {_line(graph)}, "@graph": [\n' + ",\n".join(written) + "\n]}"] if graph else written
    text = (
        f'{{"@context": {json.dumps(context, ensure_ascii=False, indent=1)},\n"@graph": [\n'
        + ",\n".join(lines)
        + "\n]}\n"
    )
    return text.encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _always_links(quads: Sequence[ox.Quad]) -> set[str]:
    mixed = {quad.predicate.value for quad in quads if not isinstance(quad.object, ox.NamedNode)}
    return {quad.predicate.value for quad in quads} - mixed


def _shortener(prefixes: Mapping[str, str]) -> Any:
    namespaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
    cache: dict[str, str] = {}

    def shorten(iri: str) -> str:
        if iri not in cache:
            found = [(prefix, iri[len(space) :]) for prefix, space in namespaces if iri.startswith(space)]
            plain = found and found[0][1] and not found[0][1].startswith("//")
            cache[iri] = f"{found[0][0]}:{found[0][1]}" if plain else iri
        return cache[iri]

    return shorten


def _name(predicate: str, shorten: Any) -> str:
    """Return the key of a property: our own by their local names, others prefixed."""
    return predicate[len(ONTOLOGY) :] if predicate.startswith(ONTOLOGY) else str(shorten(predicate))


def _value(term: Any, is_link: bool, shorten: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value) if is_link else {"@id": shorten(term.value)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value in _NATIVE:
        return term.value
    return {"@value": term.value, "@type": shorten(term.datatype.value)}


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
