"""The Python interface: one object for queries, named questions, cards, networks and ownership."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peru_asia_graph.errors import check_text
from peru_asia_graph.exporters.methods import ExportMethods
from peru_asia_graph.holdings.methods import OwnershipMethods
from peru_asia_graph.paths import find_project
from peru_asia_graph.query.questions import Question, Questions, plain_values, read_questions
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.side_by_side import SourceNames, SourcePart, ask_each, parts_about
from peru_asia_graph.query.sources import Sources, choose_sources, names_of, read_sources, with_differences
from peru_asia_graph.query.undefined_terms import UndefinedTerm, find_undefined, read_terms
from peru_asia_graph.query.unknown_names import find_unknown
from peru_asia_graph.sources.moments import Year
from peru_asia_graph.store import Store, is_address
from peru_asia_graph.store.results import Result

if TYPE_CHECKING:
    import networkx as nx

    from peru_asia_graph.audit.report import Verdicts
    from peru_asia_graph.ownership.plain_graph import PlainGraph
    from peru_asia_graph.query.cards import Card, SectionQuery
    from peru_asia_graph.query.codes import Code
    from peru_asia_graph.views.html_view import View


class KnowledgeGraph(OwnershipMethods, ExportMethods):
    """A graph in a store, for reading; to change it, change the tables and run ``pag build``.

    `peru_asia_graph.load` returns one. Methods that take the name of a thing accept a slug, a label or a printed
    spelling, and raise UnknownName with suggestions, or WrongUse when several things have the name. A year may be a
    month or a day too (2012, "2012-05", "2012-05-14"); one that is not given is the last the source describes.

    Where the graph has several sources, each answers on its own, side by side: the first column, ``source``, says
    which. ``source``, the name of one or a list, limits an answer; `only` limits all.
    """

    def __init__(self, store: Store, where: str | Path | None = None, several: bool | None = None) -> None:
        self.store = store
        # Names of queries that are in the store: to look for them takes as long as a short query.
        self._known_names: set[str] = set()
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

    @property
    def _several(self) -> bool:
        return len(self.sources) > 1 if self._given_several is None else self._given_several

    def only(self, *sources: str) -> KnowledgeGraph:
        """Return the graph as these sources tell it; raise UnknownName for one it does not have."""
        chosen = choose_sources(self.sources, names_of(sources))
        limited = self.store.part(list(dict.fromkeys(graph for one in chosen for graph in one.graphs)))
        graph = KnowledgeGraph(limited, self._where_given, self._several)
        graph.whole = self.whole or self.store
        return graph

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

    @cached_property
    def _cached_links(self) -> PlainGraph[str]:
        return self._read_links()

    def _read_links(self) -> PlainGraph[str]:
        """Return everything that is linked; it takes a second, nearly all of the time of a search for chains."""
        from peru_asia_graph.query.network import run_network_queries

        return run_network_queries(self.store, "all", self.link_queries)[0]

    @cached_property
    def _terms(self) -> frozenset[str]:
        return read_terms(self._project.ontology)

    def query(self, text: str) -> Result:
        """Return the result of a query; known prefixes need no declaration. Raises BadQuery, warns UndefinedTerm."""
        check_text(text, "a query")
        for warning in self.warnings(text):
            warnings.warn(warning, UndefinedTerm, stacklevel=2)
        return self.store.query(text)

    def warnings(self, text: str) -> list[str]:
        """Return a warning for each term, thing, code and graph of a query that is not there, with the nearest ones."""
        check_text(text, "a query")
        return find_undefined(text, self._terms) + find_unknown(self.store, text, self._known_names)

    def fill(self, name: str, values: dict[str, str]) -> str:
        """Return the SPARQL query of a named question with its parameters filled in."""
        return self.questions.find(name).fill(values, self.names)

    def ask(self, name: str, /, source: SourceNames = None, **values: Any) -> Result:
        """Return the result of a named question; the keyword arguments are its parameters, texts or numbers.

        ``notes`` of the result name other things that a name given may be taken for.
        Where the question has a parameter ``source``, a work that is cited, that is meant by it.

        >>> import peru_asia_graph
        >>> answer = peru_asia_graph.load().ask("who-owns", asset="Antamina")
        >>> sorted(float(row["share_percent"]) for row in answer if row["share_percent"] is not None)
        [10.0, 22.5, 33.75, 33.75]
        """
        from peru_asia_graph.query.codes import check_years
        from peru_asia_graph.query.names import FoundNames

        question = self.questions.find(name)
        if source is not None and question.takes("source"):
            values["source"], source = source, None
        graph = self._of(source)
        found = FoundNames(graph.names)
        if graph.store.graphs is not None and graph._several:
            question.check_one_source()
        query = question.fill(self._with_source_names(question, plain_values(values)), found)
        if not graph._several or question.together:
            result = graph.store.query(query)
        else:
            result = ask_each(graph.store, parts_about(graph.store), query)
        if not result.rows and result.boolean is None and result.triples is None:
            check_vocabulary(self.store, "question")
            check_years(self.store, question.parameters, plain_values(values))
        return self._noted(result, *found.slugs)

    def _with_source_names(self, question: Question, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values with the name of each source that one is, given by that or its short name."""
        named = [
            one.name for one in question.parameters if one.kind == "source" and isinstance(values.get(one.name), str)
        ]
        return values | {name: choose_sources(self.sources, [values[name]])[0].name for name in named}

    def parameter_values(self, question: str, parameter: str) -> list[Code]:
        """Return what a parameter of a question may be: codes, or things of the kinds it takes; none for numbers."""
        from peru_asia_graph.query.codes import read_values

        return read_values(self.store, self.questions.find(question).find_parameter(parameter))

    def notes(self, *names: str) -> list[str]:
        """Return for each name that may be taken for another thing's a sentence that names those others."""
        return self.names.notes(self.names.find(name) for name in names)

    def show(self, name: str, source: SourceNames = None) -> Card:
        """Return the card of a thing: its type, all facts with citations, and what links to it."""
        from peru_asia_graph.query.cards import among, make_card

        graph = self._of(source)
        slug = graph.names.find(name)
        parts = self._parts(source, slug) if graph._several else ()
        queries = (
            among(self.section_queries, [one.name for one in graph.sources]) if graph.whole else self.section_queries
        )
        card = make_card(with_differences(graph.store, graph.whole), slug, queries, parts)
        return replace(card, notes=self.names.notes([slug]))

    def network(
        self, kind: str = "ownership", year: Year | None = None, source: SourceNames = None
    ) -> nx.MultiDiGraph[str]:
        """Return a network: ``ownership``, ``diplomacy`` or ``all``; with a year, only what held then or may have."""
        from peru_asia_graph.query.network import make_network

        return make_network(self._of(source).store, kind, year)

    def differences(
        self, thing: str | None = None, kind: str | Sequence[str] = (), source: SourceNames = None
    ) -> Result:
        """Return where the sources differ, of everything or of one thing.

        ``kind`` is one kind or several, ``source`` one source or several: only their differences with others. Of a
        graph that is limited to some sources, theirs.
        """
        from peru_asia_graph.query.differences import differences_table

        slug = None if thing is None else self.names.find(thing)
        names = [] if source is None else names_of(source)
        chosen = [one.name for one in choose_sources(self.sources, names)] if names or self.whole else []
        found = differences_table(self.whole or self.store, slug, names_of(kind, "a kind of difference"), chosen)
        if not found:
            check_vocabulary(self.store, "list of differences")
            found = replace(
                found, notes=["there is no such difference: sources are compared where two state the same matter"]
            )
        return found if slug is None else self._noted(found, slug)

    def between(
        self, one: str, other: str, depth: int = 3, most: int = 25, hubs: bool = False, source: SourceNames = None
    ) -> Result:
        """Return the chains of statements that lead from one thing to another, shortest first, a row for each step.

        At most ``most`` chains of at most ``depth`` steps; unless ``hubs``, none through what is linked with very many
        others (Peru, mining). ``notes`` say what was left out.
        """
        from peru_asia_graph.query.chains import chains_between
        from peru_asia_graph.store.embedded import EmbeddedStore

        graph = self._of(source)
        slugs = graph.names.find(one), graph.names.find(other)
        # What a server holds may change.
        links = graph._cached_links if isinstance(graph.store, EmbeddedStore) else graph._read_links()
        several = graph._several
        found = chains_between(graph.store, links, *slugs, depth=depth, most=most, hubs=hubs, several=several)
        return replace(found, notes=[*found.notes, *self.names.notes(slugs)])

    def audit(self, source: SourceNames = None) -> Verdicts:
        """Return the verdict on each claim that a source makes itself, recomputed from that source, the worst first."""
        from peru_asia_graph.audit import audit
        from peru_asia_graph.audit.report import Verdicts

        graphs = [KnowledgeGraph(part.store, several=False) for part in self._parts(source)]
        verdicts = Verdicts(verdict for graph in graphs for verdict in audit(graph.store, graph.ask))
        if not verdicts:
            check_vocabulary(self.store, "audit", self._project.ontology / "pages" / "audit.rq")
        return verdicts

    def _of(self, source: SourceNames) -> KnowledgeGraph:
        names = [] if source is None else names_of(source)
        return self.only(*names) if names else self

    def _parts(self, source: SourceNames, slug: str | None = None) -> list[SourcePart]:
        """Return a part for each source, of those named, that speaks of a thing."""
        return parts_about(self._of(source).store, slug)

    def view(
        self,
        kind: str = "ownership",
        year: Year | None = None,
        around: str | None = None,
        depth: int | None = None,
        language: str = "en",
        shared: bool = False,
        source: SourceNames = None,
        story: str | Path | None = None,
    ) -> View:
        """Return an interactive page by its kind, one of `views.page_registry.PAGES`.

        A network page opens with ``year`` and with the thing named by ``around`` chosen; ``depth`` limits it to what is
        at most that many links from that thing. The page saves itself (``.save(path)``) and shows in a notebook; with
        ``shared`` its script is in a folder beside it, for many pages at once. ``story`` is the CSV file of a story
        to click the page through by. Raises UnknownName, WrongUse and, for problems of the story, BadInput.
        """
        from peru_asia_graph.exporters.html_pages import ASSETS, make_page
        from peru_asia_graph.exporters.stories import read_story
        from peru_asia_graph.views.html_view import View

        if story is not None:
            check_text(str(story) if isinstance(story, Path) else story, "the file of a story")
        graph = self._of(source)
        slug = None if around is None else graph.names.find(around)
        page = make_page(
            graph.store,
            kind,
            self._project.ontology,
            language=language,
            assets=ASSETS if shared else None,
            year=year,
            around=slug,
            depth=depth,
            story=None if story is None else read_story(Path(story)),
            whole=graph.whole,
        )
        return View(page, ASSETS if shared else None)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {self._where}>"

    def _repr_html_(self) -> str:
        counts = self.query(
            "SELECT ?class (COUNT(DISTINCT ?x) AS ?count) { ?x a ?class } GROUP BY ?class ORDER BY DESC(?count)"
        )
        return f"<p>Peru–Asia knowledge graph</p>{counts._repr_html_()}"
