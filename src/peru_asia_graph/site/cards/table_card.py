"""The card of a printed table: its cells, each linked to its statement, its notes, and conflicting statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peru_asia_graph.site.cards import rows
from peru_asia_graph.site.cards.card import CardCell, CardRow, CardSection, Piece, ThingCard
from peru_asia_graph.site.cards.context import CardContext, join
from peru_asia_graph.site.cards.key_figures import count_figure
from peru_asia_graph.site.cards.reader import PrintedTable, Resource
from peru_asia_graph.site.cards.sentences import say
from peru_asia_graph.store.values import decimal
from peru_asia_graph.vocabulary import CODE, local

_NOTE: Final = "note"
_SIDE: Final = 8


def table_of(context: CardContext) -> PrintedTable | None:
    """Return the table with this IRI: ``id/table-7`` or its data set ``code/dataset/table-2``."""
    return context.reader.tables.get(local(context.iri))


def table_name(context: CardContext, table: PrintedTable) -> str:
    """Return the name of a table in the reader's language."""
    data_set = f"{CODE}dataset/{local(context.iri)}"
    label = context.frame.label(data_set)
    if label == table.name.casefold() or label == local(context.iri):
        return printed_name(table, context.language)
    if label.casefold().startswith(table.name.casefold()) or label.startswith("Cuadro"):
        return label
    return printed_name(table, context.language)


def printed_name(table: PrintedTable, language: str) -> str:
    """Return the name under which a table is cited, in a language."""
    return table.name if language == "en" else table.name.replace("Table", "Cuadro")


def fill_table(context: CardContext, card: ThingCard, table: PrintedTable) -> None:
    """Add the sections of a table to a card."""
    statements = context.reader.linking(table.rows, "pag:citation")
    context.load(statements)
    records = [context.records[one] for one in statements]
    figures = [one for one in records if "Observation" in one.kinds]
    investments = [one for one in records if "Investment" in one.kinds]
    doubts = _doubts(context, statements)
    apart = {iri: one for one in doubts for way in ("pag:concerns", "pag:opposedBy") for iri in one.values(way)}
    cells = _matrix(context, table, figures, apart) if figures else None
    cells = cells or (_projects(context, table, investments, apart) if investments else None)
    count = len(cells.rows) if cells else 0
    source = context.thing(table.source)
    card.sentence = say(context, "table", source=source, rows=str(count), statements=context.frame.number(len(records)))
    card.figures = [count_figure(context, "rows", count)]
    if doubts:
        card.figures.append(count_figure(context, "disagree", len(doubts)))
    stakes = [one for one in records if "Stake" in one.kinds]
    sections = (cells, _stakes(context, stakes), _notes(context, table), _disagreements(context, doubts))
    card.main += filter(None, sections)


def _matrix(
    context: CardContext, table: PrintedTable, figures: Sequence[Resource], apart: Mapping[str, Resource]
) -> CardSection | None:
    """Return a table of figures with one row and one column for each printed one."""
    columns = list(dict.fromkeys(column for one in figures if (column := one.value("pag:column"))))
    by_cell: dict[tuple[str, str], Resource] = {}
    for one in figures:
        for citation in one.values("pag:citation"):
            by_cell.setdefault((citation, one.value("pag:column")), one)
    heads = sorted(columns, key=lambda column: (column.rpartition(" ")[0] != columns[0].rpartition(" ")[0], column))
    found = []
    for citation, row in table.rows.items():
        cells = [by_cell.get((citation, column)) for column in heads]
        if not any(cells) or "aption" in row or _NOTE in row.lower():
            continue
        shown = [
            CardCell([Piece(_printed(one), context.frame.href(one.iri))], is_number=True, differs=one.iri in apart)
            if one
            else CardCell([], is_number=True)
            for one in cells
        ]
        remark = _disagreeing(context, [one for one in cells if one], apart)
        found.append(CardRow([CardCell([Piece(row, context.frame.href(citation))]), *shown], remark=remark))
    if not found:
        return None
    names = [(context.frame.t("card.row"), False), *((head or context.frame.t("card.value"), True) for head in heads)]
    return CardSection("cells", context.frame.t("card.cells"), found, len(found), names)


def _printed(figure: Resource) -> str:
    """Return a figure as printed: with the decimals of its precision, which the number does not preserve."""
    value, precision = decimal(figure.value("pag:value")), decimal(figure.value("pag:precision"))
    exact = str(value.quantize(precision)) if value is not None and precision else figure.value("pag:value")
    return figure.value("pag:valueAsPrinted") or exact or figure.value("pag:valueInWords") or "–"


def _projects(
    context: CardContext, table: PrintedTable, investments: Sequence[Resource], apart: Mapping[str, Resource]
) -> CardSection:
    """Return a table of projects as printed: project, company, amount, phase, comment."""
    order = list(table.rows)

    def place(record: Resource) -> tuple[list[int], str]:
        # The heading of a group of rows is cited together with the row itself.
        return sorted(order.index(one) for one in record.values("pag:citation") if one in order), record.iri

    found = []
    for one in sorted(investments, key=place):
        link = context.frame.href(one.iri)
        project = one.value("pag:project")
        first = [context.thing(project)] if project else [Piece("–")]
        comment, phase = one.value("pag:commentAsPrinted"), one.value("pag:phaseAsPrinted")
        texts = [one.value("pag:amountAsPrinted") or one.value("pag:amountUsdMillion"), comment or phase]
        cells = [
            CardCell(context.things(one.values("pag:investor"))),
            CardCell([Piece(texts[0] or "–", link)], is_number=True),
            CardCell([Piece(texts[1], link)]),
        ]
        found.append(CardRow([CardCell(first), *cells], context.cite(one), _disagreeing(context, [one], apart)))
    names = (("card.project", False), ("card.company", False), ("card.usd-million", True), ("card.comment", False))
    columns = [(context.frame.t(name), is_number) for name, is_number in names]
    return CardSection("cells", context.frame.t("card.cells"), found, len(found), columns)


def _disagreeing(context: CardContext, cells: Sequence[Resource], apart: Mapping[str, Resource]) -> list[Piece]:
    """Return the statements that conflict with the cells of a row."""
    doubts = list(dict.fromkeys(apart[one.iri].iri for one in cells if one.iri in apart))
    return [Piece("≠ "), *join([[context.thing(iri)] for iri in doubts], 0, context.frame, "; ")] if doubts else []


def _stakes(context: CardContext, stakes: Sequence[Resource]) -> CardSection | None:
    shown = []
    for one in stakes:
        pieces = [*rows.stake_pieces(context, one), Piece(" "), Piece("→", context.frame.href(one.iri))]
        shown.append(CardRow([CardCell(pieces)], context.cite(one)))
    title = context.frame.t("card.table-stakes")
    return CardSection("stakes", title, shown, len(shown), folded=len(shown) > _SIDE) if shown else None


def _notes(context: CardContext, table: PrintedTable) -> CardSection | None:
    shown = []
    for citation, row in table.rows.items():
        if _NOTE in row.lower():
            reported = context.name(citation).values("pag:reportedBy")
            text = context.place(context.name(citation))
            by = [Piece(": "), *context.things(reported)] if reported else []
            shown.append(CardRow([CardCell([Piece(text, context.frame.href(citation)), *by])]))
    return CardSection("notes", context.frame.t("card.notes"), shown, len(shown), folded=True) if shown else None


def _doubts(context: CardContext, statements: Sequence[str]) -> list[Resource]:
    ids = {one for way in ("pag:concerns", "pag:opposedBy") for one in context.reader.linking(statements, way)}
    context.load(sorted(ids))
    return [context.records[one] for one in sorted(ids)]


def _disagreements(context: CardContext, doubts: Sequence[Resource]) -> CardSection | None:
    shown = [rows.discrepancy(context, one) for one in doubts]
    title = context.frame.t("card.disagreements")
    return CardSection("disagreements", title, shown, len(shown), folded=True) if shown else None
