"""Verdicts on the arithmetic of the claims that a source makes.

A claim holds if the interval it states (from its precision and wording) overlaps the recomputed one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from peru_asia_graph.audit.facts import MONEY, Ask, Facts, last_digit_of
from peru_asia_graph.audit.formula import Formula
from peru_asia_graph.audit.intervals import Interval, claimed_interval
from peru_asia_graph.errors import BadClaims, PeruAsiaGraphError, WrongUse
from peru_asia_graph.store import Store
from peru_asia_graph.store.values import sort_parts
from peru_asia_graph.vocabulary import DIFFERS, HOLDS, READING, UNCHECKED, WORST_FIRST

PLACES: Final = Decimal("0.0001")
_CLAIMS: Final = """
SELECT ?id ?label ?kind ?figure ?stated ?unit ?qualifier ?formula ?reading ?reading_formula ?recorded ?note
  (GROUP_CONCAT(DISTINCT ?locator; SEPARATOR="; ") AS ?citations) {
  ?id a pag:Claim ; rdfs:label ?label ; pag:claimKind ?kind ; pag:recordedVerdict ?recorded ;
    pag:citation/rdfs:label ?locator .
  OPTIONAL { ?id pag:figure ?figure } OPTIONAL { ?id pag:statedValue ?stated FILTER(isNumeric(?stated)) }
  OPTIONAL { ?id pag:unit ?unit }
  OPTIONAL { ?id pag:qualifier ?qualifier } OPTIONAL { ?id pag:formula ?formula }
  OPTIONAL { ?id pag:reading ?reading FILTER(LANG(?reading) IN ("", "en")) }
  OPTIONAL { ?id pag:readingFormula ?reading_formula }
  OPTIONAL { ?id skos:note ?note FILTER(LANG(?note) IN ("", "en")) }
} GROUP BY ?id ?label ?kind ?figure ?stated ?unit ?qualifier ?formula ?reading ?reading_formula ?recorded ?note
ORDER BY ?id"""


@dataclass(frozen=True)
class Verdict:
    """The verdict on one claim. Numbers are in ``unit``; ``difference`` is the recomputed minus the stated value.

    ``source`` names the source of the claim if the graph has several.
    """

    claim: Mapping[str, Any]
    stated: Decimal
    unit: str
    qualifier: str
    verdict: str
    recomputed: Interval | None = None
    inputs: Sequence[str] = ()
    source: str = ""

    def __repr__(self) -> str:
        return f"<Verdict on {self.id}: {self.verdict}>"

    @property
    def id(self) -> str:
        return str(self.claim["id"])

    @property
    def difference(self) -> Decimal | None:
        return None if self.recomputed is None else self.recomputed.point - self.stated

    @property
    def expected(self) -> bool:
        """Whether this is the recorded verdict."""
        return self.verdict == str(self.claim["recorded"])


def audit(store: Store, ask: Ask) -> list[Verdict]:
    """Return the verdict on every claim, worst first; ``ask`` answers named questions.

    Raises BadClaims with every claim that cannot be recomputed as written.
    """
    facts = Facts(store, ask)
    found: list[Verdict] = []
    wrong: list[tuple[str, str, str]] = []
    for row in store.query(_CLAIMS):
        claim = {**row, "citations": sort_parts(str(row["citations"]), "; ")}
        try:
            found.append(_judge(facts, claim))
        except BadClaims as error:
            wrong += error.found
    if wrong:
        raise BadClaims(wrong)
    return sorted(found, key=worst_first)


def interpret_claim(facts: Facts, claim: Mapping[str, Any]) -> tuple[Decimal, str, str, Interval]:
    """Return the stated value, unit and qualifier of a claim, and the claimed interval in that unit (may be infinite).

    Raises WrongUse and UnknownName.
    """
    value, unit, qualifier, interval = _stated(facts, claim)
    scale = MONEY.get(unit, Decimal(1))
    return value, unit, qualifier, Interval(*(one / scale for one in (interval.low, interval.point, interval.high)))


def _judge(facts: Facts, claim: Mapping[str, Any]) -> Verdict:
    try:
        stated, unit, qualifier, claimed = _stated(facts, claim)
    except PeruAsiaGraphError as error:
        column = "stated" if claim["figure"] is None else "figure"
        raise BadClaims([(str(claim["id"]), column, str(error))]) from error
    formula = Formula(facts)
    computed = {name: _compute(formula, claim, name) for name in ("formula", "reading_formula")}
    literal, reading = computed["formula"], computed["reading_formula"]
    if literal is None:
        return Verdict(claim, stated, unit, qualifier, UNCHECKED)
    verdict, (value, inputs) = HOLDS, literal
    if not claimed.overlaps(value):
        verdict = DIFFERS
        if reading is not None and claimed.overlaps(reading[0]):
            verdict, (value, inputs) = READING, reading
    return Verdict(claim, stated, unit, qualifier, verdict, _in_unit(value, unit), inputs)


def _compute(formula: Formula, claim: Mapping[str, Any], name: str) -> tuple[Interval, Sequence[str]] | None:
    if claim[name] is None:
        return None
    try:
        return formula.evaluate(str(claim[name])), tuple(dict.fromkeys(formula.used))
    except PeruAsiaGraphError as error:
        raise BadClaims([(str(claim["id"]), name, str(error))]) from error


def _stated(facts: Facts, claim: Mapping[str, Any]) -> tuple[Decimal, str, str, Interval]:
    """Return the stated value of a claim in its unit, the unit, the qualifier, and the claimed interval."""
    if claim["figure"] is not None:
        figure = facts.stated(str(claim["figure"]))
        scale = MONEY.get(figure.unit, Decimal(1))
        claimed = claimed_interval(figure.value.point, figure.last_digit, figure.qualifier)
        return figure.value.point / scale, figure.unit, figure.qualifier, claimed
    if claim["stated"] is None or claim["unit"] is None:
        raise WrongUse("has neither a figure nor a number with a unit")
    value, unit, qualifier = Decimal(str(claim["stated"])), str(claim["unit"]), str(claim["qualifier"] or "exact")
    scale = MONEY.get(unit, Decimal(1))
    last_digit = Decimal(0) if claim["kind"] == "total" else last_digit_of(value, unit)
    return value, unit, qualifier, claimed_interval(value * scale, last_digit * scale, qualifier)


def _in_unit(value: Interval, unit: str) -> Interval:
    scale = MONEY.get(unit, Decimal(1))
    return Interval(*((one / scale).quantize(PLACES) for one in (value.low, value.point, value.high)))


def worst_first(verdict: Verdict) -> tuple[int, Decimal, str]:
    """Return the sort key of a verdict: by its kind, then by the size of the difference."""
    size = abs(verdict.difference or Decimal(0)) / max(abs(verdict.stated), Decimal(1))
    return WORST_FIRST.index(verdict.verdict), -size, verdict.id
