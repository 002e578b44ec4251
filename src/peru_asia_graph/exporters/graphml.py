"""Networks to GraphML and GEXF, the same bytes each time.

The key of an edge is written as ``statement``, because readers rename keys.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from peru_asia_graph.exporters.format_registry import ExportInput

if TYPE_CHECKING:
    import networkx as nx

# The characters XML 1.0 cannot hold.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the network ``which`` as ``graphml`` or ``gexf``."""
    return write_network(source.network(which), form)


def write_network(graph: nx.MultiDiGraph[str], form: str) -> bytes:
    """Return a NetworkX graph as ``graphml`` or ``gexf``; its attributes are strings, numbers and booleans."""
    import networkx as nx

    plain = _with_statements(graph)
    out = io.BytesIO()
    if form == "graphml":
        nx.write_graphml_xml(plain, out, named_key_ids=True)
        return out.getvalue() + b"\n"
    text = "\n".join(nx.generate_gexf(plain, version="1.2draft"))
    # The writer adds today's date and its own version, so the bytes would change every day.
    text = re.sub(r'\s*lastmodifieddate="[^"]*"', "", text)
    text = re.sub(r"<creator>.*?</creator>", "<creator>peru-asia-graph</creator>", text)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _with_statements(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    import networkx as nx

    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph(**{str(key): _clean(value) for key, value in graph.graph.items()})
    for node, attributes in graph.nodes(data=True):
        plain.add_node(node, **{key: _clean(value) for key, value in attributes.items()})
    for number, (source, target, key, attributes) in enumerate(graph.edges(keys=True, data=True)):
        written = {name: _clean(value) for name, value in attributes.items()}
        plain.add_edge(source, target, key=str(number), statement=key, **written)
    return plain


def _clean(value: object) -> object:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
