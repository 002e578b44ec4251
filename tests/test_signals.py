"""Stop signals: an interrupted command leaves no temporary file, and no part of a source."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from folders import snapshot

# Ctrl-C ends a query at once, as the signal would by default.
CODES = {"query": {signal.SIGINT: -2, signal.SIGTERM: -15, signal.SIGHUP: -1}}
COMMANDS = {
    "query": ["query", "ASK {}", "--store", "data.ttl", "-o", "answer.json"],
    "export": ["export", "-f", "nquads", "--store", "data.ttl", "-o", "graph.nq"],
    "new-source": ["new-source", "my-register"],
    "load": ["load", "data.ttl", "--store", "store"],
}
# A shell lets its background processes ignore Ctrl-C, and so perhaps these tests.
COMMAND = """
import os, signal, sys
from peru_asia_graph.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
# The signal arrives while the first new file is flushed to disk.
STOPPED = f"""{COMMAND}
fsync, number = os.fsync, int(sys.argv.pop(1))
def stopped(handle):
    os.fsync = fsync
    os.kill(os.getpid(), number)
    fsync(handle)
os.fsync = stopped
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("name", COMMANDS)
def test_stopped_command_leaves_all_or_nothing(name: str, number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<http://x/a> <http://x/b> 1 .\n")
    whole = [sys.executable, "-c", STOPPED, str(int(number)), *COMMANDS[name]]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert done.returncode == CODES.get(name, {}).get(number, 128 + number) and "Traceback" not in done.stderr
    left = {one for one in snapshot(tmp_path) if "/" not in one}
    # A file is written to its end; a store is taken back.
    assert left - {"data.ttl"} == {"query": {"answer.json"}, "export": {"graph.nq"}, "load": set()}.get(
        name, {"data", "tests"}
    )
    if name == "new-source":
        assert [one for one in snapshot(tmp_path) if Path(one).name.startswith(".")] == []
        assert (tmp_path / "data/my-register/entities.csv").is_file()
        assert (tmp_path / "tests/test_my_register.py").is_file()


def test_ignored_signal_stays_ignored(tmp_path: Path) -> None:
    whole = ["nohup", sys.executable, "-c", STOPPED, str(int(signal.SIGHUP)), *COMMANDS["new-source"]]
    assert subprocess.run(whole, capture_output=True, check=False, cwd=tmp_path, timeout=60).returncode == 0
    assert (tmp_path / "tests/test_my_register.py").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_assistant_server_ends_and_leaves_no_copy(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    (tmp_path / "a.nt").write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    words = [sys.executable, "-c", f"{COMMAND}main()", "mcp", "--store", str(tmp_path / "a.nt")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    client = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{json.dumps(hello)}\n")
        process.stdin.flush()
        assert "peru-asia-graph" in process.stdout.readline() and list((tmp_path / "temporary").iterdir())
        process.send_signal(number)
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert list((tmp_path / "temporary").iterdir()) == []
