"""The files that pages made with ``assets`` share: script, style, what a page is saved as one file with, licences."""

from __future__ import annotations

from peru_asia_graph.views.one_file import NAME, one_file_script
from peru_asia_graph.views.shell import FONT, OUTLINES, VIS, texts


def shared_files() -> dict[str, bytes]:
    """Return the files that pages made with ``assets`` share, licences included."""
    files = {name: text.encode() for name, text in (*texts().items(), (NAME, one_file_script()))}
    files |= {f"vis-network.{path.name}": path.read_bytes() for path in VIS.glob("LICENSE-*")}
    files |= {f"source-sans-3.{path.name}": path.read_bytes() for path in FONT.glob("LICENSE-*")}
    return files | {f"peru-departments.{path.name}": path.read_bytes() for path in OUTLINES.glob("LICENSE-*")}
