"""``pag load`` and ``pag push``."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peru_asia_graph.cli.options import NamedPath

if TYPE_CHECKING:
    from peru_asia_graph.rdf.lenient import LeftOut


# An address after pathlib has merged its two slashes into one.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--base`` and ``--lenient``."""
    text = (
        "Skip statements with a malformed IRI or language tag, and malformed lines of N-Triples and N-Quads; "
        "they are counted and shown."
    )
    command = click.option("--lenient", is_flag=True, help=text)(command)
    text = "Base for relative IRIs.  [default: the file's URL]"
    return click.option("--base", metavar="IRI", help=text)(command)


def _report(left_out: LeftOut | None) -> None:
    """Show what was left out, even with ``--quiet``."""
    if left_out is None:
        return
    for problem in left_out.first:
        click.echo(str(problem), err=True)
    click.echo(f"{left_out.count:,} malformed statement{'' if left_out.count == 1 else 's'} left out", err=True)


def _progress(quiet: bool) -> Callable[[str], None]:
    return (lambda _: None) if quiet else (lambda line: click.echo(line, err=True))


@click.command(epilog="Example: pag load exports/peru-asia-graph.trig --store graph.store")
@click.argument("files", nargs=-1, required=True, type=NamedPath(path_type=Path))
@click.option(
    "--store", "where", required=True, metavar="DIR", type=NamedPath(path_type=Path), help="Folder of the store."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress lines.")
@reading_options
def load(files: tuple[Path, ...], where: Path, quiet: bool, base: str | None, lenient: bool) -> None:
    """Load RDF FILES (also .gz, .bz2, .xz), all or none, into a store on disk; to use it: pag ask … --store DIR.

    The files replace the previous content of the store. Processes that have it open keep reading the old version.
    """
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.files.entries import printable
    from peru_asia_graph.rdf.lenient import LeftOut
    from peru_asia_graph.store.load import load_files

    if _ADDRESS.match(str(where)):
        address = str(where).replace(":/", "://", 1)
        raise WrongUse(f"{address} is a server, not a folder; to load data into a server: pag push --store {address}")
    started = time.monotonic()
    interval = 2.0 if sys.stderr.isatty() and not quiet else None
    left_out = LeftOut() if lenient else None
    count = load_files(files, where, _progress(quiet), interval, base, left_out)
    _report(left_out)
    click.echo(
        f"{count:,} {'quad' if count == 1 else 'quads'} in {printable(where)} ({time.monotonic() - started:.1f} s)"
    )


@click.command(epilog="Example: pag push --store http://127.0.0.1:7878/store")
@click.argument("file", required=False, type=NamedPath(path_type=Path, exists=True, dir_okay=False))
@click.option("--store", "where", required=True, metavar="URL", help="Graph Store Protocol URL of the server.")
@click.option("--query", metavar="URL", help="SPARQL endpoint of the server.  [default: derived from --store]")
@click.option("--batch", default=10_000, type=click.IntRange(1), show_default=True, help="Triples per request.")
@click.option("-q", "--quiet", is_flag=True, help="No progress lines.")
@reading_options
def push(
    file: Path | None,
    where: str,
    query: str | None,
    batch: int,
    quiet: bool,
    base: str | None,
    lenient: bool,
) -> None:
    """Send the project's graph, or an RDF FILE, to a SPARQL server, and check the number of triples there.

    Each graph in the file replaces the one on the server; readers may see part of it until the push is complete. If a
    push fails, run it again. Credentials are read from PAG_STORE_USER and PAG_STORE_PASSWORD, or PAG_STORE_TOKEN.
    """
    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.rdf.lenient import LeftOut
    from peru_asia_graph.store import built_graph, is_address
    from peru_asia_graph.store.push import push_file

    if not is_address(where):
        raise WrongUse(f"'{where}' is not an http(s) URL; to load data into a folder: pag load FILES… --store {where}")
    left_out = LeftOut() if lenient else None
    count = push_file(file or built_graph(), where, query, batch, _progress(quiet), base, left_out)
    _report(left_out)
    click.echo(f"{count:,} triples at {where}")
