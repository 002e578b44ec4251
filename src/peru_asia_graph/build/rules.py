"""Inference: the CONSTRUCT files of ``ontology/rules``, run in the order of their names, once for each source.

A rule sees what one source says, the code lists, and the quads of the rules before it. What follows from a source goes
into a graph beside that source's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.vocabulary import (
    DERIVED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    SHARED_GRAPH,
    derived_graph,
    graphs_of,
)


def derive(store: Store, rules: Path, sources: Sequence[str]) -> tuple[list[Quad], dict[str, int]]:
    """Add the inferred quads to the store; return them, and how many each rule gave.

    ``sources`` are names. First comes what follows from the code lists and what sources share, then from each source.
    """
    counts: Counter[str] = Counter()
    derived: list[Quad] = []
    parts = [(DERIVED_GRAPH, [SHARED_GRAPH, DERIVED_GRAPH, REFERENCE_GRAPH, ONTOLOGY_GRAPH])]
    parts += [(derived_graph(source), graphs_of(source)) for source in sources]
    queries = {rule.stem: (rule, rule.read_text("utf-8")) for rule in sorted(rules.glob("*.rq"))}
    for graph, seen in parts:
        for name, (rule, query) in queries.items():
            new = list(_run(store, rule, query, NamedNode(graph), [NamedNode(one) for one in seen]))
            store.extend(new)
            derived += new
            counts[name] += len(new)
    return derived, dict(counts)


def _run(store: Store, rule: Path, query: str, graph: NamedNode, seen: list[NamedNode]) -> Iterator[Quad]:
    try:
        answer = store.query(query, prefixes=PREFIXES, default_graph=list(seen), named_graphs=list(seen))
    except SyntaxError as error:
        raise BadInput([Problem(show(rule), 0, "", f"does not parse ({error})", "mend the rule")]) from error
    if not isinstance(answer, QueryTriples):
        raise BadInput([Problem(show(rule), 0, "", "is no CONSTRUCT query", "rules construct triples")])
    for triple in {(one.subject, one.predicate, one.object) for one in answer}:
        if not any(Quad(*triple, known) in store for known in seen):
            yield Quad(*triple, graph)
