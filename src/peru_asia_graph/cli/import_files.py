"""``pag import``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peru_asia_graph.cli.lazy_choice import IMPORT_FORMATS
from peru_asia_graph.cli.options import (
    LICENCE_HELP,
    NEW_PROJECT_HELP,
    REPORT_HELP,
    SHORT_HELP,
    TITLE_HELP,
    NamedPath,
    check_output,
    report_folder,
)
from peru_asia_graph.importers.importer_registry import OPTIONS

if TYPE_CHECKING:
    from peru_asia_graph.importers.run import ImportReport


def _format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, (text, word) in reversed(OPTIONS.items()):
        command = click.option(f"--{name}", default="", metavar=word, help=text)(command)
    return command


# Seconds between progress messages.
_EVERY = 0.5


@click.command("import", epilog="Example: pag import bods exports/bods.json --as my-register --dry-run")
@click.argument("form", metavar="FORMAT", type=IMPORT_FORMATS)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=NamedPath(path_type=Path))
@click.option("--as", "name", required=True, metavar="NAME", help="Name of the source; it is written to data/NAME.")
@click.option("--title", default="", help=TITLE_HELP)
@click.option("--short", default="", help=SHORT_HELP)
@click.option(
    "--date",
    "when",
    metavar="DATE",
    default="",
    help="Last day, month or year that the source covers, if the files do not say.",
)
@click.option("--licence", default="", metavar="URL", help=LICENCE_HELP)
@click.option("--report", type=NamedPath(path_type=Path), metavar="FILE", help=REPORT_HELP)
@_format_options
@click.option("--dry-run", is_flag=True, help="Read and check; write nothing.")
@click.option("--project", "root", metavar="DIR", type=NamedPath(file_okay=False), help=NEW_PROJECT_HELP)
def import_(
    form: str, files: tuple[Path, ...], name: str, title: str, short: str, when: str, licence: str,
    report: Path | None, dry_run: bool, root: str | None, **given: str,
) -> None:  # fmt: skip
    """Create the source NAME from FILEs in another format, and report what could not be imported.

    Importing a newer file under the same name replaces the tables and shows the rows added, removed and changed.
    """
    from peru_asia_graph.cli.output_endings import check_ending, write_packed
    from peru_asia_graph.files.output_file import check_file
    from peru_asia_graph.importers.run import import_source
    from peru_asia_graph.importers.source_folder import SourceTerms
    from peru_asia_graph.importers.table_mapping import mapping_beside
    from peru_asia_graph.paths import project_to_extend

    project, terms = project_to_extend(root), SourceTerms(title, short, when, licence)
    if report is not None:
        check_ending(str(report))
        check_file(report)
        check_output("report", report, project, [project.data / name, *map(mapping_beside, files)])
    if form == "table" and not given["mapping"] and not dry_run and is_terminal():
        _ask_mappings(files, given["sheet"])
    options = {one.replace("_", "-"): value for one, value in given.items() if value}
    found = import_source(project, form, files, name, terms, options, dry_run, _progress())
    if report is not None:
        write_packed(str(report), found.losses.to_csv())
    _show(found)
    if found.folder is not None:
        shown = project.shown(project.data / name)
        report_folder(shown, found.folder)
        click.echo(f"{shown} {'written' if found.folder.changed else 'is unchanged'}; next: pag build")


def is_terminal() -> bool:
    """Return whether questions can be asked."""
    return sys.stdin.isatty()


def _ask_mappings(files: Sequence[Path], sheet: str) -> None:
    from peru_asia_graph.cli.ask_mapping import ask_mapping
    from peru_asia_graph.importers.table_mapping import mapping_beside

    for path in files:
        if path.is_file() and not mapping_beside(path).is_file():
            ask_mapping(path, sheet)


def _progress() -> Callable[[str, int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    shown = time.monotonic()

    def report(name: str, done: int, size: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > _EVERY:
            shown = time.monotonic()
            click.echo(f"\r{Path(name).name}: {done / 1e6:,.0f} of {size / 1e6:,.0f} MB", nl=False, err=True)

    return report


def _show(found: ImportReport) -> None:
    for warning in found.warnings:
        click.echo(str(warning), err=True)
    for table, count in found.rows.items():
        click.echo(f"{count:>11,}  {table}")
    if found.losses:
        click.echo("Loss report:")
        click.echo(found.losses.to_text(), nl=False)
    for change in found.changes:
        counts = f"{change.added:,} added, {change.removed:,} removed, {change.changed:,} changed"
        click.echo(f"{change.table}: {counts} ({' '.join(change.examples)})")
