"""The Peru–Asia knowledge graph: who owns which Peruvian mine and oil block, and how Peru dealt with Asia.

>>> import peru_asia_graph
>>> kg = peru_asia_graph.load()
>>> bool(kg.query("ASK { id:block-8 a pag:HydrocarbonBlock }"))
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from peru_asia_graph.graph import KnowledgeGraph
    from peru_asia_graph.views.html_view import View

__all__ = ["draw", "load"]


def load(where: str | Path | None = None, *sources: str) -> KnowledgeGraph:
    """Open the default graph, or an RDF file, a store folder or a SPARQL endpoint, limited to ``sources`` if given.

    Raises StoreUnreachable, and UnknownName for a source that the graph does not have.
    """
    import os

    from peru_asia_graph.errors import WrongUse
    from peru_asia_graph.graph import KnowledgeGraph
    from peru_asia_graph.store import open_store

    if where is not None and not isinstance(where, (str, os.PathLike)):
        raise WrongUse(f"a graph must be a file, a folder or the URL of a server, not {type(where).__name__}")
    graph = KnowledgeGraph(open_store(where), where)
    return graph.only(*sources) if sources else graph


def draw(graph: nx.Graph[Any], title: str = "Network", *, language: str = "en") -> View:
    """Return an interactive page of any NetworkX graph: ``.save(path)`` writes it, a notebook displays it.

    >>> import networkx, peru_asia_graph
    >>> page = peru_asia_graph.draw(networkx.DiGraph([("owner", "mine")]), "Two names")
    >>> "<title>Two names</title>" in page.html
    True
    """
    from peru_asia_graph.views.network_page import draw as draw_graph

    return draw_graph(graph, title, language=language)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("peru-asia-graph")
    raise AttributeError(f"module 'peru_asia_graph' has no attribute '{name}'")
