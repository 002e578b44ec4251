"""Options that commands share, and writing a result to a file or to the terminal."""

from __future__ import annotations

import codecs
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from peru_asia_graph.files.output_folder import FolderReport
    from peru_asia_graph.graph import KnowledgeGraph
    from peru_asia_graph.paths import Project
    from peru_asia_graph.store.results import Result

# File endings of the formats that are not in the registry of exports.
ENDINGS: Final = {
    ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".txt": "table", ".xml": "rdfxml",
}  # fmt: skip
TABLE_FORMATS: Final = ("table", "csv", "tsv", "json", "jsonl", "markdown")
SHOWN_NAMES: Final = 20
# The parameters that name a file, in all commands.
_FILES: Final = ("output", "report", "where", "text", "story", "files", "mapping", "judged_file")
_BOM: Final = "peru_asia_graph.bom"

PROJECT_HELP: Final = "Project folder.  [default: this folder or its nearest parent that holds data/NAME/]"
NEW_PROJECT_HELP: Final = "Project folder.  [default: the nearest project upward, else this folder]"
REPORT_HELP: Final = "Also write the loss report to a CSV file."
TITLE_HELP: Final = "Title of the source."
SHORT_HELP: Final = "Short name shown with citations.  [default: NAME]"
LICENCE_HELP: Final = "URL of the licence."

Command = Callable[..., Any]


class NamedPath(click.Path):
    """A file or folder with a non-empty name: an empty one (an unset shell variable) would mean the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; fail if it is empty."""
        if not str(value):
            self.fail("'' is not the name of a file or folder", param, ctx)
        return super().convert(value, param, ctx)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Return the ``-f`` option for a choice of formats, with ``--bom`` if CSV is one of them."""
    first = "a table on a terminal, else CSV" if "csv" in formats and "table" in formats else ""
    default = f"  [default: as the name of the file ends; {first}]" if first else ""
    form = click.option("-f", "--format", "form", type=click.Choice(formats), help=f"Output format.{default}")
    return (lambda command: form(bom_option(command))) if "csv" in formats else form


def bom_option(command: Command) -> Command:
    """Add the ``--bom`` option; ``choose_format`` and ``write_out`` read it from the context."""
    text = "Start CSV or TSV with a byte order mark, so that Excel reads it as UTF-8."
    return click.option("--bom", is_flag=True, expose_value=False, callback=_remember_bom, help=text)(command)


def _with_bom() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_BOM))


def _remember_bom(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    ctx.meta[_BOM] = value


def output_option(command: Command) -> Command:
    return click.option(
        "-o", "--output", default="-", help="File to write; - for stdout.  [default: -]", metavar="FILE"
    )(command)


def store_option(command: Command) -> Command:
    text = "Read this graph instead of the project's: an RDF file, a folder made by pag load, or a SPARQL endpoint."
    return click.option("--store", "where", help=text, metavar="WHERE")(command)


def graph_options(command: Command) -> Command:
    """Add ``--store`` and ``--source``: the graph to read, and which of its sources."""
    text = "Use only this source (pag sources lists them); repeatable."
    option = click.option(
        "--source", "sources", multiple=True, help=text, metavar="NAME", shell_complete=complete_source
    )
    return store_option(option(command))


def complete_source(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the sources whose names complete the input, for the shell."""
    from peru_asia_graph import load

    return [one.name for one in load().sources if one.name.startswith(incomplete)]


def year_option(command: Command) -> Command:
    text = "Year, month or day: 2012, 2012-05 or 2012-05-14.  [default: the last year of each source]"
    return click.option("--year", help=text, metavar="YEAR")(command)


def with_shipped_option(command: Command) -> Command:
    text = "Also use the sources that come with the package."
    return click.option("--with-shipped", is_flag=True, help=text)(command)


def complete_name(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names that complete the input, for the shell."""
    from peru_asia_graph import load

    return load().names.complete(incomplete)


def choose_format(form: str | None, output: str, otherwise: str) -> str:
    """Return ``form``, else the format of the file's ending, else ``otherwise`` (in a terminal a table instead of CSV).

    Raises WrongUse for ``--bom`` with a format other than CSV and TSV.
    """
    chosen = _choose_format(form, output, otherwise)
    if _with_bom() and chosen not in ("csv", "tsv"):
        from peru_asia_graph.errors import WrongUse

        raise WrongUse(f"--bom is for CSV and TSV, not for {chosen}; leave it out, or add -f csv")
    return chosen


def _choose_format(form: str | None, output: str, otherwise: str) -> str:
    if form is not None:
        return form
    if output != "-":
        from peru_asia_graph.exporters.format_registry import FORMATS
        from peru_asia_graph.rdf.endings import RDF_ENDINGS, split_ending

        known = {ending: row.name for row in RDF_ENDINGS if row.writable for ending in row.endings}
        known |= {f".{row.ending}": row.name for row in FORMATS} | ENDINGS
        return known.get(split_ending(Path(output))[0], otherwise)
    return "table" if sys.stdout.isatty() and otherwise == "csv" else otherwise


def report_folder(folder: str, report: FolderReport) -> None:
    """List the files in a folder that were replaced although edited, and those that were left alone."""
    from peru_asia_graph.files.entries import printable

    for what, names in (("replaced although edited", report.edited), ("left alone, not written by pag", report.left)):
        if names:
            more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
            listed = ", ".join(printable(name) for name in names[:SHOWN_NAMES])
            click.echo(f"{printable(folder)}: {what}: {listed}{more}", err=True)


def refuse_format(form: str | None, option: str) -> None:
    """Raise WrongUse for ``-f`` or ``--bom`` together with an option that always writes text."""
    if form is not None or _with_bom():
        from peru_asia_graph.errors import WrongUse

        given = ("-f", form) if form is not None else ("--bom", "CSV")
        raise WrongUse(f"{option} writes text, not {given[1]}; leave out {given[0]} or {option}")


def echo_notes(notes: Iterable[str]) -> None:
    """Write notes on an answer to stderr."""
    for note in notes:
        click.echo(f"Note: {note}", err=True)


def check_output(name: str, output: str | Path, project: Project | None = None, beside: Sequence[Path] = ()) -> None:
    """Raise WrongUse if the output file, given by the parameter ``name``, is also an input of the command.

    Inputs are the files named by other parameters, the paths in ``beside`` and whatever is in them, and the graph,
    ``data/`` and ``ontology/`` of the project, by default the current one.
    """
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.files.entries import printable
    from peru_asia_graph.paths import find_project

    context = click.get_current_context(silent=True)
    params = context.params if context else {}
    given = [value for other in _FILES if other != name and (value := params.get(other))]
    files = [one for value in given for one in (value if isinstance(value, tuple) else (value,))]
    target, project = Path(os.path.realpath(output)), find_project() if project is None else project
    if any(_is_same_file(one, output) for one in (*files, *beside)) or _is_in(target, beside):
        raise WrongUse(f"{printable(output)} is also read or written for another option; name another output file")
    if target.is_file() and _is_in(target, (project.data, project.ontology, project.graph)):
        raise WrongUse(f"{printable(output)} is a file of the project, which pag reads; name another output file")


def _is_in(target: Path, folders: Iterable[Path]) -> bool:
    return any(target.is_relative_to(os.path.realpath(folder)) for folder in folders)


def _is_same_file(one: str | Path, other: str | Path) -> bool:
    """Return whether two paths, which need not exist, name the same regular file, following links."""
    try:
        paths = [Path(os.path.realpath(path)) for path in (one, other)]
        if paths[1].exists():
            return paths[1].is_file() and paths[0].exists() and paths[0].samefile(paths[1])
    except (OSError, ValueError):  # the text of a query
        return False
    return one != "-" and paths[0] == paths[1]


def write_out(data: str | bytes, output: str) -> None:
    """Write to stdout (``-``) or to a file, which is replaced atomically, and compressed if its ending says so."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    if _with_bom():
        raw = codecs.BOM_UTF8 + raw
    if output == "-":
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    from peru_asia_graph.cli.output_endings import check_ending, write_packed
    from peru_asia_graph.files.entries import printable

    check_ending(output)
    check_output("output", output)
    write_packed(output, raw)
    click.echo(f"{printable(output)} written", err=True)


@dataclass(frozen=True, slots=True)
class Out:
    """Which graph a command reads, and where and in which format it writes the answer."""

    form: str | None
    output: str
    where: str | None
    sources: tuple[str, ...]

    def load(self) -> KnowledgeGraph:
        """Return the graph to read."""
        from peru_asia_graph import load

        return load(self.where, *self.sources)

    def load_for_query(self) -> KnowledgeGraph:
        """Return the graph for a single query: for the project's own graph the copy on disk, if there can be one."""
        from peru_asia_graph.graph import KnowledgeGraph
        from peru_asia_graph.store import built_graph
        from peru_asia_graph.store.disk_copy import open_copy

        copy = None if self.where is not None or self.sources else open_copy(built_graph())
        return self.load() if copy is None else KnowledgeGraph(copy)

    def choose_format(self, otherwise: str = "csv") -> str:
        """Return the format to write; see the function of the same name."""
        return choose_format(self.form, self.output, otherwise)

    def write(self, text: str) -> None:
        write_out(text, self.output)

    def write_result(
        self, result: Result, otherwise: str = "csv", narrow: Callable[[Result], Result] | None = None
    ) -> None:
        """Write a result and its notes; ``narrow`` shortens a result that is written as a table."""
        from peru_asia_graph.query.render import render

        chosen = self.choose_format(otherwise)
        self.write(render(narrow(result) if narrow and chosen == "table" else result, chosen))
        echo_notes(result.notes)


def answer_options(*formats: str) -> Callable[[Command], Command]:
    """Add ``-f``, ``--bom``, ``-o``, ``--store`` and ``--source``; the command receives them as ``out``."""

    def add(command: Command) -> Command:
        @wraps(command)
        def run(*, form: str | None, output: str, where: str | None, sources: tuple[str, ...], **given: Any) -> Any:
            return command(out=Out(form, output, where, sources), **given)

        return format_option(*formats)(output_option(graph_options(run)))

    return add


def pause_collection() -> None:
    """Collect no garbage during the current command, because nothing large is freed before its end."""
    if gc.isenabled():
        gc.disable()
        click.get_current_context().call_on_close(gc.enable)
