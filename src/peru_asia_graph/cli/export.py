"""``pag export``."""

from __future__ import annotations

from pathlib import Path

import click

from peru_asia_graph.cli.lazy_choice import LazyChoice, export_formats, networks, tables
from peru_asia_graph.cli.options import bom_option, choose_format, graph_options, output_option, write_out


@click.command(epilog="Example: pag export -f ntriples -o graph.nt")
@click.option("-f", "--format", "form", type=LazyChoice(export_formats), help="How to write the answer.")
@click.option("--network", "kind", type=LazyChoice(networks), help="Only this network: GraphML or GEXF.")
@click.option("--table", type=LazyChoice(tables), help="Only this flat table: CSV.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Write what is lost as CSV, too.")
@bom_option
@output_option
@graph_options
def export(
    form: str | None, kind: str | None, table: str | None, report: Path | None, output: str, where: str | None,
    sources: tuple[str, ...],
) -> None:  # fmt: skip
    """Write the whole graph as RDF, one network as GraphML or GEXF, or one flat table as CSV.

    Without -f the ending of the file decides, then what is written: Turtle for the graph, GraphML, CSV.
    """
    from peru_asia_graph import load
    from peru_asia_graph.exporters.format_registry import find_format
    from peru_asia_graph.files.loss_report import LossReport
    from peru_asia_graph.files.output_file import check_file, write_file

    otherwise = "csv" if table is not None else "graphml" if kind is not None else "turtle"
    # A terminal gets CSV too: the formats of exports have no table drawn with lines.
    chosen = choose_format(otherwise if form is None and output == "-" else form, output, otherwise)
    if report is not None:
        check_file(report)
    losses = LossReport()
    data = load(where, *sources).export(chosen, network=kind, table=table, losses=losses)
    if report is not None:
        write_file(report, losses.to_csv())
    write_out(data, output)
    if find_format(chosen).lossy:
        click.echo("Without a place there:" if losses else "Nothing is lost.", err=True)
        click.echo(losses.to_text(), nl=False, err=True)
