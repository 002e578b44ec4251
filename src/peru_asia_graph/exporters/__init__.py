"""Everything the build writes, and each format on demand. Quads and a store of them in, named bytes out.

Limit: tables, networks and pages are asked of the store, so that they show what the graph says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import Quad

from peru_asia_graph.exporters.flat_tables import flat_tables
from peru_asia_graph.exporters.graphml import write_network
from peru_asia_graph.ownership.answers import Row
from peru_asia_graph.paths import Project
from peru_asia_graph.query.network import make_network, network_kinds
from peru_asia_graph.rdf.formats import write_forms
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import PREFIXES

# File ending and what it is for, by format; the committed ones first.
RDF_FILES: Final = {"turtle": "ttl", "trig": "trig", "jsonld": "jsonld"}
README: Final = """# exports

Written by `pag build`; do not edit. Licence of the shipped data: CC BY 4.0.

| File | For |
|---|---|
| `peru-asia-graph.ttl` | Turtle: the whole graph in one file, to load beside your own data |
| `peru-asia-graph.trig` | TriG: the same with its named graphs; what `pag query` reads |
| `peru-asia-graph.jsonld` | JSON-LD 1.1 with a context of its own |
| `networks/*.graphml`, `networks/*.gexf` | networks for NetworkX, igraph, Gephi, yEd |
| `tables/*.csv` | flat tables for a spreadsheet, R or pandas; `;` separates many values |
| `index.html`, `*.html`, `assets/` | interactive pages, to enter by the first; no network needed |
| `manifest.json` | the SHA-256 of each file; `pag build` replaces and removes only these |

N-Triples, N-Quads and RDF/XML: `pag export -f ntriples -o graph.nt`.
A cell that begins with `=`, `+`, `-` or `@` and is no number gets an apostrophe before it, so that a spreadsheet
does not run it. In `tables/agreements.csv`, `date` is the day of signing; where the paper dates none, that of the event
that brought the agreement about (2009 for the free trade agreement of Peru and China: signed or in force is not said).
In `tables/relations.csv`, `as_of` is a moment at which the relation held, neither its beginning nor its end.
"""


def make_exports(
    quads: Sequence[Quad], store: Store, project: Project, shares: Sequence[Row] | None = None
) -> dict[str, bytes]:
    """Return every file of the exports folder by its relative name.

    ``shares`` are the effective shares of the last year, if they are computed already.
    """
    from peru_asia_graph.exporters.pages import make_pages

    files = {"README.md": README.encode()}
    for form, data in write_forms(quads, list(RDF_FILES), PREFIXES).items():
        files[f"peru-asia-graph.{RDF_FILES[form]}"] = data
    for name, text in flat_tables(store, project.ontology / "tables").items():
        files[f"tables/{name}.csv"] = text.encode()
    networks = project.ontology / "networks"
    for kind in network_kinds(networks):
        network = make_network(store, kind, folder=networks)
        for form in ("graphml", "gexf"):
            files[f"networks/{kind}.{form}"] = write_network(network, form)
    files |= make_pages(store, project.ontology, {name: len(data) for name, data in files.items()}, shares)
    return dict(sorted(files.items()))
