"""BODS 0.4 statements for tests."""

from __future__ import annotations

import json
from typing import Any

DAY = "2020-01-31"


def statement(kind: str, record: str, details: dict[str, Any], number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a statement about a record; ``number`` distinguishes statements about the same record."""
    made = {
        "statementId": f"{number:02}-{record}".ljust(32, "x"), "declarationSubject": "mine", "statementDate": DAY,
        "recordId": record, "recordType": kind, "recordStatus": "new" if number == 1 else "updated",
        "recordDetails": {"isComponent": False, **details},
    }  # fmt: skip
    return {**made, **fields}


def entity(record: str, name: str, kind: str = "registeredEntity", **details: Any) -> dict[str, Any]:
    return statement("entity", record, {"entityType": {"type": kind}, "name": name, **details})


def person(record: str, name: str, **details: Any) -> dict[str, Any]:
    known = {"personType": "knownPerson", "names": [{"type": "legal", "fullName": name}]}
    return statement("person", record, {**known, **details})


def relation(
    record: str, subject: str, party: Any, interests: list[dict[str, Any]], number: int = 1, **fields: Any
) -> dict[str, Any]:
    details = {"subject": subject, "interestedParty": party, "interests": interests}
    return statement("relationship", record, details, number, **fields)


def shares(exact: float | None = None, how: str = "direct", **more: Any) -> dict[str, Any]:
    """Return a shareholding interest."""
    share = {} if exact is None else {"share": {"exact": exact}}
    return {"type": "shareholding", "directOrIndirect": how, **share, **more}


def lines(*statements: dict[str, Any]) -> bytes:
    """Return statements as JSON Lines."""
    return "".join(json.dumps(one) + "\n" for one in statements).encode()


def array(*statements: dict[str, Any]) -> bytes:
    """Return statements as a JSON array, one per line."""
    return ("[\n" + ",\n".join(json.dumps(one) for one in statements) + "\n]\n").encode()
