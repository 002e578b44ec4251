"""The manifests of the reconciliation service, for version 0.2 and version 1.0-draft."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from peru_asia_graph.query.candidates import Kind
from peru_asia_graph.vocabulary import ONTOLOGY, THING
from peru_asia_graph.web.reconcile_queries import MAX_QUERIES

ROOT: Final = "/reconcile"
DRAFT_ROOT: Final = f"{ROOT}/1.0-draft"
_NAME: Final = "Peru–Asia knowledge graph"
_VERSION: Final = version("peru-asia-graph")
_DEFAULT_TYPES: Final = ("Organization", "Project", "State", "Place", "Person", "Agreement", "Event", "Commodity")
_PREVIEW: Final = {"width": 440, "height": 240}
_SETTINGS: Final[tuple[dict[str, Any], ...]] = (
    {"id": "source", "type": "text", "name": "Source", "default": "",
     "help": "Only values from this source, by its name as at /sources; empty for all."},
    {"id": "limit", "type": "number", "name": "Limit", "default": 0,
     "help": "Maximum number of values per property and thing; 0 for all."},
)  # fmt: skip


def describe_service(base: str, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Return the manifest of version 0.2; ``base`` is the address of the server."""
    settings = [{"name": one["id"], "label": one["name"], "help_text": one["help"], **_typed(one)} for one in _SETTINGS]
    suggest = {
        name: {"service_url": base, "service_path": f"{ROOT}/suggest/{name}"} for name in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "identifierSpace": THING,
        "schemaSpace": ONTOLOGY,
        **_common(base, kinds),
        "view": {"url": f"{base}/page/id/{{{{id}}}}"},
        "preview": {"url": f"{base}{ROOT}/preview?id={{{{id}}}}", **_PREVIEW},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": base, "service_path": f"{ROOT}/extend/propose"},
            "property_settings": settings,
        },
    }


def describe_draft(base: str, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Return the manifest of version 1.0-draft."""
    settings = [{"id": one["id"], "name": one["name"], "helpText": one["help"], **_typed(one)} for one in _SETTINGS]
    return {
        "versions": ["1.0-draft"],
        **_common(base, kinds),
        "view": {"url": f"{base}/page/id/{{id}}"},
        # The specification's test bench expects the address of version 0.2, which the draft's schema allows.
        "preview": {"url": f"{base}{DRAFT_ROOT}/preview?id={{{{id}}}}", **_PREVIEW},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": settings},
        "standardizedScore": True,
    }


def _typed(setting: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": setting["type"], "default": setting["default"]}


def _common(base: str, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {
        "name": _NAME,
        "documentation": f"{base}/limits",
        "logo": f"{base}/logo.svg",
        "serviceVersion": _VERSION,
        "defaultTypes": [{"id": name, "name": kinds[name].name} for name in _DEFAULT_TYPES if name in kinds],
        "batchSize": MAX_QUERIES,
    }
