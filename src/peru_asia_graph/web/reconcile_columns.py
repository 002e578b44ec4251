"""Properties as table columns: the values the sources state and, next to them, source, citation and date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.candidates import Candidates
from peru_asia_graph.query.sources import choose_sources
from peru_asia_graph.query.thing_values import SaidValue, read_having, read_links, read_values
from peru_asia_graph.vocabulary import fold
from peru_asia_graph.web.reconcile_queries import Condition, Extension

# Properties that are not links of the ontology, with the class whose things have them; empty for every thing.
_OWN: Final = {"name": "", "identifier": "", "description": "", "owner": "", "owned": "Actor"}
_STAKE: Final = {"share": "share in percent", "basis": "direct or indirect", "from": "from", "until": "until"}
# The parts of a value that have their own columns.
_PARTS: Final = {"source": "source", "citation": "citation"}
_MORE_PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "owner": _STAKE, "owned": _STAKE, "identifier": {"register": "register"},
}  # fmt: skip
_READ_PART: Final[Mapping[str, Callable[[SaidValue], Any]]] = {
    "": lambda said: {"id": said.id, "name": said.name} if said.id else {"str": said.name},
    "source": lambda said: _text(said.source),
    "citation": lambda said: _text(said.place),
    "basis": lambda said: _text(said.basis),
    "from": lambda said: _text(said.begin),
    "until": lambda said: _text(said.end),
    "register": lambda said: _text(said.scheme),
    "share": lambda said: {} if said.share is None else {"float": said.share},
}
JsonCell = dict[str, Any]


def _text(text: str) -> JsonCell:
    """Return a text as a cell, empty if nothing is stated, so that the columns of one property stay aligned."""
    return {"str": text} if text else {}


@dataclass(frozen=True)
class SaidColumn:
    """A property, or a part of its values in a separate column."""

    id: str
    name: str
    property_id: str
    part: str = ""


class Columns:
    """The columns by which a table of things can be extended."""

    def __init__(self, kg: KnowledgeGraph, candidates: Candidates) -> None:
        self._kg = kg
        self._candidates = candidates

    @cached_property
    def _links(self) -> Mapping[str, Mapping[str, str]]:
        return read_links(self._kg.store, self._candidates.classes)

    @cached_property
    def all(self) -> Mapping[str, SaidColumn]:
        """Every column by its id."""
        return {column.id: column for column in self.of_kind("")}

    def of_kind(self, kind: str) -> list[SaidColumn]:
        """Return the columns for things of a class, values first, then their parts; all columns without a class."""
        own = {name: name for name, above in _OWN.items() if not kind or self._fits(kind, above)}
        links: dict[str, str] = {}
        for one, named in self._links.items():
            if kind in ("", one):
                links.update(named)
        columns = []
        for name, shown in (own | dict(sorted(links.items(), key=lambda item: item[1]))).items():
            columns.append(SaidColumn(name, shown, name))
            parts = {**_MORE_PARTS.get(name, {}), **_PARTS}
            columns += [SaidColumn(f"{name}-{part}", f"{shown}: {told}", name, part) for part, told in parts.items()]
        return sorted(columns, key=lambda column: bool(column.part))

    def _fits(self, kind: str, above: str) -> bool:
        """Return whether one class is the other or a subclass of it."""
        if above in ("", kind):
            return True
        known = self._candidates.kinds.get(kind)
        return known is not None and any(self._fits(broad, above) for broad in known.broader)

    def extend(self, asked: Extension) -> tuple[list[SaidColumn], list[dict[str, list[JsonCell]]]]:
        """Return the requested columns and, for each thing, its cells in each; raise WrongUse for an unknown column.

        An unknown thing has no values.
        """
        columns = []
        for name, _ in asked.properties:
            if name not in self.all:
                raise WrongUse(f"there is no property '{name[:60]}'; see the suggestions of properties")
            columns.append(self.all[name])
        slugs = {given: self._candidates.identify(given) for given in asked.ids}
        known = list(dict.fromkeys(slug for slug in slugs.values() if slug))
        read: dict[str, Mapping[str, Sequence[SaidValue]]] = {}
        rows: list[dict[str, list[JsonCell]]] = [{} for _ in asked.ids]
        for column, (_, settings) in zip(columns, asked.properties, strict=True):
            wanted, limit = self._settings(settings)
            if column.property_id not in read:
                read[column.property_id] = read_values(self._kg.store, column.property_id, known)
            for row, given in zip(rows, asked.ids, strict=True):
                said = read[column.property_id].get(slugs[given], ())
                chosen = [one for one in said if not wanted or one.source in wanted]
                row[column.id] = [self._cell(one, column.part) for one in chosen[:limit]]
        return columns, rows

    def _cell(self, said: SaidValue, part: str) -> JsonCell:
        cell: JsonCell = _READ_PART[part](said)
        if part == "" and said.id:
            told = "; ".join(filter(None, (self._shown.get(said.source, said.source), said.place)))
            return {**cell, "description": told}
        return _text(self._shown.get(said.source, said.source)) if part == "source" else cell

    @cached_property
    def _shown(self) -> Mapping[str, str]:
        """The short name of each source."""
        return self._kg.sources.shown()

    def _settings(self, given: Mapping[str, Any]) -> tuple[set[str], int | None]:
        """Return the source names and the number of values requested by the settings of a property."""
        source, limit = given.get("source") or "", given.get("limit") or 0
        if not isinstance(source, str):
            raise WrongUse("settings.source: the name of a source")
        wanted = {one.name for one in choose_sources(self._kg.sources, [source])} if source else set()
        try:
            number = int(limit)
        except (TypeError, ValueError, OverflowError) as error:
            raise WrongUse("settings.limit: a whole number, 0 for all") from error
        return wanted, number if number > 0 else None

    def agree(self, slugs: Sequence[str], condition: Condition) -> dict[str, bool | None]:
        """Return for each thing whether its values satisfy the condition.

        None if nothing is stated, and for a condition without a value, which an empty cell produces.
        """
        column = self.all.get(condition.property_id)
        values = list(filter(str.strip, condition.values))
        if column is None or not values:
            return dict.fromkeys(slugs)
        wanted = [(_key(value, column.part), self._candidates.named(value)) for value in values]
        said = read_values(self._kg.store, column.property_id, slugs)
        return {slug: _holds(said.get(slug, ()), column.part, wanted, condition.quantifier) for slug in slugs}

    def having(self, condition: Condition) -> set[str]:
        """Return the things selected by a condition without a name: those with an identifier or a linked thing."""
        column = self.all.get(condition.property_id)
        if column is None or column.part or condition.quantifier == "none":
            return set()
        if column.property_id in ("identifier", "name"):
            return set().union(*(self._candidates.named(value) for value in condition.values))
        ids = [slug for value in condition.values for slug in self._candidates.named(value)]
        back = {"owner": "owned", "owned": "owner"}.get(column.property_id)
        if back:
            said = read_values(self._kg.store, back, ids)
            return {one.id for values in said.values() for one in values}
        return read_having(self._kg.store, column.property_id, ids)


def _key(text: str, part: str) -> str:
    """Return a key that is the same for texts of equal value: shares are compared as numbers, others as names.

    >>> _key("60 %", "share") == _key("60.0", "share"), _key("Perú", "") == _key("PERU", "")
    (True, True)
    """
    with suppress(ValueError):
        return str(float(text.strip(" %"))) if part == "share" else fold(text)
    return fold(text)


def _holds(
    said: Sequence[SaidValue], part: str, wanted: Sequence[tuple[str, set[str]]], quantifier: str
) -> bool | None:
    if not said:
        return None
    cells = map(_READ_PART[part], said)
    keys = {_key(str(cell.get("str", cell.get("name", cell.get("float", "")))), part) for cell in cells}
    ids = {one.id for one in said if not part} - {""}
    found = [key in keys or bool(slugs & ids) for key, slugs in wanted]
    return {"any": any(found), "all": all(found), "none": not any(found)}[quantifier]
