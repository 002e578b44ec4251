"""Creates an empty source: a folder with metadata, a README and tables with headers, and a test."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.entries import cannot_write, sync, write_synced
from peru_asia_graph.files.output_file import check_file, write_file
from peru_asia_graph.files.signals import signals_deferred
from peru_asia_graph.paths import REFERENCE, Project, shipped_project
from peru_asia_graph.sources.cell_text import is_address
from peru_asia_graph.sources.csv_file import write_rows
from peru_asia_graph.sources.dates import parse_moment
from peru_asia_graph.sources.metadata import (
    METADATA,
    RESERVED,
    SLUG,
    About,
    write_metadata,
    written_columns,
)
from peru_asia_graph.sources.schema_file import read_schema

# The tables of a new source: those needed for owners and agreements. Others can be added.
TABLES: Final = ("sources", "citations", "entities", "stakes", "relations", "agreements", "names", "matches")
EXAMPLE: Final = "https://creativecommons.org/licenses/by/4.0/"
_README: Final = """# {title}

What it is, who made it, and where it is available:

Provenance: where the file came from, when, and its SHA-256 (`sha256sum FILE`); keep the file in `raw/` if its licence
allows.

Licence and how to cite it:

What was left out, and why:

## Entering a row

1. A row in `citations.csv` for each citation: `page` and `paragraph` (or `table` and `row`) in a source with pages, or
   `record` and `field` in one without.
2. A row in `entities.csv` for each thing, named as this source names it; ids begin with `{name}-`.
3. Facts in `stakes.csv`, `relations.csv`, `agreements.csv`: each row has a citation. An empty cell means "not stated".
   `docs/reference/tables.md` of peru-asia-graph lists all tables, their columns, and the classes, relations and codes
   they accept.
4. Matches with things in other sources in `matches.csv`; `pag match --source {name} --review` suggests them.

`pag check` reports every problem; `pag build` builds the graph; `pytest tests/test_{module}.py` tests the source.
"""
_TEST: Final = '''"""The source {name}: it builds, and every fact has a citation."""

from pathlib import Path

from peru_asia_graph.build.pipeline import build_graph
from peru_asia_graph.paths import Project, use_project
from peru_asia_graph.store.embedded import EmbeddedStore

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_CITATION = """
SELECT ?fact WHERE {{
  GRAPH graph:{name} {{ ?fact pag:certainty ?sure }}
  FILTER NOT EXISTS {{ ?fact pag:citation ?citation }} }}"""


def test_{module}() -> None:
    with use_project(ROOT):
        report = build_graph(Project(ROOT))
    store = EmbeddedStore(report.store)
    assert store.query("ASK {{ graph:{name} a pag:SourceGraph }}").boolean
    assert [row["fact"] for row in store.query(WITHOUT_CITATION)] == []
'''


def new_source(
    project: Project, name: str, title: str = "", when: str = "", short: str = "", licence: str = ""
) -> list[Path]:
    """Add a new source to the project and return its files, the README first.

    ``when`` is the last day that the source covers, by default today; its undated statements hold as of then.
    ``licence`` is a URL, left out if empty. Raises WrongUse for a name that is invalid or already in use, an invalid
    date or licence, and a file that cannot be written; in that case no file of the source remains.
    """
    folder = project.data / name
    check_name(name)
    check_not_shipped(project, name)
    check_licence(licence)
    if folder.exists() or folder.is_symlink():
        raise WrongUse(f"{project.shown(folder)} already exists; choose another name")
    day = parse_moment(when).text if when else date.today().isoformat()
    # On one line, because it becomes a cell and a heading.
    title = " ".join(title.split()) or f"The source {name}"
    words = {"name": name, "module": name.replace("-", "_"), "title": title}
    test = project.root / "tests" / f"test_{words['module']}.py"
    checks = _TEST.format(**words).encode()
    # The test is written first, so that no source lacks it; a killed process may leave the test alone.
    is_new, is_new_folder = not test.exists(), not test.parent.exists()
    if not is_new and not (test.is_file() and test.read_bytes() == checks):
        raise WrongUse(f"{project.shown(test)} already exists; choose another name")
    about = About(title, " ".join(short.split()) or name, day, as_of=day, licence=licence, citation=title)
    files = {
        "README.md": _README.format(**words).encode(),
        METADATA: write_metadata(name, about, TABLES),
        **{f"{table}.csv": _table(project, table, name, title) for table in TABLES},
    }
    check_file(test)
    with signals_deferred():
        if is_new:
            write_file(test, checks)
        try:
            _write_whole(folder, files)
        except WrongUse:
            if is_new:
                test.unlink()
            if is_new_folder:
                test.parent.rmdir()
            raise
    return [*(folder / file for file in files), test]


def _write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder next to its place and rename it, so that it is never there in part."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # One level deeper than a source, so that what a killed process leaves behind is never read as one.
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as staging:
            made = Path(staging) / folder.name
            made.mkdir()
            for file, data in files.items():
                write_synced(made / file, data)
            sync(made)
            made.rename(folder)
            sync(folder.parent)
    except OSError as error:
        raise cannot_write(folder, error, "nothing was changed") from error


def check_licence(licence: str) -> None:
    """Raise WrongUse if a licence is given but not as a URL."""
    if licence and not is_address(licence):
        raise WrongUse(f"'{licence[:60]}' is not a web address; give the URL of the licence, such as {EXAMPLE}")


def check_name(name: str) -> None:
    """Raise WrongUse for a name that no source can have."""
    if name in RESERVED or name == REFERENCE or name.startswith("derived"):
        raise WrongUse(f"'{name[:60]}' cannot name a source, because the project uses it; choose another")
    if not re.fullmatch(SLUG, name):
        raise WrongUse(
            f"'{name[:60]}' cannot name a source; use lower-case letters, digits and hyphens, such as my-register"
        )


def check_not_shipped(project: Project, name: str) -> None:
    """Raise WrongUse for the name of a source that comes with the package, because it would replace that source."""
    shipped = {folder.name for folder in shipped_project().sources()}
    if name in shipped and project.root.resolve() != shipped_project().root.resolve():
        raise WrongUse(f"'{name}' is a source of the package, which yours would replace; choose another name")


def _table(project: Project, table: str, name: str, title: str) -> bytes:
    """Return a table with its header; ``sources`` and ``citations`` also have a row for the source itself."""
    itself = {
        "sources": {"id": name, "type": "dataset", "label": title, "citations": f"{name}-itself"},
        "citations": {"id": f"{name}-itself", "source": name, "record": "whole file"},
    }
    columns = written_columns(read_schema(table, project.schema_folders))
    rows = [itself[table]] if table in itself else []
    return write_rows(columns, [{column: row.get(column, "") for column in columns} for row in rows])
