"""Questions that compare sources: the answer depends on their dates and matches, not on their order or direction."""

from __future__ import annotations

from pathlib import Path

import pytest

from two_sources import Rows, build_in, same, source, write_source

LINK = {"relation": "homeState", "certainty": "stated"}


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
    for thing, said in (("pact", "Here · 2009 · status signed"), ("here", "The pact · 2009 · status signed")):
        assert said in graph.show(thing).render("text")


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
