"""Inference: the CONSTRUCT files of ``ontology/rules``, run once each in the order of their names.

A rule sees the quads of the rules before it. The new quads go into a graph of their own.
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.vocabulary import DERIVED_GRAPH, PREFIXES


def derive(store: Store, rules: Path) -> tuple[list[Quad], dict[str, int]]:
    """Add the inferred quads to the store; return them, and how many each rule gave."""
    graph = NamedNode(DERIVED_GRAPH)
    counts: dict[str, int] = {}
    derived: list[Quad] = []
    for rule in sorted(rules.glob("*.rq")):
        try:
            answer = store.query(rule.read_text("utf-8"), prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise BadInput([Problem(show(rule), 0, "", f"does not parse ({error})", "mend the rule")]) from error
        if not isinstance(answer, QueryTriples):
            raise BadInput([Problem(show(rule), 0, "", "is no CONSTRUCT query", "rules construct triples")])
        triples = {(triple.subject, triple.predicate, triple.object) for triple in answer}
        new = [Quad(*triple, graph) for triple in triples if not any(store.quads_for_pattern(*triple))]
        store.extend(new)
        derived += new
        counts[rule.stem] = len(new)
    return derived, counts
