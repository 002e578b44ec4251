"""Report of what an import or export loses: one line per field or kind, with a count and an example."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

COLUMNS: Final = ("kind", "field", "reason", "count", "example", "place")
_LONGEST: Final = 80


class Lost(NamedTuple):
    """Values of one field that were left out or changed.

    ``kind`` is the kind of record (a class, a schema, a statement type), ``field`` its field, empty if the whole
    record is lost; ``example`` is the first value and ``place`` its position (``file:line`` or an id).
    """

    kind: str
    field: str
    reason: str
    times: int
    example: str
    place: str


class LossReport:
    """Counts losses. Memory grows with the number of kinds of loss, not of values."""

    def __init__(self) -> None:
        self._times: Counter[tuple[str, str, str]] = Counter()
        # The first value of each kind of loss and its place.
        self._first: dict[tuple[str, str, str], tuple[str, str]] = {}

    def add(self, kind: str, field: str, reason: str, example: object = "", place: str = "", count: int = 1) -> None:
        """Count values of a field that are lost for a reason; the first one is kept as an example."""
        key = kind, field, reason
        self._times[key] += count
        if key not in self._first:
            self._first[key] = _shorten(str(example)), place

    def lines(self) -> list[Lost]:
        """Return the losses, sorted by kind, field and reason."""
        return [Lost(*key, self._times[key], *first) for key, first in sorted(self._first.items())]

    def __bool__(self) -> bool:
        return bool(self._first)

    def to_csv(self, names: Mapping[str, str] | None = None) -> bytes:
        """Return the losses as CSV with the columns ``kind,field,reason,count,example,place``.

        ``names`` maps paths to the file names to show in ``place``.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in self.lines():
            path, colon, line = one.place.rpartition(":")
            known = (names or {}).get(path)
            writer.writerow(one if known is None else one._replace(place=f"{known}{colon}{line}"))
        return text.getvalue().encode()

    def to_text(self) -> str:
        """Return one line per loss, for a terminal; empty if nothing is lost."""
        return "".join(
            f"  {one.times:>9,}  {one.kind}{'.' if one.field else ''}{one.field}: {one.reason}"
            f"{f' (e.g. {one.example!r})' if one.example else ''}\n"
            for one in self.lines()
        )


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
