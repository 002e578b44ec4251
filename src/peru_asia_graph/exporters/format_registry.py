"""The registry of export formats: one row makes a format available in `pag export`, Python and the build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Final, Literal

from peru_asia_graph.errors import WrongUse, check_text, join_or, look_up
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.paths import find_project
from peru_asia_graph.sources.dates import Year

if TYPE_CHECKING:
    import networkx as nx

    from peru_asia_graph.rdf.quads import SortedRow
    from peru_asia_graph.store import Store

FlatRows = tuple[Sequence[str], list[list[str]]]
Content = Literal["graph", "network", "table"]


@dataclass(frozen=True)
class ExportFormat:
    """An export format.

    ``content`` is what one file contains: the whole graph, one network or one flat table. ``write`` is a function in
    ``exporters`` that takes an `ExportInput`, the name of the format and the name of the network or table. ``about`` is
    the description in the README of the exports. ``built`` formats are in the ``exports/`` folder, in ``file`` if that
    is set. A ``lossy`` format reports in ``ExportInput.losses`` what it cannot represent. A ``folder`` has several
    files: its function returns them by relative name.
    """

    name: str
    ending: str
    content: Content
    write: str
    about: str
    built: bool = True
    file: str = ""
    lossy: bool = False
    folder: bool = False

    def data(self, source: ExportInput, which: str = "") -> bytes:
        """Return the graph, or the network or table ``which``, in this format; raise WrongUse for a folder format."""
        if self.folder:
            raise WrongUse(f"{self.name} writes several files; name a folder (-o FOLDER, in Python export_files)")
        written: bytes = self._writer()(source, self.name, which)
        return written

    def files(self, source: ExportInput) -> dict[str, bytes]:
        """Return the files of a folder format by relative name; raise WrongUse for a single-file format."""
        if not self.folder:
            raise WrongUse(f"{self.name} writes a single file; use export, or one of {join_or(folder_names())}")
        written: dict[str, bytes] = self._writer()(source, self.name, "")
        return written

    def _writer(self) -> Writer:
        writer: Writer = resolve_name(f"peru_asia_graph.exporters.{self.write}")
        return writer


@dataclass(frozen=True)
class ExportInput:
    """The input of an exporter: the store, the ontology folder, the graph as sorted rows, the year of networks.

    ``read_rows`` returns the quads in output order, each with its sort key. A format adds to ``losses`` what it cannot
    represent. ``schemas`` are the folders with the tables' schemas; ``whole`` is the store of all sources if ``store``
    is limited to some.
    """

    store: Store
    ontology: Path
    read_rows: Callable[[], Sequence[SortedRow]]
    year: Year | None = None
    losses: LossReport = field(default_factory=LossReport)
    schemas: Sequence[Path] = ()
    whole: Store | None = None
    _networks: dict[str, nx.MultiDiGraph[str]] = field(default_factory=dict)
    _flat: dict[str, FlatRows] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Sequence[SortedRow]:
        """The quads of the graph in output order, each with its sort key."""
        return self.read_rows()

    def network(self, kind: str) -> nx.MultiDiGraph[str]:
        """Return a network by the name of its query; with a year, only what held or may have held then."""
        from peru_asia_graph.query.network import make_network

        if kind not in self._networks:
            self._networks[kind] = make_network(self.store, kind, self.year, self.ontology / "networks")
        return self._networks[kind]

    def flat(self, query: str, read: Callable[[Store, str], FlatRows]) -> FlatRows:
        """Return the columns and rows of a flat table; it is read once, however many formats use it."""
        if query not in self._flat:
            self._flat[query] = read(self.store, query)
        return self._flat[query]


Writer = Callable[[ExportInput, str, str], Any]
NETWORKS: Final = "networks for NetworkX, igraph, Gephi, yEd"
FORMATS: Final[list[ExportFormat]] = [
    ExportFormat(
        "turtle", "ttl", "graph", "rdf_graph.write", "Turtle: the whole graph in one file, to merge with your own data"
    ),
    ExportFormat(
        "trig", "trig", "graph", "rdf_graph.write", "TriG: the same with named graphs; the file that `pag query` reads"
    ),
    ExportFormat(
        "jsonld",
        "jsonld",
        "graph",
        "rdf_graph.write",
        "JSON-LD 1.1: the same with named graphs and its own context (in rdflib, a Dataset, not a Graph)",
    ),
    ExportFormat("ntriples", "nt", "graph", "rdf_graph.write", "N-Triples", built=False),
    ExportFormat("nquads", "nq", "graph", "rdf_graph.write", "N-Quads", built=False),
    ExportFormat("rdfxml", "rdf", "graph", "rdf_graph.write", "RDF/XML", built=False),
    ExportFormat("owl", "owl", "graph", "rdf_graph.write_owl", "RDF/XML with dates for OWL 2 reasoners", built=False),
    ExportFormat("graphml", "graphml", "network", "graphml.write", NETWORKS),
    ExportFormat("gexf", "gexf", "network", "graphml.write", NETWORKS),
    ExportFormat(
        "csv", "csv", "table", "flat_tables.write",
        "flat tables for a spreadsheet, R or pandas; `;` separates multiple values",
    ),
    ExportFormat(
        "bods", "json", "graph", "bods.write",
        "Beneficial Ownership Data Standard 0.4: parties and shares of each source, for ownership register tools",
        file="bods.json", lossy=True,
    ),
    ExportFormat("bods-jsonl", "jsonl", "graph", "bods.write", "BODS as JSON Lines", built=False, lossy=True),
    ExportFormat(
        "ftm", "jsonl", "graph", "ftm.write",
        "FollowTheMoney: parties, shares, offices, investments and links, for Aleph, OpenSanctions tools and Neo4j",
        file="ftm.jsonl", lossy=True,
    ),
    ExportFormat("sqlite", "sqlite", "graph", "sqlite_file.write", "SQLite", built=False, lossy=True),
    ExportFormat("neo4j", "", "graph", "neo4j.write", "Neo4j", built=False, lossy=True, folder=True),
    ExportFormat(
        "datapackage", "", "graph", "datapackage.write", "Data Package (Frictionless)", built=False, lossy=True,
        folder=True,
    ),
    ExportFormat(
        "ro-crate", "", "graph", "exports_folder.write", "RO-Crate", built=False, lossy=True, folder=True
    ),
]  # fmt: skip


def format_names(content: Content | None = None) -> list[str]:
    """Return the names of all formats, or of those for one kind of content."""
    return [row.name for row in FORMATS if content in (None, row.content)]


def folder_names() -> list[str]:
    return [row.name for row in FORMATS if row.folder]


def find_format(name: str) -> ExportFormat:
    """Return the row of a format; raise UnknownName if it does not exist."""
    return look_up("format", {row.name: row for row in FORMATS}, name)


def choose_part(row: ExportFormat, network: str | None, table: str | None, year: Year | None = None) -> str:
    """Return the name of the network or table to write; raise WrongUse if the format cannot write it.

    The default network is ``ownership``, the default table ``entities``.
    """
    given: dict[Content, str | None] = {"network": network, "table": table}
    for content, name in given.items():
        if name is not None:
            check_text(name, f"the name of a {content}")
        if name is not None and content != row.content:
            remedy = f"use {join_or(format_names(content))}, or omit the {content}"
            raise WrongUse(f"the {content} '{name}' cannot be written as {row.name}; {remedy}")
    if year is not None and row.content != "network":
        raise WrongUse(f"year applies to networks, not to {row.name}; use {join_or(format_names('network'))}")
    return given.get(row.content) or {"network": "ownership", "table": "entities"}.get(row.content, "")


def names_of(content: Content, ontology: Path | None = None) -> list[str]:
    """Return the names of the networks or flat tables of an ontology (default: the project's); none for the graph."""
    ontology = find_project().ontology if ontology is None else ontology
    if content == "network":
        from peru_asia_graph.query.network import network_kinds

        return network_kinds(ontology / "networks")
    return sorted(path.stem for path in (ontology / "tables").glob("*.rq")) if content == "table" else []
