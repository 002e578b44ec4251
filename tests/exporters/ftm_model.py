"""Checks entities against the YAML model in the FollowTheMoney package, fast enough for the quick tests.

The long tests run ``ftm validate`` itself, which takes minutes to install.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

Entity = Mapping[str, Any]
_FORMS: Final = {
    "date": r"\d{4}(-\d{2}(-\d{2})?)?", "country": "[a-z]{2}", "number": r"\d+(\.\d+)?", "url": r"https?://[!-~]+",
    "topic": r"[a-z]+(\.[a-z]+)*", "identifier": ".{1,64}",
}  # fmt: skip


class FtmModel:
    """The schemata defined in a folder of YAML files."""

    def __init__(self, folder: Path) -> None:
        self.schemata: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("*.yaml")):
            self.schemata.update(yaml.safe_load(path.read_text("utf-8")))

    @cached_property
    def properties(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The properties of each schema, including inherited ones."""
        return {name: {key: said for one in self.ancestors(name) for key, said in self._own(one).items()}
                for name in self.schemata}  # fmt: skip

    def _own(self, name: str) -> dict[str, dict[str, Any]]:
        return self.schemata[name].get("properties") or {}

    def ancestors(self, name: str) -> set[str]:
        """Return a schema and all schemata it extends."""
        return {name}.union(*(self.ancestors(one) for one in self.schemata[name].get("extends") or ()))

    def problems(self, entities: Mapping[str, Entity]) -> Iterator[str]:
        """Yield the problems of entities, which are given by id."""
        for slug, entity in entities.items():
            schema = entity["schema"]
            if schema not in self.schemata or self.schemata[schema].get("abstract"):
                yield f"{slug}: no schema {schema}"
                continue
            for name in self.schemata[schema].get("required") or ():
                if not entity["properties"].get(name):
                    yield f"{slug}: lacks {name}"
            for name, values in entity["properties"].items():
                yield from self._values(entities, f"{slug}.{name}", self.properties[schema].get(name), values)

    def _values(
        self, entities: Mapping[str, Entity], place: str, said: Mapping[str, Any] | None, values: list[str]
    ) -> Iterator[str]:
        if said is None:
            yield f"{place}: no such property"
            return
        kind = said.get("type", "string")
        for value in values:
            if kind == "entity":
                if value not in entities or said["range"] not in self.ancestors(entities[value]["schema"]):
                    yield f"{place}: {value} is no {said['range']}"
            elif not value or not re.fullmatch(_FORMS.get(kind, ".+"), value, re.DOTALL):
                yield f"{place}: {value!r} is no {kind}"
