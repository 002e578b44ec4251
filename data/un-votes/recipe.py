"""Generate the tables of this folder from the file in raw/: how often Peru voted like China, Japan and South Korea.

Run as ``python data/un-votes/recipe.py [FOLDER]``; the output folder defaults to this one.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = "un-votes"
RAW = "unga-peru-china-japan-korea.csv"
Row = dict[str, str]

TABLES = ("sources", "citations", "entities", "observations")
PERU = "PE"
STATES = {
    "PE": ("un-peru", "Peru"), "CN": ("un-china", "China"), "JP": ("un-japan", "Japan"),
    "KR": ("un-korea", "South Korea"),
}  # fmt: skip
NOTE = "computed from the votes: both voted, and both yes, both no or both abstaining"


def columns_of(table: str) -> list[str]:
    """Return the columns of a table in schema order, for readers that go by position."""
    schema = json.loads((HERE.parent / "schema" / f"{table}.json").read_text("utf-8"))
    return [column["name"] for column in schema["columns"] if not column.get("virtual")]


def read_years() -> dict[str, list[tuple[int, Row]]]:
    """Return the roll calls of each year with their line numbers; the header is line 1."""
    years: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    with (HERE / "raw" / RAW).open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), start=2):
            years[row["date"][:4]].append((line, row))
    return years


def add_year(tables: dict[str, dict[str, Row]], year: str, country: str, calls: list[tuple[int, Row]]) -> None:
    """Add the two counts and the percentage of a year and country, cited by its first and last roll call."""
    voted = [(line, row) for line, row in calls if row[country] and row[PERU]]
    if not voted:
        return
    alike = sum(row[country] == row[PERU] for _, row in voted)
    percent = (Decimal(100 * alike) / len(voted)).quantize(Decimal("0.01"))
    (first, start), (last, end) = voted[0], voted[-1]
    name = STATES[country][0].removeprefix("un-")
    cited = f"un-votes-{year}-{name}"
    tables["citations"][cited] = {
        "id": cited, "source": SOURCE, "record": f"rcid {start['rcid']} to {end['rcid']}, those dated {year}",
        "field": f"{PERU}, {country}", "first_line": str(first), "last_line": str(last),
    }  # fmt: skip
    for measure, value, unit, precision in (
        ("roll-calls-both-voted", str(len(voted)), "count", ""), ("roll-calls-voted-alike", str(alike), "count", ""),
        ("share-of-roll-calls-voted-alike", str(percent), "percent", "0.01"),
    ):  # fmt: skip
        slug = f"un-votes-{name}-{year}-{measure}"
        tables["observations"][slug] = {
            "id": slug, "dataset": SOURCE, "subject": STATES[PERU][0], "partner": STATES[country][0], "period": year,
            "measure": measure, "value": value, "unit": unit, "precision": precision, "qualifier": "exact",
            "note": NOTE, "citations": cited,
        }  # fmt: skip


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    tables: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
    for slug, record, column in [("un-votes-title", "UN General Assembly voting data", "title")] + [
        (f"un-votes-column-{code.lower()}", "header", code) for code in STATES
    ]:
        tables["citations"][slug] = {"id": slug, "source": SOURCE, "record": record, "field": column}
    tables["sources"][SOURCE] = {
        "id": SOURCE, "type": "dataset", "label": "Votes in the United Nations General Assembly, 1946–2020",
        "author_text": "Voeten, Strezhnev and Bailey; package unvotes by Robinson", "date": "2020",
        "note": "5,588 of 6,203 roll calls: those in which Peru and at least one of the three voted",
        "citations": "un-votes-title",
    }  # fmt: skip
    for code, (slug, label) in STATES.items():
        tables["entities"][slug] = {
            "id": slug, "type": "State", "label": label, "citations": f"un-votes-column-{code.lower()}",
        }  # fmt: skip
    for year, calls in read_years().items():
        for country in ("CN", "JP", "KR"):
            add_year(tables, year, country, calls)
    for name in TABLES:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns_of(name), lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(tables[name][slug] for slug in sorted(tables[name]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
