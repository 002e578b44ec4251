"""What is computed from the graph and added to it: effective shares, and verdicts on claims.

Effective shares are given for the last year the source covers, for each year a dated stake begins or ends, and for the
year before. Each is derived (PROV) from the stakes it rests on, each verdict from the figures it was computed from.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad
from pyoxigraph import Store as OxStore

from peru_asia_graph.audit import audit
from peru_asia_graph.audit.facts import Ask
from peru_asia_graph.build.triples import canonical_decimal
from peru_asia_graph.errors import UnknownName
from peru_asia_graph.holdings.owners import read_snapshots
from peru_asia_graph.ownership.share_rows import ShareRow, all_rows, direct_percent, percent
from peru_asia_graph.ownership.snapshot import OwnershipSnapshot
from peru_asia_graph.query.names import Names
from peru_asia_graph.query.network import LAST_YEAR
from peru_asia_graph.query.questions import read_questions
from peru_asia_graph.store import Store
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import CODE, DERIVED_GRAPH, PREFIXES, RDF_TYPE, RDFS_LABEL, XSD, term, thing

_STAKES: Final = """
SELECT ?stake ?cited ?earliest ?latest {
  ?stake a pag:Stake ; pag:citation ?cited .
  OPTIONAL { ?stake pag:validFrom ?from ; pag:earliest ?earliest }
  OPTIONAL { ?stake pag:validUntil ?until ; pag:latest ?latest } }"""
_TIME: Final = {"true": "true", "not known then": "not-known-then"}


def effective_shares(store: Store, networks: Path) -> tuple[list[Quad], list[ShareRow]]:
    """Return the effective share of every owner in every asset, by year, and the rows of the last year."""
    cited: dict[str, set[str]] = {}
    years = {LAST_YEAR}
    for row in store.query(_STAKES):
        cited.setdefault(str(row["stake"]), set()).add(str(row["cited"]))
        for day in filter(None, (row["earliest"], row["latest"])):
            years |= {int(str(day)[:4]) - 1, int(str(day)[:4])}
    graph = NamedNode(DERIVED_GRAPH)
    quads, last = [], []
    for snapshot in read_snapshots(store, sorted(years), networks):
        rows = all_rows(snapshot)
        if snapshot.year == LAST_YEAR:
            last = rows
        for share in rows:
            subject = NamedNode(thing(f"{share.owner}-in-{share.asset}--{snapshot.year}"))
            quads += [Quad(subject, NamedNode(name), value, graph) for name, value in _describe(snapshot, share, cited)]
    return quads, last


def _describe(
    snapshot: OwnershipSnapshot, row: ShareRow, cited: dict[str, set[str]]
) -> Iterator[tuple[str, NamedNode | Literal]]:
    yield RDF_TYPE, NamedNode(term("EffectiveShare"))
    yield RDFS_LABEL, Literal(_label(snapshot, row), language="en")
    yield term("shareholder"), NamedNode(thing(row.owner))
    yield term("shareIn"), NamedNode(thing(row.asset))
    yield term("asOf"), Literal(str(snapshot.year), datatype=NamedNode(XSD + "gYear"))
    sizes = {"lowPercent": row.share.low, "effectivePercent": row.share.point, "highPercent": row.share.high}
    for name, size in {**sizes, "directPercent": direct_percent(snapshot, row)}.items():
        if (value := percent(size)) is not None:
            yield term(name), _decimal(value)
    yield term("derivation"), NamedNode(f"{CODE}derivation/{row.how}")
    yield term("heldThen"), NamedNode(f"{CODE}held-then/{_TIME[row.time]}")
    for chain in row.chains:
        steps = [chain.edges[0].source, *(edge.target for edge in chain.edges)]
        yield term("chain"), Literal(" > ".join(steps))
    stakes = sorted(str(stake.key) for stake in row.stakes if str(stake.key) in cited)
    for stake in stakes:
        yield f"{PREFIXES['prov']}wasDerivedFrom", NamedNode(thing(stake))
    for citation in sorted({one for stake in stakes for one in cited[stake]}):
        yield term("citation"), NamedNode(thing(citation))


def _label(snapshot: OwnershipSnapshot, row: ShareRow) -> str:
    low, high = percent(row.share.low), percent(row.share.high)
    size = f"{low} %" if low == high else f"{low} to {high} %"
    return f"{snapshot.label(row.owner)}: {size} of {snapshot.label(row.asset)}, {snapshot.year}"


def verdicts(store: Store, ask: Ask) -> list[Quad]:
    """Return the verdict on every claim, with the value recomputed and what it was computed from."""
    graph = NamedNode(DERIVED_GRAPH)
    quads = []
    for one in audit(store, ask):
        said: list[tuple[str, NamedNode | Literal]] = [(term("verdict"), NamedNode(f"{CODE}verdict/{one.verdict}"))]
        if one.recomputed is not None:
            sizes = {"recomputed": one.recomputed.point, "recomputedLow": one.recomputed.low}
            for name, size in {**sizes, "recomputedHigh": one.recomputed.high}.items():
                said.append((term(name), _decimal(size)))
        said += [(f"{PREFIXES['prov']}wasDerivedFrom", NamedNode(thing(slug))) for slug in one.inputs]
        quads += [Quad(NamedNode(thing(one.id)), NamedNode(name), value, graph) for name, value in said]
    return quads


def compute(graph: OxStore, ontology: Path) -> tuple[list[Quad], list[ShareRow]]:
    """Add to the graph everything computed from it; return that, and the effective shares of the last year.

    Questions and networks are those of ``ontology``.
    """
    store = EmbeddedStore(graph)
    shares, last = effective_shares(store, ontology / "networks")
    graph.extend(shares)
    questions, names = read_questions(ontology / "questions"), Names(store)

    def ask(name: str, **values: str) -> Result:
        if name not in questions:
            raise UnknownName("question", name, questions)
        return store.query(questions[name].fill(values, names))

    found = verdicts(store, ask)
    graph.extend(found)
    return [*shares, *found], last


def _decimal(value: Decimal) -> Literal:
    return Literal(canonical_decimal(value), datatype=NamedNode(XSD + "decimal"))
