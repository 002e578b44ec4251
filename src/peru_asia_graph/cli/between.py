"""``pag between``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.options import (
    choose_format,
    complete_name,
    echo_notes,
    format_option,
    graph_options,
    output_option,
    write_out,
)


@click.command(epilog='Example: pag between "Mitsui & Co." Shougang --depth 4')
@click.argument("one", shell_complete=complete_name)
@click.argument("other", shell_complete=complete_name)
@click.option("--depth", type=int, default=3, show_default=True, help="The most steps a chain may have.")
@click.option("--most", type=int, default=25, show_default=True, help="How many chains to write, the shortest first.")
@click.option("--hubs", is_flag=True, help="Also pass through things linked with very many others, as Peru.")
@format_option("table", "csv", "tsv", "json", "jsonl", "markdown")
@output_option
@graph_options
def between(
    one: str,
    other: str,
    depth: int,
    most: int,
    hubs: bool,
    form: str | None,
    output: str,
    where: str | None,
    sources: tuple[str, ...],
) -> None:
    """How ONE is linked with OTHER: chains of statements, shortest first, each step with its citation."""
    from peru_asia_graph import load
    from peru_asia_graph.query.render import render

    found = load(where, *sources).between(one, other, depth, most, hubs)
    write_out(render(found, choose_format(form, output, "csv")), output)
    echo_notes(found.notes)
