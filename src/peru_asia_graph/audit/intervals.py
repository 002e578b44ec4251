"""Interval arithmetic on printed numbers, in exact decimals: 8.0 stands for 7.95 to 8.05."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from peru_asia_graph.errors import WrongUse

# The tolerance of "around" and "nearly": five percent of the number, or one unit of its last digit if that is more.
VAGUENESS: Final = Decimal("0.05")
INFINITE: Final = Decimal("Infinity")


@dataclass(frozen=True)
class Interval:
    """A number and its bounds. Raises WrongUse if a divisor, or the base of a power, may be zero."""

    low: Decimal
    point: Decimal
    high: Decimal

    @classmethod
    def exact(cls, value: Decimal | int) -> Interval:
        """Return a number without tolerance."""
        number = Decimal(value)
        return cls(number, number, number)

    @classmethod
    def printed(cls, value: Decimal, last_digit: Decimal) -> Interval:
        """Return the interval of a printed number: half a unit of its last digit on either side."""
        return cls(value - last_digit / 2, value, value + last_digit / 2)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.point + other.point, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.point - other.point, self.high - other.low)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.point, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [one * two for one, two in product((self.low, self.high), (other.low, other.high))]
        return Interval(min(ends), self.point * other.point, max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise WrongUse("the formula divides by a number that may be zero")
        return self * Interval(1 / other.high, 1 / other.point, 1 / other.low)

    def __pow__(self, other: Interval) -> Interval:
        if self.low <= 0 or other.low != other.high:
            raise WrongUse("a power in a formula needs a base above zero and an exact exponent")
        ends = [self.low**other.point, self.high**other.point]
        return Interval(min(ends), self.point**other.point, max(ends))

    def overlaps(self, other: Interval) -> bool:
        """Return whether the two may be the same number."""
        return self.low <= other.high and other.low <= self.high


def total(values: Sequence[Interval]) -> Interval:
    return sum(values, start=Interval.exact(0))


def weighted(values: Sequence[Interval], weights: Sequence[Interval]) -> Interval:
    """Return the weighted mean of the values; the weights count as exact."""
    if len(values) != len(weights):
        raise WrongUse(f"the formula has {len(values)} values and {len(weights)} weights; give each value one weight")
    points = [Interval.exact(weight.point) for weight in weights]
    return total([value * weight for value, weight in zip(values, points, strict=True)]) / total(points)


def rank(value: Interval, values: Sequence[Interval]) -> Interval:
    """Return the rank of a value among values, largest first."""
    return Interval.exact(1 + sum(other.point > value.point for other in values))


def claimed_interval(value: Decimal, last_digit: Decimal, qualifier: str) -> Interval:
    """Return the interval that a stated number claims, given its qualifier; raise WrongUse if that is unknown.

    >>> claimed_interval(Decimal(92), Decimal(1), "nearly").low
    Decimal('87.40')
    """
    half, wide = last_digit / 2, max(last_digit, abs(value) * VAGUENESS)
    if qualifier == "exact":
        return Interval.printed(value, last_digit)
    if qualifier in ("around", "approximately", "estimated"):
        return Interval(value - wide, value, value + wide)
    if qualifier in ("nearly", "almost"):
        return Interval(value - wide, value, value + half)
    if qualifier in ("at-least", "lower-bound"):
        return Interval(value - half, value, INFINITE)
    if qualifier == "over":
        return Interval(value.next_plus(), value, INFINITE)
    if qualifier in ("up-to", "upper-bound"):
        return Interval(-INFINITE, value, value + half)
    raise WrongUse(f"a claim cannot be qualified as '{qualifier}'")
