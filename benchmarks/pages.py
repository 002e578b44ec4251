"""Large networks in one browser, ours beside raw pyvis: ``python benchmarks/pages.py``. Prints seconds and ratios.

A page is ready when its diagram no longer moves: ours reports it, pyvis with physics when stabilised, with preset
positions when first drawn. Panning is measured in frames painted while dragging. Needs Chromium and playwright;
pyvis with physics is stopped after four minutes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
from pyvis.network import Network

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import chromium
from graphs import generated
from peru_asia_graph.views.network_page import network_page

READY = "html[data-ready]"
LIMIT = 240_000
DRAG = """async () => {
  let frames = 0, on = true;
  const count = () => { frames += 1; if (on) requestAnimationFrame(count); };
  requestAnimationFrame(count);
  const start = performance.now(), home = NETWORK.getViewPosition();
  while (performance.now() - start < 2000) {
    const x = home.x + 200 * Math.sin((performance.now() - start) / 200);
    NETWORK.moveTo({ position: { x, y: home.y } });
    NETWORK.redraw();
    await new Promise(requestAnimationFrame);
  }
  on = false;
  return frames / 2;
}"""


def raw_pyvis(graph: nx.MultiDiGraph[str], *, preset: bool) -> str:
    """The page pyvis makes: its defaults, or without physics and with positions on a grid."""
    network = Network(directed=True, cdn_resources="in_line")
    for place, (key, facts) in enumerate(graph.nodes(data=True)):
        where = {"x": place % 80 * 90, "y": place // 80 * 60} if preset else {}
        network.add_node(key, label=facts["label"], **where)
    for owner, owned in graph.edges():
        network.add_edge(owner, owned)
    if preset:
        network.toggle_physics(False)
    ready = "network.once('EVENT', () => { document.documentElement.dataset.ready = 'true'; }); return network;"
    event = "afterDrawing" if preset else "stabilizationIterationsDone"
    return str(network.generate_html()).replace("return network;", ready.replace("EVENT", event))


def seconds(browser: Any, file: Path, network: str) -> tuple[float, float]:
    """Seconds until the page is ready, and frames a second while panning."""
    page = browser.new_context(offline=True, viewport={"width": 1280, "height": 800}).new_page()
    start = time.perf_counter()
    page.goto(file.as_uri(), wait_until="commit")
    try:
        page.wait_for_selector(READY, state="attached", timeout=LIMIT)
        taken = time.perf_counter() - start
        frames = float(page.evaluate(DRAG.replace("NETWORK", network)))
    except Exception as error:  # noqa: BLE001 - a page that never becomes ready is a result here, whatever it raised
        print(f"  {file.name}: not ready within {LIMIT // 1000} s ({type(error).__name__})")
        taken, frames = time.perf_counter() - start, 0.0
    page.context.close()
    return taken, frames


def main() -> None:
    """Print the results, one case per line."""
    cases: list[tuple[int, int, bool]] = [(1000, 1600, False), (5000, 8000, True)]
    makers: dict[str, Callable[[nx.MultiDiGraph[str], bool], str]] = {
        "ours": lambda graph, preset: network_page(graph, "ownership"),
        "pyvis": lambda graph, preset: raw_pyvis(graph, preset=preset),
    }
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        for firms, stakes, preset in cases:
            found = {}
            for name, make in makers.items():
                file = Path(folder) / f"{name}-{firms}.html"
                file.write_text(make(generated(firms, stakes), preset), encoding="utf-8")
                found[name] = seconds(browser, file, "pagView.network" if name == "ours" else "network")
            (ours, frames), (plain, plain_frames) = found["ours"], found["pyvis"]
            mode = "preset positions" if preset else "its defaults"
            print(f"{firms:,} firms, {stakes:,} stakes: ours {ours:.2f} s, {frames:.0f} frames a second;")
            print(f"  pyvis with {mode} {plain:.2f} s, {plain_frames:.0f} frames a second; ratio {plain / ours:.1f}")


if __name__ == "__main__":
    main()
