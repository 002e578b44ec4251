"""Where a thing lies: a small map with the position that a source gives, else its department."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from peru_asia_graph.site.cards.card import CardPicture, Piece
from peru_asia_graph.site.cards.context import CardContext, country, label_of
from peru_asia_graph.store.values import decimal
from peru_asia_graph.views.small.map import UNKNOWN, MapPoint, draw_map

_POSITION: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
LATITUDE: Final = _POSITION + "lat"
LONGITUDE: Final = _POSITION + "long"


def place_picture(context: CardContext, states: dict[str, Decimal]) -> CardPicture | None:
    """Return the map of a thing, None where it is nowhere; home states of its owners (``states``) colour its sign."""
    own, t = context.own, context.frame.t
    tones = [(country(state)[0], float(share)) for state, share in states.items() if share] or UNKNOWN
    names = {label_of(context.name(iri), code)[0] for iri in own.values("pag:locatedIn") for code in ("en", "es")}
    points = []
    said = own.said.get(LATITUDE, ())
    latitude, longitude = decimal(own.value(LATITUDE)), decimal(own.value(LONGITUDE))
    if latitude is not None and longitude is not None:
        points.append(MapPoint(float(latitude), float(longitude), tones))
    name = t("card.map.name", name=label_of(own, context.language)[0])
    svg = draw_map(points, name, departments=sorted(names), tones=tones)
    if not svg:
        return None
    if points and latitude is not None and longitude is not None:
        west = "O" if context.language == "es" else "W"
        degrees = f"{_degrees(latitude, 'N', 'S')}, {_degrees(longitude, 'E', west)}"
        caption = [Piece(t("card.map.at", place=degrees))]
        caption += [Piece(" "), context.source_link(said[0][1])] if said and said[0][1] else []
    else:
        caption = [Piece(t("card.map.department"))]
    return CardPicture("place", t("card.map"), svg, "", caption, "map")


def _degrees(value: Decimal, positive: str, negative: str) -> str:
    return f"{abs(value).normalize():f}° {positive if value >= 0 else negative}"
