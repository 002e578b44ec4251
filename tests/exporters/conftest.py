"""Fixtures for export tests: the shipped graph, its flat tables, and a graph with hostile names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exporters import ROOT, hostile_quads, make_input
from peru_asia_graph.build.pipeline import Report
from peru_asia_graph.exporters.flat_schema import FlatTable, read_flat_tables
from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.paths import Project
from peru_asia_graph.store.embedded import EmbeddedStore


@pytest.fixture(scope="session")
def whole(built: Report) -> ExportInput:
    """The shipped graph as the input of an export."""
    project = Project(ROOT)
    return ExportInput(EmbeddedStore(built.store), project.ontology, lambda: built.rows, schemas=project.schema_folders)


@pytest.fixture(scope="session")
def tables(whole: ExportInput) -> dict[str, FlatTable]:
    """The flat tables of the shipped graph, by name."""
    return {table.name: table for table in read_flat_tables(whole)}


@pytest.fixture
def hostile() -> ExportInput:
    """A graph of firms and mines with hostile names; each firm owns half of the mine of the same name."""
    return make_input(hostile_quads())


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """Return a function that writes files to a new folder and returns the folder."""

    def write(files: dict[str, bytes]) -> Path:
        for name, data in files.items():
            path = tmp_path / "out" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return tmp_path / "out"

    return write
