"""The frame of every page of the site, also of exported pages: head, words, links, escaped templates, shared files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2

from peru_asia_graph.query.term_labels import TermLabels
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.link_preview import LinkPreview, picture_for
from peru_asia_graph.site.words import site_words
from peru_asia_graph.sources.date_words import months_in_words, period_in_words
from peru_asia_graph.views.head import OTHER_LANGUAGE, Head
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.shared_files import shared_files
from peru_asia_graph.views.shell import HERE as VIEWS
from peru_asia_graph.vocabulary import ONTOLOGY, THING, local, shorten

_FOLDERS: Final = (VIEWS / "templates", Path(__file__).parent / "templates")
# Status, headers and HTML of a page; and the arguments from a request, with what the page needs besides the store.
PageResponse = tuple[int, dict[str, str], str]
Arguments = Mapping[str, Any]
# Pages of the site besides the interactive ones, in menu order.
SITE_PAGES: Final = ("questions", "data")
_COLUMN: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_STATIC: Final = Path(__file__).parent / "static"
# Parts of an exported page that the site replaces or adds to.
_HEAD: Final = re.compile(r'<header class="head">.*?</header>', re.DOTALL)
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_PREVIEW: Final = '<meta property="og:type" content="website">\n'
_FILE: Final = re.compile(r'(<(?:script src|link rel="stylesheet" href)=")assets/([^"/]+)"')
# The address of the card of a thing, with "*" for its name; read by the page's script.
_ANY: Final = "*"
# The page of each statement in a folder.
_PLACES: Final = "places.js"
_SPANISH: Final = Addresses(language="es", static=True).file_of("").removesuffix(Addresses(static=True).file_of(""))


@dataclass(frozen=True)
class Frame:
    """The context of a page: language, addresses and labels of terms.

    ``query`` has the other parameters of the request of a served page; ``pages`` are the
    interactive pages in the menu, by default all.
    """

    addresses: Addresses
    terms: TermLabels | None = None
    query: str = ""
    pages: Sequence[str] | None = None

    @property
    def language(self) -> str:
        return self.addresses.language

    def t(self, key: str, /, **values: object) -> str:
        """Return words of the site with values inserted, in the language of the page."""
        text = site_words(self.language)[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return words with a number inserted: ``KEY.one`` for one, ``KEY.many`` for others."""
        return self.t(f"{key}.{'one' if number == 1 else 'many'}", count=self.number(number), **values)

    def number(self, value: int) -> str:
        """Return a number with thousands separators."""
        return f"{value:,}"  # with a comma in Spanish too, as printed in Lima

    def date(self, text: str) -> str:
        """Return a date or period as words, ``2009-04-28`` as ``28 Apr 2009``."""
        return months_in_words(period_in_words(text, "", self.language), self.language) if text else ""

    def told(self, english: str) -> str:
        """Return a text that the graph has in both languages in the page's language; empty for others."""
        return months_in_words(self._terms.text(english, self.language), self.language)

    def in_language(self, language: str) -> Frame:
        """Return the same page in a language."""
        return replace(self, addresses=replace(self.addresses, language=language))

    def label(self, iri: str) -> str:
        return self._terms.label(iri, self.language)

    def name(self, iri: str) -> str:
        """Return a display name for an IRI without a label: a term's label, a thing's slug, others unchanged."""
        return self.label(iri) if shorten(iri) != iri and not iri.startswith(THING) else local(iri)

    def column(self, name: str) -> str:
        """Return the heading of an answer's column, ``share_percent`` as ``share in percent``."""
        if found := site_words(self.language).get(f"column.{name}"):
            return found
        first, *others = name.split("_")
        return self._terms.label(ONTOLOGY + first + "".join(part.capitalize() for part in others), self.language)

    def translated(self, text: str) -> str:
        """Return a text of a question in the language of the page, or in English if it has no translation.

        Column names in it are replaced by their headings, codes by their labels.
        """
        told = self._terms.codes_in_words(site_words(self.language).get(text, text), self.language)
        return _COLUMN.sub(lambda found: f"“{self.column(found[0])}”", told)

    def is_translated(self, text: str) -> bool:
        """Return whether a text of a question exists in the language of the page."""
        return self.language == "en" or text in site_words(self.language)

    def code(self, code: str) -> str:
        """Return the meaning of a code in a result."""
        return self._terms.code(code, self.language)

    @property
    def _terms(self) -> TermLabels:
        assert self.terms is not None, "a frame without a graph has no labels"
        return self.terms

    def href(self, iri: str) -> str:
        return self.addresses.of(iri)

    def head(self, current: str = "", has_search: bool = True) -> Head:
        to = self.addresses
        kinds = page_kinds() if self.pages is None else self.pages
        links = [(name, to.page(name)) for name in kinds] + [(name, to.to(name)) for name in SITE_PAGES]
        return Head(
            language=self.language, home=to.to(""), links=tuple(links), current=current,
            search=to.to("search"), index=to.file("names.js") if to.static else "", root=to.root,
            other=to.translated(OTHER_LANGUAGE[self.language], self.query), has_search=has_search,
        )  # fmt: skip

    def preview(self, *kinds: str) -> LinkPreview:
        """Return the picture that link previews show for a page of one of these kinds."""
        to, name = self.addresses, picture_for(*kinds)
        if not to.site:
            return LinkPreview()
        return LinkPreview(to.full(self.query), to.full_file(f"preview-{name}.png"), self.t(f"preview.{name}"))

    def render(self, template: str, **values: Any) -> str:
        """Render a page; templates have ``t``, ``count``, ``code``, ``href`` and ``to`` (addresses)."""
        known = {
            "frame": self, "head": replace(self.head(), translates=False), "ui": site_words(self.language),
            "language": self.language,
            "t": self.t, "count": self.count, "number": self.number, "code": self.code,
            "href": self.href, "to": self.addresses, "preview": self.preview(), "ontology": ONTOLOGY.removesuffix("#"),
        }  # fmt: skip
        return environment().get_template(template).render(**{**known, **values})


@cache
def environment() -> jinja2.Environment:
    """Return the templates, all compiled at the first call, so that no file is opened later."""
    texts = {path.name: path.read_text("utf-8") for folder in _FOLDERS for path in sorted(folder.glob("*.html"))}
    made = jinja2.Environment(
        loader=jinja2.DictLoader(texts), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters["quoted"] = lambda text: quote(str(text), safe="")
    for name in texts:
        made.get_template(name)
    return made


@cache
def site_files() -> dict[str, bytes]:
    """Return style sheets, scripts, font and pictures by name, including those of the interactive pages."""
    own = {path.name: path.read_bytes() for path in sorted(_STATIC.iterdir()) if path.is_file()}
    return shared_files() | {"card.css": (VIEWS / "style" / "card.css").read_bytes()} | own


def put_in_frame(page: str, kind: str, frame: Frame) -> str:
    """Return an exported page with the site's head, its language and the address of cards, without its own policy.

    Values in a page never contain ``<``, so only parts of its template are replaced.
    """
    to = frame.addresses
    values = frame.head(kind)
    if to.static:  # one file for both languages
        values = replace(values, other=f"#lang={OTHER_LANGUAGE[frame.language]}")
    head = environment().get_template("head.html").render(head=values, ui=site_words(frame.language))
    page = _HEAD.sub(lambda _: head.strip(), page, count=1)
    if to.static:  # no server sends a policy; the search form leads to a page of the site
        page = page.replace("form-action &#39;none&#39;", "form-action &#39;self&#39; file:", 1)
        page = page.replace("</head>", f'<script src="{to.file(_PLACES)}"></script>\n</head>', 1)
    else:
        page = _POLICY.sub("", page, count=1)
    preview = environment().get_template("link_preview.html").render(preview=frame.preview(kind))
    page = page.replace(_PREVIEW, _PREVIEW + preview, 1)
    page = _FILE.sub(lambda found: f'{found[1]}{to.file(found[2])}"', page)
    card = to.thing(_ANY).replace("%2A", _ANY)
    # One file for both languages: if Spanish is chosen, the script uses the addresses below its folder.
    below = f' data-spanish="{_SPANISH}"' if to.static else ""
    return page.replace("<html ", f'<html data-language="{frame.language}" data-card="{card}"{below} ', 1)
