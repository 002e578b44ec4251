"""All stakes of a store in one year as a matrix, without labels and citations, for stores with millions of stakes.

Each property is queried separately and joined here, because a join over all stakes is what takes an engine longest.
From a server the rows are fetched in pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from peru_asia_graph.ownership.shareholdings import ROUNDING, Holdings
from peru_asia_graph.ownership.snapshot import relax_to_bounds
from peru_asia_graph.ownership.stakes import UNSURE
from peru_asia_graph.ownership.versions import STATED, UNKNOWN, first_and_last, group_versions, is_sure, time_of
from peru_asia_graph.query.network import holds_in, read_share
from peru_asia_graph.query.sources import default_year, parts_of
from peru_asia_graph.sources.dates import Moment, Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import Value
from peru_asia_graph.vocabulary import CODE, STAKE_DATES, local

_PAIRS: Final = "SELECT ?key ?value WHERE {{ ?key pag:{} ?value }}"
_BOUNDS: Final = {
    "earliest": "earliest", "latest": "latest", "latestStart": "latest_start", "earliestEnd": "earliest_end"
}  # fmt: skip
_PROPERTIES: Final = ("owner", "owned", "sharePercent", "certainty", "homeState", "shareLow", "shareHigh", *_BOUNDS)
# Each query has the columns key and value; the last ones have only keys.
_QUERIES: Final = {
    **{name: _PAIRS.format(name) for name in _PROPERTIES},
    "subsidiary": "SELECT ?key ?value WHERE { ?key pag:relation pag:subsidiaryOf ; pag:subject ?value }",
    "group": "SELECT ?key ?value WHERE { ?key pag:relation pag:subsidiaryOf ; pag:object ?value }",
    "indirect": f"SELECT ?key WHERE {{ ?key pag:basis <{CODE}basis/indirect> }}",
    "state": "SELECT ?key WHERE { ?key a pag:State }",
}
_WHOLE: Final = 100.0


@dataclass
class _Stakes:
    """Stakes as parallel lists, shares in percent; ``times`` says, by key, whether a dated stake held in the year.

    ``certainty`` is by key, as is ``merged``, what ``merge_versions`` says about successive stakes. ``doubtful`` are
    the keys of those that ``is_sure`` excludes.
    """

    keys: list[str]
    owners: list[str]
    assets: list[str]
    low: list[float]
    high: list[float]
    times: dict[str, str]
    certainty: dict[str, str]
    doubtful: set[str]
    merged: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_holdings(store: Store, year: Year | None = None) -> tuple[Holdings, dict[str, str]]:
    """Return who held what in a year (default: the last year the source covers), and home states, by IRI.

    As in ``with_doubts_open`` of a snapshot, shares that cannot all hold at once, or may not be held, are bounds. The
    home state of a state is itself.
    """
    moment = parse_moment(default_year(store) if year is None else year)
    values = _read(store, _QUERIES)
    said = next((said for _, said in parts_of(store)), {})
    stakes = _stakes_of(values, moment, said)
    nodes = sorted({*stakes.owners, *stakes.assets})
    place = {node: number for number, node in enumerate(nodes)}
    owners, assets = ([place[node] for node in ends] for ends in (stakes.owners, stakes.assets))
    owners, assets = _merge_all(store, stakes, owners, assets)
    _relax_all(store, stakes, np.array(assets), moment.year)
    is_held = [key not in stakes.doubtful for key in stakes.keys]
    low, high = np.where(is_held, stakes.low, 0.0) / _WHOLE, np.array(stakes.high) / _WHOLE
    home = values["homeState"] | {state: state for state in values["state"]}
    return Holdings.from_arrays(nodes, owners, assets, low, high), home


def _read(store: Store, queries: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the values of each query by key; empty strings if the query has no value column."""
    found = zip(queries, store.query_columns(list(queries.values()), "key"), strict=True)
    return {
        name: dict.fromkeys(columns[0], "") if len(columns) < 2 else dict(zip(*columns, strict=True))
        for name, columns in found
    }


def _stakes_of(values: Mapping[str, Mapping[str, str]], moment: Moment, said: Mapping[str, Value]) -> _Stakes:
    owner, owned, share, certainty = (values[name] for name in _PROPERTIES[:4])
    bounds = [(name, values[term]) for term, name in _BOUNDS.items()]
    times: dict[str, str | None] = {}
    for key in set().union(*(days.keys() for _, days in bounds)):
        facts = {name: days[key] for name, days in bounds if key in days}
        times[key] = holds_in({**facts, **said, "certainty": local(certainty.get(key, ""))}, moment)
    other = set(values["indirect"]) | {key for key, time in times.items() if time is None}
    keys = [key for key in owner if key in owned and key not in other]
    low = [_first(key, 0.0, share, values["shareLow"]) for key in keys]
    high = [_first(key, _WHOLE, share, values["shareHigh"]) for key in keys]
    owners, assets = ([column[key] for key in keys] for column in (owner, owned))
    known = set(zip(owners, assets, strict=True))
    firms, groups = values["subsidiary"], values["group"]
    certainties = {key: local(code) for key, code in certainty.items()}
    ends = values["latest"].keys() & values["earliestEnd"].keys()
    doubtful = {
        key for key, said in certainties.items()
        if said != STATED and not is_sure({"certainty": said, "time": times.get(key), "valid_until": key in ends})
    }  # fmt: skip
    sure = [key for key in groups if key in firms and key not in doubtful]
    more = [key for key in sure if key not in other and (groups[key], firms[key]) not in known]
    keys += more
    owners += [groups[key] for key in more]
    assets += [firms[key] for key in more]
    low += [0.0] * len(more)
    high += [_WHOLE] * len(more)
    held = {key: time for key, time in times.items() if time}
    return _Stakes(keys, owners, assets, low, high, held, certainties, doubtful)


def _first(key: str, otherwise: float, *shares: Mapping[str, str]) -> float:
    return next((read_share(key, one[key]) for one in shares if key in one), otherwise)


def _merge_all(store: Store, stakes: _Stakes, owners: list[int], assets: list[int]) -> tuple[list[int], list[int]]:
    """Merge successive stakes of an owner in an asset; return the owners and assets of the remaining stakes."""
    times_of = Counter(zip(owners, assets, strict=True))
    if len(times_of) == len(owners):
        return owners, assets
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, pair in enumerate(zip(owners, assets, strict=True)):
        if times_of[pair] > 1:
            pairs[pair].append(number)
    begun, ended = _read_dates(store)
    gone: set[int] = set()
    for numbers in pairs.values():
        keys = [stakes.keys[number] for number in numbers]
        said = [
            {"valid_from": begun.get(key, ""), "valid_until": ended.get(key, ""),
             "certainty": stakes.certainty.get(key, ""), "time": stakes.times.get(key, UNKNOWN)}
            for key in keys
        ]  # fmt: skip
        groups = group_versions(said)
        gone.update(set(numbers) - {numbers[at] for group in groups for at in group})
        for group in groups:
            if len(group) == 1:
                continue
            first, last = (group[at] for at in first_and_last([said[at] for at in group]))
            lows, highs = ([column[numbers[at]] for at in group] for column in (stakes.low, stakes.high))
            sure = [low for at, low in zip(group, lows, strict=True) if said[at]["certainty"] not in UNSURE]
            stakes.merged[keys[last]] = {"first_from": said[first]["valid_from"], "share_largest": max(sure or lows)}
            stakes.times[keys[last]] = time_of([said[at] for at in group])
            stakes.low[numbers[last]], stakes.high[numbers[last]] = min(lows), max(highs)
            gone.update(numbers[at] for at in group if at != last)
    kept = [number for number in range(len(owners)) if number not in gone]
    stakes.keys, stakes.low, stakes.high = (
        [stakes.keys[one] for one in kept], [stakes.low[one] for one in kept], [stakes.high[one] for one in kept]
    )  # fmt: skip
    return [owners[number] for number in kept], [assets[number] for number in kept]


def _read_dates(store: Store) -> tuple[dict[str, str], dict[str, str]]:
    dates = _read(store, {name: _PAIRS.format(name) for name in STAKE_DATES})
    since, until = STAKE_DATES
    return dates[since], dates[until]


def _relax_all(store: Store, stakes: _Stakes, assets: np.ndarray[Any, Any], year: Year) -> None:
    """Turn shares into bounds if those of an asset add up to too much."""
    largest = stakes.low
    if merged := stakes.merged:
        shares = zip(stakes.keys, stakes.low, strict=True)
        largest = [float(merged[key]["share_largest"]) if key in merged else low for key, low in shares]
    unsure = np.array([stakes.certainty.get(key) in UNSURE for key in stakes.keys], dtype=bool)
    highs = np.where(unsure, stakes.low, stakes.high)
    sums, reach, doubts = (np.bincount(assets, one) if len(assets) else np.zeros(0) for one in (largest, highs, unsure))
    most = _WHOLE * (1 + ROUNDING)
    full = (sums > most) | ((reach > most) & (doubts > 0))
    if not full.any():
        return
    begun, ended = _read_dates(store)
    groups: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number in np.flatnonzero(full[assets]).tolist():
        key, low, high = stakes.keys[number], stakes.low[number], stakes.high[number]
        said: dict[str, Any] = {"share": low} if low == high else {"share_low": low, "share_high": high}
        said |= {"valid_from": begun.get(key, ""), "valid_until": ended.get(key, "")}
        said |= {"time": stakes.times.get(key, UNKNOWN), "certainty": stakes.certainty.get(key, "")}
        groups[assets[number]].append((number, said | stakes.merged.get(key, {})))
    for group in groups.values():
        relax_to_bounds([data for _, data in group], year)
        for number, data in group:
            stakes.low[number] = data.get("share_low", stakes.low[number])
            stakes.high[number] = data.get("share_high", stakes.high[number])
