"""Selects part of BODS files: the entities of a country, the relationships about them, and their owners."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import decode_all, load_msgspec
from peru_asia_graph.importers.problems import Problems


def choose_records(request: ImportRequest, problems: Problems) -> set[str] | None:
    """Return the identifiers of the records for ``--country``; None without that option.

    These are the entities in the jurisdiction (``PE`` includes ``PE-LIM``), the relationships in which they are the
    subject, and the interested parties of those, in any order. Only identifiers are kept in memory. The files are read
    once for this, and a second time if a relationship comes before its subject.
    """
    country = request.country
    if not country:
        return None
    found: set[str] = set()
    kept: set[str] = set()
    # Hashes of the subjects not found yet, which take less memory than the strings.
    passed = array("q")
    for one in _outlines(request, problems):
        subject, place = one.recordDetails.subject, one.recordDetails.jurisdiction
        if one.recordType == "relationship" and isinstance(subject, str):
            if subject in found:
                kept.update(_ends(one))
            else:
                passed.append(hash(subject))
        elif one.recordType == "entity" and place and place.code.upper().partition("-")[0] == country:
            found.add(one.recordId)
    problems.raise_any()
    if not {hash(one) for one in found}.isdisjoint(passed):
        for one in _outlines(request, problems):
            subject = one.recordDetails.subject
            if one.recordType == "relationship" and isinstance(subject, str) and subject in found:
                kept.update(_ends(one))
    return found | kept


def _ends(relationship: Any) -> list[str]:
    """Return the identifiers of a relationship and of its interested party, if known."""
    party = relationship.recordDetails.interestedParty
    return [relationship.recordId, party] if isinstance(party, str) else [relationship.recordId]


def _outlines(request: ImportRequest, problems: Problems) -> Iterator[Any]:
    """Return the statements that have details, with only the fields needed here."""
    msgspec = load_msgspec()
    place = msgspec.defstruct("Place", [("code", str, "")], gc=False)
    details = msgspec.defstruct(
        "Details", [("jurisdiction", place | None, None), ("subject", Any, None), ("interestedParty", Any, None)],
        gc=False,
    )  # fmt: skip
    fields = [("recordId", str, ""), ("recordType", str, ""), ("recordDetails", details | None, None)]
    decoder = msgspec.json.Decoder(msgspec.defstruct("Record", fields, gc=False))
    return (one for one in decode_all(request, decoder, problems) if one.recordDetails is not None)
