"""Inference: run the CONSTRUCT files of ``ontology/rules`` in name order, once for each source.

A rule sees the statements of one source, the code lists, and the results of earlier rules. Inferences from a source go
into the derived graph of that source, inferences from a shared class or name into the derived graph of the sources that
share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, QueryTriples, Store, Triple

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.store.part_copies import copy_graphs
from peru_asia_graph.vocabulary import (
    DERIVED_GRAPH,
    GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    SHARED,
    derived_graph,
    graphs_of,
)


def derive(store: Store, rules: Path, shared: Mapping[str, Sequence[str]]) -> tuple[list[Quad], dict[str, int]]:
    """Add the inferred quads to the store; return them, and the number of quads per rule.

    ``shared`` maps each source to the graphs it shares with others. Rules run on the code lists first, then on those
    graphs, then on each source.
    """
    counts: Counter[str] = Counter()
    derived: list[Quad] = []
    every = sorted({graph for graphs in shared.values() for graph in graphs})
    common = [DERIVED_GRAPH, REFERENCE_GRAPH, ONTOLOGY_GRAPH]
    parts: list[tuple[str | None, list[str]]] = [(DERIVED_GRAPH, common), (None, [*every, *common])]
    parts += [(derived_graph(source), graphs_of(source, graphs)) for source, graphs in shared.items()]
    queries = {rule.stem: (rule, rule.read_text("utf-8")) for rule in sorted(rules.glob("*.rq"))}
    for into, seen in parts:
        part = copy_graphs(store, seen)
        for name, (rule, query) in queries.items():
            new = list(_run(part, rule, query, into))
            part.extend(new)
            store.extend(new)
            derived += new
            counts[name] += len(new)
    return derived, dict(counts)


def _run(part: Store, rule: Path, query: str, graph: str | None) -> Iterator[Quad]:
    """Yield the new quads that a rule infers from a part of the store, in ``graph`` or in that of the subject."""
    try:
        answer = part.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise BadInput([Problem(show(rule), 0, "", f"is not valid SPARQL ({error})", "correct the rule")]) from error
    if not isinstance(answer, QueryTriples):
        raise BadInput([Problem(show(rule), 0, "", "is not a CONSTRUCT query", "rules must construct triples")])
    for triple in {(one.subject, one.predicate, one.object) for one in answer}:
        if next(part.quads_for_pattern(*triple), None) is None:
            yield Quad(*triple, NamedNode(graph) if graph else _graph_of(part, triple[0]))


def _graph_of(store: Store, subject: NamedNode | BlankNode | Triple) -> NamedNode:
    """Return the graph for inferences from a class or name shared by several sources."""
    graphs = (getattr(quad.graph_name, "value", "") for quad in store.quads_for_pattern(subject, None, None))
    shared = (derived_graph(one.removeprefix(GRAPH)) for one in graphs if one.startswith(SHARED))
    return NamedNode(next(shared, DERIVED_GRAPH))
