"""Asks in the terminal what the columns of a table mean, and writes the answers to a mapping file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click

from peru_asia_graph.files.output_file import check_file, write_file
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.table_mapping import CLASSES, NEEDED, ROLES, TableMapping, mapping_beside, write_mapping
from peru_asia_graph.importers.table_rows import guess_delimiter, is_workbook, table_rows

_SHOWN = 40


def ask_mapping(path: Path, sheet: str) -> Path:
    """Show the columns of a table with an example value each, ask what they mean, and return the mapping file."""
    problems, target = Problems(), mapping_beside(path)
    check_file(target)
    delimiter = "," if is_workbook(path) else guess_delimiter(path, problems)
    header, *examples = [row for *_, row in islice(table_rows(path, problems, delimiter, sheet), 4)]
    click.echo(f"Columns of {path.name}:")
    for number, title in enumerate(header, 1):
        seen = next((row[number - 1] for row in examples if row[number - 1]), "")
        click.echo(f"{number:>4}  {title[:_SHOWN]}{f'  (e.g. {seen[:_SHOWN]})' if seen else ''}")
    click.echo("For each of the following, type the number of its column, or press Enter if there is none.")
    titles: dict[str, str] = {}
    for role, question in ROLES.items():
        left = [title for title in header if title not in titles.values()]
        if chosen := _ask_column(question, header, left, role in NEEDED):
            titles[role] = chosen
    separator = click.prompt("Separator between several owners in one cell", default=";")
    choice = click.Choice(CLASSES)
    classes = {
        "ownedClass": click.prompt("Class of the assets", type=choice, default="MiningProject"),
        "ownerClass": click.prompt("Class of the owners", type=choice, default="Firm"),
    }
    mapping = TableMapping(titles, separator, classes, delimiter, sheet)
    write_file(target, write_mapping(mapping, path.name, header))
    click.echo(f"{target} written; edit it, or delete it to answer again")
    return target


def _ask_column(question: str, header: Sequence[str], left: Sequence[str], needed: bool) -> str:
    while True:
        answer = click.prompt(question[0].upper() + question[1:], default="", show_default=False).strip()
        if not answer and not needed:
            return ""
        if answer.isdecimal() and 1 <= int(answer) <= len(header) and header[int(answer) - 1] in left:
            return header[int(answer) - 1]
        if answer in left:
            return answer
        click.echo(f"  type a number from 1 to {len(header)} that is not used yet")
