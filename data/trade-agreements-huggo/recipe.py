"""Generate the tables of this folder from the files in raw/: the trade agreements of Peru and their members.

Run as ``python data/trade-agreements-huggo/recipe.py [FOLDER]``; the output folder defaults to this one.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SOURCE, PREFIX = "trade-agreements-huggo", "huggo"
Row = dict[str, str]

TABLES = ("sources", "citations", "entities", "names", "agreements", "relations")
AGREEMENTS = ("huggo-peru.csv", "huggo-agreements-of-many.csv", "huggo-additional-peru.csv")
MEMBERSHIPS = ("huggo-memberships-peru.csv", "huggo-memberships-tpp-cptpp.csv")
DATES = {"Signature": "signed_on", "Force": "in_force_on", "End": "ended_on"}
NO_END = "31.12.9999"


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


def day_of(text: str) -> str:
    """Convert a date printed as day.month.year, or a year, to ISO 8601; the far future is empty."""
    return "" if text == NO_END else "-".join(reversed(text.split(".")))


def read_agreements() -> dict[str, list[Record]]:
    """Return the records of agreements by treatyID; the treatyID of the TPP is printed twice, with a colon."""
    found: dict[str, list[Record]] = defaultdict(list)
    for file in AGREEMENTS:
        for cells, lines in read_rows(file):
            treaty = cells["treatyID"].partition(":")[0]
            found[treaty].append(Record(cells["treatyID"], slug_of(cells["treatyID"]), cells, lines))
    return found


def read_memberships() -> dict[tuple[str, str], list[Record]]:
    """Return the records by treaty and state; some are duplicated."""
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for file in MEMBERSHIPS:
        for cells, lines in read_rows(file):
            treaty, state = cells["treatyID"], cells["stateID"]
            number = f"-{len(found[treaty, state]) + 1}" if found[treaty, state] else ""
            slug = f"{slug_of(treaty)}--{slug_of(state)}{number}"
            found[treaty, state].append(Record(f"{treaty} {state}", slug, cells, lines))
    return found


def read_labels() -> dict[str, str]:
    """Return the readable label of each treatyID whose name reads like a code, from the judgements."""
    with (HERE / "judgements" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return {row["record"]: row["label"] for row in csv.DictReader(stream)}


def add_agreement(
    tables: Tables, treaty: str, records: Sequence[Record], members: Sequence[Record], labels: Mapping[str, str]
) -> None:
    """Add an agreement with its parties and dates."""
    slug, main_record = f"huggo-{slug_of(treaty)}", records[0]
    label = labels.get(slug_of(treaty), main_record.cells["Title"])
    named = [record for record in (*reversed(members), main_record) if record.cells["Title"] != label]
    names = {record.cells["Title"]: record for record in named}
    tables.add("entities", slug, [tables.cite(main_record, "Title")], type="FreeTradeAgreement", label=label,
               names_as_printed=";".join(names))  # fmt: skip
    for number, (name, record) in enumerate(names.items(), start=1):
        tables.add("names", f"{slug}--name-{number}", [tables.cite(record, "Title")], thing=slug, name=name)
    cited, dates, notes = [], dict.fromkeys(DATES, ""), []
    for column in DATES:
        for record in [one for one in (main_record, *members) if one.cells[column]][:1]:
            dates[column] = record.cells[column]
            cited.append(tables.cite(record, column))
            if url := record.cells.get("url"):
                tables.rows["citations"][cited[-1]]["address"] = url.strip('"')
        for record in members:
            if record.cells[column] not in ("", dates[column]):
                notes.append(f"{column} is printed as {record.cells[column]} among the memberships")
                cited.append(tables.cite(record, column))
    parties = {state_of(tables, record) for record in members}
    if open_ended := dates["End"] == NO_END:
        notes.append("no end: printed as 31.12.9999")
    if open_ended and not dates["Force"]:
        notes.append("yet no entry into force is given")
    if len(parties) == 1:
        notes.append("of the parties, only Peru is taken over from the source")
    tables.add("agreements", slug, [*cited, *(tables.cite(record, "stateID") for record in members)],
               parties=";".join(sorted(parties)), status="in-force" if open_ended and dates["Force"] else "",
               note="; ".join(notes), **{name: day_of(dates[column]) for column, name in DATES.items()})  # fmt: skip


def state_of(tables: Tables, record: Record) -> str:
    """Return the id of the state of a membership; further spellings of its name are kept."""
    name, cited = record.cells["StateName"], tables.cite(record, "StateName")
    slug = tables.state(f"huggo-{slug_of(record.cells['stateID'])}", name, cited)
    row, number = tables.rows["entities"][slug], f"{slug}--name-1"
    if name != row["label"]:
        row["names_as_printed"] = name
        tables.rows["names"][number] = {"id": number, "thing": slug, "name": name, "citations": cited}
    return slug


def add_membership(tables: Tables, records: Sequence[Record]) -> None:
    """Add the membership of a state in an agreement, if its start is known."""
    cells = records[0].cells
    column = next((name for name in ("StateForce", "Accession") if cells[name]), None)
    if column is None:
        return
    told = {"signed": "StateSignature", "ratified": "StateRatification", "acceded": "Accession"}
    notes = [f"{word} {day_of(cells[name])}" for word, name in told.items() if cells[name] and name != column]
    if column == "Accession":
        notes.append("from the day of accession; none of entry into force is given")
    columns = {column, "StateEnd", *told.values()}
    cited = sorted(tables.cite(record, name) for record in records for name in columns if cells[name])
    state, treaty = state_of(tables, records[0]), f"huggo-{slug_of(cells['treatyID'])}"
    tables.add("relations", f"{state}--member-of--{treaty.removeprefix('huggo-')}", cited, subject=state,
               relation="memberOf", object=treaty, valid_from=day_of(cells[column]),
               valid_until=day_of(cells["StateEnd"]), certainty="stated", note="; ".join(notes))  # fmt: skip


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    tables, agreements, memberships, labels = Tables(), read_agreements(), read_memberships(), read_labels()
    title = {"id": "huggo-title", "source": SOURCE, "record": "HUGGO", "field": "title"}
    tables.rows["citations"]["huggo-title"] = title
    tables.add("sources", SOURCE, ["huggo-title"], type="database",
               label="manytrade: trade agreements coded by hand (HUGGO)",
               author_text="Hollway and others", date="2024-01-23",
               note="31 of 610 rows of agreements, 114 of 5,608 of memberships; manytrade 0.4.0")  # fmt: skip
    for treaty in sorted({treaty for treaty, _ in memberships}):
        members = [record for (name, _), found in memberships.items() if name == treaty for record in found]
        add_agreement(tables, treaty, agreements[treaty] or members, members, labels)
    for records in memberships.values():
        add_membership(tables, records)
    tables.write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
