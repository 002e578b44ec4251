"""Questions that compare sources do not depend on their order; claims per source; citations without lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from peru_asia_graph.audit.report import explain_claim, to_result
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import expand, thing
from two_sources import Rows, build_in, flat, same, source, write_source

LINK = {"relation": "homeState", "certainty": "stated"}

THINGS = {"field": ("HydrocarbonBlock", "North Field"), "firm": ("Firm", "Owner Co."), "top": ("Firm", "Top Co.")}
CITATIONS = [
    {"id": "c-part", "source": "alpha", "page": "1", "paragraph": "1", "first_line": "2", "last_line": "3"},
    {"id": "c-paragraph", "source": "alpha", "page": "3", "last_page": "4", "paragraph": "2"},
    {"id": "c-table", "source": "alpha", "page": "5", "table": "Table 2"},
    {"id": "c-row", "source": "alpha", "page": "5", "table": "Table 2", "row": "Total"},
]
STAKES = [
    {"id": "s-1", "owner": "firm", "owned": "field", "share_percent": "40", "citations": "c-paragraph"},
    {"id": "s-2", "owner": "top", "owned": "firm", "share_percent": "50", "citations": "c-table"},
]


def write_owner(root: Path, name: str, owner: str, order: int, date: str, matches: Rows = ()) -> None:
    """Write a source in which an owner from China holds a field, with a home state."""
    things = {f"{name}-field": ("HydrocarbonBlock", f"Field {name}"), f"{name}-{owner}": ("Firm", owner.title()),
              f"{name}-china": ("State", "China")}  # fmt: skip
    stake = {"id": f"{name}-stake", "owner": f"{name}-{owner}", "owned": f"{name}-field", "share_percent": "60"}
    home = {"id": f"{name}-home", "subject": f"{name}-{owner}", "object": f"{name}-china", **LINK,
            "citations": f"{name}-p1"}  # fmt: skip
    more = {"matches": matches} if matches else {}
    write_source(root, name, source(name, things, [stake], relations=[home], **more), date=date, position=order)


@pytest.mark.slow
@pytest.mark.parametrize("positions", [(1, 2), (2, 1)])
def test_a_later_source_is_one_of_a_later_date(tmp_path: Path, positions: tuple[int, int]) -> None:
    """Alpha (2013) names Seller, beta (2020) Buyer: only Seller is no longer named, wherever the sources rank."""
    write_owner(tmp_path, "alpha", "seller", positions[0], "2013")
    matches = [same(f"beta-{one}", f"alpha-{one}") for one in ("field", "china")]
    write_owner(tmp_path, "beta", "buyer", positions[1], "2020", matches)
    told = build_in(tmp_path)[0].ask("owners-not-repeated", country="China")
    assert [(row["owner"], row["source"], row["later_source"]) for row in told] == [("Seller", "alpha", "beta")]


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_a_block_named_by_its_part_is_named(tmp_path: Path, turned: bool) -> None:
    """Alpha's field is part of beta's, as stated from either side, so alpha names what beta's owner holds."""
    part = same("alpha-field", "beta-field", "dcterms:isPartOf")
    whole = same("beta-field", "alpha-field", "dcterms:hasPart")
    write_owner(tmp_path, "alpha", "one", 1, "2013", [part] if turned else [])
    matches = [same("beta-china", "alpha-china"), *([] if turned else [whole])]
    write_owner(tmp_path, "beta", "other", 2, "2020", matches)
    graph = build_in(tmp_path)[0]
    assert len(graph.ask("assets-only-in-others", country="China", unnamed_in="alpha")) == 0


@pytest.mark.slow
def test_date_of_unstated_meaning_is_answered(tmp_path: Path) -> None:
    """Alpha gives 2009 without saying of what."""
    things = {"pact": ("FreeTradeAgreement", "The pact"), "here": ("State", "Here")}
    pact = {"id": "pact", "parties": "here", "date": "2009", "status": "signed", "citations": "alpha-p1"}
    write_source(tmp_path, "alpha", source("alpha", things, agreements=[pact]), date="2020")
    graph = build_in(tmp_path)[0]
    (told,) = graph.ask("agreement-dates", country="here")
    assert (told["what"], told["date"]) == ("date", "2009")
    for name, said in (("pact", "Here · 2009 · status signed"), ("here", "The pact · 2009 · status signed")):
        assert said in graph.show(name).render("text")


@pytest.mark.slow
def test_dealings_with_peru_are_found_whatever_its_id(tmp_path: Path) -> None:
    """Alpha: a pact of Peru, Norland and Sudland, signed 10 September 2015, and its signing. Beta dates it 2015-09."""
    things = {
        "peru": ("State", "Peru"),
        "nor": ("State", "Norland"),
        "sud": ("State", "Sudland"),
        "pact": ("Treaty", "Pact"),
    }
    told: tuple[dict[str, str], ...] = ({"signed_on": "2015-09-10"}, {"date": "2015-09"})
    for place, (name, dates) in enumerate(zip(("alpha", "beta"), told, strict=True)):
        pact = {
            "id": f"{name}-pact",
            "parties": f"{name}-peru;{name}-nor;{name}-sud",
            "citations": f"{name}-p1",
            **dates,
        }
        named = {f"{name}-{one}": about for one, about in things.items()}
        event = {"id": f"{name}-signing", "type": "agreement-signing", "label": "They sign", "date": "2015",
                 "certainty": "stated", "citations": f"{name}-p1"}  # fmt: skip
        part = [{"id": f"{name}-{one}-signs", "event": event["id"], "participant": f"{name}-{one}", "role": "signatory",
                 "citations": f"{name}-p1"} for one in ("peru", "nor")]  # fmt: skip
        more = {"matches": [same(f"beta-{one}", f"alpha-{one}") for one in things]} if place else {
            "events": [event], "participations": part}  # fmt: skip
        write_source(tmp_path, name, source(name, named, agreements=[pact], **more), date="2020", position=place)
    graph = build_in(tmp_path)[0]
    counted = [tuple(row.values())[1:] for row in graph.ask("states", source="alpha")]
    assert counted == [("Norland", 0, 1, 1, 1), ("Sudland", 0, 1, 1, 0)]
    assert [row["event"] for row in graph.ask("timeline", country="Norland")] == ["They sign"]
    # Of three parties, only pairs with Peru have signed with each other.
    assert not graph.query("ASK { id:alpha-nor pag:signedWith id:alpha-sud }")
    assert graph.query("ASK { id:alpha-nor pag:signedWith id:alpha-peru }")
    rows = [(row["what"], row["source"], row["beside"]) for row in graph.ask("agreement-dates", country="Norland")]
    assert rows == [("date", "beta", "refines alpha"), ("signedOn", "alpha", "refines beta")]


def test_claims_are_recomputed_per_source_with_its_own_ids(tmp_path: Path) -> None:
    """Top holds half of Firm, which holds 40 percent of the mine in alpha (20) and 60 in beta (30, but 35 is stated).

    Beta's formula names its own ids, which matches replace.
    """
    for place, (name, share, stated) in enumerate([("alpha", "40", "20"), ("beta", "60", "35")]):
        things = {f"{name}-mine": ("MiningProject", "Mine"), f"{name}-firm": ("Firm", "Firm"),
                  f"{name}-top": ("Firm", "Top")}  # fmt: skip
        stakes = [{"id": f"{name}-{one}-stake", "owner": f"{name}-{one}", "owned": f"{name}-{owned}",
                   "share_percent": size}
                  for one, owned, size in (("firm", "mine", share), ("top", "firm", "50"))]  # fmt: skip
        claim = {"id": f"{name}-claim", "label": "Top's share", "kind": "share", "stated": stated, "unit": "percent",
                 "qualifier": "exact", "formula": f"effective('{name}-top', \"{name}-mine\")",
                 "verdict": "differs" if place else "holds", "citations": f"{name}-p1"}  # fmt: skip
        matches = {"matches": [same(one, one.replace("beta", "alpha")) for one in things]} if place else {}
        write_source(tmp_path, name, source(name, things, stakes, claims=[claim], **matches), position=place)
    graph = build_in(tmp_path)[0]
    told = to_result(graph.audit()).table()
    assert [[str(cell) for cell in row[:5]] for row in told] == [
        ["beta", "differs", "Top's share", "35", "30"],
        ["alpha", "holds", "Top's share", "20", "20"],
    ]
    assert explain_claim(graph.audit("beta"), "beta-claim").endswith("  [beta: p. 1 ¶1]\n")


@pytest.mark.slow
def test_citations_need_neither_lines_nor_a_row(tmp_path: Path) -> None:
    tables = source("alpha", THINGS, STAKES)
    tables["citations"] = [*tables["citations"], *CITATIONS]
    write_source(tmp_path, "alpha", tables, date="2013", valid="2013")
    graph = build_in(tmp_path)[0]
    lines = {row["citations"] for row in graph.ask("where-is-it-said", thing="field")}
    assert lines == {"p. 1 ¶1"}
    places = dict(line.split(",", 1) for line in flat(graph, "citations")[1:])
    starts = {"alpha-p1": "p. 1 ¶1,", "c-part": '"p. 1 ¶1, lines 2–3",', "c-paragraph": "p. 3–4 ¶2,",
              "c-table": "Table 2 (p. 5),", "c-row": '"Table 2, row Total (p. 5)",'}  # fmt: skip
    assert places.keys() == starts.keys()
    assert [one for one in starts if not places[one].startswith(starts[one])] == []
    assert "  40 % of North Field  [p. 3–4 ¶2]" in graph.explain("field")
    assert "  50 % of Owner Co.  [Table 2 (p. 5)]" in graph.explain("firm")
    assert [row["fact"] for row in graph.ask("page-facts", page=3)] == ["Owner Co. holds 40 % of North Field"]
    assert [row["fact"] for row in graph.ask("row-facts", table="Table 2", row="T")] == []


@pytest.mark.slow
def test_stake_of_another_graph_may_have_no_citation(tmp_path: Path) -> None:
    stakes = [{**one, "citations": "alpha-p1"} for one in STAKES]
    write_source(tmp_path, "alpha", source("alpha", THINGS, stakes), date="2013", valid="2013")
    built = build_in(tmp_path)[1].store
    for quad in list(built.quads_for_pattern(NamedNode(thing("s-1")), NamedNode(expand("pag:citation")), None)):
        built.remove(quad)
    assert "  40 % of North Field\n" in KnowledgeGraph(EmbeddedStore(built)).explain("field")


def test_diplomatic_events_are_found_whatever_the_ids(tmp_path: Path) -> None:
    """Peru and Nippon, which lies in the Asia Pacific, sign; Peru and Norland, which does not, sign too."""
    things = {
        "p": ("State", "Peru"),
        "n": ("State", "Nippon"),
        "r": ("Place", "Asia Pacific"),
        "o": ("State", "Norland"),
    }
    cited = {"certainty": "stated", "citations": "alpha-p1"}
    events = [
        {"id": f"signing-{one}", "type": "agreement-signing", "label": f"Signing {one}", "date": "2015", **cited}
        for one in "no"
    ]
    parts = [
        {
            "id": f"{who}-{one}",
            "event": f"signing-{one}",
            "participant": who,
            "role": "signatory",
            "citations": "alpha-p1",
        }
        for one in "no"
        for who in ("p", one)
    ]
    lies = {"id": "lies", "subject": "n", "relation": "locatedIn", "object": "r", **cited}
    tables = source("alpha", things, events=events, participations=parts, relations=[lies])
    write_source(tmp_path, "alpha", tables, date="2020")
    found = build_in(tmp_path)[0].ask("diplomatic-events")
    assert [(row["event"], row["participants"]) for row in found] == [("Signing n", "Nippon; Peru")]
