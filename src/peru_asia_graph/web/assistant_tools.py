"""The tools for assistants: answers as values with citations and sources, and as readable text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from peru_asia_graph.errors import WrongUse, join_or
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.owners import read_snapshot_around
from peru_asia_graph.query.render import render
from peru_asia_graph.query.sources import SourceInfo, choose_sources, names_of, speaking_of_each
from peru_asia_graph.site.question_search import list_questions
from peru_asia_graph.site.search_page import find_things, search_index
from peru_asia_graph.store.literals import json_value
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.vocabulary import thing

MAX_ROWS: Final = 1_000
_FACTS: Final = 20
# The columns of answers that name sources.
_SOURCES: Final = ("source", "sources", "source_a", "source_b")
Answer = dict[str, Any]


def search(kg: KnowledgeGraph, text: str, limit: int) -> Answer:
    """Return things and statements whose names match the words of a text, best first, with kinds and sources."""
    if not text.strip():
        raise WrongUse("text is empty; give part of a name, such as Toromocho")
    found = {hit.entry.path.removeprefix("id/"): hit.entry.labels["en"] for hit in find_things(kg, text, limit)}
    told = speaking_of_each(kg.store, list(found))
    kinds = _kinds(kg, list(found)) if found else {}
    rows = [[slug, name, kinds.get(slug, ""), ", ".join(told.get(slug, ()))] for slug, name in found.items()]
    meant = [] if found else kg.names.suggest(text)
    nothing = f"No name matches '{text[:60]}'.{f' Did you mean {join_or(meant)}?' if meant else ''}"
    return _answer(kg, from_rows(["id", "name", "kind", "sources"], rows), limit, nothing=nothing)


def _kinds(kg: KnowledgeGraph, slugs: Sequence[str]) -> dict[str, str]:
    values = " ".join(f"<{thing(slug)}>" for slug in slugs)
    query = f"""SELECT ?thing (SAMPLE(?name) AS ?kind) WHERE {{ VALUES ?thing {{ {values} }} ?thing a ?class .
      ?class rdfs:label ?name FILTER(LANG(?name) = "en")
      FILTER NOT EXISTS {{ ?thing a ?narrow . ?narrow rdfs:subClassOf ?class FILTER(?narrow != ?class) }} }}
      GROUP BY ?thing"""
    return {str(row["thing"]): str(row["kind"]) for row in kg.query(query)}


def show(kg: KnowledgeGraph, name: str, source: Sequence[str]) -> Answer:
    """Return the card of a thing: facts with their citations, at most twenty of each kind."""
    card = kg.show(name, source or None)
    sections = {}
    for section in card.sections:
        left = len(section.facts) - _FACTS
        sections[section.title] = {"facts": [dict(fact) for fact in section.facts[:_FACTS]], "left_out": max(left, 0)}
    lines = [f"{card.head.get('label', card.slug)} ({card.head.get('type', 'thing')}), id {card.slug}"]
    for section in card.sections:
        lines += ["", section.title]
        lines += [f"  {line} [{cited}]" if cited else f"  {line}" for line, cited in section.lines()[:_FACTS]]
        if len(section.facts) > _FACTS:
            lines.append(f"  … and {len(section.facts) - _FACTS} more; ask a question or run a query for all")
    speaking = {*speaking_of_each(kg.store, [card.slug])[card.slug]}
    told = choose_sources(kg.sources, source) if source else kg.sources
    return {
        "id": card.slug, **card.head, "facts": sections, "notes": list(card.notes),
        "sources": _describe_sources([one for one in told if one.name in speaking]), "text": "\n".join(lines),
    }  # fmt: skip


def ask(kg: KnowledgeGraph, question: str, values: Mapping[str, str], source: Sequence[str], limit: int) -> Answer:
    """Return the answer to a named question and the parameter values used, defaults included."""
    asked = kg.questions.find(question)
    given = {str(name): str(value) for name, value in values.items()}
    asked.check_parameters(given)
    if source and asked.takes("source"):
        raise WrongUse(
            f"the parameter source of '{asked.name}' is a cited work; give it in values, as {{\"source\": …}}"
        )
    # Passing None would override a work given in values.
    found = kg.ask(question, **({"source": source} if source else {}), **given)
    used = {one.name: given.get(one.name, one.default or "") for one in asked.parameters}
    answer = _answer(kg, found, limit, source)
    told = ", ".join(f"{name} = {value}" for name, value in used.items())
    title = f"{asked.title} ({told})" if told else asked.title
    return {"question": asked.title, "values": used, **answer, "text": f"{title}\n\n{answer['text']}"}


def questions(kg: KnowledgeGraph, about: str) -> Answer:
    """Return the named questions, or those that match the words of a text, with their parameters."""
    listed = list_questions(kg.questions, about).questions
    found = [
        {
            "name": one.name,
            "title": one.title,
            "parameters": [
                {"name": each.name, "type": each.kind, "default": each.default, "description": each.description}
                for each in one.parameters
            ],
        }
        for one in listed
    ]
    lines = [f"{one.name}: {one.title}" for one in listed]
    return {"questions": found, "text": "\n".join(lines) or f"No question is about '{about[:60]}'."}


def owners(kg: KnowledgeGraph, asset: str, year: str, source: Sequence[str], limit: int) -> Answer:
    """Return who owned an asset, through chains, according to each source."""
    return _answer(kg, kg.owners(asset, year=year or None, source=source or None), limit, source)


def differences(kg: KnowledgeGraph, about: str, kinds: Sequence[str], source: Sequence[str], limit: int) -> Answer:
    """Return where sources agree and differ, about a thing or everything; named sources are compared with all."""
    return _answer(kg, kg.differences(about or None, kinds, source or None), limit, source)


def query(kg: KnowledgeGraph, sparql: str, limit: int) -> Answer:
    """Return the rows of a SPARQL query."""
    warnings, found = kg.warnings(sparql), kg.store.query(sparql)
    if found.boolean is not None:
        answer = "yes" if found.boolean else "no"
        return {"boolean": found.boolean, "notes": warnings, "text": "\n".join([answer, *warnings])}
    return _answer(kg, found, limit, warnings=warnings, nothing="No rows.")


_TOOLS: Final[Mapping[str, Callable[..., Answer]]] = {
    one.__name__: one for one in (search, show, ask, questions, owners, differences, query)
}


def warm_tools(kg: KnowledgeGraph) -> None:
    """Read all files that a tool may need, and import lazily imported modules."""
    for module in ("holdings.owners", "query.differences", "query.render"):
        import_module(f"peru_asia_graph.{module}")
    read_snapshot_around(kg.store, "nothing", 2000)
    search_index(kg)


def run_tool(kg: KnowledgeGraph, name: str, arguments: Mapping[str, Any]) -> Answer:
    """Return the answer of a tool; raise WrongUse, UnknownName or BadQuery with advice."""
    given = dict(arguments)
    if "source" in given:
        given["source"] = names_of(given["source"])
    if not 1 <= int(given.get("limit", 1)) <= MAX_ROWS:
        raise WrongUse(f"limit must be a number from 1 to {MAX_ROWS}")
    return _TOOLS[name](kg, **given)


def _answer(
    kg: KnowledgeGraph,
    found: Result,
    limit: int,
    chosen: Sequence[str] = (),
    warnings: Sequence[str] = (),
    nothing: str = "No rows: the sources say nothing about this.",
) -> Answer:
    """Return rows as values, and as a text that says what was left out and which sources they come from.

    If the rows do not name their sources, these are the sources ``chosen``, or all. ``nothing`` is the text of an
    answer without rows.
    """
    shown, left = found[:limit], max(len(found) - limit, 0)
    if shown.triples is None:
        table = shown.cells(lambda term: json_value(term.python(), term.value))
        columns = list(shown.variables)
    else:
        columns = ["subject", "predicate", "object"]
        table = [[None if value is None else json_value(value, str(value)) for value in row.values()] for row in shown]
    rows = [dict(zip(columns, row, strict=True)) for row in table]
    used = {name for row in rows for column in _SOURCES for name in str(row.get(column) or "").split(", ")}
    named = [one for one in kg.sources if used & {one.name, one.short}]
    named = named or (list(choose_sources(kg.sources, chosen)) if chosen else list(kg.sources))
    sources = _describe_sources(named)
    notes = [
        *found.notes,
        *warnings,
        *([f"{left:,} more rows were left out; raise limit or narrow the request"] if left else []),
    ]
    form = "markdown" if shown.triples is None else "turtle"
    text = render(shown, form) if rows else f"{nothing}\n"
    cited = "\n".join(f"- {one['name']}: {one['citation']}" for one in sources)
    whole = "\n".join(filter(None, [text, *notes, f"Sources:\n{cited}"]))
    return {"columns": columns, "rows": rows, "left_out": left, "notes": notes, "sources": sources, "text": whole}


def _describe_sources(sources: Sequence[SourceInfo]) -> list[dict[str, str]]:
    return [
        {"name": one.name, "short": one.short, "title": one.title, "date": one.date, "licence": one.licence,
         "citation": one.citation or one.title} for one in sources
    ]  # fmt: skip
