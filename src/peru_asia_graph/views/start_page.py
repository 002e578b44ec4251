"""The start page: a search box, a picture of each page, findings with their source, and the downloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from peru_asia_graph.views.cited_places import place_in_words
from peru_asia_graph.views.head import START, exported_head
from peru_asia_graph.views.shell import HEAD_SCRIPT, policy, template
from peru_asia_graph.views.start_facts import StartFacts
from peru_asia_graph.views.thumbnails import thumbnails
from peru_asia_graph.views.words import file_purposes, words

# The address of an interactive page, opened with or without a selected thing.
PageAddress = Callable[[str, str], str]
# The address of the page of a named item.
ThingAddress = Callable[[str], str]


def start_values(
    facts: StartFacts, language: str, page: PageAddress, thing: ThingAddress, source: ThingAddress | None = None
) -> dict[str, Any]:
    """Return the template values of the start page in a language; ``source`` returns the address of a source's page."""
    ui, pictures = words(language)["ui"], thumbnails(facts)

    def name(slug: str) -> str:
        names = facts.names.get(slug, {})
        return names.get(language) or names.get("en") or slug

    shown = [{"kind": kind, "href": page(kind, ""), "picture": pictures.get(kind, "")} for kind in facts.pages]
    examples = [(name(slug), thing(slug)) for slug in _examples(facts)]
    return {
        "origin": _origin(facts, ui, page, source),
        "counts": [
            (_number(count), ui[f"start.count.{key}{'.one' * (count == 1)}"]) for key, count in facts.counts if count
        ],
        "examples": [one for one in examples if one[1]],
        "pages": shown,
        "findings": _findings(facts, ui, name, page, language),
    }


def start_page(
    facts: StartFacts,
    language: str,
    page: PageAddress,
    thing: ThingAddress,
    files: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    *,
    assets: str,
) -> str:
    """Return the start page of the exported pages, with links to the groups of ``files``."""
    return template("start_document.html").render(
        ui=words(language)["ui"],
        language=language,
        head=exported_head(START, language, assets, facts.pages),
        start=start_values(facts, language, page, thing),
        files=files,
        file_at=str,
        styles=("base.css", "site.css"),
        script=HEAD_SCRIPT,
        assets=assets,
        policy=policy([HEAD_SCRIPT], assets),
    )


def _origin(facts: StartFacts, ui: Mapping[str, str], page: PageAddress, source: ThingAddress | None) -> dict[str, str]:
    """Return the parts of the sentence on the origin and the maker of the graph; empty without a source."""
    if not (one := facts.origin):
        return {}
    key = "most" if one.is_most and one.others else "first" if one.others else "all"
    several = "one" if one.others == 1 else "others"
    return {
        "lead": ui[f"start.origin.{key}"],
        "citation": one.citation.rstrip("."),
        "href": source(one.name) if source else page("sources", ""),
        "year": ui["start.origin.year"].format(year=one.year) if one.year else "",
        "beside": ui[f"start.origin.beside.{several}"] if one.others else "",
        "others": ui[f"start.origin.{several}"].format(count=one.others) if one.others else "",
        "sources": page("sources", ""),
        "maker": ui["start.origin.maker"] if one.maker else "",
        "makers": one.maker,
    }


def _examples(facts: StartFacts) -> list[str]:
    """Return the things used as examples in the findings."""
    found = []
    if facts.differing:
        found += [facts.differing.about, facts.differing.owner]
    if facts.largest:
        found += [facts.largest.project, *facts.largest.investors[:1]]
    if facts.shift:
        found.append(facts.shift.category)
    return [slug for slug in dict.fromkeys(found) if slug]


def _findings(
    facts: StartFacts, ui: Mapping[str, str], name: Callable[[str], str], page: PageAddress, language: str
) -> list[dict[str, str]]:
    """Return title, sentence, source and address of each finding."""
    found = []
    if one := facts.largest:
        investors = ", ".join(map(name, one.investors))
        values = {"project": name(one.project) if one.project else investors, "amount": _number(one.amount)}
        found.append(("largest", values | {"investors": investors}, one.where, page("investments", one.id)))
    if differing := facts.verdicts.get("differs"):
        values = {"count": _number(differing), "total": _number(sum(facts.verdicts.values()))}
        found.append(("audit", values, facts.audited, page("audit", "")))
    if shift := facts.shift:
        values = {
            "category": name(shift.category), "partner": name(shift.partner), "before": _number(shift.before),
            "after": _number(shift.after), "first": shift.first, "last": shift.last,
        }  # fmt: skip
        found.append(("shift", values, shift.where, page("trade", "")))
    if stake := facts.differing:
        values = {"owner": name(stake.owner), "asset": name(stake.about)}
        values |= dict(zip(("share_a", "share_b"), map(_number, stake.shares), strict=True))
        found.append(("differ", values, " / ".join(stake.sources), page("ownership", stake.about)))
    return [
        {
            "title": ui[f"finding.{key}"],
            "text": ui[f"finding.{key}.text"].format(**values),
            "source": place_in_words(source, language),
            "href": href,
        }
        for key, values, source, href in found
    ]


def group_files(files: Sequence[Mapping[str, Any]], language: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the data files by group (``graph``, ``networks``, ``tables`` …), each with its purpose and size.

    A file has ``name``, ``size`` (bytes) and ``about``, used if ``words/files.json`` does not state its purpose.
    """
    purposes = file_purposes()
    order = {name: place for place, name in enumerate(purposes)}
    groups: dict[str, list[dict[str, Any]]] = {"tables": [], "graph": [], "networks": []}
    for file in sorted(files, key=lambda one: (order.get(one["name"].removesuffix(".gz"), len(order)), one["name"])):
        folder, slash, _ = file["name"].partition("/")
        about = purposes.get(file["name"].removesuffix(".gz"), {}).get(language, file.get("about", ""))
        if file["name"].endswith(".gz"):
            about = f"{about} ({words(language)['ui']['data.packed']})".strip()
        one = {"name": file["name"], "size": _size(int(file["size"])), "about": about}
        groups.setdefault(folder if slash else "graph", []).append(one)
    return [(group, listed) for group, listed in groups.items() if listed]


def _size(size: int) -> str:
    return f"{max(1, round(size / 1e3)):,}\u00a0kB" if size < 1e6 else f"{size / 1e6:.1f}\u00a0MB"


def _number(value: int | Decimal) -> str:
    return f"{value:,}"
