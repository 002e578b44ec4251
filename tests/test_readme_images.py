"""The images of the README: `python tests/test_readme_images.py` makes them; tests check their size."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
# File, page with its fragment, window.
SHOTS = [
    ("ownership.png", "ownership.html#chosen=block-8", (1280, 800)),
    ("diplomacy.png", "diplomacy.html", (1440, 900)),
    ("map.png", "map.html", (1280, 800)),
    ("audit.png", "audit.html#chosen=claim-p18-2-korea-htm-2000-2005", (1280, 800)),
]


def shoot(browser: Any, pages: Path, folder: Path) -> None:
    """Write each image of the README into a folder, in 128 colours."""
    from PIL import Image

    from browser import visit

    folder.mkdir(parents=True, exist_ok=True)

    for name, address, (width, height) in SHOTS:
        page, _, fragment = address.partition("#")
        view = {"viewport": {"width": width, "height": height}}
        with visit(browser, pages / page, fragment=f"#{fragment}" if fragment else "", **view) as seen:
            shot = Image.open(io.BytesIO(seen.page.screenshot())).convert("RGB")
            shot.quantize(128, dither=Image.Dither.NONE).save(folder / name, optimize=True)


@pytest.mark.parametrize("name", [name for name, _, _ in SHOTS])
def test_the_images_of_the_readme_exist_and_are_small(name: str) -> None:
    data = (IMAGES / name).read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) < 120_000
    assert f"docs/images/{name}" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_has_no_other_images() -> None:
    shown = set(re.findall(r"docs/images/([\w.-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert shown == {name for name, _, _ in SHOTS} == {path.name for path in IMAGES.glob("*.png")}


def test_they_can_be_regenerated(browser: Any, pages: Path, tmp_path: Path) -> None:
    shoot(browser, pages, tmp_path)
    assert all(len((tmp_path / name).read_bytes()) < 120_000 for name, _, _ in SHOTS)


if __name__ == "__main__":
    from browser import chromium

    with chromium() as started:
        shoot(started, Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "exports", IMAGES)
