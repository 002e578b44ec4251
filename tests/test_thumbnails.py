"""The small pictures of the start page have the colours of the pages they stand for."""

from __future__ import annotations

import re
from pathlib import Path

from peru_asia_graph.views import thumbnails

SCRIPTS = Path(thumbnails.__file__).parent / "script"


def test_verdicts_have_the_colours_of_the_audit() -> None:
    text = (SCRIPTS / "audit.js").read_text("utf-8")
    styles = text[text.index("const VERDICTS = {") : text.index("};", text.index("const VERDICTS = {"))]
    assert dict(re.findall(r'"?([\w-]+)"?: \["[^"]+", "(\w+)"\]', styles)) == thumbnails.VERDICTS


def test_differences_have_the_colours_of_the_page_of_sources() -> None:
    (line,) = re.findall(r"const DIFFERENCE_KINDS = (.*);", (SCRIPTS / "sources.js").read_text("utf-8"))
    assert dict(re.findall(r'(\w+): \["[^"]+", "(\w+)"\]', line)) == thumbnails.DIFFERENCES


def test_sectors_have_the_colours_of_the_page_of_trade() -> None:
    text = (SCRIPTS / "trade.js").read_text("utf-8")
    (sectors,) = re.findall(r"const sectors = \[(.*?)\];", text)
    (tones,) = re.findall(r"shades\(sectors, \[(.*?)\]\)", text)
    pairs = zip(re.findall(r'"([^"]+)"', sectors), re.findall(r'"(\w+)"', tones), strict=True)
    assert dict(pairs) == thumbnails.SECTORS
