"""``pag export``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.options import choose_format, format_option, output_option, store_option, write_out

TABLES = (
    "agreements", "citations", "claims", "discrepancies", "effective_ownership", "entities", "events", "findings",
    "investments", "observations", "phases", "relations", "sources", "stakes", "tenures",
)  # fmt: skip


@click.command(epilog="Example: pag export -f ntriples -o graph.nt")
@format_option("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml", "graphml", "gexf", "csv")
@click.option(
    "--network", "kind", type=click.Choice(["ownership", "diplomacy"]), default="ownership", help="For GraphML, GEXF."
)
@click.option("--table", type=click.Choice(TABLES), default="entities", help="For CSV.")
@output_option
@store_option
def export(form: str | None, kind: str, table: str, output: str, where: str | None) -> None:
    """Write the whole graph as RDF, one network as GraphML or GEXF, or one flat table as CSV."""
    from peru_asia_graph import load

    write_out(load(where).export(choose_format(form, output, "turtle"), network=kind, table=table), output)
