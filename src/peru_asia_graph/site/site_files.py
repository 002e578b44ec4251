"""The shared files of the site's pages: style sheets, scripts, font, pictures."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from peru_asia_graph.views.shared_files import shared_files
from peru_asia_graph.views.shell import HERE as VIEWS

_STATIC: Final = Path(__file__).parent / "static"


@lru_cache
def site_files() -> dict[str, bytes]:
    """Return the files by name, including those of the interactive pages."""
    own = {path.name: path.read_bytes() for path in sorted(_STATIC.iterdir()) if path.is_file()}
    styles = {name: (VIEWS / "style" / name).read_bytes() for name in ("card.css",)}
    return shared_files() | styles | own
