"""Says when a source states stakes only for times other than the one asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peru_asia_graph.ownership.snapshot import OwnershipSnapshot
from peru_asia_graph.query.side_by_side import SourcePart
from peru_asia_graph.sources.moments import parse_moment
from peru_asia_graph.vocabulary import thing

_DAYS: Final = """
SELECT ?first ?last WHERE {
  ?stake a pag:Stake ; pag:$end <$thing> ; pag:basis ?basis .
  OPTIONAL { ?stake pag:earliest ?first } OPTIONAL { ?stake pag:latest ?last }
}"""
_WORDS: Final = {"owned": "owners of", "owner": "stakes of"}


def times_note(part: SourcePart, snapshot: OwnershipSnapshot, slug: str, end: str) -> str:
    """Return a note if a source states no stake of a thing in the year of a snapshot, but some in others; else ``""``.

    ``end`` is the end of the stakes at which the thing is: ``owned`` or ``owner``.
    """
    held = snapshot.graph.edges_out(slug) or any(edge.source == slug for edge in snapshot.stated)
    if snapshot.is_owned(slug) if end == "owned" else held:
        return ""
    moment = parse_moment(snapshot.year)
    rows = part.store.query(_DAYS.replace("$end", end).replace("$thing", thing(slug)))
    ends = [str(row["last"]) for row in rows if row["last"] is not None and moment.is_after(row["last"])]
    starts = [str(row["first"]) for row in rows if row["first"] is not None and not moment.is_after(row["first"])]
    if not ends and not starts:
        return ""
    year = max(ends)[:4] if ends else min(starts)[:4]
    what = f"{part.name or 'the source'} states {_WORDS[end]} {snapshot.label(slug)}"
    return f"{what} only for other times than {snapshot.year}, such as {year}"


def times_notes(answers: Sequence[tuple[SourcePart, OwnershipSnapshot]], slug: str, end: str) -> list[str]:
    """Return the notes of `times_note` for several sources."""
    return [note for part, snapshot in answers if (note := times_note(part, snapshot, slug, end))]
