"""The registry of import formats: one row makes a format known to `pag import` and to Python."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peru_asia_graph.errors import UnknownName, WrongUse

if TYPE_CHECKING:
    from peru_asia_graph.importers.draft import Draft
    from peru_asia_graph.importers.reading import ReadProgress


@dataclass(frozen=True)
class ImportRequest:
    """What a reader is asked for: files, the options of the command line it understands, where to report progress.

    ``options`` has the values of those options that were given, by name without dashes.
    """

    files: Sequence[Path]
    options: Mapping[str, str] = field(default_factory=dict)
    progress: ReadProgress | None = None

    @property
    def country(self) -> str:
        """The two-letter code that a part of the files is asked for by; empty for all of them.

        Raises WrongUse for an option that is no code.
        """
        given = self.options.get("country", "")
        if given and not (len(given) == 2 and given.isascii() and given.isalpha()):
            raise WrongUse(f"'{given[:20]}' is no country; give two letters, as PE")
        return given.upper()


Reader = Callable[[ImportRequest, "Draft"], None]


@dataclass(frozen=True)
class ImportFormat:
    """A format: its name, the function below ``importers`` that reads it into a `Draft`, the options it understands."""

    name: str
    read: str
    about: str
    options: tuple[str, ...] = ()

    def reader(self) -> Reader:
        """Return the function that reads files of this format."""
        module, _, function = self.read.rpartition(".")
        found: Reader = getattr(importlib.import_module(f"peru_asia_graph.importers.{module}"), function)
        return found


# Options that only some formats understand: what each says in ``pag import --help``, and the word for its value.
OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "country": ("Only entities of this country, by its two-letter code, and what they are linked to.", "CODE"),
    "connected-to": ("Only this firm, by LEI or legal name, and the group it belongs to.", "NAME"),
    "mapping": ("What the columns of a table are: metadata of CSVW.  [default: FILE-metadata.json]", "FILE"),
    "sheet": ("The sheet of a workbook.  [default: the first not hidden]", "NAME"),
}
FORMATS: Final[list[ImportFormat]] = [
    ImportFormat("bods", "bods.read_bods", "Beneficial Ownership Data Standard 0.4, JSON or JSON Lines", ("country",)),
    ImportFormat("ftm", "ftm.read_ftm", "FollowTheMoney, JSON Lines", ("country",)),
    ImportFormat("gleif", "gleif.read_gleif", "GLEIF golden copies, level 1 and 2, CSV", ("country", "connected-to")),
    ImportFormat(
        "comtrade", "comtrade.read_comtrade", "UN Comtrade, CSV with the column names of version 2", ("country",)
    ),
    ImportFormat(
        "table", "table.read_table", "any table of owners, CSV or Excel, with a mapping", ("mapping", "sheet")
    ),
]


def find_importer(name: str) -> ImportFormat:
    """Return the row of a format; raise UnknownName when there is none."""
    for row in FORMATS:
        if row.name == name:
            return row
    raise UnknownName("format", name, importer_names())


def importer_names() -> list[str]:
    """Return the names of all formats that can be read."""
    return [row.name for row in FORMATS]
