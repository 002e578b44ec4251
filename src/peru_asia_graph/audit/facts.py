"""The numbers in a graph by name, for use in formulas. Money is in million US dollars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from peru_asia_graph.audit.intervals import Interval
from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result

MONEY: Final = {"usd": Decimal("0.000001"), "usd-million": Decimal(1), "usd-billion": Decimal(1000)}
_OBSERVATIONS: Final = """
SELECT ?id ?dataset ?subject ?flow ?partner ?category ?period ?measure ?value ?unit ?qualifier ?precision {
  ?id a qb:Observation ; qb:dataSet ?dataset ; pag:figureOf ?subject ; pag:measure ?measure ; pag:value ?value ;
    pag:unit ?unit . FILTER(isNumeric(?value))
  OPTIONAL { ?id pag:flow ?flow } OPTIONAL { ?id pag:partner ?partner } OPTIONAL { ?id pag:category ?category }
  OPTIONAL { ?id pag:period ?period } OPTIONAL { ?id pag:qualifier ?qualifier }
  OPTIONAL { ?id pag:precision ?precision FILTER(isNumeric(?precision)) } } ORDER BY ?id"""
_STAKES: Final = """
SELECT ?id ?owner ?owned ?basis ?certainty ?value {
  ?id a pag:Stake ; pag:owner ?owner ; pag:owned ?owned ; pag:basis ?basis ; pag:certainty ?certainty ;
    pag:sharePercent ?value FILTER(isNumeric(?value)) } ORDER BY ?id"""
_INVESTMENTS: Final = """
SELECT ?id ?home_country ?sector ?status ?project ?value {
  ?id a pag:Investment ; pag:amountUsdMillion ?value . FILTER(isNumeric(?value))
  OPTIONAL { ?id pag:homeState ?home_country } OPTIONAL { ?id pag:sector ?sector }
  OPTIONAL { ?id pag:status ?status } OPTIONAL { ?id pag:project ?project } } ORDER BY ?id"""
_EFFECTIVE: Final = """
SELECT ?id ?owner ?asset ?year ?value {
  ?id a pag:EffectiveShare ; pag:shareholder ?owner ; pag:shareIn ?asset ; pag:asOf ?year ;
    pag:effectivePercent ?value FILTER(isNumeric(?value)) } ORDER BY DESC(?year) ?id"""
_DATES: Final = "SELECT ?id ?first ?last { ?id pag:earliest ?first ; pag:latestStart ?last } ORDER BY ?id"
Ask = Callable[..., Result]


@dataclass(frozen=True)
class Figure:
    """One number in the graph: its id, its dimensions, its unit and its qualifier."""

    id: str
    value: Interval
    unit: str
    qualifier: str
    last_digit: Decimal
    of: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """The figures, stakes, amounts and dates of a store, each read on first use; ``ask`` answers named questions."""

    store: Store
    ask: Ask

    @cached_property
    def observations(self) -> Mapping[str, Figure]:
        """Figures by id."""
        return self._figures(_OBSERVATIONS)

    @cached_property
    def stakes(self) -> Mapping[str, Figure]:
        """Stakes with a printed share, by id."""
        return self._figures(_STAKES, "percent")

    @cached_property
    def amounts(self) -> Mapping[str, Figure]:
        """Investments with a known amount, by id."""
        return self._figures(_INVESTMENTS, "usd-million")

    @cached_property
    def effective(self) -> Mapping[tuple[str, str], Figure]:
        """Effective shares with a single value, by owner and asset, for the last year."""
        found = self._figures(_EFFECTIVE, "percent")
        return {(one.of["owner"], one.of["asset"]): one for one in reversed(found.values())}

    @cached_property
    def years(self) -> Mapping[str, Interval]:
        """The first year of every dated thing; an interval for an imprecise date: the 1960s are 1960 to 1969."""
        found = {}
        for row in self.store.query(_DATES):
            first, last = (Decimal(str(row[end])[:4]) for end in ("first", "last"))
            found[str(row["id"])] = Interval(first, first, last)
        return found

    def stated(self, slug: str) -> Figure:
        """Return the figure, stake or investment with this id; raise UnknownName."""
        for group in (self.observations, self.stakes, self.amounts):
            if slug in group:
                return group[slug]
        raise UnknownName("figure", slug, self.observations)

    def _figures(self, query: str, unit: str = "") -> dict[str, Figure]:
        return {str(row["id"]): _figure(row, unit) for row in self.store.query(query)}


def _figure(row: Mapping[str, Any], unit: str) -> Figure:
    value, unit = Decimal(str(row["value"])), str(row.get("unit") or unit)
    precision = row.get("precision")
    last_digit = Decimal(str(precision)) if precision is not None else last_digit_of(value, unit)
    scale = MONEY.get(unit, Decimal(1))
    qualifier = str(row.get("qualifier") or "exact")
    return Figure(
        str(row["id"]), Interval.printed(value * scale, last_digit * scale), unit, qualifier, last_digit * scale, row
    )


def last_digit_of(value: Decimal, unit: str) -> Decimal:
    """Return the place value of the last digit of a number as written; counts, ranks and years are exact."""
    if unit in ("count", "rank", "years"):
        return Decimal(0)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise WrongUse(f"{value} is not a finite number")
    return Decimal(1).scaleb(min(exponent, 0))
