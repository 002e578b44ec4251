"""The interests of a BODS relationship over time, from all statements about its record.

A later statement about a record takes the place of the earlier ones: what changed began between the two, what was
corrected never was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from peru_asia_graph.exporters.source_content import is_day
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.bods_sources import place
from peru_asia_graph.importers.bods_statements import BodsStatement

# Without a stated interest the party is an owner whose share is not stated.
UNSTATED: Final = ("unknownInterest", "unpublishedInterest")
# What two statements must agree on for an interest to be the same one.
_SAME: Final = ("type", "directOrIndirect", "share", "startDate", "details")
# What they must agree on for it to be another version of the same.
_VERSION: Final = ("type", "directOrIndirect", "startDate")
_KIND: Final = ("type", "directOrIndirect")


class Held(NamedTuple):
    """An interest as statements one after the other give it.

    ``first`` and ``last`` are the statements that have it, ``before`` the one before the first, ``after`` the one after
    the last: None at the ends of the series. A ``changed`` interest is another version of one in the statement before;
    ``until`` is when it ended, where a later statement gives the day on which another version of it began.
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
        """The type of the interest."""
        return str(self.fields.get("type", UNSTATED[0]))


def merge(parts: Sequence[BodsStatement], losses: LossReport) -> list[Held]:
    """Return the interests of all statements about one relationship; one that stays the same is one.

    A statement that closes the record without saying of an interest that it ended, ends it. One that corrects the start
    takes the place of what was said before.
    """
    found: list[Held] = []
    for number, one in enumerate(parts):
        if one.status == "closed" and number:
            found = _close(found, parts[number - 1], one)
            continue
        before, after = parts[number - 1] if number else None, parts[number + 1] if number + 1 < len(parts) else None
        interests = list(enumerate(one.details.get("interests", []))) or [(-1, {})]
        for at, fields in interests:
            known = [old for old in found if old.last is before]
            same = [old for old in known if _is_same(old.fields, fields)]
            start, only = fields.get("startDate"), _only_version(known, fields, interests)
            if not same and only and start and start <= only.last.day:
                same = [only]
            if same:
                found[found.index(same[0])] = same[0]._replace(fields=fields, at=at, last=one, after=after)
                for name in ("share", "startDate"):
                    if same[0].fields.get(name) != fields.get(name):
                        losses.add("relationship", f"interests.{name}", "corrected by a later statement",
                                   same[0].fields.get(name, ""), place(same[0].last))  # fmt: skip
                continue
            if only and start:
                found[found.index(only)] = only._replace(until=_between(only.last.day, start))
            changed = any(_is_same(old.fields, fields, _VERSION) for old in known)
            found.append(Held(fields, at, one, one, before, after, changed))
    return found


def _only_version(known: Sequence[Held], fields: Mapping[str, Any], interests: Sequence[Any]) -> Held | None:
    """Return the interest of the statement before that a later one corrects or follows, if it is sure which.

    That is the only one of its kind in both, with another start. A start by the day of the earlier statement corrects
    that, a later one ends what was told before.
    """
    old = [one for one in known if _is_same(one.fields, fields, _KIND)]
    new = [one for _, one in interests if _is_same(one, fields, _KIND)]
    sure = len(old) == len(new) == 1 and fields.get("startDate") != old[0].fields.get("startDate")
    return old[0] if sure else None


def _close(found: Sequence[Held], last: BodsStatement, closing: BodsStatement) -> list[Held]:
    """Return the interests with the end dates that the closing statement gives."""
    ended, told = [], closing.details.get("interests", [])
    for held in found:
        same = [one for one in told if _is_same(held.fields, one)]
        alike = [one for one in told if _is_same(held.fields, one, _KIND)]
        if held.last is not last or not any(one.get("endDate") for one in same or alike):
            ended.append(held)
        elif same:
            ended.append(held._replace(fields=same[0], last=closing))
        else:
            end = {alike[0]["endDate"]} if len(alike) == 1 else set()
            ended.append(held._replace(fields={**held.fields, "endDate": end.pop()}) if end else held)
    return ended


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str] = _SAME) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def times(held: Held) -> dict[str, str | None]:
    """Return from when to when it held: days the statements give, else that it changed between two of them."""
    start, end = held.fields.get("startDate"), held.fields.get("endDate")
    if held.before is not None and (held.changed or not start):
        start = _between(held.before.day, held.first.day)
    if not end and held.after is not None:
        end = held.until or _between(held.last.day, held.after.day)
    if not end and held.last.status == "closed":
        end = f"[..{held.last.day}]"
    return {"valid_from": start or None, "valid_until": end or None, "as_of": _known_on(start, end, held.last.day)}


def _known_on(start: str | None, end: str | None, day: str) -> str | None:
    """Return the last day on which a statement of that day knows it to have held; None where it knows of none."""
    if end and (end.startswith("[..") or (end[:1] != "[" and not is_day(end))):
        return None
    if end and end[:1] != "[" and end < day:
        return end
    return start if start and start[:1] != "[" and start > day else day


def _between(one: str, other: str) -> str:
    """Return when something changed between two days; of one day only that it had changed by then."""
    return f"[..{other}]" if one == other else f"[{one}..{other}]"
