"""Names that may be confused with another thing's: contained names, shared spellings, suspected duplicates, parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from peru_asia_graph.query.questions import quote_literal
from peru_asia_graph.query.term_labels import labels_in
from peru_asia_graph.query.words import abbreviations, stem, without_legal_form, words_of
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import local, thing

# Kinds of things that may be confused with each other. Places and goods only if one label starts with the other.
_GROUPS: Final = (
    (frozenset({"Organization", "Project"}), False),
    (frozenset({"Person"}), False),
    (frozenset({"Place", "State"}), True),
    (frozenset({"Sector", "Commodity"}), True),
)
# In a larger store, only this many names are compared.
_MOST_NAMES: Final = 20_000
_LISTED: Final = 6
_OWN: Final = """
SELECT ?name ?class ?label WHERE {
  <$thing> a ?class ; rdfs:label ?label ; $names ?name FILTER(LANG(?label) IN ("", "en"))
}"""
_ANY_NAME: Final = "rdfs:label|skos:altLabel"
_OTHERS: Final = """
SELECT DISTINCT ?thing ?name WHERE {
  { SELECT ?thing ?name WHERE { VALUES ?class { $classes } ?thing a ?class ; $names ?name } LIMIT $most }
  FILTER(?thing != <$thing> && ($conditions))
}"""
_NAMESAKES: Final = """
SELECT DISTINCT ?other ?label ?name WHERE {
  { VALUES ?name { $literals } ?other rdfs:label|pag:nameAsPrinted ?name }
  UNION { VALUES ?name { $short } ?other rdfs:label ?long FILTER(STRENDS(STR(?long), CONCAT("(", ?name, ")"))) }
  ?other rdfs:label ?label ; pag:citation ?cited ; a ?class
  FILTER(?other != <$thing> && ?class IN (pag:Actor, pag:Place, pag:Project, pag:Agreement, pag:Source))
  FILTER(LANG(?label) IN ("", "en"))
} ORDER BY ?name ?label"""
_SUSPECTED: Final = """
SELECT DISTINCT ?other ?label ?place ?line WHERE {
  { ?said pag:subject <$thing> ; pag:object ?other } UNION { ?said pag:object <$thing> ; pag:subject ?other }
  ?said a pag:Relation ; pag:relation pag:sameAsSuspected ; pag:citation ?cited .
  ?cited rdfs:label ?place ; pag:readingOrder ?line .
  ?other rdfs:label ?label .
} ORDER BY STR(?label) ?other ?line STR(?place)"""

# Human judgements on things of other sources: these are not merged, nor are their statements shared.
_JUDGED: Final = """
SELECT ?said ?label ?other WHERE {
  VALUES (?judged ?there ?back) {
    ("dcterms:hasPart" "has the part" "part of") ("dcterms:isPartOf" "part of" "has the part")
    ("pag:successorOf" "successor of" "succeeded by")
  }
  { ?match pag:matchedThing <$thing> ; pag:about ?other BIND(true AS ?is_matched) }
  UNION { ?match pag:about <$thing> ; pag:matchedThing ?other BIND(false AS ?is_matched) }
  ?match a pag:Match ; pag:matchRelation ?judged . ?other rdfs:label ?label
  BIND(IF(?is_matched, ?there, ?back) AS ?said) FILTER(LANG(?label) IN ("", "en"))
} ORDER BY ?said ?label"""


def note_similar_names(store: Store, slugs: Iterable[str]) -> list[str]:
    """Return for each thing with an ambiguous name a sentence that names the others."""
    notes = (_note(store, slug) for slug in dict.fromkeys(slugs))
    return [note for note in notes if note]


def _note(store: Store, slug: str) -> str:
    own = store.query(_OWN.replace("$thing", thing(slug)).replace("$names", _ANY_NAME)).values()
    classes = {local(kind) for _, kind, _ in own}
    labels = sorted({label for _, _, label in own})
    names = sorted({name for name, _, _ in own})
    namesakes = _namesakes(store, slug, names)
    parts = [f"also called {name}: {', '.join(others)}" for name, others in namesakes.items()]
    told = {one for others in namesakes.values() for one in others}
    for group, only_labels in _GROUPS:
        alike = _similar(store, slug, group, labels if only_labels else names, only_labels) if classes & group else []
        if found := [one for one in alike if one not in told]:
            more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
            parts.append("names like it: " + ", ".join(found[:_LISTED]) + more)
            break
    suspected: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for other, label, place, _ in store.query(_SUSPECTED.replace("$thing", thing(slug))).values():
        suspected[other, label][place] = None
    if same := [f"{label} [{'; '.join(places)}]" for (_, label), places in suspected.items()]:
        parts.append("perhaps the same: " + ", ".join(same))
    judged = store.query(_JUDGED.replace("$thing", thing(slug))).values()
    parts += [f"{said} {label} ({local(other)})" for said, label, other in judged]
    return f"{labels[0]} ({slug}) is meant; {'; '.join(parts)}" if parts else ""


def _namesakes(store: Store, slug: str, names: Sequence[str]) -> dict[str, list[str]]:
    """Return by name the label and slug of each other thing to which a source gives one of these names.

    An abbreviation in parentheses at the end of a label also counts as a name.
    """
    names = [*names, *(short for name in names for short in abbreviations(name))]
    short = " ".join(quote_literal(name) for name in names if name.isupper() and name.isalpha())
    literals = " ".join(f"{quote_literal(name)}{language}" for name in names for language in ("", "@en"))
    found: dict[str, list[str]] = {}
    query = _NAMESAKES.replace("$literals", literals).replace("$short", short).replace("$thing", thing(slug))
    for other, label, name in store.query(query).values():
        told = found.setdefault(name, [])
        told += [one for one in (f"{label} ({local(other)})",) if one not in told]
    return found


def _similar(store: Store, slug: str, group: Iterable[str], names: Sequence[str], only_labels: bool) -> list[str]:
    """Return label and slug of each other thing of the group whose names contain, or are within, one of these."""
    ours = [_words(name, only_labels) for name in names]
    query = _OTHERS.replace("$classes", " ".join(f"pag:{name}" for name in sorted(group)))
    query = query.replace("$names", "rdfs:label" if only_labels else _ANY_NAME)
    firsts = sorted({re.sub("i$", "", words[0]) for words in ours if words})
    conditions = " || ".join(
        [f"CONTAINS(LCASE(STR(?name)), {quote_literal(first)})" for first in firsts]
        + [f"CONTAINS({quote_literal(name.lower())}, LCASE(STR(?name)))" for name in names]
    )
    query = query.replace("$most", str(_MOST_NAMES)).replace("$thing", thing(slug))
    rows = store.query(query.replace("$conditions", conditions)).values()
    # A place name that lists several places is not confused with its first.
    found = {
        local(other)
        for other, name in rows
        if not (only_labels and "," in name and "Place" in group)
        if any(_overlap(one, _words(name, only_labels), only_labels) for one in ours)
    }
    labelled = labels_in(store, [*map(thing, sorted(found))], "en")
    return [f"{label} ({local(one)})" for one, label in sorted(labelled.items(), key=lambda item: (len(item[1]), item))]


def _words(name: str, without_endings: bool) -> list[str]:
    """Return the words of a name without legal form and, if requested, without plural endings."""
    words = without_legal_form(words_of(name))
    return [stem([word]) for word in words] if without_endings else words


def _overlap(one: Sequence[str], other: Sequence[str], only_beginning: bool) -> bool:
    """Return whether the shorter of two names is part of the other, in whole words."""
    short, long = sorted((one, other), key=len)
    starts = range(1 if only_beginning else len(long) - len(short) + 1)
    return bool(short) and any(list(long[at : at + len(short)]) == list(short) for at in starts)
