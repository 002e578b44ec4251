"""What is validated with each source: its own statements and the codes and ontology terms they refer to."""

from __future__ import annotations

import pyoxigraph as ox

from peru_asia_graph.build.validate import parts_of
from peru_asia_graph.vocabulary import BASE, GRAPH, ONTOLOGY, ONTOLOGY_GRAPH, REFERENCE_GRAPH, THING

UNIT = f"{BASE}code/unit"


def quad(subject: str, predicate: str, target: str, graph: str) -> ox.Quad:
    return ox.Quad(*(ox.NamedNode(one) for one in (subject, f"{ONTOLOGY}{predicate}", target, graph)))


def subjects(part: list[ox.Quad]) -> set[str]:
    return {str(one.subject.value).removeprefix(ONTOLOGY).removeprefix(BASE) for one in part}


def test_codes_are_validated_once_and_shared_with_sources_that_use_them() -> None:
    lists = [quad(f"{UNIT}/{code}", "inScheme", UNIT, REFERENCE_GRAPH) for code in ("percent", "tonnes", "unused")]
    lists.append(quad(UNIT, "inScheme", f"{BASE}code", REFERENCE_GRAPH))
    classes = [quad(f"{ONTOLOGY}{name}", "subClassOf", f"{ONTOLOGY}{upper}", ONTOLOGY_GRAPH)
               for name, upper in (("Mine", "Project"), ("Project", "Thing"), ("Person", "Actor"))]  # fmt: skip
    copper = quad(f"{THING}copper", "inScheme", f"{BASE}code/commodity", REFERENCE_GRAPH)
    of_one = [quad(f"{THING}a", "unit", f"{UNIT}/percent", f"{GRAPH}{name}") for name in ("one", "derived/one")]
    of_other = [quad(f"{THING}b", "unit", f"{UNIT}/tonnes", f"{GRAPH}other"),
                quad(f"{THING}b", "type", f"{ONTOLOGY}Mine", f"{GRAPH}derived/other")]  # fmt: skip
    first, second = parts_of([*lists, *classes, copper, *of_one, *of_other])
    names = {"id/a", "code/unit/percent", "code/unit/tonnes", "code/unit/unused", "code/unit"}
    assert subjects(first) == names | {"Mine", "Project", "Person"}
    assert subjects(second) == {"id/b", "code/unit/tonnes", "code/unit", "Mine", "Project"}
