"""A project with a single small user source; schemas, ontology and reference lists come from the package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from peru_asia_graph.paths import Project
from peru_asia_graph.vocabulary import GRAPH

TABLES: Final = {
    "entities": [
        "id,type,label,citations",
        "my-holding,Firm,My Holding,note-1",
        "my-mine,MiningProject,My Mine,note-1",
        "peru,State,Peru,note-1",
    ],
    "stakes": [
        "id,owner,owned,share_percent,share_printed,basis,certainty,valid_from,citations",
        "my-holding-in-my-mine,my-holding,my-mine,80,80%,direct,stated,2012,note-1",
    ],
    "citations": ["id,source,page,last_page,paragraph,first_line,last_line", "note-1,my-notes,99,99,1,1,2"],
    "sources": ["id,type,label,date,citations", "my-notes,paper,My notes,2013,note-1"],
}


def make_own_project(root: Path) -> Project:
    """Write the source ``my-notes`` to a project folder."""
    folder = root / "data" / "my-notes"
    folder.mkdir(parents=True)
    for name, lines in TABLES.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    tables = [{"url": f"{name}.csv", "tableSchema": f"../schema/{name}.json"} for name in TABLES]
    context = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    metadata = {"@context": context, "@id": f"{GRAPH}my-notes", "tables": tables}
    (folder / "csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    return Project(root)
