"""Tells rows of totals in a foreign table from firms named Total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from peru_asia_graph.importers.draft import Draft, DraftCell, clean
from peru_asia_graph.importers.reading import ForeignRow
from peru_asia_graph.importers.shares import read_share
from peru_asia_graph.vocabulary import fold

_TOTAL: Final = frozenset(map(fold, (
    "total", "totals", "subtotal", "sub-total", "grand total", "sum", "total general", "totales", "suma", "合计",
)))  # fmt: skip


class _TotalRow(NamedTuple):
    row: ForeignRow
    column: str
    name: str
    share: DraftCell
    key: Hashable
    add: Callable[[], None]


class Totals:
    """Collects the shares of each asset at a time, and the owners that may be totals of them."""

    def __init__(self) -> None:
        self._shares: dict[Hashable, list[DraftCell]] = defaultdict(list)
        self._rows: list[_TotalRow] = []

    def collect(
        self, row: ForeignRow, column: str, name: str, cells: Mapping[str, DraftCell], add: Callable[[], None]
    ) -> None:
        """Add a stake with ``add``, unless its owner may be a total: then ``resolve`` decides."""
        key, share = _key(cells), cells.get("share_percent")
        if fold(clean(name)).strip(" :.") in _TOTAL:
            self._rows.append(_TotalRow(row, column, name, share, key, add))
        else:
            self._shares[key].append(share)
            add()

    def add_unnamed(self, share: str, cells: Mapping[str, DraftCell]) -> None:
        """Add the share of "others", who are not imported."""
        self._shares[_key(cells)].append(read_share(share)[0])

    def resolve(self, draft: Draft) -> None:
        """Leave out owners named "Total" whose share is the sum of the others and cannot be held beside them."""
        for one in self._rows:
            others = self._shares[one.key]
            known = [share for share in others if isinstance(share, Decimal)]
            is_sum = bool(others) and len(known) == len(others) and one.share == sum(known)
            if others and (one.share == 100 or (is_sum and sum(known) > 50)):
                draft.lose(
                    one.row, one.column, "the total of the other owners, not an owner", f"{one.name} {one.share} %"
                )
                continue
            if is_sum:
                reason = "equals the sum of the other owners; delete the row if it is a total"
                draft.lose(one.row, one.column, reason, f"{one.name} {one.share} %")
            one.add()


def _key(cells: Mapping[str, DraftCell]) -> Hashable:
    return tuple(cells.get(name) for name in ("owned", "valid_from", "valid_until", "as_of"))
