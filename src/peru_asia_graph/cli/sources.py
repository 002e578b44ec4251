"""``pag sources``, ``pag differences``, ``pag new-source`` and ``pag audit``."""

from __future__ import annotations

import shutil

import click

from peru_asia_graph.cli.options import (
    LICENCE_HELP,
    NEW_PROJECT_HELP,
    SHORT_HELP,
    TABLE_FORMATS,
    TITLE_HELP,
    NamedPath,
    Out,
    answer_options,
    choose_format,
    complete_name,
    format_option,
    output_option,
    refuse_format,
    store_option,
    write_out,
)


@click.command(epilog="Example: pag sources")
@format_option(*TABLE_FORMATS)
@output_option
@store_option
def sources(form: str | None, output: str, where: str | None) -> None:
    """List the sources of the graph: title, date, licence, and number of things and statements."""
    from peru_asia_graph import load
    from peru_asia_graph.query.render import render
    from peru_asia_graph.query.requirements import check_vocabulary
    from peru_asia_graph.query.sources import describe_in_text, sources_table

    store = load(where).store
    found, chosen = sources_table(store), choose_format(form, output, "csv")
    if not found:
        check_vocabulary(store, "list of sources")
    write_out(describe_in_text(found) if chosen == "table" else render(found, chosen), output)


@click.command(epilog='Example: pag differences "Block 8"')
@click.argument("thing", required=False, shell_complete=complete_name)
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind, such as value, date or later; repeatable."
)
@answer_options(*TABLE_FORMATS)
def differences(thing: str | None, kinds: tuple[str, ...], out: Out) -> None:
    """Show where the sources differ, overall or on THING; with --source, only between those named and others."""
    from peru_asia_graph import load
    from peru_asia_graph.query.differences import compact

    out.write_result(load(out.where).differences(thing, kinds, out.sources), narrow=compact)


@click.command("new-source", epilog='Example: pag new-source my-register --title "My register" --date 2025-02-26')
@click.argument("name")
@click.option("--title", default="", help=TITLE_HELP)
@click.option("--short", default="", help=SHORT_HELP)
@click.option(
    "--date",
    "when",
    metavar="DATE",
    default="",
    help="Last day, month or year that the source covers.  [default: today]",
)
@click.option("--licence", default="", metavar="URL", help=LICENCE_HELP)
@click.option("--project", "root", metavar="DIR", type=NamedPath(file_okay=False), help=NEW_PROJECT_HELP)
def new_source(name: str, title: str, short: str, when: str, licence: str, root: str | None) -> None:
    """Create a source: data/NAME/ with metadata, a README and empty tables, and a test."""
    from peru_asia_graph.paths import project_to_extend
    from peru_asia_graph.sources.new_source import new_source as write_source

    project = project_to_extend(root)
    for path in write_source(project, name, title, when, short, licence):
        click.echo(project.shown(path))
    click.echo(
        f"Next: fill in the README and the tables in {project.shown(project.data / name)}, then run pag check", err=True
    )


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
