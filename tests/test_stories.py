"""Stories: file errors have a location, shipped stories match the graph, each step highlights what it names."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser import visit
from csv_rows import read_csv
from peru_asia_graph.errors import BadInput
from peru_asia_graph.exporters.stories import COLUMNS, Story, check_shown, check_stories, read_stories, read_story
from peru_asia_graph.graph import KnowledgeGraph

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
STORIES = sorted((ONTOLOGY / "stories").glob("*.csv"))
HEADER = ",".join(COLUMNS)
TITLE = "0,A title,Un título,,,,ownership"


def write(folder: Path, *lines: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


# --- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((HEADER,), "mine.csv: the story has no step"),
        (("step,text", "0,x"), "mine.csv:1: this is not the header of a story; write step,en,es"),
        ((HEADER, TITLE, "2,A,B,block-8,,t7-block-8,"), "mine.csv:3: column 'step': '2', not 1"),
        ((HEADER, TITLE, "1,,,block-8,,t7-block-8,"), "mine.csv:3: column 'en': no sentence"),
        ((HEADER, TITLE, "1,A,B,block-8,soon,t7-block-8,"), "mine.csv:3: column 'year': 'soon' is not a year"),
        ((HEADER, TITLE, "1,A,B,block-8,,,"), "mine.csv:3: column 'citations': the sentence has no citation"),
        ((HEADER, TITLE, "1,A,B,block 8,,t7-block-8,"), "mine.csv:3: column 'lit': 'block 8' is not an id"),
        (
            (HEADER, TITLE, "1,A,B,block-8,,t7-block-8,trade"),
            "mine.csv:3: column 'page': the page belongs in the title row",
        ),
        ((HEADER, "0,A,B,,,,ownrship", "1,A,B,block-8,,x,"), "mine.csv:2: column 'page': no page is called 'ownrship'"),
        ((HEADER, "0,A,B,block-8,,,ownership", "1,A,B,,,x,"), "mine.csv:2: column 'lit': this must be empty"),
        ((HEADER, TITLE, "1,A,B,block-8"), "mine.csv:3: 4 cells, not 7"),
    ],
)
def test_file_errors_have_a_location(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    path = write(tmp_path, *lines)
    with pytest.raises(BadInput, match=re.escape(told)):
        read_story(path, "mine.csv")


def test_file_name_must_be_a_valid_story_name(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, TITLE, "1,A,B,block-8,,t7-block-8,", name="My story.csv")
    with pytest.raises(BadInput, match="'My story' is not a story name"):
        read_story(path)


def test_unknown_things_and_citations_are_reported_by_row_and_column(sources: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, TITLE, "1,A,B,block-8;nobody,,t7-block-8,", "2,A,B,block-8,,p99-9;block-8,")
    found = [(one.line, one.column, one.message) for one in check_stories(sources.store, [read_story(path)])]
    assert found == [
        (3, "lit", "there is no thing 'nobody' in the graph"),
        (4, "citations", "there is no citation 'p99-9' in the graph"),
        (4, "citations", "there is no citation 'block-8' in the graph"),
    ]


def test_highlighted_things_must_be_on_the_page(tmp_path: Path) -> None:
    story = read_story(write(tmp_path, HEADER, TITLE, "1,A,B,block-8;hu-jintao,,t7-block-8,"))
    (problem,) = check_shown(story, {"block-8", "cnpc"})
    assert (problem.line, problem.column) == (3, "lit") and "'hu-jintao' is not on the page 'ownership'" in str(problem)


# --- shipped stories ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_each_story_is_complete_in_both_languages(path: Path) -> None:
    rows = read_csv(path)
    assert all(row["en"] and row["es"] and row["en"] != row["es"] for row in rows)
    assert all(row["lit"] and row["citations"] for row in rows[1:])
    for row in rows:  # same figures in both languages, with a decimal point, as in Peru
        figures = [sorted(re.findall(r"\d+(?:[,. ]\d+)*", row[one])) for one in ("en", "es")]
        assert figures[0] == figures[1], row["step"]


def test_every_shipped_story_matches_the_graph(sources: KnowledgeGraph) -> None:
    stories = read_stories(ONTOLOGY)
    assert {story.page for story in stories} >= {"diplomacy", "ownership"} and len(stories) >= 3
    assert check_stories(sources.store, stories) == []


def test_story_citing_a_missing_source_is_omitted(kg: KnowledgeGraph) -> None:
    """One step, on Block 8, cites the tracker, which the paper alone does not include."""
    page = kg.view("ownership").html
    assert "chinese-owners" not in page and "coolies-to-free-trade" in kg.view("diplomacy").html


@pytest.mark.slow
def test_custom_story(tmp_path: Path) -> None:
    good = write(tmp_path, HEADER, TITLE, "1,It is <b>shared</b>,,block-8;cnpc,,t7-block-8,")
    bad = write(tmp_path, HEADER, TITLE, "1,A,B,blok-8,,t7-block-8,", name="bad.csv")
    out = tmp_path / "page.html"
    assert view("ownership", good, out) == (0, "") and "It is \\u003cb\\u003eshared" in out.read_text("utf-8")
    refused = {
        ("ownership", bad): "bad.csv:3: column 'lit': there is no thing 'blok-8'",
        ("trade", good): "is a story of the page 'ownership', not of 'trade'",
        ("ownership", tmp_path / "none.csv"): "none.csv: there is no such file; a story is a CSV file: step,en",
        ("ownership", tmp_path / ("a" * 300)): "aaa: File name too long; name another file or folder",
    }
    for (kind, story), told in refused.items():
        code, said = view(kind, story, tmp_path / "no.html")
        assert code == 2 and told in said and "Traceback" not in said
    assert not (tmp_path / "no.html").exists()


def view(kind: str, story: Path, out: Path) -> tuple[int, str]:
    """Write a page with a story on the command line; return the exit code and the error output."""
    command = [sys.executable, "-m", "peru_asia_graph", "view", kind, "--story", str(story), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, "" if done.returncode == 0 else done.stderr


# --- on the page -------------------------------------------------------------------------------------------


def steps() -> Iterator[Story]:
    yield from read_stories(ONTOLOGY)


# Whether each id is drawn at full strength within the window, as a chart or board item or as a box.
LIT = """(ids) => {
  const items = [...document.querySelectorAll("#charts .item, #board .item")];
  const inside = (top, bottom) => bottom > 0 && top < innerHeight;
  const shown = (item) => {
    const { top, bottom } = item.getBoundingClientRect();
    return !item.classList.contains("faded") && inside(top, bottom);
  };
  const corner = (value) => String(Math.round(value * 10) / 10);
  const boxed = (id) => {
    const box = pagView.layout.places.get(pagView.at(id));
    if (!box) return `${id} is not drawn`;
    const start = `M${corner(box.left + 3.5)} ${corner(box.y - box.h / 2)}h`;
    const y = pagView.network.canvasToDOM(box).y + document.querySelector("#canvas").getBoundingClientRect().top;
    return pagView.parts.some((part) => part.d?.startsWith(start) && (part.alpha ?? 1) > 0.6) && inside(y, y);
  };
  return ids.map((id) => {
    const own = items.filter((item) => item.dataset.id === id);
    return own.length ? own.some(shown) : items.length ? `${id} is not drawn` : boxed(id);
  });
}"""


@pytest.mark.slow
@pytest.mark.parametrize("story", list(steps()), ids=lambda story: story.name)
def test_each_step_highlights_everything_it_names_without_scrolling(browser: Any, whole: Path, story: Story) -> None:
    with visit(browser, whole / f"{story.page}.html", viewport={"width": 1440, "height": 900}) as seen:
        seen.page.locator(".stories a", has_text=story.title["en"]).click()
        for at, step in enumerate(story.steps, 1):
            assert seen.page.url.endswith(f"story={story.name}/{at}")
            assert seen.page.locator("#story .sentence").text_content() == step.text["en"]
            assert seen.page.evaluate(LIT, list(step.lit)) == [True] * len(step.lit), (at, step.lit)
            if story.page in ("ownership", "diplomacy"):
                assert seen.page.evaluate("scrollY") == 0
            seen.page.keyboard.press("ArrowRight")
        assert seen.page.url.endswith(f"/{len(story.steps)}")  # last step
        seen.page.keyboard.press("ArrowLeft")
        assert seen.page.url.endswith(f"/{len(story.steps) - 1}")
        seen.page.keyboard.press("Escape")
        assert "story" not in seen.page.url and not seen.page.locator("#story").is_visible()
    assert (seen.console, seen.requests) == ([], [])


@pytest.mark.slow
def test_url_reopens_a_step_and_a_selection_overrides_it(browser: Any, whole: Path) -> None:
    with visit(browser, whole / "ownership.html", fragment="#story=chinese-owners/1&lang=es") as seen:
        assert "Shougang Group compró" in seen.page.locator("#story .sentence").text_content()
        assert seen.page.evaluate("location.hash").count("year=1992") == 1  # the selection of the step
        seen.page.locator("#keys").focus()
        seen.page.keyboard.press("Enter")  # selects the first name
        assert not seen.page.locator("#story").is_visible() and seen.page.locator("#panel").is_visible()
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#story").is_visible()
        seen.page.locator("#story .next").click()
        assert seen.page.url.split("story=")[1].startswith("chinese-owners/2")
        seen.page.go_back()
        seen.page.wait_for_function("location.hash.includes('chinese-owners/1')")
        assert "1992" in seen.page.locator("#story .sentence").text_content()
    with visit(browser, whole / "ownership.html", fragment="#story=nobody/1") as seen:
        assert not seen.page.locator("#story").is_visible() and seen.console == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "viewport", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}], ids=["phone", "desktop"]
)
def test_step_opened_by_url_scrolls_to_its_highlights(browser: Any, whole: Path, viewport: dict[str, int]) -> None:
    """The table of goods, highlighted by the step on fish meal, is below the first window of the page."""
    with visit(browser, whole / "trade.html", fragment="#story=fish-to-copper/5", viewport=viewport) as seen:
        (step,) = (one.steps[4] for one in read_stories(ONTOLOGY) if one.name == "fish-to-copper")
        box = seen.page.locator(f'#charts .item[data-id="{step.lit[0]}"]').first.bounding_box()
        assert 0 <= box["y"] < viewport["height"] - box["height"]
