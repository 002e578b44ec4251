"""The pages of the questions: the list, each with its answer, how two things are linked, and one for own queries."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import urlencode

from peru_asia_graph.errors import MissingValue, PeruAsiaGraphError, UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.chains import MOST_DEPTH
from peru_asia_graph.query.questions import ALL, Parameter, Question
from peru_asia_graph.query.sources import choose_sources
from peru_asia_graph.query.term_labels import labels_in
from peru_asia_graph.site.answer_table import make_table
from peru_asia_graph.site.frame import Arguments, Frame, PageResponse
from peru_asia_graph.site.messages import note_in_words, problem_in_words
from peru_asia_graph.site.search_page import make_missing_page
from peru_asia_graph.site.source_pages import graph_fields, source_link
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import CODE, ONTOLOGY, PREFIXES, thing

# Maximum number of rows on the page of a question; the endpoint returns all.
MAX_ROWS: Final = 1_000
_TERMS: Final = (
    "SELECT DISTINCT ?term WHERE { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?kind "
    f'FILTER(STRSTARTS(STR(?term), "{ONTOLOGY}")) }}'
)
_START: Final = "SELECT ?block WHERE { ?x a pag:HydrocarbonBlock ; rdfs:label ?block }"
_WORDS: Final = ("answer", "rows", "first", "chart", "download", "running", "true", "false")


def make_questions_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    return 200, {}, frame.render("questions.html", themes=kg.questions.by_theme())


def make_question_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    name = arguments["name"]
    if name not in kg.questions:
        return make_missing_page(kg, frame, {"path": f"questions/{name}"})
    answer = answer_question(kg, arguments)
    return 400 if answer.problem else 200, {}, render_question(kg, frame, answer)


@dataclass(frozen=True)
class QuestionAnswer:
    """The answer to a question: the values shown and given, the query, rows or the error, and the sources."""

    question: Question
    shown: Mapping[str, str]
    given: Mapping[str, str]
    sources: Sequence[str]
    query: str
    rows: Result | None = None
    problem: PeruAsiaGraphError | None = None


def answer_question(kg: KnowledgeGraph, arguments: Arguments) -> QuestionAnswer:
    """Return the answer to the question ``name`` with its ``values`` from its ``sources``."""
    question = kg.questions[arguments["name"]]
    given, sources = read_values(question, arguments)
    shown = {
        one.name: given.get(one.name, one.default or example_value(question, one.name)) for one in question.parameters
    }
    # A field that the reader has emptied is not filled with the default again, unless that leaves it open.
    emptied = [
        one.name for one in question.parameters if one.default != ALL and arguments["values"].get(one.name) == ""
    ]
    shown |= dict.fromkeys(emptied, "")
    given = {key: value for key, value in {**shown, **given}.items() if value}
    try:
        check_repeated(arguments)
        if emptied:
            raise MissingValue(question.name, emptied[0])
        query = kg.fill(question.name, given)
        rows = ask_question(kg, question.name, given, sources)
    except PeruAsiaGraphError as error:
        return QuestionAnswer(question, shown, given, sources, question.text, problem=error)
    return QuestionAnswer(question, shown, given, sources, query, rows)


def render_question(kg: KnowledgeGraph, frame: Frame, answer: QuestionAnswer, most: int = MAX_ROWS) -> str:
    """Return the page of a question with its answer, limited to a number of rows."""
    question, rows = answer.question, answer.rows
    table = make_table(kg, frame, rows, most) if rows is not None else None
    fields = urlencode([*answer.given.items(), *(("source", one) for one in answer.sources)])
    values = {
        "shown": answer.shown,
        "query": answer.query,
        "table": table,
        "failure": problem_in_words(frame, answer.problem, kg),
    }
    # The information in its header is on the page.
    values["pattern"] = "\n".join(line for line in answer.query.splitlines() if not line.startswith("# "))
    beside = {
        "notes": _notes(kg, frame, rows),
        "codes": _codes(kg, frame, question),
        "fields": f"{fields}&" if fields else "",
        "max_rows": most,
        "command": shlex.join(["pag", "ask", question.name, *_options(answer.given)]),
    }
    beside["fields_shown"] = {one.name: _in_field(kg, frame, one, answer) for one in question.parameters}
    beside["asked"] = {one.name: _in_words(kg, frame, one, answer) for one in question.parameters}
    limited = not question.takes("source") and not question.together
    choice = {"sources": kg.sources, "chosen": _chosen(kg, answer.sources), "limited": limited}
    return frame.render("question.html", question=question, **values, **beside, **choice)


def _options(given: Mapping[str, str]) -> list[str]:
    """Return the options of ``pag ask`` for the values of parameters."""
    return [word for name, value in given.items() if value != ALL for word in ("-p", f"{name}={value}")]


def _in_field(kg: KnowledgeGraph, frame: Frame, parameter: Parameter, answer: QuestionAnswer) -> str:
    """Return the value of a parameter as shown in a form: a thing or a code by its label, if that finds the same.

    The field of a parameter that is left open is empty.
    """
    value = answer.shown.get(parameter.name, "")
    if value == ALL == parameter.default:
        return ""
    if parameter.kind.startswith("code/"):
        return _code_label(kg, frame, parameter, value)
    if parameter.kind.startswith("entity"):
        with suppress(WrongUse):
            label = _label(kg, frame, value)
            return label if kg.names.find(label) == kg.names.find(value) else value
    return value


def _label(kg: KnowledgeGraph, frame: Frame, name: str) -> str:
    iri = thing(kg.names.find(name))
    return labels_in(kg.store, [iri], frame.language).get(iri, name)


def _in_words(kg: KnowledgeGraph, frame: Frame, parameter: Parameter, answer: QuestionAnswer) -> str:
    """Return the value of a parameter in words: a thing or a code by its label, others as given."""
    value = answer.shown.get(parameter.name, "")
    if frame.addresses.static and parameter.kind.startswith("entity"):
        with suppress(WrongUse):
            return _label(kg, frame, value)
    if value == ALL:
        return frame.t("any.year" if parameter.kind == "year" else "any")
    return _code_label(kg, frame, parameter, value) if parameter.kind.startswith("code/") else frame.code(value)


def read_values(question: Question, arguments: Arguments) -> tuple[dict[str, str], list[str]]:
    """Return the parameters that a request gives for a question, and the sources to which it is limited."""
    given = {key: value for key, value in arguments["values"].items() if value}
    if question.takes("source"):
        return given, []
    given.pop("source", None)
    return given, [one for one in arguments.get("sources", ()) if one]


def check_repeated(arguments: Arguments) -> None:
    """Raise WrongUse if a request gives a parameter more than once: only one of its values would count."""
    for name in arguments.get("repeated", ()):
        raise WrongUse(f"parameter '{name}' is given more than once; it takes one value")


def ask_question(kg: KnowledgeGraph, name: str, given: Mapping[str, str], sources: Sequence[str]) -> Result:
    """Return the answer to a question of a request, limited to the named sources, if any."""
    question = kg.questions[name]
    question.check_parameters(given)
    return kg.ask(name, **given) if question.takes("source") else kg.ask(name, source=sources, **given)


def _chosen(kg: KnowledgeGraph, sources: Sequence[str]) -> list[str]:
    """Return the names of a request's sources; none if it gives none or an unknown one."""
    try:
        return [one.name for one in choose_sources(kg.sources, sources)] if sources else []
    except UnknownName:
        return []


def _codes(kg: KnowledgeGraph, frame: Frame, question: Question) -> dict[str, list[str]]:
    """Return the codes that each coded parameter accepts, by their labels."""
    coded = [one for one in question.parameters if one.kind.startswith("code/")]
    return {
        one.name: [_code_label(kg, frame, one, code.slug) for code in kg.parameter_values(question.name, one.name)]
        for one in coded
    }


def _code_label(kg: KnowledgeGraph, frame: Frame, parameter: Parameter, value: str) -> str:
    """Return the label of a code if it finds the code, else the value as given."""
    scheme = parameter.kind.removeprefix("code/")
    with suppress(WrongUse):
        slug = kg.names.find_code(scheme, value)
        label = frame.label(f"{CODE}{scheme}/{slug}")
        return label if kg.names.find_code(scheme, label) == slug else value
    return value


def make_between_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    given = {key: str(arguments.get(key, "")).strip() for key in ("one", "other", "depth", "hubs")}
    depth = given["depth"] or "3"
    sources = [one for one in arguments.get("sources", ()) if one]
    found, problem = None, None
    if given["one"] and given["other"]:
        try:
            if not depth.isdecimal():
                raise WrongUse(f"'{depth}' is not a number of steps; write a number from 1 to {MOST_DEPTH}")
            hubs = bool(given["hubs"])
            found = kg.between(given["one"], given["other"], int(depth), hubs=hubs, source=sources)
        except PeruAsiaGraphError as error:
            problem = error
    table = make_table(kg, frame, found, MAX_ROWS) if found is not None else None
    notes = _notes(kg, frame, found)
    failure = problem_in_words(frame, problem, kg)
    values = {**given, "depth": depth, "table": table, "notes": notes, "failure": failure, "max_rows": MAX_ROWS}
    choice = {"sources": kg.sources, "chosen": _chosen(kg, sources)}
    return 400 if problem else 200, {}, frame.render("between.html", **values, **choice)


def _notes(kg: KnowledgeGraph, frame: Frame, answer: Result | None) -> list[dict[str, str]]:
    """Return the notes on an answer, with the language of each if that is not the page's."""
    written = [note_in_words(frame, note, kg) for note in answer.notes] if answer is not None else []
    return [{"text": text, "language": language} for text, language in written]


def example_value(question: Question, parameter: str) -> str:
    """Return the value of a parameter in a question's example."""
    words = shlex.split(question.fields.get("example", ""))
    pairs = [word.partition("=") for word in words] + [
        ("year", "=", after) for word, after in pairwise(words) if word == "--year"
    ]
    return next((value for key, _, value in pairs if key == parameter), "")


def make_query_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    examples = {}
    for question in kg.questions.values():
        values = {one.name: one.default or example_value(question, one.name) for one in question.parameters}
        try:
            examples[question.name] = kg.fill(question.name, values)
        except PeruAsiaGraphError:
            # In a store of other data, the things named in an example may be missing.
            continue
    words = {name: frame.t(f"query.{name}") for name in _WORDS}
    settings = {"examples": examples, "prefixes": PREFIXES, "ontology": ONTOLOGY, "words": words}
    # Within a script element, only "<" could end it.
    encoded = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    listed = {theme: [one for one in found if one.name in examples] for theme, found in kg.questions.by_theme().items()}
    terms = sorted((str(row["term"]), frame.label(ONTOLOGY + str(row["term"]))) for row in kg.query(_TERMS))
    sources = [(one, source_link(frame, one)[1], graph_fields(one)) for one in kg.sources]
    shown = {"examples": listed, "terms": terms, "start": _START, "sources": sources}
    return 200, {}, frame.render("query.html", settings=encoded, **shown)
