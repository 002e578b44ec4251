"""Places for boxes and lines, computed here so that a page looks the same on every load.

In: sizes of boxes and the links between them. Out: a `Drawing` in pixels, origin at the top left, y downwards.
Limit: the aim is a readable picture of up to about two hundred boxes; crossings are reduced, not minimised.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, count, pairwise
from typing import NamedTuple

COLUMN_GAP = 66.0  # room for a share at the end of each line
ROW_GAP = 8.0
BLOCK_GAP = 22.0
CELL = 12.0  # fineness of packing
HEADING = 26.0  # a band's title line
WAY_HEIGHT = 4.0  # a line passing through a column

Group = tuple[str, str | None, Sequence[str]]  # a band's title, the box at its head, the others in reading order


class Size(NamedTuple):
    """Width and height of a box."""

    width: float
    height: float


class Point(NamedTuple):
    """A place; for a box its top left corner."""

    x: float
    y: float


class Link(NamedTuple):
    """A line from one box to another; `id` is unique in a picture."""

    id: str
    source: str
    target: str


class Band(NamedTuple):
    """A titled background strip."""

    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """Top left corners of boxes, the points each line runs through, bands, and the size of the whole."""

    places: dict[str, Point]
    routes: dict[str, tuple[Point, ...]]
    bands: tuple[Band, ...]
    width: float
    height: float
    sizes: dict[str, Size] = field(default_factory=dict)

    def beside(self, other: "Drawing", dx: float, dy: float) -> "Drawing":
        """Both drawings in one, the other shifted."""
        return Drawing(
            self.places | {box: Point(p.x + dx, p.y + dy) for box, p in other.places.items()},
            self.routes | {link: tuple(Point(p.x + dx, p.y + dy) for p in way) for link, way in other.routes.items()},
            (*self.bands, *(band._replace(x=band.x + dx, y=band.y + dy) for band in other.bands)),
            max(self.width, other.width + dx),
            max(self.height, other.height + dy),
            self.sizes | other.sizes,
        )


def layered(
    boxes: Mapping[str, Size], links: Sequence[Link], *, aspect: float, widest: float, loose_title: str
) -> Drawing:
    """Draw owners left and assets right, each connected part as one block, the blocks packed to the aspect ratio.

    Links between unknown boxes raise KeyError. Cycles are allowed: a link that closes one runs back to the left.
    Boxes without any link stand together in a band called `loose_title`.
    """
    import networkx as nx

    whole: nx.Graph[str] = nx.Graph()
    whole.add_nodes_from(sorted(boxes))
    whole.add_edges_from((link.source, link.target) for link in links)
    blocks, loose = [], []
    for part in sorted(sorted(part) for part in nx.connected_components(whole)):
        inside = sorted(link for link in links if link.source in part and link.source != link.target)
        if inside:
            blocks.append(_block({box: boxes[box] for box in part}, inside, aspect))
        else:
            loose += part
    if loose:
        side = (len(loose) ** 0.5 + 1) * (max(boxes[box].width for box in loose) + BLOCK_GAP)
        few = {box: boxes[box] for box in loose}
        blocks.append(lanes(few, [], [(loose_title, None, loose)], home=None, widest=side))
    return pack(blocks, aspect=aspect, widest=widest)


def lanes(
    boxes: Mapping[str, Size], links: Sequence[Link], groups: Sequence[Group], *, home: str | None, widest: float
) -> Drawing:
    """Draw one band a group, with `home` at the far left.

    Every box must stand in exactly one group, or be `home`. Rows are filled up to the width `widest`.
    """
    cell = max((boxes[m].width for _, _, members in groups for m in members), default=0.0)
    heads = max((boxes[head].width for _, head, _ in groups if head is not None), default=0.0)
    left = BLOCK_GAP / 2 + (boxes[home].width + COLUMN_GAP if home is not None else 0.0)
    start = left + (heads + COLUMN_GAP if heads else 0.0)
    longest = max((len(members) for _, _, members in groups), default=0)
    columns = max(min(int((widest - start) / (cell + BLOCK_GAP)), longest), 1)
    width = start + columns * (cell + BLOCK_GAP)
    places: dict[str, Point] = {}
    bands = []
    top = 0.0
    for title, head, members in groups:
        y = top + HEADING + ROW_GAP
        for first in range(0, len(members), columns):
            row = members[first : first + columns]
            tallest = max(boxes[member].height for member in row)
            for column, member in enumerate(row):
                places[member] = Point(start + column * (cell + BLOCK_GAP), y + (tallest - boxes[member].height) / 2)
            y += tallest + ROW_GAP
        if head is not None:
            places[head] = Point(left, top + HEADING + ROW_GAP)
            y = max(y, places[head].y + boxes[head].height + ROW_GAP)
        bands.append(Band(title, left - BLOCK_GAP / 2, top, width - left, y - top))
        top = y + ROW_GAP
    height = max(top - ROW_GAP, 0.0 if home is None else HEADING + ROW_GAP + boxes[home].height)
    if home is not None:
        places[home] = Point(0.0, HEADING + ROW_GAP if groups else 0.0)
    routes = {link.id: _across(boxes, places, link) for link in links if link.source != link.target}
    return Drawing(places, routes, tuple(bands), width - BLOCK_GAP / 2, height, dict(boxes))


def pack(blocks: Iterable[Drawing], *, aspect: float, widest: float) -> Drawing:
    """Place the blocks without overlap in a rectangle of about the given width : height.

    Each block, largest first, goes to the highest free place; blocks may reach into each other's hollows, a margin
    of BLOCK_GAP kept. Of several widths up to `widest`, the one that needs the smallest canvas wins.
    """
    ordered = sorted(blocks, key=lambda block: (-block.width * block.height, sorted(block.places)))
    if not ordered:
        return Drawing({}, {}, (), 0.0, 0.0)
    stamps = [_stamp(block) for block in ordered]
    least = max(row.bit_length() for stamp in stamps for row in stamp)
    ideal = int((sum(b.width * b.height for b in ordered) * aspect) ** 0.5 / CELL)
    limits = {int(widest / CELL), *range(ideal // 2, 2 * ideal + 1, max(ideal // 4, 1))}
    tries = [_pack_into(ordered, stamps, max(limit, least)) for limit in sorted(limits)]
    return min(tries, key=lambda d: (max(d.width - widest, 0.0), max(d.width, d.height * aspect)))


def _stamp(block: Drawing) -> list[int]:
    """The cells a block covers with its margin to the right and below: a row of bits for each row of cells."""
    rows = [0] * (int((block.height + BLOCK_GAP) / CELL) + 1)
    areas = [(p.x, p.y, p.x + block.sizes[box].width, p.y + block.sizes[box].height) for box, p in block.places.items()]
    areas += [(band.x, band.y, band.x + band.width, band.y + band.height) for band in block.bands]
    for way in block.routes.values():
        areas += [(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)) for a, b in pairwise(way)]
    for x0, y0, x1, y1 in areas:
        first, last = int(x0 / CELL), int((x1 + BLOCK_GAP) / CELL)
        for row in range(int(y0 / CELL), int((y1 + BLOCK_GAP) / CELL) + 1):
            rows[row] |= (1 << last + 1) - (1 << first)
    return rows


def _pack_into(blocks: Sequence[Drawing], stamps: Sequence[Sequence[int]], limit: int) -> Drawing:
    taken: defaultdict[int, int] = defaultdict(int)
    whole = Drawing({}, {}, (), 0.0, 0.0)
    for block, stamp in zip(blocks, stamps, strict=True):
        free = range(max(limit - max(row.bit_length() for row in stamp), 0) + 1)
        spots = ((x, y) for y in count() for x in free)
        x, y = next((x, y) for x, y in spots if not any(taken[y + i] & row << x for i, row in enumerate(stamp)))
        for i, row in enumerate(stamp):
            taken[y + i] |= row << x
        whole = whole.beside(block, x * CELL, y * CELL)
    return whole


def _block(boxes: Mapping[str, Size], links: Sequence[Link], aspect: float) -> Drawing:
    """One connected part: layers, order within each, heights, then the lines."""
    forward = _without_cycles(sorted(boxes), links)
    area = sum((size.width + COLUMN_GAP) * (size.height + ROW_GAP) for size in boxes.values())
    layer = _layers(boxes, forward, limit=max((area / aspect) ** 0.5, 240.0))
    sizes, chains = dict(boxes), {}
    for link, (a, b) in zip(links, forward, strict=True):
        ways = [f"\0{link.id}\0{step}" for step in range(layer[a] + 1, layer[b])]
        layer.update({way: layer[a] + 1 + step for step, way in enumerate(ways)})
        sizes.update({way: Size(0.0, WAY_HEIGHT) for way in ways})
        chains[link.id] = [a, *ways, b] if a == link.source else [b, *reversed(ways), a]
    near: dict[str, list[str]] = {box: [] for box in sizes}
    for a, b in sorted({pair for chain in chains.values() for pair in pairwise(chain)}):
        near[a].append(b)
        near[b].append(a)
    columns, tops = _stack(layer, near, sizes)
    widths = [max(sizes[box].width for box in column) for column in columns]
    lefts = [sum(widths[:step]) + step * COLUMN_GAP for step in range(len(widths))]
    spot = {box: Point(lefts[step], tops[box]) for step, column in enumerate(columns) for box in column}
    span = {way: Size(widths[layer[way]], WAY_HEIGHT) for way in sizes if way not in boxes}
    routes = _routes(sizes | span, spot, chains)
    bottom = max(spot[box].y + sizes[box].height for box in spot)
    return Drawing({box: spot[box] for box in boxes}, routes, (), lefts[-1] + widths[-1], bottom, dict(boxes))


def _without_cycles(boxes: Sequence[str], links: Sequence[Link]) -> list[tuple[str, str]]:
    """Each link as a pair, turned round where it would close a cycle (depth first, fewest owners first)."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph((link.source, link.target) for link in links)
    graph.add_edges_from(("", box) for box in sorted(boxes, key=lambda box: (graph.in_degree(box), box)))
    finished = {box: place for place, box in enumerate(nx.dfs_postorder_nodes(graph, ""))}
    return [(a, b) if finished[a] > finished[b] else (b, a) for _, a, b in links]


def _layers(boxes: Mapping[str, Size], pairs: Sequence[tuple[str, str]], limit: float) -> dict[str, int]:
    """Longest-path layers counted from the right, each no taller than `limit`; 0 is the leftmost."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(sorted(pairs))
    filled: defaultdict[int, float] = defaultdict(float)
    layer: dict[str, int] = {}
    for box in reversed(list(nx.lexicographical_topological_sort(graph))):
        step = max((layer[owned] + 1 for owned in graph.successors(box)), default=0)
        while filled[step] and filled[step] + boxes[box].height + ROW_GAP > limit:
            step += 1
        filled[step] += boxes[box].height + ROW_GAP
        layer[box] = step
    used = {old: new for new, old in enumerate(sorted(set(layer.values()), reverse=True))}
    return {box: used[old] for box, old in layer.items()}


def _stack(
    layer: Mapping[str, int], near: Mapping[str, Sequence[str]], sizes: Mapping[str, Size]
) -> tuple[list[list[str]], dict[str, float]]:
    """Columns from top to bottom, and the top of each box: as near the middle of its neighbours as the rest allows."""
    ranked = sorted(layer, key=lambda box: (-len(near[box]), box))
    columns = [[box for box in ranked if layer[box] == step] for step in range(max(layer.values()) + 1)]
    middle = {box: float(place) for column in columns for place, box in enumerate(column)}
    for sweep in range(24):
        for step, column in enumerate(columns) if sweep % 2 == 0 else reversed(list(enumerate(columns))):
            before = step - 1 if sweep % 2 == 0 else step + 1
            beside = {box: [n for n in near[box] if layer[n] == before or sweep >= 12] or [box] for box in column}
            wish = {box: sum(middle[n] for n in beside[box]) / len(beside[box]) for box in column}
            if sweep < 12:  # first the order, then the distances
                column.sort(key=lambda box: (wish[box], box))
            half = accumulate((sizes[box].height + ROW_GAP for box in column), initial=0.0)
            above = {box: top + sizes[box].height / 2 for box, top in zip(column, half, strict=False)}
            free = _in_order([wish[box] - above[box] for box in column])
            middle |= {box: shift + above[box] for box, shift in zip(column, free, strict=True)}
    tops = {box: middle[box] - sizes[box].height / 2 for box in layer}
    return columns, {box: round(top - min(tops.values()), 2) for box, top in tops.items()}


def _in_order(wishes: Sequence[float]) -> list[float]:
    """The non-decreasing numbers nearest to the wishes (least squares, by pooling neighbours that clash)."""
    pools: list[tuple[float, int]] = []
    for wish in wishes:
        pools.append((wish, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (b, n), (a, m) = pools.pop(), pools.pop()
            pools.append(((a * m + b * n) / (m + n), m + n))
    return [mean for mean, size in pools for _ in range(size)]


def _routes(
    boxes: Mapping[str, Size], spot: Mapping[str, Point], chains: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Point, ...]]:
    """Lines from right side to left side, level across each column between, spread so that none coincide."""
    sides: defaultdict[tuple[str, int], list[tuple[float, str]]] = defaultdict(list)
    for link, chain in chains.items():
        for end, beside in ((0, 1), (-1, -2)):
            sides[chain[end], end].append((spot[chain[beside]].y + boxes[chain[beside]].height / 2, link))
    height = {
        (link, end): round(spot[box].y + boxes[box].height * (place + 0.5) / len(lines), 2)
        for (box, end), lines in sides.items()
        for place, (_, link) in enumerate(sorted(lines))
    }
    routes, right = {}, {x: max(boxes[b].width for b in spot if spot[b].x == x) for x, _ in spot.values()}
    for link, chain in chains.items():
        x, out = spot[chain[0]].x, height[link, 0]
        way = [Point(x + boxes[chain[0]].width, out), Point(x + right[x], out)]
        for box in chain[1:-1]:
            across = [spot[box], Point(spot[box].x + boxes[box].width, spot[box].y)]
            way += across if x < spot[chain[-1]].x else across[::-1]
        routes[link] = (*way, Point(spot[chain[-1]].x, height[link, -1]))
    return routes


def _across(boxes: Mapping[str, Size], places: Mapping[str, Point], link: Link) -> tuple[Point, ...]:
    """From the side of one box to the facing side of another, or left to left."""
    (ax, ay), (bx, by) = places[link.source], places[link.target]
    a, b = boxes[link.source], boxes[link.target]
    start, end = (ax + a.width, bx) if ax + a.width <= bx else (ax, bx + b.width if bx + b.width <= ax else bx)
    return Point(start, ay + a.height / 2), Point(end, by + b.height / 2)
