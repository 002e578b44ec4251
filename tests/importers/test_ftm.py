"""FollowTheMoney as a source: who owns, directs and takes part in what, with the datasets it is from."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers import build_imported, import_bytes, rows
from peru_asia_graph.errors import BadInput
from peru_asia_graph.importers.run import ImportReport
from peru_asia_graph.importers.shares import read_share


def entity(slug: str, schema: str, datasets: list[str] | None = None, **values: str | list[str]) -> dict[str, Any]:
    """Return an entity; a text is a single value."""
    properties = {name: [value] if isinstance(value, str) else value for name, value in values.items()}
    return {"id": slug, "schema": schema, "properties": properties, "datasets": datasets or ["register"]}


MINE = entity("mine", "Company", name=["Mina Uno S.A.", "Mina Uno"], jurisdiction="pe", leiCode="5493006W3QUS5LMH6R84")
HOLDING = entity("holding", "Company", name="Holding Ltd", country=["gb", "us"], modifiedAt="2024-03-04T05:06:07")
ANA = entity("ana", "Person", name="Ana Quispe", nationality="pe", birthDate="1970")
PIT = entity("pit", "Asset", name="The pit", country="pe")


def read(tmp_path: Path, *entities: dict[str, Any], **options: str) -> ImportReport:
    """Import entities."""
    data = "".join(json.dumps(one) + "\n" for one in entities).encode()
    return import_bytes(tmp_path, "ftm", data, "entities.ftm.jsonl", **options)


def test_links_may_stand_before_what_they_link(tmp_path: Path) -> None:
    """Holding has 60 % of the mine, and Ana half of Holding; the mine has all of the pit."""
    report = read(
        tmp_path,
        entity("o1", "Ownership", ["leaks"], owner="holding", asset="mine", percentage="60%", startDate="2015-03",
               endDate="2020-01-01", sourceUrl="https://example.org/1", date="2016"),
        entity("o2", "Ownership", owner="ana", asset="holding", percentage="50", status="Direct"),
        entity("o3", "Ownership", owner="mine", asset="pit", percentage="100"),
        entity("d1", "Directorship", director="ana", organization="mine", role="Chair"),
        entity("m1", "Membership", member="mine", organization="holding"),
        entity("p1", "ProjectParticipant", participant="holding", project="pit"),
        entity("u1", "UnknownLink", subject="ana", object="mine", role="lawyer of"),
        MINE, HOLDING, ANA, PIT,
    )  # fmt: skip
    stakes = {(row["owner"], row["owned"]): row for row in rows(tmp_path, "stakes")}
    first = stakes["alpha-holding", "alpha-mine"]
    assert [first[name] for name in ("share_percent", "valid_from", "valid_until", "as_of")] == [
        "60", "2015-03", "2020-01-01", "2016"]  # fmt: skip
    cited = {row["id"]: row for row in rows(tmp_path, "citations")}[first["citations"]]
    assert (cited["record"], cited["first_line"], cited["address"]) == ("o1", "1", "https://example.org/1")
    works = {row["id"]: row["label"] for row in rows(tmp_path, "sources")}
    assert works[cited["reported_by"]] == "leaks"
    kinds = {row["label"]: row["type"] for row in rows(tmp_path, "entities")}
    assert kinds == {"Mina Uno S.A.": "Firm", "Holding Ltd": "Firm", "Ana Quispe": "Person", "The pit": "Project",
                     "Peru": "State", "United Kingdom": "State"}  # fmt: skip
    (tenure,) = rows(tmp_path, "tenures")
    assert (tenure["holder"], tenure["office"], tenure["office_of"]) == ("alpha-ana", "Chair", "alpha-mine")
    told = {(row["subject"], row["relation"], row["object"]) for row in rows(tmp_path, "relations")}
    assert {("alpha-mine", "memberOf", "alpha-holding"), ("alpha-holding", "involvedIn", "alpha-pit"),
            ("alpha-ana", "affiliatedWith", "alpha-mine"), ("alpha-pit", "locatedIn", "alpha-state-pe"),
            ("alpha-holding", "homeState", "alpha-state-gb")} <= told  # fmt: skip
    assert [row["name"] for row in rows(tmp_path, "names")] == ["Mina Uno"]
    assert {(one.field, one.example) for one in report.losses.lines()} == {("birthDate", "1970"), ("country", "US")}
    graph = build_imported(tmp_path)
    owners = {row["owner"]: row["effective_percent"] for row in graph.owners("The pit", year=2018)
              if row["how"] == "computed"}  # fmt: skip
    assert (owners["Holding Ltd"], owners["Ana Quispe"]) == (60, 30)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("75", "75", "75"), ("75.50 %", "75.50", "75.50"), ("75,5", "75.5", "75.5"), ("25-50", "25", "50"),
     ("25% to 50%", "25", "50"), ("25–50 %", "25", "50"), ("100", "100", "100"), ("101", None, None),
     ("50-25", None, None), ("most", None, None), ("", None, None), ("1e1", None, None)],
)  # fmt: skip
def test_percentages_as_people_write_them(text: str, least: str | None, most: str | None) -> None:
    assert read_share(text) == (Decimal(least) if least else None, Decimal(most) if most else None)


def test_what_has_no_place(tmp_path: Path) -> None:
    report = read(
        tmp_path, MINE, HOLDING,
        entity("v", "Vessel", name="Ship"),
        entity("o1", "Ownership", owner="nobody", asset="mine"),
        entity("o2", "Ownership", owner="holding", asset="mine", role="voting rights", percentage="10"),
        entity("o3", "Ownership", owner="holding", asset="mine", percentage="a majority", startDate="soon"),
        entity("o4", "Ownership", owner="mine", asset="mine", percentage="1"),
    )  # fmt: skip
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["share_printed"], stake.get("share_percent", "")) == ("a majority", "")
    found = {(one.kind, one.field) for one in report.losses.lines()}
    assert {("Vessel", ""), ("Ownership", "owner"), ("Ownership", "role"), ("Ownership", "percentage"),
            ("Ownership", "startDate"), ("Ownership", "asset")} <= found  # fmt: skip


def test_one_country(tmp_path: Path) -> None:
    abroad = entity("abroad", "Company", name="Abroad plc", jurisdiction="gb", modifiedAt="2020-01-01")
    link = entity("o1", "Ownership", owner="holding", asset="mine", percentage="60")
    other = entity("o2", "Ownership", owner="holding", asset="abroad", percentage="5")
    read(tmp_path, other, link, abroad, HOLDING, MINE, country="PE")
    assert {row["label"] for row in rows(tmp_path, "entities") if row["type"] == "Firm"} == {
        "Mina Uno S.A.",
        "Holding Ltd",
    }
    assert len(rows(tmp_path, "stakes")) == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"id": 5, "schema": "Company"}', "id"),
        ('{"id": "x", "schema": "Company", "properties": {"name": "text"}}', "properties[...]"),
        ('{"id": "x", "properties": {}}', "schema"),
        ('{"schema": "Company", "properties": {}}', "id"),
        ('{"id": "x", "schema": "Company", "properties": {}}', "properties/name"),
        ('{"id": "mine", "schema": "Company", "properties": {"name": ["x"]}}', "id"),
        ("{", ""),
        ("[" * 100_000, ""),
        ("[]", ""),
    ],
)
def test_bad_lines(tmp_path: Path, line: str, field: str) -> None:
    data = json.dumps(HOLDING) + "\n" + json.dumps(MINE) + "\n" + line + "\n"
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "ftm", data.encode())
    assert (3, field) in {(one.line, one.column) for one in caught.value.problems}
    assert not (tmp_path / "project/data/alpha").exists()
