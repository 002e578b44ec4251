"""The tables: complete by their own counts, cited within the structure of the paper, with clean names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from csv_rows import read_csv
from peru_asia_graph.build.inputs import read_inputs
from peru_asia_graph.build.reference import ontology_terms, read_ontology
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.checks import check_sources
from peru_asia_graph.sources.metadata import read_metadata
from peru_asia_graph.sources.tables import Source
from skips import skip_outside

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "sanborn-yong"
LABELS_OF_OURS = ("findings", "discrepancies", "claims")
# The text of the paper is not in the repository; if it lies next to it, the tables are checked against it.
PAPER = next((path.parent for path in ROOT.parent.glob("*/paper/paper.txt")), ROOT / "paper")
# Minimum counts from an independent census of the paper: rows of the named tables taken together.
CENSUS = {
    ("entities",): 330,
    ("events",): 100,
    ("relations", "stakes", "investments", "participations", "tenures", "phases"): 620,
    ("observations", "stakes", "investments"): 480,
    ("findings",): 100,
}


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return {source.slug: source for source in read_inputs(Project(ROOT))}


def rows(name: str) -> list[dict[str, str]]:
    return read_csv(DATA / f"{name}.csv")


def test_tables_have_no_problems(sources: dict[str, Source]) -> None:
    problems = check_sources(
        list(sources.values()), ontology_terms(ROOT / "ontology", read_ontology(ROOT / "ontology"))
    )
    assert [str(problem) for problem in problems if not problem.warning] == []


def test_row_counts_match_the_metadata(sources: dict[str, Source]) -> None:
    for slug, source in sources.items():
        for description in read_metadata(ROOT / "data" / slug / "csv-metadata.json")[1]:
            assert len(source.tables[description.name].rows) == description.expected_rows, description.name


@pytest.mark.parametrize(("names", "least"), CENSUS.items())
def test_census_minimum_is_reached(sources: dict[str, Source], names: tuple[str, ...], least: int) -> None:
    assert sum(len(sources["sanborn-yong"].tables[name].rows) for name in names) >= least


# Read by hand from Tables 5 to 7: project, then the share printed for each holder.
SHARES = {
    "bayovar": {"mitsui-and-co": "25"},
    "antamina": {"bhp-billiton": "33.75", "xstrata": "33.75", "teck": "22.5", "mitsubishi-corporation": "10"},
    "quellaveco": {"anglo-american-quellaveco": "81.9", "mitsubishi": "18.1"},
    "block-8": {
        "sk-energy": "8.3", "daewoo": "11.6", "knoc": "20", "pluspetrol-norte": "60",
        "cnpc": "27", "pluspetrol-resources": "33",
    },
    "pluspetrol-norte": {"pluspetrol-resources": "55", "cnpc": "45"},
    "block-115": {"knoc": "30", "pluspetrol": "70"},
    "block-z-2b": {"knoc": "50", "ecopetrol": "50"},
    # One cell names both the firm and the block; the stakes in the firm are only possible.
    "savia-peru": {"knoc": "50", "ecopetrol": "50"},
    "mina-justa": {
        "brescia-group": "70", "cumbres-andinas": "70", "korea-resources": "15", "ls-nikko-copper": "15",
        "cst-mining-group": "70",
    },
    "el-galeno": {"china-minmetals": "60", "jiangxi-copper": "40"},
    "rio-blanco": {"zijing-mining-group": "45", "tongling-nonferrous": "35", "xiamen-c-and-d": "20"},
    "block-1ab": {"cnpc": "45", "pluspetrol-resources": "55"},
}  # fmt: skip


def test_every_printed_percentage_of_tables_5_to_7_is_a_stake() -> None:
    found: dict[str, dict[str, str]] = {}
    for row in rows("stakes"):
        if row["share_percent"]:
            found.setdefault(row["owned"], {})[row["owner"]] = row["share_percent"]
    assert found == SHARES


def test_every_cell_of_tables_1_to_4_is_present() -> None:
    """Ten goods; eight sectors and a total, five classes and a total, and five classes, in twelve columns each."""
    counts = {name: 0 for name in ("table-1", "table-2", "table-3", "table-4")}
    for row in rows("observations"):
        if row["dataset"] in counts:
            counts[row["dataset"]] += 1
    assert counts == {"table-1": 10, "table-2": 9 * 12, "table-3": 6 * 12, "table-4": 5 * 12}


def test_every_row_of_tables_5_to_7_is_an_investment() -> None:
    cited = {part for row in rows("investments") for part in row["citations"].split(";")}
    wanted = {row["id"] for row in rows("structure") if re.fullmatch(r"Table [567]", row["table"])}
    assert {one for one in wanted if "note" not in one and "caption" not in one} <= cited


def test_every_paragraph_and_table_row_is_cited(sources: dict[str, Source]) -> None:
    tables = sources["sanborn-yong"].tables.values()
    cited = {one for table in tables for row in table.rows for one in row.items("citations")}
    headings = {
        "p6-1",
        "p21-1",
        "p32-1",
        "p2-1",
        "p3-1",
        "p6-3",
        "p8-2",
        "p28-1",
        "p14-1",
        "p14-2",
        "p15-1",
        "p15-2",
        "p17-1",
    }
    missing = {row.text("id") for row in sources["sanborn-yong"].tables["citations"].rows} - cited
    assert {one for one in missing if "caption" not in one and "note" not in one and "source" not in one} <= headings


def test_ids_are_plain_slugs() -> None:
    for row in rows("entities"):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row["id"]


def test_no_sentence_of_the_paper_is_copied() -> None:
    """No text shares ten consecutive words with the paper, apart from names and titles."""
    if not PAPER.is_dir():
        skip_outside("the text of the paper")
    words = re.findall(r"[a-z0-9']+", (PAPER / "paper.txt").read_text("utf-8").lower())
    runs = {tuple(words[start : start + 10]) for start in range(len(words))}
    copied = []
    for name in (
        "entities",
        "events",
        "findings",
        "discrepancies",
        "rejected",
        "missing_notes",
        "relations",
        "stakes",
        "investments",
        "claims",
    ):
        for row in rows(name):
            for column in (
                "description",
                "note",
                "statement",
                "reason",
                "reading",
                *(("label",) if name in LABELS_OF_OURS else ()),
            ):
                ours = re.findall(r"[a-z0-9']+", (row.get(column) or "").lower())
                if any(tuple(ours[start : start + 10]) in runs for start in range(len(ours) - 9)):
                    copied.append(f"{name} {row['id']}: {row[column]}")
    assert copied == []


def test_structure_matches_the_paper() -> None:
    if not PAPER.is_dir():
        skip_outside("the text of the paper")
    found = {}
    for line in (PAPER / "paragraphs.txt").read_text("utf-8").splitlines():
        if match := re.match(r"\[p(\d+) ¶(\d+) · lines (\d+)–(\d+)\]", line):
            found[match[1], match[2]] = (int(match[3]), int(match[4]))
    ours = {(row["page"], row["paragraph"]): row for row in rows("structure") if row["paragraph"]}
    assert ours.keys() == found.keys()
    for key, (first, last) in found.items():
        # One paragraph begins inside what the text extraction took for a table.
        start = 1404 if key == ("25", "1") else first
        assert (int(ours[key]["first_line"]), int(ours[key]["last_line"])) == (start, last)


def stated_text() -> dict[str, str]:
    """Return the text of each cited place, without white space."""
    lines = (PAPER / "paper.txt").read_text("utf-8").splitlines()
    places = {row["id"]: lines[int(row["first_line"]) - 1 : int(row["last_line"])] for row in rows("citations")}
    return {place: re.sub(r"\s", "", "".join(text)) for place, text in places.items()}


def test_comments_match_the_printed_cells() -> None:
    """Tables 5, 6 and 7 have 7, 8 and 18 comments; each word of a comment occurs in its row.

    Of the sentences on Block 8 only the facts are kept, with different punctuation.
    """
    printed = [row for row in rows("investments") if row["comment_printed"]]
    assert [sum(row["id"].endswith(table) for row in printed) for table in ("t5", "t6", "t7")] == [7, 8, 18]
    if not PAPER.is_dir():
        skip_outside("the text of the paper")
    texts = stated_text()
    for row in printed:
        where = "".join(texts[place] for place in row["citations"].split(";"))
        words = row["comment_printed"].replace(" / ", " ").split()
        if row["project"] == "block-8":
            words = [word.strip("(),;") for word in words]
        assert [word for word in words if word not in where] == []


def test_printed_names_match_the_entities_and_occur_where_cited() -> None:
    names = {(row["id"], name) for row in rows("entities") for name in row["names_as_printed"].split(";") if name}
    assert {(row["thing"], row["name"]) for row in rows("names")} == names
    if not PAPER.is_dir():
        skip_outside("the text of the paper")
    texts = stated_text()
    for row in rows("names"):
        name = re.sub(r"\s", "", row["name"])
        assert all(name in texts[place] for place in row["citations"].split(";")), row["id"]


def test_every_footnote_mark_is_a_missing_note() -> None:
    notes = [row for row in rows("missing_notes") if row["kind"] == "footnote"]
    assert sorted(int(row["number"]) for row in notes) == list(range(1, 43))


def test_figures_without_a_number_have_only_vague_words() -> None:
    words = {row["value_printed"] for row in rows("observations") if not row["value"]}
    assert words == {"largely", "predominant", "a major destination", "few", "a growing share", "very few"}


def test_conflicting_statements_share_a_citation_with_the_discrepancy() -> None:
    """The only exception is a second row of the same table or claim."""
    tables = ("stakes", "investments", "events", "relations", "observations", "findings", "phases", "tenures")
    cited = {row["id"]: set(row["citations"].split(";")) for name in tables for row in rows(name)}
    linked = 0
    for row in rows("discrepancies"):
        places = set(row["citations"].split(";"))
        for side in ("statements", "opposed_by"):
            known = [one for one in row[side].split(";") if one in cited]
            linked += len(known)
            assert not known or any(cited[one] & places for one in known), (row["id"], side)
    assert linked > 200


def test_table_figures_occur_on_the_cited_lines() -> None:
    if not PAPER.is_dir():
        skip_outside("the text of the paper")
    lines = (PAPER / "paper.txt").read_text("utf-8").splitlines()
    places = {row["id"]: row for row in rows("citations")}
    for row in rows("observations"):
        if row["dataset"] != "prose":
            place = places[row["citations"].split(";")[0]]
            text = " ".join(lines[int(place["first_line"]) - 1 : int(place["last_line"])]).replace(",", "")
            assert re.search(rf"(?<![\d.]){re.escape(row['value'])}(\.0+)?(?!\d|\.\d)", text), row["id"]
