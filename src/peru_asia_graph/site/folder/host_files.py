"""Files of the folder for search engines, web hosts and w3id.org."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape

from peru_asia_graph.vocabulary import BASE

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
