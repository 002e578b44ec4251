"""The ownership page in a real Chromium: edge classes, source marks, collapsed groups and suggestions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from browser import TEXTS, overlaps, visit
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.ownership.plain_graph import PlainGraph
from peru_asia_graph.ownership.share_rows import all_rows
from peru_asia_graph.ownership.snapshot import make_snapshot
from peru_asia_graph.query.network import read_networks

ROOT = Path(__file__).parents[1]
SIZES = {"laptop": (1440, 900), "tablet": (1024, 768), "large": (1920, 1080)}
SHOWN = "pagView.parts.filter((part) => part.text !== undefined && (part.alpha ?? 1) > 0.5).map((part) => part.text)"
# The tests check the class of each edge, not the style of the path segments it is drawn with.
CLASSES = """pagView.drawn.filter((edge) => !["homeStateOf"].includes(edge.relation)).map((edge) =>
  edge.relation === "namedCompany" ? "named"
  : edge.certainty === "former" ? "former"
  : ["not-confirmed", "possible", "planned"].includes(edge.certainty) ? "uncertain"
  : edge.share === undefined ? "unstated" : "share")"""
# Hollow arrowheads are outlined triangles; solid edges have filled ones.
HOLLOW_HEADS = "pagView.parts.filter((part) => /l-?8 -[\\d.]+v[\\d.]+z$/.test(part.d ?? '') && part.stroke).length"


# The positions of the tools and of the diagram; whether a box is within the window.
PLACES = (
    """() => [...document.querySelectorAll(".tools button, .tools summary, #canvas")].map((one) => one.offsetTop)"""
)
INSIDE = """(id) => {
  const box = pagView.layout.places.get(id), top = document.querySelector("#canvas").getBoundingClientRect().top;
  const y = top + pagView.network.canvasToDOM({ x: box.x, y: box.y }).y;
  return y > Math.max(top, 0) && y < innerHeight;
}"""


def window(name: str) -> dict[str, Any]:
    """The browser context options for a window size."""
    width, height = SIZES[name]
    return {"viewport": {"width": width, "height": height}}


def test_paper_edges_have_five_classes(browser: Any, pages: Path) -> None:
    """Counted by hand in the paper's stakes.csv, relations.csv and investments.csv.

    Share stated, certain, not the product of a drawn chain: Antamina 4, Bayovar 1 (Mitsui & Co.), Block 115 2,
    1AB 2, Block 8 4 (Daewoo, KNOC, Pluspetrol Norte, SK), Z-2B 2, El Galeno 2, Mina Justa 3, Pluspetrol Norte 2,
    Quellaveco 2, Rio Blanco 3. Without a share: Hierro Peru, Huanzala, Santa Luisa, SAPET. Former: CST, Vale and
    Peru (Hierro Peru). Not certain: Brescia, Shougang Hierro Peru, Chinalco Peru and Savia (2). Named company:
    Antamina, Blocks 111, 113, 6, 7, Z-2B, Z46, Cercana, Llama, Marcobre, Marcona's extension 2, Marcona, Mina Justa 2,
    Pachapaqui, Pampa de Pongo, Pesquera Diamante, Quechua 3, Rio Blanco 2, Toromocho 3. The 8 of ports, pipelines,
    plants and groups of projects are collapsed.
    """
    with visit(browser, pages / "ownership.html", **window("laptop")) as seen:
        assert Counter(seen.page.evaluate(CLASSES)) == {
            "share": 27,
            "unstated": 4,
            "former": 3,
            "uncertain": 5,
            "named": 26,
        }
        assert seen.page.evaluate(HOLLOW_HEADS) == 26
        assert seen.page.locator("#keys [data-id='fold other']").text_content().startswith("Other than mines")
        seen.page.evaluate("location.hash = 'all=2'")
        seen.page.wait_for_function("pagView.nodes.some((node) => node.id === 'petroperu')")
        # With the collapsed part: 34 named companies and five more stakes: APM Terminals (Maersk's, also called its
        # subsidiary), Cofide, Petroperu, and the oil assets sold in 1993 (the state's, former, and SAPET's).
        assert Counter(seen.page.evaluate(CLASSES)) == {
            "share": 27,
            "unstated": 8,
            "former": 4,
            "uncertain": 5,
            "named": 34,
        }


def test_stakes_of_other_sources_replace_named_companies(browser: Any, whole: Path) -> None:
    """GEM adds Block 8 2, Z-2B, 57 2, 58, X, Urubamba, VI/VII and Marcona, and two subsidiaries. It states stakes of
    Savia in Z-2B and of Shougang Hierro Peru in Marcona, where the paper only names the companies.
    """
    with visit(browser, whole / "ownership.html", **window("laptop")) as seen:
        assert Counter(seen.page.evaluate(CLASSES)) == {
            "share": 37,
            "unstated": 4,
            "former": 3,
            "uncertain": 7,
            "named": 24,
        }


def test_source_filter_equals_the_single_source_page(browser: Any, pages: Path, whole: Path) -> None:
    drawn = []
    for folder, fragment in ((pages, ""), (whole, "#source=sanborn-yong")):
        with visit(browser, folder / "ownership.html", fragment=fragment, **window("large")) as seen:
            drawn.append(seen.page.evaluate("pagView.parts.map((part) => JSON.stringify(part))"))
    assert drawn[0] == drawn[1]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fragment", ["", "#lang=es&theme=dark", "#all=3", "#chosen=block-8", "#chosen=cnpc&lang=es"])
def test_texts_do_not_overlap_and_are_legible(browser: Any, whole: Path, size: str, fragment: str) -> None:
    with visit(browser, whole / "ownership.html", fragment=fragment, **window(size)) as seen:
        drawn = seen.page.evaluate(TEXTS)["texts"]
        lit = [text for text in drawn if text["alpha"] > 0.3]
        assert overlaps(lit) == []
        if "chosen" not in fragment:
            assert min(text["size"] for text in drawn) >= 11 and overlaps(drawn) == []
        assert (seen.console, seen.requests) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("fragment", ["", "#year=2012&lang=es"])
def test_initial_view_fits_a_large_screen(browser: Any, whole: Path, fragment: str) -> None:
    with visit(browser, whole / "ownership.html", fragment=fragment, **window("large")) as seen:
        box = seen.page.locator("#canvas").bounding_box()
        assert box["y"] + box["height"] <= 1080
    with visit(browser, whole / "ownership.html", fragment=fragment, **window("laptop")) as seen:
        assert seen.page.evaluate("document.documentElement.scrollHeight") <= 1.5 * 900


def test_searching_toromocho_highlights_chinalco(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", **window("laptop")) as seen:
        seen.page.fill("#find", "toromocho")
        lit = set(seen.page.evaluate(SHOWN))
        assert {"Chinalco", "Toromocho", "China"} <= lit and not {"Antamina", "Japan"} & lit
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("#panel h2").text_content() == "Toromocho"
        # Table 7 and p. 27: 2150.
        assert "2,150" in seen.page.evaluate(SHOWN)


# For each visible share, whether there is an opaque background patch below it, with at most one part in between.
UNDER_SHARES = """(halo) => pagView.parts.flatMap(({ text, alpha }, place, all) =>
  !/%$/.test(text ?? "") || alpha < 0.3 ? []
  : [all.slice(place - 2, place).some((patch) => patch.fill === halo && patch.alpha === 1)])"""


def test_panel_attributes_each_statement_to_its_source(browser: Any, whole: Path) -> None:
    """Table 6 gives Z-2B to KNOC and Ecopetrol by halves; the tracker, to Savia Peru, with Ecopetrol as its parent."""
    with visit(browser, whole / "ownership.html", fragment="#chosen=block-z-2b", **window("laptop")) as seen:
        pair = "(row) => ['.go', '.share', '.small'].map((part) => row.querySelector(part)?.textContent ?? '')"
        rows = seen.page.locator("#panel li:has(.go)").evaluate_all(f"(rows) => rows.map({pair})")
        assert [[name, share, said.split(":")[0]] for name, share, said in rows] == [
            ["Ecopetrol", "≠ 50\xa0%", "Sanborn & Yong"],
            ["Korea National Oil Corporation", "≠ 50\xa0%", "Sanborn & Yong"],
            ["Savia Peru", "≠ 100\xa0%", "GEM"],
            ["Savia Peru", "", "Sanborn & Yong"],
            ["Ecopetrol", "≠ 100\xa0%", "GEM"],
        ]


def test_source_without_stakes_is_named_in_the_panel(browser: Any, tmp_path: Path, sources: KnowledgeGraph) -> None:
    """The survey of porphyry deposits only says that El Galeno was discovered in 1993."""
    sources.view("ownership").save(tmp_path / "page.html")
    with visit(browser, tmp_path / "page.html", fragment="#chosen=el-galeno", **window("laptop")) as seen:
        row = seen.page.locator("#panel li", has_text="Discovery").first.inner_text().split("\n")
        assert row[0].strip() == "Discovery" and "1993" in row and any(line.startswith("USGS 2008:") for line in row)


def test_block_labels_omit_the_kind(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", fragment="#year=2005", **window("laptop")) as seen:
        names = seen.page.evaluate(TEXTS)["texts"]
        assert {"Block 57", "Urubamba A/B"} <= {one["text"] for one in names}
        assert not [one["text"] for one in names if "Oil and Gas" in one["text"]]
        # An edge that is unknown for a year is paler but does not strike through its share.
        halo = seen.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--halo').trim()")
        under = seen.page.evaluate(UNDER_SHARES, halo)
        assert len(under) > 20 and all(under)


@pytest.mark.slow
def test_suggestions_show_kind_matched_name_and_page(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", **window("laptop")) as seen:
        option = seen.page.locator("#hints [role=option]")
        seen.page.fill("#find", "toro")
        assert option.first.locator(".name").text_content() == "Toromocho"
        assert "mine or mining project" in option.first.text_content()
        seen.page.fill("#find", "morococha")  # a name found only in the geological survey
        assert "also “Morococha”" in option.first.text_content()
        seen.page.keyboard.press("ArrowDown")
        assert seen.page.locator("#find").get_attribute("aria-activedescendant") == option.first.get_attribute("id")
        seen.page.keyboard.press("Enter")
        assert "chosen=toromocho" in seen.page.url
        seen.page.fill("#find", "nobody at all")
        assert option.first.text_content() == "No matching name"
        seen.page.fill("#find", "hu jintao")
        assert "on the page Diplomacy" in option.first.text_content()
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/diplomacy.html#*chosen=hu-jintao*")


@pytest.mark.slow
def test_back_button_undoes_one_selection(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", **window("laptop")) as seen:
        heading = seen.page.locator("#panel h2")
        for name in ("block 8", "chinalco"):
            seen.page.fill("#find", name)
            seen.page.keyboard.press("Enter")
        assert heading.text_content() == "Chinalco"
        seen.page.go_back()
        seen.page.wait_for_function("document.querySelector('#panel h2')?.textContent === 'Block 8'")
        seen.page.go_back()
        seen.page.wait_for_function("document.querySelector('#panel').hidden")


@pytest.mark.slow
@pytest.mark.parametrize("size", ["laptop", "tablet"])
def test_selection_does_not_move_the_page_or_the_tools(browser: Any, whole: Path, size: str) -> None:
    with visit(browser, whole / "ownership.html", **window(size)) as seen:
        before = seen.page.evaluate(PLACES)
        for name, slug in (("zijing", "zijing-mining-group"), ("quellaveco", "quellaveco"), ("peru", "peru")):
            seen.page.fill("#find", name)
            seen.page.keyboard.press("Enter")
            assert seen.page.evaluate("scrollY") == 0 and seen.page.evaluate(INSIDE, slug), name
            assert seen.page.evaluate(PLACES) == before


def test_year_shows_how_many_stakes_hold(browser: Any, pages: Path) -> None:
    """By hand: in 2005 CNPC has Blocks 6 and 7 (since 1994 or 1995) and Shougang has Hierro Peru (since 1992). Not yet:
    Mitsui & Co. Bayovar (2010), Cumbres Andinas Mina Justa (2012), China Toromocho (2007 or 2008); no longer: the state
    Hierro Peru (1992). For the other 58 of 65 edges the paper does not say.
    """
    with visit(browser, pages / "ownership.html", fragment="#year=2005", **window("laptop")) as seen:
        said = seen.page.locator("#held").inner_text().split("\n")
        assert said == ["2005:", "3 hold", "58 not known then", "4 do not hold"]
    phone = {"viewport": {"width": 390, "height": 844}}
    lists = []
    for year in ("2005", "1991"):
        with visit(browser, pages / "ownership.html", fragment=f"#year={year}", **phone) as seen:
            lists.append(seen.page.locator("#list").inner_text())
            assert f"in {year}:" in lists[-1] and f"Not known for {year}:" in lists[-1]
    first = lists[0].split("Not known")[0]
    assert "Block 6" in first and "Hierro Peru" in first and "Bayovar" not in first
    assert lists[0] != lists[1]


def test_marks_and_texts_name_the_source(browser: Any, whole: Path) -> None:
    """Table 6 has 11.6 %, GEM's record 11.7 %. The paper's direct stakes add up to 99.9 %, GEM's to 100 %."""
    with visit(browser, whole / "ownership.html", fragment="#chosen=block-8", **window("laptop")) as seen:
        told = seen.page.locator("#keys [data-id='block-8']").text_content()
        assert "Daewoo: 11.6\u00a0% (Sanborn & Yong, 2013); 11.7\u00a0% (GEM, 2025), they differ" in told
        assert "11.6 ≠ 11.7\u00a0%" in seen.page.evaluate(SHOWN)
        panel = seen.page.locator("#panel").inner_text()
        assert "Sanborn & Yong: total 99.9\u00a0%; 0.1\u00a0% not accounted for" in panel
        assert "GEM: total 100\u00a0%" in panel
        held = seen.page.locator("#panel h3", has_text="Held by").locator("xpath=following-sibling::ul[1]")
        assert held.locator("li").count() == 4
        seen.page.locator("#one-source button", has_text="GEM").click()
        assert "11.7\u00a0%" in seen.page.evaluate(SHOWN) and "11.6 ≠ 11.7\u00a0%" not in seen.page.evaluate(SHOWN)
        assert "source=gem" in seen.page.url


def test_panel_lists_each_citation_once(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", fragment="#chosen=chinalco", **window("laptop")) as seen:
        panel = seen.page.locator("#panel").inner_text()
        assert "←" not in panel and "(after Andina, " in panel and "Nov 23, 2009" in panel
        cited = seen.page.locator("#panel .citations li").all_text_contents()
        assert len(cited) == len(set(cited)) and all(panel.count(text) == 1 for text in cited)


def test_named_companies_do_not_change_effective_shares(kg: KnowledgeGraph) -> None:
    (network,) = read_networks(kg.store, "ownership", [2013], ROOT / "ontology" / "networks")
    without: PlainGraph[str] = PlainGraph(**network.attributes)
    for slug, facts in network.nodes.items():
        without.add_node(slug, **facts)
    named = [edge for edge in network.edges() if edge.data["relation"] == "namedCompany"]
    for edge in network.edges():
        if edge not in named:
            without.add_edge(edge)
    assert len(named) >= 30
    rows, bare = (
        [(row.owner, row.asset, row.share) for row in all_rows(make_snapshot(graph, 2013))]
        for graph in (network, without)
    )
    assert rows == bare and len(rows) > 40


@pytest.mark.parametrize("name", ["block-8", "daewoo", "savia-peru"])
@pytest.mark.parametrize("part", [-0.45, 0, 0.45])
def test_clicking_anywhere_on_a_box_selects_it(browser: Any, pages: Path, name: str, part: float) -> None:
    with visit(browser, pages / "ownership.html", viewport={"width": 1440, "height": 900}) as seen:
        x, y = seen.page.evaluate(
            """([name, part]) => {
              const view = window.pagView, box = view.layout.places.get(name);
              const frame = document.querySelector("#canvas").getBoundingClientRect();
              const at = view.network.canvasToDOM({ x: box.x + part * box.w, y: box.y });
              return [at.x + frame.x, at.y + frame.y];
            }""",
            [name, part],
        )
        seen.page.mouse.click(x, y)
        seen.page.wait_for_url(f"**chosen={name}*")


def test_owners_in_only_one_source_are_marked_as_differing(browser: Any, whole: Path) -> None:
    """Z-2B: the paper has Ecopetrol and KNOC with 50 % each, GEM has Savia with 100 %. Both have 60 % of Block 8."""
    texts = "pagView.parts.map((part) => part.text).filter((text) => text?.startsWith('≠'))"
    with visit(browser, whole / "ownership.html", **window("laptop")) as seen:
        assert sorted(seen.page.evaluate(texts)) == ["≠ 100\u00a0%", "≠ 50\u00a0%", "≠ 50\u00a0%"]
        legend = seen.page.inner_text("#legend")
        assert "sources name different owners" in legend and "not confirmed" in legend and "former" in legend


def test_amount_stated_twice_is_shown_once(browser: Any, whole: Path) -> None:
    """Toromocho: 2,150 in Table 7, US$ 2.15 billion on page 27; investments.csv marks them as the same amount."""
    with visit(browser, whole / "ownership.html", fragment="#chosen=toromocho", **window("laptop")) as seen:
        panel = seen.page.inner_text("#panel")
    assert panel.count("2,150") == 1 and "one amount, stated in several places" in panel
