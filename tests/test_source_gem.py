"""Global Energy Monitor: the tables checked against the raw files, parsed independently of the recipe."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from csv_rows import Row, read_csv
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.render import text

FOLDER = Path(__file__).parents[1] / "data" / "gem"
GOGET, GIOMT = FOLDER / "raw" / "goget-peru-2025-02-26.csv", FOLDER / "raw" / "giomt-peru-2024-11.csv"
DIGESTS = {
    GOGET: "72f5c706d042a388e024b872c72b760e69232d15af2f86db240800008380de3f",
    GIOMT: "fe3232f6b1070d67ae4f680a0a4f3ad4608ccfd78b1c5a0eed49e0e1ce28adfb",
}


def table(name: str) -> dict[str, Row]:
    return {row["id"]: row for row in read_csv(FOLDER / f"{name}.csv")}


def printed(cell: str) -> list[tuple[str, str]]:
    """Return the names and shares in a cell; the share is in the last pair of brackets."""
    parts = [part.rstrip("])").replace("[", "(") for part in cell.split(";") if part]
    return [(name.strip(), share.rstrip("%")) for name, _, share in (part.rpartition("(") for part in parts)]


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.name)
def test_raw_file_matches_its_checksum(path: Path) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == DIGESTS[path]
    assert DIGESTS[path] in (FOLDER / "README.md").read_text("utf-8")


def test_every_asset_has_its_position() -> None:
    assets = {row["label"]: row for row in table("entities").values() if row["lat"]}
    fields, mines = read_csv(GOGET), read_csv(GIOMT)
    assert (len(fields), len(mines), len(assets)) == (26, 2, 28)
    for row in fields:
        found = assets[row["wiki-name"]]
        assert round(float(row["lat"]), 6) == float(found["lat"])
        assert round(float(row["lng"]), 6) == float(found["long"])
        assert found["position_accuracy"] == row["location-accuracy"]
    for row in mines:
        found = assets[row["Asset name (English)"]]
        assert row["Coordinates"] == f"{found['lat']}, {found['long']}"


def test_direct_stakes_match_the_owner_column() -> None:
    names = {row["label"]: slug for slug, row in table("entities").items()}
    wanted: Counter[tuple[str, str, Decimal]] = Counter()
    for row in read_csv(GOGET):
        for owner, share in printed(row["owner"]):
            if owner != "Other":
                wanted[names[owner], names[row["wiki-name"]], Decimal(share)] += 1
    assert wanted.total() == 40
    for row in read_csv(GIOMT):
        for owner, share in printed(row["Owner"]):
            wanted[names[owner], names[row["Asset name (English)"]], Decimal(share)] += 1
    stakes = [row for row in table("stakes").values() if row["basis"] == "direct"]
    assert Counter((row["owner"], row["owned"], Decimal(row["share_percent"])) for row in stakes) == wanted
    assert not [name for name in names if name == "Other"]


def test_parents_are_indirect_and_nan_gives_no_share() -> None:
    """Read from the raw file by eye: the rows that do not line up, and those whose owner is its own parent."""
    stakes = {row["id"]: row for row in table("stakes").values() if row["basis"] == "indirect"}
    assert all(row["certainty"] == "stated" for row in stakes.values())
    block_8 = {row["owner"]: row["share_percent"] for row in stakes.values() if row["owned"] == "gem-block-8"}
    assert block_8 == {
        "gem-pluspetrol-sa": "33", "gem-posco-group": "11.7", "gem-korea-national-oil-corporation": "20",
        "gem-sk-energy-co": "8.3",
    }  # fmt: skip
    assert sum(map(Decimal, block_8.values())) == 73
    block_67 = {row["owner"]: row for row in stakes.values() if row["owned"] == "gem-block-67"}
    assert {slug: (row["share_percent"], row["share_low"], row["share_printed"]) for slug, row in block_67.items()} == {
        "gem-perenco": ("", "5", "5%; nan%"), "gem-petrovietnam": ("", "", "nan%"),
    }  # fmt: skip
    block_131 = {row["owner"]: row["share_percent"] for row in stakes.values() if row["owned"] == "gem-block-131"}
    assert block_131 == {"gem-mubadala-investment-company": "63", "gem-carlyle-group": "37"}
    own = {f"gem-{name}" for name in ("block-i", "block-ii", "block-xx", "block-64", "shougang-marcona-mine")}
    assert not [row for row in stakes.values() if row["owned"] in own]
    cited = {row["owned"]: row["citations"] for row in table("stakes").values() if "its own parent" in row["note"]}
    assert cited.keys() == own and all(places.endswith("-parent") for places in cited.values())


def test_subsidiaries_are_possible_and_require_aligned_columns() -> None:
    ties = {row["subject"]: row for row in table("relations").values() if row["relation"] == "subsidiaryOf"}
    assert len(ties) == 17
    assert {row["certainty"] for row in ties.values()} == {"possible"}
    assert ties["gem-cnpc-peru"]["object"] == "gem-china-national-petroleum-corporation"
    assert not {"gem-pluspetrol-norte", "gem-cepsa-peruana", "gem-pvep-peru", "gem-perenco-peru-petroil"} & ties.keys()


def test_every_field_has_an_operator_and_a_status() -> None:
    operators = Counter(row["object"] for row in table("relations").values() if row["relation"] == "operatorOf")
    assert (len(operators), set(operators.values())) == (26, {1})
    notes = [row["note"] for row in table("phases").values() if row["note"]]
    now = Counter(note.split(",")[0].removeprefix("printed as ") for note in notes)
    assert now == Counter(row["status_display"] for row in read_csv(GOGET)) + Counter(["operating", "operating"])
    assert now == {"operating": 19, "shut in": 6, "in development": 2, "decommissioned": 1}
    starts = [row for row in table("phases").values() if row["phase"] == "production"]
    assert sorted(row["valid_from"] for row in starts) == ["2004", "2007", "2014", "2018"]


def test_figures_match_the_file_and_empty_totals_are_omitted() -> None:
    figures = table("observations")
    columns = [name for name in read_csv(GOGET)[0] if name.startswith("production---")]
    given = [
        row[name] for row in read_csv(GOGET) if row[columns[0]] or row[columns[1]] for name in columns if row[name]
    ]
    found = [row for row in figures.values() if row["dataset"] == "gem-oil-gas"]
    assert sorted(Decimal(row["value_printed"] or row["value"]) for row in found) == sorted(map(Decimal, given))
    assert "gem-block-64-output-hydrocarbons" not in figures
    assert figures["gem-block-8-output-oil-2022"]["value"] == "0.012666"
    assert figures["gem-shougang-marcona-mine-ore-reserves-iron-ore"]["value"] == "2200000"
    assert "gem-apurimac-mine-ore-reserves-iron-ore" not in figures  # given as unknown


def test_mine_statements_are_dated_by_the_release() -> None:
    """The release is of November 2024; the source's other undated statements are taken to hold on 2025-02-26."""
    mines = {"gem-apurimac-mine", "gem-shougang-marcona-mine"}
    told = [row for row in table("relations").values() if row["subject"] in mines | {"gem-apurimac-ferrum"}]
    assert {row["as_of"] for row in told} == {"2024-11"}
    assert [row["object"] for row in told if row["relation"] == "subsidiaryOf"] == ["gem-strike-resources"]
    assert {row["as_of"] for row in table("stakes").values() if row["owned"] in mines} == {"2024-11"}
    assert {row["as_of"] for row in table("phases").values() if row["project"] in mines} == {"2024-11"}
    figures = [row for row in table("observations").values() if row["subject"] in mines and not row["period"]]
    assert sorted(row["measure"] for row in figures) == [
        "design-capacity", "design-capacity", "ore-reserves", "ore-resources", "ore-resources",
    ]  # fmt: skip
    assert {row["note"] for row in figures} == {"no year is printed; release of 2024-11"}


def test_citations_give_line_and_column() -> None:
    lines = {path: path.read_text("utf-8").splitlines() for path in (GOGET, GIOMT)}
    for row in table("citations").values():
        if row["field"] == "title":
            continue
        path = GIOMT if row["record"].startswith("P") else GOGET
        assert row["first_line"] == row["last_line"]
        assert row["record"] in lines[path][int(row["first_line"]) - 1]
        assert row["field"] in read_csv(path)[0]
        assert row["address"] in lines[path][int(row["first_line"]) - 1]


def test_misleading_names_have_explicit_matches() -> None:
    matches = {
        (row["subject_id"], row["object_id"]): row for row in read_csv(FOLDER.parent / "reference" / "matches.csv")
    }
    assert matches["id:gem-cnpc-peru", "id:cnpc"]["predicate_modifier"] == "Not"
    assert matches["id:gem-china-national-petroleum-corporation", "id:cnpc"]["predicate_modifier"] == ""
    parts = {other for (one, other), row in matches.items() if row["predicate_id"] == "dcterms:hasPart"}
    assert parts == {"id:block-6", "id:block-7"}
    assert not [one for one, _ in matches if one == "id:gem-block-192"]


def test_citations_never_point_to_an_empty_cell() -> None:
    filled = {(row[key], name) for path, key in ((GOGET, "unit-id"), (GIOMT, "GEM Asset ID")) for row in read_csv(path)
              for name, text in row.items() if text}  # fmt: skip
    cited = {(row["record"], row["field"]) for row in table("citations").values() if row["field"] != "title"}
    assert cited <= filled


@pytest.mark.parametrize(
    ("project", "phase", "when"),
    [
        # Status of record OG0004942 in the file of 2025-02-26: shut in. Of P100000128842: operating, start date 1953.
        ("Block 8", "shut-in", "||2025-02-26"),
        ("Marcona mine", "operation", "from 1953|1953|2024-11"),
        # Record OG0004926: discovery year 2013 and production start year 2018, no other date.
        ("Block 95 Oil and Gas Field (Peru)", "discovery", "in 2013|2013|"),
        ("Block 95 Oil and Gas Field (Peru)", "production", "from 2018|2018|"),
    ],
)
def test_status_is_dated_by_its_tracker(sources: KnowledgeGraph, project: str, phase: str, when: str) -> None:
    rows = sources.ask("project-phases", source="gem", project=project)
    assert ["|".join(text(row[name]) for name in ("when", "valid_from", "as_of")) for row in rows
            if text(row["phase"]) == phase] == [when]  # fmt: skip
    (found,) = (row for row in sources.ask("projects-by-phase", source="gem", phase=phase) if row["project"] == project)
    assert text(found["as_of"]) == when.split("|")[-1]


def test_networks_and_tables_show_the_status_date(sources: KnowledgeGraph) -> None:
    nodes = sources.network("all", source="gem").nodes
    assert nodes["block-8"]["phases"] == "shut-in as of 2025-02-26"
    assert nodes["marcona-mine"]["phases"] == "operation from 1953 as of 2024-11"
    (block,) = (
        row for row in sources.ask("blocks", source="gem") if row["block"] == "Block 8" and row["how"] == "operates"
    )
    assert block["phases"] == "shut-in, as of 2025-02-26"


def test_owner_change_is_not_inferred_from_the_tracker_date(sources: KnowledgeGraph) -> None:
    """No column dates an owner: on 2025-02-26 record OG0004950 has the owner CNPC Perú S.A. and the parent CNPC."""
    assert {text(row["change"]) for row in sources.diff(2013, 2025, source="gem")} == {"became known"}
    assert {text(row["change"]) for row in sources.diff("2024-11", 2026, source="gem")} == {"no longer known"}
    owners = sources.owners("Block 58 Oil and Gas Field (Peru)", year=2024, source="gem")
    assert [(text(row["owner"]), text(row["time"])) for row in owners][:2] == [
        ("China National Petroleum Corporation", "not known then"), ("CNPC Perú S.A.", "not known then"),
    ]  # fmt: skip


def test_holdings_have_a_lower_bound_and_a_date(sources: KnowledgeGraph) -> None:
    """Parent cells, all of Perenco: Block 39 has 23.6% and twice nan%, Block 67 has 5% and nan%."""
    columns = ("asset", "share_percent", "share_low", "as_of")
    owned = sources.ask("owned-by", source="gem", owner="Perenco")
    rows = ["|".join(text(row[name]) for name in columns) for row in owned]
    assert sorted(rows) == [
        "Block 39 Oil and Gas Field (Peru)||23.6|2025-02-26", "Block 67 Oil and Gas Field (Peru)||5|2025-02-26",
    ]  # fmt: skip
