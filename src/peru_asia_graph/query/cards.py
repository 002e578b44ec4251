"""A card: everything the graph says of one thing, section by section, each fact with its citation.

A store and a slug in, a card out. The sections are the queries of ``ontology/cards``. Limit: long
sections of figures are shown whole; nothing is ranked.
"""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import sort_parts, text
from peru_asia_graph.vocabulary import thing

_TITLE: Final = re.compile(r"# title: (.*)")
_HEAD: Final = """
SELECT ?label ?type ?description ?state_owned (GROUP_CONCAT(DISTINCT ?locator; SEPARATOR="; ") AS ?citations) WHERE {
  GRAPH ?graph { $thing a ?type }
  FILTER(?graph != graph:derived && STRSTARTS(STR(?type), STR(pag:)) || ?type = qb:Observation)
  OPTIONAL { $thing rdfs:label ?label }
  OPTIONAL { $thing dcterms:description ?description }
  OPTIONAL { $thing pag:stateOwned ?state_owned }
  OPTIONAL { $thing pag:citation/rdfs:label ?locator }
} GROUP BY ?label ?type ?description ?state_owned"""
# Columns that stand for themselves; others are written as "name value".
_BARE: Final = {"name", "owner", "owned", "investors", "project", "agreement", "party", "event", "participant", "phase",
                "person", "office", "to", "from_thing", "relation", "figure", "value", "finding", "discrepancy", "work",
                "date", "role", "identifier", "scheme", "property", "unit", "basis", "type"}  # fmt: skip
_UNSAID: Final = {("certainty", "stated"), ("basis", "direct")}
Fact = Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """One kind of facts: its title and the facts as columns and texts."""

    title: str
    facts: Sequence[Fact]

    def lines(self) -> list[tuple[str, str]]:
        """Return each fact as a line and its citation."""
        return [(_phrase(fact), fact.get("citations", "")) for fact in self.facts]


@dataclass(frozen=True)
class Card:
    """What is known of one thing."""

    slug: str
    head: Fact
    sections: Sequence[Section]

    def render(self, form: str) -> str:
        """Return the card as text, table (the same), markdown, json or turtle."""
        if form in ("text", "table"):
            return self._text()
        if form == "markdown":
            return self._markdown()
        if form == "json":
            sections = {section.title: [dict(fact) for fact in section.facts] for section in self.sections}
            return json.dumps({"id": self.slug, **self.head, "facts": sections}, ensure_ascii=False, indent=1) + "\n"
        raise WrongUse(f"a card cannot be written as {form}; use text, markdown or json")

    def __str__(self) -> str:
        return self._text()

    def _title(self) -> str:
        owned = {"true": ", state-owned", "false": ", not state-owned"}.get(self.head.get("state_owned", ""), "")
        return f"{self.head.get('label', self.slug)} ({self.head.get('type', 'thing')}{owned})"

    def _text(self) -> str:
        width = min(100, max(40, shutil.get_terminal_size((80, 24)).columns))
        lines = [self._title(), thing(self.slug), *textwrap.wrap(self.head.get("description", ""), width)]
        lines += textwrap.wrap(f"[{self.head.get('citations', '')}]", width)
        for section in self.sections:
            lines += ["", section.title]
            for line, citation in section.lines():
                whole = f"{line}  [{citation}]" if citation else line
                lines += textwrap.wrap(
                    whole, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
                )
        return "\n".join(lines) + "\n"

    def _markdown(self) -> str:
        lines = [f"# {self._title()}", "", f"<{thing(self.slug)}>", "", self.head.get("description", "")]
        for section in self.sections:
            lines += ["", f"## {section.title}", ""]
            lines += [f"- {line}{f' [{citation}]' if citation else ''}" for line, citation in section.lines()]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        parts = [f"<h3>{escape(self._title())}</h3><p>{escape(self.head.get('description', ''))}</p>"]
        for section in self.sections:
            items = "".join(
                f"<li>{escape(line)} <small>{escape(cited)}</small></li>" for line, cited in section.lines()
            )
            parts.append(f"<h4>{escape(section.title)}</h4><ul>{items}</ul>")
        return "".join(parts)


def make_card(store: Store, slug: str, queries: Path) -> Card:
    """Return the card of the thing with this slug."""
    heads = _facts(store, _HEAD, slug)
    sections = []
    for title, query in read_sections(queries):
        if facts := _facts(store, query, slug):
            sections.append(Section(title, facts))
    return Card(slug, heads[0] if heads else {}, sections)


@cache
def read_sections(queries: Path) -> list[tuple[str, str]]:
    """Return the title and query of each section, read once."""
    found = []
    for path in sorted(queries.glob("*.rq")):
        query = path.read_text("utf-8")
        title = _TITLE.match(query)
        found.append((title[1] if title else path.stem, query))
    return found


def _facts(store: Store, query: str, slug: str) -> list[Fact]:
    answer = store.query(query.replace("$thing", f"<{thing(slug)}>"))
    rows = [{name: text(value) for name, value in row.items() if value not in (None, "")} for row in answer]
    for row in rows:
        if "citations" in row:
            row["citations"] = sort_parts(row["citations"], "; ")
    return [row for row in rows if row]


def _phrase(fact: Fact) -> str:
    said = [(name, value) for name, value in fact.items() if name != "citations" and (name, value) not in _UNSAID]
    parts = [_words(name, value) for name, value in said]
    return " · ".join(parts)


def _words(name: str, value: str) -> str:
    if name == "share_percent":
        return f"{value} %"
    if name == "usd_million":
        return f"US$ {value} million"
    return value if name in _BARE else f"{name.replace('_', ' ')} {value}"
