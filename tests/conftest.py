"""Shared fixtures: the shipped graph (``real``) and the small invented one (``tiny``)."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import peru_asia_graph
import servers
from browser import chromium
from page_data import make_pages
from parts import paper_part
from peru_asia_graph.build import pipeline
from peru_asia_graph.build.pipeline import Report, build
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.web.confine import freeze_gc
from tiny import copy_tiny
from validators import NoValidator
from whole_build import whole_build

pytest_plugins = ["skips"]
# Tools used by the tests, with dependencies of their own.
collect_ignore_glob = ["tools/*.py", "tools/*/*"]
ROOT = Path(__file__).parents[1]

settings.register_profile("default", derandomize=True, deadline=None, database=None)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile("default")


def pytest_collection_finish() -> None:
    """Run the garbage collector rarely: objects loaded so far stay, and scanning them takes a tenth of the run time."""
    freeze_gc()


def pytest_runtest_teardown() -> None:
    """Collect garbage again after a command that does without."""
    gc.enable()


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> KnowledgeGraph:
    """The shipped graph with all sources."""
    return peru_asia_graph.load()


@pytest.fixture(scope="session")
def kg(sources: KnowledgeGraph) -> KnowledgeGraph:
    """The shipped graph limited to the paper, so that tests about the paper hold whatever other sources are added."""
    return paper_part(sources.store)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The graph and its exports, rebuilt from the tables once per run and shared by all workers."""
    return whole_build(tmp_path_factory)


@pytest.fixture
def _unvalidated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip validation where its results are not used."""
    monkeypatch.setattr(pipeline, "Validator", NoValidator)


@pytest.fixture(scope="session")
def tiny_kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The graph of the small invented source, for tests that need no more."""
    project = copy_tiny(tmp_path_factory.mktemp("tiny-kg"))
    build(project)
    return peru_asia_graph.load(project.graph)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a server for the shipped graph, for tests that do not load it heavily."""
    with servers.ours("-q") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium per process."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def pages(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shipped graph's pages with their shared files."""
    folder = tmp_path_factory.mktemp("pages")
    for name, data in make_pages(kg.store, ROOT / "ontology").items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the committed pages of all sources; test_exports.py checks that they match a build."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(ROOT / "exports" / "assets", folder / "assets")
    for page in (ROOT / "exports").glob("*.html"):
        shutil.copy(page, folder)
    return folder
