"""Ownership at scale compared with bare scipy and plain networkx: ``python benchmarks/ownership.py [FIRMS]``.

The graph: the owner of each stake is picked at random from the 3,000 firms preceding its asset; two in a hundred stakes
are reversed, which creates cycles; the shares of an asset add up to 60 to 100 percent. Seeded, with an average of
2 stakes per firm.
"""

from __future__ import annotations

import itertools
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

WINDOW = 3_000
ROUNDS = 5


def stakes(firms: int, seed: int = 1) -> tuple[Any, Any, Any]:
    """Return owners, assets and parts of a generated graph."""
    random = np.random.default_rng(seed)
    count = 2 * firms
    asset = random.integers(1, firms, count)
    owner = np.maximum(asset - 1 - random.integers(0, WINDOW, count), 0)
    back = random.random(count) < 0.02
    owner, asset = np.where(back, asset, owner), np.where(back, owner, asset)
    distinct = owner != asset
    owner, asset = owner[distinct], asset[distinct]
    part = random.random(len(owner))
    whole = np.bincount(asset, part, minlength=firms)
    return owner, asset, part / whole[asset] * random.uniform(0.6, 1.0, firms)[asset]


def bare_series(shares: Any, asset: int) -> Any:
    """Return (I − W)⁻¹ applied to one unit vector, by the power series alone."""
    flow = np.zeros(shares.shape[0])
    flow[asset] = 1.0
    total = flow.copy()
    while flow.sum() > 1e-14:
        flow = shares @ flow
        total += flow
    return total


def timed(work: Callable[[], object]) -> float:
    """Return the seconds a function takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def at_scale(firms: int) -> None:
    """Compare one asset's owners, and all ultimate controllers, with the bare series on the same matrix."""
    from peru_asia_graph.ownership import Holdings, effective_owners
    from peru_asia_graph.ownership.controllers import top_controllers

    holdings = Holdings.from_arrays(range(firms), *stakes(firms))
    shares, last = holdings.known.to_scipy(), firms - 1
    by_row = shares.tocsr()
    measured: dict[str, Callable[[], object]] = {
        "bare scipy power series": lambda: bare_series(by_row, last),
        "effective owners of one asset": lambda: effective_owners(holdings, last),
        "ultimate controller of every firm": lambda: top_controllers(shares, {}, 0.5),
    }
    taken = {name: [] for name in measured}  # type: dict[str, list[float]]
    for _ in range(ROUNDS):
        for name, work in measured.items():
            taken[name].append(timed(work))
    base = float(np.median(taken["bare scipy power series"]))
    print(f"{firms:,} firms, {shares.nnz:,} stakes")
    for name, times in taken.items():
        print(f"  {name:<36} {np.median(times):6.2f} s  {np.median(times) / base:5.2f} times the bare series")


def against_paths(firms: int = 26) -> None:
    """Compare with enumerating simple paths in networkx on a small acyclic graph."""
    import networkx as nx

    from peru_asia_graph.ownership import effective_owners

    random = np.random.default_rng(3)
    graph: nx.DiGraph[int] = nx.DiGraph()
    for asset in range(1, firms):
        near = np.arange(max(0, asset - 3), asset)
        owners = random.choice(near, min(2, asset), replace=False).tolist()
        for owner in owners:
            graph.add_edge(owner, asset, share=90.0 / len(owners))
    last = firms - 1

    def naive() -> float:
        ways = itertools.chain.from_iterable(
            nx.all_simple_paths(graph, owner, last) for owner in nx.ancestors(graph, last)
        )
        shares = ([graph.edges[edge]["share"] / 100 for edge in itertools.pairwise(way)] for way in ways)
        return float(sum(np.prod(way) for way in shares))

    slow, quick = timed(naive), timed(lambda: effective_owners(graph, last))
    print(f"{firms} firms without cycles: path by path {slow:.2f} s, here {quick:.4f} s, {slow / quick:.0f} times")


def peak(code: str) -> float:
    """Return the peak memory of a Python program in MB."""
    report = f"{code}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def memory(firms: int) -> None:
    """Compare the peak memory of the bare series and of finding one asset's owners, each in a separate process."""
    start = f"import sys; sys.path.insert(0, {str(__file__).rsplit('/', 1)[0]!r}); import ownership as b; n = {firms}\n"
    make = "from scipy import sparse; o, a, p = b.stakes(n); w = sparse.csr_array((p, (o, a)), shape=(n, n))\n"
    bare = peak(f"{start}{make}b.bare_series(w, n - 1)")
    ours = "from peru_asia_graph.ownership import Holdings, effective_owners\n"
    ours += "h = Holdings.from_arrays(range(n), *b.stakes(n)); effective_owners(h, n - 1)"
    print(f"  peak memory: bare {bare:.0f} MB, effective owners {peak(start + ours):.0f} MB")


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    at_scale(size)
    memory(size)
    against_paths()
    print(f"  (this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB)")
