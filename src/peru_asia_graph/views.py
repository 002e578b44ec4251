"""Pages: a graph becomes one interactive HTML document.

In: a `networkx.MultiDiGraph` whose attributes are plain values, absent when unknown. Out: the text of an HTML document
that asks nothing from the network. Limit: the picture is drawn for up to about two hundred nodes; the tables have none.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peru_asia_graph.layout import Drawing, Group, Link, Size, lanes, layered

if TYPE_CHECKING:
    import networkx as nx

Row = dict[str, Any]  # one node or edge in the words and colours a reader sees

TEMPLATES = Path(__file__).parent / "templates"
VIS = Path(__file__).parent / "assets" / "vis-network"
LOOKS: Row = json.loads((TEMPLATES / "looks.json").read_text(encoding="utf-8"))
SHARED = {"vis-network.min.js": VIS, "page.js": TEMPLATES, "page.css": TEMPLATES}
LICENCES = ("LICENSE-APACHE-2.0", "LICENSE-MIT")

ASPECT = 1.9  # width : height of the picture in a window of 1280 by 800
WIDEST = 1400.0  # fills such a window at the smallest readable scale; what needs more grows downwards
FONT = 12.5  # layout pixels; drawn at 0.88 or more, so never below 11 on screen
LINE = 15.0
TILE = 22.0
ROOM = 150.0  # widest line of a name
LINES = 3
WIDE, NARROW = "mwMWGOQ@%—…ABCDEFHKNPRSTUVXYZ&", "ijlfrtI.,:;'!|()[] -/"
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")


def page(graph: "nx.MultiDiGraph[str]", kind: str, title: str, *, assets: str | None = None) -> str:
    """Return a complete HTML document of the graph; the graph is left as it was.

    `kind` is a row of `pages` in templates/looks.json (ValueError if not): "ownership", edges from owner to owned, or
    "diplomacy", edges from subject to object. With `assets` None everything stands in the document; else it links to
    that folder, relative to the page, which `write_assets` fills.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    if kind not in LOOKS["pages"]:
        raise ValueError(f"no page of kind {kind!r}; there are: {', '.join(sorted(LOOKS['pages']))}")
    look = LOOKS["pages"][kind]
    nodes, edges = read_nodes(graph), read_edges(graph)
    edges.sort(key=lambda edge: (edge["relation"] in look["undrawn"], nodes[edge["source"]]["name"].casefold()))
    boxes, drawing = draw(nodes, edges, look)
    texts = {name: (folder / name).read_text(encoding="utf-8") for name, folder in SHARED.items()}
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment.get_template("page.html").render(
        title=visible(title),
        look=look,
        nodes=nodes,
        edges=edges,
        legend=legend(nodes.values()),
        data=as_script_data(carry(nodes, edges, boxes, drawing, look)),
        assets=assets,
        texts=texts,
        policy=policy(texts, assets),
    )


def write_assets(folder: Path) -> list[Path]:
    """Write the files that pages made with `assets` share, licences included; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: home / name for name, home in SHARED.items()}
    files |= {f"vis-network.{name}": VIS / name for name in LICENCES}
    for name, source in files.items():
        (folder / name).write_bytes(source.read_bytes())
    return [folder / name for name in files]


def read_nodes(graph: "nx.MultiDiGraph[str]") -> dict[str, Row]:
    """Each node as the words a reader sees, by key, sorted by name."""
    nodes = {}
    for key, facts in graph.nodes(data=True):
        kind = facts.get("type", "")
        words, glyph = LOOKS["kinds"].get(kind, (spaced(kind) or "thing", "dot"))
        country = facts.get("country", key if kind == "State" else None)
        look = LOOKS["countries"].get(country, LOOKS["other_country"]) if country is not None else LOOKS["no_country"]
        home = facts.get("country_label", facts.get("label", key) if country == key else spaced(country or ""))
        nodes[key] = {
            "id": key,
            "name": visible(facts.get("label", key)),
            "type": kind,
            "kind": words,
            "glyph": LOOKS["glyphs"][glyph],
            "code": look[0],
            "colour": look[1],
            "home": visible(home),
            "country": country,
            "date": visible(facts.get("date", "")),
            "where": visible(facts.get("citations", "")),
        }
    return dict(sorted(nodes.items(), key=lambda item: (item[1]["name"].casefold(), item[0])))


def read_edges(graph: "nx.MultiDiGraph[str]") -> list[Row]:
    """Each edge as the words a reader sees, sorted by id."""
    edges = []
    for source, target, key, facts in graph.edges(keys=True, data=True):
        relation, share, certainty = facts.get("relation", ""), facts.get("share"), facts.get("certainty", "stated")
        words = LOOKS["relations"].get(relation, (spaced(relation), f"{spaced(relation)} (from)"))
        doubtful, unstated = certainty in LOOKS["doubtful"], relation in LOOKS["holdings"] and share is None
        notes = [
            ("{}", facts.get("role")),
            ("share not stated", True if unstated else None),
            ("{}", facts.get("basis")),
            ("{}", spaced(certainty) if certainty != "stated" else None),
            ("{}" if relation in LOOKS["moments"] else "from {}", facts.get("valid_from")),
            ("until {}", facts.get("valid_until")),
            ("{}", facts.get("time") if facts.get("time") != "true" else None),
        ]
        edges.append({
            "id": f"{source}|{key}|{target}",
            "source": source,
            "target": target,
            "relation": relation,
            "words": words,
            "share": "" if share is None else f"{float(share):g} %",
            "weight": 1.4 if share is None or doubtful else round(1.2 + 0.045 * float(share), 2),
            "style": "dotted" if doubtful else "dashed" if unstated else "solid",
            "notes": [visible(form.format(note)) for form, note in notes if note is not None],
            "where": visible(facts.get("citations", "")),
        })  # fmt: skip
    return sorted(edges, key=lambda edge: str(edge["id"]))


def draw(nodes: Mapping[str, Row], edges: Iterable[Row], look: Row) -> tuple[dict[str, Row], Drawing]:
    """The drawn boxes (size, lines of the name, tag) by node, and their places by the page's arrangement."""
    stakes = {(edge["source"], edge["target"]) for edge in edges if edge["relation"] == "stake"}
    lines = [edge for edge in edges if edge["relation"] not in look["undrawn"]]
    lines = [e for e in lines if e["relation"] not in look["within"] or (e["source"], e["target"]) not in stakes]
    linked = {end for edge in lines for end in (edge["source"], edge["target"])}
    arriving = [edge["target"] for edge in lines if edge["share"]]
    boxes: dict[str, Row] = {}
    for key, node in nodes.items():
        if key in linked or node["type"] != "State":
            tag = year_of(node["date"]) if look["tag"] == "year" else node["code"]
            name = wrapped(node["name"])
            width = TILE + 14 + max(width_of(line) for line in name) + (width_of(tag) + 8 if tag else 0)
            height = max(LINE * len(name) + 9, 14.0 * arriving.count(key) + 4)
            boxes[key] = {"lines": name, "tag": tag, "size": Size(round(width, 1), height)}
    sizes: dict[str, Size] = {key: box["size"] for key, box in boxes.items()}
    links = [Link(edge["id"], edge["source"], edge["target"]) for edge in lines]
    match look["arrangement"]:
        case "layered":
            return boxes, layered(sizes, links, aspect=ASPECT, widest=WIDEST, loose_title=look["loose"])
        case "lanes":
            widest = max((size.width for key, size in sizes.items() if nodes[key]["type"] != "State"), default=0.0)
            for key in sizes.keys() - {key for key in sizes if nodes[key]["type"] == "State"}:
                boxes[key]["size"] = sizes[key] = sizes[key]._replace(width=widest)
            home = "peru" if "peru" in boxes else None
            groups = partners({key: nodes[key] for key in boxes}, links, home, look["loose"])
            return boxes, lanes(sizes, links, groups, home=home, widest=WIDEST)
        case other:
            raise ValueError(f"no arrangement {other!r}")


def partners(nodes: Mapping[str, Row], links: Iterable[Link], home: str | None, rest: str) -> list[Group]:
    """Bands of the diplomacy page: each state that shares something with `home`, then the `rest`, earliest first."""
    near: dict[str, set[str]] = {key: set() for key in nodes}
    for link in links:
        near[link.source].add(link.target)
        near[link.target].add(link.source)
    states = {key for key in nodes if nodes[key]["type"] == "State" and key != home}
    ours = near[home] if home is not None else set()
    heads = sorted(state for state in states if state in ours or near[state] & ours)
    band = {head: head for head in heads}
    for _ in range(2):  # a person follows an event, an event follows a state
        found = {}
        for key in near.keys() - band.keys() - {home}:
            held = {band[n] for n in near[key] if n in band} or {nodes[key]["country"]} & set(heads)
            if held:
                found[key] = held.pop() if len(held) == 1 else rest
        band |= found

    def when(key: str) -> tuple[str, bool, str, str]:
        return nodes[key]["date"].lstrip("./") or "~", nodes[key]["type"] in LOOKS["actors"], nodes[key]["name"], key

    order = sorted(near.keys() - set(heads) - {home}, key=when)
    groups: list[Group] = [(nodes[h]["name"], h, [key for key in order if band.get(key) == h]) for h in heads]
    left = [key for key in order if band.get(key, rest) == rest]
    return [*groups, (rest, None, left)] if left else groups


def carry(nodes: Mapping[str, Row], edges: Iterable[Row], boxes: Mapping[str, Row], drawing: Drawing, look: Row) -> Row:
    """Put nodes, edges and options into a pyvis network and return what the page's script reads."""
    from pyvis.network import Network

    network = Network(directed=True)
    network.set_options(json.dumps(LOOKS["options"]))
    for key, node in nodes.items():
        facts = {name: node[name] for name in ("kind", "home", "date", "where", "glyph")}
        if key in boxes:
            (x, y), (w, h) = drawing.places[key], boxes[key]["size"]
            facts |= {"x": round(x + w / 2, 1), "y": round(y + h / 2, 1), "w": w, "h": h}
            facts |= {name: boxes[key][name] for name in ("lines", "tag")}
        network.add_node(key, label=node["name"], shape="box", color=node["colour"], hidden=key not in boxes, **facts)
    for edge in edges:
        way = [[round(x, 1), round(y, 1)] for x, y in drawing.routes.get(edge["id"], ())]
        facts = {name: edge[name] for name in ("id", "words", "share", "weight", "style", "notes", "where")}
        network.add_edge(edge["source"], edge["target"], way=way, quiet=edge["relation"] in look["quiet"], **facts)
    bands = [{"title": visible(band.title), "box": [round(side, 1) for side in band[1:]]} for band in drawing.bands]
    picture: Row = {"width": round(drawing.width, 1), "height": round(drawing.height, 1), "bands": bands}
    picture |= {"font": FONT, "line": LINE, "tile": TILE}
    return {"nodes": network.nodes, "edges": network.edges, "options": network.options, "picture": picture}


def legend(nodes: Iterable[Row]) -> dict[str, list[Row]]:
    """The home states and kinds that occur; what shares a colour or a sign stands in one entry."""
    countries: dict[str, Row] = {}
    kinds: dict[str, set[str]] = {}
    for node in nodes:
        kinds.setdefault(node["glyph"], set()).add(node["kind"])
        if node["country"] is not None:
            rest = node["colour"] == LOOKS["other_country"][1]
            code, name = ("··", "other home states") if rest else (node["code"], node["home"])
            countries[node["colour"]] = {"colour": node["colour"], "code": code, "name": name, "last": rest}
    signs = [{"glyph": glyph, "name": ", ".join(sorted(words))} for glyph, words in kinds.items()]
    return {
        "countries": sorted(countries.values(), key=lambda row: (row["last"], row["name"])),
        "kinds": sorted(signs, key=lambda row: row["name"]),
    }


def policy(texts: Mapping[str, str], assets: str | None) -> str:
    """The page's Content-Security-Policy: its own script and style and nothing else; inline ones known by hash."""
    linked = "'self' file:"  # Chromium needs only 'self'; file: is for browsers that give each file its own origin
    script = (
        linked if assets is not None else " ".join(fingerprint(texts[name]) for name in SHARED if name[-2:] == "js")
    )
    style = linked if assets is not None else fingerprint(texts["page.css"])
    style += " " + " ".join((VIS / "style-hashes.txt").read_text(encoding="utf-8").split())
    return f"default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"


def fingerprint(text: str) -> str:
    """The CSP hash source of an inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def as_script_data(data: Row) -> str:
    """JSON in plain ASCII that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def visible(text: object) -> str:
    """The text on one line, without control and direction characters, which could pass for something else."""
    return " ".join(UNSEEN.sub(" ", str(text)).split())


def spaced(name: str) -> str:
    """A term as words: "signedWith" and "not-confirmed" become "signed with" and "not confirmed"."""
    return visible(re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]", " ", name)).lower()


def year_of(date: str) -> str:
    """The year of an EDTF date, short enough for a box: "2013-04" is 2013, "199X" 1990s, "../1971" by 1971."""
    found = re.search(r"\d{3}[\dX]", date)
    year = "" if found is None else found[0].replace("X", "0s")
    return f"by {year}" if year and date.startswith("..") else year


def width_of(text: str) -> float:
    """Estimated width in layout pixels, a little generous."""
    ems = sum(0.34 if c in NARROW else 0.84 if c in WIDE else 0.58 if ord(c) < 0x2E80 else 1.05 for c in text)
    return round(ems * FONT, 1)


def wrapped(name: str) -> list[str]:
    """A name in at most three lines that fit a box, cut with an ellipsis."""
    lines = [""]
    for word in name[:200].split() or ["?"]:
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer) <= ROOM or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > LINES or len(name) > 200:
        lines = lines[:LINES]
        lines[-1] += "…"
    return [line if width_of(line) <= ROOM else shortened(line) for line in lines]


def shortened(line: str) -> str:
    """The beginning of a line that fits a box, with an ellipsis."""
    while line and width_of(line + "…") > ROOM:
        line = line[:-1].rstrip(" …")
    return line + "…"
