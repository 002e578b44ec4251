"""Commands that look things up: query, ask, questions, search, show, between."""

from __future__ import annotations

import shlex
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peru_asia_graph.cli.options import TABLE_FORMATS, Out, answer_options, complete_name, echo_notes, refuse_format
from peru_asia_graph.files.signals import end_at_once_on_signals
from peru_asia_graph.vocabulary import fold

if TYPE_CHECKING:
    from peru_asia_graph.graph import KnowledgeGraph
    from peru_asia_graph.query.questions import Question


FORMATS = (*TABLE_FORMATS, "turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")


def _read_query(text: str) -> str:
    from peru_asia_graph.errors import WrongUse

    try:
        if text == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        if (
            "\n" not in text
            and len(text) < 4096
            and "{" not in text
            and Path(text).suffix.lower() in (".rq", ".sparql")
        ):
            return Path(text).read_text("utf-8")
        if "{" not in text and len(text.encode()) < 256 and Path(text).exists():
            kind = "a folder" if Path(text).is_dir() else "a file of another kind"
            raise WrongUse(f"{text} is {kind}; give a query, or a file that ends in .rq or .sparql")
    except UnicodeDecodeError as error:
        raise WrongUse("the query is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise WrongUse(f"{text} cannot be read: {error.strerror}") from error
    return text


@click.command(epilog="Example: pag query 'SELECT ?label WHERE { ?x a pag:State ; rdfs:label ?label }'")
@click.argument("text")
@answer_options(*FORMATS)
def query(text: str, out: Out) -> None:
    """Run a SPARQL query: TEXT is a query, a .rq file, or - for stdin. The graph's prefixes need no declaration."""
    end_at_once_on_signals()
    written = _read_query(text)
    graph = out.load_for_query()
    result = graph.store.query(written)
    out.write_result(result, "csv" if result.triples is None else "turtle")
    for warning in graph.warnings(written):
        click.echo(f"Warning: {warning}", err=True)


def _complete_question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from peru_asia_graph.paths import find_project

    names = sorted(path.stem for path in (find_project().ontology / "questions").glob("*.rq"))
    return [name for name in names if name.startswith(incomplete)]


def complete_parameter(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the parameters of the question, or the values of one, that complete the input, for the shell."""
    from peru_asia_graph import load

    graph = load()
    question = graph.questions.get(ctx.params.get("name", ""))
    key, equals, beginning = incomplete.partition("=")
    if question is None or not equals:
        return [f"{one.name}=" for one in question.parameters if one.name.startswith(key)] if question else []
    if key not in {one.name for one in question.parameters}:
        return []
    wanted, coded = fold(beginning), question.find_parameter(key).kind.startswith("code/")
    values = (
        next((n for n in ((one.slug,) if coded else (*one.labels, one.slug)) if fold(n).startswith(wanted)), None)
        for one in graph.parameter_values(question.name, key)
    )
    return [f"{key}={value}" for value in values if value]


def list_values(graph: KnowledgeGraph, question: str, parameter: str) -> str:
    """Return the values of a parameter, one code or thing per line; for numbers, dates and texts, a description."""
    from peru_asia_graph.query.codes import Code
    from peru_asia_graph.query.questions import ALL

    found = graph.questions[question].find_parameter(parameter) if question in graph.questions else None
    values = graph.parameter_values(question, parameter)
    if found is not None and found.default == ALL:
        values = [Code(ALL, ["the last of each source" if found.kind == "year" else "all of them"]), *values]
    if not values and found is not None:
        return f"{parameter} is a {found.kind.partition('/')[0]}: {found.description} Names: pag ask things\n"
    return f"Values of {parameter}:\n" + "".join(f"  {value}\n" for value in values)


def _place_value(question: Question, value: str) -> str:
    """Return how to give a value that was written without the name of its parameter."""
    if not question.parameters:
        return f"{question.name} takes no values, but got {value!r}"
    first, *others = names = [one.name for one in question.parameters]
    if value.strip() in names:
        return f"parameter '{value.strip()}' has no value; write -p {value.strip()}=…"
    also = f"; it also takes {', '.join(others)}" if others else ""
    given = value if "=" in value else f"{first}={value}"
    return f"write the value with -p and its parameter: pag ask {question.name} -p {shlex.quote(given)}{also}"


@click.command(epilog='Example: pag ask who-owns -p asset="Block 8"')
@click.argument("name", shell_complete=_complete_question)
@click.argument("extra", nargs=-1, metavar="")
@click.option(
    "-p",
    "--param",
    "values",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_parameter,
    help="Set a parameter of the question; KEY=? lists its values.",
)
@click.option("--year", metavar="YEAR", help="Same as -p year=….")
@click.option("--show-query", is_flag=True, help="Show the SPARQL query instead of running it.")
@answer_options(*FORMATS)
def ask(
    name: str, extra: tuple[str, ...], values: tuple[str, ...], year: str | None, show_query: bool, out: Out
) -> None:
    """Answer the named question NAME; pag questions lists them."""
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.query.fact_words import dates_in_words
    from peru_asia_graph.site.question_search import choose_question

    pairs = [value.partition("=") for value in (*values, *([f"year={year}"] if year is not None else ()))]
    wrong = [key for key, equals, _ in pairs if not equals]
    given = {key.strip(): value for key, _, value in pairs}
    if len(given) < len(pairs):
        keys = [key.strip() for key, _, _ in pairs]
        raise WrongUse(f"parameter '{max(keys, key=keys.count)}' is given more than once; it takes one value")
    if show_query:
        refuse_format(out.form, "--show-query")
    end_at_once_on_signals()
    graph = out.load()
    question = choose_question(graph.questions, name)
    if extra:
        raise WrongUse(_place_value(question, " ".join(extra)))
    if wrong:
        raise WrongUse(_place_value(question, wrong[0]))
    if unknown := [key for key, value in given.items() if value.strip() in ("", "?")]:
        out.write(list_values(graph, name, unknown[0]))
        return
    if show_query:
        out.write(graph.fill(name, given))
    else:
        graph.questions[name].check_parameters(given.keys() - {"source"})
        answer = graph.ask(name, **given)
        out.write_result(answer, "csv" if answer.triples is None else "turtle", narrow=dates_in_words)
        if not answer.rows and answer.boolean is None and answer.triples is None:
            used = [one for one in graph.questions[name].parameters if one.name in given]
            told = ", ".join(f"{one.name}={given[one.name]}" for one in used) + " together" * (len(used) > 1)
            meant = " ".join(f"{one.name} is: {one.description}" for one in used)
            click.echo(f"Note: nothing found{f' for {told}; {meant}' if used else ''}", err=True)


def _echo_wrapped(line: str, indent: int) -> None:
    """Print a line; on a terminal, wrap it at its width and indent what follows."""
    if sys.stdout.isatty() and line:
        width = max(shutil.get_terminal_size((80, 24)).columns, indent + 20)
        line = "\n".join(textwrap.wrap(line, width, subsequent_indent=" " * indent, break_on_hyphens=False))
    click.echo(line)


@click.command(epilog="Example: pag questions --long")
@click.argument("words", nargs=-1, shell_complete=_complete_question)
@click.option("-l", "--long", is_flag=True, help="Include description, parameters and example.")
def questions(words: tuple[str, ...], long: bool) -> None:
    """List the named questions by theme, or those with WORDS in their name or title.

    For the name of a question, its details and codes are listed too. If no name or title contains WORDS, the questions
    that best fit them, in English or Spanish, are listed: pag questions votes like China
    """
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.paths import find_project
    from peru_asia_graph.query.questions import read_questions
    from peru_asia_graph.site.question_search import list_questions

    word, found = " ".join(words), read_questions(find_project().ontology / "questions")
    if not word and not long:
        for line in repr(found).splitlines():
            _echo_wrapped(line, 31)
        return
    listed, guessed = list_questions(found, word)
    if not listed:
        raise WrongUse(f"no question fits '{word}'. List them: pag questions. To find a name: pag search {word}")
    if guessed:
        click.echo(f"Note: no question fits '{word}'; these have similar words", err=True)
    for question in listed:
        _echo_wrapped(f"{question.name:<28} {question.title}", 29)
        for line in question.details() if long or question.name == word else ():
            _echo_wrapped(f"    {line}", 4)
        if question.name == word and (coded := [one.name for one in question.parameters if "code/" in one.kind]):
            from peru_asia_graph import load

            for name in coded:
                click.echo(f"\n{list_values(load(), word, name)}", nl=False)


@click.command(epilog='Example: pag show "Mina Justa"')
@click.argument("name", shell_complete=complete_name)
@answer_options("text", "markdown", "json")
def show(name: str, out: Out) -> None:
    """Show everything about one thing, with citations; NAME is a name, an acronym, a printed spelling or a slug."""
    card = out.load().show(name)
    out.write(card.render(out.choose_format("text")))
    echo_notes(card.notes)


@click.command(epilog='Example: pag between "Mitsui & Co." Vale')
@click.argument("one", shell_complete=complete_name)
@click.argument("other", shell_complete=complete_name)
@click.option("--depth", type=int, default=3, show_default=True, help="Maximum number of steps in a chain.")
@click.option("--most", type=int, default=25, show_default=True, help="Maximum number of chains.")
@click.option("--hubs", is_flag=True, help="Also pass through things with very many links, such as Peru.")
@answer_options(*TABLE_FORMATS)
def between(one: str, other: str, depth: int, most: int, hubs: bool, out: Out) -> None:
    """Show how ONE and OTHER are linked: chains of statements, shortest first, each step with its citation."""
    out.write_result(out.load().between(one, other, depth, most, hubs))


@click.command(epilog="Example: pag search copper Japan")
@click.argument("words", nargs=-1, required=True)
@click.option("--most", type=click.IntRange(min=1), default=10, show_default=True, help="Maximum number of hits.")
@answer_options(*TABLE_FORMATS)
def search(words: tuple[str, ...], most: int, out: Out) -> None:
    """Search names of things, questions and statements for WORDS, in English or Spanish, best first.

    The id of a thing or statement is for pag show, of a question for pag ask, of a page for pag view, and of a source
    for --source. A printed table has a page on the site (pag serve).
    """
    from peru_asia_graph.site.search_page import search_result

    result = search_result(out.load(), " ".join(words), most)
    out.write_result(result)
    if not result.rows:
        echo_notes(["nothing found"])
