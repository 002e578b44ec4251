"""Generate the tables of this folder from the file in raw/: the trade agreements of Peru as GPTAD codes them.

Run as ``python data/trade-agreements-gptad/recipe.py [FOLDER]``; the output folder defaults to this one.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SOURCE, PREFIX = "trade-agreements-gptad", "gptad"
Row = dict[str, str]

TABLES = ("sources", "citations", "entities", "names", "agreements")
STATUSES = {"in force": "in-force", "expired": "expired", "unknown": ""}
COLUMNS = ("Membership", "Date.of.Signature", "Date.of.Entry.into.Force", "In.force.status")


def columns_of(table: str) -> list[str]:
    """Return the columns of a table in schema order, for readers that go by position."""
    schema = json.loads((HERE.parent / "schema" / f"{table}.json").read_text("utf-8"))
    return [column["name"] for column in schema["columns"] if not column.get("virtual")]


@dataclass(frozen=True)
class Record:
    """A record of the raw file: its id, slug, cells and lines."""

    id: str
    slug: str
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
        """Return the id of the citation for a field of a record."""
        slug = f"{PREFIX}-{record.slug}-{slug_of(column)}"
        self.rows["citations"][slug] = {
            "id": slug, "source": SOURCE, "record": record.id, "field": column,
            "first_line": str(record.lines[0]), "last_line": str(record.lines[1]),
        }  # fmt: skip
        return slug

    def state(self, label: str, name: str, citation: str) -> str:
        """Return the id of a state, and add this citation and printed name to it."""
        slug = f"gptad-{slug_of(label)}"
        row = self.rows["entities"].setdefault(slug, {"id": slug, "type": "State", "label": label, "citations": ""})
        row["citations"] = ";".join(sorted({*filter(None, row["citations"].split(";")), citation}))
        if name != label:
            row["names_as_printed"] = name
            number = f"{slug}--name-1"
            self.rows["names"][number] = {"id": number, "thing": slug, "name": name, "citations": citation}
        return slug

    def write(self, folder: Path) -> None:
        """Write the tables into a folder, rows by id."""
        for name in TABLES:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, columns_of(name), lineterminator="\n", restval="")
                writer.writeheader()
                writer.writerows(self.rows[name][slug] for slug in sorted(self.rows[name]))


def slug_of(text: str) -> str:
    """Return a text as lower-case ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def read_rows(file: str) -> Iterator[tuple[Row, tuple[int, int]]]:
    """Yield the rows of a raw file with their line numbers; the header is line 1."""
    with (HERE / "raw" / file).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header, last = next(reader), reader.line_num
        for cells in reader:
            yield dict(zip(header, cells, strict=True)), (last + 1, reader.line_num)
            last = reader.line_num


def read_members() -> dict[str, str]:
    """Return the state for each printed name, from the judgements; empty if it is not a state."""
    with (HERE / "judgements" / "members.csv").open(encoding="utf-8", newline="") as stream:
        return {row["name"]: row["state"] for row in csv.DictReader(stream)}


def day_of(text: str) -> str:
    """Convert a date printed as month/day/year to ISO 8601."""
    month, day, year = text.split("/") if text else ("", "", "")
    return f"{year}-{month}-{day}" if text else ""


def read_labels() -> dict[str, str]:
    """Return the readable labels of records whose names read like codes, from the judgements."""
    with (HERE / "judgements" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return {row["record"]: row["label"] for row in csv.DictReader(stream)}


def add_agreement(tables: Tables, record: Record, label: str, members: Mapping[str, str]) -> None:
    """Add an agreement with its members, dates and status."""
    cells, slug = record.cells, f"gptad-{record.slug}"
    cited = {column: tables.cite(record, column) for column in COLUMNS if cells[column]}
    named, name = [tables.cite(record, "Common.Name")], cells["Common.Name"]
    tables.add("entities", slug, named, type="FreeTradeAgreement", label=label,
               names_as_printed=name if name != label else "")  # fmt: skip
    if name != label:
        tables.add("names", f"{slug}--name-1", named, thing=slug, name=name)
    names = [name.strip().removeprefix("and ").strip(". ") for name in re.split("[;,()]", cells["Membership"])]
    parties = {tables.state(members[name], name, cited["Membership"]) for name in names if name and members[name]}
    signed, in_force = (day_of(cells[column]) for column in COLUMNS[1:3])
    note = f"type: {cells['Type']}" if cells["Type"] else ""
    if signed > in_force > "":
        note = f"{note}; its entry into force is printed as a day before it was signed"
    tables.add("agreements", slug, list(cited.values()), parties=";".join(sorted(parties)), signed_on=signed,
               in_force_on=in_force, status=STATUSES[cells["In.force.status"]], note=note)  # fmt: skip


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    tables, members, labels = Tables(), read_members(), read_labels()
    title = {"id": "gptad-title", "source": SOURCE, "record": "GPTAD", "field": "title"}
    tables.rows["citations"]["gptad-title"] = title
    tables.add("sources", SOURCE, ["gptad-title"], type="database",
               label="Global Preferential Trade Agreement Database (GPTAD)",
               author_text="World Bank Group", date="[2010-03-01..2014]",
               note="11 of 352 rows, as kept by the package manytrade 0.4.0, which cites it as of 2014; "
                    "its last date is 2010-03-01")  # fmt: skip
    for cells, lines in read_rows("gptad-peru.csv"):
        name = cells["Common.Name"]
        add_agreement(tables, Record(name, slug_of(name), cells, lines), labels.get(name, name), members)
    tables.write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
