"""CSV tables: metadata, header, cells; every error has a location and a remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import NamedNode

from peru_asia_graph.build.inputs import read_inputs
from peru_asia_graph.errors import BadInput
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.metadata import kind_of, primary_key, show
from peru_asia_graph.sources.tables import CsvRow, read_source
from tiny import ROOT, copy_tiny

SLUG: Final = {"base": "string", "format": "[a-z0-9]+(-+[a-z0-9]+)*"}
THING: Final = "https://w3id.org/peru-asia-graph/id/"
COLUMNS: Final[list[dict[str, Any]]] = [
    {"name": "id", "required": True, "datatype": SLUG, "suppressOutput": True, "dc:description": "Its slug."},
    {"name": "label", "propertyUrl": "http://www.w3.org/2000/01/rdf-schema#label", "datatype": "string"},
    {
        "name": "share",
        "propertyUrl": THING + "share",
        "datatype": {"base": "decimal", "minimum": "0", "maximum": "100"},
    },
    {"name": "page", "propertyUrl": THING + "page", "datatype": "positiveInteger"},
    {"name": "own", "propertyUrl": THING + "own", "datatype": "boolean"},
    {
        "name": "day",
        "propertyUrl": THING + "day",
        "datatype": {"base": "string", "@id": "http://id.loc.gov/datatypes/edtf/EDTF"},
    },
    {"name": "parts", "propertyUrl": THING + "part", "datatype": SLUG, "separator": ";", "valueUrl": THING + "{parts}"},
    {"name": "names", "propertyUrl": THING + "name", "datatype": "string", "separator": ";"},
    {"name": "table", "propertyUrl": THING + "table", "datatype": {"base": "string", "format": "Table [1-7]"}},
    {"name": "see", "propertyUrl": THING + "see", "datatype": "string", "valueUrl": "{+see}"},
    {"name": "class", "virtual": True, "propertyUrl": THING + "type", "valueUrl": THING + "Class"},
]
HEADER: Final = "id,label,share,page,own,day,parts,names,table,see"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source with one table, ``things``, in ``data/one`` below the working directory."""
    one = tmp_path / "data" / "one"
    one.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    write(one, lambda group: None)
    (one / "things.csv").write_text(HEADER + "\n", "utf-8")
    return one


def write(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write the metadata with a modification."""
    schema = {"aboutUrl": THING + "{id}", "primaryKey": "id", "columns": json.loads(json.dumps(COLUMNS))}
    group = {
        "@id": "https://w3id.org/peru-asia-graph/graph/one",
        "tables": [{"url": "things.csv", "tableSchema": schema}],
    }
    change(group)
    (folder / "csv-metadata.json").write_text(json.dumps(group), "utf-8")


def messages(folder: Path, *lines: str) -> list[str]:
    """Return the problems of the table with these lines."""
    (folder / "things.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return [str(problem) for problem in read_source(folder).problems]


def test_cells_are_typed(folder: Path) -> None:
    full = "a,Araña,33.75,7,true,2012-05,b;c,A;B C,Table 1,https://example.org/x"
    assert messages(folder, HEADER, full, "b,,,,,,,,,", "c,NA,0.0,1,false,196X,d,NULL,,") == []
    table = read_source(folder).tables["things"]
    first, second, third = table.rows
    assert first.cells == {
        "id": "a", "label": "Araña", "share": Decimal("33.75"), "page": 7, "own": True, "day": "2012-05",
        "parts": ["b", "c"], "names": ["A", "B C"], "table": "Table 1", "see": "https://example.org/x",
    }  # fmt: skip
    assert second.cells == dict.fromkeys(HEADER.split(",")) | {"id": "b", "parts": [], "names": []}
    assert (third.text("label"), third.items("names"), third.text("own"), str(third.cells["share"])) == (
        "NA",
        ["NULL"],
        "False",
        "0.0",
    )
    assert (first.items("parts"), first.items("label"), second.items("label"), second.text("label")) == (
        ["b", "c"],
        ["Araña"],
        [],
        "",
    )
    assert [row.line for row in table.rows] == [2, 3, 4]
    assert (table.name, table.file, table.key, table.complete) == ("things", "data/one/things.csv", ["id"], True)
    assert [column["name"] for column in table.columns][-1] == "class"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (",x,,,,,,,,", "column 'id': is empty; fill it in (Its slug)"),
        ("A,,,,,,,,,", "column 'id': 'A' is not a slug; write lower-case ASCII letters, digits and '-'"),
        ("required,,,,,,,,Table 9,", "column 'table': 'Table 9' does not match the format; write it as Table [1-7]"),
        ("a,,100.5,,,,,,,", "column 'share': '100.5' must be <= 100; check the number"),
        ("a,,-1,,,,,,,", "column 'share': '-1' must be >= 0; check the number"),
        ("a,,ten,,,,,,,", "column 'share': 'ten' is not a number; write digits and a decimal point only"),
        ("a,,,7.0,,,,,,", "column 'page': '7.0' is not a number; write digits only, such as 12"),
        ("a,,,0,,,,,,", "column 'page': '0' must be >= 1; check the number"),
        ("a,,,-7,,,,,,", "column 'page': '-7' must be >= 1; check the number"),
        ("a,,,500%,,,,,,", "column 'page': '500%' is not a number; write digits only, such as 12"),
        ("a,,,,1,,,,,", "column 'own': '1' is neither true nor false; write true or false, or leave the cell empty"),
        ("a,,,,,2011-02-31,,,,", "column 'day': '2011-02-31' does not exist in the calendar; check month and day"),
        ("a,,,,,,b;;c,,,", "column 'parts': 'b;;c' has an empty or repeated part; write each value once"),
        ("a,,,,,,b;b,,,", "column 'parts': 'b;b' has an empty or repeated part; write each value once"),
        ("a,,,,,,b; c,,,", "column 'parts': 'b; c' is not a list of slugs; write 'b;c'"),
        ("a,,,,,,,A; B,,", "column 'names': 'A; B' has an empty or repeated part; write each value once"),
        ("a,,,,,,,,,www.example.org", "column 'see': 'www.example.org' is not a web address; write one such as https://"),
        ("a,,,,,,,,,file:///etc/passwd", "column 'see': 'file:///etc/passwd' is not a web address; write one such as https://"),
        ("a,,,,,,,,,https://", "column 'see': 'https://' is not a web address; write one such as https://"),
        ("a,,,,,,,,,https://example.org/%zz", "column 'see': 'https://example.org/%zz' is not a web address"),
        (f"{'a' * 201},,,,,,,,,", f"column 'id': '{'a' * 40}…' is over 200 characters; shorten it"),
        (f"a,,,,,,b;{'c' * 201},,,", "column 'parts': 'b;ccc"),
        ("a,<b>,,,,,,,,", "column 'label': contains markup in angle brackets; write plain text"),
        ("a,b", "2 cells where the header has 10; check commas and quotes, and whether the row is truncated"),
        ("a,,,,,,,,,,", "11 cells where the header has 10; check commas and quotes, and whether the row is truncated"),
    ],
)  # fmt: skip
def test_cell_and_row_errors(folder: Path, cells: str, message: str) -> None:
    problems = messages(folder, HEADER, cells)
    assert len(problems) == 1
    assert problems[0].startswith(f"data/one/things.csv:2: {message}")


def test_bad_cell_does_not_hide_other_errors(folder: Path) -> None:
    problems = messages(folder, HEADER, "A,<b>,x,x,x,x,X,A;A,x,x", "b,,,,,,,,,", "c,,200,,,,,,,")
    assert len(problems) == 11
    rows = read_source(folder).tables["things"].rows
    assert [(row.line, dict(row.cells).get("id")) for row in rows] == [(2, None), (3, "b"), (4, "c")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER.replace("share", "Share"), [" column 'Share': unknown column; write 'share'"]),
        (HEADER.replace("share", " share "), [" column ' share ': unknown column; write 'share'"]),
        (HEADER.replace("share", "shere"), [" column 'shere': unknown column; write 'share'"]),
        (HEADER.removeprefix("id,"), [" column 'id': the column is missing; add it and fill it in for each row"]),
        (HEADER + ",label", [" column 'label': the column appears twice; keep one"]),
        (
            HEADER + ",zzz",
            [f" column 'zzz': unknown column; the columns are {HEADER.replace(',', ', ')}"],
        ),
        (HEADER + ",", [" a column has no name; delete it with its cells, or name it"]),
        (HEADER + ",,,", [" 3 columns have no name; delete them with their cells, or name them"]),
        (
            HEADER + ",\x1b[2J",
            [f" column '\\u001b[2J': unknown column; the columns are {HEADER.replace(',', ', ')}"],
        ),
    ],
)
def test_header_errors(folder: Path, header: str, expected: list[str]) -> None:
    assert messages(folder, "", header)[1:] == [f"data/one/things.csv:2:{message}" for message in expected]
    assert not read_source(folder).tables["things"].complete


@pytest.mark.parametrize(
    ("lines", "complete"),
    [
        ([HEADER], True),
        ([HEADER, "a,,200,,,,,,,"], True),
        ([HEADER, "a,b"], True),
        ([HEADER, "A,,,,,,,,,"], False),
        ([HEADER, "A,b"], False),
        ([HEADER, ',"'], False),
        ([HEADER, ","], True),
        (["x,y"], False),
    ],
)
def test_table_is_complete_if_every_row_and_id_was_read(folder: Path, lines: list[str], complete: bool) -> None:
    messages(folder, *lines)
    assert read_source(folder).tables["things"].complete is complete


def test_optional_column_may_be_absent(folder: Path) -> None:
    assert messages(folder, "label,id", "A,a") == []
    [row] = read_source(folder).tables["things"].rows
    assert row.cells == dict.fromkeys(HEADER.split(",")) | {"id": "a", "label": "A", "parts": [], "names": []}
    assert messages(folder, "label", "A") == [
        "data/one/things.csv:1: column 'id': the column is missing; add it and fill it in for each row"
    ]


def test_key_columns_are_required(folder: Path) -> None:
    write(folder, lambda group: group["tables"][0]["tableSchema"].update(primaryKey=["label", "id"]))
    assert [one.split(": ")[1] for one in messages(folder, "id", "a")] == ["column 'label'"]
    # A truncated row still provides its key, whatever the column order.
    assert len(messages(folder, HEADER, "a,A")) == 1
    assert read_source(folder).tables["things"].rows[0].cells == {"id": "a", "label": "A"}


def test_unlisted_file_is_reported(folder: Path) -> None:
    (folder / "more.csv").write_text("id\n", "utf-8")
    message = (
        "data/one/more.csv: warning: is not listed in csv-metadata.json, so it was not read; list it there or delete it"
    )
    assert [str(problem) for problem in read_source(folder).problems] == [message]


def set_in_column(name: str, **values: object) -> Callable[[dict[str, Any]], object]:
    """Return a modification of one column's description."""

    def change(group: dict[str, Any]) -> None:
        column = next(column for column in group["tables"][0]["tableSchema"]["columns"] if column["name"] == name)
        column.update(values)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            set_in_column("label", lang="en_US"),
            "things.csv, column 'label': 'en_US' is not a language tag; write one such as en or es-PE",
        ),
        (
            set_in_column("label", datatype="duration"),
            "things.csv, column 'label': the datatype 'duration' is not one of string, boolean",
        ),
        (set_in_column("label", default="x"), "things.csv, column 'label': 'default' is not supported"),
        (set_in_column("label", aboutUrl=THING), "things.csv, column 'label': 'aboutUrl' is not supported"),
        (set_in_column("share", separator=";"), "things.csv, column 'share': only text columns can have a separator"),
        (
            set_in_column("share", datatype={"base": "decimal", "minExclusive": "0"}),
            "things.csv, column 'share': 'minExclusive' is not supported in the datatype decimal",
        ),
        (
            set_in_column("share", datatype={"base": "decimal", "maximum": "much"}),
            "things.csv, column 'share': the maximum is not a number",
        ),
        (
            set_in_column("label", datatype={"base": "string", "format": "[a"}),
            "things.csv, column 'label': the format is not a regular expression",
        ),
        (
            lambda group: group["tables"][0]["tableSchema"].update(null="-"),
            "things.csv: 'null' is supported only in columns, not in the schema as a whole",
        ),
        (lambda group: group.update({"dc:license": {"@id": "CC BY 4.0"}}), "'dc:license' is not a web address"),
        (lambda group: group.update({"schema:url": "example.org"}), "'schema:url' is not a web address"),
        (set_in_column("label", propertyUrl="a b"), "things.csv, column 'label': propertyUrl is not a web address"),
        (set_in_column("class", valueUrl=None), "things.csv, column 'class': valueUrl is not a web address"),
        (
            lambda group: group.update({"@id": "https://example.org/graph"}),
            "'@id' is not the address of a graph; write https://w3id.org",
        ),
        (lambda group: group.pop("@id"), "not a CSV on the Web table group (KeyError: '@id')"),
        (lambda group: group.pop("tables"), "not a CSV on the Web table group (KeyError: 'tables')"),
        (lambda group: group["tables"].append(group["tables"][0]), "table 'things' is listed twice; keep one"),
        (lambda group: group["tables"].append("things.csv"), "not a CSV on the Web table group (TypeError"),
        (lambda group: group["tables"][0].pop("url"), "not a CSV on the Web table group (KeyError: 'url')"),
        (lambda group: group["tables"][0].update(url=7), "not a CSV on the Web table group (TypeError"),
        (lambda group: group["tables"][0]["tableSchema"].pop("columns"), "not a CSV on the Web schema"),
        (lambda group: group["tables"][0]["tableSchema"].pop("primaryKey"), "not a CSV on the Web schema"),
        (
            lambda group: group["tables"][0]["tableSchema"]["columns"].append(
                group["tables"][0]["tableSchema"]["columns"][-1]
            ),
            "things.csv: column 'class' is described twice; keep one",
        ),
        (
            lambda group: group["tables"][0]["tableSchema"].update(primaryKey="key"),
            "things.csv: the primary key 'key' is not a column",
        ),
        (
            lambda group: group["tables"][0].update(tableSchema="none.json"),
            "the file cannot be read (No such file or directory)",
        ),
    ],
)
def test_metadata_errors(folder: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    write(folder, change)
    source = read_source(folder)
    assert len(source.problems) == 1
    assert message in str(source.problems[0])
    assert source.problems[0].remedy
    assert (source.tables, source.graph) == ({}, "")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{\n 'a': 1}", "data/one/csv-metadata.json:2: not JSON (Expecting property name enclosed in double quotes)"),
        (b"\xff", "data/one/csv-metadata.json: not UTF-8; save the file as UTF-8"),
        (b"[]", "data/one/csv-metadata.json: not a CSV on the Web table group (TypeError"),
        (b"", "data/one/csv-metadata.json:1: not JSON"),
        (b"[" * 100_000, "data/one/csv-metadata.json: not JSON (nested too deeply); correct it"),
    ],
)
def test_invalid_metadata(folder: Path, data: bytes, message: str) -> None:
    (folder / "csv-metadata.json").write_bytes(data)
    assert str(read_source(folder).problems[0]).startswith(message)


def test_data_folder_without_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"data: no folder contains a csv-metadata\.json; see data/README\.md"):
        read_inputs(Project(tmp_path))


def test_paths_outside_the_working_directory_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert show(tmp_path / "here" / "a.csv") == "a.csv"
    assert show(tmp_path / "a.csv") == str(tmp_path / "a.csv")


def test_every_shared_schema_is_readable(tmp_path: Path) -> None:
    folders = copy_tiny(tmp_path).data.iterdir()
    used = {table.name for folder in folders for table in read_source(folder).tables.values()}
    assert used | {"matches", "decisions"} == {path.stem for path in (ROOT / "data" / "schema").glob("*.json")}


def test_schema_is_searched_in_additional_folders(folder: Path, tmp_path: Path) -> None:
    schema = {"aboutUrl": THING + "{id}", "primaryKey": "id", "columns": [COLUMNS[0]]}
    write(folder, lambda group: group["tables"][0].update(tableSchema="../schema/things.json"))
    (folder / "things.csv").write_text("id\na\n", "utf-8")
    shared, other = tmp_path / "shared", tmp_path / "other"
    for place in (shared, other):
        place.mkdir()
    assert "the file cannot be read" in str(read_source(folder, [shared, other]).problems[0])
    (other / "things.json").write_text(json.dumps(schema), "utf-8")
    source = read_source(folder, [shared, other])
    assert (source.problems, [row.text("id") for row in source.tables["things"].rows]) == ([], ["a"])
    # The project's own schema takes precedence.
    own = folder.parent / "schema"
    own.mkdir()
    (own / "things.json").write_text(json.dumps(schema | {"columns": COLUMNS}), "utf-8")
    assert len(read_source(folder, [other]).tables["things"].columns) == len(COLUMNS)


def test_accepted_urls_are_valid_iris_for_the_store(folder: Path) -> None:
    for address in (
        "https://example.org",
        "http://a/b?c=d#e",
        "https://example.org/Per%C3%BA",
        "https://example.org/Perú",
    ):
        assert messages(folder, HEADER, f"a,,,,,,,,,{address}") == []
        assert NamedNode(address).value == address


def test_primary_key_datatype_and_list_helpers() -> None:
    assert primary_key({"primaryKey": ["scheme", "slug"]}) == ["scheme", "slug"]
    assert [kind_of(column) for column in COLUMNS[:6]] == [
        "string",
        "string",
        "decimal",
        "positiveInteger",
        "boolean",
        "date",
    ]
    assert kind_of({}) == "string"
    assert CsvRow(2, {"a": 7}).items("a") == ["7"]
