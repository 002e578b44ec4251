"""Generate the tables of this folder from the file in raw/: the trade agreements of Peru as DESTA codes them.

Run as ``python data/trade-agreements-desta/recipe.py [FOLDER]``; the output folder defaults to this one.
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
SOURCE, PREFIX = "trade-agreements-desta", "desta"
Row = dict[str, str]

TABLES = ("sources", "citations", "entities", "names", "agreements", "events", "participations")
CLASSES = {  # of the codebook's entry types
    "base_treaty": "FreeTradeAgreement", "protocol or amendment": "FreeTradeAgreement",
    "negotiation": "FreeTradeAgreement", "accession": "Agreement", "withdrawal": "Event",
}  # fmt: skip
SKIPPED = "consolidated"  # the same agreement coded again, together with its base treaty


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

    def state(self, slug: str, label: str, citation: str) -> str:
        """Return the id of a state, and add this citation to it."""
        row = self.rows["entities"].setdefault(slug, {"id": slug, "type": "State", "label": label, "citations": ""})
        row["citations"] = ";".join(sorted({*filter(None, row["citations"].split(";")), citation}))
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


def read_records() -> list[Record]:
    """Return the records to import."""
    found = []
    for cells, lines in read_rows("desta-peru.csv"):
        number = cells["number"].replace("+", "-accession-").replace("_", "-withdrawal-")
        if cells["entry_type"] != SKIPPED:
            found.append(Record(cells["number"], number, cells, lines))
    return found


def read_countries() -> dict[str, Row]:
    """Return the id and name of the country for each ISO number, from the judgements."""
    with (HERE / "judgements" / "countries.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


def read_labels() -> dict[str, str]:
    """Return the readable labels of records whose names read like codes, from the judgements."""
    with (HERE / "judgements" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return {row["record"]: row["label"] for row in csv.DictReader(stream)}


def add_thing(tables: Tables, record: Record, label: str) -> str:
    """Add the agreement of a record, with its names; return its id."""
    cells, slug = record.cells, f"desta-{record.slug}-{slug_of(record.cells['name'])}"
    cited = [tables.cite(record, column) for column in ("name", "entry_type")]
    names = {cells[column]: column for column in ("wto_name", "name") if cells[column] not in ("", label)}
    tables.add("entities", slug, cited, type=CLASSES[cells["entry_type"]], label=label,
               names_as_printed=";".join(names))  # fmt: skip
    for number, (name, column) in enumerate(names.items(), start=1):
        tables.add("names", f"{slug}--name-{number}", [tables.cite(record, column)], thing=slug, name=name)
    return slug


def add_agreement(tables: Tables, record: Record, label: str, countries: Mapping[str, Row]) -> None:
    """Add an agreement, a protocol, an accession or a negotiation with its members and years."""
    cells, slug, members = record.cells, add_thing(tables, record, label), tables.cite(record, "members")
    columns = [column for column in ("year", "entryforceyear") if cells[column]]
    cited = [members, *(tables.cite(record, column) for column in columns)]
    parties = [tables.state(countries[code]["id"], countries[code]["name"], members)
               for code in cells["members"].split()]  # fmt: skip
    negotiated = cells["entry_type"] == "negotiation"
    own = cells["entry_type"] == "base_treaty" or negotiated
    note = "" if own else f"{cells['entry_type']}; base treaty {cells['base_treaty']}"
    tables.add("agreements", slug, cited, parties=";".join(sorted(parties)), signed_on=cells["year"],
               in_force_on=cells["entryforceyear"], status="negotiated" if negotiated else "",
               note=note)  # fmt: skip


def add_withdrawal(tables: Tables, record: Record, label: str, base: str, countries: Mapping[str, Row]) -> None:
    """Add the event of a withdrawal: the country named at the end left the agreement."""
    cells, cited = record.cells, [tables.cite(record, column) for column in ("name", "year")]
    slug, (_, _, name) = f"desta-{record.slug}", cells["name"].partition(" withdrawal ")
    tables.add(
        "events",
        slug,
        cited,
        type="withdrawal",
        label=label,
        date=cells["year"],
        certainty="stated",
        note=f"named {cells['name']}; base treaty {cells['base_treaty']}; "
        "the codebook does not say what the year of a withdrawal is",
    )
    code = next(code for code in cells["members"].split() if countries[code]["name"] == name)
    country = tables.state(countries[code]["id"], name, cited[0])
    for participant, role in ((country, "subject"), (base, "other")):
        tables.add("participations", f"{slug}--{role}", cited, event=slug, participant=participant, role=role)


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    tables, records, countries, labels = Tables(), read_records(), read_countries(), read_labels()
    title = {"id": "desta-title", "source": SOURCE, "record": "DESTA", "field": "title"}
    tables.rows["citations"]["desta-title"] = title
    tables.add("sources", SOURCE, ["desta-title"], type="database", label="Design of Trade Agreements (DESTA)",
               author_text="Dür, Baccini and Elsig", date="2020-10",
               note="codebook version 2.0; 60 of 1,217 rows, as kept by the package manytrade 0.4.0")  # fmt: skip
    bases = {}
    for record in records:
        cells = record.cells
        if cells["entry_type"] == "withdrawal":
            continue
        add_agreement(tables, record, labels.get(record.id, cells["name"]), countries)
        bases[record.id] = f"desta-{record.slug}-{slug_of(cells['name'])}"
    for record in records:
        if record.cells["entry_type"] == "withdrawal":
            label, base = labels.get(record.id, record.cells["name"]), bases[record.cells["base_treaty"]]
            add_withdrawal(tables, record, label, base, countries)
    tables.write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
