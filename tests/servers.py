"""SPARQL servers for tests and benchmarks, each on a free port: Oxigraph, Virtuoso and ``pag serve``.

A test is skipped if the program of its server is not installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

# For named questions, which are long: Virtuoso spends seconds comparing join orders. There is no limit on the estimated
# time: the estimate overflows on long queries. With a small VectorSize Virtuoso loses rows of them.
FOR_QUESTIONS = "MaxOptimizeLayouts = 20"
VIRTUOSO = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
ErrorLogLevel = 3
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/v-temp.db
TransactionFile = {folder}/v-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = {sql}
LiteMode = 0
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}
ServerThreads = 50
{more}
CheckpointInterval = 0
[HTTPServer]
ServerPort = {http}
ServerRoot = {folder}
ServerThreads = 40
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 120
DefaultQuery = ASK {{}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: its query URL, its graph store URL, and the credentials for writing."""

    name: str
    query: str
    graphs: str
    user: str = ""
    password: str = ""
    folder: Path | None = None
    pid: int = 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def find(program: str) -> str:
    """Return the path of a program, next to this Python or on the PATH; skip the test if it is missing."""
    beside = Path(sys.executable).with_name(program)
    found = str(beside) if beside.exists() else shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not on this machine")
    return found


@contextmanager
def running(command: Sequence[str], port: int, patience: float = 60) -> Iterator[int]:
    """Run a server until its port answers; on exit, terminate it and its child processes."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        deadline = time.monotonic() + patience
        while True:
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, f"{command[0]} does not answer"
                time.sleep(0.1)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Run the Oxigraph server with an empty store in a folder."""
    port = free_port()
    place = f"127.0.0.1:{port}"
    command = [find("oxigraph"), "serve", "--location", str(folder), "--bind", place]
    with running(command, port) as pid:
        yield Server("oxigraph", f"http://{place}/query", f"http://{place}/store", folder=folder, pid=pid)


@contextmanager
def virtuoso(folder: Path, buffers: int = 20_000, more: str = FOR_QUESTIONS) -> Iterator[Server]:
    """Run Virtuoso with an empty database in a folder; ``more`` are additional lines of its parameters."""
    program = find("virtuoso-t")
    folder.mkdir(parents=True, exist_ok=True)
    http, sql = free_port(), free_port()
    settings = VIRTUOSO.format(folder=folder, http=http, sql=sql, buffers=buffers, dirty=buffers * 3 // 4, more=more)
    (folder / "v.ini").write_text(settings)
    command = [program, "+foreground", "+configfile", str(folder / "v.ini"), "+wait"]
    place = f"http://127.0.0.1:{http}"
    with running(command, http, 120) as pid:
        graphs = f"{place}/sparql-graph-crud-auth"
        yield Server("virtuoso", f"{place}/sparql", graphs, "dba", "dba", folder, pid)


@contextmanager
def ours(*options: str, log: Path | None = None) -> Iterator[str]:
    """Run ``pag serve`` on a free port; yield its URL without a trailing slash."""
    command = [sys.executable, "-m", "peru_asia_graph", "serve", "--port", "0", *options]
    with (log or Path(os.devnull)).open("ab") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdout is not None
    try:
        line = process.stdout.readline().decode()
        assert line.startswith("http://"), f"pag serve ended with {process.wait()}"
        address = line.split()[0].rstrip("/")
        await_health(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        process.stdout.close()
    assert code == 0, f"pag serve ended with {code}"


def await_health(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until our server reports that it is healthy."""
    deadline = time.monotonic() + 200
    while True:
        assert process.poll() is None, f"pag serve ended with {process.returncode}"
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=200) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < deadline, "pag serve does not answer"
            time.sleep(0.05)


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def fetch(
    address: str, data: bytes | None = None, headers: Mapping[str, str] | None = None, method: str | None = None
) -> tuple[int, Message, bytes]:
    """Return status, headers and body of a response; an error status raises no exception."""
    request = urllib.request.Request(address, data, dict(headers or {}), method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()
