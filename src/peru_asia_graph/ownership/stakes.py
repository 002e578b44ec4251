"""Read the stakes of a graph or table: numbers of any type, missing attributes, edges that are not stakes.

A ``basis`` of ``indirect`` marks a share that summarises a chain: it is compared with the chain, never added to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peru_asia_graph.errors import WrongUse, join_or
from peru_asia_graph.ownership.answer_rows import SOURCE, YEAR, as_stake, find_mixed, is_answer
from peru_asia_graph.ownership.plain_graph import Edge, PlainGraph
from peru_asia_graph.sources.missing import is_missing

if TYPE_CHECKING:
    import networkx as nx

SHARE: Final = "share"
# The name of the share in flat tables and results of questions.
SHARE_COLUMN: Final = "share_percent"
ASSET_COLUMNS: Final = ("owned", "asset")
INDIRECT: Final = "indirect"
STAKE: Final = "stake"
SUBSIDIARY: Final = "hasSubsidiary"
STATE_OWNED: Final = "stateOwned"
# A graph with one of these relations is a network from this package, in which only some edges are stakes.
OWN_RELATIONS: Final = frozenset({STAKE, SUBSIDIARY, STATE_OWNED, "homeStateOf", "namedCompany"})
UNSURE: Final = frozenset({"possible", "planned", "announced", "not-confirmed"})
# Allows for binary rounding of an exact share at its bounds.
_TOLERANCE: Final = 1e-9
_YES: Final = frozenset({"true", "yes", "1"})


class Stake(NamedTuple):
    """One stake; ``low`` and ``high`` are equal if its size is known. ``control``: stated to be a majority."""

    edge: Edge[Any]
    low: float
    high: float
    indirect: bool
    control: bool


def as_graph(graph: Any) -> tuple[nx.Graph[Any] | PlainGraph[Any], Mapping[Hashable, str]]:
    """Return a directed graph as it is, or a table of stakes as a graph, with an error message for each mixed asset.

    A mixed asset has stakes from several sources or years, whose shares are never added up.

    A table is a data frame, a Result or a list of dictionaries with the columns ``owner``, ``owned`` or ``asset``, and
    ``share`` or ``share_percent``; rows without an owner are skipped. The results of `KnowledgeGraph.owners` and
    `holdings` are such tables: what is held through others is an indirect share. Raises WrongUse for anything else.
    """
    if isinstance(graph, PlainGraph):
        return graph, {}
    if hasattr(graph, "is_directed") and hasattr(graph, "is_multigraph") and not isinstance(graph, type):
        if not graph.is_directed():
            raise WrongUse("the graph is undirected; use a DiGraph or MultiDiGraph with edges from owner to asset")
        checked: nx.Graph[Any] = graph
        data = ((target, data) for _, target, data in checked.edges(data=True))
        return checked, find_mixed(SOURCE, ((target, one.get("source")) for target, one in data if _is_stake(one)))
    rows = _records(graph) if hasattr(graph, "itertuples") else graph
    if isinstance(rows, (str, bytes, type, Mapping)) or not isinstance(rows, Iterable):
        kind = type(graph).__name__
        raise WrongUse(f"{kind} is not a graph of stakes; use a networkx.DiGraph or MultiDiGraph, or a table of stakes")
    read = _from_rows(list(rows))
    sources = find_mixed(SOURCE, ((edge.target, edge.data.get("source")) for edge in read.edges()))
    answers = (edge for edge in read.edges() if is_answer(edge.data))
    return read, find_mixed(YEAR, ((edge.target, edge.data.get("as_of")) for edge in answers)) | sources


def _records(frame: Any) -> Any:
    if not frame.columns.is_unique:
        names = join_or(sorted({str(name) for name in frame.columns[frame.columns.duplicated()]}))
        raise WrongUse(f"the data frame has more than one column called {names}; rename or drop all but one")
    return frame.to_dict("records")


def _is_stake(data: Mapping[str, Any]) -> bool:
    relation = data.get("relation")
    return isinstance(relation, str) and relation == STAKE


def _from_rows(rows: list[Any]) -> PlainGraph[Any]:
    graph: PlainGraph[Any] = PlainGraph()
    for number, row in enumerate(rows):
        columns = row if isinstance(row, Mapping) else {}
        asset = next((name for name in ASSET_COLUMNS if name in columns), None)
        if "owner" not in columns or asset is None:
            raise WrongUse(
                "a table of stakes needs the columns 'owner' and 'owned' (or 'asset'); use one row per stake, "
                "and add a column for an owner or asset that is the same in all rows"
            )
        owner, owned = row["owner"], row[asset]
        if not isinstance(owner, Hashable) or not isinstance(owned, Hashable):
            raise WrongUse(f"row {number + 1} of the table has {owner!r} and {owned!r} as owner and asset; name them")
        if not is_missing(owned):
            graph.add_node(owned)
            stake = as_stake(row) if is_answer(columns) else dict(row)
            if stake is not None and not is_missing(owner):
                graph.add_edge(Edge(owner, owned, number, stake))
    return graph


def read_stakes(graph: nx.Graph[Any] | PlainGraph[Any], share: str = SHARE, whole: float = 100.0) -> Iterator[Stake]:
    """Yield the stakes of a graph; raise WrongUse for an invalid share.

    In a network from this package these are the edges with relation ``stake``, and those from groups to their
    subsidiaries, which mean control whatever the share. In any other graph every edge is a stake.
    """
    whole = check_unit(share, whole)
    edges = list(_edges(graph))
    if edges and share != SHARE and not any(share in edge.data for edge in edges):
        raise WrongUse(f"no edge or row has a share called {share!r}; name the attribute or column that holds it")
    if any(_relation(edge) in OWN_RELATIONS for edge in edges):
        edges, groups = _own_stakes(edges)
    else:
        groups = frozenset()
    for edge in edges:
        low, high = _bounds(edge, share, whole)
        control = (edge.source, edge.target) in groups or _is_true(edge.data.get("control"))
        yield Stake(edge, low, high, _is_indirect(edge), control)


def _own_stakes(edges: Sequence[Edge[Any]]) -> tuple[list[Edge[Any]], Set[tuple[Any, Any]]]:
    """Return the stakes of a network from this package, and the end nodes of the edges of control.

    An edge of control is a stake of unknown size if there is no other stake between its ends.
    """
    groups = {(edge.source, edge.target) for edge in edges if _is_group(edge)}
    stakes = [edge for edge in edges if _relation(edge) in (None, STAKE)]
    held = {(edge.source, edge.target) for edge in stakes if not _is_indirect(edge)}
    return stakes + [e for e in edges if _is_group(e) and (e.source, e.target) not in held], groups


def check_unit(share: Any, whole: Any) -> float:
    """Return the unit of shares as a number; raise WrongUse for an invalid name or unit."""
    if not isinstance(share, Hashable) or is_missing(share):
        raise WrongUse(f"share must be the name of an attribute, such as 'share', not {type(share).__name__}")
    unit = as_number(whole)
    if unit is None or not 0 < unit < float("inf"):
        raise WrongUse(f"whole is {whole!r}; it must be the number that stands for all of an asset, such as 100 or 1")
    return unit


def as_number(value: Any) -> float | None:
    """Return a number of any type (Python, NumPy, Decimal, Fraction) as a float; None for anything else."""
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        return None
    try:
        return float(value)
    except (OverflowError, ValueError):
        return None


def _plain(value: Any) -> Any:
    """Return a number or truth value of NumPy as one of Python, anything else as it is."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _edges(graph: nx.Graph[Any] | PlainGraph[Any]) -> Iterator[Edge[Any]]:
    return graph.edges() if isinstance(graph, PlainGraph) else PlainGraph.from_networkx(graph).edges()


def _relation(edge: Edge[Any]) -> Any:
    value = edge.data.get("relation")
    return value if isinstance(value, str) else None


def _is_group(edge: Edge[Any]) -> bool:
    certainty = edge.data.get("certainty")
    unsure = isinstance(certainty, str) and certainty in UNSURE
    return _relation(edge) in (SUBSIDIARY, STATE_OWNED) and not unsure


def _is_indirect(edge: Edge[Any]) -> bool:
    basis = edge.data.get("basis")
    return isinstance(basis, str) and basis.strip().lower() == INDIRECT


def _is_true(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _YES
    if is_missing(value):
        return False
    plain = _plain(value)
    return isinstance(plain, Real) and bool(plain)


def _bounds(edge: Edge[Any], share: str, whole: float) -> tuple[float, float]:
    data = edge.data
    exact = read_number(edge, data.get(share), whole)
    if share == SHARE and SHARE_COLUMN in data:
        exact = _in_percent(edge, exact, whole)
    low, high = (read_number(edge, data.get(name), whole) for name in ("share_low", "share_high"))
    least, most = 0.0 if low is None else low, whole if high is None else high
    if least > most:
        raise WrongUse(f"{_holds(edge, f'{least:g} to {most:g}')}; the lower bound comes first")
    if exact is None:
        return float(least), float(most)
    if not least - _TOLERANCE * whole <= exact <= most + _TOLERANCE * whole:
        raise WrongUse(
            f"{_holds(edge, f'{exact:g}')}, outside its bounds of {least:g} to {most:g}; correct one of them"
        )
    return exact, exact


def stated_bounds(stake: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the bounds of a stake in a network, in percent; None if nothing is stated."""
    share = stake.get("share")
    low, high = (stake.get("share_low"), stake.get("share_high")) if share is None else (share, share)
    if low is None and high is None:
        return None
    return (0.0 if low is None else float(low)), (100.0 if high is None else float(high))


def with_bounds(stake: Mapping[str, Any], low: float, high: float) -> dict[str, Any]:
    """Return a stake in a network with these bounds in percent instead of its share."""
    rest = {name: value for name, value in stake.items() if name not in ("share", "share_low", "share_high")}
    return rest | ({"share": low} if low == high else {"share_low": low, "share_high": high})


def _in_percent(edge: Edge[Any], exact: float | None, whole: float) -> float | None:
    """Return the share of an edge that also has it in percent; raise WrongUse if the two differ."""
    given = edge.data[SHARE_COLUMN]
    if exact is None:
        return read_number(edge, given, whole)
    percent = as_number(given)
    # One of them may be rounded.
    if percent is not None and abs(percent - exact * 100 / whole) > 0.05 + 0.01 * percent:
        said = _holds(edge, f"{exact:g} ({SHARE}) or {percent:g} ({SHARE_COLUMN})")
        raise WrongUse(f"{said}; say which one is meant, with share='{SHARE_COLUMN}', or the unit, with whole=1")
    return exact


def read_number(edge: Edge[Any], value: Any, whole: float) -> float | None:
    """Return a share as a number, None if it is missing; raise WrongUse, naming the edge, for an invalid one."""
    if type(value) is float and 0.0 <= value <= whole:
        return value
    if is_missing(value):
        return None
    number = as_number(value)
    if number is None or not 0 <= number <= whole:
        raise WrongUse(f"{_holds(edge, repr(value))}; a share is a number from 0 to {whole:g}, or absent")
    return number


def _holds(edge: Edge[Any], size: str) -> str:
    return f"{edge.source} holds {size} of {edge.target}"
