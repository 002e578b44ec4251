"""``pag show``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.options import Out, answer_options, complete_name, echo_notes


@click.command(epilog='Example: pag show "Mina Justa"')
@click.argument("name", shell_complete=complete_name)
@answer_options("text", "markdown", "json", "turtle")
def show(name: str, out: Out) -> None:
    """Show everything about one thing: a name, an acronym, a printed spelling or a slug."""
    card = out.load().show(name)
    out.write(card.render(out.choose_format("text")))
    echo_notes(card.notes)
