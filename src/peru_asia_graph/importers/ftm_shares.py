"""Reads the shares of FollowTheMoney ownership links, also from natures of control, which registers write as roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from peru_asia_graph.importers.draft import Draft, DraftCell
from peru_asia_graph.importers.ftm_entities import FtmEntity, choose
from peru_asia_graph.importers.shares import EXCLUSIVE, is_exclusive, read_bounds
from peru_asia_graph.importers.stakes import ForeignStake, ForeignStakes

HOW: Final = ("direct", "indirect")
_SHARES: Final = re.compile(r"\bshares?\b(?!.surplus)", re.IGNORECASE)
_VOTES: Final = re.compile(r"vot(e|ing)", re.IGNORECASE)
# Other natures of control that are not shares.
_CONTROL: Final = re.compile(r"\bappoint|\binfluence\b|surplus.assets", re.IGNORECASE)
_HYPHEN: Final = re.compile(r"(?<=[a-z])-|-(?=[a-z])", re.IGNORECASE)
# The nature of control of a British register, as a code or as its description: "ownership-of-shares-25-to-50-percent",
# "Ownership of shares – More than 25% but not more than 50%".
_NATURE: Final = re.compile(
    r"ownership.of.shares\W+(?P<share>.*?[0-9](?:.percent|\s?%(?: or more)?)?)"
    r"(?:\W+(?:as|with|registered)\W.*)?",
    re.IGNORECASE,
)


def add_stake(
    one: FtmEntity,
    pairs: Sequence[tuple[str, str]],
    cells: dict[str, DraftCell],
    draft: Draft,
    stakes: ForeignStakes,
    citation: str,
) -> None:
    """Add the stake of each owner in each asset of a link; ``cells`` are those that all of them have."""
    if not _has_shares(one, draft):
        return
    share = _share(one, len(pairs) > 1, draft)
    if share is None:
        return
    for words in one.all("ownershipType"):
        if words.lower() not in HOW:
            draft.lose(one, "ownershipType", "only direct or indirect is kept", words)
    how = " ".join(one.all("status", "ownershipType")).lower()
    for owner, owned in pairs:
        own = {**cells, **share, "owner": owner, "owned": owned, "basis": "indirect" if "indirect" in how else "direct"}
        key = one.id if len(pairs) == 1 else f"{one.id}-{owner}-{owned}"
        stakes.add(ForeignStake(draft.id_of(key, "stakes"), own, [citation], one.place))


def _has_shares(one: FtmEntity, draft: Draft) -> bool:
    """Return whether a link is about shares; voting rights and other control without a percentage count as lost."""
    kinds = one.all("role", "ownershipType", "percentage")
    voting = next(filter(_VOTES.search, kinds), "")
    other = "" if one.first("percentage") else next(filter(_CONTROL.search, kinds), "")
    if voting:
        draft.lose(one, "role", "voting rights are not shares", voting)
    if other:
        draft.lose(one, "role", "control without shares is not a stake", other)
    # Registers list several natures of control in one link, such as shares and voting rights.
    return not (voting or other) or any(_SHARES.search(kind) and not _VOTES.search(kind) for kind in kinds)


def _share(one: FtmEntity, several: bool, draft: Draft) -> dict[str, DraftCell] | None:
    """Return the cells of the share that a link states; None for a share of 0, which is no stake.

    ``several``: the link has several owners or assets, so whose share it is is unknown.
    """
    told = choose("percentage", one.all("percentage"), one, draft)
    field, printed = ("percentage", told) if told else _nature(one, draft)
    if printed and several:
        draft.lose(one, field, "one share for several owners or assets; kept as printed", printed)
        return {"share_printed": printed}
    low, high = draft.rounded_bounds(one, field, read_bounds(printed) if printed else (None, None))
    if printed and low is high is None:
        draft.lose(one, field, "not a share from 0 to 100; kept as printed", printed)
        return {"share_printed": printed}
    if low == high == 0:
        draft.lose(one, field, "a stake cannot be 0", printed)
        return None
    if low == high:
        return {"share_percent": low}
    if is_exclusive(printed):
        draft.lose(one, field, EXCLUSIVE, printed)
    return {"share_low": low, "share_high": high}


def _nature(one: FtmEntity, draft: Draft) -> tuple[str, str]:
    """Return field and share of the nature of control that states a share; empty without one.

    Several natures, such as shares held directly and as a trust, are stakes of their own, whose sum is unknown.
    """
    natures = {(field, words): found for field in ("role", "ownershipType") for words in one.all(field)
               if (found := _NATURE.fullmatch(words))}  # fmt: skip
    if len(natures) > 1:
        (field, words), *_ = natures
        draft.lose(one, field, "several natures of shares: no share, all in the note", words)
    if len(natures) != 1:
        return "", ""
    ((field, _), found), *_ = natures.items()
    return field, _HYPHEN.sub(" ", found["share"]).replace(" percent", " %")
