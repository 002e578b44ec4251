"""The formula language computes the expected values and refuses everything else."""

from __future__ import annotations

import pytest

from peru_asia_graph.audit.facts import Facts
from peru_asia_graph.audit.formula import Formula
from peru_asia_graph.errors import PeruAsiaGraphError, WrongUse
from peru_asia_graph.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def formula(kg: KnowledgeGraph) -> Formula:
    """A formula evaluator over the shipped graph."""
    return Formula(Facts(kg.store, kg.ask))


@pytest.mark.parametrize(
    ("text", "comes_to"),
    [
        # Table 2, China 1997: 1.8 + 0 + 79.9 + 0 + 16.2 + 2 + 0 + 0.
        ('total(values(dataset="table-2", partner="china", period="1997", measure="share-of-exports"))', 99.9),
        # Page 15: 7.8 billion over 90 million.
        ('value("p15-3-imports-from-china-2012") / value("p15-3-imports-from-china-1993")', 86.6667),
        # Page 13: 20.6 % a year for 16 years.
        ('(1 + value("p13-3-exports-to-china-growth-1995-2011") / 100) ** years("1995/2011")', 20.024),
        # 45 % of 60 % (Table 6) equals the share in Table 7.
        ('effective("cnpc", "block-8") - share("cnpc-in-block-8")', 0),
        # Table 7: 3005 is the largest amount, 2500 the second, 2150 the third.
        ('rank(amount("toromocho-investment-t7"), amounts(home_country="china"))', 3),
        ('largest(amounts(home_country="china"))', 3005),
        # Table 5: four holders with a share in the comments, and Mitsubishi in the companies column.
        ('count("who-owns", asset="Antamina")', 5),
        # In the text: 118 million for Hierro Perú in 1992.
        ('smallest(amounts(home_country="china"))', 118),
        ("-(100 - 1) * 1", -99),
    ],
)
def test_formulas_match_values_worked_out_by_hand(formula: Formula, text: str, comes_to: float) -> None:
    assert float(formula.evaluate(text).point) == pytest.approx(comes_to, abs=1e-3)


@pytest.mark.parametrize(
    ("slug", "low", "high"),
    [
        ("peru-china-relations-1971", 1971, 1971),
        ("coolie-migration", 1849, 1849),
        ("condiments-platform-plan", 1960, 1969),
    ],
)
def test_year_keeps_the_precision_of_the_date(formula: Formula, slug: str, low: int, high: int) -> None:
    """Relations began in 1971, the migration of 1849 to 1874 began in 1849, and the plan dates from the 1960s."""
    found = formula.evaluate(f'year("{slug}")')
    assert (found.low, found.high) == (low, high)


def test_ids_of_used_figures_are_recorded(formula: Formula) -> None:
    formula.evaluate('total(shares(owned="el-galeno"))')
    assert set(formula.used) == {"china-minmetals-in-el-galeno", "jiangxi-copper-in-el-galeno"}


@pytest.mark.parametrize(
    "text",
    [
        "", "1 +", "__import__('os').system('true')", "value.__class__", "(lambda: 1)()", "[x for x in (1,)]",
        "2.5", "7", 'value("nowhere")', 'values(partner="atlantis")', "total(1)", "value()", "1 / (1 - 1)",
        'value("p13-3-rank-us-import-source", 1)', "100 ** 100 ** 100", "(" * 300 + "1" + ")" * 300, "1" + " " * 2000,
        "-" * 1500 + "1", 'total(values(partner="atlantis"))', "largest([])", "smallest([])",
        'total(shares(owned="el-galeno"), **"all")',
        'years("1995/²")', 'year("go-out-policies-effect")',
        "total", 'count("nowhere")', 'values(dataset="table-2")', "open('x')", "-[1]", 'year("nowhere")', "True",
        'years("now")', "1 if 1 else 1", "\x00", "rank(1)", 'effective("a", "b")', "100 ** -1 ** 1 @ 1",
    ],
)  # fmt: skip
def test_invalid_formulas_are_refused(formula: Formula, text: str) -> None:
    with pytest.raises(PeruAsiaGraphError) as caught:
        formula.evaluate(text)
    assert isinstance(caught.value, WrongUse) and str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('total(values(partner="atlantis"))', "no figure has partner atlantis"),
        ("largest([])", "largest or smallest of no values"),
    ],
)
def test_error_message_names_the_cause(formula: Formula, text: str, message: str) -> None:
    with pytest.raises(WrongUse, match=message):
        formula.evaluate(text)
