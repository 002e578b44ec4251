"""The start page's thumbnails use the colours of the pages they represent."""

from __future__ import annotations

import re
from pathlib import Path

from peru_asia_graph.views import thumbnails
from peru_asia_graph.views.start_facts import StartFacts

SCRIPTS = Path(thumbnails.__file__).parent / "script"


def test_verdict_colours_match_the_audit_page() -> None:
    text = (SCRIPTS / "audit.js").read_text("utf-8")
    styles = text[text.index("const VERDICTS = {") : text.index("};", text.index("const VERDICTS = {"))]
    assert dict(re.findall(r'"?([\w-]+)"?: \["[^"]+", "(\w+)"\]', styles)) == thumbnails.VERDICTS


def test_difference_colours_match_the_sources_page() -> None:
    (line,) = re.findall(r"const DIFFERENCE_KINDS = (.*);", (SCRIPTS / "sources.js").read_text("utf-8"))
    assert dict(re.findall(r'(\w+): \["[^"]+", "(\w+)"\]', line)) == thumbnails.DIFFERENCES


def test_map_is_complete_at_every_size() -> None:
    """Peru extends from 0.04 to 18.35 degrees south and from 81.33 to 68.65 degrees west."""
    corners = [(-81.33, -4.7), (-68.65, -12.5), (-75.2, -0.04), (-70.4, -18.35)]
    for height in (150, 300):
        drawn = thumbnails.thumbnails(StartFacts(positions=corners), height)["map"]
        points = [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.-]+)" cy="([\d.-]+)"', drawn)]
        assert len(points) == 4 and all(0 < x < thumbnails.WIDTH and 0 < y < height for x, y in points)


def test_sector_colours_match_the_trade_page() -> None:
    text = (SCRIPTS / "trade.js").read_text("utf-8")
    (sectors,) = re.findall(r"const sectors = \[(.*?)\];", text)
    (tones,) = re.findall(r"shades\(sectors, \[(.*?)\]\)", text)
    pairs = zip(re.findall(r'"([^"]+)"', sectors), re.findall(r'"(\w+)"', tones), strict=True)
    assert dict(pairs) == thumbnails.SECTORS
