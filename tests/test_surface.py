"""The HTTP API matches its OpenAPI description for any input: Schemathesis against a running server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"


@pytest.mark.slow
def test_description_lists_the_actual_paths(site: str) -> None:
    with urllib.request.urlopen(f"{site}/openapi.json") as answer:
        assert answer.headers["Content-Type"] == "application/json"
        paths = json.load(answer)["paths"]
    described = {"/sparql", "/data/{path}", "/page/{path}", "/search", "/questions/{name}", "/health", "/reconcile"}
    assert described <= paths.keys()


@pytest.mark.slow
@pytest.mark.parametrize("examples", ["8", pytest.param("60", marks=pytest.mark.long)])
def test_schemathesis_finds_no_failures(site: str, tmp_path: Path, examples: str) -> None:
    if not PROGRAM.is_file():
        pytest.skip("schemathesis is not installed (it comes with the test extra)")
    command = [str(PROGRAM), "run", f"{site}/openapi.json", "--checks", CHECKS, "--seed", "1", "--max-examples",
               examples, "--phases", "examples,coverage,fuzzing", "--request-timeout", "60", "--no-color"]  # fmt: skip
    hooks = {"SCHEMATHESIS_HOOKS": "sparql_serializer", "PYTHONPATH": str(Path(__file__).parent / "tools")}
    settings = {**os.environ, **hooks}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=settings, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
