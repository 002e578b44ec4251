"""Writes a person's judgement on two things of different sources into matches.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.output_file import write_file
from peru_asia_graph.paths import REFERENCE, Project
from peru_asia_graph.sources.suggestions import Suggestion

# What a person may answer: the relation and its modifier.
JUDGEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "same": ("skos:exactMatch", ""),
    "different": ("skos:exactMatch", "Not"),
    "part": ("dcterms:isPartOf", ""),
    "whole": ("dcterms:hasPart", ""),
    "successor": ("pag:successorOf", ""),
}
FILE: Final = "matches.csv"


def matches_file(project: Project, source: str) -> Path:
    """Return the table of matches of a project: that of its reference lists, else of the source; raise WrongUse."""
    for folder in (REFERENCE, source):
        if (path := project.data / folder / FILE).is_file():
            return path
    raise WrongUse(f"no {FILE} in data/{REFERENCE} or data/{source}; add one and name it in csv-metadata.json")


def record_match(file: Path, found: Suggestion, judgement: str, author: str, comment: str = "") -> str:
    """Append a judgement to the table and return the id of its row; the other rows stay as they are."""
    with file.open(encoding="utf-8", newline="") as opened:
        before = opened.read()
    header = next(csv.reader(io.StringIO(before)))
    predicate, modifier = JUDGEMENTS[judgement]
    row = {
        "id": f"{found.one.id}--{judgement}--{found.other.id}",
        "subject_id": f"id:{found.one.id}",
        "predicate_id": predicate,
        "predicate_modifier": modifier,
        "object_id": f"id:{found.other.id}",
        "mapping_justification": "semapv:ManualMappingCuration",
        "author_label": author,
        "mapping_date": date.today().isoformat(),
        "comment": comment,
    }
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([row.get(name, "") for name in header])
    write_file(file, (before + ("" if before.endswith("\n") else "\n") + line.getvalue()).encode())
    return row["id"]
