"""Choices read from a registry or a folder only when a value is checked, completed or shown in ``--help``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import click


class LazyChoice(click.Choice[str]):
    """A `click.Choice` whose values are read by a function."""

    def __init__(self, read: Callable[[], Sequence[str]]) -> None:
        self._read = read
        self.case_sensitive = True

    @property
    def choices(self) -> Sequence[str]:  # type: ignore[override]
        """The values, read each time."""
        return self._read()


def pages() -> list[str]:
    from peru_asia_graph.views.page_registry import page_kinds

    return page_kinds()


def languages() -> Sequence[str]:
    from peru_asia_graph.views.words import LANGUAGES

    return LANGUAGES


def export_formats() -> list[str]:
    from peru_asia_graph.exporters.format_registry import format_names

    return format_names()


def import_formats() -> list[str]:
    from peru_asia_graph.importers.importer_registry import importer_names

    return importer_names()


def network_formats() -> list[str]:
    from peru_asia_graph.exporters.format_registry import format_names

    return format_names("network")


def networks() -> list[str]:
    """Return the networks that have a query."""
    return _names_of("network")


def tables() -> list[str]:
    """Return the flat tables that have a query."""
    return _names_of("table")


def _names_of(content: Literal["network", "table"]) -> list[str]:
    from peru_asia_graph.exporters.format_registry import names_of
    from peru_asia_graph.paths import find_project

    return names_of(content, find_project().ontology)
