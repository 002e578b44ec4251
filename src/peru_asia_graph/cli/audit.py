"""``pag audit``."""

from __future__ import annotations

import shutil

import click

from peru_asia_graph.cli.options import TABLE_FORMATS, Out, answer_options, refuse_format


@click.command(epilog="Example: pag audit -f csv")
@click.option("--explain", metavar="CLAIM", help="Show how the claim with this id is recomputed.")
@answer_options(*TABLE_FORMATS)
def audit(explain: str | None, out: Out) -> None:
    """Recompute the sources' own claims, the worst first; exit 1 if a verdict differs from the one on record."""
    from peru_asia_graph.audit.report import explain_claim, summary, to_result, to_text, unexpected
    from peru_asia_graph.errors import CheckFailed
    from peru_asia_graph.query.render import render

    if explain is not None:
        refuse_format(out.form, "--explain")
    verdicts = out.load().audit()
    if explain is not None:
        out.write(explain_claim(verdicts, explain))
        return
    chosen = out.choose_format()
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    out.write(to_text(verdicts, width) if chosen == "table" else render(to_result(verdicts), chosen))
    click.echo(summary(verdicts), err=True)
    if wrong := unexpected(verdicts):
        raise CheckFailed("\n".join(wrong))
