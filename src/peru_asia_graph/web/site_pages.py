"""The pages of the site, made in a worker: a name and arguments in, status, headers and HTML out."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode

from peru_asia_graph.errors import PeruAsiaGraphError, UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.codes import Code
from peru_asia_graph.query.questions import Question
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.query.sources import choose_sources, speaking_of_each
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.vocabulary import GRAPH, ONTOLOGY, PREFIXES, THING, local
from peru_asia_graph.web.html import environment, href, render
from peru_asia_graph.web.ontology_page import describe_ontology, is_ontology
from peru_asia_graph.web.source_pages import graph_fields, is_source, make_source_page, make_sources_page
from peru_asia_graph.web.thing_page import describe_list, describe_thing
from peru_asia_graph.web.thing_sources import source_link

_TERMS: Final = (
    "SELECT DISTINCT ?term WHERE { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?kind "
    f'FILTER(STRSTARTS(STR(?term), "{ONTOLOGY}")) }}'
)
# The most rows of a result on the page of a question; the endpoint returns all.
MAX_ROWS: Final = 1_000
PageResponse = tuple[int, dict[str, str], str]
Arguments = Mapping[str, Any]
# The questions on the front page, one of each kind.
_FIRST: Final = (
    "who-owns-through-whom", "who-owns", "timeline", "exports-by-sector", "biggest-investments", "who-trades-with",
    "investments-by-country", "state-owned-firms", "visits", "discrepancies",
)  # fmt: skip
_COUNTS: Final = (
    "SELECT ?class (COUNT(DISTINCT ?x) AS ?n) WHERE { VALUES ?class { pag:Organization pag:Project pag:Stake "
    "pag:Investment pag:Event pag:Agreement pag:Person qb:Observation } ?x a ?class } GROUP BY ?class ORDER BY ?class"
)


def warm(kg: KnowledgeGraph) -> None:
    """Read all files a page may need, and import the modules that are imported at their first use."""
    for module in ("difflib", "html", "unicodedata", "peru_asia_graph.query.chains"):
        import_module(module)
    environment()
    _ = kg.section_queries, kg.link_queries
    kg.warnings("ASK { ?s a pag:State }")
    for question in kg.questions.values():
        question.details()


def make_page(kg: KnowledgeGraph, name: str, arguments: Arguments) -> PageResponse:
    """Return a page; an error of this package becomes a page with its message."""
    try:
        return PAGES[name](kg, arguments)
    except UnknownName as error:
        return _failure(404, str(error))
    except PeruAsiaGraphError as error:
        return _failure(400, str(error))


def _failure(status: int, message: str) -> PageResponse:
    return status, {}, render("failure.html", message=message)


def _home(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    first = [kg.questions[name] for name in _FIRST if name in kg.questions]
    counts = [(row["class"], row["n"]) for row in kg.query(_COUNTS)]
    return (
        200,
        {},
        render(
            "home.html",
            questions=first,
            count=len(kg.questions),
            counts=counts,
            files=arguments["files"],
            sources=[(one, source_link(one)[1]) for one in kg.sources],
        ),
    )


def _search(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    words = arguments.get("q", "").strip()
    found = kg.names.search(words)
    if len(found) == 1 or (found and found[0][0].casefold() == words.casefold()):
        return 303, {"Location": href(THING + found[0][1])}, ""
    told = speaking_of_each(kg.store, [slug for _, slug in found]) if len(kg.sources) > 1 else {}
    links = {one.name: source_link(one) for one in kg.sources}
    shown = [(name, THING + slug, [links[one] for one in told.get(slug, ())]) for name, slug in found]
    matching = [one for one in kg.questions.values() if words and words.casefold() in one.title.casefold()]
    return (
        200,
        {},
        render("search.html", words=words, found=shown, questions=matching),
    )


def _questions(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    return 200, {}, render("questions.html", questions=list(kg.questions.values()))


def _question(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    name = arguments["name"]
    if name not in kg.questions:
        return _failure(404, f"there is no question {name}")
    question = kg.questions[name]
    given, sources = read_values(question, arguments)
    shown = {one.name: given.get(one.name, one.default or _example(question, one.name)) for one in question.parameters}
    given = {key: value for key, value in {**shown, **given}.items() if value}
    try:
        query = kg.fill(name, given)
        rows, failure = ask_question(kg, name, given, sources), ""
    except PeruAsiaGraphError as error:
        query, rows, failure = question.text, None, str(error)
    table = _table(kg, rows) if rows is not None else None
    fields = urlencode([*given.items(), *(("source", one) for one in sources)])
    values = {"shown": shown, "query": query, "table": table, "failure": failure, "max_rows": MAX_ROWS}
    beside = {
        "notes": rows.notes if rows is not None else (),
        "codes": _codes(kg, question),
        "fields": f"{fields}&" if fields else "",
    }
    limited = not question.takes("source") and not question.together
    choice = {"sources": kg.sources, "chosen": _chosen(kg, sources), "limited": limited}
    page = render("question.html", question=question, **values, **beside, **choice)
    return 400 if failure else 200, {}, page


def read_values(question: Question, arguments: Arguments) -> tuple[dict[str, str], list[str]]:
    """Return the parameters a request gives a question, and the sources it limits it to."""
    given = {key: value for key, value in arguments["values"].items() if value}
    if question.takes("source"):
        return given, []
    given.pop("source", None)
    return given, [one for one in arguments.get("sources", ()) if one]


def ask_question(kg: KnowledgeGraph, name: str, given: Mapping[str, str], sources: Sequence[str]) -> Result:
    """Return the answer to a question of a request, limited to the sources if any are named."""
    return kg.ask(name, **given) if kg.questions[name].takes("source") else kg.ask(name, source=sources, **given)


def _chosen(kg: KnowledgeGraph, sources: Sequence[str]) -> list[str]:
    """Return the names of the sources of a request, all of them only where they are named rightly."""
    try:
        return [one.name for one in choose_sources(kg.sources, sources)] if sources else []
    except UnknownName:
        return []


def _codes(kg: KnowledgeGraph, question: Question) -> dict[str, Sequence[Code]]:
    """Return the codes that each coded parameter takes."""
    coded = [one.name for one in question.parameters if one.kind.startswith("code/")]
    return {name: kg.parameter_values(question.name, name) for name in coded}


def _between(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    given = {key: str(arguments.get(key, "")).strip() for key in ("one", "other", "depth", "hubs")}
    depth = given["depth"] or "3"
    sources = [one for one in arguments.get("sources", ()) if one]
    found, failure = None, ""
    if given["one"] and given["other"]:
        try:
            if not depth.isdecimal():
                raise WrongUse(f"'{depth}' is not a number of steps")
            hubs = bool(given["hubs"])
            found = kg.between(given["one"], given["other"], int(depth), hubs=hubs, source=sources)
        except PeruAsiaGraphError as error:
            failure = str(error)
    table = _table(kg, found) if found is not None else None
    notes = found.notes if found is not None else ()
    values = {**given, "depth": depth, "table": table, "notes": notes, "failure": failure, "max_rows": MAX_ROWS}
    choice = {"sources": kg.sources, "chosen": _chosen(kg, sources)}
    return 400 if failure else 200, {}, render("between.html", **values, **choice)


def _example(question: Question, parameter: str) -> str:
    """Return the value a question's example gives a parameter."""
    words = shlex.split(question.fields.get("example", ""))
    pairs = [word.partition("=") for word in words] + [
        ("year", "=", after) for word, after in pairwise(words) if word == "--year"
    ]
    return next((value for key, _, value in pairs if key == parameter), "")


def _table(kg: KnowledgeGraph, result: Any) -> dict[str, Any]:
    rows = [[_pieces(name, term) for name, term in zip(result.variables, row, strict=True)] for row in result.rows]
    texts = {text for row in rows[:MAX_ROWS] for cell in row for text, _ in cell}
    links = kg.names.link(texts)
    for one in kg.sources if SOURCE in result.variables else ():
        links[one.name] = GRAPH + one.name
    cells = [
        [[(text, link or href(links.get(text, ""))) for text, link in cell] for cell in row] for row in rows[:MAX_ROWS]
    ]
    numeric = [bool(result.rows) and all(map(_is_number, column)) for column in zip(*result.rows, strict=True)]
    return {
        "columns": list(zip(result.variables, numeric or [False] * len(result.variables), strict=True)),
        "rows": cells,
        "count": len(rows),
    }


def _is_number(term: Term | None) -> bool:
    return term is None or (bool(term.datatype) and not isinstance(term.python(), (str, bool)))


def _pieces(name: str, term: Term | None) -> list[tuple[str, str]]:
    """Return the parts of a cell, each a text and its link."""
    if term is None:
        return []
    if term.kind != "literal":
        return [(term.short(), href(term.value) if term.kind == "iri" else "")]
    return [(text, "") for text in term.value.split("; ")]


def _thing(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    if is_ontology(kg, arguments["iri"]):
        return 200, {}, render("ontology.html", **describe_ontology(kg))
    if is_source(kg, arguments["iri"]) and not arguments.get("section"):
        return make_source_page(kg, arguments["iri"])
    if section := arguments.get("section"):
        page = int(arguments["page"]) if re.fullmatch("[1-9][0-9]{0,6}", arguments["page"]) else 0
        listed = describe_list(kg, arguments["iri"], section, page) if page else None
        if listed is None:
            return _failure(404, f"there is no page {arguments['page']} of '{section}' for {arguments['iri']}")
        return 200, {}, render("thing_list.html", **listed)
    values = describe_thing(kg, arguments["iri"])
    if values is None:
        return _failure(404, f"the graph has nothing about {arguments['iri']}")
    notes = kg.names.notes([local(arguments["iri"])]) if arguments["iri"].startswith(THING) else []
    return 200, {}, render("thing.html", **values, notes=notes, pictures=arguments["pictures"])


def _query(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    examples = []
    for question in kg.questions.values():
        values = {one.name: one.default or _example(question, one.name) for one in question.parameters}
        try:
            examples.append({"name": question.name, "title": question.title, "query": kg.fill(question.name, values)})
        except PeruAsiaGraphError:
            # In a store of other data the things an example names may be missing.
            continue
    terms = [row["term"] for row in kg.query(_TERMS)]
    settings = {"examples": examples, "prefixes": PREFIXES, "terms": sorted(map(str, terms)), "ontology": ONTOLOGY}
    # Within a script element "<" would be the one way out of it.
    encoded = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    sources = [(one, source_link(one)[1], graph_fields(one)) for one in kg.sources]
    return 200, {}, render("query.html", settings=encoded, sources=sources)


def _limits(kg: KnowledgeGraph, arguments: Arguments) -> PageResponse:
    return 200, {}, render("limits.html", **arguments["limits"])


PAGES: Final[dict[str, Callable[[KnowledgeGraph, Arguments], PageResponse]]] = {
    "home": _home,
    "search": _search,
    "questions": _questions,
    "question": _question,
    "between": _between,
    "sources": make_sources_page,
    "thing": _thing,
    "query": _query,
    "limits": _limits,
}
