"""Imports UN Comtrade data (CSV, column names of version 2) as figures: who traded what with whom, when, how much.

Most of its country codes are ISO 3166-1 numeric codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from babel.core import get_global

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.importers.countries import alpha_2, english_name, is_state
from peru_asia_graph.importers.draft import Draft
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.reading import ForeignRow, read_rows
from peru_asia_graph.sources.csv_file import printable

NEEDED: Final = ("reporterCode", "flowCode", "partnerCode", "cmdCode", "primaryValue")
_PERIODS: Final = ("period", "refYear")
# Codes of the totals over all customs procedures, modes of transport and second partners; other rows are parts of them.
_TOTALS: Final = {"customsCode": ("C00", ""), "motCode": ("0", ""), "partner2Code": ("0", "")}
_FLOWS: Final = {"X": ("exports", "export-value"), "M": ("imports", "import-value")}
_KEPT: Final = frozenset({*NEEDED, *_PERIODS, *_TOTALS, "reporterISO", "reporterDesc", "partnerISO", "partnerDesc",
                          "cmdDesc", "classificationCode", "refMonth", "freqCode", "typeCode"})  # fmt: skip
# The usual value of a flag, which is not counted as lost; that of all other flags is "false".
_USUAL: Final = {"isReported": "true"}
# Columns that only repeat or describe others.
_TRIVIAL: Final = re.compile(
    r".*(Desc|Abbr)|refPeriodId|partner2ISO|isAggregate|isLeaf|aggrLevel|isOriginalClassification"
)
_GOODS: Final = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}")
_AMOUNT: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?(E[+-]?[0-9]{1,2})?", re.IGNORECASE)
_ALL: Final = "TOTAL"

WORLD: Final = "0"
# Comtrade numbers that differ from ISO 3166-1 because the figures cover, or covered, a different area.
_OTHER: Final[Mapping[str, str]] = {"251": "250", "579": "578", "699": "356", "757": "756", "842": "840"}
# Former states, whose numbers (and letters, in Comtrade) lead to the successor state: Ethiopia with Eritrea, both
# Germanies, Pakistan with Bangladesh, Panama without the Canal Zone, both Yemens, Sudan with its south.
_FORMER: Final = frozenset({"230", "278", "280", "588", "590", "720", "736", "886"})


def read_comtrade(request: ImportRequest, draft: Draft) -> None:
    """Read UN Comtrade files into a draft: the value of each row is a figure in US dollars."""
    reader = _Reader(draft, request.country)
    for path in request.files:
        reader.read(path, request)


class _Reader:
    """Adds rows, and remembers their values to find duplicates."""

    def __init__(self, draft: Draft, country: str) -> None:
        self.draft = draft
        self.wanted = is_country(country) if country else None
        self.values: dict[str, tuple[Decimal, str]] = {}
        # The edition and the description used for each code of goods.
        self.goods: dict[str, tuple[str, str]] = {}
        # The unsupported columns of a file that do not just repeat or describe others.
        self.others: list[str] = []

    def read(self, path: Path, request: ImportRequest) -> None:
        wanted = self.wanted
        may_matter = None if wanted is None else _lines_with(wanted)
        rows = read_rows(path, NEEDED, self.draft.problems, request.progress, may_matter)
        header = next(rows)[1]
        places, name = {column: place for place, column in enumerate(header)}, str(path)
        self.others = [column for column in places if column not in _KEPT and not _TRIVIAL.fullmatch(column)]
        if not any(column in places for column in _PERIODS):
            remedy = "name a file of UN Comtrade (version 2)"
            raise self.draft.problems.stop(str(path), 1, "period", "the column is missing", remedy)
        reporter, partner = places["reporterCode"], places["partnerCode"]
        for line, row in rows:
            if wanted is None or row[reporter] in wanted or row[partner] in wanted:
                self._add(ForeignRow(name, line, places, row))

    def _add(self, row: ForeignRow) -> None:
        get, lose = row.get, self.draft.lose
        for name, totals in _TOTALS.items():
            if get(name) not in totals:
                lose(row, name, "included in the total row", get(name))
                return
        flow = get("flowCode")
        if flow not in _FLOWS:
            lose(row, "flowCode", f"{flow} is not supported: only exports (X) and imports (M)", flow)
            return
        if get("typeCode") not in ("C", ""):
            lose(row, "typeCode", "only goods (C) are supported", get("typeCode"))
            return
        value = self._value(row)
        period = self._period(row)
        if not self._has_ends(row):
            return
        reporter, partner = (country_of(get(f"{one}Code"), get(f"{one}ISO"), get(f"{one}Desc"))
                             for one in ("reporter", "partner"))  # fmt: skip
        goods, listed = get("cmdCode"), get("classificationCode")
        # In other classifications, such as SITC, the same digits mean other goods.
        if goods != _ALL and not (_GOODS.fullmatch(goods) and listed[:1] in ("H", "")):
            lose(row, "cmdCode", "not a code of the Harmonized System", f"{listed} {goods}".strip())
            return
        if value is None or not period:
            return
        key = f"{reporter.key}-{_FLOWS[flow][0]}-{partner.key}-{goods}-{period}"
        if key in self.values:
            self._note_double(row, value, self.values[key])
            return
        self.values[key] = (value, row.place)
        citation = self.draft.cite(key, "primaryValue", row.line)
        cells = {"category": self._goods(goods, get("cmdDesc"), listed, citation)}
        self._count_other_words(row, goods)
        ends = [self._country(one, citation) for one in (reporter, partner)]
        self.draft.add(
            "observations", self.draft.id_of(key, "observations"), [citation], dataset="un-comtrade", subject=ends[0],
            flow=_FLOWS[flow][0], partner=ends[1], period=period, measure=_FLOWS[flow][1], value=value, unit="usd",
            precision=Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0)), qualifier="exact", **cells,
        )  # fmt: skip
        self.draft.date = max(self.draft.date, period)
        for name in self.others:
            if get(name).lower() not in ("", "0", _USUAL.get(name, "false")):
                lose(row, name, "not supported", get(name))

    def _has_ends(self, row: ForeignRow) -> bool:
        empty = [name for name in ("reporterCode", "partnerCode") if not row.get(name)]
        for name in empty:
            self.draft.problems.at(row, name, "is empty", "give the number of the country, such as 604")
        return not empty

    def _count_other_words(self, row: ForeignRow, goods: str) -> None:
        """Count a different edition of the Harmonized System or a different description of goods already described."""
        told = row.get("classificationCode"), row.get("cmdDesc")
        for name, first, other in zip(("classificationCode", "cmdDesc"), self.goods.setdefault(goods, told), told,
                                      strict=True):  # fmt: skip
            if other != first:
                reason = "goods are described as in the first row with their code"
                self.draft.lose(row, name, reason, f"{goods}: {other}, not {first}")

    def _value(self, row: ForeignRow) -> Decimal | None:
        text = row.get("primaryValue")
        if _AMOUNT.fullmatch(text):
            return self.draft.rounded(row, "primaryValue", Decimal(text))
        wrong = f"'{printable(text)}' is not a value" if text else "is empty"
        self.draft.problems.at(row, "primaryValue", wrong, "give US dollars as a number")
        return None

    def _period(self, row: ForeignRow) -> str:
        text = row.get("period") or row.get("refYear")
        if found := re.fullmatch(r"([12][0-9]{3})(0[1-9]|1[0-2])?", text):
            return f"{found[1]}-{found[2]}" if found[2] else found[1]
        remedy = "give a year, or a month such as 201105"
        self.draft.problems.at(row, "period", f"'{printable(text)}' is not a period", remedy)
        return ""

    def _note_double(self, row: ForeignRow, value: Decimal, first: tuple[Decimal, str]) -> None:
        if value == first[0]:
            self.draft.lose(row, "", "duplicate of a figure", value)
        else:
            message = f"{value}, but {first[0]} for the same figure at {first[1]}"
            self.draft.problems.at(row, "primaryValue", message, "keep one of the two rows")

    def _country(self, one: Country, citation: str) -> str:
        slug = self.draft.id_of(f"country-{one.key}")
        if self.draft.has("entities", slug):
            return slug
        kind = "State" if one.numbers else "Place"
        slug = self.draft.thing(f"country-{one.key}", kind, one.label, [citation])
        for scheme, value in one.numbers.items():
            self.draft.identifier(slug, scheme, value, citation)
        if one.key == WORLD:
            self.draft.identifier(slug, "un-comtrade-code", WORLD, citation)
        return slug

    def _goods(self, code: str, label: str, edition: str, citation: str) -> str:
        slug = self.draft.id_of("goods-total" if code == _ALL else f"hs-{code}")
        if self.draft.has("entities", slug):
            return slug
        if code == _ALL:
            slug = self.draft.thing("goods-total", "Sector", label or "All goods", [citation])
            self.draft.identifier(slug, "un-comtrade-code", _ALL, citation)
            return slug
        described = f"Harmonized System, edition {edition}" if edition else "Harmonized System"
        slug = self.draft.thing(f"hs-{code}", "Commodity", label or f"HS {code}", [citation], notation=code,
                                description=described)  # fmt: skip
        self.draft.identifier(slug, "hs", code, citation)
        return slug


def _lines_with(codes: frozenset[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a line may have a cell with one of these codes."""
    cells = [cell for code in codes for cell in (f",{code},", f'"{code}"')]
    starts = tuple(f"{code}," for code in codes)
    ends = tuple(f",{code}{end}" for code in codes for end in ("", "\n", "\r\n", "\r"))

    def may_have(line: str) -> bool:
        for cell in cells:  # faster than any()
            if cell in line:
                return True
        return line.startswith(starts) or line.endswith(ends)

    return may_have


@dataclass(frozen=True)
class Country:
    """A reporter or partner: its number, its label, its ISO 3166-1 codes (empty for groups and the world)."""

    key: str
    label: str
    numbers: Mapping[str, str] = field(default_factory=dict)


@cache
def country_of(code: str, iso: str, label: str) -> Country:
    """Return a country from Comtrade's number, its three-letter code, if any, and its name.

    >>> country_of("156", "CHN", "China").numbers, country_of("278", "DDR", "Fmr Dem. Rep. of Germany").numbers
    ({'iso-3166-1-alpha-2': 'CN'}, {})
    """
    if code == WORLD:
        return Country(WORLD, label or "World")
    letters = iso if re.fullmatch(r"[A-Z]{3}", iso) and alpha_2(iso) else ""
    number = _OTHER.get(code, code).zfill(3)
    found = alpha_2(letters) or alpha_2(number)
    if not is_state(found) or number in _FORMER:
        return Country(code or label, label or f"Comtrade area {code}")
    return Country(code, label or english_name(found), {"iso-3166-1-alpha-2": found})


def is_country(code: str) -> frozenset[str]:
    """Return Comtrade's numbers for a two-letter country code; raise WrongUse if it is not one."""
    wanted = code.upper()
    numbers = {number for number, found in get_global("territory_aliases").items()
               if number.isdecimal() and found == [wanted]}  # fmt: skip
    if not numbers:
        raise WrongUse(f"'{code[:20]}' is not a country code; give two letters, such as PE")
    plain = {str(int(number)) for number in numbers}
    return frozenset(numbers | plain | {other for other, number in _OTHER.items() if number in numbers})
