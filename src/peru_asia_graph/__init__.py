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

    from peru_asia_graph.graph import KnowledgeGraph

__all__ = ["load"]


def load(where: str | Path | None = None) -> KnowledgeGraph:
    """Open the shipped graph, or the file, folder or address named; raise StoreUnreachable when it cannot be opened."""
    from peru_asia_graph.graph import KnowledgeGraph
    from peru_asia_graph.store import open_store

    return KnowledgeGraph(open_store(where), where)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("peru-asia-graph")
    raise AttributeError(f"module 'peru_asia_graph' has no attribute '{name}'")
