"""Hypothesis strategies for RDF terms, triples and quads of all kinds, valid and ill-typed."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from hypothesis import strategies as st

from peru_asia_graph.vocabulary import ONTOLOGY, RDF_TYPE, THING, XSD

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Awkward texts for some datatype or format; each is combined with every datatype.
ODD_TEXTS = [
    "NaN", "INF", "-INF", "+INF", "nan", "Infinity", "A1", "", " 5", "5 ", "1_000", "٣", "0x10", "True",
    "TRUE", "true", "1", "0",
    "-0", "007", "+7", "300", "-5", "18446744073709551616", "9" * 30, "9" * 5000, "1.50", ".5", "5.", "-.5e-3",
    "1e400", "1E6",
    "-1.5E-7", "0.1234567890123456789", "1e-400", "0000", "-0001", "20000", "2012-13-45", "-0001-01-01",
    "20000-02-30",
    "2012-02-29+14:00", "0000-01-01", "24:00:00", "2012-01-01T24:00:00", "P1Y13M", "=1+1", "+x", "-1e5",
    "@SUM(A1)", "a,b;c",
    'say "so"', "it's", "two\nlines", "a\r\nb", "\r", "tab\t", "\\", "|", "`x`", "<b>&amp;</b>", "_:b", "'''",
    '"""', "é ñ 漢 🦙",
    "\u200f\u202e", "x@en", "[bold]", " ", "\x7f", "\u0085", "\u2028",
]  # fmt: skip
DATATYPES = [
    XSD + name
    for name in (
        "string", "boolean", "integer", "int", "long", "short", "byte", "unsignedLong", "unsignedByte",
        "positiveInteger",
        "nonNegativeInteger", "negativeInteger", "decimal", "double", "float", "date", "dateTime", "time", "gYear",
        "gYearMonth", "duration", "anyURI", "hexBinary", "base64Binary", "nope",
    )
] + [RDF + "HTML", RDF + "XMLLiteral", RDF + "JSON", "http://example.org/dt", "urn:dt:é"]  # fmt: skip
IRIS = [
    THING + "block-8", ONTOLOGY + "owner", ONTOLOGY + "é", RDF + "nil", "http://example.org/a?b=c&d=e#f",
    "urn:isbn:0",
    "http://example.org/a(b)'c", "mailto:a@b.c", "id:x", "schema:y", "pag:owner", "http://example.org/%20/ñ",
    "a://", "skos:",
    "http://example.org/漢",
]  # fmt: skip
PREDICATES = [
    RDF_TYPE, ONTOLOGY + "owner", ONTOLOGY + "@type", ONTOLOGY + "x-y.z", ONTOLOGY + "id", "http://example.org/p", "http://example.org/é",
    "urn:p", "graph:p", "http://example.org/ns#a-b",
]  # fmt: skip
# IRIs whose last part is not a valid XML name.
ODD_PREDICATES = [ONTOLOGY, "http://example.org/1", "http://example.org/", RDF + "li"]
LANGUAGES = ["en", "es", "es-pe", "zh-hant", "x-private"]

nodes = st.sampled_from(IRIS).map(ox.NamedNode)
blanks = st.sampled_from(["a1", "a2", "A1", "1a", "x.y", "0", "n-1"]).map(ox.BlankNode)
texts = st.sampled_from(ODD_TEXTS) | st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=8
)


@st.composite
def literals(draw: Any) -> ox.Literal:
    """Draw a literal: an awkward or arbitrary text with a datatype or a language tag."""
    text = draw(texts)
    if draw(st.booleans()):
        return ox.Literal(text, datatype=ox.NamedNode(draw(st.sampled_from(DATATYPES))))
    return ox.Literal(text, language=draw(st.sampled_from([None, *LANGUAGES])))


directed = st.builds(
    lambda text, language, direction: ox.Literal(text, language=language, direction=direction),
    texts,
    st.sampled_from(LANGUAGES),
    st.sampled_from(["ltr", "rtl"]).map(ox.BaseDirection),
)
objects = nodes | blanks | literals()


def triples(values: Any = objects, predicates: Any = None) -> Any:
    """Draw triples whose objects come from the given strategy."""
    names = st.sampled_from(PREDICATES) if predicates is None else predicates
    return st.builds(ox.Triple, nodes | blanks, names.map(ox.NamedNode), values)


triple_terms = triples(objects | directed | triples())
graphs = st.lists(triples(), max_size=8)
graphs_12 = st.lists(triples(objects | directed | triple_terms), min_size=1, max_size=5)
names_of_graphs = st.sampled_from([ox.DefaultGraph(), ox.NamedNode("http://example.org/g"), ox.BlankNode("g1")])
datasets = st.lists(
    st.builds(lambda t, g: ox.Quad(t.subject, t.predicate, t.object, g), triples(), names_of_graphs), max_size=8
)


def canonical(quads: Any) -> list[str]:
    """Return quads or triples as lines that are equal if the graphs differ only in their blank node labels."""
    dataset = ox.Dataset(
        one if isinstance(one, ox.Quad) else ox.Quad(one.subject, one.predicate, one.object, ox.DefaultGraph())
        for one in quads
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))
