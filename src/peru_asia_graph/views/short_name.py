"""What a box or a sign on a map calls a thing: its name without the kind of thing at its end, which the sign tells."""

from __future__ import annotations

import re
from typing import Final

_SUFFIX: Final = re.compile(r"\s+(?:Oil and Gas|Oil|Gas) Field(?: \(\w+\))?$")


def short_name(name: str) -> str:
    """Return the name without kind and country at its end; empty where there is none or nothing would be left.

    >>> short_name("Block VI/VII Oil and Gas Field (Peru)"), short_name("Block 8"), short_name(" Gas Field")
    ('Block VI/VII', '', '')
    """
    short = _SUFFIX.sub("", name)
    return "" if short == name else short
