"""The start page, and the page of the files to download."""

from __future__ import annotations

from dataclasses import replace

from peru_asia_graph.exporters.start_rows import read_start
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.response import Arguments, PageResponse
from peru_asia_graph.site.schema_org import describe_dataset
from peru_asia_graph.views.start_page import group_files, start_values
from peru_asia_graph.vocabulary import GRAPH


def make_start_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the start page."""
    to = frame.addresses
    start = start_values(read_start(kg.store), frame.language, to.page, to.thing, lambda name: frame.href(GRAPH + name))
    described = describe_dataset(frame.t("brand"), frame.t("foot.about"), kg.sources)
    head = replace(frame.head("index", has_search=False), translates=False)
    return 200, {}, frame.render("home.html", start=start, head=head, described=described)


def make_data_page(kg: KnowledgeGraph, frame: Frame, arguments: Arguments) -> PageResponse:
    """Return the page of the files to download: ``files`` (name, size) of the exports, pages and their parts aside."""
    data = [one for one in arguments["files"] if is_data(one["name"])]
    return 200, {}, frame.render("data.html", files=group_files(data, frame.language), file_at=frame.addresses.download)


def is_data(name: str) -> bool:
    """Return whether a file of the exports is data to download, no page or part of one."""
    return not name.endswith((".html", ".md")) and not name.startswith("assets/")
