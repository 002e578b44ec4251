"""Generate the tables of this folder from the file in raw/: 43 porphyry copper deposits of Peru.

Run as ``python data/usgs-porphyry/recipe.py [FOLDER]``; the output folder defaults to this one.
A row of the raw file may span many lines, because cells contain line breaks.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
RAW = "porcu-peru-2008.csv"
REPORT = "Open-File Report 2008-1155"
SOURCE = "usgs-porphyry"
Row = dict[str, str]

TABLES = ("sources", "citations", "entities", "names", "relations", "phases", "observations")
FIGURES = (  # column, measure, category, unit; 0 means not given
    ("Tonnage", "ore-tonnage", "", "million-tonnes"),
    ("Copper grade", "grade", "usgs-copper", "percent"),
    ("Molybdenum grade", "grade", "usgs-molybdenum", "percent"),
    ("Gold grade", "grade", "usgs-gold", "grams-per-tonne"),
    ("Silver grade", "grade", "usgs-silver", "grams-per-tonne"),
)
NOT_GIVEN = ("", "0", "n.d.")
YEAR, DECADE = re.compile("[0-9]{4}"), re.compile("[0-9]{3}0s")


@dataclass(frozen=True)
class Record:
    """A deposit in the raw file: its cells, with runs of white space as one space, and its lines."""

    cells: Mapping[str, str]
    lines: tuple[int, int]


@dataclass
class Tables:
    """The rows created so far, by table and id."""

    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in TABLES})

    def add(self, table: str, slug: str, citations: Sequence[str], **cells: str) -> None:
        """Add a row; a duplicate id is an error."""
        if slug in self.rows[table]:
            raise ValueError(f"{table}: {slug} is there already")
        self.rows[table][slug] = {"id": slug, **cells, "citations": ";".join(citations)}

    def cite(self, record: Record, column: str) -> str:
        """Return the id of the citation for a field of a deposit."""
        number = record.cells["DepositID"]
        slug = f"usgs-{number}-{slug_of(column)}"
        self.rows["citations"][slug] = {
            "id": slug, "source": SOURCE, "record": number, "field": column,
            "first_line": str(record.lines[0]), "last_line": str(record.lines[1]),
        }  # fmt: skip
        return slug

    def speak_of(self, slug: str, kind: str, label: str, citation: str) -> None:
        """Add an entity that several records name, or add this citation to it."""
        row = self.rows["entities"].setdefault(slug, {"id": slug, "type": kind, "label": label, "citations": ""})
        row["citations"] = ";".join(sorted({*filter(None, row["citations"].split(";")), citation}))


def slug_of(text: str) -> str:
    """Return a text as lower-case ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def rounded(number: str) -> str:
    """Return a number with at most six decimals, the maximum in the tables."""
    return number if len(number.partition(".")[2]) <= 6 else format(round(Decimal(number), 6), "f")


def read_records() -> Iterator[Record]:
    """Yield the records of the raw file; the header is line 1."""
    with (HERE / "raw" / RAW).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header, last = next(reader), reader.line_num
        for cells in reader:
            row = {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=True)}
            yield Record(row, (last + 1, reader.line_num))
            last = reader.line_num


def add_deposit(tables: Tables, record: Record) -> None:
    """Add a deposit with everything the source states about it."""
    cells = record.cells
    slug = "usgs-" + slug_of(cells["NameDeposit"])
    names = [name for name in cells["OtherNames"].split(", ") if name]
    columns = [name for name in ("NameDeposit", "OtherNames", "Includes") if cells[name]]
    cited = [tables.cite(record, column) for column in (*columns, "LatitudeDecimal", "LongitudeDecimal")]
    parts = f"Includes {cells['Includes']}" if cells["Includes"] else ""
    tables.add("entities", slug, cited, type="MineralDeposit", label=cells["NameDeposit"],
               names_as_printed=";".join(names), description=parts,
               lat=rounded(cells["LatitudeDecimal"]), long=rounded(cells["LongitudeDecimal"]))  # fmt: skip
    for name in names:
        cited = [tables.cite(record, "OtherNames")]
        tables.add("names", f"{slug}--name--{slug_of(name)}", cited, thing=slug, name=name)
    country = tables.cite(record, "Country")
    tables.speak_of("usgs-peru", "State", cells["Country"], country)
    relate(tables, slug, "located-in", "usgs-peru", country)
    relate(tables, slug, "commodity", "usgs-copper", "usgs-porphyry-title")
    add_figures(tables, record, slug)
    add_dates(tables, record, slug)


def relate(tables: Tables, slug: str, kind: str, target: str, citation: str) -> None:
    """Add the country or a metal of a deposit."""
    relation = {"located-in": "locatedIn", "commodity": "commodity"}[kind]
    tables.add("relations", f"{slug}--{kind}--{target.removeprefix('usgs-')}", [citation], subject=slug,
               relation=relation, object=target, certainty="stated")  # fmt: skip


def add_figures(tables: Tables, record: Record, slug: str) -> None:
    """Add the tonnage, grades and age of a deposit, where given."""
    for column, measure, metal, unit in FIGURES:
        if (value := record.cells[column]) in NOT_GIVEN:
            continue
        cited = tables.cite(record, column)
        name = metal.removeprefix("usgs-")
        if metal:
            tables.speak_of(metal, "Commodity", name.capitalize(), cited)
        figure = f"{slug}-{name}-{measure}" if metal else f"{slug}-{measure}"
        tables.add("observations", figure, [cited], dataset="usgs-porphyry-copper", subject=slug, category=metal,
                   measure=measure, value=value, unit=unit, qualifier="exact")  # fmt: skip
    given = [column for column in ("AgeMY", "Deposit Age") if record.cells[column] not in NOT_GIVEN]
    value, printed = (record.cells[column] if column in given else "" for column in ("AgeMY", "Deposit Age"))
    if given:
        tables.add("observations", f"{slug}-age", [tables.cite(record, column) for column in given],
                   dataset="usgs-porphyry-copper" if value else "usgs-porphyry-in-words", subject=slug,
                   measure="deposit-age", value=value,
                   unit="million-years", value_printed="" if printed == value else printed,
                   qualifier="exact")  # fmt: skip


def add_dates(tables: Tables, record: Record, slug: str) -> None:
    """Add the years of discovery and of the start of operations, where the cell is a year or a decade."""
    for column, phase in (("DiscoveryDate", "discovery"), ("StartupDate", "operation")):
        text = record.cells[column]
        if YEAR.fullmatch(text) or DECADE.fullmatch(text):
            day = text if YEAR.fullmatch(text) else f"{text[:3]}X"
            tables.add("phases", f"{slug}-{phase}", [tables.cite(record, column)], project=slug, phase=phase,
                       valid_from=day, valid_until=day if phase == "discovery" else "", certainty="stated")  # fmt: skip


def columns_of(table: str) -> list[str]:
    """Return the columns of a table in schema order, for readers that go by position."""
    schema = json.loads((HERE.parent / "schema" / f"{table}.json").read_text("utf-8"))
    return [column["name"] for column in schema["columns"] if not column.get("virtual")]


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    tables = Tables()
    label = "Porphyry Copper Deposits of the World: Database and Grade and Tonnage Models, 2008"
    cited = f"{SOURCE}-title"
    tables.rows["citations"][cited] = {"id": cited, "source": SOURCE, "record": REPORT, "field": "title"}
    tables.add("sources", SOURCE, [cited], type="database", label=label, author_text="Singer, Berger and Moring",
               date="2008", note=f"U.S. Geological Survey, {REPORT}; 43 of 690 rows")  # fmt: skip
    for record in read_records():
        add_deposit(tables, record)
    for name in TABLES:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns_of(name), lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(tables.rows[name][slug] for slug in sorted(tables.rows[name]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
