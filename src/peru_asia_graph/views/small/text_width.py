"""Text widths in the pages' font, for laying out labels without a browser."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

# Advance widths of Source Sans 3 in thousandths of the font size, at weights 400 and 650.
_CHARACTERS: Final = (
    "0123456789 !\"#$%&'()*+,-./:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~–—≠’“”…·¶º"
)
_REGULAR: Final = (
    "497 497 497 497 497 497 497 497 497 497 200 289 426 497 497 824 609 249 303 303 418 497 249 311 249 350 249 249 "
    "497 497 497 425 847 543 588 571 615 527 494 617 652 263 479 579 486 727 647 664 566 664 569 534 536 645 515 786 "
    "513 476 539 303 350 303 497 500 542 504 553 456 555 496 292 504 544 246 247 495 255 829 547 542 555 555 347 419 "
    "338 544 467 719 446 467 425 303 241 303 497 480 800 838 249 426 426 948 249 560 365"
)
_BOLD: Final = (
    "520 520 520 520 520 520 520 520 520 520 200 328 510 521 520 849 653 288 334 334 447 520 288 327 288 341 288 288 "
    "520 520 520 454 889 565 601 579 630 543 517 633 668 292 501 606 510 754 661 679 589 679 602 550 551 660 546 807 "
    "554 513 541 334 341 334 520 500 552 522 568 465 568 512 329 527 565 269 270 535 279 850 566 552 568 568 386 437 "
    "372 562 509 762 497 508 452 334 261 334 520 480 800 838 288 510 510 971 288 618 371"
)
_WIDTHS: Final = {
    bold: dict(zip(_CHARACTERS, map(int, widths.split()), strict=True))
    for bold, widths in ((False, _REGULAR), (True, _BOLD))
}
# For characters not in the font: about the width of a capital, or a full square in Chinese or Japanese.
_OTHER: Final = 640
_WIDE: Final = 1000


@lru_cache(20_000)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in pixels; accents add nothing.

    >>> round(text_width("Perú", 10), 2), round(text_width("60 %", 13), 2)
    (19.53, 26.23)
    """
    widths = _WIDTHS[bold]
    total = 0
    for character in text:
        width = widths.get(character)
        if width is None:
            base = unicodedata.normalize("NFD", character)[0]
            wide = unicodedata.east_asian_width(character) in "WF"
            width = _WIDE if wide else widths.get(base, widths[" "] if character.isspace() else _OTHER)
        total += width
    return total * size / 1000


def shorten_text(text: str, size: float, room: float, bold: bool = False) -> str:
    """Return a text truncated with an ellipsis to fit ``room`` pixels."""
    if text_width(text, size, bold) <= room:
        return text
    start = text
    while start and text_width(f"{start}…", size, bold) > room:
        start = start[:-1].rstrip()
    return f"{start}…"


def wrap_text(text: str, size: float, room: float, lines: int = 2, bold: bool = False) -> Sequence[str]:
    """Return a text wrapped to at most so many lines of ``room`` pixels; the last one is truncated if too long.

    >>> wrap_text("China National Petroleum Corporation", 13, 150)
    ['China National Petroleum', 'Corporation']
    """
    words = text.split()
    found: list[str] = []
    while words and len(found) < lines:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size, bold) <= room:
            line = f"{line} {words.pop(0)}"
        found.append(line)
    if words:
        found[-1] = " ".join([found[-1], *words])
    return [shorten_text(line, size, room, bold) for line in found]
