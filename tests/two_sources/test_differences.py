"""Two sources compared: values, dates, silence, levels and later times, each with both statements."""

from __future__ import annotations

from pathlib import Path

from peru_asia_graph.audit.differences import compare_dates, compare_numbers
from two_sources import build_in, same, source, write_source

THINGS = {
    "field": ("HydrocarbonBlock", "North Field"), "owner": ("Firm", "Owner Co."), "parent": ("Firm", "Parent Co."),
    "seller": ("Firm", "Seller Co."), "pact": ("FreeTradeAgreement", "The pact"), "here": ("State", "Here"),
}  # fmt: skip
ALPHA = [
    {"id": "a1", "owner": "owner", "owned": "field", "share_percent": "11.6"},
    {"id": "a2", "owner": "parent", "owned": "field", "share_percent": "40"},
    {"id": "a3", "owner": "seller", "owned": "field", "share_percent": "20"},
]
BETA = [
    {"id": "b1", "owner": "b-owner", "owned": "b-field", "share_percent": "11.7"},
    {"id": "b2", "owner": "b-child", "owned": "b-field", "share_percent": "40"},
    {"id": "b3", "owner": "b-buyer", "owned": "b-field", "share_percent": "20", "valid_from": "2016"},
]
NAMES = {
    "b-field": ("HydrocarbonBlock", "Campo Norte"), "b-owner": ("Firm", "Owner Company"),
    "b-child": ("Firm", "Child Co."), "b-parent": ("Firm", "Parent"), "b-buyer": ("Firm", "Buyer Co."),
    "b-pact": ("FreeTradeAgreement", "Pact"), "b-here": ("State", "Here"),
}  # fmt: skip


def test_kinds(tmp_path: Path) -> None:
    agreement = {"parties": "here", "status": "signed", "citations": "alpha-p1"}
    write_source(
        tmp_path, "alpha",
        source("alpha", THINGS, ALPHA, agreements=[{"id": "pact", "signed_on": "2009", "in_force_on": "2010-03-01",
                                                    **agreement}]),
        date="2013", position=1,
    )  # fmt: skip
    relation = {"id": "b-r", "subject": "b-child", "relation": "subsidiaryOf", "object": "b-parent",
                "certainty": "stated", "citations": "beta-p1"}  # fmt: skip
    pact = {"id": "b-pact", "signed_on": "2009-04-28", "in_force_on": "2011", **agreement, "parties": "b-here",
            "citations": "beta-p1"}  # fmt: skip
    matches = [same(f"b-{name}", name) for name in ("field", "owner", "parent", "pact", "here")]
    tables = source("beta", NAMES, BETA, relations=[relation], agreements=[pact], matches=matches)
    write_source(tmp_path, "beta", tables, date="2020", position=2)
    graph = build_in(tmp_path)[0]
    found = {(row["property"], row["kind"]): (row["value_a"], row["value_b"]) for row in graph.ask("differences-about",
             thing="North Field")}  # fmt: skip
    assert found[("sharePercent", "value")] == ("11.6", "11.7")
    assert found[("owner", "level")] == ("40", "40")
    assert found[("owner", "silent")] == ("20", None)
    assert found[("owner", "later")] == (None, "20")
    assert len(found) == 4
    dates = {(row["property"], row["kind"]): (row["value_a"], row["value_b"])
             for row in graph.ask("differences-about", thing="The pact")}  # fmt: skip
    assert dates == {("signedOn", "refines"): ("2009", "2009-04-28"), ("inForceOn", "date"): ("2010-03-01", "2011")}
    table = (tmp_path / "exports/tables/differences.csv").read_text("utf-8").splitlines()
    assert len(table) == 1 + 6


def test_printed_numbers_stand_for_what_rounds_to_them() -> None:
    assert compare_numbers("12", "12.4") == "refines"
    assert compare_numbers("12", "12.6") == "value"
    assert compare_numbers("25-50", "30") == "refines"
    assert compare_numbers("25-50", "60") == "value"
    assert compare_numbers("", "60") == "refines"
    assert compare_dates("2009-04", "2009-04-28") == "refines"
