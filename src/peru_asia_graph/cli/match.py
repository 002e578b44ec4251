"""``pag match``."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peru_asia_graph.cli.options import choose_format, format_option, output_option, write_out

if TYPE_CHECKING:
    from peru_asia_graph.paths import Project
    from peru_asia_graph.sources.suggestions import Suggestion
    from peru_asia_graph.store.results import Result
    from peru_asia_graph.store.values import Value


@click.command(epilog="Example: pag match --source gem")
@click.option("--source", default="", metavar="NAME", help="Only things of this source.")
@click.option("--review", is_flag=True, help="Ask one by one, and write the answers into matches.csv.")
@click.option("--cutoff", type=click.FloatRange(0, 100), default=80.0, show_default=True, help="Least score, 0 to 100.")
@click.option("--author", help="Who judges.  [default: the name of the user]")
@click.option("--with-shipped", is_flag=True, help="Add the sources that came with the package.")
@click.option("--project", "root", metavar="DIR", type=click.Path(file_okay=False), help="Project folder.")
@format_option("table", "csv", "tsv", "json", "jsonl", "markdown")
@output_option
def match(
    source: str,
    review: bool,
    cutoff: float,
    author: str | None,
    with_shipped: bool,
    root: str | None,
    form: str | None,
    output: str,
) -> None:
    """Suggest which things of different sources are the same, by their names; people decide."""
    from peru_asia_graph.build.match import read_suggestions
    from peru_asia_graph.paths import find_project, use_project
    from peru_asia_graph.query.render import render

    with use_project(root):
        project = find_project()
        found = read_suggestions(project, source, cutoff, with_shipped)
        if review:
            _review(project, found, author or getpass.getuser())
        else:
            write_out(render(_table(found), choose_format(form, output, "csv")), output)


def _table(found: Sequence[Suggestion]) -> Result:
    from peru_asia_graph.store.results import from_rows

    header = ["score", "id", "name", "source", "other_id", "other_name", "other_source", "reason"]
    rows: list[list[Value | None]] = [
        [round(each.score), each.one.id, each.one.names[0], each.one.source,
         each.other.id, each.other.names[0], each.other.source, each.reason]
        for each in found
    ]  # fmt: skip
    return from_rows(header, rows)


def _review(project: Project, found: Sequence[Suggestion], author: str) -> None:
    from peru_asia_graph.sources.record_match import JUDGEMENTS, matches_file, record_match

    choice = click.Choice([*JUDGEMENTS, "skip", "quit"])
    written: dict[Path, int] = {}
    for number, each in enumerate(found, 1):
        click.echo(f"\n{number} of {len(found)}, score {each.score:.0f}: {each.reason}")
        for side in (each.one, each.other):
            click.echo(f"  {side.names[0]}  ({side.kind}, {side.source}, {side.id})")
            if len(side.names) > 1:
                click.echo(f"    also: {'; '.join(side.names[1:])}")
        answer = click.prompt("Is the first the same, different, part, whole or successor of the second?", type=choice)
        if answer == "quit":
            break
        if answer != "skip":
            file = matches_file(project, each.one.source)
            record_match(file, each, answer, author)
            written[file] = written.get(file, 0) + 1
    for file, count in written.items():
        click.echo(
            f"{project.shown(file)}: {count} row{'' if count == 1 else 's'} added; pag build applies them", err=True
        )
