"""Each question covers everything its title promises; the complete list is computed from the data."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import pag
from peru_asia_graph.cli.ask import complete_parameter
from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.questions import read_questions

QUESTIONS = read_questions(Path(__file__).parents[1] / "ontology" / "questions")
# Questions without required parameters, the columns that hold the listed things, and the classes listed in full.
LISTS = [
    (["events-of-type"], "event", ["Event"]),
    (["accords", "free-trade-agreements", "partnerships"], "accord agreement partnership", ["Agreement"]),
    (["people"], "person", ["Person"]),
    (["places"], "place", ["Place"]),
    (["states"], "state", ["State"]),
    (["communities"], "community", ["Community"]),
    (["commodities"], "commodity", ["Commodity"]),
    (["mines"], "mine", ["MiningProject"]),
    (["blocks"], "block", ["HydrocarbonBlock"]),
    (["infrastructure"], "project", ["InfrastructureProject"]),
    (["institutions"], "institution", ["GovernmentBody", "Association", "InternationalBody"]),
    (["policies"], "policy", ["Policy", "LegalInstrument"]),
    (["media"], "outlet", ["MediaOutlet"]),
]


def labels(kg: KnowledgeGraph, pattern: str) -> set[str]:
    """Return the labels of everything that matches a pattern."""
    return {str(row["label"]) for row in kg.query(f"SELECT DISTINCT ?label {{ {pattern} . ?x rdfs:label ?label }}")}


@pytest.mark.parametrize(("names", "columns", "classes"), LISTS, ids=lambda value: str(value))
def test_every_member_of_a_class_is_listed(
    kg: KnowledgeGraph, names: list[str], columns: str, classes: list[str]
) -> None:
    answers = [row for name in names for row in kg.ask(name)]
    listed = {str(row[column]) for row in answers for column in columns.split() if row.get(column)}
    for name in classes:
        # Peru is the state the others are compared with, so `states` does not list it.
        there = labels(kg, f"?x a pag:{name} ; pag:citation ?c") - ({"Peru"} if name == "State" else set())
        assert there and there - listed == set()


def test_every_tenure_is_listed(kg: KnowledgeGraph) -> None:
    pairs = {(str(row["holder"]), str(row["office"])) for row in kg.ask("office-holders")}
    stated = "SELECT ?who ?office { ?t a pag:Tenure ; pag:holder/rdfs:label ?who ; pag:office ?office }"
    assert pairs == {(str(row["who"]), str(row["office"])) for row in kg.query(stated)}


def test_every_unconfirmed_statement_is_listed(kg: KnowledgeGraph) -> None:
    sure = '("stated", "former", "in-progress", "completed", "to-be-defined", "not-available")'
    doubtful = labels(
        kg,
        "VALUES ?class { pag:Stake pag:Relation pag:Tenure pag:PhaseStatement pag:Event pag:Investment } ?x a ?class ; "
        f'pag:certainty|pag:status ?sure FILTER(REPLACE(STR(?sure), "^.*/", "") NOT IN {sure})',
    )
    assert {str(row["what"]) for row in kg.ask("unconfirmed")} == doubtful
    for code in ("possible", "planned", "not-confirmed", "announced", "reported", "approximate"):
        assert {row["certainty"] for row in kg.ask("unconfirmed", certainty=code)} == {code}


def test_sales_and_privatizations_are_listed_as_acquisitions(kg: KnowledgeGraph) -> None:
    sold = labels(
        kg,
        "?x a pag:Event ; pag:eventType ?type . FILTER(REPLACE(STR(?type), '^.*/', '') IN "
        "('acquisition', 'sale', 'privatization', 'arms-sale'))",
    )
    assert sold <= {str(row["event"]) for row in kg.ask("acquisitions")}


def test_diplomatic_events_exclude_only_trade_and_business(kg: KnowledgeGraph) -> None:
    """p. 7: the free trade agreement of 2009; p. 7: market economy status, 2004; p. 9–10: flight and tensions."""
    listed = {str(row["event"]) for row in kg.ask("diplomatic-events")}
    assert {
        "Peru and China come to a free trade agreement",
        "Peru among those that grant China market economy status",
        "Fujimori flees to Japan",
        "Some tensions between Peru and Japan",
        '"Invest in Peru" road show in Seoul',
        "Peru and China establish a strategic partnership",
    } <= listed
    signed = labels(kg, "?x a pag:Event ; pag:participant ?a . ?a a pag:Agreement ; pag:party id:peru, ?s . "
                        "?s a pag:State FILTER(?s != id:peru)")  # fmt: skip
    assert signed - listed <= {"Trade gains in the first year of the Peru-China agreement"} | {
        str(row["event"]) for row in kg.ask("acquisitions")
    }


def test_timeline_includes_undated_events(kg: KnowledgeGraph) -> None:
    """p. 8: the wartime deportations have no date."""
    rows = [(row["date"], row["event"]) for row in kg.ask("timeline", country="Japan")]
    assert (None, "Japanese Peruvians deported to U.S. internment camps") in rows
    dated = [date is not None for date, _ in rows]
    assert dated == sorted(dated, reverse=True)


def test_all_matches_any_value(kg: KnowledgeGraph) -> None:
    everything = kg.ask("events-of-type")
    assert len(everything) == len(kg.ask("events-of-type", type="ALL")) > len(kg.ask("events-of-type", type="bid"))
    with pytest.raises(WrongUse):
        kg.ask("project-phases", project="all")


def test_parameters_list_their_accepted_values(kg: KnowledgeGraph) -> None:
    for question in QUESTIONS.values():
        for one in question.parameters:
            listed = kg.parameter_values(question.name, one.name)
            assert bool(listed) == (
                one.kind in ("year", "source") or one.kind.startswith("code/")
            ) or one.kind.startswith("entity")
            for code in listed[:3] if one.kind.startswith("code/") else ():
                assert kg.fill(question.name, {one.name: code.labels[-1]} | _others(question.name, one.name))


def test_country_values_list_states_before_bodies(sources: KnowledgeGraph) -> None:
    listed = [code.slug for code in sources.parameter_values("un-votes", "country")]
    assert max(map(listed.index, ("china", "japan", "south-korea"))) < min(map(listed.index, ("adex", "ajinomoto")))
    assert len(listed) == len(set(listed))


def _others(name: str, but: str) -> dict[str, str]:
    """Return a value for each required parameter of a question except one."""
    needed = [one for one in QUESTIONS[name].parameters if one.default is None and one.name != but]
    return {one.name: "peru" if one.kind.startswith("entity") else "1" for one in needed}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["questions", "projects-by-phase"], "eia-approved"),
        (["ask", "projects-by-phase", "-p", "phase=?"], "eia-approved"),
        (["ask", "projects-by-phase", "-p", "phase="], "eia-approved"),
        (["ask", "events-of-type", "-p", "type=?"], "all (all of them)"),
        (["ask", "who-owns", "-p", "asset=?"], "block-8"),
        (["ask", "stakes-in-year", "-p", "year=?"], "year is a date"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_command_lists_codes(command: list[str], expected: str) -> None:
    done = CliRunner().invoke(pag, command)
    assert done.exit_code == 0 and expected in done.stdout


@pytest.mark.slow
def test_shell_completes_parameters_and_values() -> None:
    context = click.Context(click.Command("ask"), info_name="ask")
    context.params = {"name": "projects-by-phase"}
    option = click.Option(["-p"])
    assert complete_parameter(context, option, "ph") == ["phase="]
    assert complete_parameter(context, option, "phase=ex") == ["phase=exploration"]
    context.params = {"name": "who-owns"}
    assert "asset=Block 8" in complete_parameter(context, option, "asset=Block")


@pytest.mark.parametrize("most", ["-3", "1.5", "٣", "9" * 22])
def test_limit_must_be_a_whole_number(kg: KnowledgeGraph, most: str) -> None:
    with pytest.raises(WrongUse, match="whole number"):
        kg.ask("biggest-investments", most=most)


@pytest.mark.parametrize("page", ["３", "1e3", "3.", ""])
def test_malformed_numbers_are_rejected(kg: KnowledgeGraph, page: str) -> None:
    with pytest.raises(WrongUse, match="is not a number"):
        kg.ask("page-facts", page=page)


def test_source_parameter_accepts_known_names(sources: KnowledgeGraph) -> None:
    """DESTA names no oil field; GEM's records give Block 57 and others to China National Petroleum Corporation."""
    question = "assets-only-in-others"
    with pytest.raises(UnknownName, match="Sources: sanborn-yong, gem"):
        sources.ask(question, unnamed_in="nonsense")
    found = sources.ask(question, unnamed_in="desta")
    assert "Block 57 Oil and Gas Field (Peru)" in {str(row["asset"]) for row in found}
    assert len(found) == len(sources.ask(question, unnamed_in="trade-agreements-desta"))


def test_command_explains_accepted_values_when_nothing_is_found() -> None:
    """Table 3 has columns for China, Japan, Korea and the world."""
    done = CliRunner().invoke(pag, ["ask", "export-structure", "-p", "country=Brazil", "--source", "sanborn-yong"])
    assert done.exit_code == 0
    assert "nothing found for country=Brazil; country is: China, Japan, South Korea or World." in done.stderr
    # China's votes begin in 1971: it is the combination of country and years that has no data.
    done = CliRunner().invoke(pag, ["ask", "un-votes", "-p", "country=China", "-p", "from=1957", "-p", "to=1957"])
    assert done.stderr.startswith("Note: nothing found for country=China, from=1957, to=1957 together; country is: ")
    assert done.stderr.count("nothing found") == 1
    # GEM has oil fields and iron mines but no deposits.
    assert CliRunner().invoke(pag, ["ask", "deposits", "--source", "gem"]).stderr == "Note: nothing found\n"


@pytest.mark.parametrize(("question", "year"), [("effective-owners", "2005"), ("chain-steps", "1908")])
def test_year_without_computed_shares_is_rejected(kg: KnowledgeGraph, question: str, year: str) -> None:
    """The paper's dated stakes begin or end in 1992, 1993, about 2010 and 2012; its last year is 2013."""
    with pytest.raises(WrongUse, match=f"computed for {year}; years: 1991, 1992, 1993, 2009, .*2013.*pag owners"):
        kg.ask(question, asset="Block 8", year=year)
    assert not kg.ask("effective-owners", asset="Block 8", year="2013").notes
    years = [code.slug for code in kg.parameter_values(question, "year")]
    assert years == ["1991", "1992", "1993", "2009", "2010", "2011", "2012", "2013"]


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("events-of-type", {"type": "State Visits"}),
        ("events-of-type", {"type": "visita_de_estado"}),
        ("projects-by-phase", {"phase": "EXPLORACIÓN"}),
        ("projects-by-phase", {"phase": "explorations"}),
        ("effective-owners", {"asset": "Block 8", "year": "2012-05"}),
        ("effective-owners", {"asset": "block_8", "year": "2012-05-14"}),
        ("unconfirmed", {"certainty": "not_confirmed"}),
    ],
)
def test_parameter_values_are_matched_leniently(kg: KnowledgeGraph, question: str, values: dict[str, str]) -> None:
    assert len(kg.ask(question, **values))
