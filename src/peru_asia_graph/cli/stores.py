"""``pag load`` and ``pag push``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click


def _progress(quiet: bool) -> Callable[[str], None]:
    return (lambda _: None) if quiet else (lambda line: click.echo(line, err=True))


@click.command(epilog="Example: pag load exports/peru-asia-graph.trig --store graph.store")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--store", "where", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder to fill.")
@click.option("-q", "--quiet", is_flag=True, help="No progress lines.")
def load(files: tuple[Path, ...], where: Path, quiet: bool) -> None:
    """Make a store on disk from RDF FILES (also .gz), all or nothing; then use it: pag ask … --store DIR.

    The files replace what the store held. Processes that have it open keep the old version.
    """
    from peru_asia_graph.store.load import load_files

    started = time.monotonic()
    interval = 2.0 if sys.stderr.isatty() and not quiet else None
    count = load_files(files, where, _progress(quiet), interval)
    click.echo(f"{count:,} quads in {where} ({time.monotonic() - started:.1f} s)")


@click.command(epilog="Example: pag push --store http://127.0.0.1:7878/store")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--store", "where", required=True, metavar="URL", help="Graph Store Protocol URL of the server.")
@click.option("--query", metavar="URL", help="SPARQL endpoint of the server.  [default: from --store]")
@click.option("--batch", default=10_000, type=click.IntRange(1), show_default=True, help="Triples per request.")
@click.option("-q", "--quiet", is_flag=True, help="No progress lines.")
def push(file: Path | None, where: str, query: str | None, batch: int, quiet: bool) -> None:
    """Send the shipped graph, or an RDF FILE, to a SPARQL server, and compare the number of triples there.

    Each graph of the file replaces the one on the server; until the end, readers see a part of it. If a push fails,
    run it again. PAG_STORE_USER and PAG_STORE_PASSWORD, or PAG_STORE_TOKEN, give access.
    """
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.store import built_graph, is_address
    from peru_asia_graph.store.push import push_file

    if not is_address(where):
        raise WrongUse(f"'{where}' is not a URL; to fill a folder: pag load FILES… --store {where}")
    count = push_file(file or built_graph(), where, query, batch, _progress(quiet))
    click.echo(f"{count:,} triples at {where}")
