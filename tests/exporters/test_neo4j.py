"""Neo4j export, parsed with the header syntax of ``neo4j-admin database import``."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from exporters import HOSTILE, make_input
from peru_asia_graph.exporters.flat_schema import FlatTable, parts
from peru_asia_graph.exporters.format_registry import ExportInput, find_format
from peru_asia_graph.graph import KnowledgeGraph

# A header field: property name, type, id space in parentheses (Neo4j Operations Manual, "Import").
HEADER = re.compile(r"(?P<name>[^:]*)(?::(?P<type>[A-Za-z_]+)(?:\((?P<space>[^)]+)\))?(?P<list>\[\])?)?")
TYPES = {"int", "long", "float", "double", "boolean", "byte", "short", "char", "string", "point", "date"}
SPECIAL = {"ID", "LABEL", "START_ID", "END_ID", "TYPE", "IGNORE"}
VALUES = {
    "long": re.compile(r"-?\d+"), "double": re.compile(r"-?\d+(\.\d+)?"), "boolean": re.compile("true|false"),
    "string": re.compile(".*", re.DOTALL), None: re.compile(".*", re.DOTALL),
}  # fmt: skip
ARRAY = "\x1f"


@dataclass
class Imported:
    """The graph as Neo4j would import it: nodes by id space and id, relationships with their ends and type."""

    nodes: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    edges: list[tuple[tuple[str, str], tuple[str, str], str, dict[str, object]]] = field(default_factory=list)

    def owners(self, label: str) -> set[tuple[object, object, object]]:
        """Return source, owner name and share for each stake in the asset with this label."""
        return {
            (facts["source"], self.nodes[start]["label"], facts.get("share_percent"))
            for start, end, kind, facts in self.edges
            if kind == "OWNS" and self.nodes[end]["label"] == label
        }


def read(files: dict[str, bytes]) -> Imported:
    """Read the files listed in the README's command in two passes; fail where the import would."""
    found = Imported()
    named = re.findall(r"--(nodes|relationships)=(\S+)", files["README.md"].decode())
    assert sorted(name for _, name in named) == sorted(name for name in files if name.endswith(".csv"))
    for kind, name in sorted(named):
        header, *rows = csv.reader(io.StringIO(files[name].decode(), newline=""), strict=True)
        fields = [parse_field(cell) for cell in header]
        special = [one["type"] for one in fields if one["type"] in SPECIAL]
        wanted = ["ID", "LABEL"] if kind == "nodes" else ["START_ID", "END_ID", "TYPE"]
        assert sorted(map(str, special)) == sorted(wanted), name
        properties = [one["name"] for one in fields if one["name"]]
        assert len(set(properties)) == len(properties), name
        for row in rows:
            assert len(row) == len(header), (name, row)
            add(found, kind, fields, row)
    return found


def parse_field(cell: str) -> dict[str, str | None]:
    match = HEADER.fullmatch(cell)
    assert match is not None, cell
    found = match.groupdict()
    assert found["type"] is None or found["type"] in TYPES | SPECIAL, cell
    assert (found["space"] is not None) == (found["type"] in ("ID", "START_ID", "END_ID")), cell
    return found


def add(found: Imported, kind: str, fields: list[dict[str, str | None]], row: list[str]) -> None:
    facts: dict[str, object] = {}
    ends: dict[str, tuple[str, str]] = {}
    name = ""
    for one, cell in zip(fields, row, strict=True):
        if one["type"] in ("ID", "START_ID", "END_ID"):
            ends[str(one["type"])] = (str(one["space"]), cell)
        elif one["type"] in ("LABEL", "TYPE"):
            name = cell
            assert cell
        elif cell:
            values = cell.split(ARRAY) if one["list"] else [cell]
            assert all(VALUES[one["type"]].fullmatch(value) for value in values), (one, cell)
            facts[str(one["name"])] = values if one["list"] else cell
    if kind == "nodes":
        assert ends["ID"] not in found.nodes, ends
        found.nodes[ends["ID"]] = {**facts, ":LABEL": name.split(ARRAY)}
    else:
        assert ends["START_ID"] in found.nodes and ends["END_ID"] in found.nodes, ends
        found.edges.append((ends["START_ID"], ends["END_ID"], name, facts))


@pytest.fixture(scope="module")
def imported(whole: ExportInput) -> Imported:
    """The shipped graph as Neo4j would import it."""
    return read(find_format("neo4j").files(whole))


def test_every_row_is_a_node_or_a_relationship(imported: Imported, tables: dict[str, FlatTable]) -> None:
    spaces: dict[str, int] = defaultdict(int)
    for space, _ in imported.nodes:
        spaces[space] += 1
    kinds: dict[str, int] = defaultdict(int)
    for *_, kind, _facts in imported.edges:
        kinds[kind] += 1
    edges = {"stakes": "OWNS", "effective_ownership": "EFFECTIVELY_OWNS"}
    for name, table in tables.items():
        if name in edges:
            assert kinds[edges[name]] == len(table.rows)
        elif name != "relations":
            assert spaces[name] == len(table.rows), name
    parties = sum(len(parts(cell)) for cell in (row[4] for row in tables["agreements"].rows))
    assert kinds["PARTY"] == parties
    located = [row for row in tables["relations"].rows if row[3] == "locatedIn"]
    assert kinds["LOCATED_IN"] == len(located) > 0


def test_block_8_shares(imported: Imported) -> None:
    """Table 6 of the paper, page 25, and GEM record OG0004942."""
    owners = imported.owners("Block 8")
    assert {("sanborn-yong", "Daewoo", "11.6"), ("gem", "Daewoo", "11.7")} <= owners
    assert ("sanborn-yong", "Korea National Oil Corporation", "20") in owners


def test_node_labels_are_classes(imported: Imported) -> None:
    assert imported.nodes["entities", "block-8"][":LABEL"] == ["Entity", "HydrocarbonBlock"]
    assert imported.nodes["entities", "daewoo"][":LABEL"] == ["Entity", "Firm"]


def test_relations_are_not_duplicated(imported: Imported, tables: dict[str, FlatTable]) -> None:
    """Participants come only from the events table; other relations keep their source and citations."""
    pairs = [(start, end) for start, end, kind, _ in imported.edges if kind == "PARTICIPANT"]
    assert len(pairs) == len(set(pairs)) == sum(1 for _ in tables["events"].values("participants"))
    homes = [facts for *_, kind, facts in imported.edges if kind == "HOME_STATE"]
    assert homes and all(facts["source"] and facts["citations"] for facts in homes)


def test_hostile_names(hostile: ExportInput) -> None:
    found = read(find_format("neo4j").files(hostile))
    firms = {identifier: facts for (space, identifier), facts in found.nodes.items() if identifier.startswith("firm-")}
    assert [firms[f"firm-{number}"]["label"] for number in range(len(HOSTILE))] == HOSTILE
    assert [firms[f"firm-{number}"]["names_as_printed"] for number in range(len(HOSTILE))] == [
        [f"{name}!"] for name in HOSTILE
    ]


def test_single_source(sources: KnowledgeGraph) -> None:
    found = read(sources.export_files("neo4j", source="gem"))
    told = {facts["source"] for *_, kind, facts in found.edges if kind == "OWNS"}
    # Four owners and four parents, but two of the parents are the owners themselves, with the same share.
    assert told == {"gem"} and len(found.owners("Block 8")) == 6


def test_empty_graph_has_only_a_readme() -> None:
    assert set(find_format("neo4j").files(make_input([]))) == {"README.md"}
