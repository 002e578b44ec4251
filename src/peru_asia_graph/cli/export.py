"""``pag export``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.lazy_choice import LazyChoice, export_formats, networks, tables
from peru_asia_graph.cli.options import choose_format, output_option, store_option, write_out


@click.command(epilog="Example: pag export -f ntriples -o graph.nt")
@click.option("-f", "--format", "form", type=LazyChoice(export_formats), help="How to write the answer.")
@click.option("--network", "kind", type=LazyChoice(networks), default="ownership", help="For GraphML, GEXF.")
@click.option("--table", type=LazyChoice(tables), default="entities", help="For CSV.")
@output_option
@store_option
def export(form: str | None, kind: str, table: str, output: str, where: str | None) -> None:
    """Write the whole graph as RDF, one network as GraphML or GEXF, or one flat table as CSV."""
    from peru_asia_graph import load

    write_out(load(where).export(choose_format(form, output, "turtle"), network=kind, table=table), output)
