"""``pag network`` and ``pag view``."""

from __future__ import annotations

from pathlib import Path

import click

from peru_asia_graph.cli.options import choose_format, format_option, output_option, store_option, write_out


@click.command(epilog="Example: pag network ownership --year 2012 -o ownership.graphml")
@click.argument("kind", type=click.Choice(["ownership", "diplomacy"]))
@click.option("--year", type=int, help="Only what held then, or may have.")
@format_option("graphml", "gexf")
@output_option
@store_option
def network(kind: str, year: int | None, form: str | None, output: str, where: str | None) -> None:
    """Write a network for NetworkX, igraph, Gephi or yEd."""
    from peru_asia_graph import load
    from peru_asia_graph.export.network import write_network

    graph = load(where).network(kind, year=year)
    write_out(write_network(graph, choose_format(form, output, "graphml")), output)


@click.command(epilog="Example: pag view ownership -o ownership.html")
@click.argument("kind", type=click.Choice(["ownership", "diplomacy"]))
@click.option("--year", type=int, help="Only what held then, or may have.")
@click.option("-o", "--output", help="File to write.  [default: KIND.html]", metavar="FILE")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@store_option
def view(kind: str, year: int | None, output: str | None, show: bool, where: str | None) -> None:
    """Write an interactive page of a network: one file, to be sent on and opened without a network."""
    from peru_asia_graph import load
    from peru_asia_graph.pages import make_page

    target = output or f"{kind}.html"
    write_out(make_page(load(where).network(kind, year=year), None), target)
    if show and target != "-":
        click.launch(Path(target).resolve().as_uri())
