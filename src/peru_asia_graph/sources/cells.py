"""Converts the cells of a column to values, as the column's description in the schema says."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from peru_asia_graph.sources.cell_text import check_number, check_text, is_address
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.sources.metadata import SLUG, Column, format_of, kind_of
from peru_asia_graph.vocabulary import CODE, fold

MAX_SLUG: Final = 200
_LEAST: Final = {"positiveInteger": 1, "nonNegativeInteger": 0}
_BOOLEANS: Final = {"true": True, "false": False}

Cell = str | int | bool | Decimal | list[str] | None
CellReader = Callable[[str], Cell]


def empty_cell(column: Column) -> Cell:
    """Return the value of an empty or absent cell: None, or an empty list if cells hold several values."""
    return [] if "separator" in column else None


def compile_reader(column: Column) -> CellReader:
    """Return a function that converts the text of a cell to its value.

    Values follow the CSV on the Web recommendation and have the types in ``Cell``. The function raises ValueError with
    ``fault; remedy`` for text that is not allowed in any cell or in this column.
    """
    given = column.get("null", "")
    nulls = frozenset(["", *([given] if isinstance(given, str) else given)])
    required, convert = bool(column.get("required")), _converter(column, nulls)
    address = str(column.get("valueUrl", "")).startswith("{+")

    def read(text: str) -> Cell:
        check_text(text)
        if text in nulls:
            if required:
                meaning = str(column.get("dc:description", "")).rstrip(".")
                raise ValueError(f"is empty; fill it in{f' ({meaning})' if meaning else ''}")
            return empty_cell(column)
        value = convert(text)
        if address and not is_address(text):
            raise ValueError(
                f"'{text[:60]}' is not a web address; write one such as https://example.org/x, without spaces"
            )
        return value

    return read


def _converter(column: Column, nulls: frozenset[str]) -> CellReader:
    kind = kind_of(column)
    if kind == "boolean":
        return _to_boolean
    if kind not in ("string", "date"):
        return _number_converter(column, kind)
    check = _text_check(column)
    if "separator" in column:
        return _list_converter(str(column["separator"]), check, nulls)

    def convert(text: str) -> str:
        check(text, text)
        if kind == "date":
            parse_date(text)
        return text

    return convert


def _to_boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError(f"'{text[:40]}' is neither true nor false; write true or false, or leave the cell empty")
    return _BOOLEANS[text]


def _number_converter(column: Column, kind: str) -> CellReader:
    datatype: Any = column["datatype"] if isinstance(column["datatype"], dict) else {}
    low, high = (Decimal(str(datatype[name])) if name in datatype else None for name in ("minimum", "maximum"))
    least = _LEAST.get(kind)
    low = low if least is None else max(Decimal(least), low or Decimal(least))
    make: type[Decimal] | type[int] = Decimal if kind == "decimal" else int

    def convert(text: str) -> Decimal | int:
        check_number(text, kind == "decimal")
        value = make(text)
        if low is not None and value < low:
            raise ValueError(f"'{text[:40]}' must be >= {low}; check the number")
        if high is not None and value > high:
            raise ValueError(f"'{text[:40]}' must be <= {high}; check the number")
        return value

    return convert


def _text_check(column: Column) -> Callable[[str, str], None]:
    """Return a function ``check(text, cell)`` that raises ValueError if a text does not have the column's format."""
    form = format_of(column)
    if not form:
        return lambda text, cell: None
    matches, is_slug = re.compile(form).fullmatch, form == SLUG
    is_code = str(column.get("valueUrl", "")).startswith(CODE)

    def check(text: str, cell: str) -> None:
        if not matches(text):
            if is_slug:
                parts = [part for part in re.split(r"[;,\s]+", cell) if part]
                if column.get("separator") and len(parts) > 1 and all(map(matches, parts)):
                    raise ValueError(f"'{cell[:60]}' is not a list of slugs; write '{';'.join(parts)[:60]}'")
                plain = "-".join(fold(word) for word in text.split())
                near = f", such as {plain}" if is_code and re.fullmatch(SLUG, plain) else ""
                raise ValueError(f"'{cell[:60]}' is not a slug; write lower-case ASCII letters, digits and '-'{near}")
            raise ValueError(f"'{cell[:60]}' does not match the format; write it as {_written_as(form, text)}")
        if is_slug and len(text) > MAX_SLUG:
            raise ValueError(f"'{cell[:40]}…' is over {MAX_SLUG} characters; shorten it")

    return check


def _written_as(form: str, text: str) -> str:
    """Return how a text should be written: with the missing prefix, or the format with its alternatives."""
    prefix = "id:"
    if form == prefix + SLUG:
        return prefix + (text if re.fullmatch(SLUG, text) else "slug, where slug is the id of a thing")
    return form.replace("|", " or ")


def _list_converter(
    separator: str, check: Callable[[str, str], None], nulls: frozenset[str]
) -> Callable[[str], list[str]]:
    def convert(text: str) -> list[str]:
        parts = text.split(separator)
        for part in parts:
            if part not in nulls:
                check(part, text)
        if len(set(parts)) < len(parts) or any(part in nulls or part != part.strip() for part in parts):
            remedy = f"write each value once, separated by '{separator}'"
            raise ValueError(f"'{text[:40]}' has an empty or repeated part; {remedy}")
        return parts

    return convert
