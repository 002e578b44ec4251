"""A new, empty source: a folder with metadata, README, tables with their headers, and a test of its own."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.output_file import write_file
from peru_asia_graph.paths import Project, shipped_project
from peru_asia_graph.sources.cell_text import is_address
from peru_asia_graph.sources.csv_file import write_rows
from peru_asia_graph.sources.metadata import (
    METADATA,
    RESERVED,
    SLUG,
    About,
    read_schema,
    write_metadata,
    written_columns,
)
from peru_asia_graph.sources.moments import parse_moment

# The tables of a new source, those a first source of owners and agreements needs; others may be added.
TABLES: Final = ("sources", "citations", "entities", "stakes", "relations", "agreements", "names", "matches")
EXAMPLE: Final = "https://creativecommons.org/licenses/by/4.0/"
_README: Final = """# {title}

What it is, who made it, and where it can be seen:

Provenance: where the file came from, when, and its SHA-256 (`sha256sum FILE`); keep the file in `raw/` if its licence
allows.

Licence and how to cite it:

What was left out, and why:

## Entering a row

1. A row in `citations.csv` for each place: `page` and `paragraph` (or `table` and `row`) of a source with pages, or
   `record` and `field` of one without.
2. A row in `entities.csv` for each thing, named as this source names it; ids begin with `{name}-`.
3. Facts in `stakes.csv`, `relations.csv`, `agreements.csv`: each row cites its place. Empty cells are not stated.
   `docs/reference/tables.md` lists all tables, their columns, and the classes, relations and codes they take.
4. Who is who in other sources: `matches.csv`; `pag match --source {name} --review` asks.

`pag check` names every problem; `pag build` makes the graph; `pytest tests/test_{module}.py` tests the source.
"""
_TEST: Final = '''"""The source {name}: it builds, and every fact has a place."""

from pathlib import Path

from peru_asia_graph.build.pipeline import build_graph
from peru_asia_graph.paths import Project, use_project
from peru_asia_graph.store.embedded import EmbeddedStore

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_PLACE = """
SELECT ?fact WHERE {{
  GRAPH graph:{name} {{ ?fact pag:certainty ?sure }}
  FILTER NOT EXISTS {{ ?fact pag:citation ?place }} }}"""


def test_{module}() -> None:
    with use_project(ROOT):
        report = build_graph(Project(ROOT))
    store = EmbeddedStore(report.store)
    assert store.query("ASK {{ graph:{name} a pag:SourceGraph }}").boolean
    assert [row["fact"] for row in store.query(WITHOUT_PLACE)] == []
'''


def new_source(
    project: Project, name: str, title: str = "", when: str = "", short: str = "", licence: str = ""
) -> list[Path]:
    """Write a new source into the project and return its files, the README first.

    ``when`` is the last day it knows of, by default today; what it states without a date holds as of then. ``licence``
    is an address, left out where empty. Raises WrongUse for a name that is no slug or is taken, for a date that is
    none, a licence that is no address and a file that cannot be written; nothing is left then.
    """
    folder = project.data / name
    check_name(name)
    check_not_shipped(project, name)
    check_licence(licence)
    if folder.exists() or folder.is_symlink():
        raise WrongUse(f"{project.shown(folder)} is there already; choose another name")
    day = parse_moment(when).text if when else date.today().isoformat()
    # One line: it becomes a cell and a heading.
    title = " ".join(title.split()) or f"The source {name}"
    words = {"name": name, "module": name.replace("-", "_"), "title": title}
    test = project.root / "tests" / f"test_{words['module']}.py"
    if test.exists():
        raise WrongUse(f"{project.shown(test)} is there already; choose another name")
    about = About(title, " ".join(short.split()) or name, day, as_of=day, licence=licence, citation=title)
    files = {
        folder / "README.md": _README.format(**words).encode(),
        folder / METADATA: write_metadata(name, about, TABLES),
        **{folder / f"{table}.csv": _table(project, table, name, title) for table in TABLES},
        test: _TEST.format(**words).encode(),
    }
    try:
        for path, data in files.items():
            write_file(path, data)
    except WrongUse:
        for path in files:
            if path.is_relative_to(folder):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
        raise
    return list(files)


def check_licence(licence: str) -> None:
    """Raise WrongUse for a licence that is not told by its address; none is fine."""
    if licence and not is_address(licence):
        raise WrongUse(f"'{licence[:60]}' is no web address; write that of the licence, as {EXAMPLE}")


def check_name(name: str) -> None:
    """Raise WrongUse for a name that no source can have."""
    if not re.fullmatch(SLUG, name) or name in RESERVED or name.startswith("derived"):
        raise WrongUse(f"'{name[:60]}' cannot name a source; use lower-case letters, digits, hyphens, as my-register")


def check_not_shipped(project: Project, name: str) -> None:
    """Raise WrongUse for the name of a source that comes with the package, beside which it could not be read."""
    shipped = {folder.name for folder in shipped_project().sources()}
    if name in shipped and project.root.resolve() != shipped_project().root.resolve():
        raise WrongUse(f"'{name}' is a source of the package, whose place yours would take; choose another name")


def _table(project: Project, table: str, name: str, title: str) -> bytes:
    """Return a table with its header; that of works has the source itself, cited as a whole."""
    itself = {
        "sources": {"id": name, "type": "dataset", "label": title, "citations": f"{name}-itself"},
        "citations": {"id": f"{name}-itself", "source": name, "record": "whole file"},
    }
    columns = written_columns(read_schema(table, project.schema_folders))
    rows = [itself[table]] if table in itself else []
    return write_rows(columns, [{column: row.get(column, "") for column in columns} for row in rows])
