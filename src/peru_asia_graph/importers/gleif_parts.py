"""Selects part of the golden copies: the entities of a country, or a group of firms, and those linked to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.importers.reading import read_rows

CONNECTED = "connected-to"
LEI: Final = "LEI"
NAME: Final = "Entity.LegalName"
_PLACES: Final = ("Entity.LegalJurisdiction", "Entity.LegalAddress.Country", "Entity.HeadquartersAddress.Country")
CHILD: Final = "Relationship.StartNode.NodeID"
PARENT: Final = "Relationship.EndNode.NodeID"
_LENGTH: Final = 20
Places = Mapping[str, int]


def column_places(path: Path, problems: Problems) -> Places:
    """Return the columns of a golden copy with their indices; raise BadInput for another kind of file."""
    rows = read_rows(path, (), problems)
    header = next(rows)[1]
    if not ({LEI, NAME} <= set(header) or {CHILD, PARENT} <= set(header)):
        remedy = f"give level 1 (columns {LEI}, {NAME}) or level 2 (columns {CHILD}, {PARENT})"
        raise problems.stop(str(path), 1, "", "is not a GLEIF golden copy of level 1 or 2", remedy)
    return {name: place for place, name in enumerate(header)}


def choose_leis(request: ImportRequest, levels: Mapping[Path, Places], problems: Problems) -> set[str] | None:
    """Return the LEIs selected by ``--country`` and ``--connected-to``; None without these options.

    ``--country`` selects the entities with that jurisdiction, legal address or headquarters, and their parents and
    subsidiaries. ``--connected-to`` selects an LEI or a name, and all its direct and indirect parents and subsidiaries.
    With both, only the entities of the country among the latter. The files are read once per step; only the selected
    LEIs are kept in memory.
    """
    country, wanted = request.country, request.options.get(CONNECTED, "")
    if not country and not wanted:
        return None
    local: set[str] = set()
    seeds: set[str] = set()
    name = " ".join(wanted.casefold().split())
    for path, places in levels.items():
        if NAME in places:
            columns = [places[one] for one in _PLACES if one in places]
            lei, label = places[LEI], places[NAME]
            # Lines can be filtered by country, which has one spelling, but not by name.
            may_matter = None if wanted else lambda line: country in line
            for _, row in read_rows(path, (), problems, request.progress, may_matter):
                if country and any(row[at][:2] == country for at in columns):
                    local.add(row[lei])
                if wanted and (row[lei] == wanted or " ".join(row[label].casefold().split()) == name):
                    seeds.add(row[lei])
    if wanted and not seeds:
        raise WrongUse(f"no entity has the LEI or the legal name '{wanted[:60]}'; look it up in the level 1 file")
    found = _linked(request, levels, seeds or local, problems, all_steps=bool(wanted))
    return found & local if country and wanted else found


def _linked(
    request: ImportRequest, levels: Mapping[Path, Places], seeds: set[str], problems: Problems, all_steps: bool
) -> set[str]:
    """Return the seeds with their parents and subsidiaries, for one step or for all steps.

    Other parents of subsidiaries and other subsidiaries of parents are included: a group is what consolidation links.
    """
    found, edge = set(seeds), set(seeds)
    while edge:
        new: set[str] = set()
        for path, places in levels.items():
            if CHILD in places:
                child, parent = places[CHILD], places[PARENT]
                for _, row in read_rows(path, (), problems, request.progress):
                    if row[child] in edge:
                        new.add(row[parent])
                    if row[parent] in edge:
                        new.add(row[child])
        edge = new - found
        found |= edge
        if not all_steps:
            break
    return found


def rows_of(leis: set[str] | None, places: Places, column: str) -> Callable[[str], bool] | None:
    """Return a function that tells whether a line may have one of these LEIs in a column; None if that is not fast."""
    if leis is None or places.get(column) != 0 or any(len(lei) != _LENGTH for lei in leis):
        return None
    # Quoted or not; lines that begin with a space are parsed.
    return lambda line: line[1:21] in leis or line[:20] in leis or " " in line[:2]
