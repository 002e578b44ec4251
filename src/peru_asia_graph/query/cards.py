"""Cards: what the graph says about one thing, in sections, each fact with its citation.

A section is a query file of ``ontology/cards``; ``$thing`` is the thing. A header ``# requires: ^pag:owned`` lists
properties: the thing must have at least one of them (with ``^``, be a value of it) for the section to have facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse, check_text
from peru_asia_graph.query.fact_words import code_in_words, code_labels, fact_phrases, state_ownership
from peru_asia_graph.query.side_by_side import SOURCE, SourcePart
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import html_notes, sort_parts
from peru_asia_graph.vocabulary import COMMON_GRAPHS, GRAPH, expand, thing

_FIELD: Final = re.compile(r"# (title|requires): (.*)")
_LINKS: Final = """
SELECT ?property ?direction (COUNT(DISTINCT ?other) AS ?count) WHERE {
  { $thing ?property ?other . BIND("" AS ?direction) } UNION { ?other ?property $thing . BIND("^" AS ?direction) }
} GROUP BY ?property ?direction"""
_HEAD: Final = """
SELECT ?label ?type ?description ?state_owned (GROUP_CONCAT(DISTINCT ?locator; SEPARATOR="; ") AS ?citations) WHERE {
  GRAPH ?graph { $thing a ?type }
  FILTER(!STRSTARTS(STR(?graph), STR(graph:derived)) && STRSTARTS(STR(?type), STR(pag:)) || ?type = qb:Observation)
  OPTIONAL { $thing rdfs:label ?label }
  OPTIONAL { $thing dcterms:description ?description }
  OPTIONAL { $thing pag:stateOwned ?state_owned }
  OPTIONAL { $thing pag:citation/rdfs:label ?locator }
} GROUP BY ?label ?type ?description ?state_owned"""
# Columns that are printed next to a fact.
_BESIDE: Final = frozenset({"citations", SOURCE})
# How many citations per source a text lists at the top; the JSON has all of them.
_MOST_PLACES: Final = 6
# What a source says of a thing, in the heading if all sources that speak of it say the same, else in a section.
_SAID_OF: Final = ("description", "state_owned")
_DESCRIPTION: Final = "Description"
# The sections that compare several sources instead of belonging to one.
_BETWEEN: Final = ("differences", "related")
_AMONG: Final = "# among"
Fact = Mapping[str, str]
# How often each property has the thing as subject, or, prefixed with "^", as value.
LinkCounts = Mapping[str, int]


@dataclass(frozen=True)
class Section:
    """One kind of facts: its title, the facts as columns and texts, and labels of codes in them."""

    title: str
    facts: Sequence[Fact]
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    def lines(self) -> list[tuple[str, str]]:
        """Return each fact as a line with its citation."""
        return [(" · ".join(fact_phrases(fact, _BESIDE, self.labels)), _cited(fact)) for fact in self.facts]


@dataclass(frozen=True)
class Card:
    """The facts about one thing; ``notes`` name other things that its name may be confused with.

    ``cited`` lists the citations that name it, by the short name of their source, which is empty if there is only one.
    """

    slug: str
    head: Fact
    sections: Sequence[Section]
    notes: Sequence[str] = ()
    cited: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def render(self, form: str) -> str:
        """Return the card as text, table (the same), markdown or json."""
        check_text(form, "the format of a card")
        if form in ("text", "table"):
            return self._text()
        if form == "markdown":
            return self._markdown()
        if form == "json":
            import json

            sections = {section.title: [dict(fact) for fact in section.facts] for section in self.sections}
            notes = {"notes": list(self.notes)} if self.notes else {}
            found = {"id": self.slug, **self.head, **notes, "facts": sections}
            return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        raise WrongUse(f"a card cannot be written as {form}; use text, markdown or json")

    def __str__(self) -> str:
        return self._text()

    def __repr__(self) -> str:
        return f"<Card of {self._title()}: {len(self.sections)} sections; print() shows it>"

    def _title(self) -> str:
        owned = f", {state_ownership(self.head['state_owned'])}" if "state_owned" in self.head else ""
        return f"{self.head.get('label', self.slug)} ({code_in_words(self.head.get('type', 'thing'))}{owned})"

    def _text(self) -> str:
        import shutil
        import textwrap

        width = min(100, max(40, shutil.get_terminal_size((80, 24)).columns))
        lines = [*textwrap.wrap(self._title(), width), thing(self.slug)]
        lines += textwrap.wrap(self.head.get("description", ""), width)
        cited = "; ".join(starmap(_places, self.cited.items()))
        lines += textwrap.wrap(f"[{cited}]", width) if cited else []
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
        from html import escape

        parts = [f"<h3>{escape(self._title())}</h3><p>{escape(self.head.get('description', ''))}</p>"]
        parts.append(html_notes(self.notes))
        for section in self.sections:
            items = "".join(
                f"<li>{escape(line)} <small>{escape(cited)}</small></li>" for line, cited in section.lines()
            )
            parts.append(f"<h4>{escape(section.title)}</h4><ul>{items}</ul>")
        return "".join(parts)


@dataclass(frozen=True)
class SectionQuery:
    """A query file of ``ontology/cards``; ``key`` is its name without number and ending."""

    key: str
    title: str
    text: str = field(repr=False)
    requires: frozenset[str]

    def applies(self, links: LinkCounts) -> bool:
        """Return whether a thing with these links can have facts in this section."""
        return not self.requires or not self.requires.isdisjoint(links)

    def read(self, store: Store, slug: str) -> Section:
        """Return the section of a thing."""
        return Section(self.title, _read_facts(store, self.text, slug))


def among(queries: Sequence[SectionQuery], sources: Sequence[str]) -> list[SectionQuery]:
    """Restrict queries that have a ``# among`` line to comparisons of two of these sources; return them."""
    graphs = ", ".join(f"<{GRAPH}{source}>" for source in sources)
    condition = f"FILTER(?source_a IN ({graphs}) && ?source_b IN ({graphs}))"
    return [replace(query, text=query.text.replace(_AMONG, condition)) for query in queries]


def make_card(store: Store, slug: str, queries: Sequence[SectionQuery], parts: Sequence[SourcePart] = ()) -> Card:
    """Return the card of the thing with this slug, without empty sections.

    With ``parts`` each fact has its ``source``, except those from code lists and those that compare sources, which are
    read from ``store``.
    """
    card = _card_of_parts(store, slug, queries, parts) if parts else _card(store, slug, queries)
    labels = code_labels(store, (fact for section in card.sections for fact in section.facts))
    return replace(card, sections=[replace(section, labels=labels) for section in card.sections]) if labels else card


def _card(store: Store, slug: str, queries: Sequence[SectionQuery]) -> Card:
    links = count_links(store, thing(slug))
    sections = [query.read(store, slug) for query in queries if query.applies(links)]
    head = read_head(store, slug)
    return Card(
        slug, head, [section for section in sections if section.facts], cited={"": _split(head.get("citations", ""))}
    )


def _card_of_parts(store: Store, slug: str, queries: Sequence[SectionQuery], parts: Sequence[SourcePart]) -> Card:
    known = _card(store.part(COMMON_GRAPHS), slug, queries)
    facts: dict[str, list[Fact]] = {section.title: list(section.facts) for section in known.sections}
    cards = [(part, _card(part.store, slug, queries)) for part in parts]
    for part, card in cards:
        for section in card.sections:
            common = next((one.facts for one in known.sections if one.title == section.title), ())
            found = facts.setdefault(section.title, [])
            found += [{SOURCE: part.name, **fact} for fact in section.facts if fact not in common]
    between = [query.read(store, slug) for query in queries if query.key in _BETWEEN]
    facts |= {section.title: list(section.facts) for section in between}
    cited = {part.short: card.head["citations"] for part, card in cards if "citations" in card.head}
    differing = [name for name in _SAID_OF if len({card.head.get(name) for _, card in cards}) > 1]
    merged = {name: value for _, card in reversed(cards) for name, value in card.head.items() if name not in differing}
    facts[_DESCRIPTION] = [
        {SOURCE: part.name, **said}
        for part, card in cards
        if (said := {name: card.head[name] for name in differing if name in card.head})
    ]
    titles = dict.fromkeys((_DESCRIPTION, *(query.title for query in queries)))
    head = {**merged, "citations": "; ".join(map(": ".join, cited.items()))} if cited else merged
    sections = [Section(title, facts[title]) for title in titles if facts.get(title)]
    return Card(slug, head, sections, cited={name: _split(places) for name, places in cited.items()})


def read_head(store: Store, slug: str) -> Fact:
    """Return the known label, type, description, state ownership and citations of a thing."""
    return next(iter(_read_facts(store, _HEAD, slug)), {})


def count_links(store: Store, iri: str) -> LinkCounts:
    """Return for each property how many values an IRI has, and, prefixed with ``^``, how often it is the value."""
    rows = store.query(_LINKS.replace("$thing", f"<{iri}>")).values()
    return {way + name: int(count) for name, way, count in rows}


def read_section_queries(folder: Path) -> list[SectionQuery]:
    """Return the section queries of a folder in the order of their names."""
    found = []
    for path in sorted(folder.glob("*.rq")):
        query = path.read_text("utf-8")
        fields = {match[1]: match[2] for match in map(_FIELD.match, query.splitlines()) if match}
        requires = frozenset(_expand_inverse(name) for name in fields.get("requires", "").split())
        found.append(SectionQuery(path.stem.partition("-")[2], fields.get("title", path.stem), query, requires))
    return found


def _split(citations: str) -> list[str]:
    return [place for place in citations.split("; ") if place]


def _places(source: str, places: Sequence[str]) -> str:
    """Return the first citations of a source that name a thing, and how many more there are."""
    more = [f"and {len(places) - _MOST_PLACES} more"] if len(places) > _MOST_PLACES + 1 else []
    told = "; ".join([*(places[:_MOST_PLACES] if more else places), *more])
    return f"{source}: {told}" if source else told


def _cited(fact: Fact) -> str:
    return ": ".join(filter(None, (fact.get(SOURCE, ""), fact.get("citations", ""))))


def _expand_inverse(name: str) -> str:
    return "^" + expand(name[1:]) if name.startswith("^") else expand(name)


def _read_facts(store: Store, query: str, slug: str) -> list[Fact]:
    result = store.query(query.replace("$thing", f"<{thing(slug)}>"))
    facts: list[Fact] = []
    for row in result.texts():
        fact = {name: cell for name, cell in zip(result.variables, row, strict=True) if cell}
        if "; " in fact.get("citations", ""):
            fact["citations"] = sort_parts(fact["citations"], "; ")
        if fact:
            facts.append(fact)
    return facts
