"""``pag export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from peru_asia_graph.cli.lazy_choice import EXPORT_FORMATS, NETWORKS, TABLES
from peru_asia_graph.cli.options import (
    REPORT_HELP,
    NamedPath,
    bom_option,
    check_output,
    choose_format,
    graph_options,
    output_option,
    report_folder,
    write_out,
)

if TYPE_CHECKING:
    from peru_asia_graph.files.loss_report import LossReport
    from peru_asia_graph.graph import KnowledgeGraph


@click.command(epilog="Example: pag export -f ntriples -o graph.nt")
@click.option("-f", "--format", "form", type=EXPORT_FORMATS, help="Output format.")
@click.option("--network", "kind", type=NETWORKS, help="Export only this network, as GraphML or GEXF.")
@click.option("--table", type=TABLES, help="Export only this flat table, as CSV.")
@click.option("--report", type=NamedPath(path_type=Path), metavar="FILE", help=REPORT_HELP)
@bom_option
@output_option
@graph_options
def export(
    form: str | None, kind: str | None, table: str | None, report: Path | None, output: str, where: str | None,
    sources: tuple[str, ...],
) -> None:  # fmt: skip
    """Write the whole graph, one network or one flat table.

    The graph is written as RDF, JSON, SQLite or a folder of files, a network as GraphML or GEXF, a table as CSV.
    Without -f, the ending of the output file decides; failing that, the format is Turtle, GraphML or CSV.
    """
    from peru_asia_graph import load
    from peru_asia_graph.cli.output_endings import check_ending, write_packed
    from peru_asia_graph.exporters.format_registry import choose_part, find_format
    from peru_asia_graph.files.loss_report import LossReport
    from peru_asia_graph.files.output_file import check_file

    otherwise = "csv" if table is not None else "graphml" if kind is not None else "turtle"
    # A terminal gets CSV too, since exports have no format "table".
    chosen = choose_format(otherwise if form is None and output == "-" else form, output, otherwise)
    if report is not None:
        check_ending(str(report))
        check_file(report)
        check_output("report", report, beside=[Path(output)] if find_format(chosen).folder else [])
    losses, graph, row = LossReport(), load(where, *sources), find_format(chosen)
    if row.folder:
        choose_part(row, kind, table)
        write_files(graph, chosen, output, losses)
    else:
        data = graph.export(chosen, network=kind, table=table, losses=losses)
    if report is not None:
        write_packed(str(report), losses.to_csv())
    if not row.folder:
        write_out(data, output)
    if row.lossy:
        click.echo("Loss report:" if losses else "Nothing is lost.", err=True)
        click.echo(losses.to_text(), nl=False, err=True)


def write_files(graph: KnowledgeGraph, form: str, output: str, losses: LossReport) -> None:
    """Write a format that is a folder; raise WrongUse if no folder is named or it was not written by this command."""
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.files.entries import printable
    from peru_asia_graph.files.output_folder import check_folder, write_folder

    if output == "-":
        raise WrongUse(f"{form} is a folder of files; name an empty or new folder: -o FOLDER")
    command = f"pag export -f {form}"
    check_folder(Path(output), command=command)
    files = graph.export_files(form, losses=losses)
    report_folder(output, write_folder(Path(output), files, command=command))
    click.echo(f"{printable(output)}: {len(files)} files written", err=True)
