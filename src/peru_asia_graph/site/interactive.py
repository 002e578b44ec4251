"""An interactive page as part of the site: the exported page with the site's head and addresses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from peru_asia_graph.site.addresses import Addresses
from peru_asia_graph.site.frame import Frame, environment
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.head import OTHER_LANGUAGE

_HEAD: Final = re.compile(r'<header class="head">.*?</header>', re.DOTALL)
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_PREVIEW: Final = '<meta property="og:type" content="website">\n'
_FILE: Final = re.compile(r'(<(?:script src|link rel="stylesheet" href)=")assets/([^"/]+)"')
# The address of the card of a thing, with "*" for its name; read by the page's script.
_ANY: Final = "*"
# The page of each statement in a folder.
_PLACES: Final = "places.js"
_SPANISH: Final = Addresses(language="es", static=True).file_of("").removesuffix(Addresses(static=True).file_of(""))


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
