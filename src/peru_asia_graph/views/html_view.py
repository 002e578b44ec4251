"""An HTML page to save to a file or to show in a notebook."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.output_file import check_file, write_file
from peru_asia_graph.files.output_folder import FolderReport, write_folder


@dataclass(frozen=True)
class View:
    """One HTML document; with ``assets``, the folder beside it that holds its script and style."""

    html: str
    assets: str | None = None

    def save(self, path: str | Path) -> Path:
        """Write the document atomically, and the files it shares with other pages, if any; return its path."""
        target = _path(path)
        check_file(target, regular=self.assets is not None)
        self.save_shared(target.parent)
        write_file(target, self.html.encode())
        return target

    def save_shared(self, folder: str | Path) -> FolderReport:
        """Write the files that the pages of a folder share, if any; return what was met there."""
        from peru_asia_graph.views.shared_files import shared_files

        if self.assets is None:
            return FolderReport(changed=False)
        return write_folder(_path(folder) / self.assets, shared_files(), command="pag view --shared")

    def _repr_html_(self) -> str:
        # A frame of its own, without access to the notebook.
        from peru_asia_graph.views.notebook_frame import notebook_frame

        return notebook_frame(self.html)

    def __repr__(self) -> str:
        return f"<View of {len(self.html.encode()):,} bytes; .save(path) writes it>"


def _path(path: object) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise WrongUse(f"a page is written to a file, named by a text or a path, not {type(path).__name__}")
    return Path(path)
