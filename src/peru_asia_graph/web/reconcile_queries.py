"""Parses batches of the Reconciliation Service API, 0.2 and 1.0-draft, from JSON into queries, or reports errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.vocabulary import ONTOLOGY

MAX_QUERIES: Final = 50
MAX_IDS: Final = 500
MAX_PROPERTIES: Final = 50
_MAX_CONDITIONS: Final = 20
_MAX_VALUES: Final = 50
_MAX_TYPES: Final = 50
_MAX_TEXT: Final = 1_000
MAX_LIMIT: Final = 100
DEFAULT_LIMIT: Final = 5
_STRICT: Final = ("any", "should", "all")
_QUANTIFIERS: Final = ("any", "all", "none")


class TooMany(WrongUse):
    """More items in one request than are allowed."""


@dataclass(frozen=True)
class Condition:
    """What a candidate's property should be: one of these values, all of them, or none."""

    property_id: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True)
class Query:
    """What a client searches for: names, ids, kinds, properties."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    strict: str = "should"
    limit: int = DEFAULT_LIMIT
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Extension:
    """Things, and the requested properties with their settings."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, Mapping[str, Any]], ...]


def read_batch(text: str) -> dict[str, Query]:
    """Return the queries of a batch of version 0.2 by their keys."""
    batch = _object(read_json(text), "the batch", 'as {"q0": {"query": "Block 8"}}')
    _count(len(batch), MAX_QUERIES, "queries in a batch")
    return {key: _query(_object(one, f"query '{_short(key)}'"), f"query '{_short(key)}'") for key, one in batch.items()}


def read_draft_batch(text: str) -> list[Query]:
    """Return the queries of a batch of version 1.0-draft."""
    batch = _object(read_json(text), "the batch", 'as {"queries": [{"conditions": […]}]}')
    queries = _list(batch.get("queries"), "queries")
    _count(len(queries), MAX_QUERIES, "queries in a batch")
    return [_draft_query(_object(one, f"queries[{n}]"), f"queries[{n}]") for n, one in enumerate(queries)]


def read_extension(text: str) -> Extension:
    """Return a data extension query, which is the same in both versions."""
    asked = _object(read_json(text), "the query", 'as {"ids": ["block-8"], "properties": [{"id": "owner"}]}')
    ids = tuple(_text(one, f"ids[{n}]") for n, one in enumerate(_list(asked.get("ids"), "ids")))
    _count(len(ids), MAX_IDS, "ids")
    properties = _list(asked.get("properties"), "properties")
    _count(len(properties), MAX_PROPERTIES, "properties")
    return Extension(ids, tuple(_property(one, f"properties[{n}]") for n, one in enumerate(properties)))


def read_json(text: str) -> Any:
    """Return a JSON value; raise WrongUse if it is invalid or nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise WrongUse("the JSON is nested too deeply") from error
    except ValueError as error:
        raise WrongUse(f"this is not JSON: {str(error)[:200]}") from error


def _query(given: Mapping[str, Any], at: str) -> Query:
    known = {"query", "type", "limit", "properties", "type_strict"}
    if unknown := sorted(given.keys() - known):
        raise WrongUse(f"{at}: there is no field '{_short(unknown[0])}'; fields are {', '.join(sorted(known))}")
    properties = _list(given.get("properties") or [], f"{at}.properties")
    _count(len(properties), _MAX_CONDITIONS, f"properties in {at}")
    if given.get("query") is None and not properties:
        raise WrongUse(f"{at}: give query, a text, or properties")
    name = "" if given.get("query") is None else _text(given["query"], f"{at}.query").strip()
    kinds = given.get("type")
    types = [] if kinds in (None, "") else kinds if isinstance(kinds, list) else [kinds]
    _count(len(types), _MAX_TYPES, f"types in {at}")
    return Query(
        names=(name,) if name else (),
        types=tuple(_type(one, f"{at}.type") for one in types),
        strict=_one_of(given.get("type_strict", "should"), _STRICT, f"{at}.type_strict"),
        limit=_limit(given.get("limit"), f"{at}.limit"),
        conditions=tuple(_condition(one, f"{at}.properties[{n}]", "pid", "v") for n, one in enumerate(properties)),
    )


def _draft_query(given: Mapping[str, Any], at: str) -> Query:
    conditions = _list(given.get("conditions"), f"{at}.conditions")
    _count(len(conditions), _MAX_CONDITIONS, f"conditions in {at}")
    if not conditions:
        raise WrongUse(f"{at}.conditions: give at least one")
    found: dict[str, list[Any]] = {"name": [], "id": [], "property": []}
    for number, one in enumerate(conditions):
        place = f"{at}.conditions[{number}]"
        kind = _one_of(_object(one, place).get("matchType"), tuple(found), f"{place}.matchType")
        if kind == "property":
            found[kind].append(_condition(one, place, "propertyId", "propertyValue"))
        else:
            found[kind] += _values(one.get("propertyValue"), f"{place}.propertyValue")
    asked = given.get("type")
    return Query(
        names=tuple(name.strip() for name in found["name"] if name.strip()),
        ids=tuple(found["id"]),
        types=() if asked in (None, "") else (_text(asked, f"{at}.type").removeprefix(ONTOLOGY),),
        limit=_limit(given.get("limit"), f"{at}.limit"),
        conditions=tuple(found["property"]),
    )


def _condition(given: Any, at: str, name: str, value: str) -> Condition:
    fields = _object(given, at)
    required, quantifier = fields.get("required", False), fields.get("matchQuantifier", "any")
    if not isinstance(required, bool):
        raise WrongUse(f"{at}.required: true or false, not {_kind(required)}")
    return Condition(
        _text(fields.get(name), f"{at}.{name}"),
        tuple(_values(fields.get(value), f"{at}.{value}")),
        required,
        _one_of(quantifier, _QUANTIFIERS, f"{at}.matchQuantifier"),
    )


def _values(given: Any, at: str) -> Iterator[str]:
    """Yield values as texts; things are represented by their ids."""
    values = given if isinstance(given, list) else [given]
    _count(len(values), _MAX_VALUES, f"values in {at}")
    for one in values:
        if isinstance(one, dict):
            yield _text(one.get("id"), f"{at}.id")
        elif isinstance(one, (bool, int, float)):
            yield json.dumps(one)
        else:
            yield _text(one, at)


def _property(given: Any, at: str) -> tuple[str, Mapping[str, Any]]:
    fields = _object(given, at)
    return _text(fields.get("id"), f"{at}.id"), _object(fields.get("settings") or {}, f"{at}.settings")


def _type(given: Any, at: str) -> str:
    """Return the name of a class, which may be given by its address."""
    return _text(given.get("id") if isinstance(given, dict) else given, at).removeprefix(ONTOLOGY)


def _limit(given: Any, at: str) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not given >= 1:
        raise WrongUse(f"{at}: a whole number from 1, not {_kind(given)}")
    return int(min(given, MAX_LIMIT))


def _object(given: Any, at: str, example: str = "") -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise WrongUse(f"{at}: an object{' ' + example if example else ''}, not {_kind(given)}")
    return given


def _list(given: Any, at: str) -> Sequence[Any]:
    if not isinstance(given, list):
        raise WrongUse(f"{at}: a list, not {_kind(given)}")
    return given


def _text(given: Any, at: str) -> str:
    if not isinstance(given, str):
        raise WrongUse(f"{at}: a text, not {_kind(given)}")
    if len(given) > _MAX_TEXT:
        raise WrongUse(f"{at}: a text of at most {_MAX_TEXT:,} characters")
    return given


def _one_of(given: Any, known: Sequence[str], at: str) -> str:
    if given not in known:
        raise WrongUse(f"{at}: one of {', '.join(known)}")
    return str(given)


def _count(number: int, most: int, what: str) -> None:
    if number > most:
        raise TooMany(f"{number:,} {what}; at most {most} are allowed per request; send them in batches")


def _kind(given: Any) -> str:
    if isinstance(given, (int, float)):
        return "true or false" if isinstance(given, bool) else "a number"
    return {"dict": "an object", "list": "a list", "str": "a text"}.get(type(given).__name__, "nothing")


def _short(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:40])
