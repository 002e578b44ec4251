"""``pag owners``, ``pag holdings``, ``pag control`` and ``pag diff``."""

from __future__ import annotations

import json
import shlex
from typing import Any

import click

from peru_asia_graph.cli.options import (
    choose_format,
    complete_name,
    echo_notes,
    format_option,
    graph_options,
    output_option,
    write_out,
    year_option,
)
from peru_asia_graph.errors import WrongUse

ROWS = ("table", "csv", "tsv", "json", "jsonl", "markdown")


combine_option = click.option("--combine", is_flag=True, help="Read the sources as one network, at the year.")


def _write(result: Any, form: str | None, output: str, empty: str = "nothing is stated of it") -> None:
    """Write a table and its notes; ``empty`` is a note for one without rows."""
    from peru_asia_graph.holdings.owners import compact
    from peru_asia_graph.query.render import render

    chosen = choose_format(form, output, "csv")
    narrow = chosen == "table" and "effective_low" in result.variables
    write_out(render(compact(result) if narrow else result, chosen), output)
    echo_notes(result.notes if len(result) else [*result.notes, empty])


@click.command(epilog='Example: pag owners "Block 8" --year 2012 --explain')
@click.argument("asset", shell_complete=complete_name)
@year_option
@combine_option
@click.option("--explain", is_flag=True, help="Show how each share comes about, stake by stake (text or json).")
@format_option(*ROWS)
@output_option
@graph_options
def owners(
    asset: str,
    year: str | None,
    combine: bool,
    explain: bool,
    form: str | None,
    output: str,
    where: str | None,
    sources: tuple[str, ...],
) -> None:
    """Who owns ASSET, directly and through others, by how much, in a year (by default the last of each source)."""
    from peru_asia_graph import load

    graph = load(where, *sources)
    if not explain:
        _write(graph.owners(asset, year, combine=combine), form, output)
        return
    if form == "json":
        derived = graph.derivation(asset, year, combine=combine)
        write_out(json.dumps(derived, ensure_ascii=False, indent=1) + "\n", output)
    elif form in (None, "table"):
        write_out(graph.explain(asset, year, combine=combine), output)
    else:
        raise WrongUse(f"an explanation cannot be written as {form}; use table or json")
    echo_notes(graph.notes(asset))


@click.command(epilog="Example: pag holdings CNPC")
@click.argument("owner", shell_complete=complete_name)
@year_option
@combine_option
@format_option(*ROWS)
@output_option
@graph_options
def holdings(
    owner: str,
    year: str | None,
    combine: bool,
    form: str | None,
    output: str,
    where: str | None,
    sources: tuple[str, ...],
) -> None:
    """What OWNER holds, directly and through others."""
    from peru_asia_graph import load

    empty = f"nothing is stated to be held then; of all years: pag ask owned-by -p owner={shlex.quote(owner)}"
    _write(load(where, *sources).holdings(owner, year, combine=combine), form, output, empty)


@click.command(epilog="Example: pag control China")
@click.argument("owner", shell_complete=complete_name)
@year_option
@combine_option
@click.option("--threshold", type=float, default=50.0, show_default=True, help="Percent above which a share controls.")
@format_option(*ROWS)
@output_option
@graph_options
def control(
    owner: str,
    year: str | None,
    combine: bool,
    threshold: float,
    form: str | None,
    output: str,
    where: str | None,
    sources: tuple[str, ...],
) -> None:
    """What OWNER controls by majority, or because a source calls it a subsidiary or state-owned."""
    from peru_asia_graph import load

    empty = f"nothing of which more than {threshold:g} % is stated; what is held: pag holdings {shlex.quote(owner)}"
    _write(load(where, *sources).control(owner, year, threshold, combine=combine), form, output, empty)


@click.command(epilog="Example: pag diff 2011 2013")
@click.argument("before")
@click.argument("after")
@format_option(*ROWS)
@output_option
@graph_options
def diff(before: str, after: str, form: str | None, output: str, where: str | None, sources: tuple[str, ...]) -> None:
    """Which owners came and went between two years, months (2012-05) or days."""
    from peru_asia_graph import load

    _write(load(where, *sources).diff(before, after), form, output, "no owner is stated to have come or gone")


@click.command(epilog="Example: pag ties --commodity copper")
@click.option("--asset", shell_complete=complete_name, help="A mine, block or firm.")
@click.option("--commodity", shell_complete=complete_name, help="All projects of a commodity.")
@click.option("--sector", shell_complete=complete_name, help="The announced investment of a sector.")
@click.option("--all", "every", is_flag=True, help="The states behind every asset at once.")
@year_option
@format_option(*ROWS)
@output_option
@graph_options
def ties(
    every: bool,
    year: str | None,
    form: str | None,
    output: str,
    where: str | None,
    sources: tuple[str, ...],
    **what: str | None,
) -> None:
    """Which part is tied to owners of which state, which to state-owned firms, and which part is not known."""
    from peru_asia_graph import load

    named = {kind: name for kind, name in what.items() if name is not None}
    if len(named) + every != 1:
        raise WrongUse("name one of --asset, --commodity, --sector or --all")
    _write(load(where, *sources).ties(year=year, **named), form, output)
