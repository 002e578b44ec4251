"""The registry of import formats: one row makes a format available in `pag import` and in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

from peru_asia_graph.errors import WrongUse, look_up

if TYPE_CHECKING:
    from peru_asia_graph.importers.draft import Draft
    from peru_asia_graph.importers.reading import ReadProgress
    from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms


@dataclass(frozen=True)
class ImportRequest:
    """The arguments of a reader: files, options of the format, a progress callback, the terms of the ontology.

    ``options`` maps the names of the given options, without dashes, to their values.
    """

    files: Sequence[Path]
    options: Mapping[str, str] = field(default_factory=dict)
    progress: ReadProgress | None = None
    terms: OntologyTerms | None = None

    @property
    def country(self) -> str:
        """The two-letter code of the country to import; empty for all countries.

        Raises WrongUse for an invalid code.
        """
        given = self.options.get("country", "")
        if given and not (len(given) == 2 and given.isascii() and given.isalpha()):
            raise WrongUse(f"'{given[:20]}' is not a country code; give two letters, such as PE")
        return given.upper()


Reader = Callable[[ImportRequest, "Draft"], None]


@dataclass(frozen=True)
class ImportFormat:
    """A format: its name, the function in ``importers`` that reads it into a `Draft`, and the options it accepts."""

    name: str
    read: str
    about: str
    options: tuple[str, ...] = ()

    def reader(self) -> Reader:
        found: Reader = resolve_name(f"peru_asia_graph.importers.{self.read}")
        return found


# Options that only some formats accept, with their text and metavar in ``pag import --help``.
OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "country": ("Import only entities of this country, by its two-letter code, and what they are linked to.", "CODE"),
    "connected-to": ("Import only this firm, by LEI or legal name, and the group it belongs to.", "NAME"),
    "mapping": ("CSVW metadata that says what the columns of a table mean.  [default: FILE-metadata.json]", "FILE"),
    "sheet": ("Sheet of the workbook.  [default: the first that is not hidden]", "NAME"),
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
    """Return the row of a format; raise UnknownName if there is none."""
    return look_up("format", {row.name: row for row in FORMATS}, name)


def importer_names() -> list[str]:
    return [row.name for row in FORMATS]
