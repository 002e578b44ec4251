"""Reads entities of FollowTheMoney, JSON Lines, and the part of them that a country needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import decode_record, load_msgspec, read_records
from peru_asia_graph.importers.problems import Problems

COUNTRY: Final = "country"
# The two ends of each schema of links, the one that acts or holds first.
LINKS: Final = {
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
    "UnknownLink": ("subject", "object"),
    "ProjectParticipant": ("participant", "project"),
}
COUNTRIES: Final = ("jurisdiction", "mainCountry", "country", "nationality")


@dataclass(frozen=True)
class FtmEntity:
    """An entity: where it stands, its schema, its values by property, and the datasets it is from."""

    file: str
    line: int
    id: str
    schema: str
    properties: dict[str, list[str]]
    datasets: list[str]

    def first(self, *names: str) -> str:
        """Return the first value of the first of these properties that has one; empty without any."""
        return next((value for name in names for value in self.properties.get(name, ()) if value), "")

    def all(self, *names: str) -> list[str]:
        """Return the values of these properties, each once."""
        return list(dict.fromkeys(value for name in names for value in self.properties.get(name, ()) if value))

    @property
    def place(self) -> str:
        """Where the entity stands."""
        return f"{self.file}:{self.line}"


def read_entities(request: ImportRequest, problems: Problems, wanted: set[str] | None = None) -> Iterator[FtmEntity]:
    """Yield the entities wanted (None: all); those that cannot be read are noted and left out."""
    decoder = _decoder()
    for path in request.files:
        name = str(path)
        for line, raw in read_records(path, problems, request.progress):
            one = decode_record(raw, decoder, name, line, problems)
            if one is None or (wanted is not None and one.id not in wanted):
                continue
            if not one.id or not one.schema:
                field = "schema" if one.id else "id"
                problems.add(name, line, field, "is empty", "give every entity an id and a schema")
            else:
                yield FtmEntity(name, line, one.id, one.schema, one.properties, one.datasets)


def choose_entities(request: ImportRequest, problems: Problems) -> set[str] | None:
    """Return the ids of ``--country``; None without that option.

    These are what has the country among its countries, the links that lead to it, and what is at their other ends. The
    files are read three times, since links may stand anywhere; only ids are kept.
    """
    country = request.options.get(COUNTRY, "").lower()
    if not country:
        return None
    found = {one.id for one in read_entities(request, problems)
             if one.schema not in LINKS and country in map(str.lower, one.all(*COUNTRIES))}  # fmt: skip
    kept = set(found)
    for one in read_entities(request, problems):
        ends: Sequence[str] = LINKS.get(one.schema, ())
        if ends and one.first(ends[1]) in found:
            kept |= {one.id, one.first(ends[0])}
    return kept


def _decoder() -> Any:
    msgspec = load_msgspec()
    fields = [
        ("id", str, ""),
        ("schema", str, ""),
        ("properties", dict[str, list[str]], {}),
        ("datasets", list[str], []),
    ]
    return msgspec.json.Decoder(msgspec.defstruct("FtmLine", fields, gc=False))
