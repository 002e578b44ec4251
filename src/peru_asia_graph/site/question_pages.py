"""The pages of the questions: all of them, one with its answer, and how two things are linked."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode

from peru_asia_graph.errors import PeruAsiaGraphError, UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.cards import read_head
from peru_asia_graph.query.codes import Code
from peru_asia_graph.query.questions import Parameter, Question
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.query.sources import choose_sources
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.response import Arguments, PageResponse
from peru_asia_graph.site.search_page import make_missing_page
from peru_asia_graph.site.source_pages import source_link
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.vocabulary import THING

# The most rows of a result on the page of a question; the endpoint returns all.
MAX_ROWS: Final = 1_000
_LABELS: Final = """
SELECT ?x ?name WHERE { VALUES ?x { $things }
  { ?x rdfs:label ?name } UNION { ?x skos:prefLabel ?name FILTER(LANG(?name) = "es") } }"""
# Columns that name a source of the graph.
_SOURCES: Final = (SOURCE, "source_a", "source_b", "other_source", "later_source")


def make_questions_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    return 200, {}, frame.render("questions.html", questions=list(kg.questions.values()))


def make_question_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    name = arguments["name"]
    if name not in kg.questions:
        return make_missing_page(kg, frame, {"path": f"questions/{name}"})
    answer = answer_question(kg, arguments)
    return 400 if answer.problem else 200, {}, render_question(kg, frame, answer)


@dataclass(frozen=True)
class QuestionAnswer:
    """The answer to a question: the values shown and those given, the query, rows or what is wrong, sources asked."""

    question: Question
    shown: Mapping[str, str]
    given: Mapping[str, str]
    sources: Sequence[str]
    query: str
    rows: Result | None = None
    problem: str = ""


def answer_question(kg: KnowledgeGraph, arguments: Arguments) -> QuestionAnswer:
    """Return the answer to the question ``name`` with its ``values`` from its ``sources``."""
    question = kg.questions[arguments["name"]]
    given, sources = read_values(question, arguments)
    shown = {
        one.name: given.get(one.name, one.default or example_value(question, one.name)) for one in question.parameters
    }
    given = {key: value for key, value in {**shown, **given}.items() if value}
    try:
        query = kg.fill(question.name, given)
        rows = ask_question(kg, question.name, given, sources)
    except PeruAsiaGraphError as error:
        return QuestionAnswer(question, shown, given, sources, question.text, problem=str(error))
    return QuestionAnswer(question, shown, given, sources, query, rows)


def render_question(kg: KnowledgeGraph, frame: Frame, answer: QuestionAnswer, most: int = MAX_ROWS) -> str:
    """Return the page of a question with its answer, at most so many rows of it."""
    question, rows = answer.question, answer.rows
    table = _table(kg, frame, rows, most) if rows is not None else None
    fields = urlencode([*answer.given.items(), *(("source", one) for one in answer.sources)])
    values = {"shown": answer.shown, "query": answer.query, "table": table, "failure": answer.problem}
    beside = {
        "notes": rows.notes if rows is not None else (),
        "codes": _codes(kg, question),
        "fields": f"{fields}&" if fields else "",
        "max_rows": most,
    }
    beside["asked"] = {one.name: _in_words(kg, frame, one, answer) for one in question.parameters}
    limited = not question.takes("source") and not question.together
    choice = {"sources": kg.sources, "chosen": _chosen(kg, answer.sources), "limited": limited}
    return frame.render("question.html", question=question, **values, **beside, **choice)


def _in_words(kg: KnowledgeGraph, frame: Frame, parameter: Parameter, answer: QuestionAnswer) -> str:
    """Return the value of a parameter as readers know it: a thing or a code by its label, others as given."""
    value = answer.shown.get(parameter.name, "")
    if frame.addresses.static and parameter.kind.startswith("entity"):
        with suppress(UnknownName):
            return read_head(kg.store, kg.names.find(value)).get("label") or value
    return frame.code(value)


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


def make_between_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    given = {key: str(arguments.get(key, "")).strip() for key in ("one", "other", "depth", "hubs")}
    depth = given["depth"] or "3"
    sources = [one for one in arguments.get("sources", ()) if one]
    found, problem = None, ""
    if given["one"] and given["other"]:
        try:
            if not depth.isdecimal():
                raise WrongUse(f"'{depth}' is not a number of steps")
            hubs = bool(given["hubs"])
            found = kg.between(given["one"], given["other"], int(depth), hubs=hubs, source=sources)
        except PeruAsiaGraphError as error:
            problem = str(error)
    table = _table(kg, frame, found) if found is not None else None
    notes = found.notes if found is not None else ()
    values = {**given, "depth": depth, "table": table, "notes": notes, "failure": problem, "max_rows": MAX_ROWS}
    choice = {"sources": kg.sources, "chosen": _chosen(kg, sources)}
    return 400 if problem else 200, {}, frame.render("between.html", **values, **choice)


def example_value(question: Question, parameter: str) -> str:
    """Return the value a question's example gives a parameter."""
    words = shlex.split(question.fields.get("example", ""))
    pairs = [word.partition("=") for word in words] + [
        ("year", "=", after) for word, after in pairwise(words) if word == "--year"
    ]
    return next((value for key, _, value in pairs if key == parameter), "")


def _table(kg: KnowledgeGraph, frame: Frame, result: Any, most: int = MAX_ROWS) -> dict[str, Any]:
    names = _names(kg, frame, [term for row in result.rows[:most] for term in row if term])
    rows = [[_pieces(frame, names, term) for term in row] for row in result.rows]
    texts = {text for row in rows[:most] for cell in row for text, _ in cell}
    links = kg.names.link(texts)
    cells = [
        [[(text, link or frame.href(links.get(text, ""))) for text, link in cell] for cell in row]
        for row in rows[:most]
    ]
    known = {one.name: source_link(frame, one) for one in kg.sources}
    for place in [place for place, name in enumerate(result.variables) if name in _SOURCES]:
        for cells_of_row in cells:
            cells_of_row[place] = [known.get(text, (text, link)) for text, link in cells_of_row[place]]
    numeric = [bool(result.rows) and all(map(_is_number, column)) for column in zip(*result.rows, strict=True)]
    return {
        "columns": list(zip(result.variables, numeric or [False] * len(result.variables), strict=True)),
        "rows": cells,
        "count": len(rows),
    }


def _is_number(term: Term | None) -> bool:
    return term is None or (bool(term.datatype) and not isinstance(term.python(), (str, bool)))


def _names(kg: KnowledgeGraph, frame: Frame, terms: Sequence[Term]) -> dict[str, str]:
    """Return the names of the things among the terms, by address."""
    things = sorted({term.value for term in terms if term.kind == "iri" and term.value.startswith(THING)})
    found: dict[str, str] = {}
    values = " ".join(f"<{iri}>" for iri in things)
    for iri, name in kg.store.query(_LABELS.replace("$things", values)).rows if things else []:
        if iri and name and (iri.value not in found or name.language == frame.language):
            found[iri.value] = name.value
    return found


def _pieces(frame: Frame, names: Mapping[str, str], term: Term | None) -> list[tuple[str, str]]:
    """Return the parts of a cell, each a text and its link."""
    if term is None:
        return []
    if term.kind == "iri":
        return [(names.get(term.value) or frame.code(term.short()), frame.href(term.value))]
    if term.kind != "literal":
        return [(term.short(), "")]
    return [(frame.code(text), "") for text in term.value.split("; ")]
