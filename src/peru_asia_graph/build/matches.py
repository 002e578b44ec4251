"""Apply people's matches, so that a thing described by several sources has one IRI and one description.

A row in ``matches.csv`` (SSSOM columns) with ``skos:exactMatch`` replaces the IRI of the subject with that of the
object; the other name is kept, with its source. Nothing is merged without such a row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from peru_asia_graph.build.inputs import read_inputs
from peru_asia_graph.build.reference import read_ontology, superclasses
from peru_asia_graph.errors import BadInput
from peru_asia_graph.paths import REFERENCE, Project
from peru_asia_graph.query.sources import SourceInfo, choose_sources
from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.sources.judgements import EXACT, NOT, Judgements, is_same, kept_ids, pair_of
from peru_asia_graph.sources.suggestions import Suggestion, candidates, suggest_matches
from peru_asia_graph.sources.tables import CsvRow, Source
from peru_asia_graph.vocabulary import DIFFERENCES_GRAPH, RDF_TYPE, RDFS_LABEL, THING, expand, shared_graph, term, thing

MATCHES: Final = "matches"
# The files of a source without which no match can be suggested or recorded.
_NEEDED: Final = ("csv-metadata", "entities", "names", "translations", MATCHES)
_RELATION: Final = NamedNode(term("matchRelation"))
_PRINTED: Final = NamedNode(term("nameAsPrinted"))
_PREFERRED: Final = NamedNode(expand("skos:prefLabel"))
_OTHER: Final = NamedNode(expand("skos:altLabel"))
_DESCRIBING: Final = (RDF_TYPE, RDFS_LABEL)
_FORMULAS: Final = (term("formula"), term("readingFormula"))
_QUOTED: Final = re.compile(r"""(["'])(.*?)\1""")


def matched_ids(sources: Sequence[Source]) -> dict[str, str]:
    """Return the canonical id of each id that people judged to be the same thing, following chains to the end.

    Two things matched with the same third one are the same even if the source of the third is not read.
    """
    return kept_ids(match_rows(sources), list(_things(sources)))


def match_rows(sources: Sequence[Source]) -> list[CsvRow]:
    """Return the rows of all match tables."""
    return [row for source in sources for row in source.rows(MATCHES)]


def _things(sources: Sequence[Source]) -> dict[str, None]:
    """Return the ids of all things, in source order."""
    return {slug: None for source in sources for slug in things_of(source)}


def things_of(source: Source) -> list[str]:
    return [row.text("id") for row in source.rows("entities")]


def mark_differing(quads: Iterable[Quad], sources: Sequence[Source]) -> Iterator[Quad]:
    """Yield the quads, with ``Not`` before the relation of two things judged not to be related in that way."""
    differing = {thing(row.text("id")) for row in match_rows(sources) if row.text("predicate_modifier") == NOT}
    for quad in quads:
        if quad.predicate == _RELATION and iri(quad.subject) in differing:
            quad = Quad(quad.subject, quad.predicate, Literal(f"{NOT} {_text(quad)}"), quad.graph_name)
        yield quad


def match_links(sources: Sequence[Source], kept: Mapping[str, str]) -> Iterator[Quad]:
    """Yield the other relations from matches (part of, successor of), and the things each match is about."""
    graph, about, matched = NamedNode(DIFFERENCES_GRAPH), NamedNode(term("about")), NamedNode(term("matchedThing"))
    known, merged = _things(sources), kept.keys() | set(kept.values())
    for row in match_rows(sources):
        match, (one, other) = NamedNode(thing(row.text("id"))), (_address(slug, kept) for slug in pair_of(row))
        if not set(pair_of(row)) <= known.keys():
            # Two things may be merged because both match a third one that is not read.
            found = [slug for slug in pair_of(row) if slug in merged] if is_same(row) else []
            yield from (Quad(match, about, _address(slug, kept), graph) for slug in found)
            continue
        yield Quad(match, about, other, graph)
        if not is_same(row):
            yield Quad(match, matched, one, graph)
        if row.text("predicate_id") != EXACT and row.text("predicate_modifier") != NOT:
            yield Quad(one, NamedNode(expand(row.text("predicate_id"))), other, graph)


def _address(slug: str, kept: Mapping[str, str]) -> NamedNode:
    return NamedNode(thing(kept.get(slug, slug)))


def rewrite(quads: Sequence[Quad], kept: Mapping[str, str]) -> list[Quad]:
    """Return the quads with canonical IRIs, and canonical ids in formulas."""
    nodes = {thing(one): NamedNode(thing(other)) for one, other in kept.items()}
    found: list[Quad] = []
    for quad in quads:
        goal, subject = quad.object, nodes.get(iri(quad.subject))
        target = nodes.get(goal.value) if isinstance(goal, NamedNode) else None
        if subject is not None or target is not None:
            quad = Quad(subject or quad.subject, quad.predicate, target or goal, quad.graph_name)
        elif quad.predicate.value in _FORMULAS:
            formula = _QUOTED.sub(lambda found: f"{found[1]}{kept.get(found[2], found[2])}{found[1]}", _text(quad))
            quad = Quad(quad.subject, quad.predicate, Literal(formula), quad.graph_name)
        found.append(quad)
    return found


def give_names(quads: Iterable[Quad], kept: Mapping[str, str], facts: Iterable[Quad]) -> list[Quad]:
    """Return the quads of the reference lists, with the names of matched ids moved to the canonical ones.

    If the canonical one already has a name in that language, in ``facts`` or of its own, the matched name becomes an
    alternative name.
    """
    nodes = {thing(one): NamedNode(thing(other)) for one, other in kept.items()}
    ordered = sorted(quads, key=lambda quad: iri(quad.subject) in nodes)
    taken = {_name(quad): quad for quad in facts if quad.predicate == _PREFERRED}
    found: dict[Quad, None] = {}
    for quad in ordered:
        target, predicate = quad.object, quad.predicate
        subject = nodes.get(iri(quad.subject), quad.subject) if isinstance(target, Literal) else quad.subject
        given = Quad(subject, predicate, target, quad.graph_name)
        if predicate == _PREFERRED and (known := taken.setdefault(_name(given), given)) is not given:
            if known.object == target:
                continue
            given = Quad(subject, _OTHER, target, quad.graph_name)
        found[given] = None
    return list(found)


def _name(quad: Quad) -> tuple[str, str | None]:
    """Return the thing and language of a preferred name; there is one name for each."""
    return iri(quad.subject), getattr(quad.object, "language", None)


def _text(label: Quad) -> str:
    return label.object.value if isinstance(label.object, Literal) else ""


def share_descriptions(parts: Mapping[str, Sequence[Quad]], kept: Mapping[str, str]) -> list[Quad]:
    """Return the quads of all sources, with the class and name of things in several sources in a shared graph.

    ``parts`` maps the sources, in order, to their quads; ``kept`` maps matched ids to canonical ones. The first source
    that names a thing determines its class and, for each language, its name; other names and classes stay with their
    source.
    """
    spoken: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    kinds: dict[str, str] = {}
    names: dict[tuple[str, str | None], str] = {}
    for name, quads in parts.items():
        for quad in quads:
            for node in (quad.subject, quad.object):
                if isinstance(node, NamedNode) and node.value.startswith(THING):
                    spoken[node.value].add(name)
            if quad.predicate.value == RDFS_LABEL:
                labels.setdefault(iri(quad.subject), _text(quad))
            if quad.predicate.value == RDF_TYPE:
                kinds.setdefault(iri(quad.subject), iri(quad.object))
            if quad.predicate == _PREFERRED:
                names.setdefault(_name(quad), _text(quad))
    matched = {thing(slug) for slug in kept.values()}
    shared = {
        address: NamedNode(shared_graph(names))
        for address, names in spoken.items()
        if len(names) > 1 or address in matched
    }
    every = (_with_one_name(quad, names) for quads in parts.values() for quad in quads)
    return list(dict.fromkeys(_placed(quad, shared, labels, kinds) for quad in every))


def _with_one_name(quad: Quad, names: Mapping[tuple[str, str | None], str]) -> Quad:
    """Return the quad, as an alternative name if an earlier source has another name in that language."""
    if quad.predicate != _PREFERRED or _text(quad) == names[_name(quad)]:
        return quad
    return Quad(quad.subject, _OTHER, quad.object, quad.graph_name)


def _placed(quad: Quad, shared: Mapping[str, NamedNode], labels: Mapping[str, str], kinds: Mapping[str, str]) -> Quad:
    address = iri(quad.subject)
    if address not in shared or quad.predicate.value not in _DESCRIBING:
        return quad
    if quad.predicate.value == RDF_TYPE and iri(quad.object) != kinds[address]:
        return quad
    if quad.predicate.value == RDFS_LABEL and _text(quad) != labels[address]:
        return Quad(quad.subject, _PRINTED, Literal(_text(quad)), quad.graph_name)
    return Quad(quad.subject, quad.predicate, quad.object, shared[address])


def read_matchable(project: Project, with_shipped: bool = False) -> list[Source]:
    """Return the sources of a project; raise BadInput if a table of things, names or matches cannot be read.

    What is missing from such a table would be asked about again, or not at all.
    """
    sources = read_inputs(project, with_shipped)
    # A source whose metadata or schemas cannot be used has no tables.
    found = [problem for source in sources for problem in source.problems
             if not problem.warning and (not source.tables or Path(problem.file).stem in _NEEDED)]  # fmt: skip
    if found:
        raise BadInput(list(dict.fromkeys(found)))
    return sources


def read_suggestions(
    project: Project,
    source: str | None = None,
    cutoff: float = 80.0,
    with_shipped: bool = False,
    judged: Judgements | None = None,
) -> list[Suggestion]:
    """Return pairs of things in a project's sources that may be the same and have not been judged.

    With ``with_shipped``, one of the two may be from a shipped source; pairs of shipped things are not suggested.
    ``judged`` is filled with the existing judgements. Raises UnknownName for an unknown source, BadInput if the project
    has no sources or a table that is needed cannot be read.
    """
    sources = read_matchable(project, with_shipped)
    named = [one for one in sources if one.name != REFERENCE]
    if source is not None:
        source = choose_sources([SourceInfo(one.name, one.about.short) for one in named], [source])[0].name
    classes = superclasses(read_ontology(project.ontology))
    judged = Judgements() if judged is None else judged
    for row in match_rows(sources):
        judged.add(*pair_of(row), is_same(row))
    own = {folder.name for folder in project.sources() if folder.is_relative_to(project.data)}
    things = candidates(sources)
    judged.places.update({one.id: one.place for one in things})
    found = suggest_matches(things, judged, classes, source, cutoff)
    return [each for each in found if not own.isdisjoint((each.one.source, each.other.source))]
