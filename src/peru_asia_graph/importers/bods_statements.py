"""Reads the statements of BODS files, all or those about a country, and checks each against the standard's schemas.

The JSON Schemas are in ``bods_schema``.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import import_extra
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.draft import Draft, clean
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.json_reading import choose_records, decode_all, decode_record, load_msgspec
from peru_asia_graph.importers.problems import ForeignPlace, Problems, in_record

VERSION: Final = "0.4"
_SCHEMAS: Final = Path(__file__).parent / "bods_schema"
_EARLIER: Final = ("statementID", "statementType")

_REGISTER = "officialRegister"
_COMMENT = "commenting"


@dataclass(frozen=True)
class BodsStatement(ForeignPlace):
    """A statement: its position, and its fields as in the file (numbers with a decimal point are Decimals)."""

    fields: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.fields["statementId"])

    @property
    def name(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return str(self.fields["recordId"])

    @property
    def kind(self) -> str:
        """``entity``, ``person`` or ``relationship``."""
        return str(self.fields["recordType"])

    @property
    def status(self) -> str:
        """``new``, ``updated``, ``closed`` or empty."""
        return str(self.fields.get("recordStatus", ""))

    @property
    def day(self) -> str:
        return str(self.fields["statementDate"])[:10]

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = self.fields["recordDetails"]
        return found


def read_statements(request: ImportRequest, problems: Problems, wanted: set[str] | None) -> Iterator[BodsStatement]:
    """Yield the statements about the wanted records (None: all); invalid statements are noted and left out.

    Raises BadInput for statements in BODS 0.3 or earlier.
    """
    decoder = load_msgspec().json.Decoder(float_hook=Decimal)
    for path in request.files:
        for line, raw in choose_records(path, "recordId", wanted, problems, request.progress):
            fields = decode_record(raw, decoder, str(path), line, problems)
            if fields is not None and _is_valid(raw, fields, str(path), line, problems):
                yield BodsStatement(str(path), line, fields)


def by_record(statements: Sequence[BodsStatement]) -> list[list[BodsStatement]]:
    """Return the statements about each record, in chronological order."""
    series: dict[str, list[BodsStatement]] = defaultdict(list)
    for one in statements:
        series[one.record].append(one)
    return [sorted(parts, key=lambda one: str(one.fields["statementDate"])) for parts in series.values()]


def _is_valid(raw: bytes, fields: Any, file: str, line: int, problems: Problems) -> bool:
    remedy = f"correct the field; see the schema of BODS {VERSION}"
    if not isinstance(fields, dict):
        problems.add(file, line, "", "a statement is not an object", remedy)
        return False
    if "recordType" not in fields and any(name in fields for name in _EARLIER):
        message = "the statement is in BODS 0.3 or earlier"
        raise problems.stop(file, line, "statementType", message, f"convert the file to BODS {VERSION} first")
    details = fields.get("publicationDetails")
    version = details.get("bodsVersion", VERSION) if isinstance(details, dict) else VERSION
    if isinstance(version, str) and version.split(".")[:2] != VERSION.split("."):
        message = f"the statement is in BODS {version[:20]}"
        raise problems.stop(file, line, "publicationDetails/bodsVersion", message, f"convert it to BODS {VERSION}")
    errors = [
        ("/".join(map(str, one.instance_path)), _message(one)) for one in _validator().iter_errors(json.loads(raw))
    ]
    record = in_record(str(fields.get("recordId", "")))
    for place, message in sorted(set(errors)):
        problems.add(file, line, place, (message if len(message) < 200 else message[:199] + "…") + record, remedy)
    return not errors


def _message(error: Any) -> str:
    """Return the error message; if the schema allows alternatives, the messages for all of them."""
    ways = [_message(one[0]) for one in getattr(error.kind, "context", ()) if one]
    return ", or else ".join(dict.fromkeys(ways)) or str(error.message)


@cache
def _validator() -> Any:
    jsonschema_rs = import_extra("jsonschema_rs", "validating BODS needs jsonschema-rs", "import")
    schemas = [json.loads(path.read_text("utf-8")) for path in sorted(_SCHEMAS.glob("*.json"))]
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas])
    whole = {"$ref": "urn:statement#/$defs/Statement"}
    return jsonschema_rs.Draft202012Validator(whole, registry=registry, validate_formats=True)


def choose_by_country(request: ImportRequest, problems: Problems) -> set[str] | None:
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
