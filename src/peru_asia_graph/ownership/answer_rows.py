"""Rows of this package's own answers about shares, read as stakes: those of `KnowledgeGraph.owners` and `holdings`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

from peru_asia_graph.sources.missing import is_missing

# A table with these columns is an answer, or the flat table of effective shares.
_COLUMNS: Final = frozenset({"direct_percent", "effective_low", "effective_percent", "effective_high"})
SOURCE: Final = "source"
YEAR: Final = "year"
_TIMES: Final = ("time", "held_then")


def is_answer(columns: Iterable[object]) -> bool:
    """Return whether these are the columns of an answer about shares."""
    return set(columns) >= _COLUMNS


def as_stake(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a row of an answer as a stake; None for the remainder and for a company named without a stake.

    What is held directly is a stake, anything else an indirect share; one without a size is direct where no path is
    told.
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
    """Return the assets with stakes of several sources, or years, and what is wrong; ``pairs`` are of asset and source.

    Nothing is ever added up across sources.
    """
    seen: dict[Hashable, object] = {}
    mixed: dict[Hashable, str] = {}
    for asset, found in pairs:
        if not is_missing(found) and (first := seen.setdefault(asset, found)) != found:
            remedy = ", as kg.network(source=…) and kg.owners(…, source=…) do" if what == SOURCE else ""
            mixed[asset] = (
                f"stakes in {asset} are of more than one {what} ({first}, {found}), whose shares are never added up; "
                f"give those of one {what}{remedy}"
            )
    return mixed
