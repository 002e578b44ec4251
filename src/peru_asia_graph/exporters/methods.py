"""Export methods of the graph: files in other formats, and the graph for rdflib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from peru_asia_graph.errors import check_flag
from peru_asia_graph.paths import Project
from peru_asia_graph.query.side_by_side import SourceNames
from peru_asia_graph.sources.dates import Year
from peru_asia_graph.store import Store

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from peru_asia_graph.exporters.format_registry import ExportInput
    from peru_asia_graph.files.loss_report import LossReport
    from peru_asia_graph.rdf.quads import SortedRow


class ExportMethods:
    """The export methods of a graph."""

    store: Store
    # The store of all sources, if the graph is limited to some.
    whole: Store | None
    _project: Project
    _file: Path
    _is_file: bool
    _given_several: bool | None

    def _of(self, source: SourceNames) -> ExportMethods:
        raise NotImplementedError

    @overload
    def rdflib(self, *, merged: Literal[False] = False) -> Dataset: ...

    @overload
    def rdflib(self, *, merged: Literal[True]) -> Graph: ...

    def rdflib(self, *, merged: bool = False) -> Graph:
        """Return the whole graph as an rdflib Dataset with named graphs or, if ``merged``, as one Graph without them.

        A Dataset iterates over quads; code that expects triples, such as ``rdflib_to_networkx_multidigraph``, needs a
        Graph. Raises WrongUse for triple terms and base directions (RDF 1.2), which rdflib does not support.
        """
        from peru_asia_graph.rdf.rdflib_graph import to_rdflib

        check_flag(merged, "merged")
        return to_rdflib(self._rows(), merged)

    def export(
        self,
        form: str,
        network: str | None = None,
        table: str | None = None,
        year: Year | None = None,
        source: SourceNames = None,
        losses: LossReport | None = None,
    ) -> bytes:
        """Return the graph, a network or a flat table in a format of `exporters.format_registry`.

        The default network is ``ownership``, the default table ``entities``. With a year, a network contains only what
        held or may have held then. ``losses`` is filled with what the format cannot represent. Raises UnknownName, and
        WrongUse for a network, table or year that the format cannot write.
        """
        from peru_asia_graph.exporters.format_registry import choose_part, find_format

        chosen = find_format(form)
        which = choose_part(chosen, network, table, year)
        graph = self._of(source)
        return chosen.data(graph._given(year, losses), which)

    def export_files(self, form: str, source: SourceNames = None, losses: LossReport | None = None) -> dict[str, bytes]:
        """Return the files of a folder format by relative name; `files.output_folder` writes them.

        ``losses`` is filled with what the format cannot represent. Raises UnknownName, and WrongUse for a single-file
        format.
        """
        from peru_asia_graph.exporters.format_registry import find_format

        return find_format(form).files(self._of(source)._given(None, losses))

    def _given(self, year: Year | None, losses: LossReport | None) -> ExportInput:
        from peru_asia_graph.exporters.format_registry import ExportInput
        from peru_asia_graph.files.loss_report import LossReport

        project, noted = self._project, LossReport() if losses is None else losses
        return ExportInput(self.store, project.ontology, self._rows, year, noted, project.schema_folders, self.whole)

    def _rows(self) -> Sequence[SortedRow]:
        from peru_asia_graph.rdf.formats import sort_statements
        from peru_asia_graph.rdf.rdf_file import parse_rdf

        # A file keeps the literals as written; a store may normalise them.
        if not self._is_file:
            return sort_statements(self.store.quads())
        quads = parse_rdf(self._file)
        if self._given_several is None:
            return sort_statements(quads)
        seen = {quad.graph_name for quad in self.store.quads()}
        return sort_statements(quad for quad in quads if quad.graph_name in seen)
