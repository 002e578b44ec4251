"""Reads FollowTheMoney entities, JSON Lines, and selects those of a country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.importers.draft import Draft, clean
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import choose_records, decode_all, decode_record, load_msgspec
from peru_asia_graph.importers.problems import ForeignPlace, Problems

# The two ends of each link schema; the one that acts or holds comes first.
LINKS: Final = {
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
    "UnknownLink": ("subject", "object"),
    "ProjectParticipant": ("participant", "project"),
}
COUNTRIES: Final = ("jurisdiction", "mainCountry", "country", "nationality")


@dataclass(frozen=True)
class FtmEntity(ForeignPlace):
    """An entity: its position, id, schema, values by property, and datasets."""

    id: str
    schema: str
    properties: dict[str, list[str]]
    datasets: list[str]

    def first(self, *names: str) -> str:
        """Return the first value of the first of these properties that has one; empty if none has."""
        return next((value for name in names for value in self.properties.get(name, ()) if value), "")

    def all(self, *names: str) -> list[str]:
        """Return the values of these properties, without duplicates."""
        return list(dict.fromkeys(value for name in names for value in self.properties.get(name, ()) if value))

    @property
    def kind(self) -> str:
        """The kind of record in loss reports: the schema."""
        return self.schema


def read_entities(request: ImportRequest, problems: Problems, wanted: set[str] | None) -> Iterator[FtmEntity]:
    """Yield the wanted entities (None: all); those that cannot be read are noted and left out."""
    msgspec = load_msgspec()
    fields = [
        ("id", str, ""),
        ("schema", str, ""),
        ("properties", dict[str, list[str]], {}),
        ("datasets", list[str], []),
        ("statements", list[_statement()], ()),  # type: ignore[misc]
        ("prop", str, ""),
    ]
    decoder = msgspec.json.Decoder(msgspec.defstruct("FtmLine", fields, gc=False))
    for path in request.files:
        name = str(path)
        for line, raw in choose_records(path, "id", wanted, problems, request.progress):
            one = decode_record(raw, decoder, name, line, problems)
            if one is None:
                continue
            if one.prop:
                problems.add(name, line, "prop", "this is a statement, not an entity",
                             "aggregate the statements first, for example with ftm aggregate-statements")  # fmt: skip
                continue
            if not clean(one.id) or not one.schema:
                field = "schema" if clean(one.id) else "id"
                problems.add(name, line, field, "is empty", "give every entity an id and a schema")
            else:
                yield FtmEntity(name, line, one.id, one.schema, *_properties_and_datasets(one))


def _properties_and_datasets(one: Any) -> tuple[dict[str, list[str]], list[str]]:
    """Return the properties and datasets of an entity, including those in its statements, if it has any."""
    properties, datasets = dict(one.properties), list(one.datasets)
    for said in one.statements:
        if said.prop != "id":
            properties.setdefault(said.prop, []).append(said.value)
        datasets.append(said.dataset)
    return properties, list(dict.fromkeys(filter(None, datasets)))


def choose(name: str, values: Sequence[str], one: FtmEntity, draft: Draft) -> str:
    """Return the first of several values, and count the others as lost; empty if there are none."""
    for other in values[1:]:
        draft.lose(one, name, "several values; the first is kept", other)
    return next(iter(values), "")


def choose_entities(request: ImportRequest, problems: Problems) -> set[str] | None:
    """Return the ids of the entities for ``--country``; None without that option.

    These are the entities with that country, the links that lead to them, and the entities at the other ends. The files
    are read three times in all, since links may be anywhere; only ids are kept in memory. Raises BadInput for entities
    that cannot be read, including those left out, as far as they are read for this.
    """
    country = request.country.lower()
    if not country:
        return None
    found: set[str] = set()
    for one in _outlines(request, problems):
        if one.schema not in LINKS:
            had = one.properties
            codes = (*had.jurisdiction, *had.mainCountry, *had.country, *had.nationality,
                     *(said.value for said in one.statements if said.prop in COUNTRIES))  # fmt: skip
            if country in map(str.lower, codes):
                found.add(one.id)
    problems.raise_any()
    kept = set(found)
    for one in _outlines(request, problems):
        if one.schema in LINKS:
            source, target = LINKS[one.schema]
            if not found.isdisjoint(_ends(one, target)):
                kept |= {one.id, *_ends(one, source)}
    return kept


def _outlines(request: ImportRequest, problems: Problems) -> Iterator[Any]:
    """Return the entities with only their countries and ends."""
    names = sorted({*COUNTRIES, *(end for pair in LINKS.values() for end in pair)})
    msgspec = load_msgspec()
    properties = msgspec.defstruct("Outline", [(name, list[str], ()) for name in names], gc=False, frozen=True)
    said = ("statements", list[_statement()], ())  # type: ignore[misc]
    fields = [("id", str, ""), ("schema", str, ""), ("properties", properties, properties()), said]
    decoder = msgspec.json.Decoder(msgspec.defstruct("Thin", fields, gc=False))
    return decode_all(request, decoder, problems)


def _ends(one: Any, end: str) -> list[str]:
    return [*getattr(one.properties, end), *(said.value for said in one.statements if said.prop == end)]


def _statement() -> Any:
    fields = [("prop", str, ""), ("value", str, ""), ("dataset", str, "")]
    return load_msgspec().defstruct("FtmStatement", fields, gc=False, frozen=True)
