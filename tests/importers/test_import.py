"""Behaviour common to all imports: dry runs, reports, re-imports, and files that pag did not write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from importers import import_bytes, make_project, rows
from importers.bods_examples import entity, lines, relation, shares
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import BadInput, UnknownName, WrongUse
from peru_asia_graph.importers.run import import_source
from peru_asia_graph.importers.source_folder import SourceTerms
from peru_asia_graph.paths import shipped_project

MINE, HOLDING = entity("mine", "Mina Uno"), entity("holding", "Holding")
DATA = lines(MINE, HOLDING, relation("r", "mine", "holding", [shares(60)]))


def command(tmp_path: Path, *more: str) -> list[str]:
    """Return the command that imports the statements above into a new project."""
    make_project(tmp_path / "project")
    (tmp_path / "s.jsonl").write_bytes(DATA)
    return ["import", "bods", str(tmp_path / "s.jsonl"), "--as", "alpha", "--project", str(tmp_path / "project"), *more]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(pag, command(tmp_path, "--dry-run"))
    assert done.exit_code == 0, done.output
    assert "1  stakes" in done.output
    assert list((tmp_path / "project/data").iterdir()) == []


def test_unsupported_values_are_reported(tmp_path: Path) -> None:
    lost = entity("mine", "Mina Uno", foundingDate="1990-01-01")
    report = import_bytes(tmp_path, "bods", lines(lost))
    (told,) = report.losses.lines()
    assert (told.kind, told.field, told.times, told.example) == ("entity", "foundingDate", 1, "1990-01-01")
    written = (tmp_path / "project/data/alpha/import/losses.csv").read_bytes()
    # The written report gives the name of the file, not its path.
    assert told.place == f"{tmp_path / 'input'}:1"
    assert written == report.losses.to_csv({str(tmp_path / "input"): "input"})
    assert written.endswith(b",input:1\n")
    done = CliRunner().invoke(pag, command(tmp_path, "--report", str(tmp_path / "lost.csv")))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "lost.csv").read_text("utf-8").startswith("kind,field,reason,count,example,place\n")


def test_reimport_reports_changes(tmp_path: Path) -> None:
    assert import_bytes(tmp_path, "bods", DATA).changes == []
    same = import_bytes(tmp_path, "bods", DATA)
    assert same.folder is not None
    assert (same.changes, same.folder.changed) == ([], False)
    newer = lines(MINE, entity("other", "Other"), relation("r", "mine", "other", [shares(55)]))
    changes = {
        one.table: (one.added, one.removed, one.changed) for one in import_bytes(tmp_path, "bods", newer).changes
    }
    assert changes["entities"] == (1, 1, 0)
    assert changes["stakes"] == (0, 0, 1)


def test_foreign_files_are_kept(tmp_path: Path) -> None:
    """A foreign file in the source folder is kept and reported; a folder that was not imported is refused."""
    import_bytes(tmp_path, "bods", DATA)
    thesis = tmp_path / "project/data/alpha/thesis.txt"
    thesis.write_text("mine", "utf-8")
    again = import_bytes(tmp_path, "bods", lines(MINE))
    assert again.folder is not None
    assert again.folder.left == ["thesis.txt"]
    assert thesis.read_text("utf-8") == "mine"
    own = tmp_path / "project/data/beta"
    own.mkdir()
    (own / "entities.csv").write_text("id\n", "utf-8")
    with pytest.raises(
        WrongUse, match="data/beta has files that pag import did not write; choose another name: --as NAME"
    ):
        import_bytes(tmp_path, "bods", DATA, name="beta")
    assert [path.name for path in own.iterdir()] == ["entities.csv"]


def test_manual_edits_are_not_overwritten(tmp_path: Path) -> None:
    """A share corrected by hand blocks the import, and even a dry run, until the file is moved away."""
    import_bytes(tmp_path, "bods", DATA)
    stakes = tmp_path / "project/data/alpha/stakes.csv"
    edited = stakes.read_text("utf-8").replace(",60,", ",61,")
    stakes.write_text(edited, "utf-8")
    newer = lines(MINE, HOLDING, relation("r", "mine", "holding", [shares(55)]))
    for dry_run in (True, False):
        with pytest.raises(WrongUse, match=r"in the way: stakes.csv \(edited since pag wrote it\); move them away"):
            import_bytes(tmp_path, "bods", newer, dry_run=dry_run)
        assert stakes.read_text("utf-8") == edited
    stakes.rename(tmp_path / "stakes.csv")
    import_bytes(tmp_path, "bods", newer)
    assert [row["share_percent"] for row in rows(tmp_path, "stakes")] == ["55"]


def test_error_says_why_nothing_was_imported(tmp_path: Path) -> None:
    for form, data, why in (
        ("bods", b"", "the files have no records"),
        ("ftm", b'{"id":"s","schema":"Vessel"}\n', r"Vessel: this schema is not supported \(1\)"),
    ):
        with pytest.raises(WrongUse, match=f"nothing could be imported: {why}"):
            import_bytes(tmp_path, form, data)
    with pytest.raises(WrongUse, match="'Peru' is not a country code; give two letters"):
        import_bytes(tmp_path, "bods", DATA, country="Peru")


def test_dry_run_warnings_name_the_input_file(tmp_path: Path) -> None:
    """Two owners with 60 % each; a dry run writes no tables that the warning could point to."""
    more = relation("q", "mine", "other", [shares(60)])
    data = lines(MINE, HOLDING, entity("other", "Other"), relation("r", "mine", "holding", [shares(60)]), more)
    told = [import_bytes(tmp_path, "bods", data, dry_run=dry_run).warnings[0] for dry_run in (True, False)]
    assert [(one.file, one.line > 1) for one in told] == [
        (str(tmp_path / "input"), True), ("data/alpha/stakes.csv", True)]  # fmt: skip
    assert told[0].line in (4, 5) and "(record " in told[0].message


def test_unwritable_report_is_refused_before_the_import(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    for name in ("lost.xlsx", "shut/lost.csv"):
        done = CliRunner().invoke(pag, command(tmp_path, "--report", str(tmp_path / name)))
        assert isinstance(done.exception, WrongUse)
        assert list((tmp_path / "project/data").iterdir()) == []


def test_invalid_names_and_options(tmp_path: Path) -> None:
    for name, message in (
        ("gem", "is a source of the package"),
        ("../x", "cannot name a source"),
        ("A b", "cannot name"),
    ):
        with pytest.raises(WrongUse, match=message):
            import_bytes(tmp_path, "bods", DATA, name=name)
    with pytest.raises(WrongUse, match="--sheet is not an option of bods"):
        import_bytes(tmp_path, "bods", DATA, sheet="1")
    with pytest.raises(UnknownName, match="no format is called 'bodz'"):
        import_source(make_project(tmp_path / "p"), "bodz", [], "alpha")


def test_firms_with_the_same_identifier_are_matched(tmp_path: Path) -> None:
    """The later source's firm has the same LEI as the earlier one's; rows added by hand are kept."""
    told = entity("holding", "Holding", identifiers=[{"scheme": "XI-LEI", "id": "5493001KJTIIGC8Y1R12"}])
    import_bytes(tmp_path, "bods", lines(told), name="alpha")
    other = entity("h", "Holding Ltd", identifiers=[{"scheme": "XI-LEI", "id": "5493001KJTIIGC8Y1R12"}])
    import_bytes(tmp_path, "bods", lines(other), name="beta")
    (match,) = rows(tmp_path, "matches", "beta")
    assert (match["subject_id"], match["object_id"]) == ("id:beta-h", "id:alpha-holding")
    assert match["comment"] == "same lei: 5493001KJTIIGC8Y1R12"
    path = tmp_path / "project/data/beta/matches.csv"
    mine = "beta-h--mine,id:beta-h,skos:exactMatch,Not,id:alpha-x,semapv:ManualMappingCuration,me,2026-01-01,,mine"
    path.write_text(path.read_text("utf-8") + mine + "\n", "utf-8")
    import_bytes(tmp_path, "bods", lines(other, MINE), name="beta")
    assert {row["id"] for row in rows(tmp_path, "matches", "beta")} == {match["id"], "beta-h--mine"}
    # Denied by hand, in a separate row or in the generated one.
    made = path.read_text("utf-8")
    for denied in (
        made + mine.replace("alpha-x", "alpha-holding").replace("beta-h--mine", "beta-no") + "\n",
        made.replace("skos:exactMatch,,id:alpha-holding", "skos:exactMatch,Not,id:alpha-holding"),
    ):
        path.write_text(denied, "utf-8")
        import_bytes(tmp_path, "bods", lines(other, MINE), name="beta")
        assert not [row for row in rows(tmp_path, "matches", "beta") if not row["predicate_modifier"]]
    # A comment edited by hand in the generated row is kept, too.
    path.write_text(made.replace("same lei: 5493001KJTIIGC8Y1R12", "asked by telephone"), "utf-8")
    import_bytes(tmp_path, "bods", lines(other), name="beta")
    assert "asked by telephone" in {row["comment"] for row in rows(tmp_path, "matches", "beta")}
    path.write_text(made + "one,two\n", "utf-8")
    with pytest.raises(BadInput, match="the row does not fit the header"):
        import_bytes(tmp_path, "bods", lines(other), name="beta")


def test_things_with_an_identifier_of_the_shipped_data_are_matched(tmp_path: Path) -> None:
    """An LEI and a state code of the shipped data, in a project that does not have them: no warning asks for a change.

    A second source is matched with the shipped things, too, so that the two are merged without them.
    """
    told = entity("t", "Toyota", identifiers=[{"scheme": "XI-LEI", "id": "5493006W3QUS5LMH6R84"}],
                  jurisdiction={"name": "Japan", "code": "JP"})  # fmt: skip
    for name in ("alpha", "beta"):
        report = import_bytes(tmp_path, "bods", lines(told), name=name)
        assert report.warnings == []
        assert {(row["subject_id"], row["object_id"]) for row in rows(tmp_path, "matches", name)} == {
            (f"id:{name}-t", "id:toyota"), (f"id:{name}-state-jp", "id:japan")}  # fmt: skip


def test_import_uses_the_schemas_of_the_project(tmp_path: Path) -> None:
    """An own column of matches is in the written table, and the check before writing accepts it."""
    number = [{"scheme": "XI-LEI", "id": "5493001KJTIIGC8Y1R12"}]
    import_bytes(tmp_path, "bods", lines(entity("holding", "Holding", identifiers=number)), name="alpha")
    schema = json.loads((shipped_project().data / "schema/matches.json").read_text("utf-8"))
    schema["columns"].insert(1, {"name": "seen_by", "datatype": "string", "suppressOutput": True})
    (tmp_path / "project/data/schema").mkdir()
    (tmp_path / "project/data/schema/matches.json").write_text(json.dumps(schema), "utf-8")
    other = lines(entity("h", "Holding Ltd", identifiers=number))
    import_bytes(tmp_path, "bods", other, name="beta")
    (match,) = rows(tmp_path, "matches", "beta")
    assert (match["object_id"], match["seen_by"]) == ("id:alpha-holding", "")
    # A person edits the comment in a spreadsheet, which writes a byte order mark and CRLF.
    path = tmp_path / "project/data/beta/matches.csv"
    edited = path.read_text("utf-8").replace("same lei", "Same lei").replace("\n", "\r\n")
    path.write_bytes(("\ufeff" + edited).encode())
    import_bytes(tmp_path, "bods", lines(entity("h", "Holding Ltd", identifiers=number), MINE), name="beta")
    assert [row["comment"] for row in rows(tmp_path, "matches", "beta")] == ["Same lei: 5493001KJTIIGC8Y1R12"]


def test_incompatible_entities_with_one_identifier_are_not_matched(tmp_path: Path) -> None:
    """A firm in one source and a government body in another stay separate, and the conflict is reported."""
    number = [{"scheme": "XI-LEI", "id": "5493001KJTIIGC8Y1R12"}]
    import_bytes(tmp_path, "bods", lines(entity("holding", "Holding", identifiers=number)), name="alpha")
    body = entity("h", "Holding Agency", "stateBody", identifiers=number)
    report = import_bytes(tmp_path, "bods", lines(body), name="beta")
    assert rows(tmp_path, "matches", "beta") == []
    (lost,) = report.losses.lines()
    assert (lost.kind, lost.field, lost.example) == ("GovernmentBody", "lei", "5493001KJTIIGC8Y1R12")
    assert "'alpha-holding'" in lost.reason


def test_licence_must_be_a_url(tmp_path: Path) -> None:
    terms = SourceTerms(licence="CC BY 4.0")
    (tmp_path / "in.json").write_bytes(lines(entity("mine", "Mina Uno")))
    with pytest.raises(WrongUse, match="is not a web address"):
        import_source(make_project(tmp_path / "project"), "bods", [tmp_path / "in.json"], "alpha", terms)
    assert not (tmp_path / "project/data/alpha").exists()
