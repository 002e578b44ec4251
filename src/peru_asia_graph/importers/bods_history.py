"""Merges the interests of a BODS relationship over time, from all statements about its record.

A later statement about a record replaces the earlier ones: a change happened between the two, and a corrected value
never held. In our own exports, details of interests hold values that BODS has no field for.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from peru_asia_graph.exporters.source_content import is_day
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.bods_statements import BodsStatement
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.vocabulary import GRAPH

# Without a stated interest, the party is an owner whose share is not stated.
UNSTATED: Final = ("unknownInterest", "unpublishedInterest")
# Fields that must be equal in two statements for an interest to be the same.
_SAME: Final = ("type", "directOrIndirect", "share", "startDate", "details")
# Fields that must be equal for it to be another version of the same interest.
_VERSION: Final = ("type", "directOrIndirect", "startDate")
_KIND: Final = ("type", "directOrIndirect")

_END: Final = r"(?:; |$)"
# In the order written by `exporters.bods_records`.
_WORDS: Final = re.compile(
    rf"(?:(?P<told>Board member|Chair of the board|Senior managing official|subsidiary){_END})?"
    rf"(?:from (?P<valid_from>[^; ]+){_END})?(?:until (?P<valid_until>[^; ]+){_END})?"
    rf"(?:share printed as “(?P<share_printed>[^”]+)”{_END})?(?:certainty: (?P<certainty>[a-z-]+){_END})?(?P<note>.*)",
    re.DOTALL,
)


class Held(NamedTuple):
    """An interest that is the same in successive statements.

    ``first`` and ``last`` are the first and last statements with it, ``before`` and ``after`` those before and after
    them, None at the ends of the series. A ``changed`` interest is another version of one in the previous statement;
    ``until`` is when it ended, if a later statement has the day on which the next version began.
    """

    fields: Mapping[str, Any]
    at: int
    first: BodsStatement
    last: BodsStatement
    before: BodsStatement | None
    after: BodsStatement | None
    changed: bool = False
    until: str = ""

    @property
    def kind(self) -> str:
        return str(self.fields.get("type", UNSTATED[0]))


def merge(parts: Sequence[BodsStatement], losses: LossReport) -> list[Held]:
    """Return the interests of all statements about one relationship; an unchanged interest is returned once.

    A statement that closes the record ends all interests, even without an end date. A statement that corrects the start
    of an interest replaces what was said before.
    """
    found: list[Held] = []
    # The indices in `found` of the interests in the previous statement.
    known: list[int] = []
    for number, one in enumerate(parts):
        before, after = parts[number - 1] if number else None, parts[number + 1] if number + 1 < len(parts) else None
        if one.status == "closed" and before is not None:
            _close(found, known, one, losses)
            break
        interests: list[tuple[int, Any]] = list(enumerate(_interests(one, losses))) or [(-1, {})]
        # The interest of another party does not correct that of the previous one.
        alike = known if before is None or _may_be_of_the_same(before, one) else []
        same, versions = _by_key(found, alike, _SAME), _by_key(found, known, _VERSION)
        single = _single(found, alike, [fields for _, fields in interests])
        known = []
        for at, fields in interests:
            place_before = same.pop(_key(fields, _SAME), None)
            start, only = fields.get("startDate"), single.get(_key(fields, _KIND))
            follows = only is not None and start and start != found[only].fields.get("startDate")
            if place_before is None and only is not None and follows and start <= found[only].last.day:
                place_before = only
            if place_before is not None:
                _count_corrected(found[place_before], fields, losses)
                found[place_before] = found[place_before]._replace(fields=fields, at=at, last=one, after=after)
                known.append(place_before)
                continue
            if only is not None and follows:
                found[only] = found[only]._replace(until=_between(found[only].last.day, start))
            known.append(len(found))
            found.append(Held(fields, at, one, one, before, after, _key(fields, _VERSION) in versions))
    return found


def _interests(one: BodsStatement, losses: LossReport) -> list[Any]:
    """Return the interests of a statement, without placeholder dates such as 0001-01-01 and 9999-12-31."""
    found = [dict(fields) for fields in one.details.get("interests", [])]
    for fields in found:
        for name in ("startDate", "endDate"):
            try:
                parse_date(fields.get(name, one.day))
            except ValueError:
                reason = "not a date from 1000 to 2999"
                losses.add("relationship", f"interests.{name}", reason, fields.pop(name), one.place)
    return found


def _may_be_of_the_same(before: BodsStatement, one: BodsStatement) -> bool:
    """Return whether two statements may name the same parties; one that was not named before may be any party."""
    parties = [(before.details[role], one.details[role]) for role in ("subject", "interestedParty")]
    return all(first == second for first, second in parties if isinstance(first, str))


def _key(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    return json.dumps([fields.get(name) for name in names], sort_keys=True, default=str)


def _by_key(found: Sequence[Held], known: Sequence[int], names: Sequence[str]) -> dict[str, int]:
    return {_key(found[at].fields, names): at for at in reversed(known)}


def _single(found: Sequence[Held], known: Sequence[int], interests: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return, by kind, the interests of the previous statement that the next one may correct or succeed.

    They are the only ones of their kind in both. A start on or before the day of the earlier statement corrects it; a
    later start ends the earlier interest.
    """
    old = Counter(_key(found[at].fields, _KIND) for at in known)
    new = Counter(_key(fields, _KIND) for fields in interests)
    return {key: at for key, at in _by_key(found, known, _KIND).items() if old[key] == new[key] == 1}


def _count_corrected(old: Held, fields: Mapping[str, Any], losses: LossReport) -> None:
    for name in ("share", "startDate", "endDate"):
        said = old.fields.get(name)
        if said and said != fields.get(name):
            losses.add("relationship", f"interests.{name}", "corrected by a later statement", said, old.last.place)


def _close(found: list[Held], known: Sequence[int], closing: BodsStatement, losses: LossReport) -> None:
    """Copy end dates from the closing statement to the interests of the previous one; its other content is lost."""
    told = _interests(closing, losses)
    same, kinds = {_key(one, _SAME): one for one in reversed(told)}, Counter(_key(one, _KIND) for one in told)
    alike = {_key(one, _KIND): one for one in told}
    before = {_key(found[at].fields, _SAME) for at in known}
    for one in told:
        if _key(one, _SAME) not in before:
            field, reason = f"interests.{one.get('type', UNSTATED[0])}", "stated only when the record was closed"
            losses.add("relationship", field, reason, written(one), closing.place)
    for at in known:
        fields = found[at].fields
        exact, kind = same.get(_key(fields, _SAME)), _key(fields, _KIND)
        if exact is not None and exact.get("endDate"):
            found[at] = found[at]._replace(fields=exact, last=closing)
        elif exact is None and kinds[kind] == 1 and alike[kind].get("endDate"):
            found[at] = found[at]._replace(fields={**fields, "endDate": alike[kind]["endDate"]})


def written(fields: Mapping[str, Any]) -> str:
    """Return the share and the details of an interest."""
    share, details = fields.get("share", {}), str(fields.get("details", ""))
    told = ", ".join(f"{name} {value}" for name, value in share.items())
    return f"{told} ({details})" if told and details else told


def times(held: Held) -> dict[str, str | None]:
    """Return when an interest held: the dates in the statements, else bounds between two statements."""
    start, end = held.fields.get("startDate"), held.fields.get("endDate")
    if held.before is not None and (held.changed or not start):
        start = _between(held.before.day, held.first.day)
    if not end and held.after is not None:
        end = held.until or _between(held.last.day, held.after.day)
    if not end and held.last.status == "closed":
        end = f"[..{held.last.day}]"
    return {"valid_from": start or None, "valid_until": end or None, "as_of": _known_on(start, end, held.last.day)}


def _known_on(start: str | None, end: str | None, day: str) -> str | None:
    """Return the last day on which the interest is known to have held, for a statement of this day, or None."""
    if end and (end.startswith("[..") or (end[:1] != "[" and not is_day(end))):
        return None
    if end and end[:1] != "[" and end < day:
        return end
    return start if start and start[:1] != "[" and start > day else day


def _between(one: str, other: str) -> str:
    """Return the date of a change between two days; if they are equal, a date on or before that day."""
    return f"[..{other}]" if one == other else f"[{one}..{other}]"


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
