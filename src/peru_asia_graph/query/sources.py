"""The sources a store describes, and the store seen as one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.sources.moments import Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, html_table
from peru_asia_graph.vocabulary import DIFFERENCES_GRAPH, GRAPH, expand, graphs_of, local, term, thing

_SOURCES: Final = """
SELECT ?graph ?property ?value WHERE { ?graph a pag:SourceGraph ; ?property ?value } ORDER BY ?graph ?property ?value"""
# Neither asks about each statement, which would take seconds.
_ANY_IN_ITS_GRAPH: Final = "ASK { ?graph a pag:SourceGraph . GRAPH ?graph { ?any a ?class } }"
_ANY_STATEMENT: Final = "ASK { ?statement a pag:Statement }"
_ORDER: Final = term("sourceOrder")
_SHARED: Final = expand("dcterms:requires")
# The property that each field of a source is read from.
_FIELDS: Final = {
    "name": "dcterms:identifier", "short": "dcterms:alternative", "title": "rdfs:label", "date": "dcterms:date",
    "as_of": "dcterms:valid", "licence": "dcterms:license", "citation": "dcterms:bibliographicCitation",
    "page": "foaf:page",
}  # fmt: skip
_SPEAKING_OF_EACH: Final = """
SELECT ?thing ?name WHERE {
  VALUES ?thing { $things }
  ?graph a pag:SourceGraph ; pag:sourceOrder ?position ; dcterms:identifier ?name .
  FILTER EXISTS { GRAPH ?graph { { ?thing ?property ?value } UNION { ?other ?link ?thing } } }
} ORDER BY ?position"""
_COUNTS: Final = """
SELECT (COUNT(DISTINCT ?thing) AS ?things) (COUNT(DISTINCT ?statement) AS ?statements)
  (COUNT(DISTINCT ?citation) AS ?citations) WHERE {
  GRAPH $graph {
    { ?citation a pag:Citation }
    UNION { ?statement pag:citation ?place . { ?statement pag:certainty ?sure } UNION { ?statement a qb:Observation } }
    UNION { ?thing pag:citation ?place
      FILTER NOT EXISTS { ?thing pag:certainty ?sure } FILTER NOT EXISTS { ?thing a qb:Observation } } } }"""
_LAST: Final = "SELECT (MAX(?day) AS ?last) WHERE { ?statement pag:earliest|pag:latest|pag:earliestEnd ?day }"
# The year of what has no date at all: any would do, since nothing of it is known to hold then.
UNDATED_YEAR: Final = 2000


@dataclass(frozen=True)
class SourceInfo:
    """A source as the graph describes it; texts are empty where it says nothing.

    ``name`` is that of its folder and graph, ``short`` the one shown beside citations. ``date`` is the last day, month
    or year it knows of, ``as_of`` the moment at which held what it states without a date. ``shared`` are the graphs
    with class and name of what it and other sources speak of.
    """

    name: str
    short: str = ""
    title: str = ""
    date: str = ""
    as_of: str = ""
    licence: str = ""
    citation: str = ""
    page: str = ""
    shared: tuple[str, ...] = ()

    @property
    def graphs(self) -> list[str]:
        """The graphs that hold what the source says, what follows from it, and what it needs to be read."""
        return graphs_of(self.name, self.shared)

    @property
    def shown(self) -> str:
        """The name shown beside citations: the short one, where the graph tells it."""
        return self.short or self.name

    @property
    def year(self) -> Year | None:
        """The last year the source speaks of."""
        return int(self.date[:4]) if self.date[:4].isdecimal() else None

    @property
    def last_day(self) -> str | None:
        """The last day the source knows of, as an ISO text."""
        return parse_moment(self.date).last if self.date else None


class Sources(list[SourceInfo]):
    """Sources in their order; they show themselves as a list of names and titles."""

    def shown(self) -> dict[str, str]:
        """Return by name what each is called beside citations."""
        return {one.name: one.shown for one in self}

    def __repr__(self) -> str:
        return "\n".join(f"{one.name:<24} {one.title}" for one in self)

    def _repr_html_(self) -> str:
        rows = [[one.name, one.title, one.date, one.licence] for one in self]
        return html_table(["source", "title", "date", "licence"], rows)


def read_sources(store: Store) -> Sources:
    """Return the sources in a store, in their order; none for data of another kind.

    Raises WrongUse for a store that describes sources and has their statements without their graphs.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for graph, name, value in store.query(_SOURCES).values():
        # A part of a store describes all sources, but holds the graphs of its own only.
        if store.graphs is None or graph in store.graphs:
            found.setdefault(graph, {}).setdefault(name, []).append(value)
    if found and store.graphs is None and _is_merged(store):
        raise WrongUse(
            "the graph has lost which source says what: its format has no named graphs (as Turtle, N-Triples); "
            "only queries can be answered; use TriG, N-Quads or JSON-LD"
        )
    return Sources(_read(one) for one in sorted(found.values(), key=_order))


def _is_merged(store: Store) -> bool:
    """Tell whether nothing tells what each source says, as of a file without named graphs."""
    return not store.query(_ANY_IN_ITS_GRAPH).boolean and bool(store.query(_ANY_STATEMENT).boolean)


def _order(properties: Mapping[str, Sequence[str]]) -> tuple[bool, int]:
    """Return the place of a source, those whose order is no number after all others."""
    order = properties.get(_ORDER, ["0"])[0]
    return not order.isdecimal(), int(order) if order.isdecimal() else 0


def _read(properties: Mapping[str, Sequence[str]]) -> SourceInfo:
    fields = {name: properties.get(expand(address), [""])[-1] for name, address in _FIELDS.items()}
    return SourceInfo(**fields, shared=tuple(properties.get(_SHARED, ())))


def sources_table(store: Store) -> Result:
    """Return the sources with what each is, and how many things, statements and citations it has."""
    rows: list[list[Value | None]] = []
    for one in read_sources(store):
        (counts,) = store.query(_COUNTS.replace("$graph", f"<{GRAPH}{one.name}>"))
        told = [one.name, one.short, one.title, one.date, one.as_of, one.licence]
        rows.append([*(text or None for text in told), counts["things"], counts["statements"], counts["citations"]])
    return from_rows(["name", "short", "title", "date", "as_of", "licence", "things", "statements", "places"], rows)


def describe_in_text(sources: Result) -> str:
    """Return a table of sources as a paragraph each, for a terminal.

    >>> row = ["a", "A", "Title", "2020", None, None, 1, 1200, 0]
    >>> columns = ["name", "short", "title", "date", "as_of", "licence", "things", "statements", "places"]
    >>> print(describe_in_text(from_rows(columns, [row])), end="")
    a  (A)
      Title
      knows up to 2020
      1 thing, 1,200 statements, 0 places
    """
    parts = []
    for row in sources:
        dated = f"knows up to {row['date']}" if row["date"] else "without a date"
        as_of = f", undated facts as of {row['as_of']}" if row["as_of"] else ""
        numbers = [(int(str(row[name])), name) for name in ("things", "statements", "places")]
        counts = ", ".join(f"{number:,} {name if number != 1 else name.removesuffix('s')}" for number, name in numbers)
        name, licence = f"{row['name']}  ({row['short']})", str(row["licence"] or "")
        lines = [name, str(row["title"]), dated + as_of, counts, licence]
        parts.append("\n  ".join(filter(None, lines)))
    return "\n\n".join(parts) + "\n"


def names_of(source: object, what: str = "a source") -> list[str]:
    """Return one name or several as a list; raise WrongUse for anything but texts."""
    names = [source] if isinstance(source, str) else source
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise WrongUse(f"{what} is a name or a list of names, not {type(source).__name__}")
    return list(names)


def choose_sources(known: Sequence[SourceInfo], names: Sequence[str]) -> list[SourceInfo]:
    """Return the sources named, by name or short name, in their order; all without a name. Raises UnknownName."""
    chosen = []
    for name in names:
        found = [one for one in known if name and name.casefold() in (one.name.casefold(), one.short.casefold())]
        if not found:
            listed = ", ".join(one.name for one in known)
            raise UnknownName("source", name, [one.name for one in known], f"Sources: {listed or 'none'}.")
        chosen += found
    return [one for one in known if one in chosen] if names else list(known)


def speaking_of_each(store: Store, slugs: Sequence[str]) -> dict[str, list[str]]:
    """Return for each of the things the names of the sources that say something of it."""
    values = " ".join(f"<{thing(slug)}>" for slug in slugs)
    found: dict[str, list[str]] = {slug: [] for slug in slugs}
    for about, name in store.query(_SPEAKING_OF_EACH.replace("$things", values)).values() if slugs else ():
        found[local(about)].append(name)
    return found


def part_of(store: Store, source: SourceInfo) -> Store:
    """Return the store seen as one source: what it says, what follows from it, the code lists and the ontology."""
    return store.part(source.graphs)


def with_differences(store: Store, whole: Store | None) -> Store:
    """Return a part of a whole store with the differences of its sources, which lie in none of them."""
    return store if whole is None or store.graphs is None else whole.part([*store.graphs, DIFFERENCES_GRAPH])


def copy_parts(store: Store) -> None:
    """Prepare a store for many queries of each source: the parts of one in memory are copied at once."""
    from peru_asia_graph.store.embedded import EmbeddedStore

    if isinstance(store, EmbeddedStore):
        for one in read_sources(store):
            store.copy_part(one.graphs)


def default_year(store: Store) -> Year:
    """Return the last year the sources of a store speak of; of a source without a date, the last of its statements.

    Without any it is `UNDATED_YEAR`, not that of today: the same data give the same answers every year.
    """
    known = read_sources(store)
    undated = [part_of(store, one) for one in known if one.year is None] if known else [store]
    years = [str(one.year) for one in known if one.year is not None]
    years += [str(row["last"])[:4] for part in undated for row in part.query(_LAST)]
    return max((int(year) for year in years if year.isdecimal()), default=UNDATED_YEAR)
