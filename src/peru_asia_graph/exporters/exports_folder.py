"""The exports folder: every built format, the interactive pages, and a README that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from peru_asia_graph.exporters import datapackage, ro_crate
from peru_asia_graph.exporters.flat_schema import read_flat_tables
from peru_asia_graph.exporters.format_registry import FORMATS, ExportFormat, ExportInput, names_of
from peru_asia_graph.exporters.html_pages import draw_pages, page_assets
from peru_asia_graph.files.second_process import do_both
from peru_asia_graph.ownership.share_rows import ShareRow
from peru_asia_graph.paths import Project
from peru_asia_graph.query.dataset import add_sizes
from peru_asia_graph.rdf.formats import write_rdf
from peru_asia_graph.rdf.quads import SortedRow
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import DESCRIPTION_GRAPH

STEM: Final = "peru-asia-graph"
FOLDERS: Final = {"network": "networks", "table": "tables"}
DATA_PACKAGE: Final = "Frictionless Data Package: types, meanings and keys of the tables in `tables/`"
PAGES: Final = (
    "interactive pages; start with `index.html`; no network needed. They load `assets/`: to send a single page, use "
    "*Share*, *Save as one file* on the page, or `pag view`"
)
README: Final = """# exports

Written by `pag build`; do not edit. The licence of the shipped data as a whole is CC BY 4.0; each source also has its
own licence (`pag sources`, `LICENSE-DATA`).

| File | For |
|---|---|
{rows}
| `index.html`, `*.html`, `assets/` | {pages} |
| `catalogue.ttl` | the entry for data catalogues (DCAT-AP 3, VoID), with file sizes |
| `datapackage.json` | {data_package} |
| `ro-crate-metadata.json` | RO-Crate 1.1: the folder as a citable deposit, with authors, licences, sources, digests |
| `manifest.json` | the SHA-256 of each file; `pag build` replaces and removes only the files listed here |

{on_request}: `pag export -f ntriples -o graph.nt`.
A cell that begins with `=`, `+`, `-` or `@` and is not a number gets a leading apostrophe, so that spreadsheets do not
execute it. In `tables/agreements.csv`, `date` is the day of signing or, if the source gives none, the date of the event
that brought about the agreement (2009 for the free trade agreement between Peru and China; whether it was signed or
entered into force then is not stated). In `tables/relations.csv`, `as_of` is a time at which the relation held, not its
beginning or end.
"""


def make_exports(
    rows: Sequence[SortedRow], store: Store, project: Project, shares: Sequence[ShareRow] | None = None
) -> dict[str, bytes]:
    """Return all files of the exports folder by relative name.

    ``rows`` are the sorted quads of the graph, ``shares`` the effective shares of the last year, if already computed.
    """
    source = ExportInput(store, project.ontology, lambda: rows, schemas=project.schema_folders)
    return _make_files(source, shares, project.has_stories)


def write(source: ExportInput, form: str, which: str = "") -> dict[str, bytes]:
    """Return the files that a build would write for a graph: the folder is an RO-Crate."""
    return _make_files(source, None)


def _make_files(source: ExportInput, shares: Sequence[ShareRow] | None, own_stories: bool = False) -> dict[str, bytes]:
    parts = {
        file_name(row, which): (row, which) for row in FORMATS if row.built for which in _parts(row, source.ontology)
    }
    about = {name: row.about for name, (row, _) in parts.items()} | {datapackage.FILE: DATA_PACKAGE}

    def data_files() -> dict[str, bytes]:
        files = {"README.md": readme().encode()}
        files |= {name: row.data(source, which) for name, (row, which) in parts.items() if row.content != "network"}
        return files | {datapackage.FILE: datapackage.describe(source, read_flat_tables(source), files)}

    def pages_and_networks() -> tuple[dict[str, bytes], dict[str, str]]:
        pages, pages_of = draw_pages(source.store, source.ontology, shares, own_stories)
        networks = {name: row.data(source, which) for name, (row, which) in parts.items() if row.content == "network"}
        return pages | networks, pages_of

    files, (others, pages_of) = do_both(data_files, pages_and_networks)
    files |= others
    listed = [{"name": name, "size": len(files[name]), "about": text} for name, text in about.items()]
    files |= page_assets(source.store, listed, pages_of)
    files["catalogue.ttl"] = make_catalogue(source.rows, files)
    files = dict(sorted(files.items()))
    files[ro_crate.FILE] = ro_crate.describe(source, files, about)
    return dict(sorted(files.items()))


def make_catalogue(rows: Sequence[SortedRow], files: Mapping[str, bytes]) -> bytes:
    """Return the description of the dataset, with file sizes, as Turtle."""
    described = (quad.triple for key, quad in rows if key[3] == f"<{DESCRIPTION_GRAPH}>")
    return write_rdf(add_sizes(described, {name: len(data) for name, data in files.items()}), "turtle")


def file_name(row: ExportFormat, which: str = "*") -> str:
    """Return the relative file name for a format and, for a network or table, its name ``which``."""
    return (
        row.file or f"{'peru-asia-graph' if row.content == 'graph' else f'{FOLDERS[row.content]}/{which}'}.{row.ending}"
    )


def readme() -> str:
    """Return the README of the folder; formats with the same description share a row."""
    built = groupby((row for row in FORMATS if row.built), key=lambda row: row.about)
    rows = [f"| {', '.join(f'`{file_name(row)}`' for row in group)} | {about} |" for about, group in built]
    others = [row.about for row in FORMATS if not row.built]
    on_request = " and ".join(filter(None, [", ".join(others[:-1]), others[-1]]))
    return README.format(rows="\n".join(rows), on_request=on_request, data_package=DATA_PACKAGE, pages=PAGES)


def _parts(row: ExportFormat, ontology: Path) -> list[str]:
    return [""] if row.content == "graph" else names_of(row.content, ontology)
