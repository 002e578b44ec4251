"""Imports GLEIF golden copies (level 1: who is who, level 2: who consolidates whom): firms with LEIs, subsidiaries."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Final

from peru_asia_graph.importers.draft import Draft, DraftCell
from peru_asia_graph.importers.gleif_parts import CHILD, LEI, NAME, PARENT, Places, choose_leis, column_places, rows_of
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.reading import ForeignRow, read_rows

TYPE: Final = "Relationship.RelationshipType"
UPDATED: Final = "Registration.LastUpdateDate"
_CLASSES: Final = {
    "RESIDENT_GOVERNMENT_ENTITY": "GovernmentBody", "INTERNATIONAL_ORGANIZATION": "InternationalBody",
}  # fmt: skip
# The relation for each supported type of relationship; others are in the loss report.
_RELATIONS: Final = {"IS_DIRECTLY_CONSOLIDATED_BY": "subsidiaryOf", "IS_ULTIMATELY_CONSOLIDATED_BY": "linkedTo"}
_ULTIMATE: Final = "its ultimate parent, which consolidates its accounts"
_OTHER_NAME: Final = re.compile(r"Entity\.(Other|TransliteratedOther)EntityNames\.[A-Za-z]+\.\d+")
_PERIOD: Final = re.compile(r"Relationship\.Period\.(\d+)\.periodType")
# Supported level 1 columns; values in other columns are counted as lost.
_CATEGORY: Final = "Entity.EntityCategory"
_KEPT: Final = frozenset({LEI, NAME, UPDATED})
_STATUS: Final = "Relationship.RelationshipStatus"
_REGISTERED: Final = "Registration.RegistrationStatus"
# Supported level 2 columns, in addition to those of the relationship period.
_KEPT_2: Final = frozenset({CHILD, PARENT, TYPE, UPDATED, _STATUS, CHILD + "Type", PARENT + "Type"})
_COUNTRY: Final = ("Entity.LegalJurisdiction", "Entity.LegalAddress.Country")


def read_gleif(request: ImportRequest, draft: Draft) -> None:
    """Read golden copies of level 1 and 2, distinguished by their headers, into a draft."""
    levels = {path: column_places(path, draft.problems) for path in request.files}
    leis = choose_leis(request, levels, draft.problems)
    for row in _rows(request, levels, leis, LEI, draft):
        if leis is None or row.get(LEI) in leis:
            _add_entity(row, draft)
    links: dict[tuple[str, str], ForeignRow] = {}
    for row in _rows(request, levels, leis, CHILD, draft):
        if leis is None or {row.get(CHILD), row.get(PARENT)} <= leis:
            _choose(row, draft, links)
    for row in links.values():
        _add_relationship(row, draft)


def _rows(
    request: ImportRequest, levels: Mapping[Path, Places], leis: set[str] | None, key: str, draft: Draft
) -> Iterator[ForeignRow]:
    """Yield the rows of level 1 (``key`` is LEI) or level 2 (CHILD) that may have one of the LEIs."""
    for path in request.files:
        places = levels[path]
        if {key, NAME if key == LEI else PARENT} <= places.keys():
            rows = read_rows(path, (), draft.problems, request.progress, rows_of(leis, places, key))
            next(rows)
            name, level = str(path), "level 2" if CHILD in places else "level 1"
            for line, cells in rows:
                yield ForeignRow(name, line, places, cells, level)


def _add_entity(row: ForeignRow, draft: Draft) -> None:
    lei, name = row.get(LEI), row.get(NAME)
    if not is_lei(lei):
        remedy = "an LEI has 20 letters and digits, the last two of which are check digits (ISO 17442)"
        draft.problems.at(row, LEI, f"'{lei[:30]}' is not an LEI", remedy)
        return
    if not name:
        draft.problems.at(row, NAME, "is empty", "give the legal name")
        return
    if draft.has("entities", draft.id_of(lei)):
        draft.problems.at(row, LEI, f"{lei} appears twice", "give each entity one row")
        return
    if _is_annulled(row, draft):
        return
    updated = draft.day(row, UPDATED, row.get(UPDATED))
    citation = draft.cite(lei, NAME, row.line, retrieved=updated)
    category = row.get(_CATEGORY)
    slug = draft.thing(lei, _CLASSES.get(category, "Firm"), name, [citation])
    draft.identifier(slug, "lei", lei, citation)
    for column in filter(_OTHER_NAME.fullmatch, row.places):
        if (other := row.get(column)) and other != name:
            draft.also_named(f"{lei}-{other}", slug, other, citation)
    told = {_CATEGORY} if category in (*_CLASSES, "GENERAL") else set()
    if column := next((one for one in _COUNTRY if row.get(one)), ""):
        # A second country column that repeats the first is not lost.
        told |= {one for one in _COUNTRY if row.get(one)[:2] == row.get(column)[:2]}
        seen = draft.cite(lei, column, row.line)
        state = draft.state(row.get(column), "", seen)
        draft.relate(f"{lei}-from-{row.get(column)}", slug, "homeState", state, seen)
    _count_lost(row, draft, {*_KEPT, *told})


def _is_annulled(row: ForeignRow, draft: Draft) -> bool:
    """Return whether GLEIF has annulled a row, which is then counted as lost."""
    if annulled := row.get(_REGISTERED) == "ANNULLED":
        draft.lose(row, "RegistrationStatus", "annulled rows are left out", row.get(LEI) or row.get(CHILD))
    return annulled


def _count_lost(row: ForeignRow, draft: Draft, kept: Container[str]) -> None:
    own = _period_columns(row)
    for column, at in row.places.items():
        if row.cells[at] and column not in kept and column not in own and not _OTHER_NAME.fullmatch(column):
            # A status has few values, so each is counted separately: lapsed ones are not hidden among issued ones.
            reason = f"'{row.cells[at][:30]}' is not supported" if column.endswith("Status") else "not supported"
            reason = "a quantifier of consolidation, not a share" if ".Quantifiers." in column else reason
            draft.lose(row, re.sub(r"\.\d+", "", column), reason, row.cells[at])


def _choose(row: ForeignRow, draft: Draft, links: dict[tuple[str, str], ForeignRow]) -> None:
    """Keep one relationship per pair of entities: an active one if possible, then a direct one."""
    child, parent, kind = row.get(CHILD), row.get(PARENT), row.get(TYPE)
    field = "RelationshipType"
    for column, lei in ((CHILD, child), (PARENT, parent)):
        if not is_lei(lei):
            draft.problems.at(row, column, f"'{lei[:30]}' is not an LEI", "correct the row")
            return
    if _is_annulled(row, draft):
        return
    if kind not in _RELATIONS:
        draft.lose(row, field, f"{kind} is not supported", f"{child} {parent}")
        return
    other = links.get((child, parent))
    if other is None or _rank(row) > _rank(other):
        row, links[child, parent] = other or row, row
    if child == parent:
        del links[child, parent]
    if child == parent or other is not None:
        reason = "a second relationship of the pair, or of an entity with itself"
        draft.lose(row, field, reason, f"{child} {parent}")


def _rank(row: ForeignRow) -> tuple[bool, bool]:
    return row.get(_STATUS) != "INACTIVE", row.get(TYPE) == "IS_DIRECTLY_CONSOLIDATED_BY"


def _add_relationship(row: ForeignRow, draft: Draft) -> None:
    child, parent, kind = row.get(CHILD), row.get(PARENT), row.get(TYPE)
    updated = draft.day(row, UPDATED, row.get(UPDATED))
    citation = draft.cite(f"{child} {kind} {parent}", TYPE, row.line, retrieved=updated)
    ends = [_end(lei, citation, draft) for lei in (child, parent)]
    start, end = (row.get(column)[:10] for column in _period_columns(row)[:2] or ("", ""))
    former = row.get(_STATUS) == "INACTIVE" and not end
    # A relationship that has ended did not hold on the day of the update.
    known = "" if former or (end and updated > end) else updated
    end = f"[..{updated}]" if former and updated else end
    cells: dict[str, DraftCell] = {
        "subject": ends[0], "object": ends[1], "relation": _RELATIONS[kind], "valid_from": start, "valid_until": end,
        "certainty": "former" if former else "stated", "as_of": known,
        "note": "" if kind == "IS_DIRECTLY_CONSOLIDATED_BY" else _ULTIMATE,
    }  # fmt: skip
    draft.add("relations", draft.id_of(f"{child}-{kind}-{parent}", "relations"), [citation], **cells)
    _count_lost(row, draft, _KEPT_2)


def _end(lei: str, citation: str, draft: Draft) -> str:
    """Return the id of an entity; without a level 1 row, its LEI is its name."""
    slug = draft.id_of(lei)
    if not draft.has("entities", slug):
        draft.losses.add("level 2", "NodeID", "no level 1 row was imported, so the LEI is the name", lei)
        draft.thing(lei, "Firm", f"LEI {lei}", [citation])
        draft.identifier(slug, "lei", lei, citation)
    return slug


def _period_columns(row: ForeignRow) -> tuple[str, ...]:
    """Return the start, end and type columns of the relationship period; empty if there are none."""
    for column in row.places:
        found = _PERIOD.fullmatch(column)
        if found and row.get(column) == "RELATIONSHIP_PERIOD":
            start, end = (f"Relationship.Period.{found[1]}.{one}" for one in ("startDate", "endDate"))
            return start, end, column
    return ()


def is_lei(text: str) -> bool:
    """Return whether a text is an LEI with valid check digits (ISO 17442, ISO 7064 MOD 97-10).

    >>> is_lei("5493001KJTIIGC8Y1R12"), is_lei("5493001KJTIIGC8Y1R13")
    (True, False)
    """
    return (
        bool(re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", text)) and int("".join(str(int(one, 36)) for one in text)) % 97 == 1
    )
