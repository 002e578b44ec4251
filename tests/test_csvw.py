"""The metadata is valid CSV on the Web for the csvw package, and both read the same values from the tables."""

from __future__ import annotations

import json
import shutil
import threading
import warnings
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from csvw import CSVW
from csvw.metadata import Column as PeerColumn
from hypothesis import given
from hypothesis import strategies as st

from patches import read_rows, write_rows
from peru_asia_graph.sources.cells import Cell, compile_reader
from peru_asia_graph.sources.metadata import SLUG
from peru_asia_graph.sources.tables import Table, read_source
from peru_asia_graph.vocabulary import EDTF

DATA = Path(__file__).parents[1] / "data"
FOLDERS = sorted(path.parent.name for path in DATA.glob("*/csv-metadata.json"))


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data folder, to which tests may add folders."""
    return Path(shutil.copytree(DATA, tmp_path_factory.mktemp("csvw") / "data"))


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """The address of the data folder on a local server: csvw resolves shared schemas only by URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(data))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def peer(address: str, folder: str) -> CSVW:
    """Return a folder as the csvw package reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        return CSVW(f"{address}/{folder}/csv-metadata.json", validate=True)


def peer_rows(peer_table: Any, table: Table) -> list[dict[str, Cell]]:
    """Return the rows of a table as read by csvw, without virtual columns; a missing list is an empty one."""
    virtual = {column["name"] for column in table.columns if column.get("virtual")}
    lists = {column["name"] for column in table.columns if "separator" in column}
    rows = ({name: cell for name, cell in row.items() if name not in virtual} for row in peer_table.iterdicts())
    return [{name: [] if cell is None and name in lists else cell for name, cell in row.items()} for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_csvw_accepts_the_files(address: str, folder: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        read = peer(address, folder)
        assert read.is_valid, [str(warning.message) for warning in read.warnings]


@pytest.mark.parametrize("folder", FOLDERS)
def test_csvw_reads_the_same_cells(address: str, folder: str) -> None:
    tables = read_source(DATA / folder).tables
    peers = {Path(str(one.url)).stem: one for one in peer(address, folder).tables}
    assert peers.keys() == tables.keys()
    for name, table in tables.items():
        assert peer_rows(peers[name], table) == [dict(row.cells) for row in table.rows], name


def test_csvw_reads_a_table_without_its_optional_columns(address: str, data: Path) -> None:
    folder = data / "short"
    folder.mkdir()
    header, *rows = read_rows(DATA / "sanborn-yong" / "phases.csv")
    present = [index for index, name in enumerate(header) if name not in ("valid_from", "note")]
    write_rows(folder / "phases.csv", [[row[index] for index in present] for row in (header, *rows)])
    group = json.loads((DATA / "sanborn-yong" / "csv-metadata.json").read_text("utf-8"))
    group["@id"] = group["@id"].replace("sanborn-yong", "short")
    group["tables"] = [one | {"dc:extent": 26} for one in group["tables"] if one["url"] == "phases.csv"]
    (folder / "csv-metadata.json").write_text(json.dumps(group), "utf-8")
    source = read_source(folder)
    assert source.problems == []
    table = source.tables["phases"]
    [peer_table] = peer(address, "short").tables
    assert peer_rows(peer_table, table) == [dict(row.cells) for row in table.rows]
    # A validator matches columns by position, so its schema must list exactly those of the file.
    schema = dict(table.schema)
    schema["columns"] = [column for column in table.columns if column["name"] not in ("valid_from", "note")]
    schema.pop("foreignKeys")
    group["tables"][0]["tableSchema"] = schema
    (folder / "csv-metadata.json").write_text(json.dumps(group), "utf-8")
    read = peer(address, "short")
    assert read.is_valid, [str(warning.message) for warning in read.warnings]
    shorter = read_source(folder).tables["phases"].rows
    assert [{**row.cells, "valid_from": None, "note": None} for row in shorter] == [row.cells for row in table.rows]


numbers = st.sampled_from(["decimal", "integer", "positiveInteger", "nonNegativeInteger"])
bounds = st.fixed_dictionaries({}, optional={name: st.integers(-20, 120).map(str) for name in ("minimum", "maximum")})
formats = st.sampled_from([SLUG, "Table [1-7]", "a|bc", "[A-Z]?"])
datatypes = st.one_of(
    st.sampled_from(["string", "boolean"]),
    numbers,
    st.builds(lambda base, bound: {"base": base, **bound}, numbers, bounds),
    formats.map(lambda form: {"base": "string", "format": form}),
    st.just({"base": "string", "@id": EDTF}),
)


@st.composite
def columns(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a column description of the kinds used in the shared schemas."""
    column = {"name": "x", "datatype": draw(datatypes), "required": draw(st.booleans())}
    base = column["datatype"] if isinstance(column["datatype"], str) else column["datatype"]["base"]
    if base == "string" and draw(st.booleans()):
        column["separator"] = draw(st.sampled_from([";", "|"]))
    if draw(st.booleans()):
        column["null"] = draw(st.sampled_from(["", ["", "n/a"], ["", "a"]]))
    return column


texts = st.one_of(
    st.sampled_from(["", "a", "bc", "n/a", "a;b", "a;;b", "a|bc", "b;b", "Table 3", "true", "0", "2012-05", "1990/.."]),
    st.decimals(-200, 200, places=2).map(str),
    st.integers(-200, 200).map(str),
    st.text(max_size=6),
)


@given(columns(), texts)
def test_a_value_is_the_one_csvw_reads(column: dict[str, Any], text: str) -> None:
    try:
        value = compile_reader(column)(text)
    except ValueError as error:
        assert "; " in str(error)
        return
    expected = PeerColumn.fromvalue(json.loads(json.dumps(column))).read(text)
    if expected is None and "separator" in column:
        expected = []
    assert (value, type(value)) == (expected, type(expected))


@given(columns(), texts)
def test_a_text_that_csvw_refuses_is_refused(column: dict[str, Any], text: str) -> None:
    try:
        PeerColumn.fromvalue(json.loads(json.dumps(column))).read(text)
    except ValueError:
        with pytest.raises(ValueError):
            compile_reader(column)(text)


@pytest.mark.parametrize("path", sorted(DATA.glob("schema/*.json")), ids=lambda path: path.stem)
def test_schemas_describe_every_column(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    assert schema["dc:description"] and schema["primaryKey"]
    for column in schema["columns"]:
        assert column.get("virtual") or column["datatype"]
        assert "propertyUrl" in column or column["suppressOutput"]
