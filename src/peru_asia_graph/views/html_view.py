"""An HTML page that can be saved to a file or shown in a notebook."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.output_file import check_file, write_file
from peru_asia_graph.files.output_folder import FolderReport, write_folder

# In the template of all pages, near the start.
_GENERATOR: Final = b'<meta name="generator" content="pag view">'


def is_page(path: Path) -> bool:
    """Return whether a file is a page that this package wrote."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _GENERATOR in file.read(200)


@dataclass(frozen=True)
class View:
    """One HTML document; ``assets`` is the adjacent folder with its script and style."""

    html: str
    assets: str | None = None

    def save(self, path: str | Path) -> Path:
        """Write the document atomically, and its shared files, if any; return its path."""
        target = _path(path)
        check_file(target, regular=self.assets is not None)
        self.save_shared(target.parent)
        write_file(target, self.html.encode())
        return target

    def save_shared(self, folder: str | Path) -> FolderReport:
        """Write the files that the pages of a folder share, if any; return a report on the folder."""
        from peru_asia_graph.views.shared_files import shared_files

        if self.assets is None:
            return FolderReport(changed=False)
        return write_folder(_path(folder) / self.assets, shared_files(), command="pag view --shared")

    def _repr_html_(self) -> str:
        # A separate frame, without access to the notebook.
        from peru_asia_graph.views.notebook_frame import notebook_frame

        return notebook_frame(self.html)

    def __repr__(self) -> str:
        return f"<View of {len(self.html.encode()):,} bytes; .save(path) writes it>"


def _path(path: object) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise WrongUse(f"the path of a page must be a text or a path, not {type(path).__name__}")
    return Path(path)
