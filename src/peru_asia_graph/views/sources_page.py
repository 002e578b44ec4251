"""The page of the sources: what each is, and where two of them speak of the same matter, with both statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from peru_asia_graph.views.page_registry import QueryRows
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.views.shell import table_page
from peru_asia_graph.views.words import LANGUAGES, words

TEXTS: Final = ("name", "short", "title", "date", "as_of", "licence", "citation", "address")
# What an agreement's name does not tell; the name of a stake tells its share.
DATES: Final = ("signedOn", "inForceOn", "endedOn", "date")
FIGURE: Final = "value"
COUNTS: Final = ("things", "statements", "places")


def sources_page(
    described: QueryRows,
    differences: QueryRows = (),
    *,
    kind: str = "sources",
    works: Mapping[str, Sequence[str]] | None = None,
    language: str = "en",
    assets: str | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the page of the sources and their differences.

    A source has name, short, title, date, as_of, licence, citation and address, each where known, and counts of things,
    statements and places. A difference has id, kind, label (of what it is about), property, and of both sources
    (``_a``, ``_b``) source, value, says and where, empty where one is silent; maybe preferred (a source) and reason.
    """
    known = [_source(row) for row in described]
    short = {row["name"]: row["short"] for row in known}
    entries = [_difference(row, short) for row in differences]
    data = {
        "entries": entries,
        "described": known,
        "sources": [dict(row) for row in sources],
        "works": {place: list(named) for place, named in (works or {}).items()} if entries else {},
    }
    return table_page(kind, data, _table(entries, language), language=language, assets=assets)


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: sanitize(row[name]) for name in TEXTS if name in row}
    found.setdefault("short", found["name"])
    return found | {name: int(row[name]) for name in COUNTS if name in row}


def _difference(row: Mapping[str, Any], short: Mapping[str, str]) -> dict[str, Any]:
    both = [_side(row, end, short) for end in "ab"]
    entry = {name: sanitize(row[name]) for name in ("id", "kind", "label", "property")}
    entry |= {name: sanitize(row[name]) for name in ("preferred", "reason") if name in row}
    return entry | {"both": both, "where": [place for side in both for place in side["where"]]}


def _side(row: Mapping[str, Any], end: str, short: Mapping[str, str]) -> dict[str, Any]:
    """Return what one of both sources says: its name, value, statement and places."""
    source = sanitize(row[f"source_{end}"])
    side: dict[str, Any] = {"source": source}
    side |= {name: sanitize(row[f"{name}_{end}"]) for name in ("value", "says") if f"{name}_{end}" in row}
    if row["property"] in DATES and "value" in side:
        side.pop("says", None)
    elif row["property"] == FIGURE and len(side) == 3:
        side["says"] = f"{side['says']}: {side['value']}"
    places = sorted(filter(None, str(row.get(f"where_{end}", "")).split("; ")))
    return side | {"where": [f"{short.get(source, source)} {sanitize(place)}" for place in places]}


def _table(entries: Sequence[Mapping[str, Any]], language: str) -> list[list[str]]:
    ui = words(language if language in LANGUAGES else "en")["ui"]
    heads = ("sources.about", "sources.property", "sources.kind", "sources.one", "sources.other", "col.where")
    rows = [
        [entry["label"], ui.get(f"sources.property.{entry['property']}", entry["property"]),
         ui.get(f"sources.kind.{entry['kind']}", entry["kind"]),
         *(f"{side['source']}: {side.get('says', side.get('value', '–'))}" for side in entry["both"]),
         "; ".join(entry["where"])]
        for entry in entries
    ]  # fmt: skip
    return [[ui[head] for head in heads], *rows]
