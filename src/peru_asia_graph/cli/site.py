"""``pag site``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from peru_asia_graph.cli.options import NamedPath, graph_options, pause_collection, report_folder

SITE: Final = "pag site"


@click.command(epilog="Example: pag site -o site --url https://example.org/peru-asia/")
@click.option(
    "-o", "--output", "folder", type=NamedPath(path_type=Path), required=True, help="Folder to write.", metavar="DIR"
)
@click.option(
    "--url", metavar="URL", help="URL at which the site will be published.  [default: the base of the graph's IRIs]"
)
@click.option("-q", "--quiet", "hush", is_flag=True, help="No progress lines.")
@graph_options
def site(folder: Path, url: str | None, hush: bool, where: str | None, sources: tuple[str, ...]) -> None:
    """Write the whole site to a folder, for any web host.

    The site has interactive pages, a card for each thing, questions with their answers, downloads, RDF for each page,
    and a search that needs no server. Upload the folder to a web host, or open its index.html. In the folder, only
    files of an earlier site are replaced or removed.
    """
    pause_collection()
    from peru_asia_graph import load
    from peru_asia_graph.files.entries import printable
    from peru_asia_graph.files.output_folder import check_folder, write_folder
    from peru_asia_graph.paths import find_project
    from peru_asia_graph.site.folder.make import make_site

    def tell(name: str, count: int) -> None:
        if not hush:
            click.echo(f"{name:<17} {count:>5,} files", err=True)

    check_folder(folder, command=SITE)
    files = make_site(load(where, *sources), find_project().exports, url, tell)
    report = write_folder(folder, files, command=SITE)
    click.echo(
        f"{printable(folder)}: {len(files):,} files, {sum(map(len, files.values())) / 1e6:.1f} MB; "
        f"open {printable(folder / 'index.html')}"
    )
    report_folder(str(folder), report)
