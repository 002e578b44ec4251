"""Import of ownership tables: CSV and Excel, owners in rows or in one cell, columns mapped with CSVW."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from importers import build_imported, make_project, rows
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import BadInput, WrongUse
from peru_asia_graph.importers.run import ImportReport, import_source
from peru_asia_graph.importers.table import split_owners

COLUMNS = {"Project": "pag:owned", "Owners": "pag:owner", "Share": "pag:sharePercent", "Country": "pag:homeState",
           "Region": "pag:locatedIn", "Since": "pag:validFrom", "As of": "pag:asOf"}  # fmt: skip


def mapping(**more: object) -> str:
    columns = [{"titles": title, "propertyUrl": term} for title, term in COLUMNS.items()]
    return json.dumps({"@context": "http://www.w3.org/ns/csvw", "tableSchema": {"columns": columns}, **more})


def read(tmp_path: Path, text: str, told: str | None = None, file: str = "owners.csv", **options: str) -> ImportReport:
    """Import a table with a mapping."""
    (tmp_path / file).write_text(text, "utf-8")
    if told is not None:
        (tmp_path / "M.csvw.json").write_text(told, "utf-8")
        options["mapping"] = str(tmp_path / "M.csvw.json")
    return import_source(make_project(tmp_path / "project"), "table", [tmp_path / file], "alpha", options=options)


HEADER = "Project,Owners,Share,Country,Region,Since,As of,Remark\n"


def stakes(tmp_path: Path) -> set[tuple[str, str, str, str, str]]:
    """Return owner, asset, exact share and bounds of the imported stakes."""
    names = {row["id"]: row["label"] for row in rows(tmp_path, "entities")}
    return {
        (names[row["owner"]], names[row["owned"]], row.get("share_percent", ""), row.get("share_low", ""),
         row.get("share_high", "")) for row in rows(tmp_path, "stakes")
    }  # fmt: skip


@pytest.mark.slow
def test_owners_in_one_cell_and_in_rows(tmp_path: Path) -> None:
    text = (HEADER + 'Mina Uno,"CNPC (45.5%); Pluspetrol Norte (Peru) [27 %]; KNOC",,,Piura,2012,2020-05-06,\n'
            "Mina Dos,Zijin,25-50,China,,,2021,big\nMina Dos,Alfa S.A.,\"12,5 %\",Peru,,2010-03,,\n")  # fmt: skip
    read(tmp_path, text, mapping())
    assert stakes(tmp_path) == {
        ("CNPC", "Mina Uno", "45.5", "", ""), ("Pluspetrol Norte (Peru)", "Mina Uno", "27", "", ""),
        ("KNOC", "Mina Uno", "", "", ""), ("Zijin", "Mina Dos", "", "25", "50"),
        ("Alfa S.A.", "Mina Dos", "12.5", "", ""),
    }  # fmt: skip
    kinds = {row["label"]: row["type"] for row in rows(tmp_path, "entities")}
    assert (kinds["Mina Uno"], kinds["CNPC"], kinds["China"], kinds["Piura"]) == (
        "MiningProject",
        "Firm",
        "State",
        "Place",
    )
    metadata = json.loads((tmp_path / "project/data/alpha/csv-metadata.json").read_text("utf-8"))
    assert metadata["dc:date"] == "2021"
    cited = {row["id"]: (row["record"], row["field"]) for row in rows(tmp_path, "citations")}
    (zijin,) = [row for row in rows(tmp_path, "stakes") if row["owner"] == "alpha-zijin"]
    assert (cited[zijin["citations"]], zijin["as_of"]) == (("row 3", "Owners"), "2021")
    losses = (tmp_path / "project/data/alpha/import/losses.csv").read_text("utf-8")
    assert losses.splitlines()[1].startswith("row,Remark,not in the mapping,1,big,")
    graph = build_imported(tmp_path)
    (row,) = [row for row in graph.owners("Mina Uno", year=2020) if row["owner"] == "CNPC"]
    assert row["effective_percent"] == 45.5


def test_workbook(tmp_path: Path) -> None:
    """Cells formatted as percentages or dates are read as such; the second sheet is selected by name."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Owners 2020")
    sheet.append(list(COLUMNS))
    sheet.append([])
    sheet.append(["Mina Uno", "CNPC", 0.455, "China", None, date(2012, 1, 2), 2020])
    sheet.append(["Mina Uno", "KNOC", 27, None, None, None, 2020])
    sheet["C3"].number_format = "0.00%"
    # Entered as Mar-12 and 2013: the day that Excel adds is dropped.
    for name, day, form in (("LNG", date(2012, 3, 1), "mmm-yy"), ("SK", date(2013, 1, 1), 'yyyy" (end)"')):
        sheet.append(["Mina Dos", name, 5, None, None, day, 2020])
        sheet.cell(sheet.max_row, 6).number_format = form
    book.save(tmp_path / "owners.xlsx")
    (tmp_path / "owners.xlsx-metadata.json").write_text(mapping(**{"pag:ownedClass": "HydrocarbonBlock"}), "utf-8")
    import_source(make_project(tmp_path / "project"), "table", [tmp_path / "owners.xlsx"], "alpha",
                  options={"sheet": "Owners 2020"})  # fmt: skip
    assert stakes(tmp_path) == {("CNPC", "Mina Uno", "45.5", "", ""), ("KNOC", "Mina Uno", "27", "", ""),
                                ("LNG", "Mina Dos", "5", "", ""), ("SK", "Mina Dos", "5", "", "")}  # fmt: skip
    assert {row["valid_from"] for row in rows(tmp_path, "stakes")} == {"2012-01-02", "", "2012-03", "2013"}
    assert {row["type"] for row in rows(tmp_path, "entities") if row["label"] == "Mina Uno"} == {"HydrocarbonBlock"}
    with pytest.raises(BadInput, match="no sheet 'Other'; name one of Sheet, Owners 2020"):
        import_source(make_project(tmp_path / "p2"), "table", [tmp_path / "owners.xlsx"], "alpha",
                      options={"sheet": "Other"})  # fmt: skip


def test_uncomputed_formulas_and_unread_sheets_are_reported(tmp_path: Path) -> None:
    """A formula without a computed value is not an empty cell; sheets that are not read are listed."""
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Owners")
    sheet.append([*COLUMNS, "Sum"])
    sheet.append(["Mina Uno", "CNPC", 45, None, None, None, 2020, "=C2+1"])
    book.create_sheet("Older").append(["Mina Uno", "KNOC"])
    book.create_sheet("Empty")
    path = tmp_path / "owners.xlsx"
    book.save(path)
    (tmp_path / "owners.xlsx-metadata.json").write_text(mapping(), "utf-8")
    report = import_source(make_project(tmp_path / "project"), "table", [path], "alpha")
    assert stakes(tmp_path) == {("CNPC", "Mina Uno", "45", "", "")}
    assert [(one.kind, one.field, one.example) for one in report.losses.lines()] == [
        ("row", "Sum", "=C2+1"), ("sheet", "Older", ""), ("sheet", "Sheet", "")]  # fmt: skip
    with pytest.raises(BadInput, match=r"first row \(Mina Uno, KNOC\); choose another sheet with --sheet"):
        import_source(make_project(tmp_path / "p2"), "table", [path], "alpha", options={"sheet": "Older"})
    sheet["C2"] = "=40+5"
    book.save(path)
    with pytest.raises(BadInput) as caught:
        import_source(make_project(tmp_path / "project"), "table", [path], "alpha")
    assert [(one.line, one.column, one.message) for one in caught.value.problems] == [
        (2, "Share", "'=40+5' is a formula without a stored value")]  # fmt: skip


def test_citations_distinguish_files_with_the_same_name(tmp_path: Path) -> None:
    """Each stake cites a row of its own file, and the folders of the files are not recorded anywhere."""
    tables = []
    for folder, owner in (("one", "CNPC"), ("two", "KNOC")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "owners.csv").write_text(f"{HEADER}Mina Uno,{owner},40,,,,2020,seen\n", "utf-8")
        tables.append(tmp_path / folder / "owners.csv")
    (tmp_path / "m.json").write_text(mapping(), "utf-8")
    import_source(
        make_project(tmp_path / "project"), "table", tables, "alpha", options={"mapping": str(tmp_path / "m.json")}
    )
    cited = {row["id"]: row["record"] for row in rows(tmp_path, "citations")}
    assert {(row["owner"], cited[row["citations"]]) for row in rows(tmp_path, "stakes")} == {
        ("alpha-cnpc", "owners.csv (1) row 2"), ("alpha-knoc", "owners.csv (2) row 2")}  # fmt: skip
    for path in (tmp_path / "project").rglob("*.*"):
        assert path.is_dir() or str(tmp_path).encode() not in path.read_bytes(), path
    assert not [row["id"] for row in rows(tmp_path, "stakes") if "tmp" in row["id"]]


@pytest.mark.parametrize(
    ("cell", "separator", "found"),
    [
        ("A (60%), B (40%)", ",", [("A", "60%"), ("B", "40%")]),
        ("A; B (Hong Kong; Ltd) (5%)", ";", [("A", ""), ("B (Hong Kong; Ltd)", "5%")]),
        ("A (>50%)", ";", [("A", ">50%")]),
        (" ; A ;", ";", [("A", "")]),
    ],
)
def test_split_owners(cell: str, separator: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(one) for one in split_owners(cell, separator)] == found


def test_columns_are_prompted_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Semicolon-separated, as saved in a Peruvian locale; the answers are written next to the table and reused."""
    (tmp_path / "dueños.csv").write_text("Proyecto;Titular;Parte;Año\nMina Uno;CNPC;45,5;2020\n", "utf-8")
    make_project(tmp_path / "project")
    monkeypatch.setattr("peru_asia_graph.cli.import_files.is_terminal", lambda: True)
    command = ["import", "table", str(tmp_path / "dueños.csv"), "--as", "alpha", "--date", "2020", "--project",
               str(tmp_path / "project")]  # fmt: skip
    # Owned, owner (prompted twice because of an invalid answer), share, six roles without a column, as of, two more.
    answers = ["1", "9", "2", "3", "", "", "", "", "", "", "4", "", "", ",", "", ""]
    first = CliRunner().invoke(pag, command, input="\n".join(answers) + "\n")
    assert first.exit_code == 0, first.output
    assert "1  Proyecto  (e.g. Mina Uno)" in first.output
    assert stakes(tmp_path) == {("CNPC", "Mina Uno", "45.5", "", "")}
    told = json.loads((tmp_path / "dueños.csv-metadata.json").read_text("utf-8"))
    assert told["dialect"] == {"delimiter": ";"}
    assert [column.get("propertyUrl") for column in told["tableSchema"]["columns"]] == [
        "pag:owned", "pag:owner", "pag:sharePercent", "pag:asOf"]  # fmt: skip
    second = CliRunner().invoke(pag, command)
    assert (second.exit_code, "is unchanged" in second.output) == (0, True)


def test_missing_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"the columns of owners\.csv have no mapping; give --mapping FILE"):
        read(tmp_path, HEADER)
    for name in (str(tmp_path / "none.csv"), "."):
        outcome = CliRunner().invoke(pag, ["import", "table", name, "--as", "x"])
        assert isinstance(outcome.exception, BadInput)
        assert f"{name}: there is no such file; name" in str(outcome.exception)


BAD_ROWS = [
    ("Mina,,5,,,,2020,\n", 2, "Owners"), (",A,5,,,,2020,\n", 2, "Project"), ("Mina,A,most,,,,2020,\n", 2, "Share"),
    ("Mina,A,0,,,,2020,\n", 2, "Share"), ("Mina,A (101%),,,,,2020,\n", 2, "Owners"),
    ("Mina,A,5,,,soon,2020,\n", 2, "Since"), ("Mina,Mina,5,,,,2020,\n", 2, "Owners"),
    ("Mina,A,5,,,,2020,x,y\n", 2, ""), ('Mina,"A,5\n', 2, ""),
]  # fmt: skip


@pytest.mark.parametrize(("row", "line", "column"), BAD_ROWS)
def test_bad_rows(tmp_path: Path, row: str, line: int, column: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, HEADER + row, mapping())
    assert (line, column) in {(one.line, one.column) for one in caught.value.problems}
    assert not (tmp_path / "project/data/alpha").exists()


def test_multiline_row_is_cited_by_spreadsheet_row(tmp_path: Path) -> None:
    """Spreadsheet row 2 is lines 2 to 4 of the file, and row 3 is line 5."""
    read(tmp_path, HEADER + 'Mina Uno,A,5,,,,2020,"one\ntwo\nthree"\nMina Dos,B,6,,,,2020,\n', mapping())
    cited = [(row["record"], row["first_line"]) for row in rows(tmp_path, "citations") if row["field"] == "Owners"]
    assert sorted(cited) == [("row 2", "2"), ("row 3", "5")]
    with pytest.raises(BadInput) as caught:
        read(tmp_path, HEADER + 'Mina Uno,A,5,,,,2020,"one\ntwo"\nMina Dos,B,most,,,,2020,\n', mapping())
    assert [one.line for one in caught.value.problems] == [4]


def test_validation_errors_name_the_input_columns(tmp_path: Path) -> None:
    """Names that are spreadsheet formulas, and an invalid address that is in two citations."""
    told = json.loads(mapping())
    told["tableSchema"]["columns"].append({"titles": "Remark", "propertyUrl": "rdfs:seeAlso"})
    with pytest.raises(BadInput) as caught:
        read(tmp_path, HEADER + "=Mina,@A,5,,,,2020,nowhere\n", json.dumps(told))
    assert [(one.line, one.column) for one in caught.value.problems] == [(2, "Owners"), (2, "Project"), (2, "Remark")]


BAD_MAPPINGS = [
    ("{", "is not JSON"),
    ("[]", "is not a JSON object"),
    ("{}", "no column has the role pag:owned"),
    (mapping(**{"pag:ownedClass": "Volcano"}), "'Volcano' is not a supported class"),
    (
        json.dumps({"tableSchema": {"columns": [{"titles": "Project", "propertyUrl": "ex:x"}]}}),
        "'ex:x' is not a supported role",
    ),
    (json.dumps({"tableSchema": {"columns": ["x"]}}), "is not the description of a column"),
    (mapping().replace("Owners", "Owner"), "the column is missing; did you mean 'Owners'?"),
    (mapping(dialect={"delimiter": "::"}), "is not one character"),
    (
        mapping(dialect={"delimiter": ",", "skipRows": 1}),
        "dialect/skipRows': is not supported; a table must have skipRows = 0",
    ),
    (mapping(dialect={"header": False}), "dialect/header': is not supported"),
    (
        mapping().replace('"pag:asOf"', '"pag:asOf", "null": "n/a"'),
        "columns/7/null': is not supported; empty such cells",
    ),
]


@pytest.mark.parametrize(("told", "message"), BAD_MAPPINGS)
def test_bad_mappings(tmp_path: Path, told: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, HEADER + "Mina,A,5,,,,2020,\n", told)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ('Mina Uno,"A; B",60,,,,,', "Share", "'60' is one share for 2 owners"),
        ('Mina Uno,"A (30%); A (20%)",,,,,,', "Owners", "'A' appears twice"),
        ("Mina Uno,A (45%),40,,,,,", "Share", "'40' is not the share '45%' next to the name"),
        ("Mina Uno,A,10,,,,2020,\nMina Uno,A,20,,,,2020,", "Owners", "then (line 2) (record 'row 3')"),
    ],
)
def test_ambiguous_share_is_refused(tmp_path: Path, row: str, column: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, HEADER + row + "\n", mapping())
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line, problem.column) == ("owners.csv", 1 + len(row.splitlines()), column)
    assert message in problem.message and problem.remedy
    assert not (tmp_path / "project/data/alpha").exists()


def test_unnamed_owners_are_left_out(tmp_path: Path) -> None:
    """'Other' is not a firm with stakes in two mines; with two owners, it is unclear whose home state is given."""
    text = 'Mina Uno,"A (60%); Other (40%)",,China,,,2020,\nMina Dos,Others,100,,,,2020,\nMina Tres,B 45%,,,,,2020,\n'
    (tmp_path / "owners.csv").write_text(HEADER + text, "utf-8")
    (tmp_path / "M.csvw.json").write_text(mapping(), "utf-8")
    report = import_source(make_project(tmp_path / "project"), "table", [tmp_path / "owners.csv"], "alpha",
                           options={"mapping": str(tmp_path / "M.csvw.json")})  # fmt: skip
    assert stakes(tmp_path) == {("A", "Mina Uno", "60", "", ""), ("B 45%", "Mina Tres", "", "", "")}
    assert rows(tmp_path, "relations") == []
    lost = {(one.field, one.reason): (one.times, one.example) for one in report.losses.lines()}
    assert lost["Owners", "not an owner's name"] == (2, "Other 40%")
    assert lost["Country", "unclear to which of several owners it belongs"] == (1, "China")
    assert lost["Owners", "a number in the name was not read as a share; write A (60%)"] == (1, "B 45%")


def test_placeholder_beside_a_name_is_no_share(tmp_path: Path) -> None:
    """Global Energy Monitor prints unknown shares as "unknown %" or "nan%"."""
    text = 'Mina Uno,"A [unknown %]; B (60 %)",,,,,2020,\nMina Dos,C (nan%),,,,,2020,\nMina Tres,D,nan%,,,,2020,\n'
    report = read(tmp_path, HEADER + text, mapping())
    assert stakes(tmp_path) == {("A", "Mina Uno", "", "", ""), ("B", "Mina Uno", "60", "", ""),
                                ("C", "Mina Dos", "", "", ""), ("D", "Mina Tres", "", "", "")}  # fmt: skip
    assert [(one.field, one.reason, one.times, one.example) for one in report.losses.lines()] == [
        ("Owners", "a placeholder, read as not stated", 2, "unknown %"),
        ("Share", "a placeholder, read as not stated", 1, "nan%")]  # fmt: skip


def test_location_is_a_name_and_a_code_is_counted(tmp_path: Path) -> None:
    """PE may be Peru or an abbreviation of the table: it stays a place, which the report says."""
    report = read(tmp_path, HEADER + "Mina Uno,A,60,,PE,,2020,\nMina Dos,A,60,,Perú,,2020,\n", mapping())
    assert {(row["type"], row["label"]) for row in rows(tmp_path, "entities")} >= {("Place", "PE"), ("State", "Perú")}
    assert [(one.field, one.reason, one.example) for one in report.losses.lines()] == [
        ("Region", "a place of this name, not the state with this code", "PE")]  # fmt: skip


def test_totals_are_not_firms(tmp_path: Path) -> None:
    """A total of 100 % or of more than half cannot be held beside its parts; Total is also a firm (with a half)."""
    lines = ["Uno,A,60", "Uno,Other,40", "Uno,TOTAL:,100", "Dos,A,30", "Dos,B,25,", "Dos,Total,55", "Tres,Total,30",
             "Tres,B,70", "Cuatro,Total,100", "Cinco,A,50", "Cinco,Total,50"]  # fmt: skip
    header = ",".join(list(COLUMNS)[:3]) + ",Country,Region,Since,As of\n"
    report = read(tmp_path, header + "".join(f"{line},,,,2020\n" for line in lines).replace(",,,,,", ",,,,"), mapping())
    assert {(owner, owned, share) for owner, owned, share, *_ in stakes(tmp_path)} == {
        ("A", "Uno", "60"), ("A", "Dos", "30"), ("B", "Dos", "25"), ("Total", "Tres", "30"), ("B", "Tres", "70"),
        ("Total", "Cuatro", "100"), ("A", "Cinco", "50"), ("Total", "Cinco", "50")}  # fmt: skip
    lost = {one.reason: (one.times, one.example) for one in report.losses.lines()}
    assert lost["the total of the other owners, not an owner"] == (2, "TOTAL: 100 %")
    assert lost["equals the sum of the other owners; delete the row if it is a total"] == (1, "Total 50 %")


def test_placeholders_are_not_names_or_values(tmp_path: Path) -> None:
    """The code of Namibia is "NA"; "Others" and "n/a" are not assets."""
    lines = ["n/a,A,5,,,,2020,", "Others,A,5,,,,2020,", "Uno,A,n/a,N.A.,-,?,2020,tbd", "Dos,A,NULL,NA,,n/a,2020,"]
    report = read(tmp_path, HEADER + "\n".join(lines) + "\n", mapping())
    assert stakes(tmp_path) == {("A", "Uno", "", "", ""), ("A", "Dos", "", "", "")}
    assert {row["label"] for row in rows(tmp_path, "entities")} == {"A", "Uno", "Dos", "Namibia"}
    assert {(one.field, one.reason, one.times) for one in report.losses.lines()} == {
        ("Project", "not the name of an asset", 2),
        *((title, "a placeholder, read as not stated", times)
          for title, times in (("Share", 2), ("Country", 1), ("Region", 1), ("Since", 2))),
        ("Remark", "not in the mapping", 1),
    }  # fmt: skip


def test_possible_fractions_and_rounded_shares_are_reported(tmp_path: Path) -> None:
    report = read(tmp_path, HEADER + "Mina Uno,A,0.6,,,,2020,\nMina Dos,B,33.33333333333333,,,,2020,\n", mapping())
    assert stakes(tmp_path) == {("A", "Mina Uno", "0.6", "", ""), ("B", "Mina Dos", "33.333333", "", "")}
    assert [(one.reason, one.example) for one in report.losses.lines()] == [
        ("at most 1; read as percent, not as a fraction of 1", "0.6"), ("rounded to 6 decimals", "33.33333333333333")
    ]  # fmt: skip
    assert report.warnings == []  # `pag check` would ask people to edit the imported table


def test_lower_bound_in_words(tmp_path: Path) -> None:
    read(tmp_path, HEADER + "Mina Uno,A,more than 50,,,,2020,\n", mapping())
    assert stakes(tmp_path) == {("A", "Mina Uno", "", "50", "")}


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        (HEADER + HEADER + "Mina Uno,A,10,,,,2020,\n", 2, "repeats the header", "delete the row"),
        ("Mines of 2020,,,,,,,\n" + HEADER, 1, "no column of the mapping is in the first row (Mines of 2020)",
         "correct the mapping, or delete the rows above the header"),
        ('"Mines, 2020"\n' + HEADER, 1, "no column of the mapping is in the first row (Mines, 2020)",
         "correct the mapping, or delete the rows above the header"),
        (HEADER + 'Mina Uno,"A (60 %), B (40%)",,,,,2020,\n', 2, "'A (60 %), B' seems to be several owners",
         "separate them with ';', or correct the separator in the mapping"),
        (HEADER + "Mina Uno,A,10,,,40000,2020,\n", 2, "'40000' is not a date",
         "it is an Excel serial number: format the column as dates"),
        ("Project;Owners\n", 1, "no column of the mapping is in the first row (Project;Owners)",
         'the cells seem to be separated by \';\': add "dialect": {"delimiter": ";"} to the mapping'),
        ("sep=;\n" + HEADER, 1, "no column of the mapping is in the first row (sep=;)",
         "delete this line, which only Excel understands"),
        (HEADER.replace("Project", "PROJECT"), 1, "the column is missing", "did you mean 'PROJECT'?"),
        (HEADER.replace("Project", "Something else"), 1,
         "the column is missing (the first row is Something else, Owners, Share, Country, Region, Since)",
         "correct the mapping; the header is the first row"),
        (HEADER + "Mina Uno,A,10,,,31/12/2013,2020,\n", 2, "'31/12/2013' is not a date",
         "write year-month-day, such as 2011-03-21, or only the known part of it"),
        (HEADER + "Mina Uno,A,10,,,2013-02-30,2020,\n", 2, "'2013-02-30' does not exist in the calendar",
         "check month and day"),
        ("Project,Project," + HEADER.partition(",")[2] + "Uno,Dos,A,10,,,,2020,\n", 1, "the column appears twice",
         "give each column its own title"),
    ],
)  # fmt: skip
def test_common_mistakes_get_a_remedy(tmp_path: Path, text: str, line: int, message: str, remedy: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text, mapping())
    problem = caught.value.problems[-1]
    assert (problem.line, problem.message, problem.remedy) == (line, message, remedy)


def test_exact_share_overrides_bounds(tmp_path: Path) -> None:
    told = mapping().replace('"Country", "propertyUrl": "pag:homeState"', '"Country", "propertyUrl": "pag:shareLow"')
    told = told.replace('"Region", "propertyUrl": "pag:locatedIn"', '"Region", "propertyUrl": "pag:shareHigh"')
    report = read(tmp_path, HEADER + "Mina,A,50,40,60,,2020,\nMina,B,,10,33.33333333,,2020,\n", told)
    assert stakes(tmp_path) == {("A", "Mina", "50", "", ""), ("B", "Mina", "", "10", "33.333333")}
    assert [(one.field, one.example) for one in report.losses.lines()] == [
        ("Country", "40"), ("Region", "60"), ("Region", "33.33333333")]  # fmt: skip
    with pytest.raises(BadInput, match="'25-50' is not a share"):
        read(tmp_path, HEADER + "Mina,A,,,25-50,,2020,\n", told)


def test_spaces_in_names_and_country_codes_are_normalized(tmp_path: Path) -> None:
    text = HEADER + "Mina Uno,Zijin  Mining,25.1234567,CN,,,2020,\nMina Dos,Zijin Mining,>50,CHN,,,2020,\n"
    report = read(tmp_path, text, mapping())
    assert stakes(tmp_path) == {("Zijin Mining", "Mina Uno", "25.123457", "", ""),
                                ("Zijin Mining", "Mina Dos", "", "50", "")}  # fmt: skip
    assert {row["label"]: row["type"] for row in rows(tmp_path, "entities")} == {
        "Zijin Mining": "Firm", "Mina Uno": "MiningProject", "Mina Dos": "MiningProject", "China": "State"}  # fmt: skip
    assert {(one.field, one.reason, one.times) for one in report.losses.lines()} == {
        ("name", "invisible characters and repeated spaces left out", 1), ("Share", "rounded to 6 decimals", 1),
        ("Share", "kept as an inclusive bound", 1)}  # fmt: skip


def test_line_breaks_in_workbook_cells(tmp_path: Path) -> None:
    """A line that ends in a share ends an owner; other line breaks may be within a name, so they are refused."""
    book = openpyxl.Workbook()
    book.active.append([*COLUMNS, "Note"])
    book.active.append(["Mina Uno", "CNPC (60%)\nKNOC (40%)", None, None, None, None, 2020, "one\ntwo"])
    told = json.loads(mapping())
    told["tableSchema"]["columns"].append({"titles": "Note", "propertyUrl": "skos:note"})
    (tmp_path / "owners.xlsx-metadata.json").write_text(json.dumps(told), "utf-8")
    path = tmp_path / "owners.xlsx"
    book.save(path)
    import_source(make_project(tmp_path / "project"), "table", [path], "alpha")
    assert stakes(tmp_path) == {("CNPC", "Mina Uno", "60", "", ""), ("KNOC", "Mina Uno", "40", "", "")}
    assert {row["note"] for row in rows(tmp_path, "stakes")} == {"one two"}
    book.active["B2"] = "China National\nPetroleum"
    book.save(path)
    with pytest.raises(BadInput) as caught:
        import_source(make_project(tmp_path / "project"), "table", [path], "alpha")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, "Owners")
    assert "line break" in problem.message


def test_percent_sign_in_a_number_format(tmp_path: Path) -> None:
    """Excel shows 45 % and 60%: the first cell is 0.45 formatted as a percentage, the others are the number 60."""
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    for asset, share, form in (("Mina Uno", 0.45, "0 %"), ("Mina Dos", 60, '0"%"'), ("Mina Tres", 60, "0\\%")):
        book.active.append([asset, "CNPC", share, None, None, None, 2020])
        book.active.cell(book.active.max_row, 3).number_format = form
    path = tmp_path / "owners.xlsx"
    book.save(path)
    (tmp_path / "owners.xlsx-metadata.json").write_text(mapping(), "utf-8")
    import_source(make_project(tmp_path / "project"), "table", [path], "alpha")
    assert {(asset, share) for _, asset, share, *_ in stakes(tmp_path)} == {
        ("Mina Uno", "45"), ("Mina Dos", "60"), ("Mina Tres", "60")}  # fmt: skip
    (tmp_path / "owners.csv").write_bytes(path.read_bytes())
    with pytest.raises(BadInput, match="is an Excel workbook"):
        import_source(make_project(tmp_path / "project"), "table", [tmp_path / "owners.csv"], "beta",
                      options={"mapping": str(path) + "-metadata.json"})  # fmt: skip


def test_merged_cells_are_named(tmp_path: Path) -> None:
    """Only the first of merged cells has a value; the fourth row has no project, and C6 is empty."""
    book = openpyxl.Workbook()
    book.active.append(["Project", "Owners", "Share"])
    for line in (["Uno", "CNPC", 60], [None, "KNOC"], [None, "Zijin"], ["Dos", "B"], ["Tres", "C"], ["Tres", "D"]):
        book.active.append(line)
    book.active.append(["Source: annual reports"])
    for cells in ("A2:A3", "C2:C3", "C6:C7", "A8:C8"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "owners.xlsx")
    columns = [{"titles": title, "propertyUrl": COLUMNS[title]} for title in ("Project", "Owners", "Share")]
    told = {"@context": "http://www.w3.org/ns/csvw", "tableSchema": {"columns": columns}}
    (tmp_path / "owners.xlsx-metadata.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(BadInput) as caught:
        import_source(make_project(tmp_path / "project"), "table", [tmp_path / "owners.xlsx"], "alpha")
    assert [(one.line, one.column, one.message) for one in caught.value.problems] == [
        (3, "Project", "is empty, because it is merged with A2"),
        (3, "Share", "is empty, because it is merged with C2"),
        (4, "Project", "is empty"),
        (8, "Owners", "is empty, because it is merged with A8"),
    ]


def test_encrypted_workbook_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "owners.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (tmp_path / "owners.xlsx-metadata.json").write_text(mapping(), "utf-8")
    with pytest.raises(BadInput, match="is an old or encrypted Office file"):
        import_source(make_project(tmp_path / "project"), "table", [path], "alpha")


def test_formula_errors_are_not_names(tmp_path: Path) -> None:
    """A date out of range is an error value too, without a warning from openpyxl."""
    book = openpyxl.Workbook()
    for row in (list(COLUMNS), ["Mina", "#REF!"], ["#DIV/0!", "Zijin", "", "#N/A"], ["Mina", 1e10], ["Mina", "Zijin"]):
        book.active.append(row)
    book.active["B4"].number_format = "yyyy"
    book.save(tmp_path / "owners.xlsx")
    (tmp_path / "owners.xlsx-metadata.json").write_text(mapping(), "utf-8")
    with pytest.raises(BadInput) as caught:
        import_source(make_project(tmp_path / "project"), "table", [tmp_path / "owners.xlsx"], "alpha")
    assert {(one.line, one.column, one.message.partition(" ")[0]) for one in caught.value.problems} == {
        (2, "Owners", "'#REF!'"), (3, "Project", "'#DIV/0!'"), (3, "Country", "'#N/A'"), (4, "Owners", "'#VALUE!'"),
    }  # fmt: skip


def test_names_are_normalized_to_nfc(tmp_path: Path) -> None:
    """macOS may write ú as u and a combining accent (NFD); source tables are in NFC."""
    report = read(
        tmp_path, f"{HEADER}Mina Peru\u0301,Andina,60,,,,2020,\nMina Per\u00fa,Boreal,40,,,,2020,\n", mapping()
    )
    assert stakes(tmp_path) == {("Andina", "Mina Perú", "60", "", ""), ("Boreal", "Mina Perú", "40", "", "")}
    assert not [one for one in report.losses.lines() if one.field == "name"]
