"""Codes as parameter values: accepted by slug or label; unknown codes are refused with the list of valid ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from csv_rows import read_csv
from peru_asia_graph.cli import pag
from peru_asia_graph.errors import PeruAsiaGraphError, UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.questions import read_questions
from peru_asia_graph.site.pages import make_page

ROOT = Path(__file__).parents[1]
QUESTIONS = read_questions(ROOT / "ontology" / "questions")
CODED = [
    (name, one.name, one.kind.removeprefix("code/"))
    for name, question in QUESTIONS.items()
    for one in question.parameters
    if one.kind.startswith("code/")
]


def codes_of(scheme: str) -> set[str]:
    """Return the codes of a list from the table of concepts."""
    return {row["slug"] for row in read_csv(ROOT / "data" / "reference" / "concepts.csv") if row["scheme"] == scheme}


def test_labels_of_measures_are_lower_case() -> None:
    """They stand within sentences and labels, and queries find a measure by its label."""
    measures = [row for row in read_csv(ROOT / "data" / "reference" / "concepts.csv") if row["scheme"] == "measure"]
    labels = [row[f"label_{language}"] for row in measures for language in ("en", "es")]
    assert labels and [label for label in labels if label[0].isupper()] == []


@pytest.mark.parametrize(("name", "parameter", "scheme"), CODED)
def test_unknown_code_is_refused_with_the_valid_ones(
    kg: KnowledgeGraph, name: str, parameter: str, scheme: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        kg.ask(name, **{parameter: "nonsense"})
    assert codes_of(scheme) and all(code in str(caught.value) for code in codes_of(scheme))
    page = make_page(kg, "question", {"name": name, "values": {parameter: "nonsense"}})
    assert page[0] == 400 and "nonsense" in page[2]


@pytest.mark.parametrize(("name", "parameter", "scheme"), CODED)
def test_every_code_of_the_list_is_accepted(kg: KnowledgeGraph, name: str, parameter: str, scheme: str) -> None:
    for code in codes_of(scheme):
        assert f"code/{scheme}/{code}>" in kg.fill(name, {parameter: code})


def test_code_may_be_given_by_its_label_in_either_language(kg: KnowledgeGraph) -> None:
    for written in ("obstacle", "Obstacle", "obstáculo", "OBSTACULO"):
        assert kg.names.find_code("finding-kind", written) == "obstacle"
    assert {kg.names.find_code("dataset", one) for one in ("table-4", "Table4", "table 4", "Cuadro 4")} == {"table-4"}
    # Two labels begin with this text.
    with pytest.raises(UnknownName, match="'gem-oil-gas' or 'gem-iron-ore-mines'"):
        kg.names.find_code("dataset", "GEM")


def test_closest_codes_are_suggested_first(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean '(state|official)-visit' or '(state|official)-visit'\?"):
        kg.ask("events-of-type", type="visit")


def test_weakly_similar_codes_are_not_suggested(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match=r"is called 'inauguration'\. Codes: accession, acquisition, .*withdrawal"):
        kg.ask("events-of-type", type="inauguration")


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("who-owns", {"asset": "China"}),
        ("effective-owners", {"asset": "copper"}),
        ("projects-by-commodity", {"commodity": "Lima"}),
        ("exports-compared", {"sector": "China"}),
        ("owned-by", {"owner": "copper"}),
        ("investments-of-country", {"country": "Hu Jintao"}),
    ],
)
def test_thing_of_the_wrong_kind_is_refused(kg: KnowledgeGraph, question: str, values: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match="cannot be the"):
        kg.ask(question, **values)


def test_timeline_accepts_any_thing(kg: KnowledgeGraph) -> None:
    assert len(kg.ask("timeline", country="Hu Jintao"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "ask findings-of-kind -p kind=nonsense",
        "ask events-of-type -p type=nonsense",
        "ask who-owns -p asset=China",
        "ask who-owns -p asset=Antamina -p asset=Toromocho",
        "ask who-owns --show-query -f csv",
        "audit --explain china -f csv",
        "owners China",
        "holdings copper",
        "control copper",
        "ties --asset China",
        "ties --commodity China",
        "ties --sector mining --year 2012",
        "questions xyzzy",
        "export -f turtle --table stakes",
        "export -f csv --network ownership",
        "export --network ownership --table stakes",
        "network ownership -f csv",
        "network ownership -o unwritten.csv",
        "network ownership --year 12 -o unwritten.gexf",
        "view investments --year 2012 -o unwritten.html",
        "view investments --depth 1 -o unwritten.html",
        "view ownership --depth 1 -o unwritten.html",
        "view ownership --year 99999 -o unwritten.html",
        "view ownership --open -o -",
    ],
)
def test_invalid_argument_is_an_error_not_an_empty_answer(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(pag, ["--project", str(ROOT), *command.split()])
    assert done.exit_code != 0 and not done.stdout and isinstance(done.exception, PeruAsiaGraphError | SystemExit)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "beginning"),
    [
        ("--table observations -o -", b"id,source,table,"),
        ("--table stakes", b"id,source,owner,"),
        ("--network diplomacy", b"<?xml"),
        ("-f gexf --network diplomacy", b"<?xml"),
        ("-f csv", b"id,sources,label,type,"),
    ],
)
def test_export_writes_the_requested_content(options: str, beginning: bytes) -> None:
    done = CliRunner().invoke(pag, ["--project", str(ROOT), "export", *options.split()])
    assert done.exit_code == 0 and done.stdout_bytes.startswith(beginning)


def test_python_export_refuses_options_the_format_does_not_support(kg: KnowledgeGraph) -> None:
    for given in ({"network": "ownership"}, {"table": "stakes"}, {"year": 2012}):
        with pytest.raises(WrongUse):
            kg.export("turtle", **given)
