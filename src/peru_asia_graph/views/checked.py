"""The page of the audit: rows of claims in, HTML text out, the worst first.

Limit: how a claim is recomputed in detail is told by ``pag audit --explain``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from peru_asia_graph.views.shell import table_page
from peru_asia_graph.views.words import spanish_claims

# The sign a verdict has on the page, the worst first.
MARKS: Final = {
    "differs": "differs", "holds-under-a-reading": "open", "cannot-be-checked": "open", "holds": "same",
}  # fmt: skip
VERDICTS: Final = {
    "differs": {"en": "differs", "es": "difiere"},
    "holds-under-a-reading": {"en": "by a reading", "es": "según lectura"},
    "cannot-be-checked": {"en": "not checkable", "es": "no comprobable"},
    "holds": {"en": "holds", "es": "se cumple"},
}
COLUMNS: Final = (
    {"id": "stated", "en": "Stated", "es": "Declarado", "numeric": True},
    {"id": "recomputed", "en": "Recomputed", "es": "Recalculado", "numeric": True},
    {"id": "verdict", "en": "Verdict", "es": "Veredicto"},
)


def audit_page(rows: Sequence[Mapping[str, Any]], *, language: str = "en", assets: str | None = None) -> str:
    """Return the page of the claims; ``rows`` are those of ``ontology/pages/audit.rq``."""
    order = list(MARKS)
    ordered = sorted(rows, key=lambda row: (order.index(str(row["verdict"])), str(row["id"])))
    entries = [_entry(row) for row in ordered]
    heads = ["", *(str(column[language if language in ("en", "es") else "en"]) for column in COLUMNS), ""]
    table = [heads] + [
        [entry["label"], *(_plain(entry["cells"][column["id"]]) for column in COLUMNS), "; ".join(entry["where"])]
        for entry in entries
    ]
    return table_page("audit", {"columns": list(COLUMNS), "entries": entries}, table, language=language, assets=assets)


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    verdict, spanish = str(row["verdict"]), spanish_claims().get(str(row["id"]), {})
    notes = [
        {"en": str(row[name]), "es": spanish.get(name) or str(row[name])}
        for name in ("reading", "note")
        if row.get(name) and (name == "note" or verdict == "holds-under-a-reading")
    ]
    cells = {"stated": _number(row.get("stated")), "recomputed": _number(row.get("recomputed"))}
    return {
        "id": str(row["id"]),
        "label": str(row["label"]),
        "es": spanish.get("label", ""),
        "mark": MARKS[verdict],
        "cells": {**cells, "verdict": VERDICTS[verdict]},
        "notes": notes,
        "where": sorted(str(row["where"]).split("; ")),
    }


def _number(value: Any) -> str:
    """Return a number to two places, without trailing zeros; nothing for none."""
    if value is None:
        return ""
    text = f"{round(Decimal(str(value)), 2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(cell: Any) -> str:
    return str(cell["en"]) if isinstance(cell, dict) else str(cell)
