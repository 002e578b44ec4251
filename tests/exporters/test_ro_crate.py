"""RO-Crate export: accepted by the RO-Crate validator, complete, and with no invented metadata."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporters import ROOT, make_input, tool
from peru_asia_graph.exporters import ro_crate
from peru_asia_graph.exporters.format_registry import ExportInput, find_format
from skips import skip_outside

# The JSON-LD context of RO-Crate 1.1, which the validator would otherwise download.
CONTEXT = next(iter(ROOT.parent.glob("*/samples/rocrate/context-1.1.jsonld")), None)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The committed exports without the build manifest; test_exports.py checks that they match a build."""
    folder = ROOT / "exports"
    found = {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
    del found["manifest.json"]
    return found


@pytest.fixture(scope="module")
def entities(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """The entities of the crate, by id."""
    return {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}


def ids(value: Any) -> set[str]:
    """Return the ids that a property references."""
    return {one["@id"] for one in (value if isinstance(value, list) else [value])}


def test_validator_accepts_the_crate(
    files: dict[str, bytes], unpack: Callable[[dict[str, bytes]], Path], tmp_path: Path
) -> None:
    if CONTEXT is None:
        skip_outside("the context of RO-Crate 1.1")
    program = tool("rocrate-validator")
    cache = tmp_path / "cache"
    warm = [tool("python"), str(ROOT / "tests" / "tools" / "rocrate_cache.py"), str(CONTEXT), str(cache)]
    subprocess.run(warm, check=True)
    report = tmp_path / "report.json"
    command = [program, "-y", "--disable-color", "validate", "--offline", "--cache-path", str(cache), "--no-paging"]
    command += ["-p", "ro-crate-1.1", "-l", "required", "-f", "json", "-o", str(report), str(unpack(files))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(report.read_text("utf-8"))
    assert found["passed"] and found["issues"] == []


def test_every_file_has_a_size_and_a_checksum(files: dict[str, bytes], entities: dict[str, dict[str, Any]]) -> None:
    described = {name: one for name, one in entities.items() if one["@type"] == "File"}
    assert set(described) == set(files) - {"ro-crate-metadata.json"}
    for name, one in described.items():
        assert one["contentSize"] == str(len(files[name]))
        assert one["sha256"] == hashlib.sha256(files[name]).hexdigest()
    parts = {part for one in entities.values() for part in ids(one.get("hasPart", []))}
    assert parts >= set(described) and parts - set(described) == {"assets/", "networks/", "tables/"}


def test_every_reference_is_described(entities: dict[str, dict[str, Any]]) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(references, value)) if value else set()
        return {value["@id"]} if isinstance(value, dict) else set()

    for one in entities.values():
        for name, value in one.items():
            outside = {"https://w3id.org/ro/crate/1.1"} if name == "conformsTo" else set()
            assert references(value) <= entities.keys() | outside, name


def test_root_dataset(entities: dict[str, dict[str, Any]]) -> None:
    """CITATION.cff: released 2026-11-23, by the maintainers, CC BY 4.0."""
    root = entities["./"]
    assert root["datePublished"] == "2026-11-23"
    assert ids(root["license"]) == {"https://creativecommons.org/licenses/by/4.0/"}
    assert {entities[one]["name"] for one in ids(root["author"])} == {"The Peru–Asia graph maintainers"}
    assert not {"funder", "funding"} & {name for one in entities.values() for name in one}


def test_sources_have_authors_and_licences(entities: dict[str, dict[str, Any]]) -> None:
    based_on = {one.rpartition("/")[2]: entities[one] for one in ids(entities["./"]["isBasedOn"])}
    assert {entities[one]["name"] for one in ids(based_on["sanborn-yong"]["author"])} == {
        "Cynthia Sanborn", "Alexis Yong",
    }  # fmt: skip
    licences = {name: ids(one["license"]) for name, one in based_on.items() if "license" in one}
    assert licences["un-votes"] == {"https://creativecommons.org/publicdomain/zero/1.0/"}
    assert licences["gem"] == {"https://creativecommons.org/licenses/by/4.0/"}


def test_bundled_library_keeps_its_licences(entities: dict[str, dict[str, Any]]) -> None:
    assert ids(entities["assets/vis-network.min.js"]["license"]) == {
        "assets/vis-network.LICENSE-APACHE-2.0", "assets/vis-network.LICENSE-MIT",
    }  # fmt: skip


def test_missing_metadata_is_reported() -> None:
    source = make_input([])
    found = json.loads(ro_crate.describe(source, {"a b.csv": b"x"}, {}))
    entities = {one["@id"]: one for one in found["@graph"]}
    assert "datePublished" not in entities["./"] and entities["a%20b.csv"]["name"] == "a b.csv"
    assert {(one.kind, one.field) for one in source.losses.lines()} == {
        ("dataset", "datePublished"), ("dataset", "license"),
    }  # fmt: skip


@pytest.mark.slow
def test_export_matches_the_build(whole: ExportInput, files: dict[str, bytes]) -> None:
    assert find_format("ro-crate").files(whole) == files
