"""Effective owners of all assets, computed in batches by any executor: processes, Dask, Ray, MPI."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership.effective import Share, effective_owners
from peru_asia_graph.ownership.plain_graph import PlainGraph
from peru_asia_graph.ownership.shareholdings import Holdings, Node, refuse_mixed

if TYPE_CHECKING:
    import networkx as nx


class OwnerShare(NamedTuple):
    """The effective share of one owner in one asset."""

    asset: Node
    owner: Node
    share: Share


def all_effective_owners(
    graph: nx.Graph[Any] | PlainGraph[Any] | Holdings,
    *,
    min_share: float = 0.0,
    executor: Executor | None = None,
    pieces: int = 16,
    share: str = "share",
    whole: float = 100.0,
) -> Iterator[OwnerShare]:
    """Yield the effective owners of every asset, in node order, as ``effective_owners`` computes them.

    Parameters
    ----------
    graph, share, whole, min_share
        As in ``effective_owners``. Assets whose stakes add up to more than the whole are skipped; they are in
        ``Holdings.from_graph(graph).over_owned``.
    executor
        Any `concurrent.futures.Executor`; its workers compute batches of assets. None computes in this process. The
        holdings are sent with every batch, so workers can be on other machines, and each worker unpickles them once.
        Workers need this package installed.
    pieces
        The number of batches; use a few per worker.

    Raises
    ------
    WrongUse
        If a share, the number of pieces or the executor is invalid.

    Examples
    --------
    >>> import networkx as nx
    >>> firms = nx.DiGraph()
    >>> firms.add_weighted_edges_from([("A", "B", 50), ("B", "C", 60)], weight="share")
    >>> [(one.asset, one.owner, one.share.point) for one in all_effective_owners(firms, min_share=40)]
    [('B', 'A', 50.0), ('C', 'B', 60.0)]
    """
    if isinstance(pieces, bool) or not isinstance(pieces, int) or pieces < 1:
        raise WrongUse(f"pieces must be an integer of 1 or more, not {pieces!r}")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise WrongUse(f"executor must have a submit method, as in concurrent.futures, not {executor!r}")
    holdings = Holdings.from_graph(graph, share, whole)
    refuse_mixed(holdings)
    count = len(holdings.index)
    bounds = [count * piece // pieces for piece in range(pieces + 1)]
    ranges = [(start, stop) for start, stop in pairwise(bounds) if start < stop]
    if executor is None:
        for start, stop in ranges:
            yield from _owners_in(holdings, min_share, start, stop)
        return
    # Pickle once: each batch then sends a copy of the bytes instead of pickling the holdings again.
    sent = pickle.dumps(holdings, pickle.HIGHEST_PROTOCOL)
    # Submit one by one: some executors' ``map`` accepts only lists.
    futures = deque(executor.submit(_owners_of_sent, sent, min_share, start, stop) for start, stop in ranges)
    while futures:
        for asset, owner, *bounds in futures.popleft().result():
            yield OwnerShare(asset, owner, Share(*bounds))


def _owners_of_sent(sent: bytes, min_share: float, start: int, stop: int) -> list[tuple[Any, ...]]:
    """Return the effective owners of these assets as flat tuples, which are faster to send back."""
    return [(one.asset, one.owner, *one.share) for one in _owners_in(_holdings_of(sent), min_share, start, stop)]


@lru_cache(maxsize=1)
def _holdings_of(sent: bytes) -> Holdings:
    """Return the unpickled holdings; the cache keeps those of the previous batch."""
    found: Holdings = pickle.loads(sent)
    return found


def _owners_in(holdings: Holdings, min_share: float, start: int, stop: int) -> list[OwnerShare]:
    """Return the effective owners of the assets with these numbers."""
    return [
        OwnerShare(asset, owner, part)
        for number, asset in enumerate(holdings.nodes[start:stop], start)
        if holdings.is_owned(number) and asset not in holdings.over_owned
        for owner, part in effective_owners(holdings, asset, min_share=min_share).shares.items()
    ]
