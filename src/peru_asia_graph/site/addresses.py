"""Link targets: paths on a server, or files relative to each other.

Paths have no language: ``""`` is the start page, ``questions/who-owns`` a question, ``id/block-8`` the card of a thing.
A server answers at the path itself and takes the language from the request; a static site has one file per page and
language, those in Spanish below ``es/``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

from peru_asia_graph.views.head import exported_address
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, THING

_DEFAULT: Final = "en"
_INDEX: Final = "index"
_RDF_FORMATS: Final = (
    ("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("nt", "application/n-triples"),
    ("rdf", "application/rdf+xml"),
)  # fmt: skip


def anchor(path: str) -> str:
    """Return the anchor of a path on a page it shares with others.

    >>> anchor("id/p25-1"), anchor("code/role/buyer")
    ('p25-1', 'code-role-buyer')
    """
    return path.removeprefix("id/").replace("/", "-")


@dataclass(frozen=True)
class Addresses:
    """The addresses that the page at ``here`` writes, in one language, served or static.

    ``places`` maps every address to its page in a static site, both as paths; ``packed`` lists the downloads that are
    compressed there. ``site`` is the site's address with a trailing slash, empty if unknown.
    """

    language: str = _DEFAULT
    here: str = ""
    static: bool = False
    places: Mapping[str, str] = field(default_factory=dict, compare=False)
    packed: frozenset[str] = frozenset()
    site: str = ""

    def at(self, here: str) -> Addresses:
        """Return the addresses as written by another page of the same language."""
        return replace(self, here=here)

    @property
    def root(self) -> str:
        """Return the prefix that leads from this page to the root: ``/``, or as many ``../`` as needed."""
        return ("../" * self.file_of(self.here).count("/") or "./") if self.static else "/"

    def file_of(self, path: str, language: str = "") -> str:
        """Return the file of a page in a static site.

        >>> Addresses(static=True).file_of("id/block-8", "es"), Addresses(static=True).file_of("")
        ('es/id/block-8.html', 'index.html')
        """
        used = language or self.language
        return f"{'' if used == _DEFAULT else used + '/'}{path or _INDEX}.html"

    def to(self, path: str, **fields: str) -> str:
        """Return the address of a page; ``fields`` are query parameters of a served address.

        >>> Addresses().to("questions/who-owns", asset="block-8")
        '/questions/who-owns?asset=block-8'
        >>> Addresses(here="id/block-8", static=True).to("questions/who-owns")
        '../questions/who-owns.html'
        """
        if self.static:
            return quote(self._relative(self.file_of(path)))
        return f"/{quote(path)}" + (f"?{urlencode(fields)}" if fields else "")

    def thing(self, slug: str) -> str:
        """Return the address of the card of a thing.

        >>> Addresses(here="id/block-8", static=True, places={"id/p25-1": "statements/citation-1"}).thing("p25-1")
        '../statements/citation-1.html#p25-1'
        """
        if not self.static:
            return self.to(f"page/id/{slug}")
        return self._shared(f"id/{slug}")

    def _shared(self, path: str) -> str:
        """Return the address of a page in a static site, with an anchor if it shares a file."""
        page = self.places.get(path)
        return self.to(path) if page in (None, path) else f"{self.to(page)}#{quote(anchor(path))}"

    def list(self, path: str, key: str, number: int = 1) -> str:
        """Return the address of a page of a long list of a card.

        >>> Addresses().list("id/peru", "events", 2)
        '/page/id/peru?list=events&page=2'
        """
        if self.static:
            return self.to(self.list_path(path, key, number))
        return self.to(f"page/{path}", list=key) + (f"&page={number}" if number > 1 else "")

    def list_path(self, path: str, key: str, number: int) -> str:
        """Return the path of a page of a list in a static site."""
        return f"{path}/{key}-{number}"

    def of(self, iri: str) -> str:
        """Return the link to an IRI: its page here, the IRI itself if external, empty if it is not http(s).

        >>> to = Addresses()
        >>> to.of(BASE + "id/block-8"), to.of(ONTOLOGY + "Stake"), to.of("javascript:alert(1)")
        ('/page/id/block-8', '/page/ontology#Stake', '')
        """
        return _link(self, iri)

    def page(self, kind: str, chosen: str = "") -> str:
        """Return the address of an interactive page, opened with a selected thing.

        >>> Addresses(here="id/block-8", static=True, language="es").page("ownership", "block-8")
        '../../ownership.html#chosen=block-8&lang=es'
        """
        if self.static:
            return self._relative(exported_address(kind, chosen, self.language))
        return f"/{kind}" + (f"#{urlencode({'chosen': chosen})}" if chosen else "")

    @property
    def rdf_formats(self) -> Sequence[tuple[str, str]]:
        """The RDF formats of a page by file extension; in a static site only Turtle."""
        return _RDF_FORMATS[: 1 if self.static else None]

    def rdf(self, path: str, ending: str) -> str:
        """Return the address of the RDF of a page (``id/block-8``)."""
        return quote(self._relative(f"{path}.{ending}")) if self.static else f"/data/{quote(path)}.{ending}"

    def file(self, name: str) -> str:
        """Return the address of a style sheet, script or picture of the site."""
        return self._relative(f"static/{name}") if self.static else f"/static/{name}"

    def download(self, name: str) -> str:
        """Return the address of an exported file."""
        if not self.static:
            return f"/exports/{quote(name)}"
        return quote(self._relative(f"exports/{name}{'.gz' if name in self.packed else ''}"))

    def full(self, query: str = "") -> str:
        """Return the absolute address of this page; ``query`` has the other parameters of the request.

        >>> Addresses(here="id/block-8", static=True, language="es", site="https://a.example/b/").full()
        'https://a.example/b/es/id/block-8.html'
        >>> Addresses(here="search", site="https://a.example/", language="es").full("q=toro")
        'https://a.example/search?q=toro&lang=es'
        """
        if self.static:
            return self.site + quote(self.file_of(self.here))
        spoken = "" if self.language == _DEFAULT else f"lang={self.language}"
        asked = "&".join(part for part in (query, spoken) if part)
        return f"{self.site}{quote(self.here)}" + (f"?{asked}" if asked else "")

    def full_file(self, name: str) -> str:
        """Return the absolute address of a picture of the site."""
        return f"{self.site}static/{name}"

    def translated(self, language: str, query: str = "") -> str:
        """Return the address of this page in a language; ``query`` has the other parameters of the request."""
        if self.static:
            return quote(self._relative(self.file_of(self.here, language)))
        return f"?{query}{'&' if query else ''}lang={language}"

    def _relative(self, file: str) -> str:
        """Return the relative address of a file of the site from this page."""
        here, there = self.file_of(self.here).split("/")[:-1], file.split("/")
        shared = next((place for place, (one, other) in enumerate(zip(here, there, strict=False)) if one != other),
                      min(len(here), len(there) - 1))  # fmt: skip
        return "/".join([*[".."] * (len(here) - shared), *there[shared:]])


@lru_cache(10_000)
def _link(addresses: Addresses, iri: str) -> str:
    if iri.startswith(THING):
        return addresses.thing(iri.removeprefix(THING))
    if iri.startswith(ONTOLOGY):
        return f"{_served(addresses, 'ontology')}#{quote(iri.removeprefix(ONTOLOGY))}"
    if iri.startswith(f"{BASE}exports/"):
        return addresses.download(iri.removeprefix(f"{BASE}exports/"))
    if iri.startswith(BASE):
        return _served(addresses, iri.removeprefix(BASE))
    return iri if iri.startswith(("http://", "https://")) else ""


def _served(addresses: Addresses, path: str) -> str:
    if not addresses.static:
        return addresses.to(f"page/{path}")
    # Pages that only a server has keep their address.
    return addresses._shared(path) if path in addresses.places or path == "ontology" else BASE + path
