"""Importing OpenRefine judgements into matches.csv: either the whole file is added, or every problem is reported."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peru_asia_graph.build.judged_file import read_judged
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import BadInput
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.record_match import Judged, record_matches
from two_sources import build_in, same, source, write_source

FIRST = {"hierro": ("Firm", "Shougang Hierro Peru"), "six": ("HydrocarbonBlock", "Block 6"), "teck": ("Firm", "Teck")}
SECOND = {
    "b-hierro": ("Firm", "Shougang Hierro Perú S.A.A."), "b-56": ("HydrocarbonBlock", "Block 56"),
    "b-six": ("HydrocarbonBlock", "Block VI"), "b-teck": ("Firm", "Teck Resources Ltd"),
}  # fmt: skip
HEADER = "id,match,judgement\n"


def project(root: Path) -> Project:
    """Write two sources, with one pair of their things judged different."""
    write_source(root, "alpha", source("alpha", FIRST), date="2013", position=1)
    matches = [same("b-56", "six", modifier="Not")]
    write_source(root, "beta", source("beta", SECOND, matches=matches), date="2020", position=2)
    return Project(root)


def take(root: Path, text: str | bytes, *options: str) -> Result:
    """Run ``pag match --from`` on a file with this text."""
    file = root / "judged.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    arguments = ["match", "--from", str(file), "--author", "A. Reader", "--project", str(root), *options]
    return CliRunner().invoke(pag, arguments)


def test_missing_file_is_named(tmp_path: Path) -> None:
    project(tmp_path)
    command = ["match", "--from", str(tmp_path / "none.csv"), "--author", "A. Reader", "--project", str(tmp_path)]
    outcome = CliRunner().invoke(pag, command)
    assert "none.csv: there is no such file; name the CSV file" in str(outcome.exception)


def matches(root: Path) -> str:
    return (root / "data/beta/matches.csv").read_text("utf-8")


@pytest.mark.slow
def test_openrefine_export_is_imported(tmp_path: Path) -> None:
    """Columns are named as OpenRefine's expressions name them; other columns are ignored."""
    project(tmp_path)
    before = matches(tmp_path)
    rows = [
        "name,id,reconciled_id,judgment,comment",
        'Shougang,b-hierro,hierro,matched,"seen in a report, p. 3"',
        "Teck,b-teck,https://w3id.org/peru-asia-graph/id/teck,matched,",
        "Block 56,b-56,,new,",
        "Block VI,b-six,six,none,",
    ]
    done = take(tmp_path, "\ufeff" + "\r\n".join(rows) + "\r\n")
    assert done.exit_code == 0, done.output
    assert "data/beta/matches.csv: 2 rows added; pag build applies them" in done.output
    assert "not added: 1 new, 1 undecided" in done.output
    text = matches(tmp_path)
    assert text.splitlines()[:2] == [f"{before.splitlines()[0]},comment", f"{before.splitlines()[1]},"]
    assert '"seen in a report, p. 3"' in text
    assert "b-hierro--same--hierro,id:b-hierro,skos:exactMatch,,id:hierro" in text
    assert "A. Reader" in text
    graph = build_in(tmp_path)[0]
    assert graph.names.find("Shougang Hierro Perú S.A.A.") == "hierro"
    assert graph.names.find("Teck Resources Ltd") == "teck"
    again = take(tmp_path, "\n".join(rows))
    assert (again.exit_code, matches(tmp_path)) == (0, text)
    assert "2 already recorded" in again.output


def test_import_accepts_the_judgements_of_a_review(tmp_path: Path) -> None:
    project(tmp_path)
    done = take(tmp_path, HEADER + "b-six,six,part\nid:b-teck,id:teck,Different\nb-hierro,hierro,successor\n")
    assert done.exit_code == 0, done.output
    text = matches(tmp_path)
    assert "id:b-six,dcterms:isPartOf,,id:six" in text
    assert "id:b-teck,skos:exactMatch,Not,id:teck" in text
    assert "id:b-hierro,pag:successorOf,,id:hierro" in text


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("id,judgement\nb-six,matched\n", ":1", "no column for the match", "'reconciled_id'"),
        ("a,b\n1,2\n", ":1", "no column for the id", "'subject_id'"),
        (HEADER + "b-six,six,maybe\n", ":2: column 'judgement'", "'maybe' is not a judgement", "'matched'"),
        (HEADER + "b-sixx,six,matched\n", ":2: column 'id'", "'b-sixx' is not an id", "did you mean 'b-six'"),
        (
            HEADER + "b-teck,teck,matched\nb-six,nobody-at-all,matched\n",
            ":3: column 'match'",
            "is not an id",
            "entities.csv",
        ),
        (HEADER + "teck,b-teck,matched\n", ":2: column 'id'", "no matches.csv in data/alpha", "name it in"),
        (HEADER + "b-six,,matched\n", ":2: column 'match'", "the id is missing", "none"),
        (HEADER + "b-six,six\n", ":2", "2 cells for 3 columns", "one cell"),
        (HEADER + "b-six,b-56,matched\n", ":2: column 'match'", "from the same source", "different sources"),
        (HEADER + "b-56,six,matched\n", ":2: column 'match'", "are already judged: different", "remove one"),
        (HEADER + "b-six,six,matched\nb-six,six,different\n", ":3", "already judged: same", "remove one"),
        (HEADER + "b-six,six,matched\nb-six,teck,matched\n", ":3", "already matched with 'six'", "remove one"),
        (HEADER + '"b-six,six,matched\n', ":2", "never closed", "close the quote"),
        (b"id,match,judgement\nb-six,s\x00ix,matched\n", ":2", "NUL", "UTF-8"),
        (b"id,match,judgement\nb-six,\xff,matched\n", ":2", "not UTF-8", "save"),
        (HEADER.encode("utf-16"), ":1", "UTF-16", "UTF-8"),
        (b"", "", "empty", "header"),
        ("id;match;judgement\n", ":1", "semicolons", "commas"),
        (HEADER + "\x1b[31mb,six,matched\n", ":2: column 'id'", r"'\u001b[31mb' is not an id", ""),
    ],
)
def test_problem_is_reported_with_its_location_and_nothing_is_written(
    tmp_path: Path, text: str | bytes, place: str, message: str, remedy: str
) -> None:
    project(tmp_path)
    before = matches(tmp_path)
    done = take(tmp_path, text)
    assert isinstance(done.exception, BadInput)
    told = next((line for line in str(done.exception).splitlines() if message in line), str(done.exception))
    assert f"judged.csv{place}" in told and message in told and remedy in told
    assert matches(tmp_path) == before


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    judged = tmp_path / "judged.csv"
    judged.write_text(HEADER + "b-hierro,hierro,matched\nx,y,matched\nb-six,six,perhaps\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        read_judged(judged, project(tmp_path))
    assert [(one.line, one.column) for one in caught.value.problems] == [(3, "id"), (3, "match"), (4, "judgement")]


def test_from_cannot_be_combined_with_review(tmp_path: Path) -> None:
    project(tmp_path)
    assert "--from cannot be combined with --review or --source" in take(tmp_path, HEADER, "--review").output
    assert take(tmp_path, HEADER).exit_code == 0


REQUIRED = "id,subject_id,predicate_id,object_id,mapping_justification,author_label,mapping_date"
OTHER = 'a,id:b-teck,skos:exactMatch,id:teck,semapv:ManualMappingCuration,"Reader, A.",2020'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # An optional column that the table lacks is added, or "different" would be recorded as "same".
        (f"{REQUIRED}\n{OTHER}\n", f"{REQUIRED},predicate_modifier,comment\n{OTHER},,\n{{row}},Not,no\n"),
        (f"\n{REQUIRED},predicate_modifier,comment\n", f"\n{REQUIRED},predicate_modifier,comment\n{{row}},Not,no\n"),
        (
            f"\ufeff{REQUIRED},comment,predicate_modifier\r\n{OTHER},,",
            f"\ufeff{REQUIRED},comment,predicate_modifier\r\n{OTHER},,\r\n{{row}},no,Not\r\n",
        ),
    ],
)
def test_judgement_is_whole_in_any_table_that_the_check_accepts(tmp_path: Path, before: str, after: str) -> None:
    table = tmp_path / "matches.csv"
    table.write_bytes(before.encode())
    record_matches(table, [Judged("b-six", "six", "different", "no")], "R")
    relation = f"id:b-six,skos:exactMatch,id:six,semapv:ManualMappingCuration,R,{date.today().isoformat()}"
    assert table.read_bytes().decode() == after.format(row=f"b-six--different--six,{relation}")


def test_judgement_is_not_added_to_a_table_without_a_required_column(tmp_path: Path) -> None:
    table = tmp_path / "matches.csv"
    table.write_text(REQUIRED.replace("object_id", " object_id") + "\n")
    with pytest.raises(BadInput, match=":1: column 'object_id': the column is missing; add it"):
        record_matches(table, [Judged("b-six", "six", "same")], "R")
    assert table.read_text() == REQUIRED.replace("object_id", " object_id") + "\n"


def test_judgements_of_two_reviews_at_once_are_all_recorded(tmp_path: Path) -> None:
    table = tmp_path / "matches.csv"
    table.write_text(f"{REQUIRED}\n")

    def review(name: str) -> None:
        for number in range(20):
            record_matches(table, [Judged(f"{name}-{number}", "six", "same")], "R")

    both = [threading.Thread(target=review, args=(name,)) for name in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert table.read_text().count("--same--six") == 40
    assert [path.name for path in tmp_path.iterdir()] == ["matches.csv"]
