"""Images of the README, link previews and start page; `python tests/test_readme_images.py` regenerates the first."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from peru_asia_graph.site import link_preview
from peru_asia_graph.views import thumbnails
from peru_asia_graph.views.shell import HERE
from peru_asia_graph.views.start_facts import StartFacts

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
# File, page with fragment, window size.
SHOTS = [
    ("ownership.png", "ownership.html#chosen=block-8", (1280, 800)),
    ("diplomacy.png", "diplomacy.html", (1440, 900)),
    ("map.png", "map.html", (1280, 800)),
    ("audit.png", "audit.html#chosen=claim-p18-2-korea-htm-2000-2005", (1280, 800)),
]

PREVIEWS = Path(link_preview.__file__).parent / "static"
# The pages that make up the image of the start page.
PARTS = ("ownership", "diplomacy", "map", "trade")
_GAP = 4

SCRIPTS = Path(thumbnails.__file__).parent / "script"


def preview_documents() -> dict[str, str]:
    """Return the document that renders each link preview image, without text, by file name."""
    import peru_asia_graph
    from peru_asia_graph.exporters.start_rows import read_start
    from peru_asia_graph.views import thumbnails

    height = round(thumbnails.WIDTH * link_preview.HEIGHT / link_preview.WIDTH, 1)
    pictures = thumbnails.thumbnails(read_start(peru_asia_graph.load().store), height)
    base = (HERE / "style" / "base.css").read_text("utf-8")
    style = f"""{base.partition("@font-face")[2].partition("}")[2]}
    body {{ display: grid; gap: {_GAP}px; height: 100vh; background: var(--rule) }}
    body.four {{ grid-template: 1fr 1fr / 1fr 1fr }}
    svg {{ width: 100%; height: 100%; background: var(--band) }}"""
    shown = {name: [pictures[name]] for name in link_preview.PICTURES if name != link_preview.START}
    shown[link_preview.START] = [pictures[name] for name in PARTS]
    return {
        f"preview-{name}.png": f'<!doctype html><html data-theme="light"><style>{style}</style>'
        f'<body class="{"four" if len(parts) > 1 else ""}">{"".join(parts)}'
        for name, parts in shown.items()
    }


def save(shot: bytes, path: Path) -> None:
    """Write a screenshot in 128 colours, chosen so that those of small areas, such as a symbol on the map, stay."""
    from PIL import Image

    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def shoot_previews(browser: Any, folder: Path) -> None:
    """Write each link preview image into a folder."""
    from browser import blank_page

    size = {"width": link_preview.WIDTH, "height": link_preview.HEIGHT}
    with blank_page(browser, {}) as page:
        page.set_viewport_size(size)
        for name, document in preview_documents().items():
            page.set_content(document)
            save(page.screenshot(), folder / name)


def png_size(data: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG from its first chunk."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR"
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def shoot(browser: Any, pages: Path, folder: Path) -> None:
    """Write each README image into a folder."""
    from browser import visit

    folder.mkdir(parents=True, exist_ok=True)

    for name, address, (width, height) in SHOTS:
        page, _, fragment = address.partition("#")
        view = {"viewport": {"width": width, "height": height}}
        with visit(browser, pages / page, fragment=f"#{fragment}" if fragment else "", **view) as seen:
            save(seen.page.screenshot(), folder / name)


@pytest.mark.parametrize("name", [name for name, _, _ in SHOTS])
def test_readme_images_exist_and_are_small(name: str) -> None:
    data = (IMAGES / name).read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) < 120_000
    assert f"docs/images/{name}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("state", ["china", "japan", "korea", "peru"])
def test_symbols_on_the_map_have_the_colours_of_states(state: str) -> None:
    from PIL import Image

    style = (HERE / "style" / "base.css").read_text("utf-8")
    digits = re.findall(rf"--{state}: #(\w{{6}})", style)[0]  # of the light theme
    pixels = Image.open(IMAGES / "map.png").convert("RGB").getcolors(1 << 24)
    assert any(max(map(abs, map(int.__sub__, pixel, bytes.fromhex(digits)))) < 8 for _, pixel in pixels)


def test_readme_has_no_other_images() -> None:
    shown = set(re.findall(r"docs/images/([\w.-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert shown == {name for name, _, _ in SHOTS} == {path.name for path in IMAGES.glob("*.png")}


def test_preview_images_have_the_right_size() -> None:
    kept = {path.name: path.read_bytes() for path in PREVIEWS.glob("*.png")}
    assert kept.keys() == {f"preview-{name}.png" for name in link_preview.PICTURES}
    assert {png_size(data) for data in kept.values()} == {(1200, 630)}
    assert max(map(len, kept.values())) < 100_000


def test_preview_documents_contain_no_text() -> None:
    documents = preview_documents()
    assert documents.keys() == {path.name for path in PREVIEWS.glob("*.png")}
    assert [name for name, document in documents.items() if "<text" in document or "<title" in document] == []


@pytest.mark.slow
def test_images_can_be_regenerated(browser: Any, pages: Path, tmp_path: Path) -> None:
    shoot(browser, pages, tmp_path)
    assert all(len((tmp_path / name).read_bytes()) < 120_000 for name, _, _ in SHOTS)
    shoot_previews(browser, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("preview-*.png")}
    assert len(made) == len(link_preview.PICTURES) and {png_size(data) for data in made.values()} == {(1200, 630)}


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


if __name__ == "__main__":
    from browser import chromium

    with chromium() as started:
        if "--previews" not in sys.argv:
            shoot(started, ROOT / "exports", IMAGES)
        shoot_previews(started, PREVIEWS)
