"""Suggestions of matches, and the review that records what a person decides."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from peru_asia_graph import paths
from peru_asia_graph.build import inputs
from peru_asia_graph.build.matches import match_links, matched_ids, read_suggestions
from peru_asia_graph.build.reference import ontology_terms, read_ontology
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import BadInput, UnknownName
from peru_asia_graph.paths import Project, shipped_project
from peru_asia_graph.rdf.quads import iri
from peru_asia_graph.sources.checks import check_sources
from peru_asia_graph.sources.judgements import Judgements
from peru_asia_graph.sources.suggestions import CUTOFF, Candidate, numbers, plain_name, suggest_matches
from peru_asia_graph.vocabulary import local
from tiny import copy_tiny
from two_sources import build_in, same, source, write_source

FIRST = {
    "cnpc": ("Firm", "CNPC"), "hierro": ("Firm", "Shougang Hierro Peru"), "six": ("HydrocarbonBlock", "Block 6"),
    "state": ("State", "Norte"), "teck": ("Firm", "Teck Resources"),
}  # fmt: skip
SECOND = {
    "b-hierro": ("Firm", "Shougang Hierro Perú S.A.A."), "b-56": ("HydrocarbonBlock", "Block 56"),
    "b-six": ("HydrocarbonBlock", "Block 6 (Peru)"), "b-norte": ("Firm", "Norte"),
    "b-teck": ("Firm", "Resources Teck Ltd"),
}  # fmt: skip


def project(root: Path, *matches: Mapping[str, str]) -> Project:
    """Write two sources, the second with a table of matches."""
    write_source(root, "alpha", source("alpha", FIRST), date="2013", position=1)
    rows = matches or (same("b-56", "six", modifier="Not"),)
    write_source(root, "beta", source("beta", SECOND, matches=list(rows)), date="2020", position=2)
    return Project(root)


def test_similar_names_are_suggested_unless_numbers_or_types_differ(tmp_path: Path) -> None:
    found = {(one.one.id, one.other.id): one for one in read_suggestions(project(tmp_path))}
    assert ("b-hierro", "hierro") in found
    assert ("b-six", "six") in found
    assert (
        found["b-hierro", "hierro"].reason
        == "the same name except for legal form, branch, country, accents or punctuation"
    )
    assert found["b-teck", "teck"].reason == "the same words in another order"
    assert not {("b-56", "six"), ("b-norte", "state")} & found.keys()


def test_all_names_are_compared_in_any_language(tmp_path: Path) -> None:
    """Alpha gives its block a Spanish name; beta lists a firm's old name in its table of names."""
    spanish = [{"thing": "six", "label_es": "Lote 6"}]
    write_source(tmp_path, "alpha", source("alpha", FIRST, translations=spanish), date="2013", position=1)
    things = {"b-lote": ("HydrocarbonBlock", "Lote 6"), "b-new": ("Firm", "Glencore")}
    names = [{"id": "b-n1", "thing": "b-new", "name": "Teck Resources", "citations": "beta-p1"}]
    write_source(tmp_path, "beta", source("beta", things, names=names), date="2020", position=2)
    found = {(one.one.id, one.other.id, one.reason) for one in read_suggestions(Project(tmp_path))}
    assert found == {("b-lote", "six", "the same name"), ("b-new", "teck", "the same name")}


def test_judged_pairs_are_not_suggested_again(tmp_path: Path) -> None:
    judged = project(tmp_path, same("b-hierro", "hierro"), same("b-six", "six", modifier="Not"))
    assert not {"b-hierro", "b-six"} & {one.one.id for one in read_suggestions(judged)}


def test_suggestions_accept_either_name_of_a_source(tmp_path: Path) -> None:
    root = project(tmp_path)
    assert read_suggestions(root, "Beta") == read_suggestions(root, "beta") != []
    with pytest.raises(UnknownName, match=r"no source is called 'nope'\. .* Sources: alpha, beta\."):
        read_suggestions(root, "nope")


def test_pairs_implied_by_judgements_are_not_suggested(tmp_path: Path) -> None:
    """Sources matched with the same thing match each other; a judged difference carries over in the same way."""
    root = project(tmp_path, same("b-hierro", "hierro"), same("b-six", "six", modifier="Not")).root
    third = {"c-hierro": ("Firm", "Shougang Hierro Peru"), "c-six": ("HydrocarbonBlock", "Block 6")}
    judged = [same("c-hierro", "hierro"), same("c-six", "six")]
    write_source(root, "gamma", source("gamma", third, matches=judged), date="2021", position=3)
    pairs = {(one.one.id, one.other.id) for one in read_suggestions(Project(root))}
    assert not {("c-hierro", "b-hierro"), ("c-six", "b-six"), ("c-six", "six")} & pairs


@pytest.mark.slow
def test_suggestions_are_not_merged_without_a_judgement(tmp_path: Path) -> None:
    project(tmp_path)
    graph = build_in(tmp_path)[0]
    assert graph.query("ASK { id:b-hierro a pag:Firm }") and graph.query("ASK { id:hierro a pag:Firm }")


@pytest.mark.slow
def test_review_records_the_answers(tmp_path: Path) -> None:
    project(tmp_path)
    suggested = [one.one.id for one in read_suggestions(Project(tmp_path))]
    answers = {"b-hierro": "same", "b-six": "different"}
    typed = "".join(f"{answers.get(one, 'skip')}\n" for one in suggested)
    arguments = ["match", "--review", "--author", "A. Reader", "--project", str(tmp_path)]
    result = CliRunner().invoke(pag, arguments, input=typed, catch_exceptions=False)
    assert "data/beta/matches.csv: 2 rows added" in result.output + (result.stderr or "")
    text = (tmp_path / "data/beta/matches.csv").read_text("utf-8")
    assert "b-hierro--same--hierro,id:b-hierro,skos:exactMatch,,id:hierro" in text
    assert "id:b-six,skos:exactMatch,Not,id:six" in text and "A. Reader" in text
    graph = build_in(tmp_path)[0]
    assert graph.names.find("Shougang Hierro Perú S.A.A.") == "hierro"
    assert graph.names.find("Block 6 (Peru)") == "b-six"


def test_shipped_things_are_matched_in_the_project_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of two shipped things are skipped; others are recorded in the project's own table, on either side."""
    shipped, own = copy_tiny(tmp_path / "shipped"), tmp_path / "own"
    project(shipped.root)
    for module in (paths, inputs):
        monkeypatch.setattr(module, "shipped_project", lambda: shipped)
    kept = same("my-six", "six", modifier="Not")
    mine = source("mine", {"my-hierro": ("Firm", "Shougang Hierro Peru"), "my-six": ("Firm", "Six")}, matches=[kept])
    write_source(own, "mine", mine, date="2024", position=0)
    found = read_suggestions(Project(own), with_shipped=True)
    assert [(one.one.id, one.other.id) for one in found] == [("hierro", "my-hierro"), ("b-hierro", "my-hierro")]
    arguments = ["match", "--with-shipped", "--review", "--author", "A. Reader", "--project", str(own)]
    result = CliRunner().invoke(pag, arguments, input="same\nskip\n", catch_exceptions=False)
    assert "data/mine/matches.csv: 1 row added" in result.output
    assert "id:hierro,skos:exactMatch,,id:my-hierro" in (own / "data/mine/matches.csv").read_text("utf-8")


def test_things_matched_with_the_same_unread_thing_are_the_same(tmp_path: Path) -> None:
    """Both of ours match the shipped "hierro", without which they are still one firm; the table has one warning."""
    root = project(tmp_path, same("b-hierro", "x-hierro"), same("b-six", "x-six"), same("b-teck", "x-teck")).root
    mine = [same("c-hierro", "x-hierro"), same("c-six", "x-six", modifier="Not")]
    write_source(root, "gamma", source("gamma", {**THIRD, "c-teck": ("Firm", "Resources Teck Ltd")}, matches=mine),
                 position=3)  # fmt: skip
    sources = inputs.read_inputs(Project(root))
    kept = matched_ids(sources)
    assert kept == {"c-hierro": "b-hierro"}
    about = {(local(iri(one.subject)), local(iri(one.object))) for one in match_links(sources, kept)}
    assert about == {("b-hierro--x-hierro", "b-hierro"), ("c-hierro--x-hierro", "b-hierro")}
    pairs = {frozenset((one.one.id, one.other.id)) for one in read_suggestions(Project(root))}
    assert frozenset(("b-teck", "c-teck")) in pairs
    assert not {frozenset(("b-hierro", "c-hierro")), frozenset(("b-six", "c-six"))} & pairs
    folder = shipped_project().ontology
    found = check_sources(sources, ontology_terms(folder, read_ontology(folder)), {"x-hierro", "x-six", "x-teck"})
    assert [str(one).removeprefix(f"{root}/") for one in found if "shipped" in one.message] == [
        f"data/{name}/matches.csv: warning: {count} rows name things of the shipped data, first in line 2; "
        "--with-shipped adds it; without that, such rows only join things of yours that match the same one"
        for name, count in (("beta", 3), ("gamma", 2))
    ]


def test_review_matches_with_the_thing_that_is_not_read(tmp_path: Path) -> None:
    """Beta's firm is matched with a shipped one, so alpha's, which is the same, is matched with that too."""
    project(tmp_path, same("b-hierro", "x-hierro"), same("b-six", "six"), same("b-teck", "teck"))
    arguments = ["match", "--review", "--author", "A. Reader", "--project", str(tmp_path)]
    CliRunner().invoke(pag, arguments, input="same\n", catch_exceptions=False)
    text = (tmp_path / "data/beta/matches.csv").read_text("utf-8")
    assert "id:hierro,skos:exactMatch,,id:x-hierro" in text


THIRD = {"c-hierro": ("Firm", "Shougang Hierro Peru"), "c-knoc": ("Firm", "Korea National Oil Corporation"),
         "c-six": ("HydrocarbonBlock", "Block 6")}  # fmt: skip


def three(root: Path, *matches: Mapping[str, str]) -> Project:
    """Write a third source; the firm and block of the second are matched with those of the first."""
    project(root, same("b-hierro", "hierro"), same("b-six", "six"))
    rows = matches or (same("b-56", "c-six", modifier="Not"),)
    write_source(root, "gamma", source("gamma", THIRD, matches=list(rows)), date="2021", position=3)
    return Project(root)


def review(root: Path, *answers: str) -> str:
    """Review the suggestions for the third source; return its table of matches."""
    arguments = ["match", "--review", "--source", "gamma", "--author", "A. Reader", "--project", str(root)]
    CliRunner().invoke(pag, arguments, input="\n".join(answers) + "\n", catch_exceptions=False)
    return (root / "data/gamma/matches.csv").read_text("utf-8")


def test_thing_of_two_sources_is_suggested_once_under_its_first_id(tmp_path: Path) -> None:
    found = [(one.one.id, one.other.id) for one in read_suggestions(three(tmp_path), "gamma")]
    assert found.count(("c-hierro", "hierro")) == found.count(("c-six", "six")) == 1
    assert not {("c-hierro", "b-hierro"), ("c-six", "b-six")} & set(found)


def test_one_word_in_common_is_not_enough(tmp_path: Path) -> None:
    """Korea National Oil Corporation and National Savings Bank share one word; Minera Andes and Mineras Andes, both."""
    write_source(
        tmp_path, "alpha", source("alpha", {"bank": ("Firm", "National Savings Bank"), "a": ("Firm", "Minera Andes")})
    )
    things = {"b-knoc": ("Firm", "Korea National Oil Corporation"), "b-a": ("Firm", "Mineras Andes")}
    write_source(tmp_path, "beta", source("beta", things), position=2000)
    assert [(one.one.id, one.other.id) for one in read_suggestions(Project(tmp_path))] == [("b-a", "a")]


@pytest.mark.slow
def test_all_correct_answers_of_a_review_can_be_built(tmp_path: Path) -> None:
    """All three sources give the firm the same name and no match is recorded yet: the first source keeps its IRI."""
    project(tmp_path)
    write_source(tmp_path, "gamma", source("gamma", THIRD, matches=[same("b-56", "c-six", modifier="Not")]),
                 date="2021", position=3)  # fmt: skip
    suggested = [(one.one.id, one.other.id) for one in read_suggestions(Project(tmp_path), "gamma")]
    assert {("c-hierro", "hierro"), ("c-hierro", "b-hierro")} <= set(suggested)
    text = review(tmp_path, *("s" if one == "c-hierro" else "" for one, _ in suggested))
    assert "c-hierro--same--hierro" in text and "b-hierro--same--hierro" in text
    assert "c-six" not in text.partition("c-hierro")[2]
    graph = build_in(tmp_path)[0]
    assert {graph.names.find(one) for one in ("Shougang Hierro Peru", "Shougang Hierro Perú S.A.A.")} == {"hierro"}


def test_thing_matched_with_one_is_not_suggested_for_another_of_that_source(tmp_path: Path) -> None:
    """The first source has a firm and its branch: the branch is no longer asked about once the firm is chosen."""
    firms = {"hierro": ("Firm", "Shougang Hierro"), "branch": ("Firm", "Shougang Hierro Sucursal Peru")}
    write_source(tmp_path, "alpha", source("alpha", firms), date="2013", position=1)
    third = {"c-hierro": ("Firm", "Shougang Hierro"), "c-knoc": ("Firm", "KNOC")}
    rows = [same("c-knoc", "branch", modifier="Not")]
    write_source(tmp_path, "gamma", source("gamma", third, matches=rows), date="2021", position=3)
    suggested = [(one.one.id, one.other.id) for one in read_suggestions(Project(tmp_path))]
    assert suggested == [("c-hierro", "hierro"), ("c-hierro", "branch")]
    assert review(tmp_path, "s", "s").count("--same--") == 1
    assert read_suggestions(Project(tmp_path)) == []


def test_review_without_a_login_name_asks_for_an_author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", no_name)
    result = CliRunner().invoke(pag, ["match", "--review", "--project", str(three(tmp_path).root)], input="s\n")
    assert result.exit_code == 2 and "--author NAME" in result.stderr


def test_review_writes_only_tables_that_are_read(tmp_path: Path) -> None:
    """A byte order mark is fine; a table with another delimiter, an empty one and one not listed are reported."""
    three(tmp_path)
    file, metadata = tmp_path / "data/gamma/matches.csv", tmp_path / "data/gamma/csv-metadata.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert "\nc-hierro--same--hierro,id:c-hierro," in review(tmp_path, "s", "q")
    arguments = ["match", "--review", "--source", "gamma", "--project", str(tmp_path)]
    for text in ("id;subject_id\n", ""):
        file.write_text(text, "utf-8")
        assert isinstance(CliRunner().invoke(pag, arguments, input="s\n").exception, BadInput)
        assert file.read_text("utf-8") == text
    metadata.write_text(metadata.read_text("utf-8").replace("matches.csv", "phases.csv"), "utf-8")
    file.rename(tmp_path / "data/gamma/phases.csv").with_name("matches.csv").write_text("id\n", "utf-8")
    assert "no matches.csv in data/gamma" in str(CliRunner().invoke(pag, arguments, input="s\n").exception)
    assert file.read_text("utf-8") == "id\n"


def test_sources_without_usable_schemas_are_reported_instead_of_ignored(tmp_path: Path) -> None:
    three(tmp_path)
    (tmp_path / "data/schema").mkdir()
    for name in ("citations", "sources"):
        (tmp_path / f"data/schema/{name}.json").write_text('{"primaryKey": 5, "columns": [{"name": "id"}]}')
    with pytest.raises(BadInput) as error:
        read_suggestions(Project(tmp_path))
    assert [Path(problem.file).name for problem in error.value.problems] == ["citations.json", "sources.json"]


def test_review_accepts_letters_words_and_enter(tmp_path: Path) -> None:
    three(tmp_path)
    before = review(tmp_path, "quit")
    assert review(tmp_path, "x", "Q") == before
    count = len(read_suggestions(Project(tmp_path), "gamma"))
    assert review(tmp_path, *[""] * count) == before
    assert "--different--" in review(tmp_path, "d", "q")


def test_two_matches_of_a_thing_must_refer_to_the_same_thing(tmp_path: Path) -> None:
    """Block 6 of the third source matches both others, which are one; its firm matches two that are not the same."""
    three(tmp_path, same("c-six", "six"), same("c-six", "b-six"), same("c-knoc", "cnpc"), same("c-knoc", "teck"))
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    assert [(one.line, one.remedy) for one in error.value.problems] == [
        (5, "if 'cnpc' and 'teck' are the same, match them with each other; if not, keep one of the two rows")
    ]


def test_two_matches_in_opposite_directions_are_reported(tmp_path: Path) -> None:
    """Six is a part of c-six and c-six a part of b-six, which is Six; teck has the part c-knoc, and the reverse."""
    three(
        tmp_path,
        same("six", "c-six", "dcterms:isPartOf"),
        same("c-six", "b-six", "dcterms:isPartOf"),
        same("teck", "c-knoc", "dcterms:hasPart"),
        same("c-knoc", "teck", "dcterms:isPartOf"),
        {**same("c-knoc", "teck", "dcterms:hasPart"), "id": "opposite"},
    )
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    opposite = f"are related in the opposite direction at {tmp_path}/data/gamma/matches.csv"
    assert [(one.line, one.message) for one in error.value.problems] == [
        (3, f"'c-six' and 'b-six' {opposite}:2"),
        (6, f"'c-knoc' and 'teck' {opposite}:4"),
    ]


def test_names_are_normalized() -> None:
    assert plain_name("PETRÓLEOS DEL PERÚ") == "petroleos"
    assert plain_name("Peru") == "peru"
    assert (plain_name("Republic of Peru"), plain_name("Czech Republic")) == ("republic of peru", "czech")
    assert numbers("Block Z-2B") == numbers("block z 2b")


def test_fast_search_misses_no_pair() -> None:
    """Compare with scoring every pair: WRatio at the cutoff, similar as a whole or by word subset, same numbers."""
    fuzz = pytest.importorskip("rapidfuzz.fuzz", reason="rapidfuzz is not installed")
    chance = random.Random(5)
    words = ["oro", "plata", "cobre", "andes", "norte", "sur", "minera", "mineria", "inca", "incas", "8", "56", "vi"]
    things = [
        Candidate(f"{source}-{at}", source, "Firm", [" ".join(chance.sample(words, chance.randrange(1, 4)))], place)
        for place, source in enumerate("ab")
        for at in range(120)
    ]

    def alike(one: str, other: str) -> bool:
        some, others = set(one.split()), set(other.split())
        whole = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) >= CUTOFF
        return (
            fuzz.WRatio(one, other) >= CUTOFF
            and (whole or some <= others or others <= some)
            and numbers(one) == numbers(other)
        )

    wanted = {
        (one.id, other.id)
        for one in things[120:]
        for other in things[:120]
        if alike(plain_name(one.names[0]), plain_name(other.names[0]))
    }
    found = suggest_matches(things, Judgements(), {"Firm": {"Firm"}})
    assert {(one.one.id, one.other.id) for one in found} == wanted and len(wanted) > 300
    assert all(one.score == int(fuzz.WRatio(*(plain_name(side.names[0]) for side in (one.one, one.other))) + 0.5)
               for one in found)  # fmt: skip


def test_missing_rapidfuzz_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rapidfuzz", None)
    arguments = ["match", "--project", str(project(tmp_path).root)]
    result = CliRunner().invoke(pag, arguments)
    assert result.exit_code and "peru-asia-graph[match]" in str(result.exception)
