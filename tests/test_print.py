"""Pages printed to PDF by Chromium and read by Poppler: the picture on one landscape sheet, the table on request."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from browser import visit
from peru_asia_graph.views.page_registry import page_kinds

# Texts in the picture of each page.
IN_PICTURE = {
    "ownership": ["Block 8", "Chinalco", "Antamina"],
    "investments": ["Quellaveco", "3,300", "Toromocho"],
    "trade": ["79.9", "Fishery"],
    "map": ["Toromocho", "Block 8", "Not on the map"],
    "audit": ["claims hold as they stand"],
    "sources": ["What each source is"],
}
DRAWN = "(shapes) => shapes.filter((shape) => shape.getBoundingClientRect().width > 0).length"


def printed(page: Any, target: Path) -> list[str]:
    """Print a page and return the text of each sheet; all must be landscape A4."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    page.emulate_media(media="print")
    page.pdf(path=str(target), prefer_css_page_size=True, print_background=True)
    run = lambda *words: subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: E731
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", run("pdfinfo", str(target)))
    assert size is not None and (round(float(size[1])), round(float(size[2]))) == (842, 595)
    return run("pdftotext", "-layout", str(target), "-").removesuffix("\f").split("\f")


@pytest.mark.parametrize("kind", page_kinds())
def test_picture_is_on_the_first_sheet(browser: Any, pages: Path, tmp_path: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html", viewport={"width": 1440, "height": 900}) as seen:
        title = seen.page.locator("#title").text_content()
        sheets = printed(seen.page, tmp_path / "page.pdf")
        assert title in sheets[0]
        assert all(text in sheets[0] for text in IN_PICTURE.get(kind, []))
        if kind in ("ownership", "map", "investments"):
            assert len(sheets) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ownership", "trade"])
def test_table_is_printed_on_request(browser: Any, pages: Path, tmp_path: Path, kind: str) -> None:
    with visit(browser, pages / f"{kind}.html", viewport={"width": 1440, "height": 900}) as seen:
        without = printed(seen.page, tmp_path / "without.pdf")
        seen.page.evaluate("window.print = () => {}; document.querySelector('#downloads')?.setAttribute('open', '')")
        seen.page.locator("#print-table").evaluate("(button) => button.click()")
        heads = seen.page.locator("#lines th button").all_text_contents()
        rows = seen.page.locator("#lines tbody tr").count()
        sheets = printed(seen.page, tmp_path / "with.pdf")
        assert len(sheets) > len(without) and all(head in "".join(sheets[len(without) :]) for head in heads[:2])
        assert rows > 100 and seen.page.locator("#lines tbody button", has_text="Show more").count() == 0
        assert not any(heads[1] in sheet and heads[2] in sheet and heads[0] in sheet for sheet in without)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", page_kinds())
def test_picture_is_printed_without_print_events(browser: Any, pages: Path, kind: str, scheme: str) -> None:
    with visit(browser, pages / f"{kind}.html", color_scheme=scheme) as seen:
        seen.page.emulate_media(media="print", color_scheme=scheme)
        shapes = "#printed path, .chart svg path, #board svg path"
        assert seen.page.locator(shapes).evaluate_all(DRAWN) > 15 or kind == "sources"
        assert not seen.page.locator("#table").is_visible()
        swatches = seen.page.locator("main .keyline i")  # by default browsers print no backgrounds
        assert swatches.evaluate_all("(all) => all.every((one) => getComputedStyle(one).printColorAdjust === 'exact')")
        assert seen.console == []
