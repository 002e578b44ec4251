"""All stakes of a store at once, as a matrix: what ``network`` and ``ownership.picture`` give, without their words.

A store and a year in, ``Holdings`` and home states out. Each property is asked for by itself, since a join of all
stakes is what takes an engine longest; from a server the rows come in pages. Limit: nothing here is cited or labelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from peru_asia_graph.ownership.matrix import ROUNDING, Holdings
from peru_asia_graph.ownership.snapshot import UNSURE, loosen
from peru_asia_graph.query.network import LAST_YEAR, UNKNOWN, holds_in, read_share
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import CODE, local

_PAIRS: Final = "SELECT ?key ?value WHERE {{ ?key pag:{} ?value }}"
_PROPERTIES: Final = ("owner", "owned", "sharePercent", "earliest", "latest", "certainty", "homeState")
# Two columns a query, but for the last ones: what is one of these.
_QUERIES: Final = {
    **{name: _PAIRS.format(name) for name in _PROPERTIES},
    "subsidiary": "SELECT ?key ?value WHERE { ?key pag:relation pag:subsidiaryOf ; pag:subject ?value }",
    "group": "SELECT ?key ?value WHERE { ?key pag:relation pag:subsidiaryOf ; pag:object ?value }",
    "indirect": f"SELECT ?key WHERE {{ ?key pag:basis <{CODE}basis/indirect> }}",
    "state": "SELECT ?key WHERE { ?key a pag:State }",
}
_DATES: Final = ("validFrom", "validUntil")
_WHOLE: Final = 100.0


@dataclass
class _Stakes:
    """Stakes side by side: whose, in what, how much at least and at most (percent), and when not sure, whether then."""

    keys: list[str]
    owners: list[str]
    assets: list[str]
    low: list[float]
    high: list[float]
    times: dict[str, str]


def read_holdings(store: Store, year: int | None = None) -> tuple[Holdings, dict[str, str]]:
    """Return who held what in a year (by default the last the source speaks of), and home states, by address.

    As in ``make_picture``, shares that cannot all hold at once become bounds. A state is at home in itself.
    """
    when = LAST_YEAR if year is None else year
    told = _read(store, _QUERIES)
    stakes = _stakes_of(told, when)
    nodes = sorted({*stakes.owners, *stakes.assets})
    place = {node: number for number, node in enumerate(nodes)}
    owners, assets = ([place[node] for node in ends] for ends in (stakes.owners, stakes.assets))
    _loosen_all(store, stakes, np.array(assets), when)
    low, high = np.array(stakes.low) / _WHOLE, np.array(stakes.high) / _WHOLE
    home = told["homeState"] | {state: state for state in told["state"]}
    return Holdings.from_arrays(nodes, owners, assets, low, high), home


def _read(store: Store, queries: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the value of each property by what has it; where a query asks for no value, it is empty."""
    found = zip(queries, store.query_columns(list(queries.values()), "key"), strict=True)
    return {
        name: dict.fromkeys(columns[0], "") if len(columns) < 2 else dict(zip(*columns, strict=True))
        for name, columns in found
    }


def _stakes_of(told: Mapping[str, Mapping[str, str]], year: int) -> _Stakes:
    owner, owned, share, earliest, latest, certainty = (told[name] for name in _PROPERTIES[:-1])
    times: dict[str, str | None] = {}
    for key in earliest.keys() | latest.keys():
        said = {"earliest": earliest.get(key), "latest": latest.get(key), "certainty": local(certainty.get(key, ""))}
        times[key] = holds_in({name: value for name, value in said.items() if value}, year)
    other = set(told["indirect"]) | {key for key, time in times.items() if time is None}
    keys = [key for key in owner if key in owned and key not in other]
    shares = [read_share(key, share[key]) if key in share else None for key in keys]
    owners, assets = ([column[key] for key in keys] for column in (owner, owned))
    known = set(zip(owners, assets, strict=True))
    firms, groups = told["subsidiary"], told["group"]
    sure = [key for key in groups if key in firms and local(certainty.get(key, "")) not in UNSURE]
    more = [key for key in sure if key not in other and (groups[key], firms[key]) not in known]
    keys += more
    owners += [groups[key] for key in more]
    assets += [firms[key] for key in more]
    shares += [None] * len(more)
    low = [0.0 if one is None else one for one in shares]
    high = [_WHOLE if one is None else one for one in shares]
    return _Stakes(keys, owners, assets, low, high, {key: time for key, time in times.items() if time})


def _loosen_all(store: Store, stakes: _Stakes, assets: np.ndarray[Any, Any], year: int) -> None:
    """Turn shares into bounds where those of an asset add up to too much."""
    sums = np.bincount(assets, stakes.low) if len(assets) else np.zeros(0)
    most = _WHOLE * (1 + ROUNDING)
    if not (sums > most).any():
        return
    dates = _read(store, {name: _PAIRS.format(name) for name in _DATES})
    begun, ended = (dates[name] for name in _DATES)
    groups: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number in np.flatnonzero(sums[assets] > most).tolist():
        if stakes.low[number]:
            key, share = stakes.keys[number], stakes.low[number]
            time = {"valid_from": begun.get(key, ""), "valid_until": ended.get(key, "")}
            time["time"] = stakes.times.get(key, UNKNOWN)
            groups[assets[number]].append((number, {"share": share, **time}))
    for group in groups.values():
        loosen([data for _, data in group], year)
        for number, data in group:
            stakes.low[number] = data.get("share_low", stakes.low[number])
            stakes.high[number] = data.get("share_high", stakes.high[number])
