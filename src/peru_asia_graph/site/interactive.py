"""An interactive page as a part of the site: the exported page with the head and the addresses of the site."""

from __future__ import annotations

import re
from typing import Final

from peru_asia_graph.site.frame import Frame, environment
from peru_asia_graph.site.words import site_words

_HEAD: Final = re.compile(r'<header class="head">.*?</header>', re.DOTALL)
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_FILE: Final = re.compile(r'(<(?:script src|link rel="stylesheet" href)=")assets/([^"/]+)"')
# Where the card of a thing is, "*" for its name; the page's script reads it.
_ANY: Final = "*"


def put_in_frame(page: str, kind: str, frame: Frame) -> str:
    """Return an exported page with the head of the site, its language and the address of cards; no policy of its own.

    Values in a page never hold ``<``, so the parts that are replaced are those of its template.
    """
    head = environment().get_template("head.html").render(head=frame.head(kind), ui=site_words(frame.language))
    to = frame.addresses
    page = _HEAD.sub(lambda _: head.strip(), page, count=1)
    page = _POLICY.sub("", page, count=1)
    page = _FILE.sub(lambda found: f'{found[1]}{to.file(found[2])}"', page)
    card = to.thing(_ANY).replace("%2A", _ANY)
    return page.replace("<html ", f'<html data-language="{frame.language}" data-card="{card}" ', 1)
