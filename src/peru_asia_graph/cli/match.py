"""``pag match``."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from peru_asia_graph.cli.options import (
    PROJECT_HELP,
    TABLE_FORMATS,
    NamedPath,
    choose_format,
    format_option,
    output_option,
    with_shipped_option,
    write_out,
)

if TYPE_CHECKING:
    from peru_asia_graph.paths import Project
    from peru_asia_graph.sources.judgements import Judgements
    from peru_asia_graph.sources.suggestions import Suggestion
    from peru_asia_graph.store.results import Result
    from peru_asia_graph.store.values import Value


ANSWERS: Final = {"s": "same", "d": "different", "p": "part", "w": "whole", "u": "successor", "k": "skip", "q": "quit"}
_QUESTION: Final = (
    "Is the first thing the (s)ame as the second, (d)ifferent, a (p)art of it, the (w)hole of it, or its s(u)ccessor? "
    "s(k)ip or Enter to decide later, (q)uit to stop"
)


@click.command(epilog="Example: pag match --source gem")
@click.option("--source", metavar="NAME", help="Only things in this source.")
@click.option("--review", is_flag=True, help="Ask about each pair and write the answers to matches.csv.")
@click.option(
    "--from",
    "judged_file",
    type=NamedPath(path_type=Path),
    metavar="FILE",
    help="Import judgements made elsewhere, such as in OpenRefine: a CSV file with id, match and judgement.",
)
@click.option(
    "--cutoff", type=click.FloatRange(0, 100), default=80.0, show_default=True, help="Minimum score, 0 to 100."
)
@click.option("--author", help="Name of the person who judges.  [default: your login name]")
@with_shipped_option
@click.option("--project", "root", metavar="DIR", type=NamedPath(file_okay=False), help=PROJECT_HELP)
@format_option(*TABLE_FORMATS)
@output_option
def match(
    source: str | None,
    review: bool,
    judged_file: Path | None,
    cutoff: float,
    author: str | None,
    with_shipped: bool,
    root: str | None,
    form: str | None,
    output: str,
) -> None:
    """Suggest, by their names, which things in different sources are the same; people decide."""
    from peru_asia_graph.build.matches import read_suggestions
    from peru_asia_graph.paths import find_project, shipped_project, use_project
    from peru_asia_graph.query.render import render
    from peru_asia_graph.sources.judgements import Judgements

    if judged_file is not None and (review or source is not None):
        raise click.UsageError("--from cannot be combined with --review or --source")
    with use_project(root):
        project = find_project()
        if judged_file is not None:
            _take(project, judged_file, with_shipped, author or _login_name())
            return
        judged = Judgements()
        found = read_suggestions(project, source, cutoff, with_shipped, judged)
        if review:
            _review(project, found, judged, author or _login_name())
        else:
            write_out(render(_table(found), choose_format(form, output, "csv")), output)
        if not found and not with_shipped and project.root != shipped_project().root:
            click.echo("No suggestions; --with-shipped also compares with the sources of the package", err=True)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        # A container may run under a user id without a name.
        raise click.UsageError("you have no login name here; add your name: --author NAME") from error


def _take(project: Project, path: Path, with_shipped: bool, author: str) -> None:
    """Add the judgements in a file to the tables of matches."""
    from peru_asia_graph.build.judged_file import read_judged
    from peru_asia_graph.sources.record_match import record_matches

    found = read_judged(path, project, with_shipped)
    for file, judged in found.added.items():
        _tell(project, file, len(record_matches(file, judged, author)))
    left = ", ".join(f"{count} {reason}" for reason, count in sorted(found.skipped.items()))
    if left or not found.added:
        click.echo(f"{path}: not added: {left or 'no rows'}", err=True)


def _tell(project: Project, file: Path, count: int) -> None:
    click.echo(f"{project.shown(file)}: {count} row{'' if count == 1 else 's'} added; pag build applies them", err=True)


def _table(found: Sequence[Suggestion]) -> Result:
    from peru_asia_graph.store.results import from_rows

    header = ["score", "id", "name", "source", "other_id", "other_name", "other_source", "reason"]
    rows: list[list[Value | None]] = [
        [round(each.score), each.one.id, each.one.names[0], each.one.source,
         each.other.id, each.other.names[0], each.other.source, each.reason]
        for each in found
    ]  # fmt: skip
    return from_rows(header, rows)


def _answer(typed: str) -> str:
    """Return the answer as a word; the letter or the word itself may be typed."""
    text = typed.strip().casefold()
    found = next((word for letter, word in ANSWERS.items() if text in (letter, word)), None)
    if found is None:
        known = ", ".join(f"{letter} ({word})" for letter, word in ANSWERS.items())
        raise click.BadParameter(f"'{typed[:40]}' is not one of {known}")
    return found


def _review(project: Project, found: Sequence[Suggestion], judged: Judgements, author: str) -> None:
    from peru_asia_graph.sources.record_match import Judged, matches_file, record_matches

    written: dict[Path, int] = {}
    click.echo(_QUESTION, err=True)
    try:
        for number, each in enumerate(found, 1):
            if judged.settles(each.one.id, each.other.id):
                continue
            file = matches_file(project, each.one.source, each.other.source)
            _show(each, f"{number} of {len(found)}")
            answer = click.prompt("Answer", value_proc=_answer, default="k", show_default=False)
            if answer == "quit":
                break
            if answer != "skip":
                one, other = each.one.id, each.other.id
                if answer == "same" and not judged.is_kept(one):
                    # The first is already merged into a third thing, which is matched with the second: the id from
                    # the earlier source is kept.
                    # A thing without a place is in a source that was not read.
                    roots = judged.root(one), judged.root(other)
                    other, one = sorted(roots, key=lambda slug: judged.places.get(slug, -1))
                record_matches(file, [Judged(one, other, answer)], author)
                judged.add(one, other, answer == "same")
                written[file] = written.get(file, 0) + 1
    finally:
        for file, count in written.items():
            _tell(project, file, count)


def _show(each: Suggestion, place: str) -> None:
    click.echo(f"\n{place}, score {each.score:.0f}: {each.reason}")
    for side in (each.one, each.other):
        click.echo(f"  {side.names[0]}  ({side.kind}, {side.source}, {side.id})")
        if len(side.names) > 1:
            click.echo(f"    also: {'; '.join(side.names[1:])}")
