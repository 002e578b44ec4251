"""A state that files name in different ways is one state; where there is doubt, states are kept apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importers import import_bytes, rows
from importers.bods_examples import entity as party
from importers.bods_examples import lines
from importers.bods_examples import person as someone
from importers.test_ftm import entity
from importers.test_table import read

HEADER = "Project,Owners,Country,Region,As of\n"


def mapping() -> str:
    columns = {
        "Project": "pag:owned",
        "Owners": "pag:owner",
        "Country": "pag:homeState",
        "Region": "pag:locatedIn",
        "As of": "pag:asOf",
    }
    found = [{"titles": title, "propertyUrl": term} for title, term in columns.items()]
    return json.dumps({"tableSchema": {"columns": found}})


def states(tmp_path: Path) -> dict[str, str]:
    """Return the labels of the states by id."""
    return {row["id"]: row["label"] for row in rows(tmp_path, "entities") if row["type"] == "State"}


def lost(tmp_path: Path) -> str:
    return (tmp_path / "project/data/alpha/import/losses.csv").read_text("utf-8")


def test_codes_and_names_of_a_state_in_a_table(tmp_path: Path) -> None:
    told = ["Peru", "Perú", "PE", "PER", "604", "PERU"]
    text = HEADER + "".join(f"Mina Uno,Owner {at},{one},Peru,2020\n" for at, one in enumerate(told))
    more = {"A": "Korea", "B": "Georgia", "C": "South Korea", "D": "KOR", "E": "Corea del Sur"}
    text += "".join(f"Mina Dos,{owner},{state},Junín,2020\n" for owner, state in more.items())
    read(tmp_path, text, mapping())
    # "Korea" may be either of two states, and "Georgia" one of the United States.
    assert sorted(states(tmp_path).values()) == ["Georgia", "Korea", "Peru", "South Korea"]
    names = {(row["thing"], row["name"]) for row in rows(tmp_path, "names")}
    assert names == {("alpha-state-pe", "Perú"), ("alpha-state-pe", "PERU"), ("alpha-state-kr", "Corea del Sur")}
    codes = {row["identifier"]: row["where_seen"] for row in rows(tmp_path, "identifiers")}
    assert codes == {"PE": "record row 2, Project, as the name Peru",
                     "KR": "record row 10, Owners, as the name South Korea"}  # fmt: skip
    homes = [row["object"] for row in rows(tmp_path, "relations") if row["relation"] == "homeState"]
    assert homes.count("alpha-state-pe") == 6
    placed = {row["object"] for row in rows(tmp_path, "relations") if row["relation"] == "locatedIn"}
    assert placed == {"alpha-state-pe", "alpha-place-junin"}
    assert "State,name,not in the list of countries; a state of its own,2,Korea," in lost(tmp_path)


def test_a_state_in_bods_with_and_without_its_code(tmp_path: Path) -> None:
    peru, union = party("peru", "República del Perú"), party("ussr", "Soviet Union")
    named = party("china", "China")
    for one in (peru, union, named):
        one["recordDetails"]["entityType"] = {"type": "state"}
    firms = [
        party("g", "G", jurisdiction={"name": "England and Wales", "code": "GB"}),
        party("a", "A", jurisdiction={"name": "Perú"}),
        party("b", "B", jurisdiction={"name": "Peru", "code": "PE"}),
        party("c", "C", jurisdiction={"name": "Chile", "code": "PE"}),
        party("d", "D", jurisdiction={"name": "China", "code": "CN"}),
        party("e", "E", jurisdiction={"name": "Scotland", "code": "GB-SCT"}),
    ]
    import_bytes(tmp_path, "bods", lines(peru, union, named, *firms))
    assert states(tmp_path) == {
        "alpha-peru": "República del Perú", "alpha-ussr": "Soviet Union", "alpha-china": "China",
        "alpha-state-gb": "United Kingdom",
    }  # fmt: skip
    homes = {row["subject"][-1]: row["object"] for row in rows(tmp_path, "relations")}
    assert homes == {"a": "alpha-peru", "b": "alpha-peru", "c": "alpha-peru", "d": "alpha-china",
                     "e": "alpha-state-gb", "g": "alpha-state-gb"}  # fmt: skip
    assert 'State,name,"the name of another state than the code, which is kept",1,PE Chile,' in lost(tmp_path)
    assert {row["name"] for row in rows(tmp_path, "names")} == {"Perú", "Peru", "England and Wales"}


@pytest.mark.parametrize("told", ["pe", "PER", "Peru", "Perú"])
def test_a_country_in_followthemoney_as_code_or_name(tmp_path: Path, told: str) -> None:
    own = entity("state", "PublicBody", name="Perú", keywords="pag:State")
    firm = entity("mine", "Company", name="Mina Uno", country=["pe", told], modifiedAt="2024-03-04")
    import_bytes(tmp_path, "ftm", "\n".join(map(json.dumps, (firm, own))).encode(), "x.ftm.jsonl")
    assert states(tmp_path) == {"alpha-state": "Perú"}
    (home,) = rows(tmp_path, "relations")
    assert (home["subject"], home["object"]) == ("alpha-mine", "alpha-state")
    assert lost(tmp_path).count("\n") == 1


def test_a_nationality_that_names_no_state_is_left_out(tmp_path: Path) -> None:
    """The name of a nationality may be that of the state, or an adjective."""
    told = [{"name": "peruana"}, {"name": "Japón"}, {"name": "British", "code": "GB"}]
    import_bytes(tmp_path, "bods", lines(someone("ana", "Ana Quispe", nationalities=told)))
    assert sorted(states(tmp_path).values()) == ["Japón", "United Kingdom"]
    assert "person,nationalities,neither the code nor the name of a state,1,peruana," in lost(tmp_path)
