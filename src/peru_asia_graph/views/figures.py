"""Pages of rows: announced investments, the cells of the trade tables, any other query; and the index page.

Every number on these pages is printed in the paper; none is added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Unpack

from peru_asia_graph.views.cited_places import places_in_words
from peru_asia_graph.views.number_format import amount
from peru_asia_graph.views.page_registry import QueryRows
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.views.shell import PageOptions, table_page
from peru_asia_graph.views.words import countries, glossary, words

# Columns whose cells contain a code rather than a text.
CODES: Final = ("type", "sector", "status", "measure", "unit", "flow")


def rows_page(rows: QueryRows, **options: Unpack[PageOptions]) -> str:
    """Return a page whose script draws the rows unchanged.

    A row has ``id``, ``label`` and ``where``, and may have ``es``, its label in Spanish.
    """
    entries = [_entry(row) for row in rows]
    codes = {str(entry[name]) for entry in entries for name in CODES if name in entry}
    names = list(dict.fromkeys(name for entry in entries for name in entry if name not in ("id", "es", "where")))
    language = options.get("language", "en")
    ui = words(language)["ui"]
    table = [[ui.get(f"col.{name}", name) for name in (*names, "where")]] if entries else [[""]]
    table += [
        [*(str(entry.get(name, "")) for name in names), places_in_words(entry["where"], language)] for entry in entries
    ]
    return _figures(entries, codes, table, **options)


def investments_page(rows: QueryRows, **options: Unpack[PageOptions]) -> str:
    """Return the page of announced investments; a row without ``amount`` shows its ``printed`` text instead.

    ``es`` is the Spanish name of the project, if it has one.
    """
    entries = [_investment(row) for row in rows]
    codes = {entry[name] for entry in entries for name in ("sector", "status") if name in entry}
    table = _plain_table(entries, options.get("language", "en"))
    options.setdefault("kind", "investments")
    return _figures(entries, codes, table, **options)


def trade_page(rows: QueryRows, **options: Unpack[PageOptions]) -> str:
    """Return the page of Tables 1 to 4: each row is a cell with table, partner, category, period, value and unit.

    ``es`` is the Spanish name of the category.
    """
    entries = [_cell(row) for row in rows]
    codes = {entry[name] for entry in entries for name in ("flow", "measure", "unit")}
    table = _plain_table(entries, options.get("language", "en"))
    options.setdefault("kind", "trade")
    return _figures(entries, codes, table, **options)


def _figures(
    entries: list[dict[str, Any]],
    codes: set[str],
    table: list[list[str]],
    **options: Unpack[PageOptions],
) -> str:
    places = {place for entry in entries for place in entry["where"]}
    data = {
        "entries": entries,
        "glossary": glossary(codes),
        "countries": {slug: row for slug, row in countries().items() if slug in {e.get("country") for e in entries}},
    }
    return table_page(data, table, places, **options)


def _plain_table(entries: Sequence[Mapping[str, Any]], language: str) -> list[list[str]]:
    ui = words(language)["ui"]
    heads = [ui[key] for key in ("col.name", "col.kind", "col.date", "col.value", "col.where")]

    def value(entry: Mapping[str, Any]) -> str:
        if "amount" not in entry:
            return str(entry["text"])
        return amount(Decimal(str(entry["amount"])), entry.get("unit", "usd-million"), language)

    return [heads] + [
        [e["label"], e["kind"], e.get("date", ""), value(e), places_in_words(e["where"], language)] for e in entries
    ]


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        name: float(value) if isinstance(value, (int, float, Decimal)) else sanitize(value)
        for name, value in row.items()
    }
    return entry | {"where": _places(row)}


def _investment(row: Mapping[str, Any]) -> dict[str, Any]:
    investors = [sanitize(name) for name in str(row["investors"]).split(";")]
    label = sanitize(row.get("project_label", "")) or investors[0]
    entry: dict[str, Any] = {
        "id": sanitize(row["id"]),
        "label": label,
        "investors": investors,
        "country": sanitize(row.get("country", "")),
        "sector": sanitize(row.get("sector", "")),
        "status": sanitize(row["status"]),
        "kind": ", ".join(investors),
        "text": sanitize(row.get("printed", row.get("amount", ""))),
        "where": _places(row),
    }
    if "es" in row:
        entry["es"] = sanitize(row["es"])
    if isinstance(row.get("amount"), (int, float, Decimal)):
        entry["amount"] = float(row["amount"])
    if "year" in row:
        entry["date"] = sanitize(row["year"])
    for name in ("source", "project"):
        if name in row:
            entry[name] = sanitize(row[name])
    return entry


def _cell(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "table", "flow", "partner", "category", "measure", "unit")
    entry: dict[str, Any] = {name: sanitize(row[name]) for name in names}
    entry |= {"label": sanitize(row["category_label"]), "kind": sanitize(row["partner_label"]), "where": _places(row)}
    entry |= {"country": entry["partner"], "date": sanitize(row.get("period", ""))}
    entry |= {"text": f"{row['value']:f}", "amount": float(row["value"])}
    for name in ("notation", "column", "es", "source"):
        if name in row:
            entry[name] = sanitize(row[name])
    return entry


def _places(row: Mapping[str, Any]) -> list[str]:
    return sorted(sanitize(place) for place in str(row["where"]).split("; "))
