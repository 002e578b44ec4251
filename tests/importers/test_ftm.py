"""FollowTheMoney import: ownership, directorships and other links, with the datasets they come from."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import peru_asia_graph
from importers import build_imported, import_bytes, rows
from peru_asia_graph.errors import BadInput
from peru_asia_graph.importers.run import ImportReport
from peru_asia_graph.importers.shares import read_share
from peru_asia_graph.paths import use_project

ROOT = Path(__file__).parents[2]


def entity(slug: str, schema: str, datasets: list[str] | None = None, **values: str | list[str]) -> dict[str, Any]:
    """Return an entity; a string is a single value."""
    properties = {name: [value] if isinstance(value, str) else value for name, value in values.items()}
    return {"id": slug, "schema": schema, "properties": properties, "datasets": datasets or ["register"]}


MINE = entity("mine", "Company", name=["Mina Uno S.A.", "Mina Uno"], jurisdiction="pe", leiCode="5493006W3QUS5LMH6R84")
HOLDING = entity("holding", "Company", name="Holding Ltd", country=["gb", "us"], modifiedAt="2024-03-04T05:06:07")
ANA = entity("ana", "Person", name="Ana Quispe", nationality="pe", birthDate="1970")
PIT = entity("pit", "Asset", name="The pit", country="pe")


def read(tmp_path: Path, *entities: dict[str, Any], **options: str) -> ImportReport:
    data = "".join(json.dumps(one) + "\n" for one in entities).encode()
    return import_bytes(tmp_path, "ftm", data, "entities.ftm.jsonl", **options)


@pytest.mark.slow
def test_links_may_precede_their_entities(tmp_path: Path) -> None:
    """Holding owns 60 % of the mine, Ana owns half of Holding, and the mine owns all of the pit."""
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
    assert "note" not in tenure
    told = {(row["subject"], row["relation"], row["object"]) for row in rows(tmp_path, "relations")}
    assert {("alpha-mine", "memberOf", "alpha-holding"), ("alpha-holding", "involvedIn", "alpha-pit"),
            ("alpha-ana", "linkedTo", "alpha-mine"), ("alpha-pit", "locatedIn", "alpha-state-pe"),
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
     ("25,5-50,25 %", "25.5", "50.25"), ("25 a 50", "25", "50"),
     ("25% to 50%", "25", "50"), ("25–50 %", "25", "50"), ("100", "100", "100"), ("101", None, None),
     ("50-25", None, None), ("most", None, None), ("", None, None), ("1e1", None, None)],
)  # fmt: skip
def test_percentage_notations(text: str, least: str | None, most: str | None) -> None:
    assert read_share(text) == (Decimal(least) if least else None, Decimal(most) if most else None)


def test_unsupported_values_are_reported_as_lost(tmp_path: Path) -> None:
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


def test_country_option(tmp_path: Path) -> None:
    abroad = entity("abroad", "Company", name="Abroad plc", jurisdiction="gb", modifiedAt="2020-01-01")
    link = entity("o1", "Ownership", owner="holding", asset="mine", percentage="60", modifiedAt="soon")
    other = entity("o2", "Ownership", owner="holding", asset="abroad", percentage="5")
    read(tmp_path, other, link, abroad, HOLDING, MINE, country="PE")
    assert {row["label"] for row in rows(tmp_path, "entities") if row["type"] == "Firm"} == {
        "Mina Uno S.A.",
        "Holding Ltd",
    }
    # An invalid date is not used as the retrieval date.
    (stake,) = rows(tmp_path, "stakes")
    cited = {row["id"]: row for row in rows(tmp_path, "citations")}
    assert cited[stake["citations"]].get("retrieved", "") == ""


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"id": 5, "schema": "Company"}', "id"),
        ('{"id": "x", "schema": "Company", "properties": {"name": ["a"], "country": "pe"}}', "properties/country"),
        ('{"id": "x", "schema": "Company", "properties": {"name": ["a", 5]}}', "properties/name[1]"),
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


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [(">25%", "25", ""), ("at least 25", "25", ""), ("75 or more", "75", ""), ("at most 10 %", "", "10"),
     ("less than 5", "", "5"), ("25 to 50", "25", "50")],
)  # fmt: skip
def test_bounds_in_words(tmp_path: Path, text: str, low: str, high: str) -> None:
    """As our own export writes them."""
    read(tmp_path, MINE, HOLDING, entity("o1", "Ownership", owner="holding", asset="mine", percentage=text))
    (stake,) = rows(tmp_path, "stakes")
    assert (stake.get("share_low", ""), stake.get("share_high", "")) == (low, high)


def test_status_sets_the_certainty(tmp_path: Path) -> None:
    told = {"o1": "former", "o2": "Ceased", "o3": "possible", "o4": "Direct", "o5": "certified"}
    firms = [entity(f"f{one}", "Company", name=f"Firm {one}") for one in told]
    links = [entity(one, "Ownership", owner=f"f{one}", asset="mine", status=status) for one, status in told.items()]
    office = entity("d1", "Directorship", director="ana", organization="mine", status="resigned")
    report = read(tmp_path, MINE, HOLDING, ANA, *firms, *links, office)
    found = {row["id"].removeprefix("alpha-"): row["certainty"] for row in rows(tmp_path, "stakes")}
    assert found == {"o1": "former", "o2": "former", "o3": "possible", "o4": "stated", "o5": "stated"}
    assert [row["certainty"] for row in rows(tmp_path, "tenures")] == ["former"]
    assert [one.example for one in report.losses.lines() if one.field == "status"] == ["certified"]


@pytest.mark.parametrize(
    ("roles", "low", "high"),
    [
        (["ownership-of-shares-25-to-50-percent", "voting-rights-25-to-50-percent"], "25", "50"),
        (["ownership-of-shares-75-to-100-percent-as-trust"], "75", "100"),
        (["ownership-of-shares-more-than-25-percent-registered-overseas-entity"], "25", ""),
        (["Ownership of shares – More than 25% but not more than 50%"], "25", "50"),
        (["Ownership of shares – 75% or more"], "75", ""),
        # Two natures are two stakes, whose sum is unknown.
        (["ownership-of-shares-25-to-50-percent", "ownership-of-shares-25-to-50-percent-as-trust"], "", ""),
    ],
)
def test_nature_of_control_bounds_the_share(tmp_path: Path, roles: list[str], low: str, high: str) -> None:
    read(tmp_path, MINE, HOLDING, entity("o1", "Ownership", owner="holding", asset="mine", role=roles))
    (stake,) = rows(tmp_path, "stakes")
    assert (stake.get("share_low", ""), stake.get("share_high", ""), stake["note"]) == (low, high, "; ".join(roles))


@pytest.mark.parametrize(
    "role",
    [
        "right-to-appoint-and-remove-directors",
        "significant-influence-or-control",
        "right-to-share-surplus-assets-25-to-50-percent-limited-liability-partnership",
    ],
)
def test_control_without_shares_is_not_a_stake(tmp_path: Path, role: str) -> None:
    report = read(tmp_path, MINE, HOLDING, entity("o1", "Ownership", owner="holding", asset="mine", role=role))
    assert not (tmp_path / "project/data/alpha/stakes.csv").exists()
    assert role in {one.example for one in report.losses.lines()}


def test_each_of_several_owners_has_a_stake(tmp_path: Path) -> None:
    """A link with several ends is a link between each pair of them; to which the share belongs is unknown."""
    report = read(
        tmp_path, MINE, HOLDING, ANA, PIT,
        entity("o1", "Ownership", owner=["holding", "ana", "nobody"], asset="mine", percentage="60"),
        entity("d1", "Directorship", director="ana", organization=["mine", "holding"]),
        country="PE",
    )  # fmt: skip
    stakes = {row["owner"]: (row.get("share_percent", ""), row["share_printed"]) for row in rows(tmp_path, "stakes")}
    assert stakes == {"alpha-holding": ("", "60"), "alpha-ana": ("", "60")}
    assert {row["office_of"] for row in rows(tmp_path, "tenures")} == {"alpha-mine", "alpha-holding"}
    lost = {(one.field, one.example) for one in report.losses.lines()}
    assert {("owner", "nobody"), ("percentage", "60")} <= lost


@pytest.mark.parametrize(("text", "date"), [("2010-00-00", "2010"), ("2010-05-00", "2010-05")])
def test_zeros_for_an_unknown_month_or_day(tmp_path: Path, text: str, date: str) -> None:
    link = entity("o1", "Ownership", owner="holding", asset="mine", percentage="60", startDate=text)
    read(tmp_path, MINE, HOLDING, link)
    (stake,) = rows(tmp_path, "stakes")
    assert stake["valid_from"] == date


@pytest.mark.parametrize(
    ("roles", "stakes"),
    [
        (["ownership-of-shares-25-to-50-percent", "voting-rights-25-to-50-percent"], 1),
        (["voting-rights-25-to-50-percent"], 0),
        (["voting shares"], 0),
    ],
)
def test_shares_with_voting_rights_are_a_stake(tmp_path: Path, roles: list[str], stakes: int) -> None:
    """The register of the United Kingdom lists all natures of control of a person in one link."""
    report = read(tmp_path, MINE, HOLDING, entity("o1", "Ownership", owner="holding", asset="mine", role=roles))
    assert len(rows(tmp_path, "stakes")) == stakes
    assert ("role", "voting rights are not shares") in {(one.field, one.reason) for one in report.losses.lines()}


def test_a_share_written_in_two_ways_is_stated_twice(tmp_path: Path) -> None:
    told = {"o1": "51,00", "o2": "51 %", "o3": "51.0"}
    read(tmp_path, MINE, HOLDING, *(entity(slug, "Ownership", owner="holding", asset="mine", percentage=share)
                                    for slug, share in told.items()))  # fmt: skip
    (stake,) = rows(tmp_path, "stakes")
    assert Decimal(stake["share_percent"]) == 51 and stake["citations"].count(";") == 2


def test_same_stake_in_two_datasets_is_merged(tmp_path: Path) -> None:
    """25 % in a register and 25 % in a leak are one stake of 25 %, which cites both."""
    twice = [entity(f"o-{name}", "Ownership", [name], owner="holding", asset="mine", percentage="25")
             for name in ("register", "leak")]  # fmt: skip
    read(tmp_path, MINE, HOLDING, *twice)
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["share_percent"], stake["citations"]) == ("25", "alpha-o-register-percentage;alpha-o-leak-percentage")


def test_more_precise_date_of_a_duplicate_stake_is_kept(tmp_path: Path) -> None:
    """May 2019 lies within 2019; 2020 and 2021 conflict, which is reported."""
    dates = {"register": ("2019", "2020"), "leak": ("2019-05", "2021")}
    twice = [entity(f"o-{name}", "Ownership", [name], owner="holding", asset="mine", percentage="25", startDate=start,
                    endDate=end) for name, (start, end) in dates.items()]  # fmt: skip
    report = read(tmp_path, MINE, HOLDING, *twice)
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["valid_from"], stake["valid_until"]) == ("2019-05", "2021")
    assert [(one.field, one.times, one.example) for one in report.losses.lines() if one.kind == "Ownership"] == [
        ("endDate", 2, "2020; 2021")]  # fmt: skip


def test_end_before_start_is_reported_with_its_line(tmp_path: Path) -> None:
    wrong = entity("o9", "Ownership", owner="holding", asset="mine", startDate="2020", endDate="2013")
    with pytest.raises(BadInput) as caught:
        read(tmp_path, MINE, HOLDING, wrong)
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line, problem.column) == ("entities.ftm.jsonl", 3, "properties/endDate")
    assert "'2013' is before the start" in problem.message


def test_conflicting_shares_are_left_open(tmp_path: Path) -> None:
    """25 % and 40 % at one time conflict, so the share is unknown; 30 % stated twice is 30 %, with the stated dates."""
    links = [
        entity("o1", "Ownership", owner="holding", asset="mine", percentage="25", startDate="2014", role="direct"),
        entity("o2", "Ownership", owner="holding", asset="mine", percentage="40"),
        entity("o3", "Ownership", owner="ana", asset="mine", percentage="30"),
        entity("o4", "Ownership", owner="ana", asset="mine", percentage="30", startDate="2014-07", endDate="2019"),
        entity("o5", "Ownership", owner="ana", asset="mine", percentage="35", startDate="2019"),
        entity("o6", "Ownership", owner="ana", asset="holding", percentage="51% of the votes"),
    ]
    report = read(tmp_path, MINE, HOLDING, ANA, *links)
    found = sorted(
        tuple(row.get(name, "") for name in ("owner", "share_percent", "valid_from", "valid_until", "note"))
        for row in rows(tmp_path, "stakes")
    )
    assert found == [
        ("alpha-ana", "30", "2014-07", "2019", ""),
        ("alpha-ana", "35", "2019", "", ""),
        ("alpha-holding", "", "[..2014-12-31]", "", "40 %; 25 % (direct, from 2014)"),
    ]
    lost = {(one.field, one.times) for one in report.losses.lines() if one.kind == "Ownership"}
    assert lost == {("percentage", 2), ("role", 1)}


@pytest.mark.slow
def test_round_trip_of_our_own_export(tmp_path: Path) -> None:
    """Classes are kept; Daewoo's share of Block 8 is left open, as two sources state 11.6 % and 11.7 %."""
    with use_project(ROOT):
        data = peru_asia_graph.load().export("ftm")
    import_bytes(tmp_path, "ftm", data)
    stakes = {(row["owner"], row["owned"]): row for row in rows(tmp_path, "stakes") if row["basis"] == "direct"}
    assert stakes["alpha-daewoo", "alpha-block-8"]["share_percent"] == ""
    assert stakes["alpha-sk-energy", "alpha-block-8"]["share_percent"] == "8.3"
    kinds = {row["id"]: row["type"] for row in rows(tmp_path, "entities")}
    assert [kinds[f"alpha-{slug}"] for slug in ("block-8", "antamina", "peru", "knoc")] == [
        "HydrocarbonBlock", "MiningProject", "State", "Firm"]  # fmt: skip
    # Country code PE resolves to the exported Peru.
    assert {row["entity"] for row in rows(tmp_path, "identifiers") if row["identifier"] == "PE"} == {"alpha-peru"}


def test_first_of_several_values_is_kept_and_others_reported(tmp_path: Path) -> None:
    link = entity("o1", "Ownership", owner="holding", asset="mine", percentage=["30", "31"],
                  startDate=["2015", "2015-03-04", "2015-03"], endDate=["2019", "2020"],
                  sourceUrl=["https://example.org/1", "https://example.org/2"])  # fmt: skip
    eu = entity("eu", "Organization", name="A union", country="eu")
    both = entity("both", "Person", name="Bo", nationality=["pe", "es"])
    report = read(tmp_path, MINE, HOLDING, ANA, eu, both, link)
    # The most precise of compatible dates is kept, and so are all nationalities.
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["valid_from"], stake["valid_until"]) == ("2015-03-04", "2019")
    homes = {row["object"] for row in rows(tmp_path, "relations") if row["subject"] == "alpha-both"}
    assert homes == {"alpha-state-pe", "alpha-state-es"}
    lost = {(one.kind, one.field, one.example) for one in report.losses.lines()}
    assert {("Ownership", "percentage", "31"), ("State", "code", "EU"),
            ("Ownership", "endDate", "2020"), ("Ownership", "sourceUrl", "https://example.org/2")} <= lost  # fmt: skip
    assert {row["label"] for row in rows(tmp_path, "entities") if row["type"] == "State"} == {
        "Peru", "United Kingdom", "Spain"}  # fmt: skip


def test_source_date_from_a_document_or_link(tmp_path: Path) -> None:
    mine = entity("m", "Company", name="M")
    holder = entity("h", "Company", name="H")
    for last, day in ((entity("d", "Document", date="2014-02"), "2014-02"),
                      (entity("o", "Ownership", owner="h", asset="m", date="2016-07-01"), "2016-07-01")):  # fmt: skip
        read(tmp_path, mine, holder, last)
        metadata = json.loads((tmp_path / "project/data/alpha/csv-metadata.json").read_text("utf-8"))
        assert metadata["dc:date"] == day


def statements(slug: str, schema: str, **values: str) -> dict[str, Any]:
    """Return an entity made of statements, each from its own dataset."""
    told = [{"prop": name, "value": value, "dataset": f"of-{name}"} for name, value in {"id": slug, **values}.items()]
    return {"id": slug, "schema": schema, "statements": told}


@pytest.mark.parametrize("country", ["", "pe"])
def test_entities_made_of_statements(tmp_path: Path, country: str) -> None:
    mine = statements("mine", "Company", name="Mina Uno S.A.", jurisdiction="pe")
    link = statements("o1", "Ownership", owner="holding", asset="mine", percentage="60")
    options = {"country": country} if country else {}
    read(tmp_path, mine, HOLDING, link, **options)
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["owner"], stake["share_percent"]) == ("alpha-holding", "60")
    cited = {row["id"]: row for row in rows(tmp_path, "citations")}[stake["citations"]]
    works = {row["id"]: row["label"] for row in rows(tmp_path, "sources")}
    assert {works[one] for one in cited["reported_by"].split(";")} >= {"of-owner", "of-percentage"}


def test_statement_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, MINE, {"id": "s1", "entity_id": "x", "prop": "name", "schema": "Company", "value": "X"})
    assert "statement, not an entity" in str(caught.value)


def test_error_names_the_encoding(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "ftm", json.dumps(MINE).encode("utf-16"))
    assert "the file is UTF-16; save it as UTF-8" in str(caught.value)


def test_extra_details_are_kept_or_reported_as_lost(tmp_path: Path) -> None:
    """State ownership is kept; other topics, free text on the type of ownership and a second status are lost."""
    firm = entity(
        "firm", "Company", name="Firm", topics=["gov.soe", "sanction"], keywords=["mining", "pag:BusinessGroup"]
    )
    bo = entity("bo", "Person", name="Bo", topics="gov.soe", summary="one\ntwo")
    share = entity("o", "Ownership", owner="bo", asset="firm", percentage=">33.3333333", status=["possible", "former"],
                   ownershipType=["Indirect", "by a nominee"], date="2020", role="a\tb")  # fmt: skip
    report = read(tmp_path, firm, bo, share)
    found = {row["id"]: row for row in rows(tmp_path, "entities")}
    assert (found["alpha-firm"]["type"], found["alpha-firm"]["state_owned"]) == ("BusinessGroup", "true")
    assert (found["alpha-bo"]["state_owned"], found["alpha-bo"]["description"]) == ("", "one two")
    (stake,) = rows(tmp_path, "stakes")
    assert [stake[name] for name in ("share_low", "basis", "certainty", "note")] == [
        "33.333333", "indirect", "possible", "a b"]  # fmt: skip
    assert sorted((one.kind, one.field, one.example, one.times) for one in report.losses.lines()) == [
        ("Company", "keywords", "mining", 1), ("Company", "topics", "sanction", 1),
        ("Ownership", "ownershipType", "by a nominee", 1), ("Ownership", "percentage", "33.3333333", 1),
        ("Ownership", "percentage", ">33.3333333", 1), ("Ownership", "status", "former", 1),
        ("Person", "topics", "gov.soe", 1)]  # fmt: skip


def test_country_that_is_a_state_is_preferred(tmp_path: Path) -> None:
    report = read(tmp_path, entity("firm", "Company", name="Firm", country=["eu", "gb"], modifiedAt="2020-01-01"))
    assert [row["object"] for row in rows(tmp_path, "relations")] == ["alpha-state-gb"]
    assert [(one.field, one.example) for one in report.losses.lines()] == [("country", "EU")]


def test_id_of_invisible_characters_is_reported_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, entity("\u202e", "Company", name="Mina Uno", country="pe", modifiedAt="2020-01-01"))
    assert [(one.line, one.column, one.message) for one in caught.value.problems] == [(1, "id", "is empty")]


def test_the_role_of_an_unknown_link_may_be_a_relation(tmp_path: Path) -> None:
    """A role that is a relation of the ontology is read as that relation, if it fits the two ends."""
    links = {"u1": ("mine", "holding", "Subsidiary of"), "u2": ("ana", "holding", "subsidiary of"),
             "u3": ("ana", "mine", "lawyer of"), "u4": ("holding", "mine", "linked to")}  # fmt: skip
    read(tmp_path, MINE, HOLDING, ANA, *(
        entity(slug, "UnknownLink", subject=one, object=other, role=role, summary="a list")
        for slug, (one, other, role) in links.items()
    ), entity("d1", "Directorship", director="holding", organization="mine"))  # fmt: skip
    told = {row["id"]: (row["relation"], row["note"]) for row in rows(tmp_path, "relations") if "note" in row}
    assert {slug: one for slug, one in told.items() if one[1]} == {
        "alpha-u1": ("subsidiaryOf", "a list"), "alpha-u2": ("linkedTo", "subsidiary of; a list"),
        "alpha-u3": ("linkedTo", "lawyer of; a list"), "alpha-u4": ("linkedTo", "a list"),
        "alpha-d1": ("linkedTo", "director"),
    }  # fmt: skip
