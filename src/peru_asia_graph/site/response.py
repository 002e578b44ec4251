"""What a page is made from and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peru_asia_graph.site.frame import Frame

# Status, headers and HTML.
PageResponse = tuple[int, dict[str, str], str]
# What a request says, and what a page needs to know beside the store.
Arguments = Mapping[str, Any]


def failure(frame: Frame, status: int, message: str) -> PageResponse:
    """Return the page of an error."""
    return status, {}, frame.render("failure.html", message=message)
