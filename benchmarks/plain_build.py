"""The plain alternative to ``pag build``: ``python benchmarks/plain_build.py TURTLE OUT``.

pandas reads the tables, rdflib holds the graph (read from TURTLE), owlrl infers, pyshacl validates, rdflib writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import networkx as nx
import owlrl
import pandas as pd
import pyshacl
import rdflib

ROOT = Path(__file__).parents[1]


def main(turtle: Path, out: Path) -> None:
    """Read, infer, validate and write."""
    out.mkdir(parents=True, exist_ok=True)
    for table in sorted((ROOT / "data").glob("*/*.csv")):
        pd.read_csv(table, dtype=str, keep_default_na=False)
    graph = rdflib.Graph().parse(turtle)
    shapes = rdflib.Graph().parse(ROOT / "ontology" / "shapes.ttl")
    closed = rdflib.Graph()
    for triple in graph:
        closed.add(triple)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(closed)
    pyshacl.validate(graph, shacl_graph=shapes)
    for form, ending in (("turtle", "ttl"), ("json-ld", "jsonld"), ("trig", "trig")):
        data = rdflib.Dataset() if form == "trig" else graph
        for triple in graph if form == "trig" else ():
            data.add(triple)
        data.serialize(out / f"graph.{ending}", format=form)
    network = nx.MultiDiGraph()
    pag = rdflib.Namespace("https://w3id.org/peru-asia-graph/ontology#")
    for stake in graph.subjects(rdflib.RDF.type, pag.Stake):
        network.add_edge(str(graph.value(stake, pag.owner)), str(graph.value(stake, pag.owned)))
    nx.write_graphml(network, out / "n.graphml")
    nx.write_gexf(network, out / "n.gexf")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
