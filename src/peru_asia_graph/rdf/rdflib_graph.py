"""The whole graph as a graph of rdflib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.rdf.formats import write_sorted
from peru_asia_graph.rdf.quads import SortedRow

if TYPE_CHECKING:
    from rdflib import Graph


def to_rdflib(rows: Sequence[SortedRow], merged: bool) -> Graph:
    """Return sorted statements as a Dataset; ``merged``, as one Graph. Raises WrongUse for triple terms."""
    from rdflib import Dataset, Graph

    if any(isinstance(quad.object, Triple) for _, quad in rows):
        raise WrongUse("rdflib has no triple terms (RDF 1.2); query the graph instead")
    if merged:
        return Graph().parse(data=write_sorted(rows, "ntriples", {}), format="nt")
    dataset = Dataset(default_union=True)
    dataset.parse(data=write_sorted(rows, "nquads", {}), format="nquads")
    return dataset
