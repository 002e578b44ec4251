"""Where a BODS statement stands, and the works it names as its sources."""

from __future__ import annotations

from peru_asia_graph.importers.bods_statements import BodsStatement
from peru_asia_graph.importers.draft import Draft, clean

_REGISTER = "officialRegister"


def place(one: BodsStatement) -> str:
    """Return where a statement stands."""
    return f"{one.file}:{one.line}"


def cite(one: BodsStatement, draft: Draft, field: str = "") -> str:
    """Return the citation of a statement, or a field of it, with the work the statement itself names as its source."""
    source = one.fields.get("source", {})
    names = [clean(who.get("name", "")) for who in source.get("assertedBy", [])]
    label = "; ".join(filter(None, names)) or clean(source.get("description", ""))
    kind = "database" if _REGISTER in source.get("type", []) else "dataset"
    by = [draft.reported_by(label, label, kind)] if label else []
    retrieved = str(source.get("retrievedAt", ""))[:10]
    return draft.cite(one.id, field, one.line, address=source.get("url", ""), retrieved=retrieved, reported_by=by)
