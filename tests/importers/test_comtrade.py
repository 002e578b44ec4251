"""UN Comtrade import: figures, duplicate rows, and comparison with the trade figures in the paper."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from importers import import_bytes, rows
from paper_project import copy_paper
from peru_asia_graph.build.pipeline import build_graph
from peru_asia_graph.errors import BadInput, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.importers.run import ImportReport, import_source
from peru_asia_graph.store.embedded import EmbeddedStore

HEADER = [
    "typeCode",
    "freqCode",
    "refPeriodId",
    "refYear",
    "refMonth",
    "period",
    "reporterCode",
    "reporterISO",
    "reporterDesc",
    "flowCode",
    "partnerCode",
    "partnerISO",
    "partnerDesc",
    "partner2Code",
    "classificationCode",
    "cmdCode",
    "cmdDesc",
    "customsCode",
    "motCode",
    "netWgt",
    "primaryValue",
]
COPPER = "2417569333"


def line(
    value: str,
    *,
    flow: str = "X",
    partner: str = "156",
    iso: str = "CHN",
    name: str = "China",
    goods: str = "260300",
    label: str = "Copper ores and concentrates",
    year: str = "2011",
    customs: str = "C00",
    mot: str = "0",
    second: str = "0",
    weight: str = "",
) -> list[str]:
    """Return a row reported by Peru."""
    return [
        "C",
        "A",
        year + "0101",
        year,
        "52",
        year,
        "604",
        "PER",
        "Peru",
        flow,
        partner,
        iso,
        name,
        second,
        "H3",
        goods,
        label,
        customs,
        mot,
        weight,
        value,
    ]


def table(*body: list[str], header: list[str] | None = None) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header or HEADER, *body])
    return text.getvalue().encode()


def read(tmp_path: Path, *body: list[str], **options: str) -> ImportReport:
    return import_bytes(tmp_path, "comtrade", table(*body), "trade.csv", **options)


def test_invalid_cell_is_reported_with_its_row(tmp_path: Path) -> None:
    """Problems in derived tables point to the row of the file, and a bad row is not reported as a missing page."""
    with pytest.raises(BadInput) as caught:
        read(tmp_path, line(COPPER), line("5", goods="26", partner="<b>842</b>", iso="<b>", name="USA"))
    found = {(Path(one.file).name, one.line) for one in caught.value.problems}
    assert found == {("trade.csv", 3)}
    assert not any("neither a page nor a record is given" in one.message for one in caught.value.problems)


def test_figures(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        line(COPPER, weight="5"),
        line("12.500000001", flow="M", partner="842", iso="USA", name="USA", goods="85"),
        line("99", partner="0", iso="W00", name="World", goods="TOTAL", label="All Commodities", year="2012"),
        line("7", partner="490", iso="S19", name="Other Asia, nes", year="2012"),
    )
    names = {row["id"]: row for row in rows(tmp_path, "entities")}
    found = {
        (
            names[row["subject"]]["label"],
            row["flow"],
            names[row["partner"]]["label"],
            names[row["category"]]["label"],
            row["period"],
        ): (row["value"], row["unit"], row["measure"])
        for row in rows(tmp_path, "observations")
    }
    assert found == {
        ("Peru", "exports", "China", "Copper ores and concentrates", "2011"): (COPPER, "usd", "export-value"),
        ("Peru", "imports", "USA", "Copper ores and concentrates", "2011"): ("12.500000", "usd", "import-value"),
        ("Peru", "exports", "World", "All Commodities", "2012"): ("99", "usd", "export-value"),
        ("Peru", "exports", "Other Asia, nes", "Copper ores and concentrates", "2012"): ("7", "usd", "export-value"),
    }
    numbers = {(row["scheme"], row["identifier"]) for row in rows(tmp_path, "identifiers")}
    assert numbers == {
        ("iso-3166-1-alpha-2", "PE"),
        ("iso-3166-1-alpha-2", "CN"),
        ("iso-3166-1-alpha-2", "US"),
        ("hs", "260300"),
        ("hs", "85"),
        ("un-comtrade-code", "TOTAL"),
        ("un-comtrade-code", "0"),
    }
    kinds = {row["label"]: row["type"] for row in names.values()}
    assert (kinds["World"], kinds["Other Asia, nes"], kinds["USA"]) == ("Place", "Place", "State")
    assert [(one.field, one.times, one.example) for one in report.losses.lines()] == [
        ("netWgt", 1, "5"), ("primaryValue", 1, "12.500000001")]  # fmt: skip
    metadata = json.loads((tmp_path / "project/data/alpha/csv-metadata.json").read_text("utf-8"))
    assert metadata["dc:date"] == "2012"


def test_breakdown_rows_are_not_added_to_the_total(tmp_path: Path) -> None:
    """Rows by customs procedure, mode of transport or second partner are parts of the total row."""
    report = read(
        tmp_path,
        line("100"),
        line("60", customs="C04"),
        line("30", mot="1000"),
        line("20", second="842"),
        line("100"),
        line("5", flow="RX"),
        line("5", goods="AG2"),
        # SITC division 28 is ores, whereas HS chapter 28 is chemicals; services are not goods.
        [{"H3": "S3"}.get(cell, cell) for cell in line("6", goods="28")],
        ["S", *line("7", goods="26")[1:]],
    )
    assert [row["value"] for row in rows(tmp_path, "observations")] == ["100"]
    assert {one.field for one in report.losses.lines()} == {
        "customsCode",
        "motCode",
        "partner2Code",
        "",
        "flowCode",
        "cmdCode",
        "typeCode",
    }
    assert [one.times for one in report.losses.lines() if one.field == "cmdCode"] == [2]


def test_country_option(tmp_path: Path) -> None:
    read(tmp_path, line("1"), line("2", partner="392", iso="JPN", name="Japan"), country="jp")
    assert [row["value"] for row in rows(tmp_path, "observations")] == ["2"]
    with pytest.raises(WrongUse, match="'12' is not a country code"):
        read(tmp_path, line("1"), country="12")
    with pytest.raises(WrongUse, match="nothing could be imported"):
        read(tmp_path, line("1"), country="BO")


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ([line("1"), line("2")], "primaryValue"),
        ([line("1", goods="85"), line("x")], "primaryValue"),
        ([line("1", goods="85"), line("-1")], "primaryValue"),
        ([line("1", goods="85"), line("1", year="20111")], "period"),
        ([line("1", goods="85"), line("1")[:-1]], ""),
        ([line("1", goods="85"), line("1", partner="", iso="")], "partnerCode"),
    ],
)
def test_bad_rows(tmp_path: Path, body: list[list[str]], column: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, *body)
    assert (3, column) in {(one.line, one.column) for one in caught.value.problems}
    assert not (tmp_path / "project/data/alpha").exists()


def test_file_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="column 'reporterCode'"):
        import_bytes(tmp_path, "comtrade", b"a,b\n1,2\n")


@pytest.mark.slow
def test_comparison_with_the_paper(tmp_path: Path) -> None:
    """Table 1 prints 2,417,569,333 for copper ores and 1,042,228,645 for fish meal; Table 2 a total of 6,961.4 million.

    A source with the same first figure, a different second one and 6,961,385,123 for the third agrees with, differs
    from and refines the paper.
    """
    project = copy_paper(tmp_path / "project")
    file = tmp_path / "trade.csv"
    file.write_bytes(
        table(
            line(COPPER),
            line("1042228646", goods="230120", label="Fish meal"),
            line("6961385123", goods="TOTAL", label="All Commodities"),
        )
    )
    import_source(project, "comtrade", [file], "alpha")
    graph = KnowledgeGraph(EmbeddedStore(build_graph(project).store))
    found = {
        (str(row["kind"]), row["value_a"], row["value_b"]) for row in graph.differences() if row["property"] == "value"
    }
    assert found == {
        ("agrees", COPPER, COPPER),
        ("value", "1042228645", "1042228646"),
        ("refines", "6961.4 million US dollars", "6961385123 US dollars"),
    }


def test_code_with_two_descriptions_is_reported(tmp_path: Path) -> None:
    """260300 in the third and the fourth edition of the Harmonized System, worded differently."""
    later = line("2", year="2012", label="Copper ores")
    later[HEADER.index("classificationCode")] = "H4"
    report = read(tmp_path, line("1"), later)
    assert len(rows(tmp_path, "observations")) == 2
    assert [(one.field, one.times, one.example) for one in report.losses.lines()] == [
        ("classificationCode", 1, "260300: H4, not H3"),
        ("cmdDesc", 1, "260300: Copper ores, not Copper ores and concentrates"),
    ]


def test_former_state_is_not_its_successor(tmp_path: Path) -> None:
    """East and West Germany of 1980 and present-day Germany; Comtrade gives West Germany the ISO code of Germany."""
    germanies = [("278", "DDR", "Fmr Dem. Rep. of Germany"), ("280", "DEU", "Fmr Fed. Rep. of Germany"),
                 ("276", "DEU", "Germany")]  # fmt: skip
    read(tmp_path, *(line("1", partner=code, iso=iso, name=name) for code, iso, name in germanies))
    found = {row["label"]: row["id"] for row in rows(tmp_path, "entities")}
    german = [row["entity"] for row in rows(tmp_path, "identifiers") if row["identifier"] == "DE"]
    assert german == [found["Germany"]]


def test_estimated_and_unreported_figures_are_listed(tmp_path: Path) -> None:
    """isQtyEstimated is listed where it is true, isReported where it is false."""
    header = [*HEADER, "isReported", "isQtyEstimated"]
    body = [[*line("5"), "true", "false"], [*line("7", goods="85"), "false", "True"]]
    report = import_bytes(tmp_path, "comtrade", table(*body, header=header), "trade.csv")
    assert [(one.field, one.times, one.place.rpartition(":")[2]) for one in report.losses.lines()] == [
        ("isQtyEstimated", 1, "3"), ("isReported", 1, "3")]  # fmt: skip


def test_same_figure_in_another_notation_is_a_duplicate(tmp_path: Path) -> None:
    report = read(tmp_path, line("100.5"), line("100.50"), line("1005E-1"))
    assert [row["value"] for row in rows(tmp_path, "observations")] == ["100.5"]
    assert [(one.reason, one.times) for one in report.losses.lines()] == [("duplicate of a figure", 2)]
