"""The files of an imported source: tables, metadata, README, provenance and losses."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.files.manifest import json_bytes, read_manifest
from peru_asia_graph.importers.draft import Draft, clean, shown_names
from peru_asia_graph.importers.identity import by_people
from peru_asia_graph.paths import Project
from peru_asia_graph.sources.csv_file import read_valid_records, write_rows
from peru_asia_graph.sources.metadata import METADATA, PROVENANCE, About, write_metadata, written_columns
from peru_asia_graph.sources.schema_file import read_schema

LOSSES: Final = "import/losses.csv"
# The table that people may edit, too: their rows are kept when the source is imported again.
MATCHES: Final = "matches"
_README: Final = """# {title}

Written by `pag import {form}`, which refuses to overwrite a table that has been edited since. Put your own facts into
your own source, and matches with other sources into `matches.csv` (here or in `data/reference`), which is kept.

Files read:

{files}

`{losses}` lists what was left out or changed, `{provenance}` the options used.
"""


@dataclass(frozen=True)
class SourceTerms:
    """The description of a source; empty values are taken from the files, if they have them."""

    title: str = ""
    short: str = ""
    date: str = ""
    licence: str = ""


class TableChange(NamedTuple):
    """How a table differs from the previous import: numbers of rows, and examples of ids."""

    table: str
    added: int
    removed: int
    changed: int
    examples: tuple[str, ...]


def make_files(
    project: Project, draft: Draft, form: str, inputs: Sequence[Path], options: Mapping[str, str], terms: SourceTerms
) -> dict[str, bytes]:
    """Return the files of the source folder by name; the same input gives the same bytes."""
    title = clean(terms.title) or draft.title or f"The source {draft.name}"
    draft.add("sources", draft.name, [draft.cite("whole file")], type="dataset", label=title)
    own = _keep_matches(project.data / draft.name, draft)
    tables = {name: _write_table(project, name, list(rows.values())) for name, rows in sorted(draft.tables.items())}
    shown = shown_names(inputs)
    digests = {name: _digest(path) for name, path in zip(shown, inputs, strict=True)}
    given = {name: Path(value).name if name == "mapping" else value for name, value in sorted(options.items())}
    about = {"format": form, "files": digests, "options": given}
    listed = "\n".join(f"* `{name}`, SHA-256 {digest}" for name, digest in digests.items())
    readme = _README.format(title=title, form=form, files=listed, losses=LOSSES, provenance=PROVENANCE)
    return {
        "README.md": readme.encode(),
        METADATA: write_metadata(draft.name, _about(draft, title, terms), [*tables, *own]),
        PROVENANCE: json_bytes(about),
        LOSSES: draft.losses.to_csv(dict(zip(map(str, inputs), shown, strict=True))),
        **{f"{name}.csv": data for name, data in tables.items()},
    }


def compare_tables(folder: Path, files: Mapping[str, bytes]) -> list[TableChange]:
    """Return how the tables differ from those in a folder, one entry per changed table."""
    found = []
    tables = {name for name in files if name.endswith(".csv") and "/" not in name}
    names = tables | {path.name for path in folder.glob("*.csv")}
    for name in sorted(names - {f"{MATCHES}.csv"}):
        path = folder / name
        before = _rows_by_id(path.read_text("utf-8", errors="replace")) if path.is_file() else {}
        after = _rows_by_id(files[name].decode()) if name in files else {}
        added, removed = [one for one in after if one not in before], [one for one in before if one not in after]
        changed = [one for one in after if one in before and after[one] != before[one]]
        if added or removed or changed:
            examples = (*(f"+{one}" for one in added[:3]), *(f"-{one}" for one in removed[:3]), *changed[:3])
            found.append(TableChange(name.removesuffix(".csv"), len(added), len(removed), len(changed), examples))
    return found


def _keep_matches(folder: Path, draft: Draft) -> list[str]:
    """Add people's rows to the matches of an import; return the name of the table if the file is entirely theirs."""
    path = folder / f"{MATCHES}.csv"
    if not path.is_file():
        return []
    manifest = read_manifest(folder)
    if manifest is None or path.name not in manifest.digests:
        draft.tables.pop(MATCHES, None)
        return [MATCHES]
    draft.tables.setdefault(MATCHES, {}).update(read_judged(folder))
    return []


def read_judged(folder: Path) -> dict[str, dict[str, str]]:
    """Return the matches in a source that people wrote, by id; those of an import are recomputed each time."""
    path = folder / f"{MATCHES}.csv"
    rows = _read_matches(path) if path.is_file() else {}
    return {slug: row for slug, row in rows.items() if by_people(row)}


def _read_matches(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a matches table by id; raise BadInput for a row that does not fit the header."""
    (_, header), *rows = read_valid_records(path)
    found: dict[str, dict[str, str]] = {}
    for line, cells in rows:
        row = {name: cell for name, cell in zip(header, cells, strict=False) if cell}
        if len(cells) != len(header) or "id" not in row:
            remedy = f"give the row an id and {len(header)} cells, like the header"
            raise BadInput([Problem(str(path), line, "", "the row does not fit the header", remedy)])
        found[row["id"]] = row
    return found


def _rows_by_id(text: str) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text))
    return {row["id"]: {name: cell for name, cell in row.items() if cell} for row in rows if row.get("id")}


def _write_table(project: Project, table: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    schema = read_schema(table, project.schema_folders)
    described, used = written_columns(schema), {name for row in rows for name in row}
    columns = list(described)
    if table != MATCHES:  # people add rows there and need every column
        columns = [name for name, column in described.items() if name in used or column.get("required")]
    if unknown := used - described.keys():
        raise BadInput(
            [Problem(f"{table}.csv", 1, sorted(unknown)[0], "is not a column of this table", "rename or remove it")]
        )
    return write_rows(columns, sorted(rows, key=lambda row: row["id"]))


def _about(draft: Draft, title: str, terms: SourceTerms) -> About:
    day, licence = terms.date or draft.date, terms.licence or draft.licence
    cited = draft.citation or title
    return About(title, clean(terms.short) or draft.name, day, draft.as_of or day, licence, cited, draft.address)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
