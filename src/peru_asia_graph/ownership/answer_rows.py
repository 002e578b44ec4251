"""Read the results of `KnowledgeGraph.owners` and `holdings` as stakes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

from peru_asia_graph.sources.missing import is_missing

# A table with these columns is a result of `owners` or `holdings`, or the flat table of effective shares.
_COLUMNS: Final = frozenset({"direct_percent", "effective_low", "effective_percent", "effective_high"})
SOURCE: Final = "source"
YEAR: Final = "year"
_TIMES: Final = ("time", "held_then")


def is_answer(columns: Iterable[object]) -> bool:
    """Return whether these are the columns of a table of effective shares."""
    return set(columns) >= _COLUMNS


def as_stake(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a row of a result as a stake; None for "unaccounted for" and for a company named without a stake.

    A direct share becomes a stake, any other an indirect share. A row without a share is a direct stake if it has no
    path.
    """
    if is_missing(row["effective_high"]) or all(is_missing(row.get(name)) for name in _TIMES):
        return None
    if not is_missing(row["direct_percent"]):
        return {**row, "share": row["direct_percent"]}
    if not is_missing(row["effective_percent"]):
        return {**row, "share": row["effective_percent"], "basis": "indirect"}
    bounds = {"share_low": row["effective_low"], "share_high": row["effective_high"]}
    return {**row, **bounds} if is_missing(row.get("paths")) else {**row, **bounds, "basis": "indirect"}


def find_mixed(what: str, pairs: Iterable[tuple[Hashable, object]]) -> dict[Hashable, str]:
    """Return an error message for each asset with stakes from several sources or years.

    ``pairs`` are asset and source (or year). Shares from different sources are never added up.
    """
    seen: dict[Hashable, object] = {}
    mixed: dict[Hashable, str] = {}
    for asset, found in pairs:
        if not is_missing(found) and (first := seen.setdefault(asset, found)) != found:
            remedy = ", as with kg.network(source=…) or kg.owners(…, source=…)" if what == SOURCE else ""
            mixed[asset] = (
                f"stakes in {asset} are from more than one {what} ({first}, {found}), whose shares are never added up; "
                f"use those of one {what}{remedy}"
            )
    return mixed
