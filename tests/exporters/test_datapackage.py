"""Data Package export: valid for Frictionless, with schemas from the table schemas and the CSV tables unchanged."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporters import HOSTILE, tool
from peru_asia_graph.exporters.flat_schema import FlatTable
from peru_asia_graph.exporters.format_registry import ExportInput, find_format
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.graph import KnowledgeGraph

Unpack = Callable[[dict[str, bytes]], Path]


def package(files: dict[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files["datapackage.json"])
    return found


def fields(files: dict[str, bytes], table: str) -> dict[str, dict[str, Any]]:
    [found] = [one["schema"] for one in package(files)["resources"] if one["name"] == table]
    return {one["name"]: one for one in found["fields"]}


def validate(folder: Path) -> dict[str, Any]:
    """Return the report of ``frictionless validate``."""
    command = [tool("frictionless"), "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def errors(report: dict[str, Any]) -> list[Any]:
    return [*report["errors"], *(error for task in report["tasks"] for error in task["errors"])]


@pytest.mark.long
def test_frictionless_accepts_the_full_export(whole: ExportInput, tables: dict[str, FlatTable], unpack: Unpack) -> None:
    report = validate(unpack(find_format("datapackage").files(whole)))
    assert errors(report) == [] and report["valid"]
    rows = {task["name"]: task["stats"]["rows"] for task in report["tasks"]}
    assert rows == {name: len(table.rows) for name, table in tables.items()}


@pytest.mark.slow
def test_frictionless_detects_errors(sources: KnowledgeGraph, unpack: Unpack) -> None:
    """An owner that is not an entity, a share that is not a number, and a modified file."""
    files = sources.export_files("datapackage", source="gem")
    text = files["tables/stakes.csv"].decode()
    for right, wrong in (("gem-aenza,Aenza SAA,gem-block-iii,", "nobody,Aenza SAA,gem-block-iii,"),
                         ("gem-block-iv,Block IV Oil and Gas Field (Peru),100,", "gem-block-iv,,most,")):  # fmt: skip
        assert right in text
        text = text.replace(right, wrong, 1)
    report = validate(unpack({**files, "tables/stakes.csv": text.encode()}))
    assert {"foreign-key", "type-error", "hash-count"} <= {error["type"] for error in errors(report)}


@pytest.mark.slow
def test_tables_match_the_csv_export(whole: ExportInput) -> None:
    files = find_format("datapackage").files(whole)
    csv_format = find_format("csv")
    assert all(files[f"tables/{name}.csv"] == csv_format.data(whole, name) for name in ("stakes", "entities", "names"))
    for one in package(files)["resources"]:
        data = files[one["path"]]
        assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")


@pytest.mark.slow
def test_columns_have_types_descriptions_and_references(whole: ExportInput) -> None:
    files = find_format("datapackage").files(whole)
    stakes, entities = fields(files, "stakes"), fields(files, "entities")
    assert stakes["share_percent"]["type"] == "number" and entities["state_owned"]["type"] == "boolean"
    assert stakes["valid_from"]["rdfType"] == "http://id.loc.gov/datatypes/edtf/EDTF"
    assert stakes["owner"]["constraints"] == {"required": True}
    lists = stakes["citations"]
    assert (lists["type"], lists["delimiter"], lists["references"]["resource"]) == ("list", ";", "citations")
    # Some figures are printed only in words.
    assert fields(files, "observations")["value"]["type"] == "string"
    keys = {one["name"]: one["schema"].get("primaryKey") for one in package(files)["resources"]}
    assert keys["stakes"] == ["id"] and keys["agreements"] == ["id", "source"] and keys["relations"] is None
    bare = [
        (one["name"], name)
        for one in package(files)["resources"]
        for name, field in fields(files, one["name"]).items()
        if "description" not in field and name not in ("label", "description", "authors", "publisher", "date")
    ]
    assert bare == []


def test_licence_and_sources(whole: ExportInput, sources: KnowledgeGraph) -> None:
    """LICENSE-DATA: CC BY 4.0; the UN votes are CC0."""
    found = package(find_format("datapackage").files(whole))
    assert found["licenses"] == [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]
    licences = {one["name"]: one["license"] for one in found["sources"]}
    assert set(licences) == {one.name for one in sources.sources}
    assert licences["un-votes"] == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_single_source(sources: KnowledgeGraph, unpack: Unpack) -> None:
    files = sources.export_files("datapackage", source="gem")
    assert [one["name"] for one in package(files)["sources"]] == ["gem"]
    assert package(files)["title"].endswith(": gem")
    assert errors(validate(unpack(files))) == []


def test_hostile_names(hostile: ExportInput, unpack: Unpack) -> None:
    """As in CSV for spreadsheets, formulas get an apostrophe and a semicolon splits a list; both are reported."""
    files = find_format("datapackage").files(hostile)
    assert errors(validate(unpack(files))) == []
    rows = csv.DictReader(io.StringIO(files["tables/stakes.csv"].decode(), newline=""))
    guarded = {"=HYPERLINK(1)": "'=HYPERLINK(1)", "@SUM(A1)": "'@SUM(A1)"}
    assert [row["owner_label"] for row in rows] == [guarded.get(name, name) for name in HOSTILE]
    reported = {(one.kind, one.field, one.times, one.example) for one in hostile.losses.lines()}
    # Two of the names contain a semicolon, each used for a firm and a mine; two are formulas.
    assert ("entities", "names_as_printed", 4, "one;two!") in reported
    assert ("stakes", "owner_label", 2, "=HYPERLINK(1)") in reported


def test_values_without_a_column_are_counted(sources: KnowledgeGraph) -> None:
    """GEM's owners and shares have columns; the accuracy of its 26 block and 2 mine positions has none."""
    losses = LossReport()
    sources.export_files("datapackage", source="gem", losses=losses)
    found = {(one.kind, one.field): one for one in losses.lines()}
    assert ("stakes", "pag:sharePercent") not in found and ("stakes", "pag:owner") not in found
    assert found["entities", "pag:positionAccuracy"].reason == "no column in the flat tables"
    assert found["entities", "pag:positionAccuracy"].times == 28
    assert found["graph ontology", ""].times > 0
