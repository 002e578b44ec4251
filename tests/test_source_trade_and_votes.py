"""Trade agreements and votes: the tables checked against the raw files, parsed independently of the recipes."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from csv_rows import Row, read_csv

DATA = Path(__file__).parents[1] / "data"
DESTA, GPTAD, HUGGO = (f"trade-agreements-{name}" for name in ("desta", "gptad", "huggo"))
VOTES = DATA / "un-votes" / "raw" / "unga-peru-china-japan-korea.csv"


def table(source: str, name: str, key: str = "id") -> dict[str, Row]:
    return {row[key]: row for row in read_csv(DATA / source / f"{name}.csv")}


@pytest.mark.parametrize("source", [DESTA, GPTAD, HUGGO, "un-votes"])
def test_raw_files_match_their_checksums(source: str) -> None:
    readme = (DATA / source / "README.md").read_text("utf-8")
    for path in (DATA / source / "raw").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() in readme


def test_counts() -> None:
    assert len(table(DESTA, "agreements")) + len(table(DESTA, "events")) == 60 - 3
    assert (len(table(GPTAD, "agreements")), len(table(HUGGO, "agreements"))) == (11, 36)
    assert not [row for row in table(HUGGO, "agreements").values() if "9999" in row["ended_on"]]


# Read from the raw files by eye: id, signed, in force, parties.
ASIAN = [
    (DESTA, "desta-227-china-peru", "2009", "2010", 2),
    (DESTA, "desta-829-japan-peru", "2011", "2012", 2),
    (DESTA, "desta-830-korea-peru", "2011", "2011", 2),
    (DESTA, "desta-644-peru-singapore", "2008", "2009", 2),
    (DESTA, "desta-771-peru-thailand", "2005", "", 2),
    (DESTA, "desta-899-transpacific-partnership-tpp", "2016", "", 12),
    (GPTAD, "gptad-china-peru", "2009-04-28", "2010-03-01", 2),
    (GPTAD, "gptad-peru-singapore", "2008-05-29", "2009-08-01", 2),
    (HUGGO, "huggo-chn-per-na-2009o", "2009-04-28", "2010-03-01", 2),
    (HUGGO, "huggo-jpn-per-na-2011o", "2011-05-31", "2012-03-01", 2),
    (HUGGO, "huggo-kor-per-kor-2011o", "2011-03-21", "2011-08-01", 2),
    (HUGGO, "huggo-per-sgp-na-2008o", "2008-05-29", "2009-08-01", 2),
    (HUGGO, "huggo-per-tha-na-2005o", "2005-11-19", "", 2),
    (HUGGO, "huggo-trnspp-2016o", "2016-02-04", "", 12),
    (HUGGO, "huggo-cmpptp-2018a", "2018-03-08", "2018-12-30", 11),
]


@pytest.mark.parametrize(("source", "slug", "signed", "in_force", "parties"), ASIAN)
def test_asian_agreements(source: str, slug: str, signed: str, in_force: str, parties: int) -> None:
    row = table(source, "agreements")[slug]
    assert (row["signed_on"], row["in_force_on"]) == (signed, in_force)
    assert len(row["parties"].split(";")) == parties


def test_peru_joined_the_cptpp_on_its_own_date() -> None:
    row = table(HUGGO, "relations")["huggo-per--member-of--cmpptp-2018a"]
    assert (row["valid_from"], row["valid_until"]) == ("2021-09-19", "")


def test_huggo_uses_the_agreement_row_and_cites_memberships() -> None:
    agreements = table(HUGGO, "agreements")
    sucre, gstp = agreements["huggo-andncs-1997p"], agreements["huggo-glbstp-1988o"]
    assert (sucre["signed_on"], sucre["in_force_on"]) == ("1997-06-26", "2003-04-14")
    assert "25.06.1997" in sucre["note"]
    assert "huggo-andncs-1997p--per-signature" in sucre["citations"].split(";")
    assert (gstp["signed_on"], gstp["in_force_on"]) == ("1988-04-12", "1989-04-19")  # own row has one date only
    assert "huggo-glbstp-1988o--per-force" in gstp["citations"].split(";")


def test_huggo_reads_the_agreement_rows_of_tpp_and_uk() -> None:
    cited, name = table(HUGGO, "citations"), table(HUGGO, "names")["huggo-trnspp-2016o--name-1"]
    assert (
        table(HUGGO, "names")["huggo-trnspp-2016o--name-2"]["name"] == "Trans-Pacific Partnership"
    )  # as in the agreement's own row
    assert name["name"] == "Transpacific Partnership (TPP)"  # as in the membership rows
    own = {
        "TRNSPP_2016O:TRNSPP_2016O": ("huggo-trnspp-2016o", "https://ustr.gov/"),
        "ANDNCU_2019O": ("huggo-andncu-2019o", "https://assets.publishing.service.gov.uk/"),
    }
    for treaty, (slug, host) in own.items():
        signed = cited[table(HUGGO, "agreements")[slug]["citations"].split(";")[0]]
        assert (signed["record"], signed["field"]) == (treaty, "Signature")
        assert signed["address"].startswith(host)


def test_multilateral_agreement_notes_omitted_parties() -> None:
    alone = [row for row in table(HUGGO, "agreements").values() if ";" not in row["parties"]]
    assert len(alone) == 14
    assert all("only Peru is taken over" in row["note"] for row in alone)


def test_every_spelling_of_a_state_is_kept() -> None:
    assert table(HUGGO, "names")["huggo-usa--name-1"]["name"] == "United States"
    assert table(GPTAD, "names")["gptad-venezuela--name-1"]["name"] == "Bolivarian Republic of Venezuela"
    assert table("un-votes", "entities")["un-korea"]["label"] == "South Korea"  # KR is not North Korea, which is KP


def test_gptad_dataset_date_is_its_latest_date() -> None:
    metadata = json.loads((DATA / GPTAD / "csv-metadata.json").read_text("utf-8"))
    assert "dc:valid" not in metadata
    printed = [row[f"Date.of.{name}"] for row in read_csv(DATA / GPTAD / "raw" / "gptad-peru.csv")
               for name in ("Signature", "Entry.into.Force")]  # fmt: skip
    assert metadata["dc:date"] == max(f"{day[6:]}-{day[:2]}-{day[3:5]}" for day in printed if day)


@pytest.mark.parametrize(
    ("source", "key"), [(DESTA, ("number",)), (GPTAD, ("Common.Name",)), (HUGGO, ("treatyID", "stateID"))]
)
def test_citations_point_to_filled_cells_and_lines(source: str, key: tuple[str, ...]) -> None:
    cells: set[tuple[str, str, str]] = set()
    for path in (DATA / source / "raw").iterdir():
        for line, row in enumerate(read_csv(path), start=2):  # no cell contains a line break
            record = " ".join(row[name] for name in key if name in row)
            cells |= {(record, name, str(line)) for name, text in row.items() if text}
    cited = [row for row in table(source, "citations").values() if row["field"] != "title"]
    assert [row["id"] for row in cited if (row["record"], row["field"], row["first_line"]) not in cells] == []
    assert [row["id"] for row in cited if row["first_line"] != row["last_line"]] == []


def test_votes_cover_143_country_years() -> None:
    figures = table("un-votes", "observations")
    raw = read_csv(VOTES)
    assert (len(raw), len(figures)) == (5588, 3 * 143)
    years = [row["period"] for row in figures.values()]
    question = (DATA.parent / "ontology/questions/un-votes.rq").read_text("utf-8")
    assert f"earliest votes are of {min(years)}" in question and f"latest votes are of {max(years)}" in question
    for country, code in (("china", "CN"), ("japan", "JP"), ("korea", "KR")):
        for year in {row["date"][:4] for row in raw if row[code]}:
            pairs = [(row["PE"], row[code]) for row in raw if row["date"].startswith(year) and row["PE"] and row[code]]
            found = [figures[f"un-votes-{country}-{year}-{name}"]["value"] for name in (
                "roll-calls-both-voted", "roll-calls-voted-alike", "share-of-roll-calls-voted-alike")]  # fmt: skip
            alike = len([pair for pair in pairs if len(set(pair)) == 1])
            assert found[:2] == [str(len(pairs)), str(alike)]
            assert abs(Decimal(found[2]) - Decimal(100 * alike) / len(pairs)) <= Decimal("0.005")


@pytest.mark.parametrize(("source", "slug", "printed", "label", "spanish"), [
    (DESTA, "desta-829-japan-peru", "Japan Peru", "Peru–Japan trade agreement (2011)",
     "Acuerdo comercial Perú–Japón (2011)"),
    (GPTAD, "gptad-canada-peru", "Canada - Peru", "Peru–Canada trade agreement (2008)",
     "Acuerdo comercial Perú–Canadá (2008)"),
    (HUGGO, "huggo-gatt-1947o", "GATT471947", "General Agreement on Tariffs and Trade (GATT 1947)",
     "Acuerdo General sobre Aranceles Aduaneros y Comercio (GATT de 1947)"),
])  # fmt: skip
def test_agreement_has_readable_labels_and_keeps_its_source_name(
    source: str, slug: str, printed: str, label: str, spanish: str
) -> None:
    names = [row["name"] for row in table(source, "names").values() if row["thing"] == slug]
    assert (table(source, "entities")[slug]["label"], printed in names) == (label, True)
    assert table("reference", "translations", "thing")[slug]["label_es"] == spanish


def test_every_event_and_agreement_has_a_spanish_label() -> None:
    spanish = {
        slug
        for folder in ("reference", "sanborn-yong")
        for slug, row in table(folder, "translations", "thing").items()
        if row["label_es"]
    }
    named = {slug for source in (DESTA, GPTAD, HUGGO, "sanborn-yong") for slug in table(source, "agreements")}
    named |= {slug for source in (DESTA, "sanborn-yong") for slug in table(source, "events")}
    assert sorted(named - spanish) == []
