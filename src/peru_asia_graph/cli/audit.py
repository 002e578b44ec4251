"""``pag audit``."""

from __future__ import annotations

import shutil

import click

from peru_asia_graph.cli.options import (
    choose_format,
    format_option,
    graph_options,
    output_option,
    refuse_format,
    write_out,
)


@click.command(epilog="Example: pag audit -f csv")
@click.option("--explain", metavar="CLAIM", help="Show how one claim is recomputed (its id).")
@format_option("table", "csv", "tsv", "json", "jsonl", "markdown")
@output_option
@graph_options
def audit(explain: str | None, form: str | None, output: str, where: str | None, sources: tuple[str, ...]) -> None:
    """Recompute the sources' own claims, the worst first; exit 1 when a verdict is not the one on record."""
    from peru_asia_graph import load
    from peru_asia_graph.audit.report import explain_claim, summary, to_result, to_text, unexpected
    from peru_asia_graph.errors import CheckFailed
    from peru_asia_graph.query.render import render

    if explain is not None:
        refuse_format(form, "--explain")
    verdicts = load(where, *sources).audit()
    if explain is not None:
        write_out(explain_claim(verdicts, explain), output)
        return
    chosen = choose_format(form, output, "csv")
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    write_out(to_text(verdicts, width) if chosen == "table" else render(to_result(verdicts), chosen), output)
    click.echo(summary(verdicts), err=True)
    if wrong := unexpected(verdicts):
        raise CheckFailed("\n".join(wrong))
