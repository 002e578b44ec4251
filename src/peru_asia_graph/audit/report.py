"""Verdicts as a table and as text for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from peru_asia_graph.audit.verdicts import Verdict, worst_first
from peru_asia_graph.errors import look_up
from peru_asia_graph.query.side_by_side import SOURCE
from peru_asia_graph.store.results import Result, from_rows
from peru_asia_graph.store.values import canonical_decimal, html_table
from peru_asia_graph.vocabulary import READING, UNCHECKED, WORST_FIRST

# The number of rows shown in a notebook.
SHOWN: Final = 20


class Verdicts(list[Verdict]):
    """Verdicts, worst first; displayed as a count of each kind and a table of the worst."""

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        super().__init__(sorted(verdicts, key=worst_first))

    def __repr__(self) -> str:
        worst = [f"{one.verdict}: {one.claim['label']}" for one in self[:SHOWN]]
        more = [f"… and {len(self) - SHOWN} more"] if len(self) > SHOWN else []
        return "\n".join([summary(self), *worst, *more])

    def _repr_html_(self) -> str:
        from html import escape

        table = to_result(self)
        return f"<p>{escape(summary(self))}</p>{html_table(table.variables, table.table(), SHOWN)}"


def to_result(verdicts: Sequence[Verdict]) -> Result:
    """Return one row per claim: verdict, stated and recomputed value, their difference, reading and citation.

    If the graph has several sources, the first column is the source.
    """
    rows = [
        [*([one.source] if one.source else []), one.verdict, str(one.claim["label"]), rounded(one.stated),
         None if one.recomputed is None else rounded(one.recomputed.point), rounded(one.difference), one.unit,
         reading_of(one), str(one.claim["citations"])]
        for one in verdicts
    ]  # fmt: skip
    header = ["verdict", "claim", "stated", "recomputed", "difference", "unit", "reading", "citations"]
    return from_rows([SOURCE, *header] if any(one.source for one in verdicts) else header, rows)


def to_text(verdicts: Sequence[Verdict], width: int) -> str:
    """Return the verdicts as text for a terminal, worst first, grouped by verdict."""
    lines: list[str] = []
    for name in WORST_FIRST:
        some = [one for one in verdicts if one.verdict == name]
        if some:
            lines += ["", f"{name.replace('-', ' ').capitalize()} ({len(some)})", ""]
        for one in some:
            lines += _wrapped(str(one.claim["label"]), "  ", width)
            lines += [line for part in _details(one) for line in _wrapped(part, "    ", width)]
    return "\n".join(lines[1:]) + "\n"


def _details(one: Verdict) -> list[str]:
    unit = one.unit.replace("-", " ")
    numbers = f"stated {rounded(one.stated)} {unit}"
    if one.recomputed is not None and one.verdict != "holds":
        low, high = rounded(one.recomputed.low), rounded(one.recomputed.high)
        between = "" if low == high else f" ({low} to {high} given rounding)"
        numbers += f", recomputed {rounded(one.recomputed.point)}{between}"
    reading = reading_of(one)
    return [numbers, *([reading] if reading else []), _cited(one)]


def _cited(one: Verdict) -> str:
    return f"[{one.source}{': ' if one.source else ''}{one.claim['citations']}]"


def _wrapped(line: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def reading_of(verdict: Verdict) -> str | None:
    """Return the reading that a verdict depends on, or the reason why a claim cannot be checked."""
    if verdict.verdict == READING:
        return str(verdict.claim["reading"])
    return str(verdict.claim["note"]) if verdict.verdict == UNCHECKED and verdict.claim["note"] else None


def rounded(value: Decimal | None) -> Decimal | None:
    """Return a number with at most four decimal places and no trailing zeros.

    >>> rounded(Decimal("83.4000")), rounded(Decimal("2.1500E+3"))
    (Decimal('83.4'), Decimal('2150'))
    """
    return None if value is None else Decimal(canonical_decimal(round(value, 4)))


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return the number of claims with each verdict, on one line."""
    counts = Counter(one.verdict for one in verdicts)
    parts = [f"{counts[name]} {name.replace('-', ' ')}" for name in reversed(WORST_FIRST) if counts[name]]
    return f"{len(verdicts)} claim{'' if len(verdicts) == 1 else 's'}{': ' if parts else ''}{', '.join(parts)}"


def unexpected(verdicts: Sequence[Verdict]) -> list[str]:
    """Return a line for each verdict that differs from the recorded one."""
    return [f"{one.id}: {one.verdict}, recorded: {one.claim['recorded']}" for one in verdicts if not one.expected]


def explain_claim(verdicts: Sequence[Verdict], slug: str) -> str:
    """Return how a claim is recomputed; raise UnknownName."""
    one = look_up("claim", {verdict.id: verdict for verdict in verdicts}, slug, "List them: pag audit")
    lines = [str(one.claim["label"]), f"  stated: {rounded(one.stated)} {one.unit}, {one.qualifier}"]
    if one.claim["formula"]:
        lines.append(f"  formula: {one.claim['formula']}")
    if one.claim["reading"]:
        lines += [f"  reading: {one.claim['reading']}", f"  reading formula: {one.claim['reading_formula']}"]
    if one.recomputed is not None:
        low, point, high = (rounded(part) for part in (one.recomputed.low, one.recomputed.point, one.recomputed.high))
        lines.append(f"  recomputed: {point}, between {low} and {high} given rounding")
    lines.append(f"  verdict: {one.verdict.replace('-', ' ')}")
    if one.claim["note"]:
        lines.append(f"  note: {one.claim['note']}")
    lines += [f"  based on: {slug}" for slug in one.inputs]
    return "\n".join([*lines, f"  {_cited(one)}"]) + "\n"
