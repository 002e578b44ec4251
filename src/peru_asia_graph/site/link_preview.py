"""The preview of a link to a page on other sites: its address and a picture without words, by topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# The size that previews request; `python tests/test_readme_images.py` makes the pictures.
WIDTH: Final = 1200
HEIGHT: Final = 630
START: Final = "start"
# The picture of each kind of page or card, or class of statements: static/preview-NAME.png, words preview.NAME.
PICTURES: Final = {
    START: (),
    "ownership": ("ownership", "asset", "firm", "Stake", "EffectiveShare", "Chain", "ChainStep", "PhaseStatement"),
    "diplomacy": ("diplomacy", "state", "person", "agreement", "event", "Participation", "Tenure"),
    "investments": ("investments", "Investment"),
    "trade": ("trade", "table", "Observation", "Commodity", "Sector"),
    "map": ("map", "MineralDeposit", "Place"),
    "audit": ("audit", "Claim", "Verdict", "Discrepancy"),
    "sources": ("sources", "source", "Citation", "Difference", "Match"),
}  # fmt: skip
_PICTURE_OF: Final = {kind: name for name, kinds in PICTURES.items() for kind in kinds}


@dataclass(frozen=True)
class LinkPreview:
    """The absolute address of a page, and of its picture with its alternative text; empty if unknown."""

    address: str = ""
    picture: str = ""
    alternative: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def picture_for(*kinds: str) -> str:
    """Return the name of the picture for the first of these kinds that has one.

    >>> picture_for("asset"), picture_for("statement", "Stake"), picture_for("questions")
    ('ownership', 'ownership', 'start')
    """
    return next((_PICTURE_OF[kind] for kind in kinds if kind in _PICTURE_OF), START)
