"""The page of the data set: description, sources, files, citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.dataset import Dataset, read_dataset
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.link_preview import describe_dataset
from peru_asia_graph.site.source_pages import source_entries
from peru_asia_graph.views.start_page import group_files
from peru_asia_graph.views.words import licence_name
from peru_asia_graph.vocabulary import BASE, DATASET


def is_dataset(kg: KnowledgeGraph, iri: str) -> bool:
    """Return whether an address is that of the data set and the graph describes it."""
    return iri == DATASET and bool(read_dataset(kg.store).titles)


def is_data(name: str) -> bool:
    """Return whether an exported file is data to download, not a page or part of one."""
    return not name.endswith((".html", ".md")) and not name.startswith("assets/")


def render_dataset(kg: KnowledgeGraph, frame: Frame, files: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the page; ``files`` (name, size) are the downloads, empty if they are on another page."""
    known, language = read_dataset(kg.store), frame.language
    title = known.titles.get(language) or known.title
    entries = source_entries(kg, frame)
    values = {
        "title": title,
        "about": frame.t("foot.about"),
        "known": known,
        "licences": [(licence_name(one, language), frame.href(one)) for one in known.licences],
        "period": [frame.date(one) for one in known.period if one],
        "sources": [(one, licence_name(one.source.licence, language) if one.source.licence else "") for one in entries],
        "cited": _citation(known, title),
        "bibtex": _bibtex(known, title),
        "files": group_files([one for one in files if is_data(one["name"])], language),
        "file_at": frame.addresses.download,
        "path": DATASET.removeprefix(BASE),
        "iri": DATASET,
        "described": describe_dataset(title, frame.t("foot.about"), kg.sources),
    }
    return frame.render("dataset.html", **values)


def _citation(known: Dataset, title: str) -> str:
    """Return the reference in the form of a published work; unknown parts are left out."""
    author = f"{', '.join(known.creators)} " if known.creators else ""
    dated = f"({known.issued[:4]}). " if known.issued else ""
    version = f" ({known.version})" if known.version else ""
    return f"{author}{dated}{title}{version}. {BASE}"


def _bibtex(known: Dataset, title: str) -> str:
    fields = {"author": f"{{{' and '.join(known.creators)}}}", "title": title, "year": known.issued[:4],
              "version": known.version, "url": BASE}  # fmt: skip
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@misc{peru-asia-graph,\n" + ",\n".join(lines) + "\n}"
