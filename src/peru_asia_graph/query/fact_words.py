"""Codes and dates in readable words, for the facts of a card and the dates of an answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from peru_asia_graph.sources.date_words import periods_in_text
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, Term
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import EDTF, as_words, local

# Columns that are written without their name; others are written as "name value".
_BARE: Final = {"name", "owner", "owned", "investors", "project", "agreement", "parties", "event", "participant",
                "phase", "person", "office", "to", "from_thing", "relation", "figure", "value", "finding",
                "discrepancy", "work", "date", "role", "identifier", "scheme", "property", "unit", "basis", "type",
                "description", "reading", "missing", "statement", "difference", "share_bounds"}  # fmt: skip
# Columns of codes and terms; texts in other columns may look like codes: ``in-progress``, ``locatedIn``.
_CODED: Final = frozenset({"basis", "certainty", "kind", "phase", "property", "relation", "role", "status", "type",
                           "unit", "verdict"})  # fmt: skip
# Texts of a source, and names of sources.
_AS_PRINTED: Final = frozenset({"as_printed", "comment", "identifier", "name", "preferred"})
_CODE: Final = re.compile("[a-z]+(?:(?:-[a-z]+)+|(?:[A-Z][a-z]+)+)")
_LABELS: Final = """
SELECT ?code ?label WHERE { ?code a skos:Concept ; skos:prefLabel ?label FILTER(LANG(?label) = "en") }"""
_DEFAULTS: Final = {("certainty", "stated"), ("basis", "direct")}


def fact_phrases(fact: Mapping[str, str], hidden: frozenset[str], labels: Mapping[str, str]) -> list[str]:
    """Return the parts of a fact, with codes and dates in words, without hidden columns and default values.

    ``labels`` are those of ``code_labels``.
    """
    return [
        _phrase(name, value, labels)
        for name, value in fact.items()
        if name not in hidden and (name, value) not in _DEFAULTS
    ]


def code_labels(store: Store, facts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the labels of the codes in facts that the pages have no words for, such as those of a user's own source.

    A code of two lists with different labels is left out.
    """
    codes = {fact[name] for fact in facts for name in fact.keys() & _CODED} - words("en")["terms"].keys()
    found = defaultdict(set)
    for iri, label in store.query(_LABELS).values() if codes else ():
        if local(str(iri)) in codes:
            found[local(str(iri))].add(str(label))
    return {code: labels.pop() for code, labels in found.items() if len(labels) == 1}


def state_ownership(value: str) -> str:
    """Return in words whether a firm is state-owned (``true`` or ``false``)."""
    return "state-owned" if value == "true" else "not state-owned"


def code_in_words(code: str) -> str:
    """Return a code or the name of a term in words.

    >>> code_in_words("HydrocarbonBlock"), code_in_words("locatedIn"), code_in_words("usd-million")
    ('oil or gas block', 'located in', 'million US dollars')
    """
    return str(words("en")["terms"].get(code) or as_words(code))


def dates_in_words(result: Result) -> Result:
    """Return an answer with its EDTF dates, such as ``[..2011]``, in words, also within texts; plain dates stay."""

    def write(term: Term) -> Term:
        if term.datatype == EDTF or term.language == "en":
            return term._replace(value=periods_in_text(term.value))
        return term

    return replace(result, rows=result.cells(write)) if result.triples is None else result


def _phrase(name: str, value: str, labels: Mapping[str, str]) -> str:
    if name == "share_percent":
        return f"{value} %"
    if name == "state_owned":
        return state_ownership(value)
    if name == "usd_million":
        return f"US$ {value} million"
    if name in _CODED or (name not in _AS_PRINTED and _CODE.fullmatch(value)):
        value = labels.get(value) or code_in_words(value)
    elif name not in _AS_PRINTED:
        value = periods_in_text(value)
    # A start known only as a bound is not preceded by "from": "by 2013".
    if name == "from" and value.startswith(("by ", "between ")):
        return value
    return value if name in _BARE else f"{name.replace('_', ' ')} {value}"
