"""RDF/XML. What the format cannot hold raises an error, since Oxigraph would write XML that no other program reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.vocabulary import PREFIXES

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Names with a special meaning in the syntax.
_RESERVED: Final = {
    _RDF + name
    for name in (
        "RDF", "ID", "Description", "about", "parseType", "resource", "li", "nodeID", "datatype", "bagID", "aboutEach",
        "aboutEachPrefix",
    )
}  # fmt: skip
# Control characters, U+FFFE and U+FFFF in UTF-8.
_NOT_XML: Final = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = f"[{_START}][{_START}0-9.\u00b7\u0300-\u036f\u203f\u2040-]*"
# How Oxigraph writes a node whose class has no XML name: as an element without a name.
_NAMELESS: Final = rb'<oxprefix: xmlns:oxprefix="([^"]*)"([^<>]*?)(/?)>'
_PLAIN_LABEL: Final = r"[A-Za-z_][A-Za-z0-9_.-]*"


def write_xml(triples: Sequence[ox.Triple]) -> bytes:
    """Return triples as RDF/XML; raise WrongUse for properties and characters that the format cannot hold."""
    for name in {name for triple in triples for name in _names(triple)}:
        if name in _RESERVED or not re.search(f"{_NAME}$", name):
            raise WrongUse(f"RDF/XML cannot hold <{name}>; use turtle or ntriples")
    renamed = _rename_blank_nodes(triples)
    written = ox.serialize(renamed, format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    return escape(re.sub(_NAMELESS, _typed, written).replace(b"</oxprefix:>", b"</rdf:Description>"))


def escape(written: bytes) -> bytes:
    """Return XML with carriage returns as character references, since parsers read literal ones as line feeds.

    Raises WrongUse for characters that no XML file can hold.
    """
    if match := re.search(_NOT_XML, written):
        raise WrongUse(f"XML cannot hold the character {match[0].decode()!r}; use another format")
    return written.replace(b"\r", b"&#13;")


def _names(triple: ox.Triple) -> Iterator[str]:
    """Yield the IRIs that become element names, and reserved IRIs in object position, which may become such."""
    yield triple.predicate.value
    if isinstance(triple.object, ox.NamedNode) and triple.object.value in _RESERVED:
        yield triple.object.value
    if isinstance(triple.object, ox.Triple):
        yield from _names(triple.object)


def _typed(match: re.Match[bytes]) -> bytes:
    end = b"</rdf:Description>" if match[3] else b""
    return b'<rdf:Description%s>\n\t\t<rdf:type rdf:resource="%s"/>%s' % (match[2], match[1], end)


def _labels(triple: ox.Triple) -> Iterator[str]:
    if isinstance(triple.subject, ox.BlankNode):
        yield triple.subject.value
    if isinstance(triple.object, ox.BlankNode):
        yield triple.object.value
    if isinstance(triple.object, ox.Triple):
        yield from _labels(triple.object)


def _rename_blank_nodes(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples, renaming blank nodes whose labels are not XML names."""
    found = list(triples)
    labels = {label for triple in found for label in _labels(triple)}
    odd = sorted(label for label in labels if not re.fullmatch(_PLAIN_LABEL, label))
    if not odd:
        return found
    free = (name for name in (f"b{number}" for number in range(len(labels) + len(odd))) if name not in labels)
    names = dict(zip(odd, free, strict=False))

    def rename(term: Any) -> Any:
        if isinstance(term, ox.Triple):
            return ox.Triple(rename(term.subject), term.predicate, rename(term.object))
        is_odd = isinstance(term, ox.BlankNode) and term.value in names
        return ox.BlankNode(names[term.value]) if is_odd else term

    return [rename(triple) for triple in found]
