"""Makes all files of the site from a graph and its exports, with those for search engines, web hosts and w3id.org."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.entries import list_files
from peru_asia_graph.files.second_process import do_both
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.sources import copy_parts
from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.cards.whole_reader import WholeReader
from peru_asia_graph.site.dataset_page import is_data
from peru_asia_graph.site.folder import card_files, page_files
from peru_asia_graph.site.folder.page_files import rdf_files
from peru_asia_graph.site.folder.plan import SitePlan, make_plan
from peru_asia_graph.site.frame import Frame, site_files
from peru_asia_graph.site.once import pages_of, terms_of
from peru_asia_graph.site.search_page import index_script
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.words import LANGUAGES
from peru_asia_graph.vocabulary import BASE

PartProgress = Callable[[str, int], None]
# A relative link in HTML.
_LINK: Final = re.compile(r'\b(href|src|action|data-index|data-root)="(?!https?:|#)')
_LARGE: Final = 300_000
# Turtle for programs that ask for RDF, the page for others; the page for missing addresses finds statements.
# The data set and its parts share one page; large downloads are compressed.
_REDIRECTS: Final = """\
# Redirects for w3id.org ({base}): copy this file to the folder peru-asia-graph of https://github.com/perma-id/w3id.org
Options +FollowSymLinks -MultiViews
RewriteEngine on
RewriteCond %{{HTTP_ACCEPT}} (text/turtle|application/rdf\\+xml|application/ld\\+json|application/n-triples)
RewriteRule ^ontology/?$ {url}ontology.ttl [R=303,L]
RewriteCond %{{HTTP_ACCEPT}} (text/turtle|application/rdf\\+xml|application/ld\\+json|application/n-triples)
RewriteRule ^((?:id|code|graph)/.+)$ {url}$1.ttl [R=303,L]
RewriteCond %{{HTTP_ACCEPT}} (text/turtle|application/rdf\\+xml|application/ld\\+json|application/n-triples)
RewriteRule ^(?:dataset|catalogue)(?:/.*)?$ {url}dataset.ttl [R=303,L]
RewriteRule ^ontology(?:/[0-9.]+)?/?$ {url}ontology.html [R=303,L]
RewriteRule ^((?:id|code|graph)/.+)$ {url}$1.html [R=303,L]
RewriteRule ^(?:dataset|catalogue)(?:/.*)?$ {url}dataset.html [R=303,L]
{packed}RewriteRule ^(.*)$ {url}$1 [R=303,L]
"""
_SOMEWHERE: Final = "https://example.org/"


def make_site(
    kg: KnowledgeGraph, exports: Path, url: str | None = None, progress: PartProgress = lambda *_: None
) -> dict[str, bytes]:
    """Return every file of the site by its relative name; ``url`` is the site's future address.

    ``progress`` is called with the name and file count of each part. Raises WrongUse if ``exports`` lacks pages.
    """
    place = _address(url or BASE)
    reader = WholeReader(kg.store)
    plan = make_plan(reader, page_files.addresses_apart(kg))
    missing = [kind for kind in page_kinds() if not (exports / f"{kind}.html").is_file()]
    if missing:
        raise WrongUse(f"{exports} has no {missing[0]}.html; make it with: pag build")
    files = _make_parts(kg, reader, plan, exports, place if url else "", progress)
    # They are shown at any address, so their links start from that of the site, if it is known.
    for name in ("404.html", "es/404.html") if url else ():
        files[name] = _LINK.sub(rf'\1="{place}{"es/" if name.startswith("es/") else ""}', files[name].decode()).encode()
    pages = [name for name in files if name.endswith(".html") and name.rpartition("/")[2] != "404.html"]
    files |= {
        "sitemap.xml": sitemap(pages, place), "robots.txt": robots(place),
        "w3id.htaccess": redirects(place if url else "", files), ".nojekyll": b"",
    }  # fmt: skip
    return dict(sorted(files.items()))


def _make_parts(
    kg: KnowledgeGraph, reader: WholeReader, plan: SitePlan, exports: Path, site: str, progress: PartProgress
) -> dict[str, bytes]:
    """Return the files of the pages; the cards, half of the work, are made in a second process."""
    copy_parts(kg.store)
    downloads = _downloads(exports)
    packed = frozenset(name.removesuffix(".gz") for name in downloads if name.endswith(".gz"))
    first = Addresses(static=True, places=plan.places, packed=packed, site=site)
    frames = [Frame(replace(first, language=language), terms_of(kg), pages=pages_of(kg)) for language in LANGUAGES]
    files, cards = do_both(
        lambda: _tell(_pages(kg, plan, exports, frames, downloads), progress),
        lambda: list(_cards(reader, plan, frames)),
    )
    offered = {f"exports/{name}": data for name, data in downloads.items()}
    return files | _tell([*cards, ("downloads", offered)], progress)


def _tell(parts: Iterable[tuple[str, Mapping[str, bytes]]], progress: PartProgress) -> dict[str, bytes]:
    """Return the files of all parts; report each part when it is done."""
    files: dict[str, bytes] = {}
    for name, part in parts:
        files |= part
        progress(name, len(part))
    return files


def _pages(
    kg: KnowledgeGraph, plan: SitePlan, exports: Path, frames: Sequence[Frame], downloads: Mapping[str, bytes]
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    listed = [{"name": name, "size": len(data)} for name, data in downloads.items()]
    yield "pictures", dict(page_files.interactive_pages(exports, frames[0]))
    yield "questions", dict(page_files.question_pages(kg, frames))
    for frame in frames:
        pages = dict(page_files.plain_pages(kg, frame, listed))
        yield f"pages ({frame.language})", pages | dict(page_files.source_pages(kg, frame))
    yield "RDF", dict(rdf_files(kg.store.quads(), plan, page_files.addresses_apart(kg)))
    root = replace(frames[0], addresses=frames[0].addresses.at(""))
    shared = {f"static/{name}": data for name, data in site_files().items()}
    shared["static/names.js"] = index_script(kg, root)
    shared["static/places.js"] = places_script(plan.places)
    yield "shared files", shared


def _cards(reader: WholeReader, plan: SitePlan, frames: Sequence[Frame]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for frame in frames:
        yield f"cards ({frame.language})", dict(card_files.own_cards(reader, frame, plan))
        yield f"statements ({frame.language})", dict(card_files.group_pages(reader, frame, plan))


def _downloads(exports: Path) -> dict[str, bytes]:
    """Return the exported files that are offered, by relative name, large ones compressed."""
    found: dict[str, bytes] = {}
    for name in filter(is_data, list_files(exports)):
        data = (exports / name).read_bytes()
        found |= {f"{name}.gz": gzip.compress(data, mtime=0)} if len(data) > _LARGE else {name: data}
    return found


def _address(url: str) -> str:
    """Return the address of a site with a trailing slash; raise WrongUse if it is invalid."""
    if not re.fullmatch(r"https?://[^\s/?#<>\"]+(/[^\s?#<>\"]*)?", url):
        raise WrongUse(f"'{url}' is not the address of a site; give one like https://example.org/peru-asia/")
    return url if url.endswith("/") else f"{url}/"


def sitemap(pages: Iterable[str], url: str) -> bytes:
    """Return the sitemap (sitemaps.org) of the pages of a site at ``url``."""
    lines = [f"<url><loc>{escape(url + page)}</loc></url>" for page in sorted(pages)]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *lines, "</urlset>", ""]).encode()


def robots(url: str) -> bytes:
    """Return robots.txt, which names the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n".encode()


def redirects(url: str, names: Iterable[str]) -> bytes:
    """Return the rewrite rules that redirect the graph's addresses to a site of these files at ``url``.

    If it is unknown (``url`` is empty), they contain a placeholder.
    """
    open_address = "" if url else f"# Write the address of your site for {_SOMEWHERE} below.\n"
    url = url or _SOMEWHERE
    packed = [name.removesuffix(".gz") for name in names if name.endswith(".gz")]
    rules = "".join(f"RewriteRule ^{re.escape(name)}$ {url}{name}.gz [R=303,L]\n" for name in packed)
    return (open_address + _REDIRECTS.format(base=BASE, url=url, packed=rules)).encode()


def places_script(places: Mapping[str, str]) -> bytes:
    """Return the script that tells the page for missing addresses on which page each statement is."""
    by_page: dict[str, list[str]] = defaultdict(list)
    for path, page in sorted(places.items()):
        if path != page:
            by_page[page].append(path)
    return f"window.pagPlaces = {json.dumps(by_page, separators=(',', ':'))};\n".encode()
