"""Adds a person's judgement on two things in different sources to matches.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from peru_asia_graph.errors import Problem, WrongUse, raise_errors
from peru_asia_graph.files.entries import cannot_write
from peru_asia_graph.files.lock import exclusive_lock
from peru_asia_graph.files.output_file import write_file
from peru_asia_graph.paths import REFERENCE, Project
from peru_asia_graph.sources.csv_file import read_valid_records
from peru_asia_graph.sources.metadata import METADATA, read_metadata

# The possible judgements: predicate and predicate modifier.
JUDGEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "same": ("skos:exactMatch", ""),
    "different": ("skos:exactMatch", "Not"),
    "part": ("dcterms:isPartOf", ""),
    "whole": ("dcterms:hasPart", ""),
    "successor": ("pag:successorOf", ""),
}
FILE: Final = "matches.csv"
_REQUIRED: Final = (
    "id", "subject_id", "predicate_id", "object_id", "mapping_justification", "author_label", "mapping_date",
)  # fmt: skip


def matches_file(project: Project, *sources: str) -> Path:
    """Return the matches table of the first of these sources that lists one, else that of the reference lists.

    Only tables in the project are considered, not those of the package. Raises WrongUse if there is none.
    """
    for folder in (project.data / source for source in (*sources, REFERENCE)):
        if (folder / METADATA).is_file():
            _, tables, _ = read_metadata(folder / METADATA, project.schema_folders)
            if any(table.url == FILE for table in tables):
                return folder / FILE
    own = next((source for source in sources if (project.data / source).is_dir()), sources[0])
    raise WrongUse(f"no {FILE} in data/{own} or data/{REFERENCE}; add one and name it in {METADATA}")


class Judged(NamedTuple):
    """A judgement on two ids."""

    one: str
    other: str
    judgement: str
    comment: str = ""


def record_matches(file: Path, judged: Sequence[Judged], author: str) -> list[str]:
    """Append judgements to the table, all or none, and return the ids of the rows.

    Optional columns that the table lacks are added if the judgements need them. Raises BadInput if the table cannot be
    read, or lacks a required column.
    """
    rows = [_row(one, author) for one in judged]
    try:
        with exclusive_lock(file.with_name(f".{file.name}.lock")):
            write_file(file, _append(file, rows))
    except OSError as error:
        raise cannot_write(file, error, "nothing was changed") from error
    return [row["id"] for row in rows]


def _append(file: Path, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the table with these rows; what it already holds is not changed, except for columns that are added."""
    records = read_valid_records(file)
    line, header = records[0]
    missing = (name for name in _REQUIRED if name not in header)
    raise_errors(Problem(str(file), line, name, "the column is missing", "add it") for name in missing)
    added = [name for name in dict.fromkeys(name for row in rows for name in row if row[name]) if name not in header]
    before = file.read_bytes().decode("utf-8")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n" if "\r\n" in before else "\n")
    if added:
        writer.writerow([*header, *added])
        writer.writerows([*cells, *("" for _ in added)] for _, cells in records[1:])
    else:
        text.write(before if before.endswith(("\n", "\r")) else before + writer.dialect.lineterminator)
    writer.writerows([row.get(name, "") for name in (*header, *added)] for row in rows)
    return text.getvalue().encode()


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
