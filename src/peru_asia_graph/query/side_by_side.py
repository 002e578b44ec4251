"""Answers from each source side by side: every row names its source, and nothing is added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.query.sources import SourceInfo, part_of, read_sources, speaking_of_each
from peru_asia_graph.store import Store
from peru_asia_graph.store.results import Result, ResultRow, Term
from peru_asia_graph.vocabulary import COMMON_GRAPHS, XSD

SOURCE: Final = "source"


# One source by name, several, or None for all.
SourceNames = str | Sequence[str] | None


@dataclass(frozen=True)
class SourcePart:
    """The store restricted to one source; without a source, the store itself, for data in other forms.

    A part that combines several sources has a source named after all of them.
    """

    store: Store
    source: SourceInfo | None = None
    is_combined: bool = False

    @property
    def name(self) -> str:
        """The name of the source, empty without one."""
        return self.source.name if self.source else ""

    @property
    def short(self) -> str:
        """The name of the source as shown next to a citation."""
        return self.source.shown if self.source else ""

    @property
    def title(self) -> str:
        """The short name of the source and the last year it covers."""
        return f"{self.short} ({self.source.year})" if self.source and self.source.year else self.short


def parts_about(store: Store, slug: str | None = None) -> list[SourcePart]:
    """Return a part for each source that mentions a thing, or for all sources if none does."""
    known = read_sources(store)
    named = () if slug is None else speaking_of_each(store, [slug])[slug]
    speaking = [one for one in known if one.name in named]
    return [SourcePart(part_of(store, one), one) for one in speaking or known] or [SourcePart(store)]


def side_by_side(answers: Sequence[tuple[SourcePart, Result]], empty: str = "") -> Result:
    """Return the rows of the answers of all parts, with the source as first column.

    A part whose only row begins with ``empty`` has no answer; it is left out if another part has one.
    """
    told = [(part, one) for part, one in answers if len(one) and not _is_empty(one, empty)]
    shown = told or answers[:1]
    rows = [[_name(part), *row] for part, one in shown for row in one.rows]
    return Result([SOURCE, *shown[0][1].variables], rows)


def ask_each(store: Store, parts: Sequence[SourcePart], query: str) -> Result:
    """Return the rows of a query in each part; rows from the code lists alone have no source.

    Raises WrongUse for a query with a column of the same name.
    """
    common = store.part(COMMON_GRAPHS).query(query)
    if SOURCE in common.variables:
        raise WrongUse(f"?{SOURCE} is reserved for the source of a row; rename the column in the query")
    known = [list(row) for row in common.rows]
    rows: list[ResultRow] = [[None, *row] for row in known]
    for part in parts:
        rows += [[_name(part), *row] for row in part.store.query(query).rows if list(row) not in known]
    return Result([SOURCE, *common.variables], rows)


def _is_empty(result: Result, empty: str) -> bool:
    first = result.rows[0][0]
    return bool(empty) and len(result) == 1 and first is not None and first.value == empty


def _name(part: SourcePart) -> Term:
    return Term("literal", part.name, XSD + "string")
