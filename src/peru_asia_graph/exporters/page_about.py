"""The data about the graph on every page: its citation, its sources and states, and the stories of the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import WrongUse, raise_errors
from peru_asia_graph.exporters.stories import Story, check_shown, check_stories, read_stories, story_data
from peru_asia_graph.query.dataset import read_dataset
from peru_asia_graph.query.sources import read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.views.sanitize import sanitize_all
from peru_asia_graph.views.words import countries
from peru_asia_graph.vocabulary import BASE, CODE, local

_STATES: Final = """
SELECT ?state (MIN(?name) AS ?label) (MIN(?es) AS ?spanish) (MIN(?two) AS ?code) WHERE {
  ?state a pag:State ; rdfs:label ?name
  OPTIONAL { ?state skos:prefLabel ?es FILTER(LANG(?es) = "es") }
  OPTIONAL { ?one pag:identifies ?state ; pag:identifierScheme <CODEidentifier-scheme/iso-3166-1-alpha-2> ;
    skos:notation ?two }
} GROUP BY ?state ORDER BY ?state""".replace("CODE", CODE)


def page_about(
    store: Store, kind: str, shown: Collection[str], ontology: Path, story: Story | None = None, strict: bool = False
) -> dict[str, Any]:
    """Return dataset, sources, states and stories for the script of a page that shows the things ``shown``.

    Stories in the ontology folder are skipped if they name a source that the store does not have, or if they do not fit
    the page; ``strict`` makes the latter an error, as it always is for ``story``. Raises BadInput with all problems,
    WrongUse for a story of another page.
    """
    known = {one.name for one in read_sources(store)}
    stories = [one for one in read_stories(ontology) if one.page == kind and known.issuperset(one.sources)]
    if not strict:
        stories = [one for one in stories if not _problems(store, one, shown)]
    if story is not None:
        if story.page != kind:
            raise WrongUse(f"{story.file} is a story of the page '{story.page}', not of '{kind}'")
        stories = [story, *(one for one in stories if one.name != story.name)]
    checked = stories if strict else stories[:1] if story is not None else []
    raise_errors(problem for one in checked for problem in _problems(store, one, shown))
    cited = {"dataset": dataset_citation(store), "sources": source_citations(store), "countries": own_states(store)}
    about = {"stories": story_data(store, stories), **cited}
    return sanitize_all({name: value for name, value in about.items() if value})  # type: ignore[no-any-return]


def dataset_citation(store: Store) -> dict[str, Any]:
    """Return title (by language), creators, version, year and IRI of the graph; empty if it is not described."""
    known = read_dataset(store)
    if not known.titles:
        return {}
    told = {"creator": ", ".join(known.creators), "version": known.version, "issued": known.issued}
    return {"title": dict(known.titles), "address": BASE, **{name: text for name, text in told.items() if text}}


def source_citations(store: Store) -> dict[str, dict[str, str]]:
    """Return the requested citation of each source by name, and its web page."""
    return {
        one.name: {"citation": one.citation, **({"page": one.page} if one.page else {})}
        for one in read_sources(store)
        if one.citation
    }


def own_states(store: Store) -> dict[str, dict[str, Any]]:
    """Return code, colour and names of the states that the list of countries lacks, such as those of imported sources.

    A state with the code of a listed country has its code, colour and names; any other has its label.
    """
    by_code = {row["code"]: row for row in countries().values()}
    found: dict[str, dict[str, Any]] = {}
    for state, label, spanish, code in store.query(_STATES).values():
        if (slug := local(str(state))) not in countries():
            found[slug] = by_code.get(code) or {"en": label, "es": spanish or label}
    return found


def _problems(store: Store, story: Story, shown: Collection[str]) -> Sequence[Any]:
    return check_stories(store, [story]) or check_shown(story, shown)
