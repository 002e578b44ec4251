"""Files in third-party formats of any size, from a seed: ``python benchmarks/foreign_files.py FOLDER ROWS``.

Each resembles a real data set: GLEIF level 1 as published, with 338 quoted columns most of which are empty, and level 2
with relationships for three rows in ten; BODS 0.4 with 55 entities, 10 persons and 35 relationships in a hundred
statements; FollowTheMoney with 60 firms, 10 persons and 30 ownerships in a hundred entities; UN Comtrade with
47 columns and 200 reporters. About two in a thousand entities and one in a hundred figures are Peruvian.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

COUNTRIES: Final = ("CN", "US", "GB", "DE", "IN", "JP", "KR", "BR", "CL", "FR")
# One in this many entities is Peruvian.
RARE: Final = 500
WORDS: Final = ("Andes", "Cobre", "Norte", "Pacific", "Mining", "Energy", "Gold", "Minera", "Inca", "Sierra", "Delta")
DAY: Final = "2024-05-06"


def _name(number: int) -> str:
    return f"{WORDS[number % 11]} {WORDS[number // 11 % 11]} {number}, S.A."


def _country(number: int) -> str:
    return "PE" if number % RARE == 7 else COUNTRIES[number * 7 % 10]


def lei(number: int) -> str:
    """Return an LEI with valid check digits (ISO 17442)."""
    body = f"5493{number:014d}"
    return f"{body}{98 - int(body + '00') % 97:02}"


def write_gleif(folder: Path, rows: int) -> list[Path]:
    """Write level 1 and level 2."""
    level_1, level_2 = folder / "gleif-1.csv", folder / "gleif-2.csv"
    named = ["LEI", "Entity.LegalName", "Entity.LegalName.xmllang", "Entity.LegalAddress.FirstAddressLine",
             "Entity.LegalAddress.City", "Entity.LegalAddress.Country", "Entity.HeadquartersAddress.Country",
             "Entity.LegalJurisdiction", "Entity.EntityCategory", "Registration.LastUpdateDate",
             "Registration.RegistrationStatus"]  # fmt: skip
    header = named + [f"Entity.Unused.{at}" for at in range(338 - len(named))]
    tail = ',""' * (338 - len(named))
    with level_1.open("w", encoding="utf-8", newline="") as file:
        file.write(_quoted(header))
        for at in range(rows):
            country = _country(at)
            street = f"Street {at}, north" if at % 97 else f'Street "{at}"'
            cells = [lei(at), _name(at), "es", street, "Lima", country, country, country, "GENERAL",
                     f"{DAY}T07:08:09Z", "ISSUED"]  # fmt: skip
            file.write(_quoted(cells, tail))
    link = ["Relationship.StartNode.NodeID", "Relationship.StartNode.NodeIDType", "Relationship.EndNode.NodeID",
            "Relationship.EndNode.NodeIDType", "Relationship.RelationshipType", "Relationship.RelationshipStatus",
            "Relationship.Period.1.startDate", "Relationship.Period.1.endDate", "Relationship.Period.1.periodType",
            "Registration.LastUpdateDate"]  # fmt: skip
    with level_2.open("w", encoding="utf-8", newline="") as file:
        file.write(_quoted(link + [f"Relationship.Unused.{at}" for at in range(20)]))
        for at in range(0, rows * 3 // 10):
            child = at * 3 + 1
            cells = [lei(child), "LEI", lei(child // 2), "LEI", "IS_DIRECTLY_CONSOLIDATED_BY", "ACTIVE",
                     f"{DAY}T00:00:00Z", "", "RELATIONSHIP_PERIOD", f"{DAY}T00:00:00Z"]  # fmt: skip
            file.write(_quoted(cells, ',""' * 20))
    return [level_1, level_2]


def _quoted(cells: list[str], tail: str = "") -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + tail + "\r\n"


def write_bods(folder: Path, rows: int) -> list[Path]:
    """Write statements as JSON Lines: each declaration has its entities and persons, then their relationships."""
    return [_write_lines(folder / "bods.jsonl", _statements(rows))]


def _statements(rows: int) -> Iterator[dict[str, Any]]:
    """Yield declarations of twenty statements: eleven entities, two persons, seven relationships to the first."""
    published = {"publicationDate": DAY, "bodsVersion": "0.4", "publisher": {"name": "Bench"}}
    for at in range(rows):
        first, place = at // 20 * 20, at % 20
        kind = "entity" if place < 11 else "person" if place < 13 else "relationship"
        record = f"rec-{at:010d}"
        details: dict[str, Any] = {"isComponent": False}
        if kind == "entity":
            code = _country(at // 20)
            details |= {"entityType": {"type": "registeredEntity"}, "name": _name(at),
                        "jurisdiction": {"name": code, "code": code}, "foundingDate": "1999-01-02",
                        "identifiers": [{"scheme": "GB-COH", "id": f"{at:08d}"}],
                        "addresses": [{"type": "registered", "address": f"{at} Street, Lima", "postCode": "15001"}],
                        }  # fmt: skip
        elif kind == "person":
            details |= {"personType": "knownPerson", "names": [{"type": "legal", "fullName": f"Person {at}"}],
                        "nationalities": [{"name": "Peru", "code": "PE"}], "birthDate": "1970-01"}  # fmt: skip
        else:
            share = {"exact": 5 + place}
            interest = {"type": "shareholding", "directOrIndirect": "direct", "share": share, "startDate": DAY}
            details |= {"subject": f"rec-{first:010d}", "interestedParty": f"rec-{first + place - 8:010d}",
                        "interests": [interest]}  # fmt: skip
        yield {
            "statementId": f"{at:08d}-0000-4000-8000-{at:012d}", "declarationSubject": f"rec-{first:010d}",
            "statementDate": DAY, "publicationDetails": published, "source": {"type": ["officialRegister"]},
            "recordId": record, "recordStatus": "new", "recordType": kind, "recordDetails": details,
        }  # fmt: skip


def write_ftm(folder: Path, rows: int) -> list[Path]:
    """Write entities as JSON Lines."""
    return [_write_lines(folder / "ftm.jsonl", _entities(rows))]


def _entities(rows: int) -> Iterator[dict[str, Any]]:
    """Yield groups of ten entities: six firms, a person and three ownerships of the first firm."""
    for at in range(rows):
        first, place = at // 10 * 10, at % 10
        properties: dict[str, list[str]]
        if place < 6:
            schema, code = "Company", _country(at // 10).lower()
            properties = {"name": [_name(at)], "jurisdiction": [code], "address": [f"{at} Street, Lima"],
                          "registrationNumber": [f"{at:08d}"], "incorporationDate": ["1999-01-02"]}  # fmt: skip
        elif place == 6:
            schema = "Person"
            properties = {"name": [f"Person {at}"], "nationality": ["gb"], "birthDate": ["1970-01"]}
        else:
            schema = "Ownership"
            properties = {"owner": [f"e{first + place - 4}"], "asset": [f"e{first}"], "percentage": [f"{place}.5"],
                          "startDate": [DAY]}  # fmt: skip
        yield {"id": f"e{at}", "schema": schema, "properties": properties, "datasets": ["bench"], "referents": [],
               "first_seen": DAY, "last_seen": DAY, "target": False}  # fmt: skip


def _write_lines(path: Path, records: Iterator[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
    return path


_COMTRADE: Final = [
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
    "flowDesc",
    "partnerCode",
    "partnerISO",
    "partnerDesc",
    "partner2Code",
    "partner2ISO",
    "partner2Desc",
    "classificationCode",
    "classificationSearchCode",
    "isOriginalClassification",
    "cmdCode",
    "cmdDesc",
    "aggrLevel",
    "isLeaf",
    "customsCode",
    "customsDesc",
    "mosCode",
    "motCode",
    "motDesc",
    "qtyUnitCode",
    "qtyUnitAbbr",
    "qty",
    "isQtyEstimated",
    "altQtyUnitCode",
    "altQtyUnitAbbr",
    "altQty",
    "isAltQtyEstimated",
    "netWgt",
    "isNetWgtEstimated",
    "grossWgt",
    "isGrossWgtEstimated",
    "cifvalue",
    "fobvalue",
    "primaryValue",
    "legacyEstimationFlag",
    "isReported",
    "isAggregate",
]


def write_comtrade(folder: Path, rows: int) -> list[Path]:
    """Write figures with all columns of version 2: exports of each reporter to each partner, by HS heading."""
    path, chance = folder / "comtrade.csv", random.Random(1)
    countries = [*range(4, 804, 4)]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(_COMTRADE) + "\r\n")
        for at in range(rows):
            reporter, partner = countries[at % 200], countries[(at // 200 + at % 200 + 1) % 200]
            goods, year = f"{at // 40_000 + 1:02d}10", 2011
            value = chance.randrange(1, 10**9)
            cells = {
                "typeCode": "C", "freqCode": "A", "refPeriodId": "20110101", "refYear": year, "refMonth": 52,
                "period": year, "reporterCode": reporter, "flowCode": "X", "partnerCode": partner,
                "partner2Code": 0, "classificationCode": "H3", "classificationSearchCode": "HS",
                "isOriginalClassification": "True", "cmdCode": goods, "aggrLevel": 4, "isLeaf": "False",
                "customsCode": "C00", "mosCode": 0, "motCode": 0, "qtyUnitCode": 8, "qty": value // 3,
                "isQtyEstimated": "False", "altQtyUnitCode": -1, "isAltQtyEstimated": "False",
                "netWgt": value // 3, "isNetWgtEstimated": "False", "isGrossWgtEstimated": "False",
                "fobvalue": f"{value}.5", "primaryValue": f"{value}.5", "legacyEstimationFlag": 0,
                "isReported": "False", "isAggregate": "True",
            }  # fmt: skip
            file.write(",".join(str(cells.get(name, "")) for name in _COMTRADE) + "\r\n")
    return [path]


WRITERS: Final[dict[str, Callable[[Path, int], list[Path]]]] = {
    "gleif": write_gleif, "bods": write_bods, "ftm": write_ftm, "comtrade": write_comtrade,
}  # fmt: skip


if __name__ == "__main__":
    place, count = Path(sys.argv[1]), int(sys.argv[2])
    place.mkdir(parents=True, exist_ok=True)
    for write in WRITERS.values():
        print(*write(place, count), sep="\n")
