"""Kinds of citations, bounds, parts, sums and the order of sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peru_asia_graph.errors import BadInput
from two_sources import CERTAIN, build_in, flat, same, source, write_source

A_THINGS = {"six": ("HydrocarbonBlock", "Block 6"), "seven": ("HydrocarbonBlock", "Block 7"), "co": ("Firm", "Co.")}
B_THINGS = {"b-six-seven": ("HydrocarbonBlock", "Block VI/VII"), "b-co": ("Firm", "Company"),
            "b-x": ("HydrocarbonBlock", "Block X")}  # fmt: skip
A_STAKES = [{"id": "a1", "owner": "co", "owned": "six", "share_percent": "70"}]


def tables_of(name: str, **more: object) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a source that cites records instead of pages."""
    tables = source(name, B_THINGS, [])
    cited = [{"id": f"{name}-p1", "source": name, "record": "OG0001", "field": "owner",
              "address": "https://example.org/OG0001"}]  # fmt: skip
    return {**tables, "citations": cited, **more}  # type: ignore[dict-item]


def test_one_thing_corresponds_to_two_in_another_source(tmp_path: Path) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    stake = {"id": "b1", "owner": "b-co", "owned": "b-six-seven", "share_percent": "100", "citations": "beta-p1"}
    parts = [same("b-six-seven", one, "dcterms:hasPart") for one in ("six", "seven")]
    tables = tables_of("beta", stakes=[{**stake, **CERTAIN}], matches=[*parts, same("b-co", "co")])
    write_source(tmp_path, "beta", tables, date="2020", valid="2020", position=2)
    graph = build_in(tmp_path)[0]
    found = graph.query("SELECT ?part { id:b-six-seven dcterms:hasPart ?part } ORDER BY ?part").table()
    assert found == [["seven"], ["six"]]
    assert [row["source"] for row in graph.owners("Block 6")][:1] == ["alpha"]
    assert {row["source"] for row in graph.owners("Block VI/VII")} == {"beta"}
    assert len(graph.differences()) == 0
    held = {(row["source"], row["asset"]) for row in graph.holdings("Co.")}
    assert held == {("alpha", "Block 6"), ("beta", "Block VI/VII")}


def test_a_source_of_records_is_cited_by_record_and_field(tmp_path: Path) -> None:
    stake = {"id": "b1", "owner": "b-co", "owned": "b-x", "citations": "beta-p1", **CERTAIN}
    bounds = [{**stake, "share_low": "25", "share_high": "50"}]
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    write_source(tmp_path, "beta", tables_of("beta", stakes=bounds), date="2020", valid="2020-02", position=2)
    graph = build_in(tmp_path)[0]
    (row,) = [row for row in graph.owners("Block X") if row["owner"] == "Company"]
    assert (row["effective_low"], row["effective_high"], row["citations"]) == (25, 50, "record OG0001, owner")
    (edge,) = [data for *_, data in graph.network("ownership").edges(data=True) if data["source"] == "beta"]
    assert (edge["share_low"], edge["share_high"], edge["as_of"]) == (25.0, 50.0, "2020-02")
    line = flat(graph, "stakes")[-1]
    assert line == "b1,beta,b-co,Company,b-x,Block X,,25,50,direct,stated,,,2020-02,beta-p1"


def test_same_page_number_in_two_sources(tmp_path: Path) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    stake = {"id": "b1", "owner": "b-co", "owned": "b-x", "share_percent": "10"}
    write_source(tmp_path, "beta", source("beta", B_THINGS, [stake], matches=[same("b-co", "co")]), position=2)
    graph = build_in(tmp_path)[0]
    cited = {(row["source"], row["citations"]) for row in graph.holdings("Co.")}
    assert cited == {("alpha", "p. 1 ¶1"), ("beta", "p. 1 ¶1")}
    assert "Alpha: p. 1 ¶1; Beta: p. 1 ¶1" in str(graph.show("Co."))
    nodes = graph.network("ownership").nodes
    assert (nodes["co"]["sources"], nodes["six"]["sources"], nodes["b-x"]["sources"]) == ("alpha;beta", "alpha", "beta")


def test_shares_over_100_percent_in_one_source_do_not_affect_the_other(tmp_path: Path) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    over = [{"id": f"b{number}", "owner": owner, "owned": "b-x", "share_percent": "60"}
            for number, owner in enumerate(("b-co", "b-other"))]  # fmt: skip
    things = {**B_THINGS, "b-other": ("Firm", "Other")}
    write_source(tmp_path, "beta", source("beta", things, over), date="2020", position=2)
    graph, report = build_in(tmp_path)
    assert ["add up to 120" in problem.message for problem in report.warnings] == [True]
    assert [float(str(row["effective_percent"])) for row in graph.owners("Block 6") if row["owner"] == "Co."] == [70]


@pytest.mark.parametrize("swapped", [False, True])
def test_source_order_determines_only_the_label(tmp_path: Path, swapped: bool) -> None:
    things = {"b-six": ("HydrocarbonBlock", "Lote 6"), "b-co": ("Firm", "Company")}
    stake = {"id": "b1", "owner": "b-co", "owned": "b-six", "share_percent": "30"}
    matches = [same("b-six", "six"), same("b-co", "co")]
    positions = (2, 1) if swapped else (1, 2)
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=positions[0])
    write_source(tmp_path, "beta", source("beta", things, [stake], matches=matches), date="2020", position=positions[1])
    graph = build_in(tmp_path)[0]
    shares = {(row["source"], row["effective_percent"]) for row in graph.owners("six") if row["direct_percent"]}
    assert shares == {("alpha", 70), ("beta", 30)}
    assert graph.query("SELECT ?label { id:six rdfs:label ?label }").table() == [["Lote 6" if swapped else "Block 6"]]
    assert [one.name for one in graph.sources] == (["beta", "alpha"] if swapped else ["alpha", "beta"])


def test_sale_after_the_date_of_the_first_source(tmp_path: Path) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    things = {"b-six": ("HydrocarbonBlock", "Lote 6"), "b-new": ("Firm", "Newcomer")}
    sale = [{"id": "b1", "owner": "b-new", "owned": "b-six", "share_percent": "100", "valid_from": "2016"}]
    write_source(tmp_path, "beta", source("beta", things, sale, matches=[same("b-six", "six")]), date="2020",
                 position=2)  # fmt: skip
    graph, report = build_in(tmp_path)
    assert report.warnings == []
    by_year = {year: {(row["source"], row["owner"]) for row in graph.owners("six", year)} for year in (2012, 2018)}
    assert ("beta", "Newcomer") in by_year[2018]
    assert ("beta", "Newcomer") not in by_year[2012]
    assert ("alpha", "Co.") in by_year[2012]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (same("b-co", "six"), "a Firm and a HydrocarbonBlock cannot be the same thing"),
        (same("six", "six"), "'six' is matched with itself"),
        (same("b-x", "b-six-seven"), "'b-six-seven' is in the same source as 'b-x'; match things in different sources"),
        (dict(same("b-co", "co"), object_id="co"), "'co' does not match the format; write it as id:co"),
        (same("b-co", "co", "skos:closeMatch"), "write it as skos:exactMatch or dcterms:isPartOf or"),
    ],
)
def test_invalid_match_is_rejected(tmp_path: Path, row: dict[str, str], message: str) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    write_source(tmp_path, "beta", source("beta", B_THINGS, matches=[row]), date="2020", position=2)
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("stake", "column", "message"),
    [
        ({"share_low": "45", "share_high": "30"}, "share_low", "the bounds 45 to 30 do not contain any value"),
        ({"share_percent": "60", "share_high": "50"}, "share_high", "the bounds 0 to 50 do not contain 60"),
        ({"share_high": "0"}, "share_high", "a stake cannot be 0"),
        (
            {"citations": "alpha-p1"},
            "citations",
            "'alpha-p1' belongs to another source, alpha; cite this source instead",
        ),
        ({"owner": "co"}, "owner", "'co' belongs to another source, alpha; add a row for it to entities.csv"),
    ],
)
def test_invalid_stake_is_rejected(tmp_path: Path, stake: dict[str, str], column: str, message: str) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    held = [{"id": "b1", "owner": "b-co", "owned": "b-x", **stake}]
    write_source(tmp_path, "beta", source("beta", B_THINGS, held), date="2020", position=2)
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    (told,) = error.value.problems
    assert (Path(told.file).name, told.line, told.column) == ("stakes.csv", 2, column) and message in str(told)


def test_firm_and_its_owner_are_not_merged(tmp_path: Path) -> None:
    """In beta, Other owns Company; the matches identify both with Co."""
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    held = [{"id": "b1", "owner": "b-other", "owned": "b-co", "share_percent": "50"}]
    matches = [same("b-co", "co"), same("b-other", "co")]
    tables = source("beta", {**B_THINGS, "b-other": ("Firm", "Other")}, held, matches=matches)
    write_source(tmp_path, "beta", tables, date="2020", position=2)
    with pytest.raises(BadInput, match=r"matches.csv:3: column 'object_id': 'b-other' owns 'b-co' \(.*stakes.csv:2\)"):
        build_in(tmp_path)


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"position": "two"}, "'schema:position' is not a whole number; write one such as 3"),
        ({"valid": "2021", "date": "2020"}, "'dc:valid' is after 'dc:date'"),
        ({"alternative": "ALPHA"}, "'dc:alternative' gives 'beta' and 'alpha' the same name"),
    ],
)
def test_invalid_source_metadata_is_rejected(tmp_path: Path, about: dict[str, str], message: str) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    write_source(tmp_path, "beta", source("beta", B_THINGS), **about)
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    assert "data/beta/csv-metadata.json" in str(error.value) and message in str(error.value)


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ([("my-measure", "My measure")], []),
        (
            [("my-measure", "Another measure")],
            [("concepts.csv", "'my-measure' of the code list 'measure' is defined differently at")],
        ),
        (
            [("my-measure", "My measure"), ("output", "My output")],  # a code of the package
            [("concepts.csv", "'output' of the code list 'measure' is defined differently at")],
        ),
        (
            [("other-measure", "Other measure")],
            [("observations.csv", "'my-measure' is a code of another source, alpha")],
        ),
    ],
)
def test_code_is_defined_by_its_source_and_in_one_way(
    tmp_path: Path, codes: list[tuple[str, str]], told: list[tuple[str, str]]
) -> None:
    """Otherwise figures of two measures would be compared as if they were one, or a code would have no label."""
    for place, (name, own) in enumerate({"alpha": [("my-measure", "My measure")], "beta": codes}.items()):
        concepts = [{"slug": slug, "scheme": "measure", "label_en": label, "label_es": "Medida", "definition": "-"}
                    for slug, label in own]  # fmt: skip
        figure = {"id": f"{name}-figure", "dataset": "gem-iron-ore-mines", "subject": f"{name}-mine", "value": "5",
                  "measure": "my-measure", "period": "2010", "unit": "thousand-tonnes", "qualifier": "exact",
                  "citations": f"{name}-p1"}  # fmt: skip
        things = {f"{name}-mine": ("MiningProject", "Mine")}
        tables = source(name, things, concepts=concepts, observations=[figure])
        write_source(tmp_path, name, tables, date="2020", position=place)
    try:
        found = build_in(tmp_path)[1].warnings
    except BadInput as error:
        found = list(error.problems)
    assert len(found) == len(told)
    for problem, (file, message) in zip(found, told, strict=True):
        assert problem.file.endswith(f"data/beta/{file}") and problem.message.startswith(message)


@pytest.mark.slow
@pytest.mark.parametrize("several", [False, True])
def test_a_card_has_the_labels_of_own_codes(tmp_path: Path, several: bool) -> None:
    """The label of a unit may be longer than its code; JSON has the code."""
    told = {"label_es": "Kilotoneladas de concentrado", "definition": "-"}
    unit = {"slug": "kilo-ton", "scheme": "unit", "label_en": "kilotonnes of concentrate", **told}
    figure = {"id": "figure", "dataset": "gem-iron-ore-mines", "subject": "mine", "value": "5", "measure": "output",
              "period": "2010", "unit": "kilo-ton", "qualifier": "exact", "citations": "alpha-p1"}  # fmt: skip
    tables = source("alpha", {"mine": ("MiningProject", "Mine")}, concepts=[unit], observations=[figure])
    write_source(tmp_path, "alpha", tables, date="2020", position=0)
    if several:
        write_source(tmp_path, "beta", source("beta", {"b": ("Firm", "B")}), date="2020", position=1)
    card = build_in(tmp_path)[0].show("mine")
    (line,) = [line for line in card.render("text").splitlines() if "2010" in line]
    assert " · 5 · kilotonnes of concentrate" in line
    assert '"unit": "kilo-ton"' in card.render("json")


@pytest.mark.slow
def test_pages_name_the_states_of_other_sources(tmp_path: Path) -> None:
    """A state with the code of a listed country has its name and colour, another its label."""
    states = {"alpha-state-cn": ("State", "PR China"), "alpha-union": ("State", "Soviet Union")}
    things = {"mine": ("MiningProject", "Mine"), "firm": ("Firm", "Firm"), **states}
    offers = [{"id": f"offer-{state}", "project": "mine", "investors": "firm", "home_country": state, "year": "2021",
               "amount_usd_million": "100", "status": "announced", "citations": "alpha-p1"}
              for state in states]  # fmt: skip
    code = {"id": "cn", "entity": "alpha-state-cn", "scheme": "iso-3166-1-alpha-2", "identifier": "CN"}
    tables = source("alpha", things, investments=offers, identifiers=[{**code, "where_seen": "p. 1"}])
    write_source(tmp_path, "alpha", tables, date="2022", position=0)
    page = build_in(tmp_path)[0].view("investments").html
    about = json.loads(page.partition('id="about">')[2].partition("</script>")[0])["countries"]
    assert {name: about["alpha-state-cn"][name] for name in ("code", "es", "tone")} == {
        "code": "CN", "es": "China", "tone": "china"}  # fmt: skip
    assert about["alpha-union"] == {"en": "Soviet Union", "es": "Soviet Union"}


@pytest.mark.parametrize("more", [same("b-co", "co", modifier="Not"), same("b-co", "co", "dcterms:isPartOf")])
def test_conflicting_matches_are_rejected(tmp_path: Path, more: dict[str, str]) -> None:
    """Beta matches Company with Co.; gamma, read later, says that they differ or that Company is part of Co."""
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    write_source(tmp_path, "beta", source("beta", B_THINGS, matches=[same("b-co", "co")]), date="2020", position=2)
    other = {**more, "id": "again"}
    write_source(tmp_path, "gamma", source("gamma", {}, matches=[other], entities=source("g", {"g": ("Firm", "G")})[
        "entities"]), position=3)  # fmt: skip
    with pytest.raises(BadInput) as error:
        build_in(tmp_path)
    assert (
        "data/gamma/matches.csv:2: column 'object_id': 'b-co' and 'co' are the same thing according to other rows"
        in str(error.value)
    )


@pytest.mark.slow
def test_merge_within_a_source_is_reported_and_circular_matches_are_accepted(tmp_path: Path) -> None:
    """Beta's Block X and Block VI/VII both match Block 6; alpha matches Co. with Company, and beta Company with Co."""
    tables = source("alpha", A_THINGS, A_STAKES, matches=[same("co", "b-co")])
    write_source(tmp_path, "alpha", tables, date="2013", position=1)
    held = [{"id": f"b{one}", "owner": "b-co", "owned": one, "share_percent": "60"} for one in ("b-x", "b-six-seven")]
    matches = [same("b-co", "co"), same("b-six-seven", "six"), same("b-x", "six")]
    write_source(tmp_path, "beta", source("beta", B_THINGS, held, matches=matches), date="2020", position=2)
    graph, report = build_in(tmp_path)
    (told,) = report.warnings
    assert (Path(told.file).parts[-2:], told.line, told.column) == (("beta", "matches.csv"), 3, "object_id")
    assert told.message == "'b-x' and 'b-six-seven', which both have owners, are merged"
    assert graph.names.find("b-co") == graph.names.find("co") == "co"
    assert {row["owner"] for row in graph.owners("six")} >= {"Co."} and not graph.query("ASK { id:b-co a ?class }")


def test_match_with_an_absent_source_only_warns(tmp_path: Path) -> None:
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    write_source(tmp_path, "beta", source("beta", B_THINGS, matches=[same("b-nobody", "six")]), position=2)
    graph, report = build_in(tmp_path)
    assert ["no 'b-nobody' in any entities.csv" in one.message for one in report.warnings] == [True]
    assert not graph.query("ASK { id:b-nobody ?property ?value }")
    assert graph.names.find("Block 6") == "six"


def test_match_of_an_event_says_what_can_be_matched(tmp_path: Path) -> None:
    visit = {"id": "b-visit", "type": "official-visit", "label": "Visit", "certainty": "stated", "citations": "beta-p1"}
    write_source(tmp_path, "alpha", source("alpha", A_THINGS, A_STAKES), date="2013", position=1)
    tables = source("beta", B_THINGS, events=[visit], matches=[same("b-visit", "six")])
    write_source(tmp_path, "beta", tables, position=2)
    graph, report = build_in(tmp_path)
    (told,) = [str(one) for one in report.warnings if "b-visit" in str(one)]
    assert "'b-visit' is not an entity but a row of " in told and "beta/events.csv" in told
    assert "what can be matched are the rows of entities.csv" in told
    assert graph.query("ASK { id:b-visit a pag:Event }")


def test_alternative_name_is_found_and_cited(tmp_path: Path) -> None:
    """The card lists it with its citation; a name identical to the label is not repeated."""
    names = [{"id": f"b-n{number}", "thing": "b-x", "name": name, "citations": "beta-p1"}
             for number, name in enumerate(("Lote Diez", "Block X"))]  # fmt: skip
    write_source(tmp_path, "beta", tables_of("beta", names=names), date="2020", valid="2020")
    graph = build_in(tmp_path)[0]
    assert graph.names.find("lote diez") == "b-x"
    (printed,) = [section for section in graph.show("b-x").sections if section.title == "Also printed as"]
    assert [(fact["name"], fact["citations"]) for fact in printed.facts] == [("Lote Diez", "record OG0001, owner")]
