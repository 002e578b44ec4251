"""The sources of facts as links."""

from __future__ import annotations

from peru_asia_graph.query.sources import SourceInfo
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.vocabulary import GRAPH

# The short name of a source and the link to its page.
SourceLink = tuple[str, str]


def source_link(frame: Frame, source: SourceInfo) -> SourceLink:
    """Return the short name of a source and the link to its page."""
    return source.short or source.name, frame.href(GRAPH + source.name)
