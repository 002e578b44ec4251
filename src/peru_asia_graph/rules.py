"""What follows from the facts: every CONSTRUCT file of ``ontology/rules``, run in the order of their names.

Quads in, new quads out, in a graph of their own. Limit: one pass; a rule sees what the rules before it made.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.tables import show
from peru_asia_graph.vocabulary import DERIVED_GRAPH, PREFIXES


def derive(quads: Iterable[Quad], rules: Path) -> tuple[list[Quad], dict[str, int]]:
    """Return what the rules add, and how many quads each rule gave."""
    given = list(quads)
    store = Store()
    store.bulk_extend(given)
    graph = NamedNode(DERIVED_GRAPH)
    counts: dict[str, int] = {}
    known = {quad.triple for quad in given}
    derived: list[Quad] = []
    for rule in sorted(rules.glob("*.rq")):
        try:
            answer = store.query(rule.read_text("utf-8"), prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise BadInput([Problem(show(rule), 0, "", f"does not parse ({error})", "mend the rule")]) from error
        if not isinstance(answer, QueryTriples):
            raise BadInput([Problem(show(rule), 0, "", "is no CONSTRUCT query", "rules construct triples")])
        triples = set(answer) - known
        known |= triples
        new = [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
        store.extend(new)
        derived += new
        counts[rule.stem] = len(new)
    return derived, counts
