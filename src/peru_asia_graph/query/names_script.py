"""The script with all names, for search without a server."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from peru_asia_graph.query.search_entries import IndexEntry
from peru_asia_graph.sources.date_words import months_in_words, period_in_words
from peru_asia_graph.views.search_words import IGNORED, RULES, kind_words, liken, stem, words_in
from peru_asia_graph.views.shell import HERE as VIEWS

_SEARCH: Final = VIEWS / "static" / "search.js"


def names_script(
    entries: Sequence[tuple[IndexEntry, Mapping[str, str]]], kinds: Mapping[str, Mapping[str, str]]
) -> bytes:
    """Return the search of the pages with what it finds: of each entry what `search.js` reads, with its addresses.

    Addresses, and in ``kinds`` the label of each kind of entry, are by language. A Spanish address is left out if it is
    the English one with the most common prefix and suffix added.
    """
    known = sorted({entry.kind for entry, _ in entries})
    places = sorted({_about(entry) for entry, _ in entries})
    dates = sorted({_date(entry) for entry, _ in entries})
    values = sorted({_value(entry) for entry, _ in entries})
    around = Counter(tuple(to["es"].split(to["en"], 1)) for _, to in entries if to["en"] in to["es"])
    named = {liken(word) for entry, _ in entries for name in (*entry.labels.values(), *entry.names)
             for word in words_in(name)}  # fmt: skip
    before, after = max(around, key=lambda texts: around[texts], default=("", ""))
    data = {
        "around": [before, after],
        **{key: RULES[key] for key in ("ignored", "interrogatives", "alike")},
        "kinds": {code: [labels[kind] for kind in known] for code, labels in kinds.items()},
        "kindWords": [kind_words(kind) for kind in known],
        "abouts": places,
        "dates": dates,
        "values": values,
        "entries": [
            [entry.labels["en"], entry.labels.get("es", ""), known.index(entry.kind),
             to["en"] if to["es"] == f"{before}{to['en']}{after}" else [to["en"], to["es"]],
             list(entry.names), places.index(_about(entry)), dates.index(_date(entry)), entry.tier,
             values.index(_value(entry)), *_other_words(entry, named)]
            for entry, to in entries
        ],
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{_SEARCH.read_text('utf-8')}window.pagNames = pagSearch({text});\n".encode()


def _other_words(entry: IndexEntry, named: Collection[str]) -> list[str]:
    """Return the words of a description that are in no name, as one text; empty if there are none."""
    told = dict.fromkeys(words_in(entry.told))
    words = [word for word in told if liken(word) not in named and stem(word) not in IGNORED]
    return [" ".join(words)] if words else []


def _date(entry: IndexEntry) -> tuple[str, ...]:
    languages = ("en", "es")
    return tuple(months_in_words(period_in_words(entry.date, "", one), one) if entry.date else "" for one in languages)


def _about(entry: IndexEntry) -> tuple[str, str]:
    about = entry.about or {}
    return about.get("en", ""), about.get("es", "")


def _value(entry: IndexEntry) -> tuple[str, str]:
    value = entry.value or {}
    return value.get("en", ""), value.get("es", "")
