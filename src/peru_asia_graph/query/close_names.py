"""Suggests things that may be meant by a name that no thing has, or that only a thing of another kind has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from peru_asia_graph.errors import SUGGESTED
from peru_asia_graph.query.codes import rank_kinds, takes_kind
from peru_asia_graph.query.search_index import SearchIndex
from peru_asia_graph.store import Store

# Enough for hits of the kind that is wanted to be among them.
_SEARCHED: Final = 500


def close_names(store: Store, index: SearchIndex, name: str, parameter: str, without: Collection[str]) -> list[str]:
    """Return the labels of up to three things that may be meant and are of a kind that the parameter accepts.

    They are what the search finds, with all words of the name if possible; if it finds nothing without assuming a
    misspelling, names spelt alike come first.
    Slugs in ``without`` are left out.
    """
    hits = index.find(name, _SEARCHED)
    found = [hit.entry for hit in hits]
    if not found or any(hit.guess for hit in hits):
        near = index.near(name, _SEARCHED)
        found = [entry for entry in near if entry in found] or near or found
    by_slug = {entry.path.removeprefix("id/"): entry for entry in found}
    kinds = rank_kinds(store, by_slug, parameter)
    meant = [entry for slug, entry in by_slug.items() if slug not in without and takes_kind(parameter, kinds[slug])]
    has_all_words = {hit.entry.path for hit in hits if hit.whole and not hit.guess}
    meant = [entry for entry in meant if entry.path in has_all_words] or meant
    first = min((entry.tier for entry in meant), default=0)
    return [entry.labels["en"] for entry in meant if entry.tier == first][:SUGGESTED]
