"""Interval arithmetic and claim qualifiers: values worked out by hand and generated numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peru_asia_graph.audit.intervals import Interval, claimed_interval, rank, total, weighted
from peru_asia_graph.errors import WrongUse

NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
WIDTHS = st.sampled_from([Decimal(0), Decimal("0.1"), Decimal(1)])


def printed(value: str, digit: str = "0.1") -> Interval:
    """Return the interval of a number as printed."""
    return Interval.printed(Decimal(value), Decimal(digit))


@given(NUMBERS, WIDTHS, NUMBERS, WIDTHS, st.data())
def test_results_contain_the_exact_value(
    one: Decimal, wide: Decimal, two: Decimal, other: Decimal, data: st.DataObject
) -> None:
    left, right = Interval.printed(one, wide), Interval.printed(two, other)
    inside = [data.draw(st.decimals(part.low, part.high, places=3)) for part in (left, right)]
    for found, exact in (
        (left + right, inside[0] + inside[1]),
        (left - right, inside[0] - inside[1]),
        (left * right, inside[0] * inside[1]),
        (-left, -inside[0]),
    ):
        assert found.low <= exact <= found.high
    if not right.low <= 0 <= right.high:
        quotient = left / right
        assert quotient.low - Decimal("1e-20") <= inside[0] / inside[1] <= quotient.high + Decimal("1e-20")


def test_sum_includes_rounding_errors() -> None:
    """Block 8: 60, 20, 11.6 and 8.3 add up to 99.9, or, given rounding, to anything from 98.8 to 101.0."""
    found = total([printed("60", "1"), printed("20", "1"), printed("11.6"), printed("8.3")])
    assert (found.low, found.point, found.high) == (Decimal("98.8"), Decimal("99.9"), Decimal("101.0"))


def test_means_and_ranks() -> None:
    values, weights = [printed("10"), printed("20")], [printed("3"), printed("1")]
    assert weighted(values, weights).point == Decimal("12.5")
    assert rank(printed("10"), values).point == 2 and rank(printed("20"), values).point == 1
    with pytest.raises(WrongUse, match="2 values and 1 weights"):
        weighted(values, weights[:1])


@pytest.mark.parametrize(
    ("qualifier", "inside", "outside"),
    [
        # Both ends of the interval are inclusive. 5 % of 92 is 4.6.
        ("exact", "92.5", "92.501"),
        ("exact", "91.5", "91.499"),
        ("nearly", "87.4", "87.399"),
        ("almost", "92.5", "92.501"),
        ("around", "96.6", "96.601"),
        ("approximately", "87.4", "87.399"),
        ("estimated", "96.6", "96.601"),
        ("at-least", "1000", "91.499"),
        ("lower-bound", "91.5", "91.499"),
        ("over", "92.001", "92"),
        ("upper-bound", "3", "92.501"),
        ("up-to", "92.5", "92.501"),
    ],
)
def test_qualifiers(qualifier: str, inside: str, outside: str) -> None:
    claimed = claimed_interval(Decimal(92), Decimal(1), qualifier)
    assert claimed.overlaps(Interval.exact(Decimal(inside)))
    assert not claimed.overlaps(Interval.exact(Decimal(outside)))


def test_undefined_operations_are_refused() -> None:
    with pytest.raises(WrongUse, match="zero"):
        Interval.exact(1) / printed("0")
    with pytest.raises(WrongUse, match="power"):
        Interval.exact(-1) ** Interval.exact(2)
    with pytest.raises(WrongUse, match="qualified"):
        claimed_interval(Decimal(1), Decimal(1), "perhaps")
