"""Reads JSON records one by one: JSON Lines of any size, or an array that fits in memory."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import GenericAlias
from typing import Any, Final

from peru_asia_graph.errors import import_extra
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.reading import ReadProgress, holds_nul, read_blocks, read_pieces

MAX_ARRAY: Final = 256 * 2**20
# The number of records decoded together when they are not decoded in blocks.
_TOGETHER: Final = 1000
_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"


def load_msgspec() -> Any:
    """Import msgspec; raise WrongUse if it is not installed."""
    return import_extra("msgspec", "reading JSON needs msgspec", "import")


def read_records(path: Path, problems: Problems, progress: ReadProgress | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield each record of a file as JSON text, with the line on which it begins; blank lines are skipped.

    Raises BadInput if an array is not JSON or over 256 MiB; records of JSON Lines are not parsed here.
    """
    if _is_array(path, problems):
        yield from _read_array(path, problems, progress)
        return
    for number, _, block in read_blocks(path, problems, progress):
        yield from _records_of(number, block)


def choose_records(
    path: Path, field: str, wanted: Container[str] | None, problems: Problems, progress: ReadProgress | None = None
) -> Iterator[tuple[int, bytes]]:
    """Yield, like ``read_records``, the records whose text field is in ``wanted``; with None, all records."""
    if wanted is None:
        yield from read_records(path, problems, progress)
        return
    msgspec = load_msgspec()
    thin = msgspec.json.Decoder(msgspec.defstruct("Thin", [(field, str, "")], gc=False))
    for block in decode_records(path, thin, problems, progress):
        yield from block.pick([at for at, one in enumerate(block.found) if getattr(one, field) in wanted])


def _is_array(path: Path, problems: Problems) -> bool:
    with closing(read_pieces(path, problems)) as pieces:
        start = next(pieces, b"")
    # In a binary file, or UTF-16 without a byte order mark, every line would be a problem.
    if (at := start.find(b"\0")) >= 0:
        raise holds_nul(path, start.count(b"\n", 0, at) + 1, problems)
    return start.removeprefix(_BOM).lstrip(_SPACE)[:1] == b"["


def _records_of(number: int, block: bytes) -> Iterator[tuple[int, bytes]]:
    for at, line in enumerate(block.removeprefix(_BOM).split(b"\n") if number == 1 else block.split(b"\n"), number):
        if line.strip(_SPACE):
            yield at, line


@dataclass(frozen=True)
class DecodedBlock:
    """Records decoded together: either ``text`` has one per line, or ``records`` has the text and line of each."""

    found: Sequence[Any]
    first_line: int = 0
    text: bytes = b""
    records: Sequence[tuple[int, bytes]] | None = None

    def pick(self, places: Sequence[int]) -> list[tuple[int, bytes]]:
        """Return the records at these indices as JSON text, with the line on which each begins."""
        if not places:
            return []
        if self.records is not None:
            return [self.records[at] for at in places]
        # Parsed in the same way as `found`, so that the indices agree whatever a line contains.
        texts = load_msgspec().json.Decoder(load_msgspec().Raw).decode_lines(self.text)
        return [(self.first_line + at, bytes(texts[at])) for at in places]


def decode_records(
    path: Path, decoder: Any, problems: Problems, progress: ReadProgress | None = None
) -> Iterator[DecodedBlock]:
    """Yield the records of a file in blocks, decoded by a msgspec decoder; failures are noted and left out.

    Raises BadInput like ``read_records``.
    """
    msgspec: Any = load_msgspec()
    name = str(path)

    def one_by_one(records: Iterator[tuple[int, bytes]]) -> Iterator[DecodedBlock]:
        while some := list(islice(records, _TOGETHER)):
            pairs = [(one, decode_record(one[1], decoder, name, one[0], problems)) for one in some]
            pairs = [(one, found) for one, found in pairs if found is not None]
            yield DecodedBlock([found for _, found in pairs], records=[one for one, _ in pairs])

    if _is_array(path, problems):
        yield from one_by_one(_read_array(path, problems, progress))
        return
    for number, lines, block in read_blocks(path, problems, progress):
        found = ()
        # A block that fails is decoded again record by record, to find out which records are at fault.
        with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            found = decoder.decode_lines(block)
        if len(found) == lines:
            yield DecodedBlock(found, number, block)
        else:
            yield from one_by_one(_records_of(number, block))


def decode_all(request: ImportRequest, decoder: Any, problems: Problems) -> Iterator[Any]:
    """Yield the records of all files, decoded by a msgspec decoder."""
    for path in request.files:
        for block in decode_records(path, decoder, problems, request.progress):
            yield from block.found


def _read_array(path: Path, problems: Problems, progress: ReadProgress | None) -> Iterator[tuple[int, bytes]]:
    msgspec: Any = load_msgspec()
    name = str(path)
    data = bytearray()
    for piece in read_pieces(path, problems, progress):
        data += piece
        if len(data) > MAX_ARRAY:
            remedy = "write one record per line (JSON Lines), for example with: jq -c '.[]' FILE"
            raise problems.stop(name, 0, "", f"an array over {MAX_ARRAY // 2**20} MiB", remedy)
    text = bytes(data).removeprefix(_BOM)
    try:
        found = msgspec.json.decode(text, type=GenericAlias(list, (msgspec.Raw,)))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise problems.stop(name, 0, "", *_not_json(error, "repair the file or download it again")) from error
    line, at = 1, 0
    for raw in map(bytes, found):
        start = text.find(raw, at)
        line += text.count(b"\n", at, start)
        at = start
        yield line, raw


def decode_record(raw: bytes, decoder: Any, file: str, line: int, problems: Problems) -> Any:
    """Return a record decoded by a msgspec decoder; if that fails, note a problem and return None."""
    msgspec = load_msgspec()
    try:
        found = decoder.decode(raw)
        if twice := _repeated_name(raw):
            problems.add(file, line, twice, "the field appears twice", "keep one of the two")
            return None
        return found
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        place = _name_key(raw, decoder, place.strip("`").removeprefix("$."))
        problems.add(file, line, place, message, "correct the field")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        if raw.strip(_SPACE) == b"{":
            message = "a record does not end on the line on which it begins"
            raise problems.stop(
                file, line, "", message, "write one record per line, for example with: jq -c . FILE"
            ) from error
        problems.add(file, line, "", *_not_json(error, "write one record per line, or an array of records"))
    return None


def _name_key(raw: bytes, decoder: Any, place: str) -> str:
    """Return a place with the key that msgspec omits: for ``properties[...]`` the first invalid property."""
    msgspec = load_msgspec()
    parts = GenericAlias(dict, (str, msgspec.Raw))
    field, left_open, rest = place.partition("[...]")
    record = msgspec.json.decode(raw, type=parts) if left_open else {}
    for key, value in msgspec.json.decode(record[field], type=parts).items() if field in record else ():
        try:
            decoder.decode(msgspec.json.encode({**record, field: {key: value}}))
        except msgspec.DecodeError:
            return f"{field}/{key}{rest}"
    return place


def _not_json(error: Exception, remedy: str) -> tuple[str, str]:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 ({error.reason})", "save the file as UTF-8"
    return f"is not JSON ({error})", remedy


def _repeated_name(raw: bytes) -> str:
    """Return the first name that occurs twice in an object, or an empty string. (Decoders keep only the last value.)"""
    found: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        if len(names := [name for name, _ in pairs]) != len(set(names)):
            found.append(next(name for name in names if names.count(name) > 1))

    json.loads(raw, object_pairs_hook=note, parse_int=str, parse_float=str)
    return found[0] if found else ""
