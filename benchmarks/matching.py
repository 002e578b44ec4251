"""Name matching compared with bare ``rapidfuzz.process.cdist``, 10,000 names against 10,000, in one run.

The names: two or three out of forty-two words, a number for one in five, a legal form; half of one list are also in the
other, three in five of these with one letter changed. Processes run in turn, excluding imports; the lowest CPU time of
each counts. The bare version computes scores of the normalised names with ``WRatio``, as the suggestions do, and with
``ratio``, the fastest scorer: the score matrix and its non-zero cells. As ``WRatio`` takes minutes, only every tenth
name is compared with all others.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from generate import WORDS
from report import machine, replace_part

ROUNDS: Final = 3
OURS: Final = "ours"
# For slow scorers only one in this many names is compared with all others, and the time is multiplied accordingly.
SLOW: Final = {"WRatio": 10}
FORMS: Final = ("S.A.", "S.A.C.", "Ltd", "Inc.", "Corporation", "plc")


def names(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """Return two lists of names."""
    chance = random.Random(seed)

    def name() -> str:
        words = chance.sample([*WORDS, "Huancavelica", "Pachamama"], chance.choice((2, 3)))
        syllables = "".join(chance.choice(("ba", "chi", "lo", "ma", "que", "ri", "tu", "yan")) for _ in range(3))
        words.insert(0, syllables.title())
        return " ".join([*words, *([str(chance.randrange(1, 200))] if chance.random() < 0.2 else ())])

    one = [name() for _ in range(count)]
    other = [name() for _ in range(count - count // 2)]
    for known in one[: count // 2]:
        at = chance.randrange(len(known))
        other.append(known if chance.random() < 0.4 else known[:at] + "x" + known[at + 1 :])
    return [f"{each} {chance.choice(FORMS)}" for each in one], [f"{each} {chance.choice(FORMS)}" for each in other]


def run_bare(scorer: str, count: int) -> int:
    """Return the number of pairs that score at least the cut-off."""
    import numpy as np
    from rapidfuzz import fuzz, process

    from peru_asia_graph.sources.suggestions import CUTOFF, plain_name

    one, other = ([plain_name(name) for name in some] for some in names(count))
    one = one[:: SLOW.get(scorer, 1)]
    scores = process.cdist(one, other, scorer=getattr(fuzz, scorer), dtype=np.uint8, score_cutoff=CUTOFF)
    return len(np.nonzero(scores)[0])


def run_ours(count: int) -> int:
    """Return the number of suggested pairs."""
    from peru_asia_graph.sources.judgements import Judgements
    from peru_asia_graph.sources.suggestions import Candidate, suggest_matches

    lists = names(count)
    things = [
        Candidate(f"{source}-{at}", source, "Firm", [name], place)
        for place, (source, some) in enumerate(zip("ab", lists, strict=True))
        for at, name in enumerate(some)
    ]
    return len(suggest_matches(things, Judgements(), {"Firm": {"Firm"}}))


def measure(which: str, count: int) -> tuple[float, float, int]:
    """Return the seconds, the peak memory in MiB and the number of pairs of one run, in a separate process."""
    done = subprocess.run(
        [sys.executable, __file__, "--run", which, "--names", str(count)], capture_output=True, text=True, check=True
    )
    seconds, peak, pairs = json.loads(done.stdout)
    return seconds, peak, pairs


def main() -> None:
    """Measure both in turn, or run one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run")
    parser.add_argument("--names", type=int, default=10_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.run:
        import numpy
        import rapidfuzz.fuzz
        import rapidfuzz.process

        assert numpy and rapidfuzz.process
        start = time.process_time()
        pairs = run_ours(given.names) if given.run == OURS else run_bare(given.run, given.names)
        taken = (time.process_time() - start) * SLOW.get(given.run, 1)
        print(json.dumps([taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, pairs]))
        return
    lines = [f"Measured {machine()}.", "", f"| {given.names:,} names each | s | peak, MiB | pairs | ours, times it |"]
    lines.append("|---|---|---|---|---|")
    runs = {name: [measure(name, given.names)] for name in ("WRatio", "ratio", OURS)}
    for name in ("ratio", OURS) * (ROUNDS - 1):
        runs[name].append(measure(name, given.names))
    ours = min(runs[OURS])
    for name, measured in runs.items():
        seconds, peak, pairs = min(measured)
        shown = "suggestions" if name == OURS else f"bare cdist, {name}"
        shown += ", of every tenth name, ten times" if name in SLOW else ""
        lines.append(f"| {shown} | {seconds:.2f} | {peak:.0f} | {pairs:,} | {ours[0] / seconds:.2f} |")
    if given.out:
        given.out.write_text(replace_part(given.out.read_text("utf-8"), "matching", "\n".join(lines)), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
