"""``pag build`` and ``pag check``."""

from __future__ import annotations

import gc
from pathlib import Path

import click


def _say(name: str, counted: str, seconds: float) -> None:
    click.echo(f"{name:<11} {counted}  ({seconds:.2f} s)", err=True)


@click.command(epilog="Example: pag build --out exports")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write instead of exports/.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit 1 if the exports are not up to date.")
@click.option("-q", "--quiet", "hush", is_flag=True, help="No progress lines.")
def build(out: Path | None, check_only: bool, hush: bool) -> None:
    """Check the tables, make the graph and write the exports."""
    # The graph is made once and given back when the process ends: looking for garbage takes an eighth of a build.
    gc.disable()
    from peru_asia_graph.build import pipeline as stages
    from peru_asia_graph.errors import CheckFailed, WrongUse
    from peru_asia_graph.paths import find_project

    project = find_project()
    if out is None and project.inside_package:
        raise WrongUse("this is an installed copy; name a folder to write: pag build --out FOLDER")
    report = stages.build(project, out, stages.quiet if hush else _say, check_only)
    for warning in report.warnings if not hush else ():
        click.echo(str(warning), err=True)
    if check_only and report.changed:
        raise CheckFailed("the exports are not what the data gives; run: pag build")
    gc.freeze()  # nor is it looked for at the end


@click.command(epilog="Example: pag check")
def check() -> None:
    """Check the tables and the graph; write nothing."""
    from peru_asia_graph.build import pipeline as stages
    from peru_asia_graph.paths import find_project

    report = stages.build_graph(find_project(), _say)
    for warning in report.warnings:
        click.echo(str(warning), err=True)
    click.echo(f"{len(report.quads):,} quads, no problems")
