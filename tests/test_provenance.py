"""Provenance of computed values: activity, method, software, and the ordered steps of each chain."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from importlib.metadata import version
from math import prod
from pathlib import Path

import pytest
from rdflib import RDF, URIRef

from peru_asia_graph.build.pipeline import build_graph
from peru_asia_graph.build.validate import to_rdflib
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.vocabulary import BASE, ONTOLOGY
from tiny import copy_tiny

STEPS = """
SELECT ?chain ?notation ?product ?position ?stake ?owner ?owned ?share {
  ?chain a pag:Chain ; skos:notation ?notation ; pag:step ?step .
  ?step pag:position ?position ; pag:stake ?stake . ?stake pag:owner ?owner ; pag:owned ?owned .
  OPTIONAL { ?chain pag:productPercent ?product } OPTIONAL { ?stake pag:sharePercent ?share }
} ORDER BY ?chain ?position"""


@pytest.mark.parametrize(("kind", "value", "method"), [
    ("EffectiveShare", "lowPercent", "effectiveShareMethod"), ("Verdict", "verdict", "claimRecomputationMethod"),
])  # fmt: skip
def test_every_computed_value_has_a_method_and_software(kg: KnowledgeGraph, kind: str, value: str, method: str) -> None:
    counted = kg.query(f"SELECT (COUNT(DISTINCT ?one) AS ?n) {{ ?one a pag:{kind} }}").rows
    told = kg.query(
        f"""SELECT (COUNT(DISTINCT ?one) AS ?n) {{
        ?one a pag:{kind} ; pag:{value} ?value ; prov:wasGeneratedBy ?activity .
        ?activity a prov:Activity ; pag:method pag:{method} ; prov:used <{BASE}graph/sanborn-yong> ;
        prov:wasAssociatedWith ?software . pag:{method} a prov:Plan ; skos:definition ?text .
        ?software a prov:SoftwareAgent ; owl:versionInfo "{version("peru-asia-graph")}" }}"""
    ).rows
    assert counted == told and int(counted[0][0].value) > 150  # type: ignore[union-attr]


def test_nothing_stated_by_the_paper_is_generated(kg: KnowledgeGraph) -> None:
    """A claim is the paper's own; its verdict is computed."""
    kinds = kg.query("SELECT DISTINCT ?kind { ?one prov:wasGeneratedBy ?activity ; a ?kind }")
    assert {row["kind"] for row in kinds} <= {"EffectiveShare", "Verdict"}


def test_each_year_has_its_own_activity(kg: KnowledgeGraph) -> None:
    rows = kg.query("SELECT DISTINCT ?activity ?of ?year { ?share a pag:EffectiveShare ; pag:asOf ?year ; "
                    "prov:wasGeneratedBy ?activity . ?activity pag:asOf ?of }")  # fmt: skip
    assert len(rows.rows) > 5 and all(row["of"] == row["year"] for row in rows)
    assert all(str(row["activity"]) == f"effective-shares-{row['year']}" for row in rows)


def test_steps_of_a_chain_lead_from_owner_to_asset(kg: KnowledgeGraph) -> None:
    """Positions count from 1, the asset of each stake owns the next stake, and the shares multiply to the product."""
    chains = defaultdict(list)
    for row in kg.query(STEPS):
        chains[row["chain"]].append(row)
    assert len(chains) > 30 and max(map(len, chains.values())) > 1
    for steps in chains.values():
        assert [row["position"] for row in steps] == list(range(1, len(steps) + 1))
        firms = [str(steps[0]["owner"]), *(str(row["owned"]) for row in steps)]
        assert [str(row["owner"]) for row in steps] == firms[:-1]
        assert steps[0]["notation"] == " > ".join(firms)
        shares = [row["share"] for row in steps]
        if None in shares:
            assert steps[0]["product"] is None
        else:
            expected = prod((Decimal(str(share)) for share in shares), start=Decimal(100)) / 100 ** len(shares)
            assert steps[0]["product"] == pytest.approx(expected, abs=Decimal("0.000001"))


def test_every_step_but_the_last_has_a_next_step(kg: KnowledgeGraph) -> None:
    rows = kg.query("SELECT (COUNT(?step) AS ?steps) (COUNT(?next) AS ?links) { ?chain pag:step ?step "
                    "OPTIONAL { ?step pag:nextStep ?next . ?chain pag:step ?next } } GROUP BY ?chain")  # fmt: skip
    assert all(row["steps"] == row["links"] + 1 for row in rows)


def test_block_8_chain_matches_the_paper(kg: KnowledgeGraph) -> None:
    """Table 6: CNPC has 45 % of Pluspetrol Norte, which has 60 % of Block 8; Table 7 prints the 27 %."""
    rows = list(kg.query("SELECT ?position ?share ?product { id:cnpc-in-block-8--2013 pag:chain ?chain . "
                         "?chain pag:productPercent ?product ; pag:step ?step . "
                         "?step pag:position ?position ; pag:stake/pag:sharePercent ?share } "
                         "ORDER BY ?position"))  # fmt: skip
    assert [(row["position"], row["share"], row["product"]) for row in rows] == [(1, 45, 27), (2, 60, 27)]


def test_share_is_derived_from_the_stakes_of_its_chains(kg: KnowledgeGraph) -> None:
    """The exception is a share stated by the paper, which is derived from that statement."""
    strange = kg.query("SELECT DISTINCT ?how { ?share pag:chain/pag:step/pag:stake ?stake ; pag:derivation ?how "
                       "FILTER NOT EXISTS { ?share prov:wasDerivedFrom ?stake } }")  # fmt: skip
    assert [row["how"] for row in strange] == ["stated"]


@pytest.mark.slow
def test_circular_ownership_has_chains(tmp_path: Path) -> None:
    """The tiny source has different firms and stakes, but the same method."""
    graph = to_rdflib(build_graph(copy_tiny(tmp_path)).quads)
    chains, steps = (set(graph.subjects(RDF.type, URIRef(ONTOLOGY + kind))) for kind in ("Chain", "ChainStep"))
    assert chains and len(steps) >= len(chains)
    methods = set(graph.objects(None, URIRef(ONTOLOGY + "method")))
    assert methods == {URIRef(ONTOLOGY + "effectiveShareMethod"), URIRef(ONTOLOGY + "claimRecomputationMethod")}
