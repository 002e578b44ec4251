"""Parses the details of interests in our own BODS exports, which hold values that BODS has no field for."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from peru_asia_graph.importers.bods_history import UNSTATED, Held, times
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.vocabulary import GRAPH

_END: Final = r"(?:; |$)"
# In the order written by `exporters.bods_records`.
_WORDS: Final = re.compile(
    rf"(?:(?P<told>Board member|Chair of the board|Senior managing official|subsidiary){_END})?"
    rf"(?:from (?P<valid_from>[^; ]+){_END})?(?:until (?P<valid_until>[^; ]+){_END})?"
    rf"(?:share printed as “(?P<share_printed>[^”]+)”{_END})?(?:certainty: (?P<certainty>[a-z-]+){_END})?(?P<note>.*)",
    re.DOTALL,
)


def is_subsidiary(held: Held) -> bool:
    """Return whether an interest is a subsidiary without a stake in our own export."""
    return _is_own(held) and held.kind == UNSTATED[0]


def _is_own(held: Held) -> bool:
    return str(held.last.fields.get("declaration", "")).startswith(GRAPH)


def read_words(held: Held) -> tuple[dict[str, str | None], str]:
    """Return the dates and other cells of an interest, and what else its details say: in third-party files all."""
    words = str(held.fields.get("details", ""))
    found = _WORDS.fullmatch(words) if _is_own(held) else None
    if found is None:
        return {"certainty": "stated", **times(held)}, words
    said = found.groupdict()
    with suppress(ValueError):
        for date in filter(None, (said["valid_from"], said["valid_until"])):
            parse_date(date)
        known = held._replace(fields={**held.fields, "startDate": held.fields.get("startDate") or said["valid_from"],
                                      "endDate": held.fields.get("endDate") or said["valid_until"]})  # fmt: skip
        certainty = said["certainty"] or "stated"
        # The record of a former interest without an end date is closed only to mark it as over.
        over = certainty == "former" and not known.fields["endDate"]
        period = times(known._replace(after=None) if over else known)
        printed = {"share_printed": said["share_printed"]} if said["share_printed"] else {}
        return {"certainty": certainty, **period, **printed}, said["note"]
    return {"certainty": "stated", **times(held)}, words
