"""The map: everything is on it or in its list exactly once, positions lie in their departments, nothing overlaps."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from browser import overlaps, serious_faults, visit
from csv_rows import read_csv
from own_project import make_own_project
from page_data import data_of
from peru_asia_graph.errors import WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.sources.checks.positions import check_positions
from peru_asia_graph.sources.departments import departments, departments_at, find_department
from peru_asia_graph.views.map_page import map_page, state_shares
from peru_asia_graph.views.outlines import outlines
from peru_asia_graph.views.shared_files import shared_files
from peru_asia_graph.views.small.map import MapPoint, draw_map
from test_check import table

ROOT = Path(__file__).parents[1]
LAT = "<http://www.w3.org/2003/01/geo/wgs84_pos#lat>"
LONG = "<http://www.w3.org/2003/01/geo/wgs84_pos#long>"
WIDE = {"width": 1440, "height": 900}
TEXTS = """(texts) => texts.map((text) => {
  const { x, y, width, height } = text.getBoundingClientRect(), size = parseFloat(getComputedStyle(text).fontSize);
  return { text: text.textContent, size, x, y: y + height * 0.2, w: width, h: height * 0.6 };
})"""


@pytest.fixture(scope="module")
def page(sources: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of all sources."""
    return sources.view("map").save(tmp_path_factory.mktemp("map") / "map.html")


# --- departments ------------------------------------------------------------------------------------------------------


def test_outlines_are_the_departments_of_peru() -> None:
    """24 departments and Callao, within a rectangle around Peru: 81.4 to 68.6 west, 0 to 18.4 south."""
    found = departments().values()
    assert len(found) == 25 and {"Loreto", "Madre de Dios", "Callao"} <= {one.name for one in found}
    points = [point for one in found for ring in one.rings for point in ring]
    assert all(-81.4 < x < -68.6 and -18.4 < y < 0 for x, y in points)
    assert all(ring[0] == ring[-1] for one in found for ring in one.rings)


def test_towns_lie_in_their_departments() -> None:
    """The main squares of Iquitos, Arequipa, Puno and Talara, and a point in the sea off Lima."""
    towns = {(-3.749, -73.244): "Loreto", (-16.399, -71.537): "Arequipa", (-15.841, -70.028): "Puno",
             (-4.577, -81.272): "Piura"}  # fmt: skip
    assert {point: [one.name for one in departments_at(*point)] for point in towns} == {
        point: [name] for point, name in towns.items()
    }
    assert departments_at(-12.0, -79.0) == []
    lima = find_department("LIMA")
    # Longitude 77.2 west at 12 degrees south is about 1.8 degrees, 195 km, east of 79 west; the coast lies there.
    assert lima is not None and 150 < lima.distance(-12.0, -79.0) < 240


def test_every_position_is_in_the_department_given_by_its_source(sources: KnowledgeGraph) -> None:
    """Z-1 and Z-2B lie off the coast; Block 57 extends beyond the border of Cusco. All others are inside."""
    query = f"SELECT ?id ?lat ?long ?place {{ ?id {LAT} ?lat ; {LONG} ?long ; pag:locatedIn/rdfs:label ?place }}"
    found = {}
    for row in sources.query(query):
        department = find_department(row["place"])
        if department:
            found[row["id"].rsplit("/", 1)[-1]] = department.distance(float(row["lat"]), float(row["long"]))
    assert len(found) >= 27
    outside = {name: distance for name, distance in found.items() if distance > 0}
    assert outside.keys() == {"block-z-2b", "gem-block-z-1", "gem-block-57"}
    assert outside["gem-block-57"] < 5 and max(outside.values()) < 20


def test_position_outside_its_department_is_reported() -> None:
    """Iquitos is more than 1,000 km north of Arequipa; a longitude with the wrong sign lies in the Indian Ocean."""
    point = {"type": "MiningProject", "label": "Mine"}
    things = table(
        "entities",
        {"id": "peru", "label": "Perú", "type": "State"},
        {"id": "arequipa", "label": "Arequipa", "type": "Place"},
        {"id": "right", "lat": Decimal("-16.4"), "long": Decimal("-71.5"), **point},
        {"id": "wrong", "lat": Decimal("-3.749"), "long": Decimal("-73.244"), **point},
        {"id": "sign", "lat": Decimal("-12"), "long": Decimal("77"), **point},
        {"id": "elsewhere", "lat": Decimal("52.5"), "long": Decimal("13.4"), **point},
        # La Punta in Callao lies at 77.17 west, where a degree is 109 km: 25 and 112 km off the coast.
        {"id": "block", "lat": Decimal("-12.07"), "long": Decimal("-77.4"), **point},
        {"id": "far", "lat": Decimal("-12.07"), "long": Decimal("-78.2"), **point},
        # Latitude and longitude swapped; La Libertad is a department of Peru, and of El Salvador.
        {"id": "swapped", "lat": Decimal("-78.5"), "long": Decimal("-8.1"), **point},
        {"id": "abroad", "lat": Decimal("13.5"), "long": Decimal("-89.3"), **point},
        {"id": "piura", "label": "Piura", "type": "Place"},
        {"id": "la-libertad", "label": "La Libertad", "type": "Place"},
        {"id": "el-salvador", "label": "El Salvador", "type": "State"},
        {"id": "swapped-and-nowhere", "lat": Decimal("-77.15"), "long": Decimal("-12.05"), **point},
    )
    lies = [("arequipa", "peru"), ("right", "arequipa"), ("wrong", "arequipa"), ("sign", "peru"), ("block", "peru")]
    lies += [("far", "peru"), ("swapped", "piura"), ("abroad", "la-libertad"), ("la-libertad", "el-salvador")]
    relations = table("relations", *({"subject": a, "relation": "locatedIn", "object": b} for a, b in lies))
    wrong, sign, far, swapped, nowhere = check_positions([things, relations])
    assert swapped.line == 10 and swapped.message == "latitude -78.5 and longitude -8.1 are in Peru only if swapped"
    assert nowhere.line == 15 and nowhere.remedy == "swap lat and long"
    assert wrong.warning and (wrong.line, wrong.column) == (5, "lat")
    kilometres = re.match(r"the position is ([\d,]+) km from Arequipa, the place given; it is in Loreto", wrong.message)
    assert kilometres is not None and 1000 < int(kilometres[1].replace(",", "")) < 1500
    assert sign.line == 6 and sign.message.endswith("km from Peru; it is in no department")
    off = re.match(r"the position is (\d+) km from Peru; it is in no department", far.message)
    assert far.line == 9 and off is not None and 100 < int(off[1]) < 120


def test_licence_is_shipped_with_the_outlines_and_the_pages() -> None:
    text = shared_files()["peru-departments.LICENSE-MPL-2.0"].decode()
    assert text.startswith("Mozilla Public License Version 2.0")
    folder = ROOT / "src" / "peru_asia_graph" / "assets" / "peru-departments"
    assert "Mozilla Public License 2.0" in (folder / "README.md").read_text("utf-8")


# --- shares -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_states_behind_block_8_by_share(sources: KnowledgeGraph, page: Path, browser: Any) -> None:
    """Table 6: KNOC 20, Daewoo 11.6, SK 8.3 (Korea); Pluspetrol Norte 60, of which CNPC has 45 % (China): 27."""
    with visit(browser, page, fragment="#chosen=block-8", viewport=WIDE) as seen:
        panel = seen.page.locator("#panel").inner_text()
        assert re.search(r"South Korea\s+39.9\s%\s+China\s+27\s%\s+other, or not stated\s+33.1\s%", panel)
        assert "3.861° S, 75.279° W" in panel and "GEM" in panel and "Trompeteros" in panel


def test_no_split_for_shares_that_do_not_add_up() -> None:
    rows = [
        {"id": "a", "owner": "x", "low": 60, "high": 60, "derivation": "computed"},
        {"id": "a", "owner": "y", "low": 60, "high": 60, "derivation": "stated"},
        {"id": "b", "owner": "x", "low": 0, "high": 100, "derivation": "computed"},
        {"id": "c", "owner": "x", "low": 70, "high": 70}, {"id": "c", "owner": "y", "low": 70, "high": 70},
    ]  # fmt: skip
    # A parent stated by a source in addition to a full set of owners is left out.
    homes = {"x": {"": {"china"}}, "y": {"": {"japan"}}}
    assert state_shares(rows, homes) == {"a": {"": [["china", 60.0], ["", 40.0]]}}


def test_home_state_of_an_owner_is_that_of_the_source_of_its_stake() -> None:
    """One source has the owner from Chile, another from Spain; a third states a stake, but no home state."""
    stake = {"id": "line", "owner": "andes", "label": "Andes", "how": "stake", "basis": "direct", "certainty": "stated"}
    links = [{**stake, "key": f"s-{source}", "source": source} for source in "abc"]
    shares = [{"id": "line", "owner": "andes", "low": 60, "high": 60, "source": source} for source in "abc"]
    homes = [{"owner": "andes", "home": home, "source": source} for source, home in (("a", "chile"), ("b", "spain"))]
    sites = [{"id": "line", "label": "Line", "types": "InfrastructureProject", "source": source} for source in "abc"]
    (entry,) = data_of(map_page(sites, (), links, shares, homes))["entries"]
    assert [link.get("home") for link in entry["links"]] == ["chile", "spain", None]
    assert entry["split"] == {
        "a": [["chile", 60], ["", 40]], "b": [["spain", 60], ["", 40]], "c": [["", 100]],
    }  # fmt: skip
    assert entry["country"] == ["chile", "spain"]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_everything_is_on_the_map_or_in_the_list_exactly_once(
    sources: KnowledgeGraph, page: Path, browser: Any
) -> None:
    classes = "VALUES ?class { pag:MiningProject pag:HydrocarbonBlock pag:InfrastructureProject pag:MineralDeposit }"
    rows = sources.query(f"SELECT DISTINCT ?id {{ {{ {classes} ?id a ?class }} UNION {{ ?id {LAT} ?lat }} }}")
    expected = {row["id"].rsplit("/", 1)[-1] for row in rows}
    with visit(browser, page, viewport=WIDE) as seen:
        shown = seen.page.evaluate("pagMap")
        once = Counter(name for part in ("map", "inset", "hollow", "list") for name in shown[part])
        assert set(once) == expected and set(once.values()) == {1}
        items = Counter(seen.page.locator("#charts .item").evaluate_all("(all) => all.map((one) => one.dataset.id)"))
        grouped = {name for first, members in shown["groups"].items() for name in members if name != first}
        assert set(items.values()) == {1} and set(items) == expected - grouped
        # Things for which no source gives a position are in the list.
        placed = {row["id"].rsplit("/", 1)[-1] for row in sources.query(f"SELECT ?id {{ ?id {LAT} ?lat }}")}
        assert placed == {*shown["map"], *shown["inset"]}
        assert {"antamina", "mina-justa", "pampa-de-pongo"} <= set(shown["list"])
        assert (seen.console, seen.requests) == ([], [])


@pytest.mark.parametrize("fragment", ["", "#lang=es", "#country=china", "#type=MineralDeposit", "#source=gem"])
def test_texts_do_not_overlap_and_none_is_small(page: Path, browser: Any, fragment: str) -> None:
    with visit(browser, page, fragment=fragment, viewport=WIDE) as seen:
        texts = seen.page.locator("#charts svg text").evaluate_all(TEXTS)
        assert overlaps(texts) == [] and min(text["size"] for text in texts) >= 11
        frame = seen.page.locator("#places svg").bounding_box()
        assert frame["y"] + frame["height"] <= 900
        inside = seen.page.locator("#places svg text").evaluate_all(TEXTS)
        assert all(frame["x"] <= one["x"] and one["x"] + one["w"] <= frame["x"] + frame["width"] for one in inside)


@pytest.mark.parametrize("width", [1024, 390])
def test_page_fits_a_small_window(page: Path, browser: Any, width: int) -> None:
    with visit(browser, page, viewport={"width": width, "height": 800}) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        texts = seen.page.locator("#places svg text").evaluate_all(TEXTS)
        assert overlaps(texts) == [] and min(text["size"] for text in texts) >= 11


def test_search_opens_the_exact_match_without_scrolling(page: Path, browser: Any) -> None:
    with visit(browser, page, viewport=WIDE) as seen:
        for typed, name in (("block 8", "Block 8"), ("toromocho", "Toromocho")):  # Block 88 and Block 58 exist too
            seen.page.fill("#find", typed)
            seen.page.keyboard.press("Enter")
            assert seen.page.locator("#panel h2").text_content() == name
            assert seen.page.evaluate("scrollY") == 0


@pytest.mark.slow
def test_cluster_opens_by_keyboard(page: Path, browser: Any) -> None:
    with visit(browser, page, viewport=WIDE) as seen:
        groups = seen.page.evaluate("pagMap.groups")
        first, members = next(iter(groups.items()))
        bubble = seen.page.locator(f'#places .item[data-id="{first}"]')
        assert bubble.locator("text").text_content() == str(len(members)) and len(members) > 1
        bubble.focus()
        seen.page.keyboard.press("Enter")
        items = seen.page.locator("#places .item").evaluate_all("(all) => all.map((one) => one.dataset.id)")
        assert set(members) <= set(items)
        last = seen.page.locator(f'#places .item[data-id="{members[-1]}"]')
        last.dispatch_event("click")
        assert f"chosen={members[-1]}" in seen.page.url and seen.page.locator("#panel").is_visible()
        assert seen.page.evaluate("scrollY") == 0


def test_arrow_keys_go_from_department_to_department(page: Path, browser: Any) -> None:
    with visit(browser, page, viewport=WIDE) as seen:
        ids = seen.page.locator("#places .item").evaluate_all("(all) => all.map((one) => one.dataset.id)")
        data = seen.page.evaluate("JSON.parse(document.getElementById('data').textContent)")
        entries = {entry["id"]: entry for entry in data["entries"]}
        spots = [entries[name]["positions"] or entries[name]["places"] for name in ids]
        found = ["".join(next(one["department"] for one in spot if "department" in one)) for spot in spots]
        assert len(set(found)) > 12 and found == sorted(found)
        seen.page.locator("#places .item").first.focus()
        seen.page.keyboard.press("ArrowRight")
        assert seen.page.evaluate("document.activeElement.dataset.id") == ids[1]


@pytest.mark.slow
@pytest.mark.parametrize("fragment", ["", "#theme=dark&chosen=toromocho"])
def test_axe_finds_no_serious_violation(page: Path, browser: Any, fragment: str) -> None:
    with visit(browser, page, fragment=fragment, bypass_csp=True) as seen:
        assert serious_faults(seen.page) == []


def test_filters_by_country_year_and_source(page: Path, browser: Any, sources: KnowledgeGraph) -> None:
    """The paper says Toromocho is Chinalco's; Table 7 lists it without a share."""
    with visit(browser, page, viewport=WIDE) as seen:
        seen.page.locator('[data-key="country china"]').click()
        assert "country=china" in seen.page.url
        shown = seen.page.evaluate("pagMap")
        all_shown = [name for part in ("map", "inset", "hollow", "list") for name in shown[part]]
        assert "toromocho" in all_shown and "block-z46" not in all_shown
        count = seen.page.locator('[data-key="country china"]').text_content().split()[-1]
        assert int(count) == len(all_shown)
        kinds = seen.page.locator('[data-key^="type "]').all_text_contents()
        assert sum(int(kind.split()[-1]) for kind in kinds) == len(all_shown)
        seen.page.locator('[data-key="country china"]').click()
        seen.page.locator("#map-year").select_option("2025")
        said = seen.page.locator(".year-line").inner_text()
        numbers = [int(number) for number in re.findall(r"\d+", said.split("In 2025:")[1])]
        owners = seen.page.locator("#lines tbody td:nth-child(5)").all_text_contents()
        assert sum(numbers) == sum(bool(text) for text in owners)
    with visit(browser, page, fragment="#source=sanborn-yong", viewport=WIDE) as seen:
        shown = seen.page.evaluate("pagMap")
        assert (shown["map"], shown["inset"]) == ([], []) and "block-8" in shown["hollow"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # data/gem/stakes.csv: CNPC or its firms in Blocks 57, 58, X, VI/VII and Urubamba A/B, Shougang in the Marcona
        # mine; Korean firms in Block 8 only, Petroperu in Blocks 64 and I. The survey names no owners.
        ("gem", ["China 6", "Peru 2", "South Korea 1"]),
        ("usgs-porphyry", []),
    ],
)
def test_states_of_one_source_are_those_of_its_owners(
    page: Path, browser: Any, source: str, expected: list[str]
) -> None:
    with visit(browser, page, fragment=f"#source={source}", viewport=WIDE) as seen:
        keys = seen.page.locator('[data-key^="country "]')
        assert sorted(keys.all_text_contents()) == expected
        assert (seen.page.locator(".map-keys h2", has_text="Owners from").count() > 0) is bool(expected)
        if expected:
            keys.first.click()
            assert seen.page.locator("#lines tbody tr").count() == int(keys.first.text_content().split()[-1])


def test_each_owner_is_named_once(page: Path, browser: Any) -> None:
    """For Antamina the paper names Mitsubishi as investor and in a sentence; Ecopetrol has two shares in Z-2B."""
    with visit(browser, page, fragment="#chosen=antamina", viewport=WIDE) as seen:
        row = seen.page.locator("#lines tbody tr", has_text="Antamina").first.locator("td:nth-child(5)")
        assert [name for name in row.inner_text().split("; ") if name == "Mitsubishi"] == ["Mitsubishi"]
        named = seen.page.locator("#panel li > span:first-child").all_text_contents()
        assert named.count("Mitsubishi") == 1
        other = seen.page.locator("#lines tbody tr", has_text="Z-2B").first.locator("td:nth-child(5)").inner_text()
        assert other.count("Ecopetrol") == 1 and "Ecopetrol 50 % (Sanborn & Yong), 100 % (GEM)" in other.replace(
            "\u00a0", " ")  # fmt: skip


def test_map_opens_in_a_given_year(sources: KnowledgeGraph, tmp_path: Path, browser: Any) -> None:
    """In 2005 only Blocks 6 and 7 are known to have an owner (Table 7: since 1994 or 1995)."""
    with visit(browser, sources.view("map", year=2005).save(tmp_path / "map.html")) as seen:
        assert "In 2005: 2 with an owner" in seen.page.locator("main").inner_text()
    with pytest.raises(WrongUse, match="'map' has no neighbourhood; leave out around"):
        sources.view("map", around="Block 8")
    with pytest.raises(WrongUse, match="'trade' has no year"):
        sources.view("trade", year=2008)


def test_dates_are_marked_as_start_or_end(page: Path, browser: Any) -> None:
    """Table 7: CST held 70 % of Mina Justa until 2012 and then sold it to Cumbres Andinas, about 2012."""
    with visit(browser, page, fragment="#chosen=mina-justa", viewport=WIDE) as seen:
        notes = seen.page.locator("#panel li .small").all_text_contents()
        assert "from about 2012" in notes and any(note.endswith("until 2012") for note in notes)


def test_citations_are_in_words_without_script(page: Path) -> None:
    plain = page.read_text("utf-8").partition("<noscript>")[2].partition("</noscript>")[0]
    assert "USGS 2008 record 261, latitude" in plain and "LatitudeDecimal" not in plain


def test_page_without_positions_has_a_message(tmp_path: Path, browser: Any) -> None:
    sites = [{"id": "mine", "label": "Mine", "types": "MiningProject", "where": "p. 1"}]
    for name, rows, said in (("none", sites, "No source here gives a position"), ("empty", [], "contains no mine")):
        (tmp_path / f"{name}.html").write_text(map_page(rows), "utf-8")
        with visit(browser, tmp_path / f"{name}.html") as seen:
            assert said in seen.page.locator(".warning").text_content()
            assert (seen.console, seen.requests) == ([], [])


def test_position_outside_the_map_is_listed(tmp_path: Path, browser: Any) -> None:
    sites = [{"id": "a", "label": "A", "types": "MiningProject", "lat": 52.5, "long": 13.4},
             {"id": "b", "label": "B", "types": "MiningProject", "lat": -12, "long": -76}]  # fmt: skip
    (tmp_path / "map.html").write_text(map_page(sites), "utf-8")
    with visit(browser, tmp_path / "map.html") as seen:
        shown = seen.page.evaluate("pagMap")
        assert (shown["map"], shown["list"]) == (["b"], ["a"])


def test_state_outside_the_list_of_countries_has_its_label(tmp_path: Path, browser: Any) -> None:
    sites = [{"id": "mine", "label": "Mine", "types": "MiningProject", "lat": -12, "long": -76}]
    links = [{"id": "mine", "owner": "firm", "label": "Firm", "how": "stake", "share": 50}]
    homes = [{"owner": "firm", "home": "w-cn", "label": "China"}]
    (tmp_path / "map.html").write_text(map_page(sites, [], links, [], homes), "utf-8")
    with visit(browser, tmp_path / "map.html") as seen:
        keys = " ".join(seen.page.locator("main button").all_text_contents())
        assert "China 1" in keys and "cn" not in keys


def test_hostile_names_are_shown_as_text(tmp_path: Path, browser: Any) -> None:
    bad = "<img src=x onerror=alert(1)>"
    sites = [{"id": bad, "label": bad, "types": bad, "lat": -12, "long": -76, "where": bad, "accuracy": bad}]
    links = [{"id": bad, "owner": bad, "label": bad, "how": bad, "share": 50, "where": bad}]
    homes = [{"owner": bad, "home": bad}]
    (tmp_path / "map.html").write_text(map_page(sites, [{"id": bad, "label": bad}], links, [], homes), "utf-8")
    with visit(browser, tmp_path / "map.html", fragment=f"#chosen={bad}") as seen:
        assert (seen.console, seen.dialogs, seen.requests) == ([], [], [])
        assert seen.page.locator("main img").count() == 0


@pytest.mark.slow
def test_user_project_has_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Any) -> None:
    from click.testing import CliRunner

    from peru_asia_graph.cli import pag

    project = make_own_project(tmp_path / "own")
    monkeypatch.chdir(project.root)
    assert CliRunner().invoke(pag, ["build", "-q"]).exit_code == 0
    done = CliRunner().invoke(pag, ["view", "map", "-o", str(tmp_path / "map.html")])
    assert done.exit_code == 0, done.output
    with visit(browser, tmp_path / "map.html") as seen:
        assert "No source here gives a position" in seen.page.locator(".warning").text_content()
        assert "My Mine" in seen.page.locator("#unplaced").text_content()


# --- the small map ----------------------------------------------------------------------------------------------------


def test_small_map_shows_the_point_the_department_and_a_name() -> None:
    """Block 8 at 3.861 S, 75.279 W: (81.6 − 75.279) / 13.2 of 190 from the left, (3.861 + 0.2) / 13.2 from the top."""
    made = draw_map([MapPoint(-3.861, -75.279, [("korea", 39.9), ("china", 27), ("none", 33.1)])], "In <Loreto>",
                    departments=["Loreto"])  # fmt: skip
    assert "In &lt;Loreto&gt;" in made and 'role="img"' in made and made.count("<path") == 25 + 3
    assert made.count('fill="var(--band)"') == 1
    x = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', made)
    assert x is not None and abs(float(x[1]) - 90.98) < 0.1 and abs(float(x[2]) - 58.45) < 0.1
    assert len(made) < 8000 and all(one["d"].startswith("M") for one in outlines(0.1))


def test_small_map_has_hollow_signs_if_only_the_department_is_known() -> None:
    made = draw_map([], "In Madre de Dios", departments=["Madre de Dios"], tones=[("china", 1)])
    assert made.count("<circle") == 3 and 'fill="var(--china)"' in made
    placed = [row for row in read_csv(ROOT / "data" / "gem" / "entities.csv") if row["lat"]]
    assert all(draw_map([MapPoint(float(row["lat"]), float(row["long"]))], row["label"]) for row in placed)


def test_department_signs_lie_on_their_land(page: Path, browser: Any) -> None:
    """At 1440 pixels only Piura, which the inset frame covers, has its two signs beside it, connected by a line."""
    on_land = """[...document.querySelectorAll("#places .item")].filter((item) =>
      pagMap.hollow.includes(item.dataset.id) && !["block-6", "block-7"].includes(item.dataset.id)).map((item) => {
      const svg = item.closest("svg").getBoundingClientRect();
      const box = item.querySelector("path:not([fill=transparent])").getBBox();
      const at = new DOMPoint(svg.left + box.x + box.width / 2, svg.top + box.y + box.height / 2);
      return [...document.querySelectorAll("#places svg > path[transform]")].some((land) =>
        land.isPointInFill(at.matrixTransform(land.getScreenCTM().inverse())));
    })"""
    with visit(browser, page, viewport={"width": 1440, "height": 900}) as seen:
        found = seen.page.evaluate(on_land)
    assert len(found) > 8 and all(found)


def test_signs_are_large_enough_to_touch(page: Path, browser: Any) -> None:
    """WCAG 2.5.8: at a width of 390 pixels each sign on the map is at least 24 by 24 pixels."""
    sizes = """[...document.querySelectorAll("#places .item, #unplaced .item")]
      .map((item) => item.getBoundingClientRect())
      .map((box) => [Math.round(box.width), Math.round(box.height)])"""
    with visit(browser, page, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as seen:
        found = seen.page.evaluate(sizes)
    assert len(found) > 20
    assert [size for size in found if min(size) < 24] == []
