"""The sources page: what each source is, how two compare on the same thing, and where one contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Unpack

from peru_asia_graph.sources.date_words import periods_in_text
from peru_asia_graph.views.cited_places import places_in_words
from peru_asia_graph.views.page_registry import QueryRows
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.views.shell import PageOptions, table_page
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import AGREEMENT_DATES, STAKE_DATES, local

TEXTS: Final = ("name", "short", "title", "date", "as_of", "licence", "citation", "address")
# The figure, shown after the label of its statement.
FIGURE: Final = "value"
INDIRECT: Final = "indirect"
# The tab of discrepancies; a page opens with that of differences.
WITHIN: Final = "within"
# The Spanish label, and what people decided.
DECIDED: Final = ("es", "preferred", "reason", "judged_by", "judged_on")
COUNTS: Final = ("things", "statements", "places")


def sources_page(
    described: QueryRows,
    differences: QueryRows = (),
    discrepancies: QueryRows = (),
    **options: Unpack[PageOptions],
) -> str:
    """Return the page of the sources, their differences, and the discrepancies within each.

    A source has name, short, title, date, as_of, licence, citation and address, each if known, and counts of things,
    statements and places. A difference has id, kind, label (of the thing it is about), property, and for both sources
    (``_a``, ``_b``) source, value, says, basis and where, empty if one is silent; optionally es (the Spanish label),
    preferred (a source), reason, judged_by and judged_on.
    A discrepancy has id, label, description, source, where, and optionally the reading followed and its subject.
    """
    known = [_source(row) for row in described]
    short = {row["name"]: row["short"] for row in known}
    entries = [_difference(row, short) for row in differences]
    data = {
        "entries": [*entries, *(_discrepancy(row, short) for row in discrepancies)],
        "described": known,
    }
    places = options.get("works", {}) if entries else ()
    options.setdefault("kind", "sources")
    return table_page(data, _table(entries, short, options.get("language", "en")), places, **options)


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: sanitize(row[name]) for name in TEXTS if name in row}
    found.setdefault("short", found["name"])
    return found | {name: int(row[name]) for name in COUNTS if name in row}


def _difference(row: Mapping[str, Any], short: Mapping[str, str]) -> dict[str, Any]:
    both = [_side(row, end, short) for end in "ab"]
    entry: dict[str, Any] = {name: sanitize(row[name]) for name in ("id", "kind", "label", "property")}
    entry |= {"about": [local(sanitize(row["about"]))] if "about" in row else []}
    entry |= {name: sanitize(row[name]) for name in DECIDED if name in row}
    return entry | {"tab": "", "both": both, "where": [place for side in both for place in side["where"]]}


def _discrepancy(row: Mapping[str, Any], short: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: sanitize(row[name]) for name in ("id", "label", "description", "source")}
    entry |= {"reading": sanitize(row["reading"])} if "reading" in row else {}
    about = [sanitize(slug) for slug in str(row.get("about", "")).split(";") if slug]
    return entry | {"tab": WITHIN, "about": sorted(about), "where": _places(row.get("where"), entry["source"], short)}


def _places(text: Any, source: str, short: Mapping[str, str]) -> list[str]:
    places = sorted(filter(None, str(text or "").split("; ")))
    return [f"{short.get(source, source)} {sanitize(place)}" for place in places]


def _side(row: Mapping[str, Any], end: str, short: Mapping[str, str]) -> dict[str, Any]:
    """Return one side of a difference: source name, value, statement and citations."""
    source = sanitize(row[f"source_{end}"])
    side: dict[str, Any] = {"source": source}
    side |= {name: sanitize(row[f"{name}_{end}"]) for name in ("value", "says") if f"{name}_{end}" in row}
    if row["property"] in AGREEMENT_DATES and "value" in side:
        side.pop("says", None)
    elif len(side) == 3 and row["property"] == FIGURE:
        side["says"] = f"{side['says']}: {side['value']}"
    elif len(side) == 3 and row["property"] in STAKE_DATES:
        side["date"] = side.pop("value")
    if row.get(f"basis_{end}") == INDIRECT and "says" in side:
        # Stated once, in the reader's language.
        side |= {"indirect": True, "says": side["says"].removesuffix(" indirectly")}
    return side | {"where": _places(row.get(f"where_{end}"), source, short)}


def _table(entries: Sequence[Mapping[str, Any]], short: Mapping[str, str], language: str) -> list[list[str]]:
    ui = words(language)["ui"]
    heads = ("sources.about", "sources.property", "sources.kind", "sources.one", "sources.other", "col.where")
    indirect = f" ({ui['sources.indirect']})"
    rows = [
        [entry.get("es", entry["label"]) if language == "es" else entry["label"],
         ui.get(f"sources.property.{entry['property']}", entry["property"]),
         ui.get(f"sources.kind.{entry['kind']}", entry["kind"]),
         *(f"{short.get(side['source'], side['source'])}: "
           f"{side.get('says') or periods_in_text(side.get('value', '–'), language)}"
           f"{indirect if 'indirect' in side else ''}"
           f"{': ' + periods_in_text(side['date'], language) if 'date' in side else ''}" for side in entry["both"]),
         places_in_words(entry["where"], language)]
        for entry in entries
    ]  # fmt: skip
    return [[ui[head] for head in heads], *rows]
