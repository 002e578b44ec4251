"""Networks to GraphML and GEXF, the same bytes each time.

A NetworkX graph in, bytes out. The key of an edge is written as ``statement``, because readers rename keys; in GEXF the
missing share of an edge stays missing. Limit: attribute values are strings, numbers and booleans.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx as nx

NETWORK_FORMATS: Final = ("graphml", "gexf")
# The characters XML 1.0 cannot hold.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_network(graph: nx.MultiDiGraph[str], form: str) -> bytes:
    """Return the network as ``graphml`` or ``gexf``."""
    import networkx as nx

    plain = _with_statements(graph)
    out = io.BytesIO()
    if form == "graphml":
        nx.write_graphml_xml(plain, out, named_key_ids=True)
        return out.getvalue() + b"\n"
    text = "\n".join(nx.generate_gexf(plain, version="1.2draft"))
    # The writer stamps today's date and its own version, which would make each day's file another.
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
