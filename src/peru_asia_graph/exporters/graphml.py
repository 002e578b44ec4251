"""Export networks to GraphML and dynamic GEXF 1.3, with identical bytes each time.

The key of an edge is written as ``statement``, because readers rename keys. In GEXF the years of a node or edge are
also its ``start`` and ``end``, for the Gephi timeline; in GraphML a boolean is ``yes`` or ``no``, because igraph reads
a missing one as false. Long lists of citations are truncated, and ``citation_count`` has the total.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.exporters.format_registry import ExportInput

if TYPE_CHECKING:
    import networkx as nx

LONGEST_LIST: Final = 250
YES_NO: Final = {True: "yes", False: "no"}
TIMES: Final = (("start", "from_year"), ("end", "until_year"))
# Characters that XML 1.0 does not allow.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(source: ExportInput, form: str, which: str) -> bytes:
    """Return the network ``which`` as ``graphml`` or ``gexf``."""
    return write_network(source.network(which), form)


def write_network(graph: nx.MultiDiGraph[str], form: str) -> bytes:
    """Return a NetworkX graph as ``graphml`` or ``gexf``; its attributes are strings, numbers and booleans."""
    import networkx as nx

    plain = _with_statements(graph, form)
    if form == "graphml":
        out = io.StringIO()  # a binary file would be written in 600,000 pieces
        nx.write_graphml_xml(plain, out, encoding="unicode", named_key_ids=True)
        return f"{out.getvalue()}\n".encode()
    text = "\n".join(nx.generate_gexf(plain, version="1.3"))
    # NetworkX declares integer years as long; GEXF and Gephi use double.
    text = re.sub(r'(<graph [^>]*)mode="[^"]*"', r'\1mode="dynamic"', text, count=1)
    text = re.sub(r'\s*timeformat="[^"]*"', "", text).replace("<graph ", '<graph timeformat="double" ', 1)
    # The writer adds today's date and its version, which would change the bytes.
    text = re.sub(r'\s*lastmodifieddate="[^"]*"', "", text)
    text = re.sub(r"<creator>.*?</creator>", "<creator>peru-asia-graph</creator>", text)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _with_statements(graph: nx.MultiDiGraph[str], form: str) -> nx.MultiDiGraph[str]:
    import networkx as nx

    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph(**{str(key): _clean(value) for key, value in graph.graph.items()})
    for node, attributes in graph.nodes(data=True):
        plain.add_node(node, **_written(attributes, form))
    for number, (source, target, key, attributes) in enumerate(graph.edges(keys=True, data=True)):
        plain.add_edge(source, target, key=str(number), statement=_clean(key), **_written(attributes, form))
    return plain


def _written(attributes: Mapping[str, Any], form: str) -> dict[str, Any]:
    written = {name: _clean(value) for name, value in attributes.items()}
    if "citations" in written:
        written["citations"], written["citation_count"] = _shorten(str(written["citations"]))
    if form == "graphml":
        return {name: YES_NO[value] if isinstance(value, bool) else value for name, value in written.items()}
    return written | {name: written[year] for name, year in TIMES if year in written}


def _shorten(citations: str) -> tuple[str, int]:
    """Return as many citations of a list as fit, and the length of the list.

    >>> _shorten("p7-1;p9-2")
    ('p7-1;p9-2', 2)
    """
    separator = "; " if "; " in citations else ";"
    parts = [part for part in citations.split(separator) if part]
    kept = parts[:]
    while len(separator.join(kept)) > LONGEST_LIST and len(kept) > 1:
        kept.pop()
    return separator.join([*kept, *(["…"] if len(kept) < len(parts) else [])]), len(parts)


def _clean(value: object) -> object:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
