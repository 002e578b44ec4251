"""Pages of figures: announced investments, and the cells of the trade tables; and the page to enter by.

In: rows as `ontology/pages` gives them. Out: HTML text. Limit: every number is one the paper prints; none is added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peru_asia_graph.views.read import visible
from peru_asia_graph.views.shell import PAGES, render, table_page
from peru_asia_graph.views.words import countries, data_files, glossary, spanish_names, words

Rows = Sequence[Mapping[str, Any]]


def investments_page(
    rows: Rows, works: Mapping[str, Sequence[str]], *, language: str = "en", assets: str | None = None
) -> str:
    """Return the page of announced investments; a row without ``amount`` shows what is ``printed`` instead."""
    entries = [_investment(row) for row in rows]
    codes = {entry[name] for entry in entries for name in ("sector", "status") if name in entry}
    return _figures("investments", entries, codes, works, language, assets)


def trade_page(
    rows: Rows, works: Mapping[str, Sequence[str]], *, language: str = "en", assets: str | None = None
) -> str:
    """Return the page of Tables 1 to 4: each row a cell with table, partner, category, period, value and unit."""
    entries = [_cell(row) for row in rows]
    codes = {entry[name] for entry in entries for name in ("flow", "measure", "unit")}
    return _figures("trade", entries, codes, works, language, assets)


def index_page(sizes: Mapping[str, int] | None = None, *, language: str = "en", assets: str | None = None) -> str:
    """Return the page to enter by; ``sizes`` says how many bytes each file beside the page has."""
    ui = words(language)["ui"]
    table = [[ui["pages"], ""]] + [[ui[f"{kind}.title"], f"{kind}.html"] for kind in PAGES]
    files = [{**file, "size": sizes[file["name"]]} for file in data_files() if sizes and file["name"] in sizes]
    data = {"files": files}
    return render("index", data, language=language, assets=assets, title=ui["index.title"], tables=[table])


def _figures(
    kind: str,
    entries: list[dict[str, Any]],
    codes: set[str],
    works: Mapping[str, Sequence[str]],
    language: str,
    assets: str | None,
) -> str:
    places = {place for entry in entries for place in entry["where"]}
    data = {
        "entries": entries,
        "glossary": glossary(codes),
        "countries": {slug: row for slug, row in countries().items() if slug in {e.get("country") for e in entries}},
        "works": {place: list(named) for place, named in works.items() if place in places},
    }
    heads = [words(language)["ui"][key] for key in ("col.name", "col.kind", "col.date", "col.value", "col.where")]
    table = [heads] + [[e["label"], e["kind"], e.get("date", ""), e["text"], "; ".join(e["where"])] for e in entries]
    return table_page(kind, data, table, language=language, assets=assets)


def _investment(row: Mapping[str, Any]) -> dict[str, Any]:
    investors = [visible(name) for name in str(row["investors"]).split(";")]
    label = visible(row.get("project_label", "")) or investors[0]
    entry: dict[str, Any] = {
        "id": visible(row["id"]),
        "label": label,
        "investors": investors,
        "country": visible(row.get("country", "")),
        "sector": visible(row.get("sector", "")),
        "status": visible(row["status"]),
        "kind": ", ".join(investors),
        "text": visible(row.get("printed", row.get("amount", ""))),
        "where": _places(row),
    }
    if "project" in row and row["project"] in spanish_names():
        entry["es"] = spanish_names()[row["project"]]
    if "amount" in row:
        entry["amount"] = float(row["amount"])
    if "year" in row:
        entry["date"] = visible(row["year"])
    return entry


def _cell(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "table", "flow", "partner", "category", "measure", "unit")
    entry: dict[str, Any] = {name: visible(row[name]) for name in names}
    entry |= {"label": visible(row["category_label"]), "kind": visible(row["partner_label"]), "where": _places(row)}
    entry |= {"country": entry["partner"], "date": visible(row.get("period", ""))}
    entry |= {"text": f"{row['value']:f}", "amount": float(row["value"])}
    for name in ("notation", "column"):
        if name in row:
            entry[name] = visible(row[name])
    if entry["category"] in spanish_names():
        entry["es"] = spanish_names()[entry["category"]]
    return entry


def _places(row: Mapping[str, Any]) -> list[str]:
    return sorted(visible(place) for place in str(row["where"]).split("; "))
