"""Texts, rows and sections of cards as HTML; all text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Citation, Cites, Piece

CitedPlaces = Mapping[int, Citation]


def pieces_html(parts: Iterable[Piece]) -> Markup:
    """Return parts of a text, with links where they have them."""
    return Markup("".join(map(_piece, parts)))


def _piece(one: Piece) -> str:
    text = escape(one.text)
    if not one.link and not one.language:
        return text
    language = f' lang="{escape(one.language)}"' if one.language else ""
    if one.link:
        return f'<a href="{escape(one.link)}"{language}>{text}</a>'
    return f"<span{language}>{text}</span>"


def _cites(cites: Cites, places: CitedPlaces) -> str:
    if not cites.numbers:
        return ""
    links = []
    for number in cites.numbers:
        place = places[number]
        title = f"{place.source}, {place.text}" if place.source else place.text
        # On a page of many cards, the citation itself is a few lines below.
        shown = "" if place.prefix else f' title="{escape(title)}"'
        links.append(f'<a href="#{place.anchor}"{shown}>{number}</a>')
    left = f"<span>+{cites.left}</span>" if cites.left else ""
    return f'<sup class="cites">{"".join(links)}{left}</sup>'


def _remark(row: CardRow) -> str:
    """Return the end of a row: its source, and a remark below."""
    source = f' <span class="source">{escape(row.source)}</span>' if row.source else ""
    return source + (f"<small>{pieces_html(row.remark)}</small>" if row.remark else "")


def section_html(section: CardSection, places: CitedPlaces) -> Markup:
    """Return the rows of a section: a list, or a table if it has headings or rows of several cells."""
    if section.columns or any(len(row.cells) > 1 for row in section.rows):
        body = _table(section, places)
    else:
        body = f'<ul class="facts">{"".join(_item(row, places) for row in section.rows)}</ul>'
    note = f'<p class="hint">{pieces_html(section.note)}</p>' if section.note else ""
    return Markup(body + note)


def _item(row: CardRow, places: CitedPlaces) -> str:
    total = ' class="total"' if row.total else ""
    return f"<li{total}>{pieces_html(row.cells[0].pieces)}{_cites(row.cites, places)}{_remark(row)}</li>"


def _without_empty_columns(section: CardSection) -> tuple[Sequence[tuple[str, bool]], Sequence[CardRow]]:
    """Return headings and rows without the empty columns; those without a heading stay."""
    said = {
        place for row in section.rows for place, cell in enumerate(row.cells) if any(one.text for one in cell.pieces)
    }
    if said.issuperset(range(1, len(section.columns))):
        return section.columns, section.rows
    kept = {0, *said}
    columns = [column for place, column in enumerate(section.columns) if place in kept]
    rows = [replace(row, cells=[one for place, one in enumerate(row.cells) if place in kept]) for row in section.rows]
    return columns, rows


def _table(section: CardSection, places: CitedPlaces) -> str:
    columns, lines = _without_empty_columns(section)
    heads = "".join(_head(name, flush) for name, flush in columns)
    head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    # The citations follow the row's subject: with headings its first cell, or else the last.
    cited: Callable[[Sequence[CardCell]], int] = (lambda cells: 0) if heads else (lambda cells: len(cells) - 1)
    rows = "".join(_row(row, cited(row.cells), places) for row in lines)
    plain = ' class="plain"'
    return f'<div class="scroll"><table{"" if heads else plain}>{head}{rows}</table></div>'


def _head(name: str, is_number: bool) -> str:
    look = ' class="number"' if is_number else ""
    return f'<th scope="col"{look}>{escape(name)}</th>' if name else "<td></td>"


def _row(row: CardRow, cited: int, places: CitedPlaces) -> str:
    kind = ' class="total"' if row.total else ' class="behind"' if row.level else ""
    cells = []
    for place, cell in enumerate(row.cells):
        look = " ".join(name for name, has in (("number", cell.is_number), ("differs", cell.differs)) if has)
        after = _cites(row.cites, places) + _remark(row) if place == cited else ""
        opening = f'<td class="{look}">' if look else "<td>"
        cells.append(f"{opening}{pieces_html(cell.pieces)}{after}</td>")
    return f"<tr{kind}>{''.join(cells)}</tr>"
