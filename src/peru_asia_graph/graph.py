"""The Python interface: one object for queries, named questions, cards, networks and ownership."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from peru_asia_graph.errors import UnknownName, WrongUse, join_or
from peru_asia_graph.paths import find_project
from peru_asia_graph.query.names import Names
from peru_asia_graph.query.questions import Questions, read_questions
from peru_asia_graph.query.side_by_side import Part, ask_each, parts_about, side_by_side
from peru_asia_graph.query.sources import Sources, choose_sources, read_sources
from peru_asia_graph.sources.moments import Year
from peru_asia_graph.store import Store, is_address
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import graphs_of

# One source by its name, several, or None for all.
SourceNames = str | Sequence[str] | None

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx
    from rdflib import Dataset, Graph

    from peru_asia_graph.audit.report import Verdicts
    from peru_asia_graph.ownership.snapshot import OwnershipSnapshot
    from peru_asia_graph.query.cards import Card, SectionQuery
    from peru_asia_graph.rdf.quads import SortedRow
    from peru_asia_graph.views.html_view import View


class KnowledgeGraph:
    """A graph in a store, for reading; to change it, change the tables and run ``pag build``.

    `peru_asia_graph.load` returns one. Methods that take the name of a thing accept a slug, a label or a printed
    spelling, and raise UnknownName with suggestions, or WrongUse when several things have the name. A year may be a
    month or a day too (2012, "2012-05", "2012-05-14"); one that is not given is the last the source describes.

    Where the graph has several sources, each answers on its own, side by side: the first column, ``source``, says
    which. ``source``, the name of one or a list, limits an answer; `only` limits all.
    """

    def __init__(self, store: Store, where: str | Path | None = None, several: bool | None = None) -> None:
        self.store = store
        self._given_several = several
        self._where_given = where
        self._project = find_project()
        self._file = self._project.graph if where is None else Path(where)
        self._where = self._file if where is None else where
        self._is_file = not is_address(where) and self._file.is_file()

    @cached_property
    def sources(self) -> Sources:
        """The sources of the graph, in their order."""
        return read_sources(self.store)

    @cached_property
    def _several(self) -> bool:
        return len(self.sources) > 1 if self._given_several is None else self._given_several

    def only(self, *sources: str) -> KnowledgeGraph:
        """Return the graph as these sources tell it; raise UnknownName for one it does not have."""
        chosen = choose_sources(self.sources, sources)
        limited = self.store.part(list(dict.fromkeys(graph for one in chosen for graph in graphs_of(one.name))))
        return KnowledgeGraph(limited, self._where_given, self._several)

    @cached_property
    def names(self) -> Names:
        """The names of the things in the graph."""
        return Names(self.store)

    @cached_property
    def questions(self) -> Questions:
        """The named questions, by name."""
        return read_questions(self._project.ontology / "questions")

    @cached_property
    def section_queries(self) -> list[SectionQuery]:
        """The queries of the sections of cards, in order."""
        from peru_asia_graph.query.cards import read_section_queries

        return read_section_queries(self._project.ontology / "cards")

    def query(self, text: str) -> Result:
        """Return the result of a SPARQL query; the prefixes of the graph need no declaration. Raises BadQuery."""
        return self.store.query(text)

    def fill(self, name: str, values: dict[str, str]) -> str:
        """Return the SPARQL query of a named question with its parameters filled in."""
        if name not in self.questions:
            raise UnknownName("question", name, self.questions, "List them: pag questions")
        return self.questions[name].fill(values, self.names)

    def ask(self, name: str, source: SourceNames = None, **values: Any) -> Result:
        """Return the result of a named question; the keyword arguments are its parameters.

        Where the question has a parameter ``source``, a work that is cited, that is meant by it.

        >>> import peru_asia_graph
        >>> answer = peru_asia_graph.load().ask("who-owns", asset="Antamina")
        >>> sorted(float(row["share_percent"]) for row in answer if row["share_percent"] is not None)
        [10.0, 22.5, 33.75, 33.75]
        """
        if source is not None and name in self.questions and self.questions[name].takes("source"):
            values["source"], source = source, None
        graph = self._of(source)
        query = graph.fill(name, {key: str(value) for key, value in values.items()})
        if not graph._several or graph.questions[name].together:
            return graph.query(query)
        return ask_each(graph.store, parts_about(graph.store), query)

    def show(self, name: str, source: SourceNames = None) -> Card:
        """Return the card of a thing: its type, all facts with citations, and what links to it."""
        from peru_asia_graph.query.cards import make_card

        graph = self._of(source)
        slug = graph.names.find(name)
        return make_card(graph.store, slug, graph.section_queries, parts_about(graph.store, slug))

    def network(
        self, kind: str = "ownership", year: Year | None = None, source: SourceNames = None
    ) -> nx.MultiDiGraph[str]:
        """Return a network: ``ownership``, ``diplomacy`` or ``all``; with a year, only what held then or may have."""
        from peru_asia_graph.query.network import make_network

        return make_network(self._of(source).store, kind, year)

    def owners(self, asset: str, year: Year | None = None, source: SourceNames = None) -> Result:
        """Return who owns an asset, directly and through other firms: percentages, chains and citations.

        >>> import peru_asia_graph
        >>> rows = list(peru_asia_graph.load().owners("Block 8", 2012))
        >>> {row["owner"]: float(row["effective_percent"]) for row in rows if row["direct_percent"] is None}
        {'Pluspetrol Resources Corporation': 33.0, 'China National Petroleum Corporation': 27.0, 'unaccounted for': 0.1}
        """
        from peru_asia_graph.holdings.owners import NO_OWNER, owners_table

        slug = self.names.find(asset, "asset")
        return self._each(source, slug, lambda store: owners_table(_around(store, slug, year), slug), NO_OWNER)

    def holdings(self, owner: str, year: Year | None = None, source: SourceNames = None) -> Result:
        """Return what an owner holds, directly and through other firms."""
        from peru_asia_graph.holdings.owners import holdings_table

        slug = self.names.find(owner, "owner")
        return self._each(source, slug, lambda store: holdings_table(_around(store, slug, year, below=True), slug))

    def control(
        self, owner: str, year: Year | None = None, threshold: float = 50.0, source: SourceNames = None
    ) -> Result:
        """Return what an owner controls: by more than ``threshold`` percent, or because the source states it."""
        from peru_asia_graph.holdings.owners import control_table

        slug = self.names.find(owner, "owner")
        return self._each(
            source, slug, lambda store: control_table(_around(store, slug, year, below=True), slug, threshold)
        )

    def explain(self, asset: str, year: Year | None = None, source: SourceNames = None) -> str:
        """Return a text that derives each share of an asset step by step."""
        from peru_asia_graph.holdings.explanation import explain

        slug = self.names.find(asset, "asset")
        texts = [(part, explain(_around(part.store, slug, year), slug)) for part in self._parts(source, slug)]
        return "\n".join(f"{part.title}\n{text}" if self._several else text for part, text in texts)

    def derivation(
        self, asset: str, year: Year | None = None, source: SourceNames = None
    ) -> list[Mapping[str, object]]:
        """Return how each share of an asset comes about, as plain data."""
        from peru_asia_graph.holdings.explanation import derivations

        slug = self.names.find(asset, "asset")
        return [
            {"source": part.name, **one} if self._several else one
            for part in self._parts(source, slug)
            for one in derivations(_around(part.store, slug, year), slug)
        ]

    def diff(self, before: Year, after: Year, source: SourceNames = None) -> Result:
        """Return the owners that were added or removed between two years, months or days."""
        from peru_asia_graph.holdings.owners import diff_table

        return self._each(source, None, lambda store: diff_table(store, before, after))

    def ties(self, year: Year | None = None, source: SourceNames = None, **what: str) -> Result:
        """Return how much of an ``asset``, a ``commodity`` or a ``sector`` is tied to each state.

        Without an argument, the states behind every asset.
        """
        from peru_asia_graph.holdings.owners import read_snapshot
        from peru_asia_graph.holdings.ties import all_ties, ties_table

        if not what:
            return self._each(source, None, lambda store: all_ties(store, year))
        if len(what) > 1:
            raise WrongUse(f"ties are of one thing, not of {len(what)} at once: {join_or(list(what))}")
        if year is not None and "sector" in what:
            raise WrongUse("the announced investment of a sector is not counted by year; leave out the year")
        found = {kind: self.names.find(name, kind) for kind, name in what.items()}
        (slug,) = found.values()
        return self._each(source, slug, lambda store: ties_table(store, read_snapshot(store, year), found))

    def audit(self, source: SourceNames = None) -> Verdicts:
        """Return the verdict on each claim that a source makes itself, recomputed from that source, the worst first."""
        from peru_asia_graph.audit import audit
        from peru_asia_graph.audit.report import Verdicts

        graphs = [KnowledgeGraph(part.store, several=False) for part in self._parts(source)]
        return Verdicts(verdict for graph in graphs for verdict in audit(graph.store, graph.ask))

    def _of(self, source: SourceNames) -> KnowledgeGraph:
        if source is None or not source:
            return self
        return self.only(*([source] if isinstance(source, str) else source))

    def _parts(self, source: SourceNames, slug: str | None = None) -> list[Part]:
        return parts_about(self._of(source).store, slug)

    def _each(
        self, source: SourceNames, slug: str | None, answer: Callable[[Store], Result], empty: str = ""
    ) -> Result:
        """Return the answer of each source, side by side; of a graph with one source its plain answer."""
        parts = self._parts(source, slug)
        return side_by_side(parts, answer, empty) if self._several else answer(parts[0].store)

    def view(
        self,
        kind: str = "ownership",
        year: Year | None = None,
        around: str | None = None,
        depth: int | None = None,
        language: str = "en",
        shared: bool = False,
        source: SourceNames = None,
    ) -> View:
        """Return an interactive page by its kind, one of `views.page_registry.PAGES`.

        A network page opens with ``year`` and with the thing named by ``around`` chosen; ``depth`` limits it to what is
        at most that many links from that thing. The page saves itself (``.save(path)``) and shows in a notebook; with
        ``shared`` its script is in a folder beside it, for many pages at once. Raises UnknownName and WrongUse.
        """
        from peru_asia_graph.exporters.html_pages import ASSETS, make_page
        from peru_asia_graph.views.html_view import View

        slug = None if around is None else self.names.find(around)
        page = make_page(
            self._of(source).store,
            kind,
            self._project.ontology,
            language=language,
            assets=ASSETS if shared else None,
            year=year,
            around=slug,
            depth=depth,
        )
        return View(page, ASSETS if shared else None)

    @overload
    def rdflib(self, *, merged: Literal[False] = False) -> Dataset: ...

    @overload
    def rdflib(self, *, merged: Literal[True]) -> Graph: ...

    def rdflib(self, *, merged: bool = False) -> Graph:
        """Return the whole graph as an rdflib Dataset with its named graphs; ``merged``, as one Graph without them.

        A Dataset iterates over quads; what expects triples, such as ``rdflib_to_networkx_multidigraph``, needs a Graph.
        """
        from rdflib import Dataset, Graph

        if merged:
            return Graph().parse(data=self.export("ntriples"), format="nt")
        dataset = Dataset(default_union=True)
        dataset.parse(data=self.export("nquads"), format="nquads")
        return dataset

    def export(
        self,
        form: str,
        network: str | None = None,
        table: str | None = None,
        year: Year | None = None,
        source: SourceNames = None,
    ) -> bytes:
        """Return the graph, a network or a flat table in a format of `exporters.format_registry`.

        A format of networks writes ``ownership`` unless another is named, a format of tables ``entities``. With a year,
        a network holds only what held then or may have. Raises UnknownName, and WrongUse for a network, table or year
        that the format cannot write.
        """
        from peru_asia_graph.exporters.format_registry import ExportInput, choose_part, find_format

        chosen = find_format(form)
        which = choose_part(chosen, network, table, year)
        graph = self._of(source)
        return chosen.data(ExportInput(graph.store, self._project.ontology, graph._rows, year), which)

    def _rows(self) -> Sequence[SortedRow]:
        from peru_asia_graph.rdf.formats import read_rdf, sort_statements

        # A file keeps the literals as they were written; a store may respell them.
        if not self._is_file:
            return sort_statements(self.store.quads())
        quads = read_rdf(self._file)
        if self._given_several is None:
            return sort_statements(quads)
        seen = {quad.graph_name for quad in self.store.quads()}
        return sort_statements(quad for quad in quads if quad.graph_name in seen)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {self._where}>"

    def _repr_html_(self) -> str:
        counts = self.query(
            "SELECT ?class (COUNT(DISTINCT ?x) AS ?count) { ?x a ?class } GROUP BY ?class ORDER BY DESC(?count)"
        )
        return f"<p>Peru–Asia knowledge graph</p>{counts._repr_html_()}"


def _around(store: Store, slug: str, year: Year | None, *, below: bool = False) -> OwnershipSnapshot:
    from peru_asia_graph.holdings.owners import read_snapshot_around

    return read_snapshot_around(store, slug, year, below=below)
