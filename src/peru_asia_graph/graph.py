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
from peru_asia_graph.query.query_warnings import UndefinedTerm, find_undefined, find_unknown, read_terms
from peru_asia_graph.query.questions import Question, Questions, plain_values, read_questions
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.side_by_side import SourceNames, SourcePart, ask_each, parts_about
from peru_asia_graph.query.sources import Sources, choose_sources, names_of, read_sources, with_differences
from peru_asia_graph.sources.dates import Year
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
    """A read-only graph in a store; to change it, edit the tables and run ``pag build``.

    `peru_asia_graph.load` returns one. Methods that take the name of a thing accept a slug, a label or a printed
    spelling. They raise UnknownName, with suggestions, for an unknown name, and WrongUse for an ambiguous one. A year
    may also be a month or a day (2012, "2012-05", "2012-05-14"); the default is the last year that the source covers.

    If the graph has several sources, each answers separately: the first column of the result, ``source``, names the
    source. The argument ``source``, one name or a list, limits one answer; `only` limits all of them.
    """

    def __init__(self, store: Store, where: str | Path | None = None, several: bool | None = None) -> None:
        self.store = store
        # Names in queries that are known to be in the store: looking them up takes as long as a short query.
        self._known_names: set[str] = set()
        self._given_several = several
        self._where_given = where
        self._project = find_project()
        self._file = self._project.graph if where is None else Path(where)
        self._where = self._file if where is None else where
        self._is_file = not is_address(where) and self._file.is_file()

    @cached_property
    def sources(self) -> Sources:
        """The sources of the graph, in order."""
        return read_sources(self.store)

    @property
    def _several(self) -> bool:
        return len(self.sources) > 1 if self._given_several is None else self._given_several

    def only(self, *sources: str) -> KnowledgeGraph:
        """Return the graph limited to these sources; raise UnknownName for one it does not have."""
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
        """The queries for the sections of a card, in order."""
        from peru_asia_graph.query.cards import read_section_queries

        return read_section_queries(self._project.ontology / "cards")

    @cached_property
    def link_queries(self) -> tuple[str, str]:
        """The queries for the network of all links: edges and nodes."""
        from peru_asia_graph.query.network import read_network_queries

        return read_network_queries(self._project.ontology / "networks", "all")

    @cached_property
    def _cached_links(self) -> PlainGraph[str]:
        return self._read_links()

    def _read_links(self) -> PlainGraph[str]:
        """Return the network of all links. This takes about a second, nearly all of the time of a search for chains."""
        from peru_asia_graph.query.network import run_network_queries

        return run_network_queries(self.store, "all", self.link_queries)[0]

    @cached_property
    def _terms(self) -> frozenset[str]:
        return read_terms(self._project.ontology)

    def query(self, text: str) -> Result:
        """Return the result of a query; known prefixes need no declaration. Raises BadQuery, warns of UndefinedTerm."""
        check_text(text, "a query")
        for warning in self.warnings(text):
            warnings.warn(warning, UndefinedTerm, stacklevel=2)
        return self.store.query(text)

    def warnings(self, text: str) -> list[str]:
        """Return a warning, with close matches, for each unknown term, thing, code and graph in a query."""
        check_text(text, "a query")
        return find_undefined(text, self._terms) + find_unknown(self.store, text, self._known_names)

    def fill(self, name: str, values: dict[str, str]) -> str:
        """Return the SPARQL query of a named question with its parameters filled in."""
        return self.questions.find(name).fill(values, self.names)

    def ask(self, name: str, source: SourceNames = None, **values: Any) -> Result:
        """Return the result of a named question; the keyword arguments are its parameters, strings or numbers.

        The ``notes`` of the result warn of other things with a similar name.
        If the question has a parameter ``source`` (a cited work), ``source`` sets that parameter.

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
        return graph._noted(result, *found.slugs)

    def _with_source_names(self, question: Question, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values, with the short names of sources replaced by their names."""
        named = [
            one.name for one in question.parameters if one.kind == "source" and isinstance(values.get(one.name), str)
        ]
        return values | {name: choose_sources(self.sources, [values[name]])[0].name for name in named}

    def parameter_values(self, question: str, parameter: str) -> list[Code]:
        """Return the values a question's parameter accepts: codes, or things of its kinds; none for a number."""
        from peru_asia_graph.query.codes import read_values

        return read_values(self.store, self.questions.find(question).find_parameter(parameter))

    def notes(self, *names: str) -> list[str]:
        """Return, for each name that is easily confused with those of other things, a note that lists those."""
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
        return replace(card, notes=graph.names.notes([slug]))

    def network(
        self, kind: str = "ownership", year: Year | None = None, source: SourceNames = None
    ) -> nx.MultiDiGraph[str]:
        """Return a network (``ownership``, ``diplomacy`` or ``all``); with a year, what held or may have held then."""
        from peru_asia_graph.query.network import make_network

        return make_network(self._of(source).store, kind, year)

    def differences(
        self, thing: str | None = None, kind: str | Sequence[str] = (), source: SourceNames = None
    ) -> Result:
        """Return the differences between the sources, overall or on one thing.

        ``kind`` limits the result to one or several kinds of difference, ``source`` to the differences of one or
        several sources with others. The default for ``source`` in a limited graph is its sources.
        """
        from peru_asia_graph.query.differences import differences_table

        slug = None if thing is None else self.names.find(thing)
        names = [] if source is None else names_of(source)
        chosen = [one.name for one in choose_sources(self.sources, names)] if names or self.whole else []
        found = differences_table(self.whole or self.store, slug, names_of(kind, "a kind of difference"), chosen)
        if not found:
            check_vocabulary(self.store, "list of differences")
            compared = "sources are compared where two give owners, dates of an agreement or figures"
            found = replace(found, notes=[f"no such difference: {compared}"])
        return found if slug is None else self._noted(found, slug)

    def between(
        self, one: str, other: str, depth: int = 3, most: int = 25, hubs: bool = False, source: SourceNames = None
    ) -> Result:
        """Return the chains of statements that link two things, shortest first, one row per step.

        There are at most ``most`` chains of at most ``depth`` steps. Without ``hubs``, no chain passes through things
        with very many links (Peru, mining). The ``notes`` of the result say what was left out.
        """
        from peru_asia_graph.query.chains import chains_between
        from peru_asia_graph.store.embedded import EmbeddedStore

        graph = self._of(source)
        slugs = graph.names.find(one), graph.names.find(other)
        # The data on a server may change, so only links from an embedded store are cached.
        links = graph._cached_links if isinstance(graph.store, EmbeddedStore) else graph._read_links()
        several = graph._several
        found = chains_between(graph.store, links, *slugs, depth=depth, most=most, hubs=hubs, several=several)
        return replace(found, notes=[*found.notes, *graph.names.notes(slugs)])

    def audit(self, source: SourceNames = None) -> Verdicts:
        """Return a verdict on each claim of a source, recomputed from that source's own data, the worst first."""
        from peru_asia_graph.audit import audit
        from peru_asia_graph.audit.report import Verdicts

        graphs = {part.name: KnowledgeGraph(part.store, several=False) for part in self._parts(source)}
        verdicts = Verdicts(replace(one, source=name if self._several else "")
                            for name, graph in graphs.items() for one in audit(graph.store, graph.ask))  # fmt: skip
        if not verdicts:
            check_vocabulary(self.store, "audit", self._project.ontology / "pages" / "audit.rq")
        return verdicts

    def _of(self, source: SourceNames) -> KnowledgeGraph:
        names = [] if source is None else names_of(source)
        return self.only(*names) if names else self

    def _parts(self, source: SourceNames, slug: str | None = None) -> list[SourcePart]:
        """Return a part for each of the named sources that mentions a thing."""
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

        A network page opens at ``year`` with the thing named by ``around`` selected; ``depth`` limits it to things at
        most that many links away. ``.save(path)`` writes the page, and a notebook displays it. With ``shared``, its
        scripts are in a folder next to it, which several pages can share. ``story`` is the CSV file of a story to
        click through. Raises UnknownName, WrongUse and, for problems in the story, BadInput.
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
