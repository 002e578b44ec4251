"""Reads entities of FollowTheMoney, JSON Lines, and the part of them that a country needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.importers.draft import clean
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import (
    choose_records,
    decode_record,
    decode_records,
    load_msgspec,
)
from peru_asia_graph.importers.problems import Problems

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
        for line, raw in choose_records(path, "id", wanted, problems, request.progress):
            one = decode_record(raw, decoder, name, line, problems)
            if one is None:
                continue
            if one.prop:
                problems.add(name, line, "prop", "this is a statement, and no entity",
                             "bring the statements together first, as with ftm aggregate-statements")  # fmt: skip
                continue
            if not clean(one.id) or not one.schema:
                field = "schema" if clean(one.id) else "id"
                problems.add(name, line, field, "is empty", "give every entity an id and a schema")
            else:
                yield FtmEntity(name, line, one.id, one.schema, *_properties_and_datasets(one))


def _properties_and_datasets(one: Any) -> tuple[dict[str, list[str]], list[str]]:
    """Return properties and datasets of an entity, which its statements have where it is made of them."""
    properties, datasets = dict(one.properties), list(one.datasets)
    for said in one.statements:
        if said.prop != "id":
            properties.setdefault(said.prop, []).append(said.value)
        datasets.append(said.dataset)
    return properties, list(dict.fromkeys(filter(None, datasets)))


def choose_entities(request: ImportRequest, problems: Problems) -> set[str] | None:
    """Return the ids of ``--country``; None without that option.

    These are what has the country among its countries, the links that lead to it, and what is at their other ends. The
    files are read three times, since links may stand anywhere; only ids are kept. Entities that are left out are
    checked as far as this needs: raises BadInput for those that cannot be read.
    """
    country = request.country.lower()
    if not country:
        return None
    found: set[str] = set()
    for block in _outlines(request, problems):
        for one in block:
            if one.schema not in LINKS:
                had = one.properties
                codes = (*had.jurisdiction, *had.mainCountry, *had.country, *had.nationality,
                         *(said.value for said in one.statements if said.prop in COUNTRIES))  # fmt: skip
                if country in map(str.lower, codes):
                    found.add(one.id)
    problems.raise_any()
    kept = set(found)
    for block in _outlines(request, problems):
        for one in block:
            if one.schema in LINKS:
                source, target = LINKS[one.schema]
                if _first(one, target) in found:
                    kept |= {one.id, _first(one, source)}
    return kept


def _outlines(request: ImportRequest, problems: Problems) -> Iterator[Sequence[Any]]:
    """Yield the entities of files, many together, with their countries and ends only."""
    names = sorted({*COUNTRIES, *(end for pair in LINKS.values() for end in pair)})
    msgspec = load_msgspec()
    properties = msgspec.defstruct("Outline", [(name, list[str], ()) for name in names], gc=False, frozen=True)
    said = ("statements", list[_statement()], ())  # type: ignore[misc]
    fields = [("id", str, ""), ("schema", str, ""), ("properties", properties, properties()), said]
    decoder = msgspec.json.Decoder(msgspec.defstruct("Thin", fields, gc=False))
    for path in request.files:
        for block in decode_records(path, decoder, problems, request.progress):
            yield block.found


def _first(one: Any, end: str) -> str:
    told = [*getattr(one.properties, end), *(said.value for said in one.statements if said.prop == end)]
    return next(filter(None, told), "")


def _statement() -> Any:
    fields = [("prop", str, ""), ("value", str, ""), ("dataset", str, "")]
    return load_msgspec().defstruct("FtmStatement", fields, gc=False, frozen=True)


def _decoder() -> Any:
    msgspec = load_msgspec()
    fields = [
        ("id", str, ""),
        ("schema", str, ""),
        ("properties", dict[str, list[str]], {}),
        ("datasets", list[str], []),
        ("statements", list[_statement()], ()),  # type: ignore[misc]
        ("prop", str, ""),
    ]
    return msgspec.json.Decoder(msgspec.defstruct("FtmLine", fields, gc=False))
