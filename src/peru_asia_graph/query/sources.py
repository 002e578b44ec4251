"""The sources described in a store, the store restricted to one of them, and the nodes of a network of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.sources.dates import Year, parse_moment
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, html_table, sort_parts
from peru_asia_graph.vocabulary import DIFFERENCES_GRAPH, GRAPH, expand, graphs_of, local, term, thing

_SOURCES: Final = """
SELECT ?graph ?property ?value WHERE { ?graph a pag:SourceGraph ; ?property ?value } ORDER BY ?graph ?property ?value"""
# These do not check every statement, which would take seconds.
_ANY_IN_ITS_GRAPH: Final = "ASK { ?graph a pag:SourceGraph . GRAPH ?graph { ?any a ?class } }"
_ANY_STATEMENT: Final = "ASK { ?statement a pag:Statement }"
_ORDER: Final = term("sourceOrder")
_SHARED: Final = expand("dcterms:requires")
# The property from which each field of a source is read.
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
# Every row of a source is cited. A statement has a certainty or is one of these; names and remarks are neither. The
# class of a thing may be in a graph that sources share.
_COUNTED: Final = (("things", "things"), ("statements", "statements"), ("places", "cited passages"))
_COUNTS: Final = """
SELECT (COUNT(DISTINCT ?thing) AS ?things) (COUNT(DISTINCT ?statement) AS ?statements)
  (COUNT(DISTINCT ?citation) AS ?places) WHERE {
  GRAPH $graph {
    { ?citation a pag:Citation }
    UNION { ?statement pag:citation ?place . { ?statement pag:certainty ?sure } UNION { ?statement pag:party ?party }
      UNION { VALUES ?class { $stating } ?statement a ?class } }
    UNION { ?thing pag:citation ?place FILTER NOT EXISTS { ?thing pag:certainty ?sure }
      FILTER NOT EXISTS { VALUES ?class { $stating $remarks } ?thing a ?class } } } }""".replace(
    "$stating", "qb:Observation pag:Investment pag:Participation pag:Finding pag:Claim"
).replace("$remarks", "pag:PrintedName pag:Discrepancy pag:RejectedReading pag:MissingNote pag:Source")
_LAST: Final = "SELECT (MAX(?day) AS ?last) WHERE { ?statement pag:earliest|pag:latest|pag:earliestEnd ?day }"
# The year for data without any dates: any would do, because none of it is known to hold then.
UNDATED_YEAR: Final = 2000

# Statements of one source are not attributed to another.
OF_ONE_SOURCE: Final = {"date", "end_date", "from_year", "until_year", "phases"}


@dataclass(frozen=True)
class SourceInfo:
    """A source as described in the graph; texts are empty if it gives none.

    ``name`` is the name of its folder and graph, ``short`` the name shown next to citations. ``date`` is the last day,
    month or year it covers, ``as_of`` the date at which its undated statements hold. ``shared`` lists the graphs with
    classes and names of things that it shares with other sources.
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
        """The graphs with the source's statements, the data derived from them, and what is needed to read them."""
        return graphs_of(self.name, self.shared)

    @property
    def shown(self) -> str:
        """The name shown next to citations: the short one, if the graph has it."""
        return self.short or self.name

    @property
    def year(self) -> Year | None:
        """The last year the source covers."""
        return int(self.date[:4]) if self.date[:4].isdecimal() else None

    @property
    def last_day(self) -> str | None:
        """The last day the source covers, as an ISO date."""
        return parse_moment(self.date).last if self.date else None


class Sources(list[SourceInfo]):
    """Sources in order; their text form is a list of names and titles."""

    def shown(self) -> dict[str, str]:
        """Return the display name of each source by its name."""
        return {one.name: one.shown for one in self}

    def __repr__(self) -> str:
        return "\n".join(f"{one.name:<24} {one.title}" for one in self)

    def _repr_html_(self) -> str:
        rows = [[one.name, one.title, one.date, one.licence] for one in self]
        return html_table(["source", "title", "date", "licence"], rows)


def read_sources(store: Store) -> Sources:
    """Return the sources in a store, in order; none for data in other forms.

    Raises WrongUse for a store that describes sources but has their statements outside named graphs.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for graph, name, value in store.query(_SOURCES).values():
        # A part of a store describes all sources, but contains only its own graphs.
        if store.graphs is None or graph in store.graphs:
            found.setdefault(graph, {}).setdefault(name, []).append(value)
    if found and store.graphs is None and _is_merged(store):
        raise WrongUse(
            "the graph does not say which source states what, because its format has no named graphs (as in Turtle, "
            "N-Triples); only queries can be run; use TriG, N-Quads or JSON-LD"
        )
    return Sources(_read(one) for one in sorted(found.values(), key=_order))


def _is_merged(store: Store) -> bool:
    """Return whether nothing says which source states what, as in a file without named graphs."""
    return not store.query(_ANY_IN_ITS_GRAPH).boolean and bool(store.query(_ANY_STATEMENT).boolean)


def _order(properties: Mapping[str, Sequence[str]]) -> tuple[bool, int]:
    """Return the sort key of a source; sources whose order is not a number come last."""
    order = properties.get(_ORDER, ["0"])[0]
    return not order.isdecimal(), int(order) if order.isdecimal() else 0


def _read(properties: Mapping[str, Sequence[str]]) -> SourceInfo:
    fields = {name: properties.get(expand(address), [""])[-1] for name, address in _FIELDS.items()}
    return SourceInfo(**fields, shared=tuple(properties.get(_SHARED, ())))


def count_content(store: Store, name: str) -> dict[str, int]:
    """Return the number of things, statements and places (citations) of a source."""
    (counts,) = store.query(_COUNTS.replace("$graph", f"<{GRAPH}{name}>"))
    return {column: int(str(counts[column])) for column, _ in _COUNTED}


def sources_table(store: Store) -> Result:
    """Return the sources with their metadata, and the number of things, statements and citations of each."""
    rows: list[list[Value | None]] = []
    for one in read_sources(store):
        told = [one.name, one.short, one.title, one.date, one.as_of, one.licence]
        rows.append([*(text or None for text in told), *count_content(store, one.name).values()])
    return from_rows(["name", "short", "title", "date", "as_of", "licence", "things", "statements", "places"], rows)


def describe_in_text(sources: Result) -> str:
    """Return a table of sources as one paragraph each, for a terminal.

    >>> row = ["a", "A", "Title", "2020", None, None, 1, 1200, 0]
    >>> columns = ["name", "short", "title", "date", "as_of", "licence", "things", "statements", "places"]
    >>> print(describe_in_text(from_rows(columns, [row])), end="")
    a  (A)
      Title
      covers up to 2020
      1 thing, 1,200 statements, 0 cited passages
    """
    parts = []
    for row in sources:
        dated = f"covers up to {row['date']}" if row["date"] else "without a date"
        as_of = f", undated facts as of {row['as_of']}" if row["as_of"] else ""
        numbers = [(int(str(row[name])), noun) for name, noun in _COUNTED]
        counts = ", ".join(f"{number:,} {noun if number != 1 else noun.removesuffix('s')}" for number, noun in numbers)
        name, licence = f"{row['name']}  ({row['short']})", str(row["licence"] or "")
        lines = [name, str(row["title"]), dated + as_of, counts, licence]
        parts.append("\n  ".join(filter(None, lines)))
    return "\n\n".join(parts) + "\n"


def names_of(source: object, what: str = "a source") -> list[str]:
    """Return one name or several as a list; raise WrongUse if they are not texts."""
    names = [source] if isinstance(source, str) else source
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise WrongUse(f"{what} must be a name or a list of names, not {type(source).__name__}")
    return list(names)


def choose_sources(known: Sequence[SourceInfo], names: Sequence[str]) -> list[SourceInfo]:
    """Return the sources named, by name or short name, in order; all if none is named. Raises UnknownName."""
    chosen = []
    for name in names:
        found = [one for one in known if name and name.casefold() in (one.name.casefold(), one.short.casefold())]
        if not found:
            listed = ", ".join(one.name for one in known)
            raise UnknownName("source", name, [one.name for one in known], f"Sources: {listed or 'none'}.")
        chosen += found
    return [one for one in known if one in chosen] if names else list(known)


def speaking_of_each(store: Store, slugs: Sequence[str]) -> dict[str, list[str]]:
    """Return for each thing the names of the sources that mention it."""
    values = " ".join(f"<{thing(slug)}>" for slug in slugs)
    found: dict[str, list[str]] = {slug: [] for slug in slugs}
    for about, name in store.query(_SPEAKING_OF_EACH.replace("$things", values)).values() if slugs else ():
        found[local(about)].append(name)
    return found


def part_of(store: Store, source: SourceInfo) -> Store:
    """Return the store restricted to one source: its statements, derived data, the code lists and the ontology."""
    return store.part(source.graphs)


def with_differences(store: Store, whole: Store | None) -> Store:
    """Return a part of a whole store with the differences between its sources, which belong to none of them."""
    return store if whole is None or store.graphs is None else whole.part([*store.graphs, DIFFERENCES_GRAPH])


def copy_parts(store: Store) -> None:
    """Prepare a store for many queries of each source: the parts of an in-memory store are copied at once."""
    from peru_asia_graph.store.embedded import EmbeddedStore

    if isinstance(store, EmbeddedStore):
        for one in read_sources(store):
            store.copy_part(one.graphs)


def default_year(store: Store) -> Year:
    """Return the last year covered by the sources of a store; for a source without a date, the last of its statements.

    Without any date it is `UNDATED_YEAR`, not the current year: the same data give the same answers every year.
    """
    known = read_sources(store)
    undated = [part_of(store, one) for one in known if one.year is None] if known else [store]
    years = [str(one.year) for one in known if one.year is not None]
    years += [str(row["last"])[:4] for part in undated for row in part.query(_LAST)]
    return max((int(year) for year in years if year.isdecimal()), default=UNDATED_YEAR)


def parts_of(store: Store) -> list[tuple[Store, dict[str, Value]]]:
    """Return the store split by source, with the source's name and last day for every edge.

    Data in other forms is one part without a known source.
    """
    sources = read_sources(store)
    parts: list[tuple[Store, dict[str, Value]]] = []
    for one in sources:
        said: dict[str, Value] = {"said_in": one.name}
        if one.last_day:
            said["last_day"] = one.last_day
        parts.append((store if len(sources) == 1 else part_of(store, one), said))
    return parts or [(store, {})]


def merge_nodes(
    parts: Iterable[tuple[dict[str, dict[str, Value]], Value | None]], between: str
) -> dict[str, dict[str, Value]]:
    """Return the attributes of each node from its attributes in each source, given with the name of that source.

    If sources differ, the attributes are those of the first. ``citations`` are those of all, ``sources`` their names.
    """
    nodes: dict[str, dict[str, Value]] = {}
    for part, source in parts:
        for slug, said in part.items():
            found = {**said, "sources": source} if source and said.get("citations") else said
            known = nodes.get(slug)
            if known is None:
                nodes[slug] = dict(found)
                continue
            cited = between.join(str(one["citations"]) for one in (known, found) if one.get("citations"))
            names = ";".join(str(one["sources"]) for one in (known, found) if one.get("sources"))
            known |= {name: value for name, value in found.items() if name not in known and name not in OF_ONE_SOURCE}
            if names:
                known["sources"] = names
            if cited:
                known["citations"] = sort_parts(cited, between)
    return nodes
