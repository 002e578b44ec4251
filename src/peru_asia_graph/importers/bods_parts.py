"""Cuts a part out of BODS files: the entities of a country, what is said of their owners, and these."""

from __future__ import annotations

from typing import Any

from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import decode_records, load_msgspec
from peru_asia_graph.importers.problems import Problems


def choose_records(request: ImportRequest, problems: Problems) -> set[str] | None:
    """Return the identifiers of the records of ``--country``; None without that option.

    These are the entities of the jurisdiction (``PE`` also takes ``PE-LIM``), the relationships in which they are the
    subject, and the interested parties of those. The files are read once for this; only identifiers are kept, since in
    BODS a subject stands before its relationships.
    """
    country = request.country
    if not country:
        return None
    decoder, kept = _decoder(), set[str]()
    for path in request.files:
        for block in decode_records(path, decoder, problems, request.progress):
            for one in block.found:
                details = one.recordDetails
                if details is None:
                    continue
                if details.jurisdiction is not None and one.recordType == "entity":
                    if details.jurisdiction.code.upper().partition("-")[0] == country:
                        kept.add(one.recordId)
                elif one.recordType == "relationship" and isinstance(details.subject, str) and details.subject in kept:
                    kept.add(one.recordId)
                    if isinstance(details.interestedParty, str):
                        kept.add(details.interestedParty)
    problems.raise_any()
    return kept


def _decoder() -> Any:
    msgspec = load_msgspec()
    place = msgspec.defstruct("Place", [("code", str, "")], gc=False)
    details = msgspec.defstruct(
        "Details", [("jurisdiction", place | None, None), ("subject", Any, None), ("interestedParty", Any, None)],
        gc=False,
    )  # fmt: skip
    fields = [("recordId", str, ""), ("recordType", str, ""), ("recordDetails", details | None, None)]
    return msgspec.json.Decoder(msgspec.defstruct("Record", fields, gc=False))
