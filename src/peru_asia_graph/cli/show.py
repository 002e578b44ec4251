"""``pag show`` and ``pag between``."""

from __future__ import annotations

import click

from peru_asia_graph.cli.options import TABLE_FORMATS, Out, answer_options, complete_name, echo_notes


@click.command(epilog='Example: pag show "Mina Justa"')
@click.argument("name", shell_complete=complete_name)
@answer_options("text", "markdown", "json")
def show(name: str, out: Out) -> None:
    """Show everything about one thing, with citations; NAME is a name, an acronym, a printed spelling or a slug."""
    card = out.load().show(name)
    out.write(card.render(out.choose_format("text")))
    echo_notes(card.notes)


@click.command(epilog='Example: pag between "Mitsui & Co." Vale')
@click.argument("one", shell_complete=complete_name)
@click.argument("other", shell_complete=complete_name)
@click.option("--depth", type=int, default=3, show_default=True, help="Maximum number of steps in a chain.")
@click.option("--most", type=int, default=25, show_default=True, help="Maximum number of chains.")
@click.option("--hubs", is_flag=True, help="Also pass through things with very many links, such as Peru.")
@answer_options(*TABLE_FORMATS)
def between(one: str, other: str, depth: int, most: int, hubs: bool, out: Out) -> None:
    """Show how ONE and OTHER are linked: chains of statements, shortest first, each step with its citation."""
    out.write_result(out.load().between(one, other, depth, most, hubs))


@click.command(epilog="Example: pag search copper Japan")
@click.argument("words", nargs=-1, required=True)
@click.option("--most", type=click.IntRange(min=1), default=10, show_default=True, help="Maximum number of hits.")
@answer_options(*TABLE_FORMATS)
def search(words: tuple[str, ...], most: int, out: Out) -> None:
    """Search names of things, questions and statements for WORDS, in English or Spanish, best first.

    Show a thing: pag show ID. Ask a question: pag ask ID.
    """
    from peru_asia_graph.site.search_page import search_result

    result = search_result(out.load(), " ".join(words), most)
    out.write_result(result)
    if not result.rows:
        echo_notes(["nothing found"])
