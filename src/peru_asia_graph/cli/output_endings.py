"""The ending of a file to write: what it promises is what is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

# Endings of other programs' files, which no text can be.
_NEVER_WRITTEN: Final = (".xlsx", ".xls", ".ods", ".parquet", ".docx", ".odt", ".pdf", ".png", ".jpg", ".svg")


def write_packed(output: str, raw: bytes) -> None:
    """Write to a file, compressed if its ending says so."""
    from peru_asia_graph.files.output_file import write_file
    from peru_asia_graph.rdf.endings import COMPRESSIONS, split_ending

    compression = split_ending(Path(output))[1]
    write_file(Path(output), COMPRESSIONS[compression].compress(raw) if compression else raw)


def check_ending(output: str) -> None:
    """Raise WrongUse for a file that would not be what its ending says, and for what names no file."""
    from peru_asia_graph.errors import WrongUse, join_or
    from peru_asia_graph.files.entries import printable
    from peru_asia_graph.rdf.endings import COMPRESSIONS, NOT_WRITTEN

    if output.lower().endswith(NOT_WRITTEN):
        raise WrongUse(
            f"{printable(output)} would not be what its ending says; write a file that ends in "
            f"{join_or(list(COMPRESSIONS))} or in none of them"
        )
    if output.lower().endswith(_NEVER_WRITTEN):
        raise WrongUse(
            f"{printable(output)} would not be what its ending says; tables are written as .csv, which spreadsheets "
            "open, and pages as .html"
        )
    if not output or output.endswith(os.sep):
        raise WrongUse(f"'{printable(output)}' names no file; name a file to write, or - for the terminal")
