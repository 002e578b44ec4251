"""Stakes read in bulk, property by property, against the snapshot of the same year."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from peru_asia_graph.errors import BadInput
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.holdings.bulk import read_holdings
from peru_asia_graph.holdings.owners import read_snapshot
from peru_asia_graph.ownership import Holdings
from peru_asia_graph.ownership.effective import effective_owners
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import CODE, PREFIXES, local, thing

YEARS = (1991, 1992, 2000, 2008, 2009, 2011, 2012, 2013)


def store_of(turtle: str) -> EmbeddedStore:
    heads = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
    return EmbeddedStore.of(ox.parse(heads + turtle, format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("year", YEARS)
def test_bulk_read_matches_the_snapshot(kg: KnowledgeGraph, year: int) -> None:
    def cells(held: Holdings) -> dict[tuple[str, str, str], float]:
        parts = {"known": held.known.to_scipy().tocoo(), "slack": held.slack.to_scipy().tocoo()}
        return {
            (name, local(str(held.nodes[row])), local(str(held.nodes[column]))): pytest.approx(value)
            for name, part in parts.items()
            for row, column, value in zip(part.row.tolist(), part.col.tolist(), part.data.tolist(), strict=True)
            if value
        }

    assert cells(read_holdings(kg.store, year)[0]) == cells(read_snapshot(kg.store, year).with_doubts_open.holdings)


@pytest.mark.parametrize("share", ["half", "150", "-1", "NaN", "INF"])
def test_invalid_share_is_reported_with_its_stake(share: str) -> None:
    stake = f'id:s a pag:Stake ; pag:owner id:a ; pag:owned id:b ; pag:basis code:basis ; pag:sharePercent "{share}" .'
    store = store_of(stake + " id:a a pag:Firm . id:b a pag:Firm .")
    for read in (read_holdings, read_snapshot):
        with pytest.raises(BadInput, match=f"s: the share '{share}' is not a percentage; give pag:sharePercent"):
            read(store, 2013)


def test_planned_and_possible_stakes_leave_the_holders_their_room() -> None:
    """All of one mine is held and 70 planned to be sold; of the other, one stake is unstated and 70 only possible."""
    rows = [("a", "one", "stated", "pag:sharePercent 100"), ("b", "one", "planned", "pag:sharePercent 70"),
            ("a", "two", "stated", "pag:note 'x'"), ("b", "two", "possible", "pag:sharePercent 70")]  # fmt: skip
    stakes = "".join(
        f"id:{owner}-in-{mine} a pag:Stake ; pag:owner id:{owner} ; pag:owned id:{mine} ; {share} ; "
        f"pag:certainty <{CODE}certainty/{certainty}> ; pag:basis <{CODE}basis/direct> . "
        for owner, mine, certainty, share in rows
    )
    store = store_of(stakes + "id:a a pag:Firm . id:b a pag:Firm . id:one a pag:Project . id:two a pag:Project .")
    for mine, expected in (("one", {"a": (100, 100)}), ("two", {"a": (0, 100), "b": (0, 70)})):
        for held, name in ((read_holdings(store, 2013)[0], thing), (read_snapshot(store, 2013).holdings, str)):
            shares = effective_owners(held, name(mine)).shares
            assert {local(str(owner)): (share.low, share.high) for owner, share in shares.items()} == expected


def check_share_of_co(stakes: str, year: int, expected: tuple[int, int]) -> None:
    """Check the share of the firm ``co`` in the project ``six``, in the snapshot and in the bulk read."""
    store = store_of(stakes + "id:co a pag:Firm . id:six a pag:Project .")
    for held, co, six in (
        (read_snapshot(store, year).with_doubts_open.holdings, "co", "six"),
        (read_holdings(store, year)[0], thing("co"), thing("six")),
    ):
        share = effective_owners(held, six).shares[co]
        assert (round(share.low), round(share.high)) == expected


@pytest.mark.parametrize(
    ("certainty", "dates", "year", "expected"),
    [
        ("planned", {}, 2020, (30, 30)),
        ("former", {}, 2020, (30, 30)),
        ("possible", {}, 2020, (30, 60)),
        ("reported", {}, 2020, (30, 60)),
        # A plan for later, or a share held before, counts in its own time.
        ("planned", {"valid_from": "2021"}, 2020, (30, 30)),
        ("former", {"valid_until": "2015"}, 2020, (30, 30)),
        ("former", {"valid_until": "2015"}, 2014, (60, 60)),
        ("former", {"valid_until": "2016"}, 2016, (30, 60)),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_stakes_of_different_certainty_are_not_added(
    certainty: str, dates: dict[str, str], year: int, expected: tuple[int, int], turned: bool
) -> None:
    """Co. holds 30 % since 2016; its former, planned or possible 60 % is no second stake, and never makes 90."""
    rows = [("stated", 30, {"valid_from": "2016"}), (certainty, 60, dates)]
    turtle = "".join(
        f"id:s{number} a pag:Stake ; pag:owner id:co ; pag:owned id:six ; pag:sharePercent {share} ; "
        f"pag:certainty code:certainty\\/{said} ; pag:basis code:basis\\/direct ; {_time(when)} . "
        for number, (said, share, when) in enumerate(reversed(rows) if turned else rows)
    )
    check_share_of_co(turtle, year, expected)


@pytest.mark.parametrize(
    ("year", "certainty", "expected"),
    [(2007, "stated", (25, 25)), (2007, "planned", (25, 25)), (2012, "stated", (40, 40)), (2012, "planned", (0, 40))],
)
def test_dated_former_stake_counts_in_its_time(year: int, certainty: str, expected: tuple[int, int]) -> None:
    """Co. held 25 % from 2005 to 2009, and holds, or is to hold, 40 %, undated."""
    lasting = 'pag:latestStart "2005-12-31" ; pag:earliestEnd "2009-01-01"'
    stake = (
        "id:s{} a pag:Stake ; pag:owner id:co ; pag:owned id:six ; pag:sharePercent {} ; "
        "pag:basis code:basis\\/direct ; "
    )
    turtle = (
        stake.format(1, 25) + f"pag:certainty code:certainty\\/former ; {lasting} ; "
        f"{_time({'valid_from': '2005', 'valid_until': '2009'})} . "
        + stake.format(2, 40) + f"pag:certainty code:certainty\\/{certainty} . "
    )  # fmt: skip
    check_share_of_co(turtle, year, expected)


def _time(dates: dict[str, str]) -> str:
    since, until = dates.get("valid_from"), dates.get("valid_until")
    said = [f'pag:validFrom "{since}" ; pag:earliest "{since}-01-01"'] if since else []
    said += [f'pag:latestStart "{until}-12-31"'] if until and not since else []
    said += (
        [f'pag:validUntil "{until}" ; pag:earliestEnd "{until}-01-01" ; pag:latest "{until}-12-31"'] if until else []
    )
    return " ; ".join(said) or "pag:note 'x'"
