"""``pag load`` and ``pag push``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command(epilog="Example: pag load exports/peru-asia-graph.trig --store graph.store")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--store", "where", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder to fill.")
@click.option("-q", "--quiet", "hush", is_flag=True, help="No progress lines.")
def load(files: tuple[Path, ...], where: Path, hush: bool) -> None:
    """Make a store on disk from RDF FILES (also .gz), all or nothing; then use it: pag ask … --store DIR.

    Whoever reads the old store keeps it until they open it again.
    """
    from peru_asia_graph.store.load import load_files

    started = time.monotonic()
    count = load_files(
        files, where, (lambda _: None) if hush else _say, 2.0 if sys.stderr.isatty() and not hush else None
    )
    click.echo(f"{count:,} quads in {where} ({time.monotonic() - started:.1f} s)")


@click.command(epilog="Example: pag push --store http://127.0.0.1:7878/store")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--store", "where", required=True, metavar="URL", help="Address of the Graph Store Protocol.")
@click.option("--query", metavar="URL", help="Address that answers queries, to verify by.  [default: from --store]")
@click.option("--batch", default=10_000, type=click.IntRange(1), show_default=True, help="Triples a request.")
@click.option("-q", "--quiet", "hush", is_flag=True, help="No progress lines.")
def push(file: Path | None, where: str, query: str | None, batch: int, hush: bool) -> None:
    """Send the shipped graph, or an RDF FILE, to a SPARQL server, and verify what arrived.

    A push that was cut off goes on where it stopped. PAG_STORE_USER and PAG_STORE_PASSWORD, or PAG_STORE_TOKEN, give
    access.
    """
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.paths import find_project
    from peru_asia_graph.store import is_address
    from peru_asia_graph.store.push import journal_file, parse, push

    if not is_address(where):
        raise WrongUse(f"'{where}' is no address; to fill a folder: pag load FILES… --store {where}")
    source = file or find_project().graph
    journal = journal_file(where, source, batch)
    count = push(parse(source), where, query, journal, batch, (lambda _: None) if hush else _say)
    click.echo(f"{count:,} triples at {where}")
