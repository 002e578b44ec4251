"""Citations of BODS statements, and the works they name as their sources."""

from __future__ import annotations

from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.bods_statements import BodsStatement
from peru_asia_graph.importers.draft import Draft, clean

_REGISTER = "officialRegister"
_COMMENT = "commenting"


def cite(one: BodsStatement, draft: Draft, field: str = "") -> str:
    """Return the citation of a statement, or of a field in it, with the work that the statement names as its source."""
    source = one.fields.get("source", {})
    names = [clean(who.get("name", "")) for who in source.get("assertedBy", [])]
    label = "; ".join(filter(None, names)) or clean(source.get("description", ""))
    kind = "database" if _REGISTER in source.get("type", []) else "dataset"
    by = [draft.reported_by(label, label, kind)] if label else []
    retrieved = str(source.get("retrievedAt", ""))[:10]
    return draft.cite(one.id, field, one.line, address=source.get("url", ""), retrieved=retrieved, reported_by=by)


def comments(one: BodsStatement) -> list[str]:
    """Return the comments in the annotations of a statement."""
    notes = one.fields.get("annotations", [])
    return [clean(note["description"]) for note in notes if note["motivation"] == _COMMENT and note.get("description")]


def count_lost(one: BodsStatement, noted: bool, losses: LossReport) -> None:
    """Count the metadata of a statement that is not imported; ``noted`` says whether its comments were."""
    for note in one.fields.get("annotations", []):
        placed = noted and note["motivation"] == _COMMENT and note.get("description")
        if placed:
            beside = {"createdBy": ", ".join(note.get("createdBy", {}).values()), "url": note.get("url")}
            for name, value in beside.items():
                if value:
                    losses.add("annotation", name, "not supported", value, one.place)
        else:
            example = note.get("description") or note.get("url", "")
            losses.add("annotation", note["motivation"], "not supported", example, one.place)
    source = one.fields.get("source", {})
    asserted = source.get("assertedBy", [])
    for kind, name, value in (
        ("statement", "declaration", one.fields.get("declaration")),
        ("statement", "publisher.url", one.fields.get("publicationDetails", {}).get("publisher", {}).get("url")),
        *(("source", "type", kind) for kind in source.get("type", []) if kind != _REGISTER),
        *(("source", "assertedBy.uri", who.get("uri")) for who in asserted),
    ):
        if value:
            losses.add(kind, name, "not supported", value, one.place)
    if source.get("description") and any(who.get("name") for who in asserted):
        reason = "only the name of who asserted it is kept"
        losses.add("source", "description", reason, source["description"], one.place)
    if one.kind != "relationship" and one.status == "closed":
        reason = "the day on which a record was closed is not supported"
        losses.add(one.kind, "recordStatus", reason, one.day, one.place)
