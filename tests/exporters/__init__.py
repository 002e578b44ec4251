"""Helpers for export tests: external validators and a graph with hostile names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Dataset, Literal, NamedNode, Quad
from pyoxigraph import Store as OxStore

from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.paths import Project
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import BASE, RDF_TYPE, RDFS_LABEL, expand, term, thing
from two_sources import source, write_source

ROOT = Path(__file__).parents[2]
VALIDATORS = ROOT / "tests" / "tools" / "validators" / ".venv" / "bin"
# One name per kind of problem: CSV, lists, spreadsheets, C strings, SQL, shells, HTML, line endings.
HOSTILE = [
    'a "quoted", name',
    "one;two",
    "=HYPERLINK(1)",
    "nul\x00inside",
    "'; DROP TABLE stakes; --",
    "line\nbreak\r\nand\rreturn",
    "<b>bold</b>",
    "\\",
    "Perú 株式会社 🙂",
    "@SUM(A1)",
]


def tool(name: str) -> str:
    """Return the path of a validator, or skip the test if it is not installed."""
    path = VALIDATORS / name
    if not path.is_file() or shutil.which(path) is None:
        pytest.skip(f"{name} is not installed (tests/tools/install.sh installs it)")
    return str(path)


def make_input(quads: list[Quad]) -> ExportInput:
    """Return the quads as the input of an export."""
    store = OxStore()
    store.extend(quads)
    project = Project(ROOT)
    return ExportInput(EmbeddedStore(store), project.ontology, list, schemas=project.schema_folders)


def hostile_quads() -> list[Quad]:
    """Return firms, mines, stakes and printed names with hostile labels, all with one citation of one work."""
    graph, triples = NamedNode(BASE + "graph/x"), Dataset()

    def add(subject: str, predicate: str, value: NamedNode | Literal) -> None:
        triples.add(Quad(NamedNode(subject), NamedNode(predicate), value, graph))

    add(thing("work"), RDF_TYPE, NamedNode(term("Source")))
    add(thing("cited"), RDF_TYPE, NamedNode(term("Citation")))
    add(thing("cited"), RDFS_LABEL, Literal("p. 1"))
    add(thing("cited"), term("source"), NamedNode(thing("work")))
    for number, name in enumerate(HOSTILE):
        firm, mine, stake = (thing(f"{kind}-{number}") for kind in ("firm", "mine", "stake"))
        for address, kind in ((firm, "Firm"), (mine, "MiningProject"), (stake, "Stake")):
            add(address, RDF_TYPE, NamedNode(term(kind)))
            add(address, term("citation"), NamedNode(thing("cited")))
        for address in (firm, mine):
            add(address, RDFS_LABEL, Literal(name))
            add(address, term("nameAsPrinted"), Literal(name + "!"))
        add(stake, term("owner"), NamedNode(firm))
        add(stake, term("owned"), NamedNode(mine))
        add(stake, term("basis"), NamedNode(BASE + "code/basis/direct"))
        add(stake, term("certainty"), NamedNode(BASE + "code/certainty/stated"))
        add(stake, term("sharePercent"), Literal("50", datatype=NamedNode(expand("xsd:decimal"))))
    return list(triples)


def write_homes_and_offices(root: Path, project: str = "") -> Path:
    """Write a source with a home state that has no code, offices in a ministry, a stake and an investment.

    Return the folder. ``project`` is what the investment is in.
    """
    things = {
        "firm": ("Firm", "Firm"),
        "ana": ("Person", "Ana"),
        "atlantis": ("State", "Atlantis"),
        "ministry": ("GovernmentBody", "Ministry"),
        **({project: ("MiningProject", "Mine")} if project else {}),
    }
    cited = {"certainty": "stated", "citations": "alpha-p1"}
    home = {"id": "home", "subject": "firm", "relation": "homeState", "object": "atlantis", "valid_from": "2001"}
    chair = {"id": "chair", "holder": "ana", "office": "Board member", "office_of": "firm", "office_in": "ministry"}
    clerk = {"id": "clerk", "holder": "ana", "office": "Clerk", "office_of": "", "office_in": "ministry"}
    investment = {"investors": "firm", "home_country": "atlantis", "amount_usd_million": "1", "status": "announced"}
    tables = source(
        "alpha", things, [{"id": "a", "owner": "ana", "owned": "firm"}],
        relations=[{**home, "note": "by its name", **cited}],
        tenures=[{**one, **cited} for one in (chair, clerk)],
        investments=[{"id": "i", "project": project, **investment, "citations": "alpha-p1"}],
    )  # fmt: skip
    tables["entities"] = [{**one, "state_owned": "false" if one["id"] == "firm" else ""} for one in tables["entities"]]
    write_source(root, "alpha", tables, date="2016-03-01")
    return root
