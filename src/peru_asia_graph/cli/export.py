"""``pag export``, ``pag network`` and ``pag view``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from peru_asia_graph.cli.lazy_choice import EXPORT_FORMATS, NETWORK_FORMATS, NETWORKS, PAGE_LANGUAGES, PAGES, TABLES
from peru_asia_graph.cli.options import (
    REPORT_HELP,
    NamedPath,
    bom_option,
    check_output,
    choose_format,
    echo_notes,
    graph_options,
    output_option,
    pause_collection,
    report_folder,
    write_out,
)

if TYPE_CHECKING:
    from peru_asia_graph.files.loss_report import LossReport
    from peru_asia_graph.graph import KnowledgeGraph


@click.command(epilog="Example: pag export -f ntriples -o graph.nt")
@click.option("-f", "--format", "form", type=EXPORT_FORMATS, help="Output format.")
@click.option("--network", "kind", type=NETWORKS, help="Export only this network, as GraphML or GEXF.")
@click.option("--table", type=TABLES, help="Export only this flat table, as CSV.")
@click.option("--report", type=NamedPath(path_type=Path), metavar="FILE", help=REPORT_HELP)
@bom_option
@output_option
@graph_options
def export(
    form: str | None, kind: str | None, table: str | None, report: Path | None, output: str, where: str | None,
    sources: tuple[str, ...],
) -> None:  # fmt: skip
    """Write the whole graph, one network or one flat table.

    The graph is written as RDF, JSON, SQLite or a folder of files, a network as GraphML or GEXF, a table as CSV.
    Without -f, the ending of the output file decides; failing that, the format is Turtle, GraphML or CSV.
    """
    from peru_asia_graph import load
    from peru_asia_graph.cli.output_endings import check_ending, write_packed
    from peru_asia_graph.exporters.format_registry import choose_part, find_format
    from peru_asia_graph.files.loss_report import LossReport
    from peru_asia_graph.files.output_file import check_file

    otherwise = "csv" if table is not None else "graphml" if kind is not None else "turtle"
    # A terminal gets CSV too, since exports have no format "table".
    chosen = choose_format(otherwise if form is None and output == "-" else form, output, otherwise)
    if report is not None:
        check_ending(str(report))
        check_file(report)
        check_output("report", report, beside=[Path(output)] if find_format(chosen).folder else [])
    losses, graph, row = LossReport(), load(where, *sources), find_format(chosen)
    if row.folder:
        choose_part(row, kind, table)
        write_files(graph, chosen, output, losses)
    else:
        data = graph.export(chosen, network=kind, table=table, losses=losses)
    if report is not None:
        write_packed(str(report), losses.to_csv())
    if not row.folder:
        write_out(data, output)
    if row.lossy:
        click.echo("Loss report:" if losses else "Nothing is lost.", err=True)
        click.echo(losses.to_text(), nl=False, err=True)


def write_files(graph: KnowledgeGraph, form: str, output: str, losses: LossReport) -> None:
    """Write a format that is a folder; raise WrongUse if no folder is named or it was not written by this command."""
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.files.entries import printable
    from peru_asia_graph.files.output_folder import check_folder, write_folder

    if output == "-":
        raise WrongUse(f"{form} is a folder of files; name an empty or new folder: -o FOLDER")
    command = f"pag export -f {form}"
    check_folder(Path(output), command=command)
    files = graph.export_files(form, losses=losses)
    report_folder(output, write_folder(Path(output), files, command=command))
    click.echo(f"{printable(output)}: {len(files)} files written", err=True)


@click.command(epilog="Example: pag network ownership --year 2012 -o ownership.graphml")
@click.argument("kind", type=NETWORKS)
@click.option("--year", metavar="YEAR", help="Only what held, or may have held, in this year, month (2012-05) or day.")
@click.option("-f", "--format", "form", type=NETWORK_FORMATS, help="Output format.")
@output_option
@graph_options
def network(
    kind: str, year: str | None, form: str | None, output: str, where: str | None, sources: tuple[str, ...]
) -> None:
    """Write a network for NetworkX, igraph, Gephi or yEd."""
    from peru_asia_graph import load

    write_out(load(where, *sources).export(choose_format(form, output, "graphml"), network=kind, year=year), output)


# A page of this size opens slowly on a phone, and mail programs may refuse it.
_LARGE: Final = 1_200_000


def _size_notes(kind: str, size: int, single_file: bool) -> list[str]:
    """Return a note on what makes a large page smaller."""
    from peru_asia_graph.views.page_registry import network_kinds

    if size <= _LARGE:
        return []
    ways = ["--source NAME", *(["--around NAME --depth 2"] if kind in network_kinds() else [])]
    ways += ["--shared (scripts in a folder of their own)"] if single_file else []
    return [
        f"the page has {size / 1e6:.1f} MB; smaller with {', '.join(ways[:-1])}{' or ' * (len(ways) > 1)}{ways[-1]}"
    ]


@click.command(epilog='Example: pag view ownership --around "Block 8" --year 2012 -o block-8.html')
@click.argument("kind", type=PAGES)
@click.option("--year", metavar="YEAR", help="Year at which the page opens; a month or day stands for its year.")
@click.option("--around", help="Thing that is selected when the page opens.", metavar="NAME")
@click.option("--depth", type=int, help="With --around: include only things at most this many links away.")
@click.option("--story", help="Your own story to click through, a CSV file.", metavar="FILE")
@click.option("--language", type=PAGE_LANGUAGES, default="en", help="Language in which the page opens.  [default: en]")
@click.option(
    "--single-file/--shared",
    default=True,
    help="Write one file, or put the scripts in a folder next to it.  [default: single-file]",
)
@click.option("-o", "--output", help="File to write.  [default: KIND.html]", metavar="FILE")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@graph_options
def view(
    kind: str,
    year: str | None,
    around: str | None,
    depth: int | None,
    story: str | None,
    language: str,
    single_file: bool,
    output: str | None,
    show: bool,
    where: str | None,
    sources: tuple[str, ...],
) -> None:
    """Write an interactive page: one HTML file that can be sent to others and works offline."""
    from peru_asia_graph import load
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.files.output_file import check_file
    from peru_asia_graph.views.html_view import is_page

    target = f"{kind}.html" if output is None else output
    if output is None and os.path.lexists(target) and not is_page(Path(target)):
        raise WrongUse(f"{target} is not a page that pag wrote; name the file to write: -o FILE")
    if target == "-" and show:
        raise click.UsageError("--open opens a file; name one: -o FILE")
    if target == "-" and not single_file:
        raise click.UsageError("--shared writes a folder next to the page; name a file: -o FILE")
    pause_collection()  # collection takes a quarter of the time
    graph = load(where, *sources)
    page = graph.view(
        kind, year=year, around=around, depth=depth, language=language, shared=not single_file, story=story
    )
    echo_notes(graph.notes(around) if around else ())
    if not single_file:
        check_file(Path(target), regular=True)
        check_output("output", target)
        folder = Path(target).parent
        report_folder(str(folder / str(page.assets)), page.save_shared(folder))
    write_out(page.html, target)
    echo_notes(_size_notes(kind, len(page.html.encode()), single_file))
    if show and target != "-":
        click.launch(Path(target).resolve().as_uri())
