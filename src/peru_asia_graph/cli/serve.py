"""``pag serve`` and ``pag mcp``: the graph for browsers and programs, and for AI assistants."""

from __future__ import annotations

import click

from peru_asia_graph.cli.options import store_option
from peru_asia_graph.web.limits import Limits


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
    from peru_asia_graph.web.middleware import write_log_line
    from peru_asia_graph.web.server import serve

    def ready(address: str) -> None:
        click.echo(f"{address}  (SPARQL endpoint: {address}sparql)")
        if show:
            click.launch(address)

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

    server = import_extra("peru_asia_graph.web.mcp_server", "pag mcp needs the package mcp", "mcp")
    limits = Limits(timeout=timeout)
    if port is None:
        asyncio.run(server.serve_stdio(where, limits, __version__))
    else:
        click.echo(f"http://127.0.0.1:{port}/mcp", err=True)
        asyncio.run(server.serve_http(where, limits, __version__, port))
