"""The audit page: every claim of the paper next to the recomputed number, worst verdicts first.

Claims with the same verdict are in the order of `pag audit`, those that hold in the order of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Unpack

from peru_asia_graph.views.cited_places import places_in_words
from peru_asia_graph.views.number_format import ONE_SIDED, amount, between, difference, stated
from peru_asia_graph.views.page_registry import QueryRows
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.views.shell import PageOptions, table_page
from peru_asia_graph.views.words import LANGUAGES, countries, glossary, words
from peru_asia_graph.views.working import working
from peru_asia_graph.vocabulary import DIFFERS, HOLDS, READING, WORST_FIRST

# A text, or one text per language if they differ.
Localized = str | dict[str, str]


def audit_page(
    claims: QueryRows,
    inputs: QueryRows,
    spanish: QueryRows = (),
    **options: Unpack[PageOptions],
) -> str:
    """Return the page of claims.

    A claim has id, label, kind, value, unit, qualifier, claimed_low and claimed_high (possibly infinite), verdict and
    where; optional are recomputed, low, high, formula, reading, reading_formula, note and inputs, and label_es,
    reading_es and note_es. An input has id, type (figure, stake, investment, event), label, value and unit or year, and
    the names of the things it describes. ``spanish`` has the Spanish names of things (thing, name).
    """
    figures = {str(row["id"]): row for row in inputs}
    names = {str(row["thing"]): str(row["name"]) for row in spanish}
    entries = [_entry(row, figures) for row in sorted(claims, key=_worst_first)]
    used = sorted({slug for entry in entries for slug in entry["inputs"]})
    rests = {slug: _input(figures[slug], names) for slug in used}
    places = sorted({place for entry in (*entries, *rests.values()) for place in entry["where"]})
    number_of = {place: number for number, place in enumerate(places)}
    data = {
        "entries": [{**entry, "where": [number_of[place] for place in entry["where"]]} for entry in entries],
        "places": places,
        "inputs": {slug: {**one, "where": [number_of[place] for place in one["where"]]} for slug, one in rests.items()},
        "glossary": glossary({entry["verdict"] for entry in entries}),
    }
    options.setdefault("kind", "audit")
    return table_page(data, _table(entries, options.get("language", "en")), number_of, **options)


def _entry(row: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    unit, qualifier, value = str(row["unit"]), str(row["qualifier"]), Decimal(str(row["value"]))
    claimed = [Decimal(str(row[name])) for name in ("claimed_low", "claimed_high")]
    slugs = [slug for slug in str(row.get("inputs", "")).split(";") if slug in figures]
    entry: dict[str, Any] = {
        "id": sanitize(row["id"]),
        "label": _text(row["label"]),
        "verdict": sanitize(row["verdict"]),
        "type": sanitize(row["kind"]),
        "stated": _localize(lambda language: stated(value, unit, qualifier, language)),
        "claimed": _localize(lambda language: between(claimed[0], claimed[1], unit, language)),
        "scale": [_end(claimed[0]), float(value), _end(claimed[1])],
        "inputs": [sanitize(slug) for slug in slugs],
        "where": sorted({sanitize(place) for place in str(row["where"]).split("; ")}, key=_prose_first),
    }
    if "source" in row:
        entry["source"] = sanitize(row["source"])
    if row.get("label_es"):
        entry["es"] = _text(row["label_es"])
    for name in ("reading", "note"):
        if row.get(name):
            entry[name] = _merge_equal({"en": _text(row[name]), "es": _text(row.get(f"{name}_es") or row[name])})
    formula = row.get("reading_formula") if row["verdict"] == READING else row.get("formula")
    if row.get("recomputed") is not None:
        entry |= _recomputed(row, value, unit, qualifier)
    if formula:
        rests = {slug: figures[slug] for slug in slugs}
        entry["working"] = _localize(lambda language: sanitize(working(str(formula), rests, language)))
    return entry


def _recomputed(row: Mapping[str, Any], value: Decimal, unit: str, qualifier: str) -> dict[str, Any]:
    low, point, high = (Decimal(str(row[name])) for name in ("low", "recomputed", "high"))
    bound = qualifier in ONE_SIDED and row["verdict"] != DIFFERS

    def describe_difference(language: str) -> str:
        return words(language)["ui"]["audit.within"] if bound else difference(point - value, unit, language)

    return {
        "recomputed": _localize(lambda language: amount(point, unit, language)),
        "bounds": _localize(lambda language: between(low, high, unit, language)),
        "difference": _localize(describe_difference),
        "result": [float(low), float(point), float(high)],
    }


def _input(row: Mapping[str, Any], spanish: Mapping[str, str]) -> dict[str, Any]:
    labels = {language: _name_input(row, language, spanish if language == "es" else {}) for language in LANGUAGES}
    entry = {"label": _merge_equal({language: sanitize(label) for language, label in labels.items()})}
    if "value" in row:
        entry["value"] = _localize(lambda language: amount(Decimal(str(row["value"])), str(row["unit"]), language))
    elif "year" in row:
        entry["value"] = sanitize(row["year"])
    return entry | {"where": _short(filter(None, str(row.get("where", "")).split("; ")))}


def _name_input(row: Mapping[str, Any], language: str, names: Mapping[str, str]) -> str:
    """Return the label of an input; ``names`` has the names of things in the language, by slug."""
    ui, terms = words(language)["ui"], words(language)["terms"]

    def name(part: str) -> str:
        slug, label = str(row.get(part, "")), str(row.get(f"{part}_label", ""))
        if slug in countries():
            return str(countries()[slug][language])
        return names.get(slug, label)

    if row["type"] == "stake":
        return str(ui["input.stake"]).replace("{owned}", name("owned")).replace("{owner}", name("owner"))
    if row["type"] == "investment":
        investors = ", ".join(str(row.get("investors", "")).split(";"))
        return f"{name('project')} ({investors})" if "project" in row else investors
    if row["type"] != "figure":
        return names.get(str(row["id"]), str(row["label"]))
    measure = str(terms.get(str(row["measure"]), row["measure"]))
    of = [name(part) for part in ("category", "partner") if part in row and row[part] != "all-sectors"]
    of += [str(row["period"]).replace("/", "–")] if "period" in row else []
    whose = [] if row.get("subject") == "peru" else [name("subject")]
    return f"{measure[:1].upper()}{measure[1:]}: {', '.join([*whose, *of])}"


def _table(entries: Sequence[Mapping[str, Any]], language: str) -> list[list[str]]:
    ui, terms = (words(language)[part] for part in ("ui", "terms"))

    def text_of(entry: Mapping[str, Any], name: str) -> str:
        text = entry.get(name, "")
        return str(text[language]) if isinstance(text, dict) else str(text)

    names = ("stated", "recomputed", "difference", "reading", "note")
    heads = ["audit.claim", "filter.verdict", *(f"audit.{name}" for name in names), "col.where"]
    rows = [
        [
            entry.get("es", entry["label"]) if language == "es" else entry["label"],
            terms.get(entry["verdict"], entry["verdict"]),
        ]
        + [text_of(entry, name) for name in names]
        + [places_in_words(_short(entry["where"]), language)]
        for entry in entries
    ]
    return [[ui[head] for head in heads], *rows]


def _worst_first(row: Mapping[str, Any]) -> tuple[int, Decimal, list[tuple[int, str]]]:
    verdict, size = str(row["verdict"]), Decimal(0)
    if row.get("recomputed") is not None and verdict != HOLDS:
        value = Decimal(str(row["value"]))
        size = abs(Decimal(str(row["recomputed"])) - value) / max(abs(value), Decimal(1))
    place = WORST_FIRST.index(verdict) if verdict in WORST_FIRST else len(WORST_FIRST)
    return place, -size, _in_reading_order(str(row["id"]))


def _in_reading_order(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,9})", text)]


def _short(places: Iterable[str]) -> list[str]:
    """Return the pages and tables of citations, without their rows."""
    bare = {sanitize(re.sub(r"^(.*?Table \d+), .*(\(p\. [^)]*\))$", r"\1 \2", place)) for place in places}
    return sorted(bare, key=_prose_first)


def _prose_first(place: str) -> tuple[bool, list[tuple[int, str]]]:
    return "Table " in place, _in_reading_order(place)


def _text(value: Any) -> str:
    """Return the text with a no-break space between a number and its percent sign."""
    return sanitize(value).replace(" %", "\u00a0%")


def _localize(write: Callable[[str], str]) -> Localized:
    return _merge_equal({language: write(language) for language in LANGUAGES})


def _merge_equal(texts: dict[str, str]) -> Localized:
    return texts if len(set(texts.values())) > 1 else next(iter(texts.values()))


def _end(value: Decimal) -> float | None:
    return float(value) if value.is_finite() else None
