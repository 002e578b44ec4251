"""A real Chromium for the tests: pages are opened offline; requests, console messages and dialogs are recorded.

Tests that need playwright or Chromium are skipped where it is not installed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Visit:
    """An open page with its console messages, errors and dialogs, and its requests outside its own folder."""

    page: Any
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium with a fresh profile; skip the test if it is not installed."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


# The page cached for each browser and set of options: every new one would start another process.
_KEPT: WeakKeyDictionary[Any, dict[frozenset[tuple[str, object]], Any]] = WeakKeyDictionary()


@contextmanager
def blank_page(browser: Any, options: Mapping[str, object]) -> Iterator[Any]:
    """Yield the empty offline page of a browser context with these options; after an error it is not reused."""
    kept, key = _KEPT.setdefault(browser, {}), frozenset(options.items())
    page = kept.pop(key, None) or browser.new_context(offline=True, **options).new_page()
    try:
        yield page
        page.goto("about:blank")
        page.mouse.move(-1, -1)
    except BaseException:
        page.context.close()
        raise
    kept[key] = page


@contextmanager
def visit(
    browser: Any,
    file: Path,
    *,
    fragment: str = "",
    ready: str | None = "html[data-ready]",
    viewport: Mapping[str, int] = MappingProxyType({"width": 1280, "height": 800}),
    color_scheme: str = "light",
    **options: Any,
) -> Iterator[Visit]:
    """Load a local file; `options` are passed to the browser context (has_touch, bypass_csp, …)."""
    with blank_page(browser, options) as page:
        page.set_viewport_size(dict(viewport))
        page.emulate_media(media="screen", color_scheme=color_scheme)
        seen = Visit(page)

        def record(request: Any) -> None:
            if not request.url.startswith(file.parent.as_uri() + "/"):
                seen.requests.append(request.url)

        def dismiss(dialog: Any) -> None:
            seen.dialogs.append(dialog.message)
            dialog.dismiss()

        listeners: dict[str, Callable[[Any], None]] = {
            "request": record,
            "dialog": dismiss,
            "console": lambda message: seen.console.append(message.text),
            "pageerror": lambda error: seen.console.append(str(error)),
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(file.as_uri() + fragment)
        if ready is not None and options.get("java_script_enabled", True):
            page.wait_for_selector(ready, state="attached", timeout=20_000)
        yield seen
        for event, listener in listeners.items():
            page.remove_listener(event, listener)


AXE = Path(__file__).parent / "tools" / "node_modules" / "axe-core" / "axe.min.js"


def serious_faults(page: Any) -> list[tuple[str, str]]:
    """Return the critical and serious violations found by axe, each with its first element.

    The page must be opened with ``bypass_csp``. Without axe the test is skipped.
    """
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (tests/tools/install.sh installs it)")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]


def download(page: Any, form: str) -> tuple[str, bytes]:
    """Return the name and content of the file saved from the Share menu: ``svg``, ``png``, ``csv`` or ``page``."""
    page.locator("#share").evaluate("(menu) => { menu.open = true; }")
    with page.expect_download() as waiting:
        page.locator(f"#save-{form}").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


# The ids of the items in a chart.
IDS = "(items) => items.map((item) => item.dataset.id)"
# Every text of the diagram as {text, size, alpha, x, y, w, h} in window pixels, and the size of the canvas.
TEXTS = """() => {
  const view = window.pagView, frame = document.querySelector("#canvas").getBoundingClientRect();
  const ruler = document.createElement("canvas").getContext("2d"), scale = view.network.getScale();
  const texts = view.parts.filter((part) => part.text !== undefined).map((part) => {
    ruler.font = `${part.weight} ${part.size}px "Source Sans 3"`;
    const w = ruler.measureText(part.text).width, left = part.x - w * { start: 0, middle: 0.5, end: 1 }[part.anchor];
    const at = view.network.canvasToDOM({ x: left, y: part.y - part.size * 0.72 });
    const place = { x: at.x, y: at.y, w: w * scale, h: part.size * 0.8 * scale };
    return { text: part.text, size: part.size * scale, alpha: part.alpha ?? 1, ...place };
  });
  return { texts, width: frame.width, height: frame.height };
}"""


def overlaps(texts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the pairs of texts that overlap."""
    found = []
    for place, a in enumerate(texts):
        for b in texts[place + 1 :]:
            apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
            apart = apart or a["y"] + a["h"] <= b["y"] + 0.5 or b["y"] + b["h"] <= a["y"] + 0.5
            if not apart:
                found.append((a["text"], b["text"]))
    return found


def click_lines(page: Any) -> None:
    """Click every line of the table: each opens the panel, and no text of the data becomes an element."""
    for link in page.locator("#lines td .go").all():
        link.click()
        assert page.locator("#panel h2").is_visible()
    assert page.locator("main img, main script:not([type='application/json']), svg[onload]").count() == 0
