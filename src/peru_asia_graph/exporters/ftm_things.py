"""Things as FollowTheMoney entities, collected from several sources: one entity per thing, with all its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from peru_asia_graph.exporters.source_content import LEI, WIKIDATA, SourceContent, one_of, to_uri
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.vocabulary import PROJECTS, thing

COMPANY: Final = "Company"
_SCHEMATA: Final = {
    "Firm": COMPANY, "State": "PublicBody", "GovernmentBody": "PublicBody", "Person": "Person",
    "Community": "LegalEntity", **dict.fromkeys(PROJECTS, "Asset"),
}  # fmt: skip
_ORGANIZATIONS: Final = (COMPANY, "Organization", "PublicBody")
_NUMBERS: Final = {LEI: "leiCode", WIKIDATA: "wikidataId"}
# The class implied by a schema; any other class becomes a keyword.
_TOLD: Final = {COMPANY: "Firm", "Organization": "Organization", "PublicBody": "GovernmentBody", "Person": "Person",
                "Asset": "Project"}  # fmt: skip
# Properties that an asset does not have.
_POSITION: Final = ("lat", "long")


@dataclass
class GatheredEntity:
    """An entity under construction: values by property in insertion order, and the datasets they come from."""

    id: str
    schema: str
    properties: dict[str, dict[str, None]] = field(default_factory=dict)
    datasets: dict[str, None] = field(default_factory=dict)

    def add(self, name: str, values: Iterable[str]) -> None:
        """Add values of a property, except empty and duplicate ones."""
        for value in values:
            if value:
                self.properties.setdefault(name, {})[value] = None

    def to_dict(self) -> dict[str, Any]:
        properties = {name: list(values) for name, values in sorted(self.properties.items())}
        return {"id": self.id, "schema": self.schema, "properties": properties, "datasets": sorted(self.datasets)}


class GatheredEntities:
    """Collects entities by id; ``owned`` are the slugs of things held in shares, which must be assets."""

    def __init__(self, losses: LossReport, owned: set[str]) -> None:
        self.losses, self.owned = losses, owned
        self.found: dict[str, GatheredEntity] = {}

    def add(self, slug: str, schema: str, content: SourceContent, properties: Mapping[str, Iterable[str]]) -> str:
        """Add what a source says about an entity, and return its id."""
        one = self.found.setdefault(slug, GatheredEntity(slug, schema))
        one.datasets[dataset_name(content)] = None
        for name, values in properties.items():
            one.add(name, values)
        return slug

    def party(self, content: SourceContent, slug: str) -> str:
        """Add an actor, or a thing that is owned, and return its id."""
        schema, kind = self.schema_of(content, slug), content.class_of(slug)
        said = content.things.get(slug, {})
        countries = [content.country(state).lower() for state in content.homes(slug)]
        properties: dict[str, Iterable[str]] = {
            "name": [content.label(slug)],
            "alias": content.names(slug),
            "nationality" if schema == "Person" else "country": countries,
            "description": said.get("description", ()),
            "keywords": [f"pag:{kind}"] if kind and _TOLD.get(schema) != kind else [],
            "sourceUrl": [thing(slug)],
            "publisher": [content.info.title],
            "publisherUrl": [to_uri(content.info.page)],
        }
        state_owned = one_of(said, "stateOwned")
        if schema in _ORGANIZATIONS and state_owned == "true":
            properties["topics"] = ["gov.soe"]
        elif state_owned:
            self.losses.add(kind, "stateOwned", "no such property", state_owned, slug)
        for number in content.numbers.get(slug, ()):
            if name := _NUMBERS.get(number.scheme):
                properties[name] = [number.value] if name == "wikidataId" or schema != "Asset" else []
        if all(name in said for name in _POSITION):
            position = ", ".join(one_of(said, name) for name in _POSITION)
            self.losses.add(kind, "position", "no such property", position, slug)
        return self.add(slug, schema, content, properties)

    def schema_of(self, content: SourceContent, slug: str) -> str:
        """Return the schema of a thing; an organization that is owned is a Company, which is also an asset."""
        schema = _SCHEMATA.get(content.class_of(slug), "Organization")
        return COMPANY if slug in self.owned and schema in ("Organization", "PublicBody", "LegalEntity") else schema

    def is_organization(self, content: SourceContent, slug: str) -> bool:
        """Return whether a thing can have members and directors."""
        return bool(content.class_of(slug)) and self.schema_of(content, slug) in _ORGANIZATIONS

    def is_party(self, content: SourceContent, slug: str) -> bool:
        """Return whether a thing is an actor, and so a legal entity."""
        return bool(content.class_of(slug)) and self.schema_of(content, slug) != "Asset"

    def source(self, content: SourceContent) -> str:
        """Add a source as a document, which is the proof for its statements, and return its id."""
        info = content.info
        return self.add(info.name, "Document", content, {
            "title": [info.title], "fileName": [info.name], "author": content.authors(), "date": [info.date],
            "description": [info.citation], "sourceUrl": [to_uri(info.page)],
        })  # fmt: skip


def dataset_name(content: SourceContent) -> str:
    """Return the dataset name of a source: FollowTheMoney uses underscores."""
    return (content.info.name or "graph").replace("-", "_")
