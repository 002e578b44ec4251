"""SVG elements of small pictures: shapes, labels, links, and the frame with the accessible name."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

FONT: Final = "Source Sans 3, Source Sans Pro, Noto Sans, Segoe UI, Arial, sans-serif"
SIZE: Final = 13
# Picture widths in pixels, in a wide window and on a phone.
WIDE: Final = 780.0
NARROW: Final = 336.0


def number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def colour(name: str) -> str:
    """Return the theme colour of this name."""
    return f"var(--{name})"


def picture(parts: Iterable[str], width: float, height: float, name: str, key: str) -> str:
    """Return a picture with the accessible name ``name`` and accessible links; ``key`` is unique on its page."""
    inner = "".join(parts)
    role = "group" if "<a " in inner else "img"
    box = f"0 0 {number(width)} {number(height)}"
    return (
        f'<svg class="small" role="{role}" aria-labelledby="{key}" viewBox="{box}" width="{number(width)}" '
        f'height="{number(height)}" font-family="{FONT}" font-size="{SIZE}" fill="{colour("ink")}">'
        f'<title id="{key}">{escape(name)}</title>'
        f"{inner}</svg>"
    )


def label(
    text: str, x: float, y: float, *, fill: str = "ink", size: float = SIZE, anchor: str = "start", weight: int = 400
) -> str:
    """Return a text anchored at a point by its start, middle or end."""
    look = "" if size == SIZE else f' font-size="{number(size)}"'
    look += "" if anchor == "start" else f' text-anchor="{anchor}"'
    look += "" if weight == 400 else f' font-weight="{weight}"'
    # The default text colour of the picture.
    look += "" if fill == "ink" else f' fill="{colour(fill)}"'
    return f'<text x="{number(x)}" y="{number(y)}"{look}>{escape(text)}</text>'


def link(inner: str, target: str, name: str = "") -> str:
    """Return parts of a picture as a link, or unchanged without a target; their texts form its name."""
    if not target:
        return inner
    named = f' aria-label="{escape(name)}"' if name and "<text" not in inner else ""
    return f'<a href="{escape(target)}"{named}>{inner}</a>'


def rectangle(
    x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "", radius: float = 3, dash: str = ""
) -> str:
    """Return a rectangle with rounded corners."""
    edge = f' stroke="{colour(stroke)}"' if stroke else ""
    edge += f' stroke-dasharray="{dash}"' if dash else ""
    inside = colour(fill) if fill else "none"
    size = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {size} rx="{number(radius)}" fill="{inside}"{edge}/>'


def path(d: str, *, stroke: str = "", fill: str = "", width: float = 1, dash: str = "", cap: str = "") -> str:
    look = f' stroke="{colour(stroke)}" stroke-width="{number(width)}"' if stroke else ""
    look += f' stroke-dasharray="{dash}"' if dash else ""
    look += f' stroke-linecap="{cap}"' if cap else ""
    inside = colour(fill) if fill else "none"
    return f'<path d="{d}" fill="{inside}"{look}/>'


def circle(x: float, y: float, radius: float, *, fill: str, stroke: str = "", width: float = 1.4) -> str:
    edge = f' stroke="{colour(stroke)}" stroke-width="{number(width)}"' if stroke else ""
    inside = colour(fill) if fill else "none"
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{inside}"{edge}/>'
