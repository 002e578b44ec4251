"""The provenance of BODS statements: source, statement date, and annotations with citations."""

from __future__ import annotations

from datetime import date

from peru_asia_graph.exporters.bods_records import BodsObject
from peru_asia_graph.exporters.source_content import Fields, SourceContent, is_day, one_of, to_uri
from peru_asia_graph.sources.dates import parse_date


def source_of(content: SourceContent, said: Fields) -> BodsObject:
    """Return the source of a statement: the work, its authors, and the page and retrieval day of the citations.

    A source without authors is asserted by the works it reports from.
    """
    info = content.info
    cited = [content.cited[one] for one in said.get("citation", ()) if one in content.cited]
    works = {work for one in cited for work in one.reported_by}
    told: BodsObject = {"type": ["thirdParty"], "description": info.citation or info.title}
    pages = [one.address for one in cited] + [to_uri(info.page)]
    if page := next(filter(None, pages), ""):
        told["url"] = page
    days = sorted(one.retrieved for one in cited if is_day(one.retrieved))
    if days:
        told["retrievedAt"] = days[-1]
    if names := content.authors() or sorted(map(content.label, works)):
        told["assertedBy"] = [{"name": name} for name in names]
    return told


def day_of(content: SourceContent, as_of: str = "") -> tuple[str, list[BodsObject]]:
    """Return the day of a statement; a month or year becomes its last day, with an explanatory note.

    Without ``as_of``, the day is that of the source; empty if the source has none.
    """
    info = content.info
    for stated in (as_of, info.as_of, info.date, one_of(content.works.get(info.name, {}), "date")):
        if is_day(stated):
            return stated, []
        latest = _latest(stated)
        if latest is not None:
            text = f"As of {stated}; statementDate is its last day, because BODS requires a full date"
            return latest.isoformat(), [note("commenting", "/statementDate", text)]
    return "", []


def _latest(text: str) -> date | None:
    try:
        return parse_date(text).latest
    except ValueError:
        return None


def show_place(content: SourceContent, slug: str) -> str:
    """Return a citation as displayed, with the works that the source reports from there."""
    one = content.cited.get(slug)
    if one is None:
        return slug
    works = ", ".join(content.label(work) for work in one.reported_by)
    return one.label + (f", from {works}" if works else "")


def note_place(content: SourceContent, slug: str, target: str) -> BodsObject:
    """Return the annotation with the citation for a part of a statement."""
    one, text = content.cited.get(slug), f"{show_place(content, slug)}, in {content.info.shown}"
    if one is not None and one.address:
        return {**note("linking", target, text), "url": one.address}
    return note("commenting", target, text)


def note(motivation: str, target: str, text: str) -> BodsObject:
    """Return an annotation of the part of a statement to which ``target`` points."""
    return {"statementPointerTarget": target, "motivation": motivation, "description": text}
