"""Shared fixtures: the shipped graph (``real``) and the small invented one (``tiny``)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

import peru_asia_graph
from peru_asia_graph.build import Report, build_graph
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.paths import Project

ROOT = Path(__file__).parents[1]

settings.register_profile("default", derandomize=True, deadline=None, database=None)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile("default")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def kg() -> KnowledgeGraph:
    """The shipped graph."""
    return peru_asia_graph.load()


@pytest.fixture(scope="session")
def built() -> Report:
    """The graph built afresh from the tables."""
    return build_graph(Project(ROOT))
