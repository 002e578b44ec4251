"""``pag export``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.lazy_choice import LazyChoice, export_formats, networks, tables
from peru_asia_graph.cli.options import bom_option, choose_format, graph_options, output_option, write_out


@click.command(epilog="Example: pag export -f ntriples -o graph.nt")
@click.option("-f", "--format", "form", type=LazyChoice(export_formats), help="How to write the answer.")
@click.option("--network", "kind", type=LazyChoice(networks), help="Only this network: GraphML or GEXF.")
@click.option("--table", type=LazyChoice(tables), help="Only this flat table: CSV.")
@bom_option
@output_option
@graph_options
def export(
    form: str | None, kind: str | None, table: str | None, output: str, where: str | None, sources: tuple[str, ...]
) -> None:
    """Write the whole graph as RDF, one network as GraphML or GEXF, or one flat table as CSV.

    Without -f the ending of the file decides, then what is written: Turtle for the graph, GraphML, CSV.
    """
    from peru_asia_graph import load

    otherwise = "csv" if table is not None else "graphml" if kind is not None else "turtle"
    # A terminal gets CSV too: the formats of exports have no table drawn with lines.
    chosen = choose_format(otherwise if form is None and output == "-" else form, output, otherwise)
    write_out(load(where, *sources).export(chosen, network=kind, table=table), output)
