"""The audit page: its numbers match the recorded verdicts and the paper; its controls work."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from browser import click_lines, download, serious_faults, visit
from csv_rows import read_csv
from graphs import HOSTILE
from page_data import data_of
from peru_asia_graph.cli import pag
from peru_asia_graph.exporters.html_pages import read_claims, read_rows
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.views.audit_page import audit_page
from peru_asia_graph.views.number_format import amount, difference, stated
from peru_asia_graph.views.words import words
from peru_asia_graph.views.working import working

ROOT = Path(__file__).parents[1]
KOREA = "claim-p13-1-korea-ten-percent-1997"
ROWS = "#charts .verdict .item"


def table(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file in the repository."""
    return read_csv(ROOT / path)


@pytest.fixture(scope="module")
def data(kg: KnowledgeGraph) -> dict[str, Any]:
    """The data read by the page's script."""
    return data_of(kg.view("audit").html)


# --- texts and numbers -------------------------------------------------------------------------------------


def test_every_claim_is_in_spanish_with_the_same_numbers() -> None:
    claims = table("data/sanborn-yong/claims.csv")
    spanish = {row["thing"]: row for row in table("data/sanborn-yong/translations.csv")}
    for row in claims:
        ours = spanish[row["id"]]
        for name in ("label", "reading", "note"):
            assert bool(ours[f"{name}_es"]) == bool(row[name]), row["id"]
            english, other = (re.findall(r"\d+(?:\.\d+)?", text) for text in (row[name], ours[f"{name}_es"]))
            assert sorted(other) == sorted(english) or "1960s" in row[name], row["id"]
        assert ours["label_es"] != row["label"], row["id"]


def test_claim_texts_exist_in_both_languages(data: dict[str, Any]) -> None:
    for language in ("en", "es"):
        ui, terms = words(language)["ui"], words(language)["terms"]
        for entry in data["entries"]:
            verdict = entry["verdict"]
            assert {f"audit.{verdict}", f"audit.{verdict}.means", f"kind.{entry['type']}"} <= ui.keys()
            assert verdict in terms
    named = [entry["label"] for entry in data["inputs"].values()]
    proper = {label for label in named if isinstance(label, str)}
    assert not {label for label in proper if re.search(r"\b(of|and|the|in) |:", label)} - {"Toromocho (Chinalco)"}


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "english", "spanish"),
    [
        ("92", "percent", "nearly", "nearly 92\u00a0%", "casi 92\u00a0%"),
        ("14", "count", "at-least", "at least 14", "al menos 14"),
        ("1694.9", "usd-million", "exact", "US$ 1,694.9 million", "US$ 1,694.9 millones"),
        ("2.15", "usd-billion", "exact", "US$ 2.15 billion", "US$ 2.15 mil millones"),
        ("19.0243", "times", "exact", "19.02 times", "19.02 veces"),
        ("-11.9", "percent-per-year", "exact", "−11.9\u00a0% a year", "−11.9\u00a0% al año"),
        ("2", "rank", "exact", "2nd", "2.º"),
        ("0", "usd-million", "over", "over US$ 0", "más de US$ 0"),
        ("7", "an {odd} unit", "odd", "odd 7 an odd unit", "odd 7 an odd unit"),
    ],
)
def test_stated_numbers_are_readable(value: str, unit: str, qualifier: str, english: str, spanish: str) -> None:
    assert stated(Decimal(value), unit, qualifier, "en") == english
    assert stated(Decimal(value), unit, qualifier, "es") == spanish


def test_differences_are_spelled_out() -> None:
    assert difference(Decimal("-1.3328"), "percent", "es") == "−1.33 puntos"
    assert difference(Decimal(1), "rank", "en") == "1 place lower"
    assert difference(Decimal("0.001"), "times", "en") == "none"
    assert amount(Decimal(1), "years", "es") == "1 año"


def test_every_calculation_gives_the_recomputed_value(kg: KnowledgeGraph) -> None:
    """Python evaluates the displayed formula; formulas with words (a rank among others, a count) are skipped."""
    folder = ROOT / "ontology" / "pages"
    figures = {row["id"]: row for row in read_rows(kg.store, folder, "audit-inputs")}
    millions = {"usd": Decimal("0.000001"), "usd-billion": Decimal(1000)}
    evaluated = 0
    for row in read_claims(kg.store, folder):
        if "recomputed" not in row:
            continue
        formula = row["reading_formula" if row["verdict"] == "holds-under-a-reading" else "formula"]
        rests = {slug: figures[slug] for slug in row.get("inputs", "").split(";") if slug}
        text = working(formula, rests, "en")
        if re.search("[a-z]", text):
            assert not re.search(r'value\(|"', text), row["id"]
            continue
        sum_ = re.sub(
            "[^0-9.*/()+ -]", "?", text.replace(",", "").translate(str.maketrans("×−^", "*-~")).replace("~", "**")
        )
        found = Decimal(str(row["recomputed"])) * millions.get(row["unit"], Decimal(1))
        assert math.isclose(eval(sum_, {"__builtins__": {}}), float(found), rel_tol=1e-4, abs_tol=1e-3), row["id"]
        evaluated += 1
    assert evaluated > 80


def test_unparsable_formula_is_returned_unchanged() -> None:
    for formula in ('value("nobody")', "import os", "1 +", "(" * 3000, "value(1, 2)", "x" * 10_000, "values(a=1)"):
        assert working(formula, {}, "es") in (formula, formula[:2000], "")


def test_bars_overlap_unless_the_claim_differs(data: dict[str, Any]) -> None:
    """The stated and the recomputed range overlap unless the verdict is "differs"."""
    for entry in data["entries"]:
        if "result" not in entry:
            assert entry["verdict"] == "cannot-be-checked"
            continue
        low, high = entry["scale"][0], entry["scale"][2]
        meets = (low is None or low <= entry["result"][2]) and (high is None or entry["result"][0] <= high)
        assert meets == (entry["verdict"] != "differs"), entry["id"]


# --- in the browser ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_first_screen_shows_how_many_claims_hold(browser: Any, pages: Path, language: str) -> None:
    """The recorded verdicts were worked out by hand: `expected_claims.csv`."""
    counts = Counter(row["verdict"] for row in table("tests/expected_claims.csv"))
    whole = sum(counts.values())
    with visit(browser, pages / "audit.html", fragment=f"#lang={language}") as seen:
        line = seen.page.locator(".verdict-line")
        assert line.bounding_box()["y"] < 300
        assert re.findall(r"\d+", line.text_content()) == [str(counts["holds"]), str(whole)]
        rest = re.findall(r"\d+", seen.page.locator(".verdict-line + p").text_content())
        others = ("holds-under-a-reading", "cannot-be-checked", "differs")
        assert rest == [str(counts[name]) for name in others]
        assert seen.page.locator("#all .item").count() == seen.page.locator(ROWS).count() == whole
        shown = seen.page.locator(".verdict h2 .count").all_text_contents()
        worst_first = ("differs", "holds-under-a-reading", "cannot-be-checked", "holds")
        assert shown == [str(counts[name]) for name in worst_first]


@pytest.mark.slow
def test_claim_shows_its_calculation(browser: Any, pages: Path) -> None:
    """Table 2, page 20: 91.5 of 490.6 + 473.6 + 91.5 million went to Korea in 1997, 8.67 %; page 13 says 10 %."""
    with visit(browser, pages / "audit.html") as seen:
        seen.page.locator(f'{ROWS}[data-id="{KOREA}"]').click()
        panel = seen.page.locator("#panel").text_content()
        for text in ("10\u00a0%", "8.67\u00a0%", "−1.33 points", "9.5 to 10.5\u00a0%", "US$ 473.6 million", "p. 13 ¶1"):
            assert text in panel
        assert "91.5 / (490.6 + 473.6 + 91.5) × 100 = 8.67\u00a0%" in panel
        assert seen.page.locator("#panel svg.bars").is_visible() and f"chosen={KOREA}" in seen.page.url
        assert seen.page.locator(f'#all .item.chosen[data-id="{KOREA}"]').count() == 1
        seen.page.locator("#language").click()
        panel = seen.page.locator("#panel").text_content()
        assert "Valor de las exportaciones: Corea del Sur, 1997" in panel and "−1.33 puntos" in panel
        assert "US$ 473.6 millones" in panel and "Cuadro 2, fila" in panel


def test_qualifier_and_its_tolerance_are_shown(browser: Any, pages: Path) -> None:
    """By hand: "nearly 92" extends five percent down, 92 − 4.6 = 87.4, and half a unit of the last digit up."""
    with visit(browser, pages / "audit.html", fragment="#chosen=claim-p12-2-sum-2011") as seen:
        panel = seen.page.locator("#panel").text_content()
        assert "nearly 92\u00a0%" in panel and "87.4 to 92.5\u00a0%" in panel and "59 + 18 + 14 = 91\u00a0%" in panel


@pytest.mark.slow
def test_filters_search_and_url(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "audit.html") as seen:
        seen.page.locator("#filters summary").click()
        seen.page.select_option("#filter-verdict", "differs")
        assert seen.page.locator(".verdict").count() == 1
        differing = sum(row["verdict"] == "differs" for row in table("tests/expected_claims.csv"))
        assert seen.page.locator(ROWS).count() == seen.page.locator("#lines tbody tr").count() == differing
        seen.page.select_option("#filter-type", "rank")
        fewer = seen.page.locator(ROWS).count()
        assert 0 < fewer < differing and "type=rank" in seen.page.url
        assert seen.page.locator(".verdict h2 .count").text_content() == f"{fewer} of {differing}"
        address = seen.page.url
        seen.page.locator("#filter-clear").click()
        seen.page.keyboard.press("Escape")
        seen.page.locator('[data-verdict="cannot-be-checked"]').click()
        assert seen.page.locator('[data-verdict="cannot-be-checked"]').get_attribute("aria-pressed") == "true"
        assert seen.page.locator(".verdict h2").text_content().startswith("Cannot be checked")
        seen.page.locator('[data-verdict="cannot-be-checked"]').click()
        seen.page.fill("#find", "textile market")
        assert seen.page.locator("#found").text_content() == "1 claim; Enter opens it"
        assert seen.page.locator(ROWS).count() == 1
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == "Chinese goods reached 28\u00a0% of the textile market"
        seen.page.fill("#find", "no such thing")
        assert seen.page.locator("#found").text_content() == "No claim contains these words"
    with visit(browser, pages / "audit.html", fragment=address[address.index("#") :]) as seen:
        assert seen.page.locator(ROWS).count() == fewer
    assert (seen.console, seen.requests) == ([], [])


@pytest.mark.slow
def test_keyboard_table_and_downloads(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "audit.html") as seen:
        seen.page.locator('#differs .item[tabindex="0"]').focus()
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Enter")
        second = seen.page.locator("#differs .item").nth(1)
        assert second.evaluate("(item) => item === document.activeElement && item.classList.contains('chosen')")
        head = seen.page.locator("#lines th", has_text="Difference").locator("button")
        head.click()
        head.click()
        cells = seen.page.locator("#lines tbody tr").first.locator("td").all_text_contents()
        assert "US$" in cells[2] or cells[5].startswith("+") or cells[5] == "within"
        saved = {form: download(seen.page, form) for form in ("svg", "png", "csv")}
        assert all(name == f"audit.{form}" for form, (name, _) in saved.items())
        files = {form: data for form, (_, data) in saved.items()}
        drawn = {text.text for text in ElementTree.fromstring(files["svg"]).iter("{http://www.w3.org/2000/svg}text")}
        assert {"8.67\u00a0%", "−1.33 points", "nearly 92\u00a0%"} <= drawn
        assert files["png"][:8] == b"\x89PNG\r\n\x1a\n"
        rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
        assert len(rows) == len(table("tests/expected_claims.csv")) + 1
    assert (seen.console, seen.requests) == ([], [])


def test_no_english_remains_in_spanish(browser: Any, pages: Path, data: dict[str, Any]) -> None:
    english, spanish = words("en")["ui"], words("es")["ui"]
    with visit(browser, pages / "audit.html", fragment=f"#lang=es&chosen={KOREA}") as seen:
        shown = seen.page.locator("body").inner_text()
        lines = set(shown.splitlines()) | set(seen.page.locator("#charts text").all_text_contents())
        left = {text for key, text in english.items() if text in lines and spanish[key] != text and len(text) > 4}
        assert left == set()
        assert [entry["label"] for entry in data["entries"] if entry["label"] in shown] == []


def test_calculation_covers_the_list_on_a_phone(browser: Any, pages: Path) -> None:
    with visit(browser, pages / "audit.html", viewport={"width": 390, "height": 844}) as seen:
        seen.page.locator("#differs .item").nth(3).click()
        place = seen.page.locator("#panel").bounding_box()
        assert place["y"] > 200 and place["y"] + place["height"] == pytest.approx(844, abs=1)
        seen.page.locator("#panel .close").click()
        assert not seen.page.locator("#panel").is_visible()


@pytest.mark.slow
def test_axe_finds_nothing_serious_with_a_claim_open(browser: Any, pages: Path) -> None:
    for fragment in (f"#chosen={KOREA}", f"#theme=dark&lang=es&verdict=differs&chosen={KOREA}"):
        with visit(browser, pages / "audit.html", fragment=fragment, bypass_csp=True) as seen:
            assert serious_faults(seen.page) == []


@pytest.mark.slow
def test_hostile_texts_run_nothing(browser: Any, tmp_path: Path) -> None:
    texts = ("label", "kind", "unit", "qualifier", "verdict", "reading", "note", "formula", "reading_formula", "where")
    numbers = {"value": 5, "claimed_low": Decimal("-Infinity"), "claimed_high": Decimal(6)}
    numbers |= {"recomputed": 7, "low": 6, "high": 8}
    claims = [
        {**dict.fromkeys(texts, text), **numbers, "id": f"{text}{place}", "inputs": f"in{place}"}
        for place, text in enumerate(HOSTILE)
    ]
    of = ("label", "unit", "measure", "subject", "subject_label", "partner", "partner_label", "category", "period")
    kinds = ("figure", "stake", "investment", "event")
    inputs = [
        {**dict.fromkeys(of, text), "id": f"in{place}", "type": kinds[place % 4], "value": 1, "where": text}
        | {"owner_label": text, "owned_label": text, "investors": text, "project": text, "project_label": text}
        for place, text in enumerate(HOSTILE)
    ]
    file = tmp_path / "audit.html"
    for language in ("en", "es"):
        file.write_text(audit_page(claims, inputs, works=dict.fromkeys(HOSTILE, HOSTILE), language=language), "utf-8")
        with visit(browser, file) as seen:
            click_lines(seen.page)
        assert (seen.dialogs, seen.requests, seen.console) == ([], [], [])


def test_command_writes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "auditoria.html"
    assert CliRunner().invoke(pag, ["view", "audit", "--language", "es", "-o", str(target)]).exit_code == 0
    text = target.read_text("utf-8")
    table_ = text.split("<noscript>")[1].split("</noscript>")[0]
    assert '<html lang="es">' in text and table_.count("<tr>") == len(table("data/sanborn-yong/claims.csv")) + 1
    assert "casi 92\u00a0%" in table_ and "se sostiene según una lectura" in table_
