"""Ties to states: of an asset, of a commodity's projects, of a sector's announced investments, of all assets.

A share counts for the home state, as the source of the share gives it, of the owner at the top of the chain; a note
says which owners have a home state in other sources only. Firms called state-owned are counted again in a separate row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.holdings.owners import NO_OWNER, join_citations, read_snapshot
from peru_asia_graph.ownership.plain_graph import Edge
from peru_asia_graph.ownership.share_rows import ShareRow, left_over, owner_rows, percent
from peru_asia_graph.ownership.snapshot import NO_STAKE, OwnershipSnapshot
from peru_asia_graph.ownership.stake_arrays import MAX_PLAIN_STAKES
from peru_asia_graph.query.side_by_side import SourcePart
from peru_asia_graph.sources.dates import Year
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import Value, sort_parts
from peru_asia_graph.vocabulary import local, thing

STATE_OWNED: Final = "firms called state-owned"
NO_STATE: Final = "owners without a stated home state"
UNACCOUNTED: Final = "unaccounted for"
COMPANY_NAMED: Final = f"company named, {NO_STAKE}"
_COUNT: Final = "SELECT (COUNT(*) AS ?stakes) { ?stake a pag:Stake }"
_PROJECTS: Final = """
SELECT DISTINCT ?project ?label ?size {
  ?project pag:commodity $thing ; a pag:Project ; rdfs:label ?label
  BIND(IF(EXISTS { ?part pag:partOf ?project ; pag:commodity $thing ; a pag:Project }, "group", "single") AS ?size)
} ORDER BY STR(?label)"""
_INVESTMENTS: Final = """
SELECT ?row ?state ?investor ?owned ?amount (GROUP_CONCAT(DISTINCT ?locator; SEPARATOR="; ") AS ?citations) {
  ?row a pag:Investment ; pag:sector $thing ; pag:citation/rdfs:label ?locator .
  FILTER(EXISTS { ?row pag:citation/pag:table ?table } || NOT EXISTS {
    ?row pag:project ?same ; pag:amountUsdMillion ?again .
    ?other pag:project ?same ; pag:amountUsdMillion ?again ; pag:citation/pag:table ?where
  })
  OPTIONAL { ?row pag:homeState/rdfs:label ?state }
  OPTIONAL { ?row pag:investor ?firm . ?firm rdfs:label ?investor OPTIONAL { ?firm pag:stateOwned ?owned } }
  OPTIONAL { ?row pag:amountUsdMillion ?amount }
} GROUP BY ?row ?state ?investor ?owned ?amount ORDER BY ?row ?investor"""

_AT_HOME: Final = """
SELECT DISTINCT ?label {
  ?said a pag:Relation ; pag:relation pag:homeState ; pag:subject ?owner ; pag:certainty ?sure .
  FILTER(REPLACE(STR(?sure), "^.*/", "") NOT IN ("possible", "planned", "announced", "not-confirmed", "former"))
  ?owner rdfs:label ?label
} ORDER BY ?label"""
# The number of names that a note lists.
_NAMED: Final = 3

_SECTOR_COLUMNS: Final = (
    "tied_to", "investments", "without_amount", "usd_million", "percent_of_known", "investors", "caveat", "citations",
)  # fmt: skip
_CAVEAT: Final = "amounts of different scope: for the whole project or for a period; the sum is not the money invested"

COLUMNS: Final = ("tied_to", "percent_low", "percent", "percent_high", "owners", "citations")


@dataclass
class Tie:
    """The part tied to one state: bounds in percent, the owners, and the stakes it depends on.

    ``is_part`` is False for companies named without a stake when owners are stated: they hold no part of the whole.
    """

    low: float = 0.0
    high: float = 0.0
    owners: list[str] = field(default_factory=list)
    stakes: list[Edge[str]] = field(default_factory=list)
    is_part: bool = True

    def add(self, low: float, high: float, owner: str, stakes: list[Edge[str]]) -> None:
        self.low, self.high = self.low + low, min(100.0, self.high + high)
        self.owners.append(owner)
        self.stakes += stakes


def ties_table(store: Store, snapshot: OwnershipSnapshot, what: Mapping[str, str]) -> Result:
    """Return the ties of an ``asset``, a ``commodity`` or a ``sector``, named by slug."""
    kind, slug = next(iter(what.items()))
    if kind == "asset":
        return from_rows(COLUMNS, [_tie_row(state, tie) for state, tie in _ordered(ties_of(snapshot, slug))])
    if kind == "commodity":
        return _commodity_table(store, snapshot, slug)
    if kind == "sector":
        return _sector_table(store, slug)
    raise WrongUse(f"ties takes an asset, a commodity or a sector, not a {kind}")


def all_ties(store: Store, year: Year | None = None) -> Result:
    """Return the ties of every asset for which the source states an owner or names a company.

    In a store of more than 10,000 stakes, one pass over all of them returns only the home states of the owners at the
    top of the chains, without owner names or citations. Its upper bounds are valid, but ``ties_of`` may give tighter
    ones for a single asset.
    """
    stakes = next(iter(store.query(_COUNT)))["stakes"]
    if isinstance(stakes, int) and stakes > MAX_PLAIN_STAKES:
        return _states_of_all(store, year)
    return snapshot_ties(read_snapshot(store, year))


def home_notes(tables: Sequence[tuple[SourcePart, Result]], parts: Sequence[SourcePart]) -> list[str]:
    """Return a note for each table with owners whose home state is given only by others of the sources ``parts``."""
    homes = [(part, [str(row["label"]) for row in part.store.query(_AT_HOME)]) for part in parts]
    notes = []
    for part, table in tables:
        rows = [f", {row['owners']}, " for row in table if row["tied_to"] == NO_STATE and row["owners"]]
        for other, owners in homes:
            found = [owner for owner in owners if any(f", {owner}, " in row for row in rows)]
            if found and other.name != part.name:
                shown = found if len(found) <= _NAMED else [*found[: _NAMED - 1], f"{len(found) - _NAMED + 1} more"]
                names = " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
                notes.append(f"{part.name} gives no home state of {names}, but {other.name} does; combined, both count")
    return notes


def snapshot_ties(snapshot: OwnershipSnapshot) -> Result:
    """Return the ties of every asset of a snapshot with a stated owner or a named company."""
    stated = (*snapshot.graph.edges(), *snapshot.stated, *snapshot.named)
    rows: list[list[Value | None]] = [
        [snapshot.label(asset), *_tie_row(state, tie)]
        for asset in {edge.target for edge in stated}
        for state, tie in ties_of(snapshot, asset).items()
    ]
    return _all_table(rows)


def _states_of_all(store: Store, year: Year | None) -> Result:
    from peru_asia_graph.holdings.bulk import read_holdings
    from peru_asia_graph.ownership.states import states_behind

    labels = store.query_columns(["SELECT ?key ?label WHERE { ?key rdfs:label ?label }"], "key")[0]
    names = dict(zip(*labels, strict=True))
    rows: list[list[Value | None]] = []
    for asset, state, *bounds in states_behind(*read_holdings(store, year)):
        low, high = map(percent, bounds)
        point = low if low == high else None
        rows.append([*(names.get(end, local(end)) for end in (str(asset), state)), low, point, high, None, None])
    return _all_table(rows)


def _all_table(rows: list[list[Value | None]]) -> Result:
    rows.sort(key=lambda row: (str(row[0]), str(row[1])))
    return from_rows(["asset", *COLUMNS], rows)


def ties_of(snapshot: OwnershipSnapshot, asset: str) -> Mapping[str, Tie]:
    """Return the ties of one asset by state, with rows for state-owned firms and for what is unknown.

    A stake that is only possible or planned, or former and perhaps no longer held, counts from zero to its share. An
    asset without a stated owner has one row, which lists the companies named for it.
    """
    snapshot = snapshot.with_doubts_open
    named = [edge for edge in snapshot.named if edge.target == asset]
    companies = list(dict.fromkeys(snapshot.label(edge.source) for edge in named))
    if not snapshot.is_owned(asset):
        return {COMPANY_NAMED if named else NO_OWNER: Tie(100.0, 100.0, companies, named)}
    ties: dict[str, Tie] = defaultdict(Tie)
    rows, found = owner_rows(snapshot, asset)
    ends = [row for row in rows if not snapshot.graph.edges_in(row.owner)]
    left = left_over(rows, found, lambda owner: not snapshot.graph.edges_in(owner))
    grouped = [(_groups(snapshot, row.owner), row) for row in ends]
    for group in dict.fromkeys(group for groups, _ in grouped for group in groups):
        ties[group] = _tie_to(snapshot, group, grouped)
    spare = max(0.0, 100.0 - left.low - sum(tie.low for group, tie in ties.items() if group != STATE_OWNED))
    for tie in ties.values():
        tie.high = min(tie.high, tie.low + spare)
    ties[UNACCOUNTED].add(left.low, left.high, "", [])
    if named:
        ties[COMPANY_NAMED] = Tie(0.0, 0.0, companies, named, is_part=False)
    return ties


def _groups(snapshot: OwnershipSnapshot, owner: str) -> dict[str, bool]:
    """Return the groups that may count an owner's share, and whether they do for certain.

    They are its home state, or several if sources differ, and if applicable firms called state-owned.
    """
    node = snapshot.graph.nodes[owner]
    is_state = node.get("type") == "State"
    homes = sorted(map(snapshot.label, snapshot.homes.get(owner, ())))
    states = [snapshot.label(owner)] if is_state else homes or [str(node.get("country_label", NO_STATE))]
    owned = {STATE_OWNED: True} if is_state or node.get("state_owned") is True else {}
    return dict.fromkeys(states, len(states) == 1) | owned


def _tie_to(snapshot: OwnershipSnapshot, group: str, ends: Sequence[tuple[Mapping[str, bool], ShareRow]]) -> Tie:
    """Return the part of one group of the owners at the top of the chains.

    A share stated without a chain is held through some of the others, so it replaces an equal part of theirs.
    """
    tie, behind, others = Tie(), Tie(), Tie()
    for groups, row in ends:
        low = row.share.low if groups.get(group, True) else 0.0
        share = (low, row.share.high, snapshot.label(row.owner), row.stakes)
        if group in groups:
            (tie if row.chains else behind).add(*share)
        elif not row.chains:
            others.add(*share)
    low = max(behind.low, tie.low - others.high)
    high = min(100.0 - others.low, tie.high + behind.high)
    return Tie(low, max(low, high), [*tie.owners, *behind.owners], [*tie.stakes, *behind.stakes])


def _commodity_table(store: Store, snapshot: OwnershipSnapshot, slug: str) -> Result:
    """Return the ties of each project of a commodity, and the unweighted mean of the projects that have no parts."""
    rows: list[list[Value | None]] = []
    projects = list(store.query(_PROJECTS.replace("$thing", f"<{thing(slug)}>")))
    totals: dict[str, Tie] = defaultdict(Tie)
    alone = sum(project["size"] == "single" for project in projects)
    for project in projects:
        for state, tie in _ordered(ties_of(snapshot, str(project["project"]))):
            rows += [[str(project["label"]), *_tie_row(state, tie)]]
            if tie.is_part and project["size"] == "single":
                totals[state].low += tie.low / alone
                totals[state].high += tie.high / alone
    whole = f"mean of {alone} projects, unweighted"
    rows += [[whole, *_tie_row(state, tie)] for state, tie in _ordered(totals)]
    return from_rows(["project", *COLUMNS], rows)


def _tie_row(state: str, tie: Tie) -> list[Value | None]:
    low, high = percent(tie.low), percent(tie.high)
    owners = ", ".join(sorted(filter(None, tie.owners)))
    shares = [low, low if low == high else None, high] if tie.is_part else [None] * 3
    return [state, *shares, owners or None, join_citations(tie.stakes) or None]


def _ordered(ties: Mapping[str, Tie]) -> list[tuple[str, Tie]]:
    last = (STATE_OWNED, NO_STATE, UNACCOUNTED, COMPANY_NAMED, NO_OWNER)
    return sorted(ties.items(), key=lambda pair: (pair[0] in last and last.index(pair[0]) + 1, -pair[1].high, pair[0]))


def _sector_table(store: Store, slug: str) -> Result:
    """Return printed amounts by home state: a row with two investors counts once per state, repeats in prose once."""
    groups: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    names: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    for row in store.query(_INVESTMENTS.replace("$thing", f"<{thing(slug)}>")):
        amount = row["amount"]
        known = amount if isinstance(amount, Decimal) else Decimal(amount) if isinstance(amount, int) else None
        for group in (str(row["state"] or NO_STATE), *([STATE_OWNED] if row["owned"] is True else [])):
            groups[group][str(row["row"])] = known
            names[group] |= {str(row["investor"])} if row["investor"] else set()
            places[group] |= {place for place in str(row["citations"]).split("; ") if "ote " not in place}
    states = {one: amounts for one, amounts in groups.items() if one != STATE_OWNED}
    whole = sum((amount for amounts in states.values() for amount in amounts.values() if amount is not None), Decimal())
    rows: list[list[Value | None]] = []
    for group, amounts in sorted(groups.items(), key=lambda pair: (pair[0] == STATE_OWNED, pair[0])):
        known_ones = [amount for amount in amounts.values() if amount is not None]
        total = sum(known_ones, Decimal())
        part = round(100 * total / whole, 1) if whole else None
        counts, investors = (len(amounts), len(amounts) - len(known_ones)), ", ".join(sorted(names[group]))
        citations = sort_parts("; ".join(places[group]), "; ")
        rows.append([group, *counts, total, part, investors, _CAVEAT if known_ones else None, citations])
    return from_rows(_SECTOR_COLUMNS, rows)
