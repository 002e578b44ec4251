"""BODS 0.4 import: shares, bounds, record history, unspecified parties, and refused input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bods_fixtures
import pytest

from importers import build_imported, import_bytes, make_project, rows
from importers.bods_examples import DAY, array, entity, lines, person, relation, shares, statement
from peru_asia_graph.errors import BadInput
from peru_asia_graph.importers.run import import_source
from peru_asia_graph.vocabulary import GRAPH

MINE = entity("mine", "Mina Uno S.A.", jurisdiction={"name": "Peru", "code": "PE"})
HOLDING = entity("holding", "Holding Ltd", identifiers=[{"id": "5493001KJTIIGC8Y1R12", "scheme": "XI-LEI"}])
ANA = person("ana", "Ana Quispe", nationalities=[{"name": "Peruvian", "code": "PE"}])


@pytest.mark.slow
@pytest.mark.parametrize("write", [lines, array])
def test_effective_share_through_a_chain(tmp_path: Path, write: Callable[..., bytes]) -> None:
    """Ana owns 50 % of Holding, which owns 60 % of the mine, so her effective share is 30 %."""
    data = write(MINE, HOLDING, ANA, relation("r1", "mine", "holding", [shares(60)]),
                 relation("r2", "holding", "ana", [shares(50, startDate="2015-03-01")]))  # fmt: skip
    import_bytes(tmp_path, "bods", data)
    graph = build_imported(tmp_path)
    owners = {row["owner"]: row["effective_percent"] for row in graph.owners("Mina Uno S.A.", year=2020)}
    assert owners["Ana Quispe"] == 30
    assert owners["Holding Ltd"] == 60
    (stake,) = [row for row in rows(tmp_path, "stakes") if row["share_percent"] == "50"]
    assert (stake["valid_from"], stake["as_of"], stake["basis"]) == ("2015-03-01", "2020-01-31", "direct")
    cited = {row["id"]: row for row in rows(tmp_path, "citations")}[stake["citations"]]
    assert (cited["record"], cited["field"]) == ("01-r2".ljust(32, "x"), "recordDetails/interests/0")
    assert cited["first_line"] == ("5" if write is lines else "6")
    states = {(row["subject"], row["object"]) for row in rows(tmp_path, "relations")}
    assert states == {("alpha-mine", "alpha-state-pe"), ("alpha-ana", "alpha-state-pe")}
    assert {row["label"] for row in rows(tmp_path, "entities") if row["type"] == "State"} == {"Peru"}


def test_bounds_and_exact_shares(tmp_path: Path) -> None:
    bounds = [
        {"minimum": 25, "maximum": 50},
        {"exclusiveMinimum": 50, "maximum": 75},
        {"exact": 12.34},
        {},
        {"exact": 100 / 3},
    ]
    parties = [entity(f"p{at}", f"Party {at}") for at in range(5)]
    held = [relation(f"r{at}", "mine", f"p{at}", [shares(how="indirect", share=share)])
            for at, share in enumerate(bounds)]  # fmt: skip
    report = import_bytes(tmp_path, "bods", lines(MINE, *parties, *held))
    found = {row["owner"]: (row["share_percent"], row["share_low"], row["share_high"], row["basis"])
             for row in rows(tmp_path, "stakes")}  # fmt: skip
    assert found == {
        "alpha-p0": ("", "25", "50", "indirect"), "alpha-p1": ("", "50", "75", "indirect"),
        "alpha-p2": ("12.34", "", "", "indirect"), "alpha-p3": ("", "", "", "indirect"),
        "alpha-p4": ("33.333333", "", "", "indirect"),
    }  # fmt: skip
    assert [(one.field, one.times, one.example) for one in report.losses.lines()] == [
        ("share", 1, "33.333333333333336"),
        ("share.exclusiveMinimum", 1, "50"),
    ]


@pytest.mark.slow
def test_record_history(tmp_path: Path) -> None:
    """30 % in 2018, 50 % in 2019, unchanged in 2020, closed in 2021 with an end date."""

    def told(number: int, day: str, share: float, **more: Any) -> dict[str, Any]:
        return relation("r", "mine", "holding", [shares(share, **more)], number, statementDate=day)

    ended = told(4, "2021-05-05", 50, endDate="2021-04-30") | {"recordStatus": "closed"}
    steps = [told(1, "2018-01-01", 30), told(2, "2019-01-01", 50), told(3, "2020-01-01", 50), ended]
    mine = entity("mine", "Mina Uno S.A.", alternateNames=["La Uno"])
    import_bytes(tmp_path, "bods", lines(mine, HOLDING, *steps))
    found = {
        row["share_percent"]: (row["valid_from"], row["valid_until"], row["as_of"]) for row in rows(tmp_path, "stakes")
    }
    assert found == {
        "30": ("", "[2018-01-01..2019-01-01]", "2018-01-01"),
        "50": ("[2018-01-01..2019-01-01]", "2021-04-30", "2021-04-30"),
    }
    graph = build_imported(tmp_path)
    # The share rose on an unstated day in 2018.
    for year, low, high in ((2017, 30, 30), (2018, 30, 50), (2020, 50, 50)):
        (row,) = [row for row in graph.owners("Mina Uno S.A.", year=year) if row["owner"] == "Holding Ltd"]
        assert (row["effective_low"], row["effective_high"]) == (low, high), year
    assert "Holding Ltd" not in {row["owner"] for row in graph.owners("Mina Uno S.A.", year=2022)}
    # Our own export round-trips unchanged, including values that have no BODS field.
    exported = graph.export("bods")
    import_bytes(tmp_path / "back", "bods", exported)
    assert {row["share_percent"]: (row["valid_from"], row["valid_until"], row["as_of"])
            for row in rows(tmp_path / "back", "stakes")} == found  # fmt: skip
    assert [row["name"] for row in rows(tmp_path / "back", "names")] == ["La Uno"]
    firms = {(row["type"], row["label"], row.get("description", "")) for row in rows(tmp_path / "back", "entities")}
    assert firms == {("Firm", "Mina Uno S.A.", ""), ("Firm", "Holding Ltd", "")}
    # The smaller share is exported as closed, so that other tools do not add up the two.
    closed = [one for one in json.loads(exported) if one["recordStatus"] == "closed"]
    assert [(one["statementDate"], one["recordDetails"]["interests"][0]["share"]) for one in closed] == [
        ("2019-01-01", {"exact": 30})
    ]


def test_consecutive_interests_become_separate_stakes(tmp_path: Path) -> None:
    """Only concurrent interests are merged into one holding of unknown share."""
    steps = [shares(20, startDate="2010-01-01", endDate="2015-07-01"), shares(30, startDate="2015-07-01")]
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, relation("r", "mine", "holding", steps)))
    found = {row["share_percent"]: (row["valid_from"], row["valid_until"]) for row in rows(tmp_path, "stakes")}
    assert found == {"20": ("2010-01-01", "2015-07-01"), "30": ("2015-07-01", "")}
    assert not report.losses


def test_record_opened_and_closed_on_one_day_ended_by_that_day(tmp_path: Path) -> None:
    first = relation("r", "mine", "holding", [shares(40)])
    import_bytes(
        tmp_path, "bods", lines(MINE, HOLDING, first, {**first, "statementId": "z" * 32, "recordStatus": "closed"})
    )
    (row,) = rows(tmp_path, "stakes")
    assert (row["valid_until"], row.get("as_of", "")) == ("[..2020-01-31]", "")


def test_former_name_cites_the_earlier_statement(tmp_path: Path) -> None:
    newer = {**entity("mine", "Mina Dos S.A."), "statementId": "z" * 32, "recordStatus": "updated",
             "statementDate": "2021-01-31"}  # fmt: skip
    import_bytes(tmp_path, "bods", lines(MINE, newer))
    cited = {row["id"]: row["record"] for row in rows(tmp_path, "citations")}
    (name,) = rows(tmp_path, "names")
    assert (name["name"], cited[name["citations"]]) == ("Mina Uno S.A.", MINE["statementId"])
    assert "Mina Dos S.A." in {row["label"] for row in rows(tmp_path, "entities")}


def test_closed_record_without_end_date_ended_between_statements(tmp_path: Path) -> None:
    first = relation("r", "mine", "holding", [shares(40)])
    closed = relation("r", "mine", "holding", [shares(40)], 2, statementDate="2021-06-30", recordStatus="closed")
    import_bytes(tmp_path, "bods", lines(MINE, HOLDING, first, closed))
    (row,) = rows(tmp_path, "stakes")
    assert row["valid_until"] == "[2020-01-31..2021-06-30]"


def test_closing_statement_with_another_share_ends_the_earlier_one(tmp_path: Path) -> None:
    first = relation("r", "mine", "holding", [shares(40)])
    closed = relation("r", "mine", "holding", [shares(30)], 2, statementDate="2021-06-30", recordStatus="closed")
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, first, closed))
    (row,) = rows(tmp_path, "stakes")
    assert (row["share_percent"], row["valid_until"]) == ("40", "[2020-01-31..2021-06-30]")
    assert [(one.reason, one.example) for one in report.losses.lines()] == [
        ("stated only when the record was closed", "exact 30")
    ]


def test_record_with_only_a_closing_statement_ended_by_its_date(tmp_path: Path) -> None:
    closed = relation("r", "mine", "holding", [shares(40)], statementDate="2019-06-30", recordStatus="closed")
    import_bytes(tmp_path, "bods", lines(MINE, HOLDING, closed))
    (row,) = rows(tmp_path, "stakes")
    assert (row["valid_until"], row.get("as_of", "")) == ("[..2019-06-30]", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # The start date was added or corrected later: still one stake, never two at once.
        ((10.5, {}), (10.5, {"startDate": "2015-01-01"}), {"10.5": ("2015-01-01", "")}),
        ((10.5, {"startDate": "2016-01-01"}), (10.5, {"startDate": "2015-01-01"}), {"10.5": ("2015-01-01", "")}),
        # Both share and start date were corrected: the first version is discarded.
        ((10, {"startDate": "2016-01-01"}), (30, {"startDate": "2015-01-01"}), {"30": ("2015-01-01", "")}),
        # The share grew after the first statement, so the smaller stake had ended by that day.
        ((10, {"startDate": "2015-01-01"}), (30, {"startDate": "2019-01-01"}),
         {"10": ("2015-01-01", "[2018-01-01..2019-01-01]"), "30": ("2019-01-01", "")}),
    ],
)  # fmt: skip
def test_later_statement_replaces_an_earlier_one(
    tmp_path: Path, before: Any, after: Any, expected: dict[str, tuple[str, str]]
) -> None:
    days = ("2018-01-01", "2020-01-01")
    steps = [relation("r", "mine", "holding", [shares(share, **more)], number, statementDate=days[number - 1])
             for number, (share, more) in enumerate((before, after), start=1)]  # fmt: skip
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, *steps))
    found = {row["share_percent"]: (row["valid_from"], row.get("valid_until", "")) for row in rows(tmp_path, "stakes")}
    assert found == expected
    # Replaced values are reported as lost; a start date added later replaces nothing.
    lost = {one.field.removeprefix("interests.") for one in report.losses.lines()}
    corrected = {"share"} if before[0] != after[0] else set()
    corrected |= {"startDate"} if before[1] else set()
    assert lost == (corrected if len(expected) == 1 else set())
    share = max(float(one) for one in expected)
    (row,) = [
        row for row in build_imported(tmp_path).owners("Mina Uno S.A.", year=2020) if row["owner"] != "unaccounted for"
    ]
    assert row["effective_high"] == share


@pytest.mark.parametrize(
    ("before", "after", "end", "lost"),
    [
        ({"endDate": "2019-05-01"}, {"endDate": "2019-06-01"}, "2019-06-01", [("interests.endDate", "2019-05-01")]),
        ({"endDate": "2019-05-01"}, {}, "", [("interests.endDate", "2019-05-01")]),
        ({}, {"endDate": "2019-06-01"}, "2019-06-01", []),
    ],
)
def test_corrected_end_date_is_reported_as_lost(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], end: str, lost: list[tuple[str, str]]
) -> None:
    steps = [relation("r", "mine", "holding", [shares(40, **said)], number, statementDate=f"2020-0{number}-01")
             for number, said in enumerate((before, after), start=1)]  # fmt: skip
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, *steps))
    (row,) = rows(tmp_path, "stakes")
    assert row.get("valid_until", "") == end
    assert [(one.field, one.example) for one in report.losses.lines()] == lost


def test_voting_rights_are_not_a_stake_but_an_unknown_interest_is(tmp_path: Path) -> None:
    votes = {"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 51}}
    import_bytes(tmp_path / "votes", "bods", lines(MINE, HOLDING, relation("r", "mine", "holding", [votes])))
    assert not (tmp_path / "votes/project/data/alpha/stakes.csv").exists()
    told: Any
    for told, share in (([{"type": "unknownInterest"}], ""), ([{"type": "unknownInterest"}, shares(40)], "40")):
        import_bytes(tmp_path / f"x{share}", "bods", lines(MINE, HOLDING, relation("r", "mine", "holding", told)))
        assert [row.get("share_percent", "") for row in rows(tmp_path / f"x{share}", "stakes")] == [share]


def test_share_of_zero_is_reported_as_lost(tmp_path: Path) -> None:
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, relation("r", "mine", "holding", [shares(0)])))
    assert not (tmp_path / "project/data/alpha/stakes.csv").exists()
    assert [(one.field, one.reason) for one in report.losses.lines()] == [
        ("interests.shareholding", "a share of 0 is not a stake")
    ]


def test_order_of_bounds_does_not_matter(tmp_path: Path) -> None:
    steps = [relation("r", "mine", "holding", [shares(share=share)], number, statementDate=f"2020-0{number}-01")
             for number, share in enumerate(({"minimum": 25, "maximum": 50}, {"maximum": 50, "minimum": 25}), start=1)
             ]  # fmt: skip
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, *steps))
    assert [(row["share_low"], row["share_high"], row["as_of"]) for row in rows(tmp_path, "stakes")] == [
        ("25", "50", "2020-02-01")
    ]
    assert not report.losses


def test_state_entity_is_reused_for_its_country_code(tmp_path: Path) -> None:
    state = entity("china", "República Popular China", jurisdiction={"name": "China", "code": "CN"})
    state["recordDetails"]["entityType"] = {"type": "state"}
    firm = entity("firm", "Firm Ltd", jurisdiction={"name": "China", "code": "CN"})
    import_bytes(tmp_path, "bods", lines(firm, state))
    assert [row["id"] for row in rows(tmp_path, "entities") if row["type"] == "State"] == ["alpha-china"]
    (home,) = rows(tmp_path, "relations")
    assert (home["subject"], home["object"]) == ("alpha-firm", "alpha-china")
    assert [row["identifier"] for row in rows(tmp_path, "identifiers")] == ["CN"]


def test_statement_metadata_is_kept_or_reported_as_lost(tmp_path: Path) -> None:
    note = {
        "statementPointerTarget": "/recordDetails",
        "creationDate": "2020-01-31",
        "createdBy": {"name": "A. Reader"},
    }
    comment = {**note, "motivation": "commenting", "description": "Seen twice."}
    link = {**note, "motivation": "linking", "url": "https://example.org/x"}
    source = {
        "type": ["thirdParty"],
        "description": "A list",
        "assertedBy": [{"name": "B", "uri": "https://example.org/b"}],
    }
    ana = person("ana", "Ana Quispe")
    ana["recordDetails"]["names"] = [{"type": "former", "fullName": "Ana Quispe", "familyName": "Quispe"}]
    seat = {"type": "boardMember", "details": "alternate", "beneficialOwnershipOrControl": False}
    office = {**relation("r1", "mine", "ana", [seat]), "declaration": "d-1"}
    held = relation("r2", "mine", "holding", [shares(5, endDate="2019-12-31")])
    told = [{**MINE, "annotations": [comment]}, HOLDING, ana, {**office, "annotations": [comment, link]},
            {**held, "source": source}]  # fmt: skip
    report = import_bytes(tmp_path, "bods", lines(*told))
    (tenure,) = rows(tmp_path, "tenures")
    assert tenure["note"] == "alternate; Seen twice."
    assert rows(tmp_path, "stakes")[0]["as_of"] == "2019-12-31"
    lost = {(one.kind, one.field): one.times for one in report.losses.lines()}
    assert lost == {
        ("annotation", "commenting"): 1, ("annotation", "linking"): 1, ("person", "names.familyName"): 1,
        ("source", "description"): 1, ("source", "type"): 1, ("source", "assertedBy.uri"): 1,
        ("annotation", "createdBy"): 1, ("person", "names.type"): 1, ("statement", "declaration"): 1,
        ("relationship", "beneficialOwnershipOrControl"): 1,
    }  # fmt: skip


def test_unspecified_party_is_not_an_owner(tmp_path: Path) -> None:
    reason = {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner", "description": "Nobody answered."}
    report = import_bytes(tmp_path, "bods", lines(MINE, relation("r", "mine", reason, [shares(40)])))
    assert rows(tmp_path, "stakes") == []
    (mine,) = [row for row in rows(tmp_path, "entities") if row["id"] == "alpha-mine"]
    assert mine["description"] == (
        "interested party not named: subjectUnableToConfirmOrIdentifyBeneficialOwner; Nobody answered."
    )
    assert [(one.field, one.times) for one in report.losses.lines()] == [("interestedParty", 1)]


def test_interests_other_than_a_single_shareholding(tmp_path: Path) -> None:
    """An office becomes a tenure, voting rights are reported as lost, and share classes are not added up."""
    interests = [{"type": "boardChair"}, {"type": "votingRights", "share": {"exact": 10}},
                 shares(20, details="A"), shares(30, details="B"), shares(10, details="C")]  # fmt: skip
    report = import_bytes(tmp_path, "bods", lines(MINE, ANA, relation("r", "mine", "ana", interests)))
    (tenure,) = rows(tmp_path, "tenures")
    assert (tenure["holder"], tenure["office"], tenure["office_of"]) == (
        "alpha-ana",
        "Chair of the board",
        "alpha-mine",
    )
    (stake,) = rows(tmp_path, "stakes")
    assert (stake.get("share_percent", ""), stake["note"]) == (
        "", "20 % (A); 30 % (B); 10 % (C)")  # fmt: skip
    lost = {(one.field, one.reason, one.times) for one in report.losses.lines()}
    assert ("interests.votingRights", "not a share", 1) in lost
    assert ("share", "several of one owner at one time: no share, all in the note", 3) in lost


LATER = {"statementDate": "2021-01-31"}
SEVERAL = [
    # The smaller class was held longer than the larger.
    ([relation("r", "mine", "holding", [shares(10, startDate="2010-01-01", endDate="2018-01-01", details="A"),
                                        shares(5, startDate="2015-01-01", details="B")])],
     ("2010-01-01", "", "10 % (A, from 2010-01-01, until 2018-01-01); 5 % (B, from 2015-01-01)", 2)),
    # Both ended.
    ([relation("r", "mine", "holding", [shares(10, startDate="2010-01-01", endDate="2018-01-01"),
                                        shares(5, startDate="2015-01-01", endDate="2019-01-01")])],
     ("2010-01-01", "2019-01-01",
      "10 % (from 2010-01-01, until 2018-01-01); 5 % (from 2015-01-01, until 2019-01-01)", 2)),
    # One has no start date, so the holding began by 2010.
    ([relation("r", "mine", "holding", [shares(10, startDate="2010-01-01"), shares(5)])],
     ("[..2010-01-01]", "", "5 %; 10 % (from 2010-01-01)", 2)),
    # One of two classes was disposed of between two statements.
    ([relation("r", "mine", "holding", [shares(10, details="A"), shares(5, details="B")]),
      relation("r", "mine", "holding", [shares(10, details="A")], 2, **LATER)],
     ("", "", "5 % (B, until [2020-01-31..2021-01-31]); 10 % (A)", 2)),
    # Two records with the same parties; one does not say whether it is direct or indirect.
    ([relation("r1", "mine", "holding", [shares(10)]), relation("r2", "mine", "holding", [shares(20, "unknown")])],
     ("", "", "10 %; 20 %", 2)),
    ([relation("r", "mine", "holding", [{"type": "unknownInterest"}, {"type": "unpublishedInterest"}])],
     ("", "", "share not stated; share not stated", 2)),
    ([relation("r", "mine", "holding", [shares(share={"minimum": 25}), shares(share={"maximum": 5}, details="B")])],
     ("", "", "at least 25 %; at most 5 % (B)", 2)),
    ([relation("r", "mine", "holding", [shares(share={"minimum": 25, "maximum": 50}), shares(10, details="B")])],
     ("", "", "25 to 50 %; 10 % (B)", 2)),
]  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), SEVERAL)
def test_concurrent_interests_become_one_holding_of_unknown_share(tmp_path: Path, told: Any, expected: Any) -> None:
    """From the earliest start to the latest end; every interest is cited."""
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, *told))
    (stake,) = rows(tmp_path, "stakes")
    assert stake.get("share_percent", "") == ""
    assert (stake.get("valid_from", ""), stake.get("valid_until", ""), stake["note"], stake["citations"].count(";") + 1
            ) == expected  # fmt: skip
    assert [one.times for one in report.losses.lines() if one.field == "share"] == [2]


def test_subsidiary_in_our_own_export_is_not_a_stake(tmp_path: Path) -> None:
    """From any other publisher, an interest of unknown type is a stake with no stated share."""
    unknown = {"type": "unknownInterest", "directOrIndirect": "unknown",
               "details": "subsidiary; from 2012~; certainty: possible; by the order of columns"}  # fmt: skip
    told = relation("r", "mine", "holding", [unknown])
    import_bytes(tmp_path / "own", "bods", lines(MINE, HOLDING, {**told, "declaration": f"{GRAPH}gem"}))
    (found,) = [row for row in rows(tmp_path / "own", "relations") if row["relation"] == "subsidiaryOf"]
    assert [found[name] for name in ("subject", "object", "valid_from", "certainty", "note")] == [
        "alpha-mine", "alpha-holding", "2012~", "possible", "by the order of columns"]  # fmt: skip
    assert rows(tmp_path / "own", "stakes") == []
    import_bytes(tmp_path / "other", "bods", lines(MINE, HOLDING, told))
    (stake,) = rows(tmp_path / "other", "stakes")
    assert (stake.get("share_percent", ""), stake["certainty"]) == ("", "stated")


def test_record_id_used_by_two_publishers_is_refused(tmp_path: Path) -> None:
    """60 % in Register A must not be read as an earlier version of 30 % in Register B."""
    told = []
    for name, share in (("Register A", 60), ("Register B", 30)):
        about = {"publicationDate": "2021-02-03", "bodsVersion": "0.4", "publisher": {"name": name}}
        for one in (MINE, HOLDING, relation("r", "mine", "holding", [shares(share)])):
            told.append({**one, "statementId": f"{name}-{one['recordId']}".ljust(32, "x"), "publicationDetails": about})
            del told[-1]["recordStatus"]
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "bods", lines(*told))
    assert [(one.line, one.column) for one in caught.value.problems] == [(line, "recordId") for line in (4, 5, 6)]
    assert "Register A, Register B" in caught.value.problems[0].message


def test_source_and_publication_details(tmp_path: Path) -> None:
    published = {"publicationDate": "2021-02-03", "bodsVersion": "0.4", "license": "https://creativecommons.org/publicdomain/zero/1.0/",
                 "publisher": {"name": "Register X"}}  # fmt: skip
    source = {"type": ["officialRegister"], "url": "https://example.org/r", "retrievedAt": "2021-01-02",
              "assertedBy": [{"name": "The Registrar"}]}  # fmt: skip
    told = [{**one, "publicationDetails": published} for one in (MINE, HOLDING)]
    told.append({**relation("r", "mine", "holding", [shares(60)]), "publicationDetails": published, "source": source})
    import_bytes(tmp_path, "bods", lines(*told))
    metadata = json.loads((tmp_path / "project/data/alpha/csv-metadata.json").read_text("utf-8"))
    assert metadata["dc:date"] == "2021-02-03"
    assert metadata["dc:license"] == {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"}
    assert metadata["dc:title"] == "Beneficial ownership data of Register X"
    (stake,) = rows(tmp_path, "stakes")
    cited = {row["id"]: row for row in rows(tmp_path, "citations")}[stake["citations"]]
    assert (cited["address"], cited["retrieved"]) == ("https://example.org/r", "2021-01-02")
    works = {row["id"]: row["label"] for row in rows(tmp_path, "sources")}
    assert works[cited["reported_by"]] == "The Registrar"


def test_country_keeps_its_entities_and_their_owners(tmp_path: Path) -> None:
    abroad = entity("abroad", "Abroad plc", jurisdiction={"name": "England", "code": "GB-ENG"})
    told = lines(MINE, HOLDING, ANA, abroad, relation("r1", "mine", "holding", [shares(60)]),
                 relation("r2", "abroad", "ana", [shares(10)]))  # fmt: skip
    import_bytes(tmp_path, "bods", told, country="pe")
    assert {row["label"] for row in rows(tmp_path, "entities")} == {"Mina Uno S.A.", "Holding Ltd", "Peru"}


def test_country_does_not_depend_on_file_order(tmp_path: Path) -> None:
    """The relationship comes before its entities, as when files are given in another order."""
    other = {"declarationSubject": "elsewhere"}
    parts = {"1.jsonl": lines(relation("r", "mine", "holding", [shares(60)], **other)),
             "2.jsonl": lines({**MINE, **other}, {**HOLDING, **other})}  # fmt: skip
    for name, data in parts.items():
        (tmp_path / name).write_bytes(data)
    import_source(make_project(tmp_path / "project"), "bods", [tmp_path / name for name in parts], "alpha",
                  options={"country": "PE"})  # fmt: skip
    assert [row["owner"] for row in rows(tmp_path, "stakes")] == ["alpha-holding"]


BAD = [
    ({**MINE, "recordDetails": {**MINE["recordDetails"], "foundingDate": "2012"}}, "recordDetails/foundingDate"),
    ({**MINE, "statementDate": "2999-01-01"}, "statementDate"),
    ({**MINE, "statementDate": "0001-01-01"}, "statementDate"),
    (relation("r", "mine", "nobody", [shares(1)]), "recordDetails/interestedParty"),
    (relation("r", "ana", "mine", [shares(1)]), "recordDetails/subject"),
    (relation("r", "mine", "holding", [shares(101)]), "recordDetails/interests/0/share/exact"),
    (relation("r", "mine", "holding", [shares(share={"minimum": 60, "maximum": 40})]),
     "recordDetails/interests/0/share/maximum"),
    (relation("r", "mine", "holding", [shares(1, startDate="2020-02-01", endDate="2020-01-01")]),
     "recordDetails/interests/0/endDate"),
    (relation("r", "mine", "holding", [{"type": "trustee"}]), "recordDetails/interests/0/type"),
    (HOLDING, "statementId"),
    (statement("entity", "holding", HOLDING["recordDetails"], 1, statementId="y" * 32), "recordStatus"),
    ({"statementID": "1", "statementType": "entityStatement", "statementDate": "2020-01-01"}, "statementType"),
    ({**MINE, "publicationDetails": {"bodsVersion": "0.3"}}, "publicationDetails/bodsVersion"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "field"), BAD)
def test_invalid_statement_is_refused_with_its_field(tmp_path: Path, bad: dict[str, Any], field: str) -> None:
    told = [
        one
        for one in (MINE, HOLDING, ANA)
        if one["recordId"] != bad.get("recordId") or bad is HOLDING or bad["statementId"][0] == "y"
    ]
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "bods", lines(*told, bad), "s.jsonl")
    assert (len(told) + 1, field) in {(one.line, one.column) for one in caught.value.problems}
    assert all(one.file.endswith("s.jsonl") and one.remedy for one in caught.value.problems)
    assert not (tmp_path / "project/data/alpha").exists()


def test_errors_name_the_record_if_the_file_is_one_line(tmp_path: Path) -> None:
    bad = [{**MINE, "statementDate": "soon"}, {**MINE, "recordId": "other", "statementDate": "late"}]
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "bods", json.dumps(bad).encode())
    assert {one.message.rpartition(" (")[2] for one in caught.value.problems} == {"record 'mine')", "record 'other')"}


def test_error_lists_every_schema_alternative(tmp_path: Path) -> None:
    """Month 13 is neither a date nor a date-time; the identifier has neither a scheme nor a scheme name."""
    bad = {**MINE["recordDetails"], "identifiers": [{"id": "1"}]}
    with pytest.raises(BadInput) as caught:
        import_bytes(tmp_path, "bods", lines({**MINE, "statementDate": "2020-13-01", "recordDetails": bad}))
    assert {(one.column, one.message) for one in caught.value.problems} == {
        ("statementDate",
         """"2020-13-01" is not a "date", or else "2020-13-01" is not a "date-time" (record 'mine')"""),
        ("recordDetails/identifiers/0",
         """"scheme" is a required property, or else "schemeName" is a required property (record 'mine')"""),
    }  # fmt: skip


def fixture(tmp_path: Path, name: str) -> None:
    import_bytes(tmp_path, "bods", json.dumps(bods_fixtures.load(name).statements).encode())


def test_published_bods_fixtures(tmp_path: Path) -> None:
    """As their authors expect: 75 % held directly, both sides of a cycle, and the reason why no owner is named."""
    fixture(tmp_path / "direct", "core/01-direct-ownership")
    (stake,) = rows(tmp_path / "direct", "stakes")
    assert stake["share_percent"] == "75"
    fixture(tmp_path / "circular", "edge-cases/10-circular-ownership")
    assert sorted(row["share_percent"] for row in rows(tmp_path / "circular", "stakes")) == ["100", "100"]
    fixture(tmp_path / "unknown", "edge-cases/11-anonymous-person")
    assert rows(tmp_path / "unknown", "stakes") == []
    kinds = {row["type"]: row.get("description", "") for row in rows(tmp_path / "unknown", "entities")}
    assert kinds.keys() == {"Firm", "State"}
    assert "subjectUnableToConfirmOrIdentifyBeneficialOwner" in kinds["Firm"]


def told(report: Any) -> set[tuple[str, str, int]]:
    """Return field, reason and count of each loss, except those of kind "statement"."""
    return {(one.field, one.reason, one.times) for one in report.losses.lines() if one.kind != "statement"}


@pytest.mark.parametrize("other", ["ana", {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner"}])
def test_change_of_party_ends_the_first_stake(tmp_path: Path, other: Any) -> None:
    """Holding has 60 % at the end of January 2020; a year later the record names another party."""
    import_bytes(tmp_path, "bods", lines(
        MINE, HOLDING, ANA, relation("r", "mine", "holding", [shares(60)]),
        relation("r", "mine", other, [shares(60)], 2, statementDate="2021-01-31"),
    ))  # fmt: skip
    found = {row["owner"]: [row.get(name, "") for name in ("valid_from", "valid_until", "as_of")]
             for row in rows(tmp_path, "stakes")}  # fmt: skip
    changed = "[2020-01-31..2021-01-31]"
    expected = {"alpha-holding": ["", changed, DAY]}
    assert found == expected | ({"alpha-ana": [changed, "", "2021-01-31"]} if other == "ana" else {})


def test_party_named_later_held_the_earlier_stake(tmp_path: Path) -> None:
    nobody = {"reason": "interestedPartyHasNotProvidedInformation"}
    import_bytes(tmp_path, "bods", lines(
        MINE, ANA, relation("r", "mine", nobody, [shares(60)]),
        relation("r", "mine", "ana", [shares(60)], 2, statementDate="2021-01-31"),
    ))  # fmt: skip
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["owner"], stake.get("valid_from", "")) == ("alpha-ana", "")


def test_values_only_in_a_closing_statement_are_reported_as_lost(tmp_path: Path) -> None:
    votes = {"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 51}}
    report = import_bytes(tmp_path, "bods", lines(
        MINE, HOLDING, relation("r", "mine", "holding", [shares(60)]),
        relation("r", "mine", "holding", [shares(70, endDate="2020-12-31"), votes], 2, statementDate="2021-01-31",
                 recordStatus="closed"),
    ))  # fmt: skip
    (stake,) = rows(tmp_path, "stakes")
    assert (stake["share_percent"], stake["valid_until"]) == ("60", "2020-12-31")
    reason = "stated only when the record was closed"
    assert told(report) == {("interests.shareholding", reason, 1), ("interests.votingRights", reason, 1)}


def test_values_missing_from_the_last_entity_statement_are_reported_as_lost(tmp_path: Path) -> None:
    """Peru and one of two identifiers are lost; the former name is kept."""
    lei, number = HOLDING["recordDetails"]["identifiers"][0], {"id": "20100", "scheme": "PE-RUC"}
    first = entity("mine", "Mina Uno S.A.", jurisdiction={"name": "Peru", "code": "PE"}, identifiers=[lei, number])
    later = entity("mine", "Mina Dos S.A.", jurisdiction={"name": "Chile", "code": "CL"}, identifiers=[lei])
    later |= {"statementId": "2" * 32, "recordStatus": "updated", "statementDate": "2021-01-31"}
    report = import_bytes(tmp_path, "bods", lines(first, later))
    reason = "not in the last statement about the record"
    assert told(report) == {("jurisdiction", reason, 1), ("identifiers", reason, 1)}
    assert [row["name"] for row in rows(tmp_path, "names")] == ["Mina Uno S.A."]


def test_url_and_author_of_a_comment_are_reported_as_lost(tmp_path: Path) -> None:
    note = {"statementPointerTarget": "/recordDetails", "motivation": "commenting", "description": "Seen",
            "url": "https://example.org/1", "createdBy": {"name": "Bo", "uri": "https://example.org/bo"}}  # fmt: skip
    report = import_bytes(
        tmp_path, "bods", lines(MINE, HOLDING, relation("r", "mine", "holding", [shares(60)], annotations=[note]))
    )
    assert [row["note"] for row in rows(tmp_path, "stakes")] == ["Seen"]
    assert {(one.field, one.example) for one in report.losses.lines()} == {
        ("createdBy", "Bo, https://example.org/bo"), ("url", "https://example.org/1")}  # fmt: skip


def test_placeholder_dates_are_reported_as_lost(tmp_path: Path) -> None:
    """Databases often write an empty date as 0001-01-01 or 9999-12-31."""
    held = shares(60, startDate="0001-01-01", endDate="9999-12-31")
    report = import_bytes(tmp_path, "bods", lines(MINE, HOLDING, relation("r", "mine", "holding", [held])))
    (stake,) = rows(tmp_path, "stakes")
    assert [stake.get(name, "") for name in ("valid_from", "valid_until", "as_of")] == ["", "", DAY]
    assert {(one.field, one.example) for one in report.losses.lines()} == {
        ("interests.startDate", "0001-01-01"), ("interests.endDate", "9999-12-31")}  # fmt: skip


def test_country_keeps_an_indirect_share_without_its_components(tmp_path: Path) -> None:
    """Ana's indirect share of the mine in Peru is kept; her stake in Holding, a step abroad, is not."""
    steps = [relation("r1", "mine", "holding", [shares(60)]), relation("r2", "holding", "ana", [shares(50)])]
    for step in steps:
        step["recordDetails"]["isComponent"] = True
    chain = relation("r3", "mine", "ana", [shares(30, "indirect")])
    chain["recordDetails"]["componentRecords"] = ["r1", "r2"]
    import_bytes(tmp_path, "bods", lines(MINE, HOLDING, ANA, *steps, chain), country="PE")
    assert {(row["owner"], row["share_percent"]) for row in rows(tmp_path, "stakes")} == {
        ("alpha-holding", "60"), ("alpha-ana", "30")}  # fmt: skip
