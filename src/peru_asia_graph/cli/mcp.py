"""``pag mcp``."""

from __future__ import annotations

import asyncio

import click

from peru_asia_graph.cli.options import store_option


@click.command(epilog="Example: pag mcp")
@click.option("--http", "port", type=click.IntRange(1, 65535), metavar="PORT", help="Serve HTTP at 127.0.0.1:PORT/mcp.")
@click.option("--timeout", default=30.0, type=click.FloatRange(0.1, 3600), show_default=True, help="Seconds per call.")
@store_option
def mcp(port: int | None, timeout: float, where: str | None) -> None:
    """Serve the graph to an assistant (Model Context Protocol), over standard input and output; read-only."""
    from peru_asia_graph import __version__
    from peru_asia_graph.errors import import_extra
    from peru_asia_graph.web.limits import Limits

    server = import_extra("peru_asia_graph.web.mcp_server", "assistants are served with the package mcp", "mcp")
    limits = Limits(timeout=timeout)
    if port is None:
        asyncio.run(server.serve_stdio(where, limits, __version__))
    else:
        click.echo(f"http://127.0.0.1:{port}/mcp", err=True)
        asyncio.run(server.serve_http(where, limits, __version__, port))
