"""Differences between sources as quads, in a separate graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.audit.differences import Difference, SourceValue
from peru_asia_graph.audit.statements import find_differences
from peru_asia_graph.build.provenance import Statement
from peru_asia_graph.errors import Problem, join_or, raise_errors, suggest
from peru_asia_graph.query.side_by_side import parts_about
from peru_asia_graph.rdf.quads import quads_in
from peru_asia_graph.sources.date_words import periods_in_text
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.tables import Table
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import (
    AGREEMENT_DATES,
    CODE,
    DIFFERENCES_GRAPH,
    GRAPH,
    RDF_TYPE,
    RDFS_LABEL,
    STAKE_DATES,
    term,
    thing,
)

_LABELS: Final = "SELECT ?thing ?label WHERE { ?thing rdfs:label ?label FILTER(STRSTARTS(STR(?thing), STR(id:))) }"

_FIGURE: Final = "value"


def differences(
    store: Store, decisions: Sequence[Table], absent: Collection[str], own_ids: Mapping[tuple[str, str], str]
) -> tuple[list[Quad], list[Problem]]:
    """Return the differences between the sources of a store, people's decisions about them, and warnings.

    ``absent`` are the ids used in shipped sources that are not read; ``own_ids`` maps source and canonical id to the id
    used in that source. Raises BadInput for a decision on a difference that does not exist.
    """
    parts = [part for part in parts_about(store) if part.source is not None]
    labels = {str(row["thing"]): str(row["label"]) for row in store.query(_LABELS)}
    shorts = {part.name: part.short for part in parts}
    found = {slug_of(one, own_ids): one for one in find_differences(parts)} if len(parts) > 1 else {}
    said = ((thing(slug), *pair) for slug, one in found.items() for pair in _describe(one, labels, shorts))
    problems = list(_check_decisions(found, decisions, absent))
    raise_errors(problems)
    return quads_in(DIFFERENCES_GRAPH, [*said, *_decided(found, decisions)]), problems


def _check_decisions(
    found: Mapping[str, Difference], decisions: Sequence[Table], absent: Collection[str]
) -> Iterator[Problem]:
    """Yield problems: no such difference, a source not compared, a second decision; warn about shipped data."""
    decided: dict[str, str] = {}
    for table in decisions:
        for row in table.rows:
            slug, preferred, place = row.text("id"), row.text("preferred"), f"{table.file}:{row.line}"
            if (first := decided.setdefault(slug, place)) != place:
                message, remedy = f"'{slug[:80]}' already has a decision at {first}", "keep one of the two rows"
                yield Problem(table.file, row.line, "id", message, remedy)
            if slug not in found:
                meant = suggest(slug, list(found))
                remedy = f"did you mean {join_or(meant)}?" if meant else "see differences.csv, or delete the row"
                is_shipped = any(f"-{one}--" in f"{slug}--" for one in absent)
                if is_shipped:
                    remedy = "it is about shipped data; without --with-shipped the row has no effect"
                message = f"no difference '{slug[:80]}'"
                yield Problem(table.file, row.line, "id", message, remedy, warning=is_shipped)
            elif preferred not in found[slug].sources:
                message = f"'{preferred}' is not one of the two sources"
                yield Problem(table.file, row.line, "preferred", message, join_or(found[slug].sources))


def _decided(found: Mapping[str, Difference], decisions: Sequence[Table]) -> Iterator[Statement]:
    for row in (row for table in decisions for row in table.rows if row.text("id") in found):
        subject, day = thing(row.text("id")), row.text("decided_on")
        yield subject, term("preferredSource"), NamedNode(GRAPH + row.text("preferred"))
        yield subject, term("reason"), Literal(row.text("reason"), language="en")
        yield subject, term("judgedBy"), Literal(row.text("author_label"))
        yield subject, term("judgedOn"), Literal(day, datatype=NamedNode(parse_date(day).datatype))


def slug_of(found: Difference, own_ids: Mapping[tuple[str, str], str]) -> str:
    """Return the slug of a difference: the statements compared, or the statement and the source without one.

    The slug does not depend on the order of the sources: a thing has the id used in its own source (``own_ids``).
    """
    ends = [
        f"not-in-{source}" if said is None
        else own_ids.get((source, said.statement), f"{source}--{said.statement}") if said.statement == found.subject
        else said.statement
        for source, said in sorted(zip(found.sources, (found.one, found.other), strict=True), key=itemgetter(0))
    ]  # fmt: skip
    return f"difference--{found.property.lower()}--{'--'.join(ends)}"


def _describe(
    found: Difference, labels: dict[str, str], shorts: dict[str, str]
) -> Iterator[tuple[str, NamedNode | Literal]]:
    yield RDF_TYPE, NamedNode(term("Difference"))
    yield RDFS_LABEL, Literal(_label(found, labels, shorts), language="en")
    yield term("differenceKind"), NamedNode(f"{CODE}difference-kind/{found.kind}")
    yield term("comparedProperty"), NamedNode(term(found.property))
    yield term("about"), NamedNode(thing(found.subject))
    for letter, source, said in zip("AB", found.sources, (found.one, found.other), strict=True):
        yield term(f"source{letter}"), NamedNode(GRAPH + source)
        if said is not None:
            yield term(f"statement{letter}"), NamedNode(thing(said.statement))
            if said.value:
                yield term(f"value{letter}"), Literal(said.value)


def _label(found: Difference, labels: dict[str, str], shorts: dict[str, str]) -> str:
    sides = [
        f"{_value_text(said, found, labels)} ({shorts[source]})"
        for source, said in zip(found.sources, (found.one, found.other), strict=True)
    ]
    about = found.one.statement if found.one is not None and found.property == _FIGURE else found.subject
    return f"{labels.get(about, about)}: {' / '.join(sides)}"


def _value_text(said: SourceValue | None, found: Difference, labels: dict[str, str]) -> str:
    if said is None:
        return "nothing"
    value = periods_in_text(said.value) if found.property in (*STAKE_DATES, *AGREEMENT_DATES) else said.value
    if said.statement == found.subject or found.property == _FIGURE:
        return value
    label = labels.get(said.statement, value or said.statement)
    return f"{label}: {value}" if found.property in STAKE_DATES else label
