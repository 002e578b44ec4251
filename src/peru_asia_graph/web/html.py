"""HTML templates and the links of the site; every value is escaped."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2

from peru_asia_graph.vocabulary import BASE, ONTOLOGY, local, shorten

_FOLDER: Final = Path(__file__).parent / "templates"
_CACHED: Final = 10_000


@cache
def environment() -> jinja2.Environment:
    """Return the templates, all compiled at the first call, so that no file is opened later."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(_FOLDER.glob("*.html"))}
    made = jinja2.Environment(
        loader=jinja2.DictLoader(texts), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {"href": href, "short": short, "quoted": lambda text: quote(str(text), safe="")}
    for name in texts:
        made.get_template(name)
    return made


def render(template: str, **values: Any) -> str:
    """Return a page."""
    return environment().get_template(template).render(**values)


@lru_cache(_CACHED)
def href(iri: str) -> str:
    """Return the link to an address: its page on this site, the address itself elsewhere, empty if not http(s).

    >>> href(BASE + "id/block-8"), href(ONTOLOGY + "Stake"), href("javascript:alert(1)")
    ('/page/id/block-8', '/page/ontology#Stake', '')
    """
    if iri.startswith(ONTOLOGY):
        return f"/page/ontology#{quote(iri[len(ONTOLOGY) :])}"
    if iri.startswith(BASE):
        return f"/page/{quote(iri[len(BASE) :])}"
    return iri if iri.startswith(("http://", "https://")) else ""


@lru_cache(_CACHED)
def short(iri: str) -> str:
    """Return an address as text: ``pag:owner``, a slug, or unchanged."""
    prefixed = shorten(iri)
    return prefixed if prefixed != iri else local(iri)
