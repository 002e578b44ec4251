"""``pag serve``, ``pag site`` and ``pag mcp``: the graph for browsers and programs, and for AI assistants."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from peru_asia_graph.cli.options import NamedPath, graph_options, pause_collection, report_folder, store_option
from peru_asia_graph.web.limits import Limits

SITE: Final = "pag site"


@click.command(epilog="Example: pag serve --open")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all interfaces."
)
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--timeout", default=Limits.timeout, type=click.FloatRange(0.1, 3600), show_default=True, help="Seconds per query."
)
@click.option("--open", "show", is_flag=True, help="Open the site in the browser.")
@click.option("-q", "--quiet", is_flag=True, help="No access log.")
@store_option
def serve(host: str, port: int, timeout: float, show: bool, quiet: bool, where: str | None) -> None:
    """Serve the graph over HTTP, read-only: pages, linked data and a SPARQL endpoint. Ctrl-C stops the server."""
    from peru_asia_graph.paths import find_project, use_project
    from peru_asia_graph.web.middleware import write_log_line
    from peru_asia_graph.web.server import serve

    def ready(address: str) -> None:
        click.echo(f"{address}  (SPARQL endpoint: {address}sparql)")
        if show:
            click.launch(address)

    # Otherwise the server would go over to the shipped graph while the project's tables are moved away.
    with use_project(find_project().root):
        serve(where, host, port, Limits(timeout=timeout), ready, None if quiet else write_log_line)


@click.command(epilog="Example: pag mcp")
@click.option(
    "--http",
    "port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Serve over HTTP at 127.0.0.1:PORT/mcp.  [default: stdin and stdout]",
)
@click.option(
    "--timeout", default=Limits.timeout, type=click.FloatRange(0.1, 3600), show_default=True, help="Seconds per call."
)
@store_option
def mcp(port: int | None, timeout: float, where: str | None) -> None:
    """Serve the graph to an AI assistant over the Model Context Protocol, read-only."""
    import asyncio

    from peru_asia_graph import __version__
    from peru_asia_graph.errors import import_extra
    from peru_asia_graph.paths import find_project, use_project

    server = import_extra("peru_asia_graph.web.mcp_server", "pag mcp needs the package mcp", "mcp")
    limits = Limits(timeout=timeout)
    with use_project(find_project().root):  # as in serve
        if port is None:
            asyncio.run(server.serve_stdio(where, limits, __version__))
        else:
            click.echo(f"http://127.0.0.1:{port}/mcp", err=True)
            asyncio.run(server.serve_http(where, limits, __version__, port))


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
