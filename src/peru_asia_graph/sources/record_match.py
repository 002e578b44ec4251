"""Adds a person's judgement on two things in different sources to matches.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.output_file import write_file
from peru_asia_graph.paths import REFERENCE, Project

# The possible judgements: predicate and predicate modifier.
JUDGEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "same": ("skos:exactMatch", ""),
    "different": ("skos:exactMatch", "Not"),
    "part": ("dcterms:isPartOf", ""),
    "whole": ("dcterms:hasPart", ""),
    "successor": ("pag:successorOf", ""),
}
FILE: Final = "matches.csv"


def matches_file(project: Project, *sources: str) -> Path:
    """Return the matches table of the first of these sources that has one, else that of the reference lists.

    Only tables in the project are considered, not those of the package. Raises WrongUse if there is none.
    """
    for folder in (*sources, REFERENCE):
        if (path := project.data / folder / FILE).is_file():
            return path
    own = next((source for source in sources if (project.data / source).is_dir()), sources[0])
    raise WrongUse(f"no {FILE} in data/{own} or data/{REFERENCE}; add one and name it in csv-metadata.json")


class Judged(NamedTuple):
    """A judgement on two ids."""

    one: str
    other: str
    judgement: str
    comment: str = ""


def record_matches(file: Path, judged: Sequence[Judged], author: str) -> list[str]:
    """Append judgements to the table, all or none, and return the ids of the rows; other rows are not changed."""
    with file.open(encoding="utf-8", newline="") as opened:
        before = opened.read()
    header = next(csv.reader(io.StringIO(before)))
    rows = [_row(one, author) for one in judged]
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([row.get(name, "") for name in header] for row in rows)
    write_file(file, (before + ("" if before.endswith("\n") else "\n") + lines.getvalue()).encode())
    return [row["id"] for row in rows]


def _row(judged: Judged, author: str) -> dict[str, str]:
    predicate, modifier = JUDGEMENTS[judged.judgement]
    return {
        "id": f"{judged.one}--{judged.judgement}--{judged.other}",
        "subject_id": f"id:{judged.one}",
        "predicate_id": predicate,
        "predicate_modifier": modifier,
        "object_id": f"id:{judged.other}",
        "mapping_justification": "semapv:ManualMappingCuration",
        "author_label": author,
        "mapping_date": date.today().isoformat(),
        "comment": judged.comment,
    }
