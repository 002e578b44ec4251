"""Cuts a part out of BODS files: the entities of a country, what is said of their owners, and these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import decode_records, load_msgspec
from peru_asia_graph.importers.problems import Problems


def choose_records(request: ImportRequest, problems: Problems) -> set[str] | None:
    """Return the identifiers of the records of ``--country``; None without that option.

    These are the entities of the jurisdiction (``PE`` also takes ``PE-LIM``), the relationships in which they are the
    subject, and the interested parties of those. The files are read twice for this, in whatever order they are; only
    identifiers are kept.
    """
    country = request.country
    if not country:
        return None
    found = {one.recordId for one in _outlines(request, problems) if one.recordType == "entity"
             and one.recordDetails.jurisdiction is not None
             and one.recordDetails.jurisdiction.code.upper().partition("-")[0] == country}  # fmt: skip
    problems.raise_any()
    kept = set(found)
    for one in _outlines(request, problems):
        details = one.recordDetails
        if one.recordType == "relationship" and isinstance(details.subject, str) and details.subject in found:
            kept.add(one.recordId)
            if isinstance(details.interestedParty, str):
                kept.add(details.interestedParty)
    return kept


def _outlines(request: ImportRequest, problems: Problems) -> Iterator[Any]:
    """Yield the statements of files that have details, with what this needs only."""
    decoder = _decoder()
    for path in request.files:
        for block in decode_records(path, decoder, problems, request.progress):
            yield from (one for one in block.found if one.recordDetails is not None)


def _decoder() -> Any:
    msgspec = load_msgspec()
    place = msgspec.defstruct("Place", [("code", str, "")], gc=False)
    details = msgspec.defstruct(
        "Details", [("jurisdiction", place | None, None), ("subject", Any, None), ("interestedParty", Any, None)],
        gc=False,
    )  # fmt: skip
    fields = [("recordId", str, ""), ("recordType", str, ""), ("recordDetails", details | None, None)]
    return msgspec.json.Decoder(msgspec.defstruct("Record", fields, gc=False))
