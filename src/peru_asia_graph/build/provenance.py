"""The provenance of computed values, in PROV: activities, the software, and ordered chains of stakes.

Activities have no times, so the same data always gives the same graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode

from peru_asia_graph.build.triples import decimal_literal
from peru_asia_graph.ownership.derivation import Chain
from peru_asia_graph.ownership.share_rows import percent
from peru_asia_graph.sources.dates import Year
from peru_asia_graph.vocabulary import BASE, PREFIXES, RDF_TYPE, RDFS_LABEL, XSD, term, thing

_PROV: Final = PREFIXES["prov"]
GENERATED_BY: Final = _PROV + "wasGeneratedBy"
DERIVED_FROM: Final = _PROV + "wasDerivedFrom"
# The local names of the methods in the ontology.
SHARE_METHOD: Final = "effectiveShareMethod"
CLAIM_METHOD: Final = "claimRecomputationMethod"
# Subject, predicate and object.
Statement = tuple[str, str, NamedNode | Literal]


def activity_iri(name: str) -> str:
    return f"{BASE}activity/{name}"


def software() -> Iterator[Statement]:
    """Yield the description of this version of the package as the agent of all activities."""
    subject, number = _software_iri(), version("peru-asia-graph")
    yield subject, RDF_TYPE, NamedNode(_PROV + "SoftwareAgent")
    yield subject, RDFS_LABEL, Literal(f"peru-asia-graph {number}", language="en")
    yield subject, PREFIXES["owl"] + "versionInfo", Literal(number)


def activity(name: str, label: str, method: str, used: Sequence[str], year: Year | None = None) -> Iterator[Statement]:
    """Yield the description of an activity: its method, the software, the graphs it ``used`` and its year."""
    subject = activity_iri(name)
    yield subject, RDF_TYPE, NamedNode(_PROV + "Activity")
    yield subject, RDFS_LABEL, Literal(label, language="en")
    yield subject, term("method"), NamedNode(term(method))
    yield subject, _PROV + "wasAssociatedWith", NamedNode(_software_iri())
    for graph in used:
        yield subject, _PROV + "used", NamedNode(graph)
    if year is not None:
        yield subject, term("asOf"), Literal(str(year), datatype=NamedNode(XSD + "gYear"))


def chain_iri(chain: Chain[str]) -> str:
    """Return the IRI of a chain: the slugs of its stakes, from the owner down."""
    return thing("chain--" + "--then--".join(chain.keys))


def describe_chain(chain: Chain[str], labels: Sequence[str]) -> Iterator[Statement]:
    """Yield a chain with its steps in order; ``labels`` are the names of its firms, from the owner down."""
    subject = chain_iri(chain)
    firms = [chain.edges[0].source, *(edge.target for edge in chain.edges)]
    yield subject, RDF_TYPE, NamedNode(term("Chain"))
    yield subject, RDFS_LABEL, Literal(" > ".join(labels), language="en")
    yield subject, PREFIXES["skos"] + "notation", Literal(" > ".join(firms))
    if (product := percent(chain.share)) is not None:
        yield subject, term("productPercent"), decimal_literal(product)
    steps = [f"{subject}--{number}" for number in range(1, len(chain.edges) + 1)]
    for number, (step, stake) in enumerate(zip(steps, chain.keys, strict=True), 1):
        yield subject, term("step"), NamedNode(step)
        yield step, RDF_TYPE, NamedNode(term("ChainStep"))
        yield step, RDFS_LABEL, Literal(f"Step {number} of {' > '.join(labels)}", language="en")
        yield step, term("position"), Literal(str(number), datatype=NamedNode(XSD + "positiveInteger"))
        yield step, term("stake"), NamedNode(thing(stake))
    for step, below in pairwise(steps):
        yield step, term("nextStep"), NamedNode(below)


def _software_iri() -> str:
    return f"{BASE}software/{version('peru-asia-graph')}"
