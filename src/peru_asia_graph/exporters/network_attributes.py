"""What the attributes of nodes and edges of networks mean; the reference is made from it, and a test compares."""

from __future__ import annotations

from typing import Final, NamedTuple


class Attribute(NamedTuple):
    """An attribute: its name, its type in NetworkX and what it says."""

    name: str
    kind: str
    meaning: str


NODE_ATTRIBUTES: Final = (
    Attribute("label", "string", "name"),
    Attribute("type", "string", "class of the ontology, as `Firm`, `Event`, `Source`"),
    Attribute("country", "string", "node of the home state"),
    Attribute("country_label", "string", "name of the home state"),
    Attribute("state_owned", "boolean", "whether the source calls it state-owned; in GraphML `yes` or `no`"),
    Attribute("event_type", "string", "code of the kind of an event: `state-visit`, `promise` …"),
    Attribute("date", "string", "date of an event or agreement, with the precision stated"),
    Attribute("end_date", "string", "date on which an event ended, with the precision stated"),
    Attribute("phases", "string", "phases of a project, with years or date and, unless stated, certainty, by `;`"),
    Attribute("from_year", "integer", "first year of an event or agreement"),
    Attribute("until_year", "integer", "last year; alone where only a bound is known (by 2011)"),
    Attribute("citations", "string", "ids of citations, joined by `;`; in `ownership`, `diplomacy` places, by `; `"),
)
EDGE_ATTRIBUTES: Final = (
    Attribute("relation", "string", "what the edge states: `stake`, `participant`, `party`, `homeState` …"),
    Attribute("share", "float", "percent of a stake, where stated"),
    Attribute("share_low", "float", "the least a stake can be, where bounds are stated"),
    Attribute("share_high", "float", "the most a stake can be, where bounds are stated"),
    Attribute("basis", "string", "of a stake: `direct` or `indirect`"),
    Attribute("role", "string", "role in an event, or the office held"),
    Attribute("certainty", "string", "how sure the source is: `stated`, `not-confirmed` …"),
    Attribute("status", "string", "status of an investment or agreement"),
    Attribute("sector", "string", "node of the sector of an investment"),
    Attribute("amount_usd_million", "float", "amount of an investment, where stated"),
    Attribute("measure", "string", "what a figure measures"),
    Attribute("value", "float", "value of a figure, where printed as a number"),
    Attribute("unit", "string", "unit of a figure"),
    Attribute("flow", "string", "`exports` or `imports`, of a figure of trade"),
    Attribute("category", "string", "node of the category of a figure"),
    Attribute("period", "string", "period of a figure"),
    Attribute("valid_from", "string", "beginning, or date, with the precision stated"),
    Attribute("valid_until", "string", "end, with the precision stated"),
    Attribute("as_of", "string", "a moment at which it held, neither beginning nor end"),
    Attribute("from_year", "integer", "year of the earliest day it may mean"),
    Attribute("until_year", "integer", "year of the latest day; absent when open"),
    Attribute("source", "string", "the source that says so: `sanborn-yong`, `gem` …"),
    Attribute("citations", "string", "as of nodes"),
    Attribute("time", "string", "in a network of a year: `true` or `not known then`"),
)
FILE_ATTRIBUTES: Final = (
    Attribute("statement", "string", "of edges: the key of the edge, the id of the statement"),
    Attribute("citation_count", "integer", "number of citations; the list is cut at 250 characters, with `…`"),
    Attribute("start", "number", "GEXF only: `from_year`, as time of the node or edge"),
    Attribute("end", "number", "GEXF only: `until_year`, as time of the node or edge"),
)
