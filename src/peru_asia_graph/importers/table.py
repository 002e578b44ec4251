"""Imports any table of owners, CSV or Excel, mapped by CSVW: one stake per row, or all owners in one cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.importers.countries import alpha_2, code_named
from peru_asia_graph.importers.draft import Draft, DraftCell, clean, shown_names
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.reading import ForeignRow
from peru_asia_graph.importers.shares import EXCLUSIVE, is_exclusive, read_bounds, read_share
from peru_asia_graph.importers.table_cells import (
    PLACEHOLDER,
    Totals,
    is_nobody,
    is_placeholder,
    note_formulas,
    without_placeholders,
)
from peru_asia_graph.importers.table_mapping import NEEDED, TableMapping, find_columns, mapping_beside, read_mapping
from peru_asia_graph.importers.table_rows import MergedCells, table_rows
from peru_asia_graph.sources.csv_file import printable
from peru_asia_graph.sources.dates import parse_date

MAPPING, SHEET = "mapping", "sheet"
_PLAIN: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
# A date as an Excel serial number.
_DAYS: Final = re.compile(r"[1-9][0-9]{4}")
_DATES: Final = {"validFrom": "valid_from", "validUntil": "valid_until", "asOf": "as_of"}
# The column that each role is written to.
_COLUMNS: Final = {
    **_DATES, "owned": "owned", "owner": "owner", "sharePercent": "share_percent", "shareLow": "share_low",
    "shareHigh": "share_high", "note": "note", "seeAlso": "address",
}  # fmt: skip
# A share without brackets, or brackets without a percent sign: "CNPC 45%", "KNOC (27)".
_NUMBERED: Final = re.compile(r"[0-9]\s*%|[(\[]\s*[0-9]{1,3}([.,][0-9]+)?\s*[)\]]$")
# A share in brackets that more text follows: "CNPC (45%), KNOC".
_SHARE_WITHIN: Final = re.compile(r"[(\[]\s*[0-9][0-9.,\s]*%\s*[)\]]\s*\S")
# A share at the end of a line.
_NEXT_LINE: Final = re.compile(r"(%\s*[)\]])[^\S\n]*\n\s*(?=\S)")


class OwnerCell(NamedTuple):
    """An owner as named in a cell, with the share next to the name, empty if there is none."""

    name: str
    share: str


def read_table(request: ImportRequest, draft: Draft) -> None:
    """Read tables of owners into a draft; the mapping is given by ``--mapping``, else in the file next to the table."""
    # A row is cited by its number, with the file name if there are several files.
    several = len(request.files) > 1
    for path, shown in zip(request.files, shown_names(request.files), strict=True):
        if not path.is_file():
            raise draft.problems.stop(str(path), 0, "", "there is no such file", "name a CSV file or a workbook")
        given = request.options.get(MAPPING)
        file = Path(given) if given else mapping_beside(path)
        if not given and not file.is_file():
            raise WrongUse(
                f"the columns of {path.name} have no mapping; give --mapping FILE, or run the command in a terminal"
            )
        mapping = read_mapping(file)
        sheet = request.options.get(SHEET, mapping.sheet)
        rows = table_rows(path, draft.problems, mapping.delimiter, sheet, request.progress, draft.losses)
        header = next(rows)[2]
        places = find_columns(path, header, mapping, draft)
        draft.columns = {column: mapping.titles[role] for role, column in _COLUMNS.items() if role in mapping.titles}
        draft.columns["label"] = ""
        totals, merged = Totals(), MergedCells(path, sheet)
        for number, line, cells in rows:
            if cells == header:
                draft.problems.add(str(path), line, "", "repeats the header", "delete the row")
                continue
            record = f"{shown} row {number}" if several else f"row {number}"
            row = ForeignRow(str(path), line, places, cells)
            if not note_formulas(row, mapping, draft) and _is_whole(row, mapping, merged, draft):
                _add_row(without_placeholders(row, mapping, draft), record, mapping, draft, totals)
            for at, title in enumerate(header):
                if at not in places.values() and cells[at]:
                    draft.lose(row, title, "not in the mapping", cells[at])
        totals.resolve(draft)


def _is_whole(row: ForeignRow, mapping: TableMapping, merged: MergedCells, draft: Draft) -> bool:
    """Return whether a row names an asset and owners and no value is in a merged cell; note what it lacks."""
    begun = len(draft.problems.found)
    told: set[str] = set()
    for role, title in mapping.titles.items():
        if row.get(role) or (first := merged.first_of(row.line, row.places[role] + 1)) in told:
            continue
        if first:
            told.add(first)
            remedy = "unmerge the cells and fill in each, or delete the row"
            draft.problems.at(row, title, f"is empty, because it is merged with {first}", remedy)
        elif role in NEEDED:
            draft.problems.at(row, title, "is empty", "fill it in, or delete the row")
            break
    return len(draft.problems.found) == begun


def _add_row(row: ForeignRow, record: str, mapping: TableMapping, draft: Draft, totals: Totals) -> None:
    asset = row.get("owned")
    if is_nobody(asset):
        draft.lose(row, mapping.titles["owned"], "not the name of an asset", asset)
        return
    seen = draft.cite(record, mapping.titles["owned"], row.line, address=row.get("seeAlso"))
    # Names that differ only in spaces are the same.
    owned = draft.thing(clean(asset), mapping.classes["ownedClass"], asset, [seen])
    if place := row.get("locatedIn"):
        if alpha_2(place):
            # It may as well be that of a department: ARE is Arequipa or the United Arab Emirates.
            draft.lose(row, mapping.titles["locatedIn"], "a place of this name, not the state with this code", place)
        in_state = draft.state("", place, seen) if code_named(place) else ""
        there = in_state or draft.thing(f"place-{place}", "Place", place, [seen])
        draft.relate(f"{owned}-locatedIn-{there}", owned, "locatedIn", there, seen)
    cited = draft.cite(record, mapping.titles["owner"], row.line, address=row.get("seeAlso"))
    times = _times(row, mapping, draft)
    owners = list(split_owners(row.get("owner"), mapping.separator))
    _check_owners(row, owners, mapping, draft)
    for found in owners:
        cells: dict[str, DraftCell] = {"owned": owned, "basis": "direct", "certainty": "stated", **times}
        if is_nobody(found.name):
            totals.add_unnamed(found.share or row.get("sharePercent"), cells)
            draft.lose(row, mapping.titles["owner"], "not an owner's name", f"{found.name} {found.share}".strip())
            continue
        cells |= {"note": row.get("note"), **_share(row, found, mapping, draft)}
        home = row.get("homeState") if len(owners) == 1 else ""
        key = f"{asset} {found.name} {record}"
        add = partial(_add_stake, row, found, home, key, cited, cells, mapping, draft)
        totals.collect(row, mapping.titles["owner"], found.name, cells, add)


def _add_stake(
    row: ForeignRow, found: OwnerCell, state: str, key: str, cited: str, cells: dict[str, DraftCell],
    mapping: TableMapping, draft: Draft,
) -> None:  # fmt: skip
    """Add an owner with its home state, and its stake; ``cells`` are those of the stake but its owner."""
    owner = draft.thing(clean(found.name), mapping.classes["ownerClass"], found.name, [cited])
    if state:
        code = alpha_2(state)
        home = draft.state(code, "" if code else state, cited)
        draft.relate(f"{owner}-homeState-{home}", owner, "homeState", home, cited)
    if owner == cells["owned"]:
        draft.problems.at(row, mapping.titles["owner"], "owns itself", "correct the row")
        return
    draft.add("stakes", draft.id_of(key, "stakes"), [cited], owner=owner, **cells)


def _check_owners(row: ForeignRow, owners: Sequence[OwnerCell], mapping: TableMapping, draft: Draft) -> None:
    """Note ambiguities in a cell of owners: whose share or home state it is, repeated names, misplaced numbers."""
    column = mapping.titles["owner"]
    names = [clean(one.name) for one in owners]
    if twice := next((name for name, times in Counter(names).items() if times > 1), ""):
        draft.problems.at(row, column, f"'{printable(twice)}' appears twice", "list each owner once")
    for role in ("sharePercent", "shareLow", "shareHigh"):
        if len(owners) > 1 and row.get(role):
            message = f"'{printable(row.get(role))}' is one share for {len(owners)} owners"
            remedy = "write the shares next to the names, such as A (60%), or give each owner a row"
            draft.problems.at(row, mapping.titles[role], message, remedy)
    if len(owners) > 1 and (home := row.get("homeState")):
        draft.lose(row, mapping.titles["homeState"], "unclear to which of several owners it belongs", home)
    if broken := next((one.name for one in owners if "\n" in one.name), ""):
        message = f"'{printable(broken)}' contains a line break and may be one name or several"
        remedy = f"write the name on one line, or separate several with '{mapping.separator}'"
        draft.problems.at(row, column, message, remedy)
    for name in names:
        if _SHARE_WITHIN.search(name):
            message = f"'{printable(name)}' seems to be several owners"
            remedy = f"separate them with '{mapping.separator}', or correct the separator in the mapping"
            draft.problems.at(row, column, message, remedy)
        elif _NUMBERED.search(name):
            draft.lose(row, column, "a number in the name was not read as a share; write A (60%)", name)


def _share(row: ForeignRow, found: OwnerCell, mapping: TableMapping, draft: Draft) -> dict[str, DraftCell]:
    low, high = row.get("shareLow"), row.get("shareHigh")
    if is_placeholder(found.share):
        draft.lose(row, mapping.titles["owner"], PLACEHOLDER, found.share)
        found = found._replace(share="")
    told = found.share or row.get("sharePercent")
    column = mapping.titles["owner"] if found.share else mapping.titles.get("sharePercent", "")
    if found.share and (other := row.get("sharePercent")) and read_bounds(other) != read_bounds(told):
        message = f"'{printable(other)}' is not the share '{printable(told)}' next to the name"
        draft.problems.at(row, mapping.titles["sharePercent"], message, "keep one of the two")
    if not told and (low or high):
        least, most = (_bound(row, role, mapping, draft) for role in ("shareLow", "shareHigh"))
        return {"share_low": least, "share_high": most}
    for role, text in (("shareLow", low), ("shareHigh", high)):
        if text:
            draft.lose(row, mapping.titles[role], "a share is given, so its bound is ignored", text)
    if not told:
        return {}
    least, most = draft.rounded_bounds(row, column, read_bounds(told))
    if least is most is None or most == 0:
        remedy = "give percent, such as 45.5 or 25-50"
        draft.problems.at(row, column, f"'{printable(told)}' is not a share", remedy)
        return {}
    if most is not None and most <= 1 and "%" not in told:
        draft.lose(row, column, "at most 1; read as percent, not as a fraction of 1", told)
    if is_exclusive(told):
        draft.lose(row, column, EXCLUSIVE, told)
    return {"share_percent": least} if least == most else {"share_low": least, "share_high": most}


def _bound(row: ForeignRow, role: str, mapping: TableMapping, draft: Draft) -> Decimal | None:
    """Return a bound of a share, or None; a value that is not a number is noted as a problem."""
    text = row.get(role)
    least, most = read_share(text) if text else (None, None)
    if text and (least is None or least != most):
        message = f"'{printable(text)}' is not a share"
        draft.problems.at(row, mapping.titles[role], message, "give percent, such as 45.5")
        return None
    return draft.rounded(row, mapping.titles.get(role, ""), least)


def _times(row: ForeignRow, mapping: TableMapping, draft: Draft) -> dict[str, DraftCell]:
    found: dict[str, DraftCell] = {}
    for role, column in _DATES.items():
        if text := clean(row.get(role)):
            try:
                found[column] = parse_date(text).text
            except ValueError as error:
                message, _, remedy = str(error).rpartition("; ")
                if _DAYS.fullmatch(text):
                    remedy = "it is an Excel serial number: format the column as dates"
                draft.problems.at(row, mapping.titles[role], message, remedy)
                continue
            if role == "asOf":
                draft.date = max(draft.date, text if _PLAIN.fullmatch(text) else "")
    return found


def split_owners(text: str, separator: str = ";") -> Iterator[OwnerCell]:
    """Yield the owners named in a cell; separators in brackets are ignored, and a line break after a share separates.

    >>> [tuple(one) for one in split_owners("CNPC (45.5%); Pluspetrol [27 %]; KNOC")]
    [('CNPC', '45.5%'), ('Pluspetrol', '27 %'), ('KNOC', '')]
    """
    text = _NEXT_LINE.sub(lambda end: end[1] + separator, text)
    begin, depth, parts = 0, 0, []
    for at, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == separator and depth <= 0:
            parts.append(text[begin:at])
            begin = at + 1
    for part in filter(None, map(str.strip, [*parts, text[begin:]])):
        # A part may end with a share in brackets, as in "CNPC (45.5%)".
        bracket = max(part.rfind("("), part.rfind("["))
        share = part[bracket + 1 : -1].strip()
        if bracket > 0 and part[-1] in ")]" and share.endswith("%") and not set(share) & set(")]"):
            yield OwnerCell(part[:bracket].strip(), share)
        else:
            yield OwnerCell(part, "")
