"""Skipped tests are listed with their reasons and fail the run when ``CI`` is set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """\
import pytest
from skips import skip_outside

def test_here(): pass
def test_tool(): pytest.skip("no such tool")
def test_text(): skip_outside("the paper's text")
"""


@pytest.mark.parametrize(
    ("ci", "chosen", "processes", "code"),
    [("", "", 0, 0), ("true", "", 0, 1), ("true", "", 2, 1), ("true", "not tool", 0, 0), ("true", "here", 0, 0)],
)
def test_exit_code(tmp_path: Path, ci: str, chosen: str, processes: int, code: int) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-p", "skips", "-n", str(processes), "-k", chosen]
    settings = {"CI": ci, "PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout
    assert ("no such tool  (test_some.py)" in done.stdout) == (not chosen)
    assert ("a skipped test is a failure: 1" in done.stdout) == (code == 1)
