"""The ontology page: each term once under one theme, legible diagrams, and examples whose links resolve."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from browser import overlaps, visit
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.frame import Frame, site_files
from peru_asia_graph.site.ontology_page import render_ontology
from peru_asia_graph.site.pages import make_frame, make_page, terms_of
from peru_asia_graph.store.embedded import EmbeddedStore
from peru_asia_graph.vocabulary import ONTOLOGY, ONTOLOGY_GRAPH, PREFIXES, THING
from test_site import forbidden_in

ROOT: Final = Path(__file__).parents[2]
SCHEMA: Final = PREFIXES["schema"]
DOMAIN: Final = (RDFS.domain, URIRef(SCHEMA + "domainIncludes"))
RANGE: Final = (RDFS.range, URIRef(SCHEMA + "rangeIncludes"))
ALIGNED: Final = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.relatedMatch,
                  URIRef(PREFIXES["qb"] + "concept")}  # fmt: skip
# Every text in the diagrams as {text, size, x, y, w, h}, in pixels of its picture, grouped by picture.
TEXTS: Final = """() => [...document.querySelectorAll(".diagram svg")].map((svg) => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].map((text) => {
    const at = text.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width, size = parseFloat(getComputedStyle(text).fontSize) * scale;
    return { text: text.textContent, size,
      x: at.x - frame.x, y: at.y - frame.y + at.height * 0.15, w: at.width, h: at.height * 0.7, room: frame.width };
  });
})"""


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "peru-asia.ttl")


@pytest.fixture(scope="module")
def folder(sources: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in both languages with the files it needs."""
    written = tmp_path_factory.mktemp("ontology")
    for name, data in site_files().items():
        (written / "static").mkdir(exist_ok=True)
        (written / "static" / name).write_bytes(data)
    for language in ("en", "es"):
        addresses = Addresses(language, "ontology", static=True)
        file = written / addresses.file_of("ontology")
        file.parent.mkdir(exist_ok=True)
        file.write_text(render_ontology(sources, Frame(addresses, terms_of(sources))), "utf-8")
    return written


@pytest.fixture(scope="module")
def served(sources: KnowledgeGraph) -> str:
    status, _, page = make_page(sources, "thing", {"iri": ONTOLOGY.removesuffix("#"), "language": "en"})
    assert status == 200
    return page


class _Parts(HTMLParser):
    """The ids of terms by theme, the links in pictures by theme, and the links in examples by term."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.terms: dict[str, list[str]] = {}
        self.drawn: dict[str, list[str]] = {"": []}
        self.examples: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self._theme, self._term, self._inside = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Track the current position, and collect the links there."""
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        if tag == "section":
            if given.get("class") == "term":
                self._term = given["id"]
                self.terms.setdefault(self._theme, []).append(self._term)
            else:
                self._theme = given["aria-labelledby"]
        elif tag in ("svg", "ul"):
            self._inside = given.get("class", "") if tag == "ul" else "svg"
        elif tag == "a" and self._inside == "svg":
            self.drawn.setdefault(self._theme, []).append(given["href"])
        elif tag == "a" and self._inside == "uses":
            self.examples.setdefault(self._term, []).append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        """Track the end of a picture or list."""
        if tag in ("svg", "ul"):
            self._inside = ""


def names(ontology: Graph, *kinds: URIRef) -> set[str]:
    """Return the local names of the terms of these kinds; without kinds, of all terms but themes."""
    found = {str(one).removeprefix(ONTOLOGY): one for one in ontology.subjects() if str(one).startswith(ONTOLOGY)}

    def wanted(one: Any) -> bool:
        types = set(ontology.objects(one, RDF.type))
        return bool(types & set(kinds)) if kinds else SKOS.Collection not in types

    return {name for name, one in found.items() if wanted(one)}


def values(ontology: Graph, name: str, *ways: URIRef) -> set[str]:
    return {str(one) for way in ways for one in ontology.objects(URIRef(ONTOLOGY + name), way)}


def test_every_term_is_shown_once_under_one_theme(ontology: Graph, served: str) -> None:
    parts = _Parts(served)
    shown = Counter(name for some in parts.terms.values() for name in some)
    assert set(shown) == names(ontology) and set(shown.values()) == {1}
    assert [name for name, count in Counter(parts.ids).items() if count > 1] == []
    numbers = {name: int(str(ontology.value(URIRef(ONTOLOGY + name), SKOS.notation)))
               for name in names(ontology, SKOS.Collection)}  # fmt: skip
    assert list(parts.terms) == sorted(numbers, key=lambda name: numbers[name])


def test_terms_inherit_their_theme(served: str) -> None:
    """Themes stated, or taken from the superclass, the domain, an external domain or the inverse."""
    themes = {name: theme for theme, some in _Parts(served).terms.items() for name in some}
    wanted = {"Stake": "ownershipTheme", "MediaOutlet": "actorTheme", "sharePercent": "ownershipTheme",
              "holder": "actorTheme", "valueInWords": "tradeTheme", "hasStakeholder": "ownershipTheme",
              "locationOf": "placeTheme", "page": "sourceTheme", "statementA": "differenceTheme",
              "effectiveShareMethod": "ownershipTheme", "sourceOrder": "sourceTheme"}  # fmt: skip
    assert {name: themes[name] for name in wanted} == wanted


def test_every_class_and_property_is_drawn_once_and_links_to_its_term(ontology: Graph, served: str) -> None:
    parts = _Parts(served)
    ours = {theme: Counter(one[1:] for one in some if one.startswith("#")) for theme, some in parts.drawn.items()}
    assert {name for some in ours.values() for name in some} - set(parts.ids) == set()
    for theme, some in parts.terms.items():
        classes = set(some) & names(ontology, OWL.Class)
        assert classes - ours[theme].keys() == set(), theme
        links = {name for name in set(some) & names(ontology, OWL.ObjectProperty)
                 if not values(ontology, name, OWL.inverseOf)}  # fmt: skip
        assert {name for name in links if values(ontology, name, *DOMAIN) and values(ontology, name, *RANGE)
                and name not in ours[theme]} == set(), theme  # fmt: skip
        # Only properties whose domain and range have at most three classes are drawn exactly once.
        few = {name for name in links if all(len(values(ontology, name, *ways)) <= 3 for ways in (DOMAIN, RANGE))}
        assert {name: ours[theme][name] for name in few if ours[theme][name] != 1} == {}
    assert len(ours[""]) > 15


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [(1440, 900, "light"), (390, 844, "dark")])
def test_diagrams_are_legible(browser: Any, folder: Path, language: str, size: tuple[int, int, str]) -> None:
    file = folder / ("ontology.html" if language == "en" else "es/ontology.html")
    viewport = {"width": size[0], "height": size[1]}
    with visit(browser, file, ready=None, viewport=viewport, color_scheme=size[2]) as seen:
        pictures = seen.page.evaluate(TEXTS)
        assert len(pictures) == 10 and min(len(texts) for texts in pictures) > 5
        for texts in pictures:
            assert overlaps(texts) == []
            assert [one for one in texts if one["size"] < 11 or one["x"] < 0 or one["x"] + one["w"] > one["room"]] == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert seen.console == []


def test_overlap_check_detects_an_overlap(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "ontology.html", ready=None) as seen:
        seen.page.evaluate("""() => { const [one, other] = document.querySelectorAll(".diagram svg text");
          other.setAttribute("x", one.getAttribute("x")); other.setAttribute("y", one.getAttribute("y")); }""")
        assert overlaps(seen.page.evaluate(TEXTS)[0]) != []


def test_diagrams_have_a_title_and_a_text_version(served: str) -> None:
    pictures = re.findall(r'<svg class="small" role="group" aria-labelledby="([^"]+)".*?<title id="([^"]+)">', served)
    assert len(pictures) == 10 and all(one == other for one, other in pictures)
    told = html.unescape(served)
    for row in ("Stake: owner → Organization, Person, State", "Citation: source → Source",
                "Community, Organization: operator of → Organization, Project"):  # fmt: skip
        assert f"<li>{row}</li>" in told, row


@pytest.mark.slow
def test_examples_use_the_term_and_link_to_cards(sources: KnowledgeGraph, ontology: Graph, served: str) -> None:
    said: dict[str, set[str]] = {}
    for quad in sources.store.quads():  # type: ignore[attr-defined]
        if quad.graph_name != ox.NamedNode(ONTOLOGY_GRAPH) and isinstance(quad.subject, ox.NamedNode):
            is_type = quad.predicate.value == str(RDF.type) and isinstance(quad.object, ox.NamedNode)
            named = quad.object.value if is_type else quad.predicate.value
            said.setdefault(named.removeprefix(ONTOLOGY), set()).add(quad.subject.value)
    subjects = set().union(*said.values())
    examples = _Parts(served).examples
    used = {name for name in names(ontology) if any(one.startswith(THING) for one in said.get(name, ()))}
    assert used - examples.keys() == set() and len(used) > 230
    for name, links in examples.items():
        iris = [THING + unquote(link).removeprefix("/page/id/") for link in links if link.startswith("/page/id/")]
        assert [iri for iri in iris if iri not in subjects] == [], name
        if name in names(ontology, OWL.Class) and name != "SourceGraph":
            assert 1 <= len(iris) <= 3 and said[name].issuperset(iris), name
        elif iris:
            assert iris[0] in said[name], name
    counts = dict(re.findall(r'<section id="(\w+)" class="term"><h4>.*?</h4> <small>.*?([\d,]+) in the data', served))
    assert {name: int(counts[name].replace(",", "")) for name in used} == {name: len(said[name]) for name in used}


@pytest.mark.parametrize("language", ["en", "es"])
def test_page_shows_labels_instead_of_codes(folder: Path, language: str) -> None:
    page = (folder / ("ontology.html" if language == "en" else "es/ontology.html")).read_text("utf-8")
    assert forbidden_in(page) == set()
    assert len(page.encode()) < 400_000
    stake = page[page.index('<section id="Stake"') :].partition("</section>")[0]
    assert ("Participación accionaria" if language == "es" else "Stake") in stake
    assert 'class="programs"' in stake and f"<code>{ONTOLOGY}Stake</code>" in stake


def test_all_alignments_are_listed(ontology: Graph, served: str) -> None:
    wanted = [(one, way, other) for one, way, other in ontology if str(one).startswith(ONTOLOGY) and way in ALIGNED
              and not str(other).startswith(ONTOLOGY)]  # fmt: skip
    table = served[served.index('id="alignments"') :]
    assert table.count("<tr>") - 1 == len(wanted) > 80
    for name, vocabulary in (("Stake", "Beneficial Ownership Data Standard (BODS)"), ("Actor", "FOAF")):
        assert f'<a href="#{name}">' in table and vocabulary in table
    # A vocabulary without a name would be listed under its host.
    assert re.findall(r'scope="rowgroup"[^>]*>([\w-]+(?:\.[\w-]+)+)<', table) == ["schema.org"]


def test_term_list_is_filtered_by_keyboard(browser: Any, folder: Path) -> None:
    with visit(browser, folder / "es" / "ontology.html", ready=None) as seen:
        page = seen.page
        page.get_by_label("Buscar un término").fill("participacion accion")
        assert page.locator("#terms li:visible").all_inner_texts() == ["Participación accionaria"]
        assert page.locator("#find output").inner_text() == "1 término"
        page.get_by_label("Buscar un término").fill("zzz")
        assert page.locator("#terms li:visible").count() == 0
        page.get_by_label("Buscar un término").fill("firmó")
        page.keyboard.press("Enter")
        page.wait_for_url("**#signedWith")
        assert seen.console == []


def test_term_list_is_complete_without_javascript(browser: Any, folder: Path, ontology: Graph) -> None:
    with visit(browser, folder / "ontology.html", ready=None, java_script_enabled=False) as seen:
        page = seen.page
        assert page.locator("#find").is_hidden()
        page.locator("#terms summary").click()
        assert page.locator("#terms li:visible").count() == len(names(ontology))


def graph_of(turtle: str) -> KnowledgeGraph:
    """Return a graph that contains only an ontology."""
    prefixes = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
    triples = ox.parse(input=(prefixes + turtle).encode(), format=ox.RdfFormat.TURTLE)
    graph = ox.NamedNode(ONTOLOGY_GRAPH)
    return KnowledgeGraph(EmbeddedStore.of(ox.Quad(one.subject, one.predicate, one.object, graph) for one in triples))


ODD: Final = """
pag:Mine a owl:Class ; rdfs:subClassOf pag:Pit .
pag:Pit a owl:Class ; rdfs:subClassOf pag:Mine ; skos:closeMatch <javascript:alert(1)> .
pag:digs a owl:ObjectProperty ; rdfs:domain pag:Mine ; rdfs:range pag:Pit ; owl:inverseOf pag:dugBy .
pag:digs rdfs:label "<b>digs</b>" .
pag:dugBy a owl:ObjectProperty ; rdfs:domain pag:Pit ; rdfs:range pag:Mine ; owl:inverseOf pag:digs .
pag:deep a owl:DatatypeProperty ; rdfs:domain pag:Nowhere ; rdfs:range xsd:float .
pag:deep skos:definition "See pag:Mine and foo:bar." .
"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_any_ontology_can_be_rendered(language: str) -> None:
    """No themes or labels, a cycle of subclasses, hostile texts, and no data."""
    kg = graph_of(ODD)
    page = render_ontology(kg, make_frame(kg, {"language": language}))
    parts = _Parts(page)
    assert {theme: sorted(some) for theme, some in parts.terms.items()} == {
        "other-terms": ["Mine", "Pit", "deep", "digs", "dugBy"]}  # fmt: skip
    drawn = Counter(parts.drawn["other-terms"])
    assert drawn["#digs"] + drawn["#dugBy"] == 1 and drawn["#Mine"] >= 1 and drawn["#Pit"] >= 1
    assert "<b>digs" not in page and 'href="javascript' not in page
    assert forbidden_in(page) - {"foo:bar"} == set()


def test_custom_theme() -> None:
    kg = graph_of(ODD + 'pag:pits a skos:Collection ; rdfs:label "Pits"@en ; skos:member pag:Pit .')
    parts = _Parts(render_ontology(kg, make_frame(kg, {})))
    # Mine is a subclass of Pit and the domain of digs; terms without a theme come last.
    assert {theme: sorted(some) for theme, some in parts.terms.items()} == {
        "pits": ["Mine", "Pit", "digs", "dugBy"], "other-terms": ["deep"]}  # fmt: skip
    assert list(parts.terms) == ["pits", "other-terms"]


def test_missing_ontology() -> None:
    kg = graph_of("")
    status, _, page = make_page(kg, "thing", {"iri": ONTOLOGY.removesuffix("#")})
    assert status == 200 and "0 classes" in page and "<svg" not in page
