"""The data about the graph on every page: how to cite it and its sources, and the stories of the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from peru_asia_graph.errors import BadInput, WrongUse
from peru_asia_graph.exporters.stories import Story, check_shown, check_stories, read_stories, story_data
from peru_asia_graph.query.dataset import read_dataset
from peru_asia_graph.query.sources import read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.views.sanitize import sanitize_all
from peru_asia_graph.vocabulary import BASE


def page_about(
    store: Store, kind: str, shown: Collection[str], ontology: Path, story: Story | None = None, strict: bool = False
) -> dict[str, Any]:
    """Return dataset, sources and stories for the script of a page that shows the things ``shown``.

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
    if problems := [problem for one in checked for problem in _problems(store, one, shown)]:
        raise BadInput(problems)
    cited = {"dataset": dataset_citation(store), "sources": source_citations(store)}
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


def _problems(store: Store, story: Story, shown: Collection[str]) -> Sequence[Any]:
    return check_stories(store, [story]) or check_shown(story, shown)
