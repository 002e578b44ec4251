"""The map: mines, blocks, deposits and infrastructure at the position a source gives, or else in their department.

Nothing is added up across sources: positions, places, owners and shares are kept separate by source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Unpack

from peru_asia_graph.sources.departments import departments_at, find_department
from peru_asia_graph.views.cited_places import places_in_words
from peru_asia_graph.views.graph_data import date_years, short_name
from peru_asia_graph.views.number_format import size
from peru_asia_graph.views.outlines import CREDIT_ADDRESS, outlines
from peru_asia_graph.views.page_registry import QueryRows
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.views.shell import PageOptions, table_page
from peru_asia_graph.views.words import glossary, home_states, words

Site = dict[str, Any]
# The home states of owners, by owner and source.
Homes = Mapping[str, Mapping[str, set[str]]]
# The kind shown for something of several kinds.
KINDS: Final = ("MiningProject", "HydrocarbonBlock", "InfrastructureProject", "MineralDeposit")
OUTLINE_TOLERANCE: Final = 0.02
# Printed percentages of one asset may add up to slightly more than 100.
ROUNDING: Final = 0.5
FORMER: Final = "former"
LINK_CODES: Final = ("how", "basis", "certainty")
LINK_TEXTS: Final = ("owner", "label", *LINK_CODES, "source")


def map_page(
    sites: QueryRows,
    places: QueryRows = (),
    links: QueryRows = (),
    shares: QueryRows = (),
    homes: QueryRows = (),
    **options: Unpack[PageOptions],
) -> str:
    """Return the page of the map, opened at the year in ``start``.

    ``sites`` have id, label, types and optionally lat, long, accuracy, es, printed; ``places`` are their locations (id,
    label, direct), ``links`` their holders, operators and named companies (id, owner, label, how, share, dates),
    ``shares`` those of the ultimate owners (id, owner, low, high, derivation), ``homes`` home states (owner, home,
    label). Each row may have its source; a position is taken from the first source that gives one.
    """
    known: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in homes:
        known[str(row["owner"])][sanitize(row.get("source", ""))].add(sanitize(row["home"]))
    labels = {sanitize(row["home"]): sanitize(row.get("label", row["home"])) for row in homes}
    found = _sites(sites)
    _add_places(found, places)
    _add_links(found, links, known)
    for slug, split in state_shares(shares, known).items():
        if slug in found:
            found[slug]["split"] = split
    entries = sorted((_finished(site) for site in found.values()), key=lambda site: str(site["label"]).casefold())
    named = {place for entry in entries for place in entry["where"]}
    named |= {place for entry in entries for link in entry["links"] for place in link["where"]}
    states = {state for entry in entries for state in entry["country"]}
    codes = {entry["type"] for entry in entries}
    codes |= {link[name] for one in entries for link in one["links"] for name in LINK_CODES if name in link}
    data = {
        "entries": entries,
        "outlines": outlines(OUTLINE_TOLERANCE),
        "credit": CREDIT_ADDRESS,
        "glossary": glossary(codes),
        "countries": home_states({state: labels[state] for state in states}),
    }
    options.setdefault("kind", "map")
    return table_page(data, _table(entries, options.get("language", "en")), named, **options)


def _sites(rows: QueryRows) -> dict[str, Site]:
    """Return the sites on the map by id; the first source determines the name."""
    found: dict[str, Site] = {}
    for row in rows:
        slug, source = sanitize(row["id"]), sanitize(row.get("source", ""))
        new: Site = {"id": slug, "label": sanitize(row["label"]), "types": set(), "names": [], "where": [],
                     "sources": [], "positions": [], "places": [], "links": []}  # fmt: skip
        site = found.setdefault(slug, new)
        if "es" in row:
            site.setdefault("es", sanitize(row["es"]))
        site["types"] |= set(str(row.get("types", "")).split(";"))
        site["names"] += [sanitize(name) for name in str(row.get("printed", "")).split(";") if name]
        site["where"] += _parts(row.get("where"))
        site["sources"].append(source)
        # A coordinate that is not a number cannot be drawn.
        if all(isinstance(row.get(name), (int, float, Decimal)) for name in ("lat", "long")):
            point = {"lat": float(row["lat"]), "long": float(row["long"]), "source": source}
            site["positions"].append(point | ({"accuracy": sanitize(row["accuracy"])} if "accuracy" in row else {}))
    return found


def _add_places(found: Mapping[str, Site], rows: QueryRows) -> None:
    for row in sorted(rows, key=lambda row: not row.get("direct", True)):
        site, label = found.get(str(row["id"])), sanitize(row["label"])
        department = find_department(label)
        if site is None or not (row.get("direct", True) or department):
            continue
        place = {"label": label, "source": sanitize(row.get("source", ""))}
        if all((one["label"], one["source"]) != tuple(place.values()) for one in site["places"]):
            more = {"es": sanitize(row["es"])} if "es" in row else {}
            site["places"].append(place | more | ({"department": department.name} if department else {}))


def home_of(homes: Homes, owner: str, source: str) -> str:
    """Return the home state of an owner according to a source; if it gives none, the one that all others give.

    >>> homes = {"firm": {"a": {"chile"}, "b": {"spain"}}, "bank": {"a": {"japan"}}}
    >>> home_of(homes, "firm", "b"), home_of(homes, "firm", "c"), home_of(homes, "bank", "c")
    ('spain', '', 'japan')
    """
    said = homes.get(owner, {})
    found = said.get(source) or set().union(*said.values())
    return next(iter(found)) if len(found) == 1 else ""


def _add_links(found: Mapping[str, Site], rows: QueryRows, homes: Homes) -> None:
    for row in rows:
        site = found.get(str(row["id"]))
        if site is None:
            continue
        link: dict[str, Any] = {name: sanitize(row[name]) for name in LINK_TEXTS if name in row}
        link |= {"where": _parts(row.get("where"))} | date_years(
            *(row.get(name) for name in ("valid_from", "valid_until", "as_of"))
        )
        link |= {
            name: sanitize(row[key]) for key, name in (("valid_from", "since"), ("valid_until", "until")) if key in row
        }
        for key, name in (("share", "share"), ("share_low", "low"), ("share_high", "high")):
            if isinstance(row.get(key), (int, float, Decimal)):
                link[name] = float(row[key])
        if home := home_of(homes, str(row["owner"]), link.get("source", "")):
            link["home"] = home
        site["links"].append(link)


def state_shares(rows: QueryRows, homes: Homes) -> dict[str, dict[str, list[list[Any]]]]:
    """Return by asset and source the home states of the ultimate owners, with percentages.

    There is no split if a share is unknown or the sum is over 100. Shares that a source states for parents are left out
    if the owners already make up the whole. Unknown states, and what the source leaves open, are ``""``.

    >>> rows = [{"id": "mine", "owner": owner, "low": share, "high": share} for owner, share in (("a", 60), ("b", 30))]
    >>> state_shares(rows, {"a": {"": {"china"}}})
    {'mine': {'': [['china', 60.0], ['', 40.0]]}}
    """
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[str(row["id"]), sanitize(row.get("source", ""))].append(row)
    found: dict[str, dict[str, list[list[Any]]]] = defaultdict(dict)
    for (slug, source), group in groups.items():
        if sum(float(row["high"]) for row in group) > 100 + ROUNDING:
            group = [row for row in group if row.get("derivation") != "stated"]
        if any(row["low"] != row["high"] for row in group):
            continue
        by_state: dict[str, float] = defaultdict(float)
        for row in group:
            by_state[home_of(homes, str(row["owner"]), source)] += float(row["low"])
        rest = 100 - sum(by_state.values())
        if rest < -ROUNDING or not group:
            continue
        by_state[""] += max(0.0, rest)
        parts = sorted(((state, round(share, 6)) for state, share in by_state.items() if share > ROUNDING / 100),
                       key=lambda part: (part[0] == "", -part[1], part[0]))  # fmt: skip
        found[slug][source] = [list(part) for part in parts]
    return dict(found)


def _finished(site: Site) -> Site:
    types = site.pop("types")
    site["type"] = next((kind for kind in KINDS if kind in types), sorted(types)[0])
    site["sources"] = list(dict.fromkeys(site["sources"]))
    site["where"] = list(dict.fromkeys(site["where"]))
    site["names"] = list(dict.fromkeys(name for name in site["names"] if name != site["label"]))
    if short := short_name(site["label"]):
        site["short"] = short
    states = [state for split in site.get("split", {}).values() for state, _ in split if state]
    states += [link["home"] for link in site["links"] if "home" in link and link.get("certainty") != FORMER]
    site["country"] = sorted(set(states))
    for point in site["positions"]:
        point["department"] = [one.name for one in departments_at(point["lat"], point["long"])]
    return site


def _parts(text: Any) -> list[str]:
    return [sanitize(part) for part in str(text or "").split("; ") if part]


def _table(entries: Sequence[Site], language: str) -> list[list[str]]:
    loaded = words(language)
    ui, terms = loaded["ui"], loaded["terms"]
    heads = [ui[key] for key in ("col.name", "col.kind", "map.position", "map.places", "map.owners", "col.where")]
    rows = [
        [entry["label"], terms.get(entry["type"], entry["type"]),
         "; ".join(f"{point['lat']:g}, {point['long']:g}" for point in entry["positions"]),
         "; ".join(dict.fromkeys(place["label"] for place in entry["places"])),
         "; ".join(_owners(entry["links"])), places_in_words(entry["where"], language)]
        for entry in entries
    ]  # fmt: skip
    return [heads, *rows]


def _owners(links: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return owners with their shares, without duplicates; one without a share only if none of its shares is stated.

    >>> _owners([{"label": "A"}, {"label": "A"}, {"label": "B"}, {"label": "B", "share": 60.0}])
    ['A', 'B 60 %']
    """
    shared = {link["label"] for link in links if size(link)}
    return list(dict.fromkeys(
        f"{link['label']} {size(link)}".rstrip() for link in links if size(link) or link["label"] not in shared
    ))  # fmt: skip
