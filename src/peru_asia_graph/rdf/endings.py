"""Registries of the RDF formats and compressions by file ending, used wherever files are read or written."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, Problem


class Compression(NamedTuple):
    """How to open a compressed file for reading, and how to compress; the same content gives the same bytes."""

    open: Callable[[Any], Any]
    compress: Callable[[bytes], bytes]
    magic: bytes


COMPRESSIONS: Final[dict[str, Compression]] = {
    ".gz": Compression(gzip.open, lambda data: gzip.compress(data, mtime=0), b"\x1f\x8b"),
    ".bz2": Compression(bz2.open, bz2.compress, b"BZh"),
    ".xz": Compression(lzma.open, lzma.compress, b"\xfd7zXZ\x00"),
}
# Endings of compressions and archives that this package does not write.
NOT_WRITTEN: Final = (".zip", ".zst", ".7z", ".tgz", ".tar", ".lz4", ".br", ".rar")


def split_ending(path: Path) -> tuple[str, str]:
    """Return the ending of a file and that of its compression, in lower case, empty if there is none.

    >>> split_ending(Path("Dump.NT.gz")), split_ending(Path("v1.2/mines.ttl"))
    (('.nt', '.gz'), ('.ttl', ''))
    """
    last = path.suffix.lower()
    return (Path(path.stem).suffix.lower(), last) if last in COMPRESSIONS else (last, "")


class RdfEnding(NamedTuple):
    """A format, by its name in every interface, and the endings of its files."""

    name: str
    form: ox.RdfFormat
    endings: tuple[str, ...]
    writable: bool = True


RDF_ENDINGS: Final = (
    RdfEnding("turtle", ox.RdfFormat.TURTLE, (".ttl", ".turtle")),
    RdfEnding("trig", ox.RdfFormat.TRIG, (".trig",)),
    RdfEnding("ntriples", ox.RdfFormat.N_TRIPLES, (".nt", ".ntriples")),
    RdfEnding("nquads", ox.RdfFormat.N_QUADS, (".nq", ".nquads")),
    RdfEnding("rdfxml", ox.RdfFormat.RDF_XML, (".rdf", ".xml", ".owl", ".rdfs", ".rdfxml")),
    RdfEnding("jsonld", ox.RdfFormat.JSON_LD, (".jsonld", ".json", ".json-ld")),
    RdfEnding("n3", ox.RdfFormat.N3, (".n3",), writable=False),
)
_BY_ENDING: Final = {ending: row.form for row in RDF_ENDINGS for ending in row.endings}


def find_rdf_format(path: Path) -> ox.RdfFormat:
    """Return the format for a file's ending; raise BadInput for an unknown ending."""
    ending, compression = split_ending(path)
    if ending not in _BY_ENDING:
        endings = f"{', '.join(_BY_ENDING)}, each also with {', '.join(COMPRESSIONS)}"
        remedy = f"name an RDF file, or rename it to end in {endings}"
        raise BadInput([Problem(str(path), 0, "", f"no RDF format ends in '{ending}{compression}'", remedy)])
    return _BY_ENDING[ending]
