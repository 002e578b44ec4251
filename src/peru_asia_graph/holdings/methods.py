"""Ownership methods of the graph: one answer per source, side by side, or with ``combine`` one for all sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from peru_asia_graph.errors import WrongUse, check_flag, join_or
from peru_asia_graph.query.side_by_side import SourceNames, SourcePart, side_by_side
from peru_asia_graph.sources.dates import Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result
from peru_asia_graph.vocabulary import thing

if TYPE_CHECKING:
    from peru_asia_graph.ownership.snapshot import OwnershipSnapshot
    from peru_asia_graph.query.names import Names


class OwnershipMethods:
    """The ownership methods of a graph.

    Each source is queried on its own. With ``combine`` the sources are read as one network, at a given time: a stake
    that they state differently becomes a range, and every citation names its source.
    """

    store: Store
    # The store of all sources, if the graph is limited to some.
    whole: Store | None = None

    @cached_property
    def names(self) -> Names:
        """The names of everything in the graph."""
        from peru_asia_graph.query.names import Names

        return Names(self.store, self.whole)

    @property
    def _several(self) -> bool:
        raise NotImplementedError

    def _of(self, source: SourceNames) -> OwnershipMethods:
        raise NotImplementedError

    def _parts(self, source: SourceNames, slug: str | None = None) -> list[SourcePart]:
        raise NotImplementedError

    def owners(self, asset: str, year: Year | None = None, source: SourceNames = None, combine: bool = False) -> Result:
        """Return the direct and indirect owners of an asset: percentages, chains and citations.

        >>> import peru_asia_graph
        >>> rows = list(peru_asia_graph.load().owners("Block 8", 2012, source="sanborn-yong"))
        >>> {row["owner"]: float(row["effective_percent"]) for row in rows if row["direct_percent"] is None}
        {'Pluspetrol Resources Corporation': 33.0, 'China National Petroleum Corporation': 27.0, 'unaccounted for': 0.1}
        """
        from peru_asia_graph.holdings.owners import NO_OWNER, owners_table

        return self._around(owners_table, "asset", asset, year, source, combine, NO_OWNER)

    def holdings(
        self, owner: str, year: Year | None = None, source: SourceNames = None, combine: bool = False
    ) -> Result:
        """Return what an owner holds, directly and indirectly; for a state, without what firms from it hold."""
        from peru_asia_graph.holdings.owners import holdings_table

        graph, result = self._of(source), self._around(holdings_table, "owner", owner, year, source, combine)
        slug = graph.names.find(owner, "owner")
        if not graph.store.query(f"ASK {{ <{thing(slug)}> a pag:State }}").boolean:
            return result
        note = f"this is a state; for what its firms hold: pag ask stakes-of-country -p country={slug}"
        return replace(result, notes=[note, *result.notes])

    def control(
        self,
        owner: str,
        year: Year | None = None,
        threshold: float = 50.0,
        source: SourceNames = None,
        combine: bool = False,
    ) -> Result:
        """Return what an owner controls: with more than ``threshold`` percent, or because the source states it."""
        from peru_asia_graph.holdings.owners import control_table

        return self._around(partial(control_table, threshold=threshold), "owner", owner, year, source, combine)

    def _around(
        self,
        make: Callable[[OwnershipSnapshot, str], Result],
        role: str,
        name: str,
        year: Year | None,
        source: SourceNames,
        combine: bool,
        empty: str = "",
    ) -> Result:
        """Return the table of the ownership around an asset or owner that ``make`` makes of each source, noted."""
        from peru_asia_graph.holdings.owners import times_notes

        graph, is_owner = self._of(source), role == "owner"
        slug = graph.names.find(name, role)
        snapshots = self._snapshots(source, slug, year, combine, below=is_owner)
        result = self._beside([(part, make(one, slug)) for part, one in snapshots], empty)
        notes = times_notes(snapshots, slug, "owner" if is_owner else "owned")
        return graph._noted(replace(result, notes=notes), slug, snapshots=snapshots, year=year)

    def explain(self, asset: str, year: Year | None = None, source: SourceNames = None, combine: bool = False) -> str:
        """Return a text that shows how each share of an asset is computed, step by step."""
        from peru_asia_graph.holdings.explanation import explain
        from peru_asia_graph.holdings.owners import times_note

        slug = self._of(source).names.find(asset, "asset")
        snapshots = self._snapshots(source, slug, year, combine)
        notes = [times_note(part, one, slug, "owned") for part, one in snapshots]
        texts = [
            (part, explain(one, slug) + (f"({note})\n" if note else ""))
            for (part, one), note in zip(snapshots, notes, strict=True)
        ]
        return "\n".join(f"{part.title}\n{text}" if self._several else text for part, text in texts)

    def derivation(
        self, asset: str, year: Year | None = None, source: SourceNames = None, combine: bool = False
    ) -> list[Mapping[str, object]]:
        """Return how each share of an asset is computed, as plain data."""
        from peru_asia_graph.holdings.explanation import derivations

        slug = self._of(source).names.find(asset, "asset")
        return [
            {"source": part.name, **one} if self._several else one
            for part, snapshot in self._snapshots(source, slug, year, combine)
            for one in derivations(snapshot, slug)
        ]

    def diff(self, before: Year, after: Year, source: SourceNames = None) -> Result:
        """Return the owners that were added or removed between two years, months or days."""
        from peru_asia_graph.holdings.owners import diff_table

        if parse_moment(before).first > parse_moment(after).last:
            raise WrongUse(f"{before} is after {after}; put the earlier one first")
        return self._beside([(part, diff_table(part.store, before, after)) for part in self._parts(source)])

    def ties(self, year: Year | None = None, source: SourceNames = None, combine: bool = False, **what: str) -> Result:
        """Return how much of an ``asset``, ``commodity`` or ``sector`` is tied to each state.

        Without an argument, return the states behind every asset. With ``combine``, one source can provide the
        commodity of a project and another its owners.
        """
        from peru_asia_graph.holdings.owners import read_combined, read_snapshot, times_notes
        from peru_asia_graph.holdings.ties import all_ties, home_notes, snapshot_ties, ties_table

        check_flag(combine, "combine")
        if len(what) > 1:
            raise WrongUse(f"ties takes one argument, not {len(what)}: {join_or(list(what))}")
        if "sector" in what and (year is not None or combine):
            given = "have no year; leave out the year" if year is not None else "cannot be combined; leave out combine"
            raise WrongUse(f"the announced investments of a sector {given}")
        graph = self._of(source)
        found = {kind: graph.names.find(name, kind) for kind, name in what.items()}
        parts = self._parts(source, *found.values())
        if combine and len(every := self._parts(source)) > 1:
            assets = [slug for kind, slug in found.items() if kind == "asset"]
            part, snapshot = read_combined(self.store, every, year, assets, parts if found else (), with_homes=True)
            table = ties_table(part.store, snapshot, found) if found else snapshot_ties(snapshot)
            return graph._noted(self._beside([(part, table)]), *found.values(), snapshots=[(part, snapshot)], year=year)
        if not found:
            tables = [(part, all_ties(part.store, year)) for part in parts]
            return replace(self._beside(tables), notes=home_notes(tables, parts))
        tables = [(part, ties_table(part.store, read_snapshot(part.store, year), found)) for part in parts]
        result = replace(self._beside(tables), notes=home_notes(tables, self._parts(source)))
        if asset := found.get("asset"):
            around = self._snapshots(source, asset, year, combine=False)
            result = replace(result, notes=[*times_notes(around, asset, "owned"), *result.notes])
        return graph._noted(result, *found.values())

    def _noted(
        self,
        result: Result,
        *slugs: str,
        snapshots: Sequence[tuple[SourcePart, OwnershipSnapshot]] = (),
        year: Year | None = None,
    ) -> Result:
        """Return a result with notes: other things of these names, and the year of a combined answer if not given."""
        notes = [
            f"combined for {snapshot.year}, the last year that any of the sources covers; another can be given"
            for part, snapshot in snapshots
            if year is None and part.is_combined
        ]
        return replace(result, notes=[*result.notes, *notes, *self.names.notes(slugs)])

    def _snapshots(
        self, source: SourceNames, slug: str, year: Year | None, combine: bool, *, below: bool = False
    ) -> list[tuple[SourcePart, OwnershipSnapshot]]:
        """Return the ownership around a thing, according to each source or to all of them combined."""
        from peru_asia_graph.holdings.owners import read_combined, read_snapshot_around

        check_flag(combine, "combine")
        parts = self._parts(source, slug)
        # A chain may lead through firms that only other sources cover.
        if combine and len(every := self._parts(source)) > 1:
            return [read_combined(self.store, every, year, [slug])]
        return [(part, read_snapshot_around(part.store, slug, year, below=below)) for part in parts]

    def _beside(self, answers: Sequence[tuple[SourcePart, Result]], empty: str = "") -> Result:
        """Return the answers of the sources side by side; if the graph has one source, its plain answer."""
        return side_by_side(answers, empty) if self._several else answers[0][1]
