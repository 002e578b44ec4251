"""What the commands share: format, output and store options, and writing an answer out.

Limit: a format not named is chosen by the output file's ending, else a table on a terminal and CSV elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

# Endings of the formats that are not in the registry of exports.
ENDINGS: Final = {
    ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".txt": "table", ".xml": "rdfxml",
}  # fmt: skip

Command = Callable[..., Any]


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Return the ``-f`` option for a choice of formats."""
    return click.option("-f", "--format", "form", type=click.Choice(formats), help="How to write the answer.")


def output_option(command: Command) -> Command:
    """Add the ``-o`` option."""
    return click.option("-o", "--output", default="-", help="File to write; - is the terminal.", metavar="FILE")(
        command
    )


def store_option(command: Command) -> Command:
    """Add the ``--store`` option."""
    text = "What to ask instead of the shipped graph: an RDF file, a folder of pag load, a SPARQL endpoint."
    return click.option("--store", "where", help=text, metavar="WHERE")(command)


def year_option(command: Command) -> Command:
    """Add the ``--year`` option."""
    return click.option("--year", type=int, help="The year asked about, four digits.", metavar="YEAR")(command)


def complete_name(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names a shell may offer for what has been typed."""
    from peru_asia_graph import load

    return load().names.complete(incomplete)


def choose_format(form: str | None, output: str, otherwise: str) -> str:
    """Return the format named, or that of the file's ending, or the one for the place written to."""
    if form is not None:
        return form
    if output != "-":
        from peru_asia_graph.exporters.format_registry import FORMATS

        endings = ENDINGS | {f".{row.ending}": row.name for row in FORMATS}
        return endings.get(Path(output).suffix, otherwise)
    return "table" if sys.stdout.isatty() and otherwise == "csv" else otherwise


def write_out(data: str | bytes, output: str) -> None:
    """Write to the terminal or, all at once, to a file."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    if output == "-":
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    from peru_asia_graph.files.atomic import write_file

    write_file(Path(output), raw)
    click.echo(f"{output} written", err=True)
