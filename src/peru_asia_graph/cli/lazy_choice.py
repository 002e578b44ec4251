"""Choices read from a registry or a folder only when a value is checked, completed or shown in ``--help``."""

from __future__ import annotations

from collections.abc import Sequence
from pkgutil import resolve_name
from typing import Final

import click


class LazyChoice(click.Choice[str]):
    """A `click.Choice` of the values at a name in this package; if it is a function, of those that it returns."""

    def __init__(self, name: str, *arguments: str) -> None:
        self._name = name
        self._arguments = arguments
        self.case_sensitive = True

    @property
    def choices(self) -> Sequence[str]:  # type: ignore[override]
        """The values, read each time."""
        found = resolve_name(f"peru_asia_graph.{self._name}")
        values: Sequence[str] = found(*self._arguments) if callable(found) else found
        return values


PAGES: Final = LazyChoice("views.page_registry.page_kinds")
PAGE_LANGUAGES: Final = LazyChoice("views.words.LANGUAGES")
IMPORT_FORMATS: Final = LazyChoice("importers.importer_registry.importer_names")
EXPORT_FORMATS: Final = LazyChoice("exporters.format_registry.format_names")
NETWORK_FORMATS: Final = LazyChoice("exporters.format_registry.format_names", "network")
# Those that have a query.
NETWORKS: Final = LazyChoice("exporters.format_registry.names_of", "network")
TABLES: Final = LazyChoice("exporters.format_registry.names_of", "table")
