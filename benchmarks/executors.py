"""Effective owners of all assets with two worker processes and with none: ``python benchmarks/executors.py [STAKES]``.

The graph: firms in thirty layers with zero to two owners each (1.2 on average), one to four layers above; the shares
of a firm add up to 60 to 100 percent. Runs with and without workers alternate. Wall-clock time depends on what else the
machine is doing, so two more figures are given: the CPU time of all processes, and the best possible wall-clock time on
two otherwise idle processors (half the CPU time, or that of the longer-running worker if greater).
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from report import machine, replace_part

from peru_asia_graph.ownership import Holdings, all_effective_owners

LAYERS: Final = 30
MIN_SHARE: Final = 1.0


def layered(stakes: int, seed: int = 1) -> Holdings:
    """Return a generated graph with about this many stakes."""
    random = np.random.default_rng(seed)
    firms = int(stakes / 1.2)
    width = firms // LAYERS
    count = random.choice(3, firms, p=[0.2, 0.4, 0.4])
    count[:width] = 0
    asset = np.repeat(np.arange(firms), count)
    near = random.integers(-width // 2, width // 2, len(asset))
    owner = np.clip(asset - width * random.integers(1, 5, len(asset)) + near, 0, asset - 1)
    part = random.random(len(asset))
    whole = np.bincount(asset, part, minlength=firms)
    return Holdings.from_arrays(range(firms), owner, asset, part / whole[asset] * random.uniform(0.6, 1, firms)[asset])


class Run(NamedTuple):
    """Wall-clock seconds, CPU seconds of all processes, best possible wall-clock seconds, and the results."""

    clock: float
    used: float
    best: float
    pairs: int
    total: float


def _used(_: int) -> tuple[int, float]:
    time.sleep(0.2)
    return os.getpid(), time.process_time()


def _measure(holdings: Holdings, pool: ProcessPoolExecutor | None) -> Run:
    before = dict(pool.map(_used, range(4))) if pool else {}
    start, used = time.perf_counter(), time.process_time()
    pairs, total = 0, 0.0
    for one in all_effective_owners(holdings, min_share=MIN_SHARE, executor=pool):
        pairs, total = pairs + 1, total + one.share.low
    clock, own = time.perf_counter() - start, time.process_time() - used
    after = dict(pool.map(_used, range(4))) if pool else {}
    workers = [seconds - before.get(process, 0.0) for process, seconds in after.items()]
    used = own + sum(workers)
    return Run(clock, used, max(used / 2, *workers) if workers else used, pairs, total)


def main() -> None:
    """Run the benchmark and print the table or write it to a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stakes", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    lines = [f"Measured {machine()}.", ""]
    holdings = layered(given.stakes)
    alone, shared = list[Run](), list[Run]()
    for _ in range(given.rounds):
        alone.append(_measure(holdings, None))
        with ProcessPoolExecutor(2) as pool:
            shared.append(_measure(holdings, pool))
    assert len({one[3:] for one in (*alone, *shared)}) == 1
    lines += [f"{holdings.known.stakes:,} stakes, {alone[0].pairs:,} pairs of {MIN_SHARE:g} percent or more:", ""]
    lines += ["| workers | on the clock, s | ratio | processors, s | at best, s | ratio |", "|---|---|---|---|---|---|"]
    first = [min(column) for column in list(zip(*alone, strict=True))[:3]]
    for name, runs in (("none", alone), ("two processes", shared)):
        clock, used, best = (min(column) for column in list(zip(*runs, strict=True))[:3])
        lines.append(
            f"| {name} | {clock:.1f} | {clock / first[0]:.2f} | {used:.1f} | {best:.1f} | {best / first[2]:.2f} |"
        )
    if given.out:
        given.out.write_text(replace_part(given.out.read_text("utf-8"), "executors", "\n".join(lines)), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
