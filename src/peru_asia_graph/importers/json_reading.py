"""JSON records of foreign files, one by one: JSON Lines of any size, or an array in a file that fits in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import GenericAlias
from typing import Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.reading import ReadProgress, read_byte_lines, read_pieces

MAX_ARRAY: Final = 256 * 2**20
_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"


def load_msgspec() -> Any:
    """Return the package msgspec; raise WrongUse when it is not installed."""
    try:
        import msgspec
    except ImportError as error:
        raise WrongUse("JSON is read with msgspec; install it: pip install 'peru-asia-graph[import]'") from error
    return msgspec


def read_records(path: Path, problems: Problems, progress: ReadProgress | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield each record of a file as JSON text, with the line it begins in; blank lines are skipped.

    Raises BadInput when an array is no JSON or over 256 MiB; a record of JSON Lines is not looked into.
    """
    pieces = read_byte_lines(path, problems, progress)
    for number, lines in pieces:
        lines[0] = lines[0].removeprefix(_BOM) if number == 1 else lines[0]
        first = next((line.lstrip(_SPACE) for line in lines if line.strip(_SPACE)), b"")
        if number == 1 and first[:1] == b"[":
            pieces.close()
            yield from _read_array(path, problems, progress)
            return
        for line in lines:
            if line.strip(_SPACE):
                yield number, line
            number += 1


def _read_array(path: Path, problems: Problems, progress: ReadProgress | None) -> Iterator[tuple[int, bytes]]:
    msgspec: Any = load_msgspec()
    name = str(path)
    data = bytearray()
    for piece in read_pieces(path, problems, progress):
        data += piece
        if len(data) > MAX_ARRAY:
            remedy = "write one record a line (JSON Lines), as with: jq -c '.[]' FILE"
            raise problems.stop(name, 0, "", f"an array over {MAX_ARRAY // 2**20} MiB", remedy)
    text = bytes(data).removeprefix(_BOM)
    try:
        found = msgspec.json.decode(text, type=GenericAlias(list, (msgspec.Raw,)))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise problems.stop(name, 0, "", f"is no JSON ({error})", "mend the file or fetch it again") from error
    line, at = 1, 0
    for raw in map(bytes, found):
        start = text.find(raw, at)
        line += text.count(b"\n", at, start)
        at = start
        yield line, raw


def decode_record(raw: bytes, decoder: Any, file: str, line: int, problems: Problems) -> Any:
    """Return a record decoded by a msgspec decoder; note a problem and return None when that fails."""
    msgspec = load_msgspec()
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        problems.add(file, line, place.strip("`").removeprefix("$."), message, "correct the field")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        problems.add(file, line, "", f"is no JSON ({error})", "write one record a line, or an array of records")
    return None
