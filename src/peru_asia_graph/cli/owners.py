"""``pag owners``, ``pag holdings``, ``pag control``, ``pag diff`` and ``pag ties``."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import click

from peru_asia_graph.cli.options import TABLE_FORMATS, Out, answer_options, complete_name, echo_notes, year_option
from peru_asia_graph.errors import WrongUse

if TYPE_CHECKING:
    from peru_asia_graph.store.results import Result

combine_option = click.option(
    "--combine", is_flag=True, help="Read the sources as one network, by default in the last year any of them covers."
)


def _write(result: Result, out: Out, empty: str = "the sources state nothing about it") -> None:
    """Write a table and its notes; ``empty`` is the note for a table without rows."""
    from peru_asia_graph.holdings.owners import compact

    out.write_result(result, narrow=compact if "effective_low" in result.variables else None)
    if not len(result):
        echo_notes([empty])


@click.command(epilog='Example: pag owners "Block 8" --year 2012 --explain')
@click.argument("asset", shell_complete=complete_name)
@year_option
@combine_option
@click.option("--explain", is_flag=True, help="Show how each share is computed, stake by stake (as text or JSON).")
@answer_options(*TABLE_FORMATS)
def owners(asset: str, year: str | None, combine: bool, explain: bool, out: Out) -> None:
    """Show who owns ASSET, directly and through other firms, and how much, in a year."""
    graph = out.load()
    if not explain:
        _write(graph.owners(asset, year, combine=combine), out)
        return
    if out.form == "json":
        derived = graph.derivation(asset, year, combine=combine)
        out.write(json.dumps(derived, ensure_ascii=False, indent=1) + "\n")
    elif out.form in (None, "table"):
        out.write(graph.explain(asset, year, combine=combine))
    else:
        raise WrongUse(f"an explanation cannot be written as {out.form}; use table or json")
    echo_notes(graph.notes(asset))


@click.command(epilog="Example: pag holdings CNPC")
@click.argument("owner", shell_complete=complete_name)
@year_option
@combine_option
@answer_options(*TABLE_FORMATS)
def holdings(owner: str, year: str | None, combine: bool, out: Out) -> None:
    """Show what OWNER holds, directly and through other firms, in a year."""
    empty = f"no holdings are stated for that time; for all years: pag ask owned-by -p owner={shlex.quote(owner)}"
    _write(out.load().holdings(owner, year, combine=combine), out, empty)


@click.command(epilog="Example: pag control China")
@click.argument("owner", shell_complete=complete_name)
@year_option
@combine_option
@click.option(
    "--threshold", type=float, default=50.0, show_default=True, help="Percentage above which a share gives control."
)
@answer_options(*TABLE_FORMATS)
def control(owner: str, year: str | None, combine: bool, threshold: float, out: Out) -> None:
    """Show what OWNER controls by majority, or because a source calls it a subsidiary or state-owned."""
    empty = f"no stake over {threshold:g} % is stated; for all holdings: pag holdings {shlex.quote(owner)}"
    _write(out.load().control(owner, year, threshold, combine=combine), out, empty)


@click.command(epilog="Example: pag diff 2011 2013")
@click.argument("before")
@click.argument("after")
@answer_options(*TABLE_FORMATS)
def diff(before: str, after: str, out: Out) -> None:
    """Show which owners were added or removed between two years, months (2012-05) or days."""
    _write(out.load().diff(before, after), out, "no change of owners is stated")


@click.command(epilog="Example: pag ties --commodity copper --combine")
@click.option("--asset", metavar="NAME", shell_complete=complete_name, help="A mine, block or firm.")
@click.option("--commodity", metavar="NAME", shell_complete=complete_name, help="All projects that yield a commodity.")
@click.option("--sector", metavar="NAME", shell_complete=complete_name, help="The investments announced for a sector.")
@click.option("--all", "every", is_flag=True, help="Every asset.")
@year_option
@combine_option
@answer_options(*TABLE_FORMATS)
def ties(every: bool, year: str | None, combine: bool, out: Out, **what: str | None) -> None:
    """Show what share is tied to owners from each state, what to state-owned firms, and what is not known."""
    named = {kind: name for kind, name in what.items() if name is not None}
    if len(named) + every != 1:
        raise WrongUse("name one of --asset, --commodity, --sector or --all")
    _write(out.load().ties(year=year, combine=combine, **named), out)
