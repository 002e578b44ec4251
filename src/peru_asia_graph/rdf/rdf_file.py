"""Reads RDF files, including compressed ones and those with a byte order mark, relative IRIs or malformed lines."""

from __future__ import annotations

import io
import lzma
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, cast

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, Problem, WrongUse
from peru_asia_graph.rdf.endings import COMPRESSIONS, find_rdf_format, split_ending
from peru_asia_graph.rdf.lenient import REMEDY, LeftOut, find_malformed, valid_parts

# How much of a file is inspected to find out what it is.
_HEAD_BYTES: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
# UTF-32 comes first, because one of its marks starts with one of UTF-16.
_WIDE_BOMS: Final = {
    b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"
}  # fmt: skip
_DECLARATION: Final = rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"'][^>]*>"
_RDF_NAMESPACE: Final = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Appears in the engine's error message for a remote context.
_NO_LOADER: Final = "LoadDocumentCallback"
_WEB_CONTEXT: Final = "refers to a remote @context, which is not fetched; replace it with the context itself"
_OWL_SYNTAXES: Final = {
    b"<Ontology": "OWL/XML", b"Prefix(": "OWL functional syntax", b"Ontology(": "OWL functional syntax",
    b"Prefix:": "OWL Manchester syntax", b"Ontology:": "OWL Manchester syntax",
}  # fmt: skip


class RdfInput(NamedTuple):
    """What the engine needs to read a file."""

    stream: IO[bytes]
    form: ox.RdfFormat
    base: str | None


@contextmanager
def open_rdf(path: Path, base: str | None = None, left_out: LeftOut | None = None) -> Iterator[RdfInput]:
    """Open an RDF file; its ending gives the format. Relative IRIs resolve against ``base``, else the file's URL.

    With ``left_out``, malformed statements are left out and counted there. Raises WrongUse if the base is not an
    absolute IRI, BadInput if the file cannot be read, even if the error occurs later, inside the ``with`` block.
    """
    address = _check_base(base) or Path(os.path.normpath(path.absolute())).as_uri()
    form = find_rdf_format(path)
    try:
        if form == ox.RdfFormat.JSON_LD:
            with _opened(path) as stream:
                malformed = find_malformed(stream, _check_head(stream, form, path), address)
            if malformed and left_out is None:
                raise ValueError(f"{malformed}; {REMEDY}")
            # In lenient mode, keys without an IRI would count as malformed.
            left_out = left_out if malformed else None
        with _opened(path) as stream:
            form = _check_head(stream, form, path)
            found = RdfInput(_as_utf_8(stream) if form == ox.RdfFormat.RDF_XML else stream, form, address)
            if left_out is not None:
                form, parts = valid_parts(found.stream, form, address, left_out, path)
                found = RdfInput(cast("IO[bytes]", io.BufferedReader(_Parts(parts), _HEAD_BYTES)), form, address)
            yield found
    except SyntaxError as error:
        message = _WEB_CONTEXT if _NO_LOADER in error.msg else error.msg
        remedy = REMEDY if "IRI" in message else ""
        raise BadInput([Problem(str(path), error.lineno or 0, "", message, remedy)]) from error
    except ValueError as error:
        raise BadInput([Problem(str(path), 0, "", str(error))]) from error
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        message = "a literal, IRI or comment is over 16 MB, more than the engine reads"
        raise BadInput([Problem(str(path), 0, "", message, "shorten it or leave it out")]) from error


def bulk_load(store: ox.Store, path: Path, base: str | None = None, left_out: LeftOut | None = None) -> None:
    """Load an RDF file into a store; for the arguments and errors see `open_rdf`."""
    with open_rdf(path, base, left_out) as found:
        store.bulk_load(input=found.stream, format=found.form, base_iri=found.base)


def parse_rdf(path: Path, base: str | None = None, left_out: LeftOut | None = None) -> Iterator[ox.Quad]:
    """Yield the quads of an RDF file, literals as written; for the errors see `open_rdf`."""
    with open_rdf(path, base, left_out) as found:
        yield from ox.parse(found.stream, format=found.form, base_iri=found.base)


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file, decompressed and without a byte order mark."""
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise BadInput([Problem(str(path), 0, "", f"cannot be read: {error.strerror}")]) from error
    with file, _decompressed(file, split_ending(path)[1]) as stream:
        _check_compression(stream, path)
        yield _skip_bom(stream)


def _content(stream: Any, ending: str) -> Iterator[bytes]:
    """Yield the content; read errors become ValueError, to tell them from errors in the store it is loaded into."""
    try:
        while data := stream.read(_HEAD_BYTES):
            yield data
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        reason = f"not a complete {ending} file" if ending else "cannot be read"
        raise ValueError(f"{reason}: {error}") from error


def _decompressed(file: Any, ending: str) -> io.BufferedReader:
    raw = COMPRESSIONS[ending].open(file) if ending else file
    if ending and os.fstat(file.fileno()).st_size == 0:
        raise ValueError(f"not a complete {ending} file: it is empty")
    return io.BufferedReader(_Parts(_content(raw, ending)), _HEAD_BYTES)


def _check_compression(stream: io.BufferedReader, path: Path) -> None:
    head = stream.peek(_HEAD_BYTES)
    for ending, compression in COMPRESSIONS.items():
        if head.startswith(compression.magic):
            again = " twice" if split_ending(path)[1] else ""
            raise ValueError(f"is compressed{again}, but its name does not say so; rename it to end in {ending}")


def _skip_bom(stream: io.BufferedReader) -> io.BufferedReader:
    head = stream.peek(_HEAD_BYTES)
    if head.startswith(_BOM):
        stream.read(len(_BOM))
    for mark, name in _WIDE_BOMS.items():
        if head.startswith(mark):
            raise ValueError(f"starts with the byte order mark of {name}; save it as UTF-8")
    return stream


def _as_utf_8(stream: io.BufferedReader) -> IO[bytes]:
    """Convert XML from its declared encoding to UTF-8, the only one that the engine reads."""
    declared = re.match(_DECLARATION, stream.peek(_HEAD_BYTES))
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
        return stream
    name = declared[1].decode()
    stream.read(declared.end())
    try:
        text = io.TextIOWrapper(stream, name, newline="")
    except LookupError as error:
        raise ValueError(f"declares the unknown encoding {name}; save it as UTF-8") from error
    pieces = (piece.encode() for piece in iter(partial(text.read, _HEAD_BYTES), ""))
    return cast("IO[bytes]", io.BufferedReader(_Parts(pieces), _HEAD_BYTES))


def _check_head(stream: io.BufferedReader, form: ox.RdfFormat, path: Path) -> ox.RdfFormat:
    """Return the format, checked by the start of the file: ``.owl``, ``.xml`` and ``.json`` are ambiguous endings."""
    head = stream.peek(_HEAD_BYTES).lstrip()
    ending = split_ending(path)[0]
    if not head and form == ox.RdfFormat.RDF_XML:
        raise ValueError("is empty; RDF/XML needs at least one element")
    if (
        form == ox.RdfFormat.JSON_LD
        and head.startswith((b"{", b"["))
        and head.strip(b"[]{} \r\n\t")
        and b'"@' not in head
    ):
        raise ValueError("is JSON, but not JSON-LD: it has no @context and no @id")
    if ending not in (".owl", ".xml"):
        return form
    root = head[head.find(b"<Ontology") :] if b"<Ontology" in head and b"<rdf:RDF" not in head else head
    for start, name in _OWL_SYNTAXES.items():
        if root.startswith(start):
            raise ValueError(f"is {name}, not RDF; save it as RDF/XML or Turtle")
    if ending == ".xml" and _RDF_NAMESPACE not in head:
        raise ValueError("is XML, but not RDF/XML: it does not contain the RDF namespace")
    # Protégé also saves Turtle as .owl.
    return form if head.startswith((b"<?xml", b"<!")) or b"xmlns" in head else ox.RdfFormat.TURTLE


def _check_base(base: str | None) -> str | None:
    if base is not None:
        try:
            ox.NamedNode(base)
        except ValueError as error:
            raise WrongUse(f"the base '{base}' is not an absolute IRI ({error}); write http://…") from error
    return base


class _Parts(io.RawIOBase):
    """A stream made of byte strings."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
