"""``pag owners``, ``pag holdings``, ``pag control`` and ``pag diff``."""

from __future__ import annotations

import json
from typing import Any

import click

from peru_asia_graph.cli.options import (
    choose_format,
    complete_name,
    echo_notes,
    format_option,
    output_option,
    store_option,
    write_out,
    year_option,
)
from peru_asia_graph.errors import WrongUse

ROWS = ("table", "csv", "tsv", "json", "jsonl", "markdown")


def _write(result: Any, form: str | None, output: str) -> None:
    from peru_asia_graph.holdings.owners import compact
    from peru_asia_graph.query.render import render

    chosen = choose_format(form, output, "csv")
    narrow = chosen == "table" and "effective_low" in result.variables
    write_out(render(compact(result) if narrow else result, chosen), output)
    echo_notes(result.notes)


@click.command(epilog='Example: pag owners "Block 8" --year 2012 --explain')
@click.argument("asset", shell_complete=complete_name)
@year_option
@click.option("--explain", is_flag=True, help="Show how each share comes about, stake by stake (text or json).")
@format_option(*ROWS)
@output_option
@store_option
def owners(asset: str, year: str | None, explain: bool, form: str | None, output: str, where: str | None) -> None:
    """Who owns ASSET, directly and through others, by how much, in a year (by default the last the paper speaks of)."""
    from peru_asia_graph import load

    graph = load(where)
    if not explain:
        _write(graph.owners(asset, year), form, output)
        return
    if form == "json":
        write_out(json.dumps(graph.derivation(asset, year), ensure_ascii=False, indent=1) + "\n", output)
    elif form in (None, "table"):
        write_out(graph.explain(asset, year), output)
    else:
        raise WrongUse(f"an explanation cannot be written as {form}; use table or json")
    echo_notes(graph.notes(asset))


@click.command(epilog="Example: pag holdings CNPC")
@click.argument("owner", shell_complete=complete_name)
@year_option
@format_option(*ROWS)
@output_option
@store_option
def holdings(owner: str, year: str | None, form: str | None, output: str, where: str | None) -> None:
    """What OWNER holds, directly and through others."""
    from peru_asia_graph import load

    _write(load(where).holdings(owner, year), form, output)


@click.command(epilog="Example: pag control China")
@click.argument("owner", shell_complete=complete_name)
@year_option
@click.option("--threshold", type=float, default=50.0, show_default=True, help="Percent above which a share controls.")
@format_option(*ROWS)
@output_option
@store_option
def control(owner: str, year: str | None, threshold: float, form: str | None, output: str, where: str | None) -> None:
    """What OWNER controls by majority, or because the paper calls it a subsidiary or state-owned."""
    from peru_asia_graph import load

    _write(load(where).control(owner, year, threshold), form, output)


@click.command(epilog="Example: pag diff 2011 2013")
@click.argument("before")
@click.argument("after")
@format_option(*ROWS)
@output_option
@store_option
def diff(before: str, after: str, form: str | None, output: str, where: str | None) -> None:
    """Which owners came and went between two years, months (2012-05) or days."""
    from peru_asia_graph import load

    _write(load(where).diff(before, after), form, output)


@click.command(epilog="Example: pag ties --commodity copper")
@click.option("--asset", shell_complete=complete_name, help="A mine, block or firm.")
@click.option("--commodity", shell_complete=complete_name, help="All projects of a commodity.")
@click.option("--sector", shell_complete=complete_name, help="The announced investment of a sector.")
@click.option("--all", "every", is_flag=True, help="The states behind every asset at once.")
@year_option
@format_option(*ROWS)
@output_option
@store_option
def ties(every: bool, year: str | None, form: str | None, output: str, where: str | None, **what: str | None) -> None:
    """Which part is tied to owners of which state, which to state-owned firms, and which part is not known."""
    from peru_asia_graph import load

    named = {kind: name for kind, name in what.items() if name is not None}
    if len(named) + every != 1:
        raise WrongUse("name one of --asset, --commodity, --sector or --all")
    _write(load(where).ties(year=year, **named), form, output)
