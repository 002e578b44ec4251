"""Ownership graphs of any size as N-Quads: ``python benchmarks/generate.py TRIPLES FILE [SEED]``.

The shape resembles the shipped graph. Of every ten things, seven are firms and three are mines or blocks. Firms are
arranged in layers; an owner is one to four layers above what it owns, except that a few in a hundred firms hold a stake
in one of their owners. A mine or block has one to four owners, a firm zero to two (1.2 on average), with shares adding
up to at most a hundred. A third of the firms have a home state, out of forty; a fifth of the stakes have no share, half
have a first year, a tenth an end. Each thing and each stake cites one of a thousand passages. There are about
12 triples per thing. Labels are two out of forty words and a number.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from peru_asia_graph.vocabulary import BASE, CODE, DESCRIPTION_GRAPH, GRAPH, ONTOLOGY, PREFIXES, THING, XSD

WORDS = (
    "Andes", "Cobre", "Norte", "Sur", "Pacific", "Resources", "Mining", "Oil", "Energy", "Copper", "Gold", "Iron",
    "Steel", "Union", "Global", "Minera", "Inca", "Condor", "Sierra", "Costa", "Selva", "Alpha", "Delta", "Omega",
    "Prime", "First", "National", "State", "East", "West", "Lima", "Cusco", "Tacna", "Piura", "Ica", "Puno", "Junin",
    "Ancash", "Loreto", "Madre",
)  # fmt: skip
STATES, PLACES, LAYERS = 40, 1_000, 30
PER_THING = 12.0
TYPE, LABEL = f"<{PREFIXES['rdf']}type>", f"<{PREFIXES['rdfs']}label>"


def count_things(triples: int) -> int:
    """Return the number of things in a graph of about this size; the last three tenths are mines and blocks."""
    return max(20, int((triples - 3 * (STATES + PLACES)) / PER_THING))


def generate(triples: int, seed: int = 1) -> Iterator[str]:
    """Yield about this many lines of N-Quads, identical for the same seed."""
    chance = random.Random(seed)
    graph = f"<{GRAPH}sanborn-yong> .\n"
    things = count_things(triples)
    firms = things * 7 // 10
    ownership = _Ownership(things, firms, chance, graph)
    yield f"<{BASE}dataset> <{PREFIXES['void']}subset> <{GRAPH}sanborn-yong> <{DESCRIPTION_GRAPH}> .\n"
    for number in range(STATES):
        yield from _named(f"state-{number}", "State", f"State {number}", graph)
    for number in range(PLACES):
        yield from _named(f"place-{number}", "Citation", f"p. {number // 20 + 1} ¶{number % 20 + 1}", graph)
        yield f'<{THING}place-{number}> <{ONTOLOGY}firstLine> "{number}"^^<{XSD}integer> {graph}'
        yield f'<{THING}place-{number}> <{ONTOLOGY}readingOrder> "{number}"^^<{XSD}integer> {graph}'
    for number in range(things):
        kind = "Firm" if number < firms else chance.choice(("MiningProject", "HydrocarbonBlock"))
        label = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}"
        yield from _named(f"thing-{number}", kind, label, graph)
        yield f"<{THING}thing-{number}> <{ONTOLOGY}citation> <{THING}place-{chance.randrange(PLACES)}> {graph}"
        if number < firms and chance.random() < 1 / 3:
            yield f"<{THING}thing-{number}> <{ONTOLOGY}homeState> <{THING}state-{chance.randrange(STATES)}> {graph}"
        yield from ownership.stakes(number)


def _named(slug: str, kind: str, label: str, graph: str) -> Iterator[str]:
    yield f"<{THING}{slug}> {TYPE} <{ONTOLOGY}{kind}> {graph}"
    yield f'<{THING}{slug}> {LABEL} "{label}" {graph}'


class _Ownership:
    """The owners so far, and the remaining share of each thing."""

    def __init__(self, things: int, firms: int, chance: random.Random, graph: str) -> None:
        self._things, self._firms, self._chance, self._graph = things, firms, chance, graph
        self._height = max(1, firms // LAYERS)
        self._owners: dict[int, list[int]] = {}
        self._left: dict[int, float] = {}
        self._count = 0

    def stakes(self, owned: int) -> Iterator[str]:
        """Yield the stakes in a thing, and sometimes a stake of the thing in one of its owners."""
        layer = min(owned, self._firms) // self._height
        chance = self._chance
        for _ in range(
            chance.choice((1, 1, 2, 2, 2, 3, 4)) if owned >= self._firms else chance.choice((0, 1, 1, 1, 2))
        ):
            above = max(0, layer - chance.randint(1, 4))
            owner = above * self._height + chance.randrange(self._height)
            if layer and owner not in self._owners.get(owned, ()):
                yield from self._stake(owner, owned)
                if owned < self._firms and chance.random() < 0.04:
                    yield from self._stake(owned, self._ancestor(owner))

    def _ancestor(self, thing: int) -> int:
        for _ in range(self._chance.randrange(4)):
            above = self._owners.get(thing)
            thing = self._chance.choice(above) if above else thing
        return thing

    def _stake(self, owner: int, owned: int) -> Iterator[str]:
        if owner == owned:
            return
        self._owners.setdefault(owned, []).append(owner)
        chance, graph = self._chance, self._graph
        self._count += 1
        stake = f"<{THING}stake-{self._count}>"
        yield f"{stake} {TYPE} <{ONTOLOGY}Stake> {graph}"
        yield f"{stake} <{ONTOLOGY}owner> <{THING}thing-{owner}> {graph}"
        yield f"{stake} <{ONTOLOGY}owned> <{THING}thing-{owned}> {graph}"
        yield f"{stake} <{ONTOLOGY}basis> <{CODE}basis/direct> {graph}"
        yield f"{stake} <{ONTOLOGY}citation> <{THING}place-{chance.randrange(PLACES)}> {graph}"
        yield f"<{THING}thing-{owner}> <{ONTOLOGY}holdsStakeIn> <{THING}thing-{owned}> {graph}"
        if chance.random() < 0.8:
            left = self._left.get(owned, 100.0)
            share = int(100 * left * chance.uniform(0.1, 0.9)) / 100
            self._left[owned] = left - share
            yield f'{stake} <{ONTOLOGY}sharePercent> "{share:.2f}"^^<{XSD}decimal> {graph}'
        if chance.random() < 0.5:
            yield f'{stake} <{ONTOLOGY}validFrom> "{chance.randint(1990, 2012)}"^^<{XSD}gYear> {graph}'
        if chance.random() < 0.1:
            yield f'{stake} <{ONTOLOGY}validUntil> "{chance.randint(2005, 2013)}"^^<{XSD}gYear> {graph}'


def write(triples: int, file: Path, seed: int = 1) -> int:
    """Write a graph of about this many triples; return the exact number."""
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for line in generate(triples, seed):
            out.write(line)
            count += 1
    return count


if __name__ == "__main__":
    print(write(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1))
