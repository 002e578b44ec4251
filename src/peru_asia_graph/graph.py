"""The Python interface: one object for queries, named questions, cards, networks and ownership."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from peru_asia_graph.errors import WrongUse, check_flag, check_text, join_or
from peru_asia_graph.paths import find_project
from peru_asia_graph.query.names import FoundNames, Names
from peru_asia_graph.query.questions import Questions, plain_values, read_questions
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.sources.moments import Year
from peru_asia_graph.store import Store, is_address
from peru_asia_graph.store.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from rdflib import Dataset, Graph

    from peru_asia_graph.audit.report import Verdicts
    from peru_asia_graph.ownership.snapshot import OwnershipSnapshot
    from peru_asia_graph.query.cards import Card, SectionQuery
    from peru_asia_graph.query.codes import Code
    from peru_asia_graph.rdf.quads import SortedRow
    from peru_asia_graph.views.html_view import View


class KnowledgeGraph:
    """A graph in a store, for reading; to change it, change the tables and run ``pag build``.

    `peru_asia_graph.load` returns one. Methods that take the name of a thing accept a slug, a label or a printed
    spelling, and raise UnknownName with suggestions, or WrongUse when several things have the name. A year may be a
    month or a day too (2012, "2012-05", "2012-05-14"); one that is not given is the last the source describes.
    """

    def __init__(self, store: Store, where: str | Path | None = None) -> None:
        self.store = store
        self._project = find_project()
        self._file = self._project.graph if where is None else Path(where)
        self._where = self._file if where is None else where
        self._is_file = not is_address(where) and self._file.is_file()

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

    @cached_property
    def link_queries(self) -> tuple[str, str]:
        """The queries for everything that is linked, edges and nodes."""
        from peru_asia_graph.query.network import read_network_queries

        return read_network_queries(self._project.ontology / "networks", "all")

    def query(self, text: str) -> Result:
        """Return the result of a SPARQL query; the prefixes of the graph need no declaration. Raises BadQuery."""
        check_text(text, "a query")
        return self.store.query(text)

    def fill(self, name: str, values: dict[str, str]) -> str:
        """Return the SPARQL query of a named question with its parameters filled in."""
        return self.questions.find(name).fill(values, self.names)

    def ask(self, name: str, **values: Any) -> Result:
        """Return the result of a named question; the keyword arguments, texts or numbers, are its parameters.

        ``notes`` of the result name other things that a name given may be taken for.

        >>> import peru_asia_graph
        >>> answer = peru_asia_graph.load().ask("who-owns", asset="Antamina")
        >>> sorted(float(row["share_percent"]) for row in answer if row["share_percent"] is not None)
        [10.0, 22.5, 33.75, 33.75]
        """
        found = FoundNames(self.names)
        result = self.query(self.questions.find(name).fill(plain_values(values), found))
        if not result.rows and result.boolean is None and result.triples is None:
            check_vocabulary(self.store, "question")
        return self._noted(result, *found.slugs)

    def parameter_values(self, question: str, parameter: str) -> list[Code]:
        """Return what a parameter of a question may be: codes, or things of the kinds it takes; none for numbers."""
        from peru_asia_graph.query.codes import read_values

        return read_values(self.store, self.questions.find(question).find_parameter(parameter))

    def notes(self, *names: str) -> list[str]:
        """Return for each name that may be taken for another thing's a sentence that names those others."""
        return self.names.notes(self.names.find(name) for name in names)

    def _noted(self, result: Result, *slugs: str) -> Result:
        return replace(result, notes=self.names.notes(slugs))

    def show(self, name: str) -> Card:
        """Return the card of a thing: its type, all facts with citations, and what links to it."""
        from peru_asia_graph.query.cards import make_card

        slug = self.names.find(name)
        return replace(make_card(self.store, slug, self.section_queries), notes=self.names.notes([slug]))

    def network(self, kind: str = "ownership", year: Year | None = None) -> nx.MultiDiGraph[str]:
        """Return a network: ``ownership``, ``diplomacy`` or ``all``; with a year, only what held then or may have."""
        from peru_asia_graph.query.network import make_network

        return make_network(self.store, kind, year)

    def owners(self, asset: str, year: Year | None = None) -> Result:
        """Return who owns an asset, directly and through other firms: percentages, chains and citations.

        >>> import peru_asia_graph
        >>> rows = list(peru_asia_graph.load().owners("Block 8", 2012))
        >>> {row["owner"]: float(row["effective_percent"]) for row in rows if row["direct_percent"] is None}
        {'Pluspetrol Resources Corporation': 33.0, 'China National Petroleum Corporation': 27.0, 'unaccounted for': 0.1}
        """
        from peru_asia_graph.holdings.owners import owners_table

        slug = self.names.find(asset, "asset")
        return self._noted(owners_table(self._around(slug, year), slug), slug)

    def holdings(self, owner: str, year: Year | None = None) -> Result:
        """Return what an owner holds, directly and through other firms."""
        from peru_asia_graph.holdings.owners import holdings_table

        slug = self.names.find(owner, "owner")
        return self._noted(holdings_table(self._around(slug, year, below=True), slug), slug)

    def control(self, owner: str, year: Year | None = None, threshold: float = 50.0) -> Result:
        """Return what an owner controls: by more than ``threshold`` percent, or because the source states it."""
        from peru_asia_graph.holdings.owners import control_table

        slug = self.names.find(owner, "owner")
        return self._noted(control_table(self._around(slug, year, below=True), slug, threshold), slug)

    def explain(self, asset: str, year: Year | None = None) -> str:
        """Return a text that derives each share of an asset step by step."""
        from peru_asia_graph.holdings.explanation import explain

        slug = self.names.find(asset, "asset")
        return explain(self._around(slug, year), slug)

    def derivation(self, asset: str, year: Year | None = None) -> list[Mapping[str, object]]:
        """Return how each share of an asset comes about, as plain data."""
        from peru_asia_graph.holdings.explanation import derivations

        slug = self.names.find(asset, "asset")
        return derivations(self._around(slug, year), slug)

    def diff(self, before: Year, after: Year) -> Result:
        """Return the owners that were added or removed between two years, months or days."""
        from peru_asia_graph.holdings.owners import diff_table

        return diff_table(self.store, before, after)

    def ties(self, year: Year | None = None, **what: str) -> Result:
        """Return how much of an ``asset``, a ``commodity`` or a ``sector`` is tied to each state.

        Without an argument, the states behind every asset.
        """
        from peru_asia_graph.holdings.ties import all_ties, ties_table

        if not what:
            return all_ties(self.store, year)
        if len(what) > 1:
            raise WrongUse(f"ties are of one thing, not of {len(what)} at once: {join_or(list(what))}")
        if year is not None and "sector" in what:
            raise WrongUse("the announced investment of a sector is not counted by year; leave out the year")
        named = {kind: self.names.find(name, kind) for kind, name in what.items()}
        return self._noted(ties_table(self.store, self._snapshot(year), named), *named.values())

    def between(self, one: str, other: str, depth: int = 3, most: int = 25, hubs: bool = False) -> Result:
        """Return the chains of statements that lead from one thing to another, shortest first, a row for each step.

        At most ``most`` chains of at most ``depth`` steps; unless ``hubs``, none through what is linked with very many
        others (Peru, mining). ``notes`` say what was left out.
        """
        from peru_asia_graph.query.chains import chains_between

        slugs = self.names.find(one), self.names.find(other)
        found = chains_between(self.store, self.link_queries, *slugs, depth=depth, most=most, hubs=hubs)
        return replace(found, notes=[*found.notes, *self.names.notes(slugs)])

    def audit(self) -> Verdicts:
        """Return the verdict on each of the paper's own claims, recomputed, the worst first."""
        from peru_asia_graph.audit import audit
        from peru_asia_graph.audit.report import Verdicts

        verdicts = Verdicts(audit(self.store, lambda name, **values: self.query(self.fill(name, values))))
        if not verdicts:
            check_vocabulary(self.store, "audit", self._project.ontology / "pages" / "audit.rq")
        return verdicts

    def _around(self, slug: str, year: Year | None, *, below: bool = False) -> OwnershipSnapshot:
        from peru_asia_graph.holdings.owners import read_snapshot_around

        return read_snapshot_around(self.store, slug, year, below=below)

    def _snapshot(self, year: Year | None) -> OwnershipSnapshot:
        from peru_asia_graph.holdings.owners import read_snapshot

        return read_snapshot(self.store, year)

    def view(
        self,
        kind: str = "ownership",
        year: Year | None = None,
        around: str | None = None,
        depth: int | None = None,
        language: str = "en",
        shared: bool = False,
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
            self.store,
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

        check_flag(merged, "merged")
        if merged:
            return Graph().parse(data=self.export("ntriples"), format="nt")
        dataset = Dataset(default_union=True)
        dataset.parse(data=self.export("nquads"), format="nquads")
        return dataset

    def export(
        self, form: str, network: str | None = None, table: str | None = None, year: Year | None = None
    ) -> bytes:
        """Return the graph, a network or a flat table in a format of `exporters.format_registry`.

        A format of networks writes ``ownership`` unless another is named, a format of tables ``entities``. With a year,
        a network holds only what held then or may have. Raises UnknownName, and WrongUse for a network, table or year
        that the format cannot write.
        """
        from peru_asia_graph.exporters.format_registry import ExportInput, choose_part, find_format

        chosen = find_format(form)
        which = choose_part(chosen, network, table, year)
        source = ExportInput(self.store, self._project.ontology, self._rows, year)
        return chosen.data(source, which)

    def _rows(self) -> Sequence[SortedRow]:
        from peru_asia_graph.rdf.formats import sort_statements
        from peru_asia_graph.rdf.rdf_file import parse_rdf

        # A file keeps the literals as they were written; a store may respell them.
        return sort_statements(parse_rdf(self._file) if self._is_file else self.store.quads())

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {self._where}>"

    def _repr_html_(self) -> str:
        counts = self.query(
            "SELECT ?class (COUNT(DISTINCT ?x) AS ?count) { ?x a ?class } GROUP BY ?class ORDER BY DESC(?count)"
        )
        return f"<p>Peru–Asia knowledge graph</p>{counts._repr_html_()}"
