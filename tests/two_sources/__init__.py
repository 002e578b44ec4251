"""Invented sources written into a project of their own: each a folder of small tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from peru_asia_graph.build.pipeline import Report, build_graph
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.paths import Project
from peru_asia_graph.store.embedded import EmbeddedStore

Rows = Sequence[Mapping[str, str]]
CERTAIN = {"basis": "direct", "certainty": "stated"}
BASE = "https://w3id.org/peru-asia-graph/graph/"


def write_source(root: Path, name: str, tables: Mapping[str, Rows], **about: Any) -> None:
    """Write ``data/NAME`` with these tables; ``about`` are properties of the metadata, as ``date="2013"``."""
    folder = root / "data" / name
    folder.mkdir(parents=True)
    said = {"title": f"The source {name}", "alternative": name.capitalize(), **about}
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": BASE + name,
        **{f"{'schema' if key == 'position' else 'dc'}:{key}": value for key, value in said.items()},
        "tables": [{"url": f"{table}.csv", "tableSchema": f"../schema/{table}.json"} for table in tables],
    }
    (folder / "csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    for table, rows in tables.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def source(name: str, things: Mapping[str, tuple[str, str]], stakes: Rows = (), **more: Rows) -> dict[str, Rows]:
    """Return the tables of a source that cites page 1 of itself; ``things`` maps ids to class and label."""
    cited = f"{name}-p1"
    return {
        "sources": [{"id": name, "type": "paper", "label": f"The source {name}", "citations": cited}],
        "citations": [
            {"id": cited, "source": name, "page": "1", "paragraph": "1", "first_line": "1", "last_line": "9"},
        ],
        "entities": [{"id": one, "type": kind, "label": label, "citations": cited}
                     for one, (kind, label) in things.items()],
        **({"stakes": [{"citations": cited, **CERTAIN, **row} for row in stakes]} if stakes else {}),
        **more,
    }  # fmt: skip


def same(one: str, other: str, predicate: str = "skos:exactMatch", modifier: str = "") -> Mapping[str, str]:
    """Return a row of matches.csv."""
    return {
        "id": f"{one}--{other}", "subject_id": f"id:{one}", "predicate_id": predicate, "predicate_modifier": modifier,
        "object_id": f"id:{other}", "mapping_justification": "semapv:ManualMappingCuration", "author_label": "a reader",
        "mapping_date": "2026-01-01",
    }  # fmt: skip


def build_in(root: Path) -> tuple[KnowledgeGraph, Report]:
    """Build the graph of the project, without exports; return it and the build report."""
    report = build_graph(Project(root))
    return KnowledgeGraph(EmbeddedStore(report.store)), report


def flat(graph: KnowledgeGraph, table: str) -> list[str]:
    """Return the lines of a flat table."""
    return graph.export("csv", table=table).decode().splitlines()
