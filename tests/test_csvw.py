"""The metadata is CSV on the Web as a foreign validator understands it."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from csvw import CSVW

DATA = Path(__file__).parents[1] / "data"


class Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the data folder, served on this machine; shared schemas are found by address only."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(DATA))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("folder", ["sanborn-yong", "reference"])
def test_csvw_accepts_the_files(address: str, folder: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        read = CSVW(f"{address}/{folder}/csv-metadata.json", validate=True)
        assert read.is_valid, [str(warning.message) for warning in read.warnings]


@pytest.mark.parametrize("path", sorted(DATA.glob("schema/*.json")), ids=lambda path: path.stem)
def test_schemas_describe_every_column(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    assert schema["dc:description"] and schema["primaryKey"]
    for column in schema["columns"]:
        assert column.get("virtual") or column["datatype"]
        assert "propertyUrl" in column or column["suppressOutput"]
