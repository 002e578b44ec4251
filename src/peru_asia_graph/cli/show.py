"""``pag show``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.options import (
    choose_format,
    complete_name,
    echo_notes,
    format_option,
    output_option,
    store_option,
    write_out,
)


@click.command(epilog='Example: pag show "Mina Justa"')
@click.argument("name", shell_complete=complete_name)
@format_option("text", "markdown", "json", "turtle")
@output_option
@store_option
def show(name: str, form: str | None, output: str, where: str | None) -> None:
    """Show everything about one thing: a name, an acronym, a printed spelling or a slug."""
    from peru_asia_graph import load

    card = load(where).show(name)
    write_out(card.render(choose_format(form, output, "text")), output)
    echo_notes(card.notes)
