"""What our own export of BODS says in the words of an interest, since BODS has no field for it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final, NamedTuple

from peru_asia_graph.importers.bods_history import UNSTATED, Held, times
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.vocabulary import GRAPH

_END: Final = r"(?:; |$)"
# In the order in which `exporters.bods_records` writes them.
_WORDS: Final = re.compile(
    rf"(?:(?P<told>Board member|Chair of the board|Senior managing official|subsidiary){_END})?"
    rf"(?:from (?P<valid_from>[^; ]+){_END})?(?:until (?P<valid_until>[^; ]+){_END})?"
    rf"(?:share printed as “(?P<share_printed>[^”]+)”{_END})?(?:certainty: (?P<certainty>[a-z-]+){_END})?(?P<note>.*)",
    re.DOTALL,
)


class OwnWords(NamedTuple):
    """Columns of a stake or office by name, and what is left of the words."""

    cells: dict[str, str | None]
    note: str


def is_subsidiary(held: Held) -> bool:
    """Return whether an interest is what our own export makes of a subsidiary without a stake."""
    return _is_own(held) and held.kind == UNSTATED[0]


def _is_own(held: Held) -> bool:
    return str(held.last.fields.get("declaration", "")).startswith(GRAPH)


def read_words(held: Held) -> OwnWords:
    """Return the times of an interest and what else its words say; of files of others the words are a note."""
    words = str(held.fields.get("details", ""))
    found = _WORDS.fullmatch(words) if _is_own(held) else None
    if found is None:
        return OwnWords({"certainty": "stated", **times(held)}, words)
    said = found.groupdict()
    with suppress(ValueError):
        for date in filter(None, (said["valid_from"], said["valid_until"])):
            parse_date(date)
        known = held._replace(fields={**held.fields, "startDate": held.fields.get("startDate") or said["valid_from"],
                                      "endDate": held.fields.get("endDate") or said["valid_until"]})  # fmt: skip
        certainty = said["certainty"] or "stated"
        # That a former one is over is all that the closing of its record says.
        over = certainty == "former" and not known.fields["endDate"]
        period = times(known._replace(after=None) if over else known)
        printed = {"share_printed": said["share_printed"]} if said["share_printed"] else {}
        return OwnWords({"certainty": certainty, **period, **printed}, said["note"])
    return OwnWords({"certainty": "stated", **times(held)}, words)
