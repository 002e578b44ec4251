"""Porphyry copper deposits (USGS): the tables checked against the raw file, parsed independently of the recipe."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

from csv_rows import Row, read_csv
from peru_asia_graph.graph import KnowledgeGraph

FOLDER = Path(__file__).parents[1] / "data" / "usgs-porphyry"
RAW = FOLDER / "raw" / "porcu-peru-2008.csv"
DIGEST = "4d24c1086d22dbef246340ccf215323f06d966eae0249bdc76f1401388f85d42"
MATCHED = {"toromocho", "el-galeno", "rio-blanco", "quellaveco", "quechua", "michiquillay"}


def table(name: str) -> dict[str, Row]:
    return {row["id"]: row for row in read_csv(FOLDER / f"{name}.csv")}


def spaced(text: str) -> str:
    return " ".join(text.split())


def test_raw_file_matches_its_checksum() -> None:
    assert hashlib.sha256(RAW.read_bytes()).hexdigest() == DIGEST
    assert DIGEST in (FOLDER / "README.md").read_text("utf-8")
    assert RAW.read_bytes().count(b"\n") == 376


def test_every_deposit_has_its_position() -> None:
    deposits = {row["label"]: row for row in table("entities").values() if row["type"] == "MineralDeposit"}
    raw = {spaced(row["NameDeposit"]): row for row in read_csv(RAW)}
    assert len(raw) == 43
    assert deposits.keys() == raw.keys()
    for name, row in raw.items():
        assert round(float(row["LatitudeDecimal"]), 6) == float(deposits[name]["lat"])
        assert round(float(row["LongitudeDecimal"]), 6) == float(deposits[name]["long"])
        names = [spaced(part) for part in row["OtherNames"].split(",") if part.strip()]
        assert [part for part in deposits[name]["names_as_printed"].split(";") if part] == names


def test_tonnage_and_grades_match_the_file_and_zero_means_missing() -> None:
    names = {slug: row["label"] for slug, row in table("entities").items()}
    units = {"Tonnage": ("", "million-tonnes"), "Copper grade": ("Copper", "percent")}
    units |= {"Molybdenum grade": ("Molybdenum", "percent"), "Gold grade": ("Gold", "grams-per-tonne")}
    units |= {"Silver grade": ("Silver", "grams-per-tonne")}
    wanted = Counter(
        (spaced(row["NameDeposit"]), metal, unit, Decimal(row[column]))
        for row in read_csv(RAW) for column, (metal, unit) in units.items() if row[column] and float(row[column])
    )  # fmt: skip
    figures = [row for row in table("observations").values() if row["measure"] != "deposit-age"]
    found = Counter((names[row["subject"]], names.get(row["category"], ""), row["unit"], Decimal(row["value"]))
                    for row in figures)  # fmt: skip
    assert found == wanted
    assert Counter(metal for _, metal, _, _ in found)[""] == 25
    assert min(Decimal(row["value"]) for row in figures) > 0


def test_ages() -> None:
    ages = {row["subject"]: (row["value"], row["value_printed"]) for row in table("observations").values()
            if row["measure"] == "deposit-age"}  # fmt: skip
    assert ages["usgs-toromocho"] == ("7.5", "8–7")
    assert ages["usgs-quechua"] == ("38", "")
    assert ages["usgs-san-salvador-de-patillani"] == ("", "Late Tertiary")
    assert "usgs-acos" not in ages
    assert len(ages) == sum(1 for row in read_csv(RAW) if row["Deposit Age"] != "n.d.")


def test_citations_give_the_lines_of_their_record() -> None:
    lines = RAW.read_text("utf-8").split("\n")
    numbers = {row["DepositID"]: row for row in read_csv(RAW)}
    for row in table("citations").values():
        if row["field"] == "title":
            continue
        first, last = int(row["first_line"]), int(row["last_line"])
        record = next(csv.reader(io.StringIO("\n".join(lines[first - 1 : last]), newline="")))
        assert record == list(numbers[row["record"]].values())
        assert row["field"] in numbers[row["record"]]


def test_deposits_named_in_the_paper_are_matched() -> None:
    matches = read_csv(FOLDER.parent / "reference" / "matches.csv")
    found = {row["object_id"].removeprefix("id:") for row in matches if row["subject_id"].startswith("id:usgs-")}
    assert found == MATCHED | {"peru", "copper", "gold"}


def test_deposits_with_a_grade_of_a_metal_are_linked_to_it(sources: KnowledgeGraph) -> None:
    found = [str(row["project"]) for row in sources.ask("projects-by-commodity", commodity="silver")]
    assert found == sorted(spaced(row["NameDeposit"]) for row in read_csv(RAW) if float(row["Silver grade"] or 0))
