"""The Reconciliation Service API checked against the specification's own schemas and example requests.

The specification has no licence that allows copying it; RECONCILIATION_SPECS names a checkout of it.
"""

from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from skips import skip_outside
from test_reconcile import fetch

SPECS: Final = Path(os.environ.get("RECONCILIATION_SPECS", "no-such-folder"))
IDS: Final = ["block-8", "cnpc", "peru", "nothing"]
PROPERTIES: Final = [
    {"id": one, "settings": {"limit": "5"}} for one in ("owner", "owner-share", "homeState", "phase", "name")
]
# Our own requests in addition to the specification's: every kind of condition, each with matches.
QUERIES: Final = {
    "q0": {"query": "CNPC", "type": ["Firm", "Organization"], "limit": 3, "type_strict": "should"},
    "q1": {"query": "Marcona", "properties": [{"pid": "locatedIn", "v": ["Peru", {"id": "peru", "name": "Peru"}]}]},
    "q2": {"properties": [{"pid": "identifier", "v": "Q419"}]},
}


@pytest.fixture(scope="module")
def site(site: str) -> str:
    if not (SPECS / "0.2" / "schemas").is_dir():
        skip_outside("the specification of the Reconciliation Service API; RECONCILIATION_SPECS names its folder")
    return site


def examples(version: str, kind: str, judged: str) -> Iterator[tuple[str, str]]:
    """Yield the name and text of the specification's examples of one kind."""
    for path in sorted((SPECS / version / "examples" / kind / judged).glob("*.json")):
        yield path.stem, path.read_text("utf-8")


def problems(version: str, schema: str, found: Any) -> list[str]:
    """Return the schema violations; the schemas refer to each other by file name."""
    files = {path.name: json.loads(path.read_text("utf-8")) for path in (SPECS / version / "schemas").glob("*.json")}
    # All of them name the same meta-schema without a draft, and two have an `$id` that differs from their file name.
    for name, content in files.items():
        content.pop("$schema", None)
        content["$id"] = f"https://example.org/{name}"
    resources = [(content["$id"], content) for content in files.values()]
    resources.append(
        ("http://swagger.io/v2/schema.json", files["openapi.json"] | {"$id": "http://swagger.io/v2/schema.json"})
    )
    registry = jsonschema_rs.Registry(resources)
    validator = jsonschema_rs.Draft202012Validator(files[f"{schema}.json"], registry=registry)
    return [error.message for error in validator.iter_errors(found)]


def form(name: str, text: str) -> bytes:
    return urllib.parse.urlencode({name: text}).encode()


def test_schemas_reject_the_invalid_examples(site: str) -> None:
    """Otherwise they would prove nothing about our responses."""
    for version in ("0.2", "1.0-draft"):
        for kind in ("manifest", "reconciliation-result-batch", "data-extension-response"):
            wrong = [
                name
                for name, text in examples(version, kind, "invalid")
                if not problems(version, kind, json.loads(text))
            ]
            assert wrong == []


def test_manifests(site: str) -> None:
    assert problems("0.2", "manifest", fetch(f"{site}/reconcile")[2]) == []
    assert problems("1.0-draft", "manifest", fetch(f"{site}/reconcile/1.0-draft")[2]) == []


def test_example_batches_and_ours(site: str) -> None:
    batches = dict(examples("0.2", "reconciliation-query-batch", "valid"))
    assert len(batches) >= 4
    for text in (*batches.values(), json.dumps(QUERIES)):
        for answer in (
            fetch(f"{site}/reconcile", form("queries", text)),
            fetch(f"{site}/reconcile?{form('queries', text).decode()}"),
        ):
            status, _, found = answer
            assert (status, found.keys()) == (200, json.loads(text).keys())
            assert problems("0.2", "reconciliation-result-batch", found) == []
    for name, text in examples("0.2", "reconciliation-query-batch", "invalid"):
        assert (name, fetch(f"{site}/reconcile", form("queries", text))[0]) == (name, 400)


def test_example_batches_of_the_draft(site: str) -> None:
    batches = dict(examples("1.0-draft", "reconciliation-query-batch", "valid"))
    assert len(batches) >= 5
    ours = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "CNPC"}], "type": "Firm"}]}
    for text in (*batches.values(), json.dumps(ours)):
        status, _, found = fetch(f"{site}/reconcile/1.0-draft/match", text.encode(), "application/json")
        assert (status, len(found["results"])) == (200, len(json.loads(text)["queries"]))
        assert problems("1.0-draft", "reconciliation-result-batch", found) == []
    for name, text in examples("1.0-draft", "reconciliation-query-batch", "invalid"):
        status = fetch(f"{site}/reconcile/1.0-draft/match", text.encode(), "application/json")[0]
        assert (name, status) == (name, 400)


def test_example_extensions_and_ours(site: str) -> None:
    """The examples ask for properties of another service; each is rejected by name."""
    for version, send in (
        ("0.2", lambda text: fetch(f"{site}/reconcile", form("extend", text))),
        ("1.0-draft", lambda text: fetch(f"{site}/reconcile/1.0-draft/extend", text.encode(), "application/json")),
    ):
        asked = dict(examples(version, "data-extension-query", "valid"))
        assert asked
        for text in asked.values():
            status, _, found = send(text)
            assert (status, "no property 'variantName'" in found["error"]) == (400, True)
        status, _, found = send(json.dumps({"ids": IDS, "properties": PROPERTIES}))
        assert status == 200
        assert problems(version, "data-extension-response", found) == []


def test_suggestions_and_proposals(site: str) -> None:
    for version, root in (("0.2", "/reconcile"), ("1.0-draft", "/reconcile/1.0-draft")):
        for of, schema in (("entity", "entities"), ("type", "types"), ("property", "properties")):
            found = fetch(f"{site}{root}/suggest/{of}?prefix=o")[2]
            assert found["result"]
            assert problems(version, f"suggest-{schema}-response", found) == []
        found = fetch(f"{site}{root}/extend/propose?type=Firm&limit=4")[2]
        assert len(found["properties"]) == 4
        assert problems(version, "data-extension-property-proposal", found) == []
