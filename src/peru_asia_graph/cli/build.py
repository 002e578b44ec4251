"""``pag build`` and ``pag check``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peru_asia_graph.cli.options import PROJECT_HELP, NamedPath, pause_collection, report_folder, with_shipped_option

if TYPE_CHECKING:
    from peru_asia_graph.build.pipeline import Report


def _progress(name: str, counted: str, seconds: float) -> None:
    click.echo(f"{name:<11} {counted}  ({seconds:.2f} s)", err=True)


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--project`` and ``--with-shipped``."""
    command = with_shipped_option(command)
    return click.option("--project", "root", metavar="DIR", type=NamedPath(file_okay=False), help=PROJECT_HELP)(command)


@click.command(epilog="Example: pag build -o exports")
@click.option(
    "-o",
    "--output",
    "--out",
    "out",
    type=NamedPath(path_type=Path),
    metavar="DIR",
    help="Folder to write to instead of exports/.",
)
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit 1 if the exports are out of date.")
@click.option("-q", "--quiet", "hush", is_flag=True, help="No progress lines.")
@project_options
def build(out: Path | None, check_only: bool, hush: bool, root: str | None, with_shipped: bool) -> None:
    """Check the tables, build the graph and write the exports.

    In the output folder, only files of an earlier build are replaced or removed.
    """
    pause_collection()  # garbage collection takes an eighth of a build
    from peru_asia_graph.build import pipeline
    from peru_asia_graph.errors import CheckFailed, WrongUse
    from peru_asia_graph.paths import find_project, use_project

    with use_project(root):
        project = find_project()
        if out is None and project.is_installed_copy:
            raise WrongUse(
                "there is no project folder here: neither this folder nor a parent holds data/NAME/csv-metadata.json; "
                "name one with --project DIR, or write the shipped graph to a folder: pag build -o FOLDER"
            )
        progress = pipeline.quiet if hush else _progress
        report = pipeline.build(project, out, progress, check_only, with_shipped)
    if not hush:
        _warn(report)
    report_folder(project.shown(project.exports) if out is None else str(out), report.folder)
    if check_only and report.folder.changed:
        raise CheckFailed("the exports are out of date; run: pag build")


@click.command(epilog="Example: pag check")
@project_options
def check(root: str | None, with_shipped: bool) -> None:
    """Check the tables and the graph; write nothing."""
    from peru_asia_graph.build import pipeline
    from peru_asia_graph.paths import find_project, use_project

    with use_project(root):
        report = pipeline.build_graph(find_project(), _progress, with_shipped)
    _warn(report)
    click.echo(f"{len(report.quads):,} quads, no problems")


def _warn(report: Report) -> None:
    for warning in report.warnings:
        click.echo(str(warning), err=True)
