"""Makes the tables of this folder from the files in raw/; judgements/firms.csv says who is one firm within them.

Run as ``python data/gem/recipe.py [FOLDER]``; the folder to write to is this one unless another is named.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
Row = dict[str, str]

TABLES = {
    "sources": "id type label author_text date note citations",
    "citations": "id source record field first_line last_line address",
    "entities": "id type label names_as_printed lat long position_accuracy citations",
    "names": "id thing name citations",
    "stakes": "id owner owned share_percent share_low share_printed basis certainty as_of note citations",
    "relations": "id subject relation object as_of certainty note citations",
    "phases": "id project phase valid_from valid_until certainty note citations",
    "observations": "id dataset subject category period measure value unit value_printed qualifier note citations",
}
GOGET, GIOMT = "goget-peru-2025-02-26.csv", "giomt-peru-2024-11.csv"
OIL_GAS, IRON = "gem-oil-gas", "gem-iron-ore-mines"
RELEASE = "2024-11"  # of the iron ore tracker; the oil and gas file has the date of the source
PHASES = {
    "operating": "operation", "shut in": "shut-in", "in development": "development", "decommissioned": "decommissioned",
}  # fmt: skip
WORDS = {
    "gem-peru": ("State", "Peru"), "gem-oil": ("Commodity", "Oil"), "gem-gas": ("Commodity", "Gas"),
    "gem-hydrocarbons": ("Commodity", "Oil, gas and hydrocarbons"), "gem-iron-ore": ("Commodity", "Iron ore"),
}  # fmt: skip
OUTPUT = (  # column, year column, category, unit
    ("production---oil-(million-bbl/y)", "production-year---oil", "gem-oil", "million-barrels-per-year"),
    ("production---gas-(million-m³/y)", "production-year---gas", "gem-gas", "million-cubic-metres-per-year"),
    ("production---total-(oil,-gas-and-hydrocarbons)-(million-boe/y)", "", "gem-hydrocarbons", "million-boe-per-year"),
)
FIGURES = (  # column, period, measure, unit
    ("Production 2023 (ttpa)", "2023", "output", "thousand-tonnes-per-year"),
    ("Production 2022 (ttpa)", "2022", "output", "thousand-tonnes-per-year"),
    ("Design capacity (ttpa)", "", "design-capacity", "thousand-tonnes-per-year"),
    ("Total reserves (proven and probable, thousand metric tonnes)", "", "ore-reserves", "thousand-tonnes"),
    ("Total resource (inferred, indicated and measured, thousand metric tonnes)", "", "ore-resources",
     "thousand-tonnes"),
)  # fmt: skip
SHARE = re.compile(r"(?P<name>.+?) [(\[](?P<share>[0-9.]+|nan)%[)\]]")
NO_OWNER, NO_SHARE = "Other", "nan"


@dataclass(frozen=True)
class Record:
    """A record of a raw file: its id, its cells, the lines it stands in, the page it names."""

    id: str
    cells: Mapping[str, str]
    lines: tuple[int, int]
    address: str


@dataclass
class Tables:
    """The rows made so far, by table and id."""

    firms: dict[str, Row]
    words: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(WORDS))
    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in TABLES})
    names: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    cited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, table: str, slug: str, citations: Sequence[str], **cells: str) -> None:
        """Add a row; an id twice is an error."""
        if slug in self.rows[table]:
            raise ValueError(f"{table}: {slug} is there already")
        self.rows[table][slug] = {"id": slug, **cells, "citations": ";".join(citations)}

    def cite(self, record: Record, column: str) -> str:
        """Return the id of the citation of a field of a record."""
        slug = f"gem-{slug_of(record.id)}-{slug_of(column)}"
        self.rows["citations"][slug] = {
            "id": slug, "source": "gem", "record": record.id, "field": column, "address": record.address,
            "first_line": str(record.lines[0]), "last_line": str(record.lines[1]),
        }  # fmt: skip
        return slug

    def firm(self, name: str, citation: str) -> str:
        """Return the id of the firm of this name; an unknown name is an error."""
        if name not in self.firms:
            raise KeyError(f"judgements/firms.csv does not say who {name!r} is")
        slug = self.firms[name]["id"]
        self.names[slug, name].add(citation)
        return self.word(slug, citation)

    def word(self, slug: str, citation: str) -> str:
        """Return the id of a firm, state, place or commodity, now cited here too."""
        self.cited[slug].add(citation)
        return slug

    def relate(self, subject: str, relation: str, target: str, cited: str, as_of: str = "", note: str = "") -> None:
        """Add a relation that the source states."""
        kind = re.sub("([A-Z])", lambda found: "-" + found[1].lower(), relation)
        slug = f"{subject}--{kind}--{target.removeprefix('gem-')}"
        self.add("relations", slug, [cited], subject=subject, relation=relation, object=target, as_of=as_of,
                 certainty="stated", note=note)  # fmt: skip


def slug_of(text: str) -> str:
    """Return a text as lower-case ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def rounded(number: str) -> str:
    """Return a number with at most six decimals, which is as many as the tables take."""
    return number if len(number.partition(".")[2]) <= 6 else format(round(Decimal(number), 6), "f")


def read_records(file: str, id_column: str, address_column: str) -> Iterator[Record]:
    """Yield the records of a raw file; lines are those of the file, its header being line 1."""
    with (HERE / "raw" / file).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header, last = next(reader), reader.line_num
        for cells in reader:
            row = dict(zip(header, cells, strict=True))
            yield Record(row[id_column], row, (last + 1, reader.line_num), row[address_column])
            last = reader.line_num


def parts_of(cell: str) -> list[tuple[str, str]]:
    """Return the names and shares of an owner or parent cell, in its order."""
    found = []
    for part in filter(None, cell.split(";")):
        match = SHARE.fullmatch(part)
        if match is None:
            raise ValueError(f"not a name with a share: {part!r}")
        found.append((match["name"], match["share"]))
    return found


def add_stakes(tables: Tables, record: Record, asset: str, columns: tuple[str, str], as_of: str) -> None:
    """Add the stakes of the owners (direct) and of the parents (indirect); ``Other`` is nobody."""
    owners, parents = (parts_of(record.cells[column]) for column in columns)
    aligned = [share for _, share in owners] == [share for _, share in parents]
    for column, basis, parts in ((columns[0], "direct", owners), (columns[1], "indirect", parents)):
        shares: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place, (name, share) in enumerate(parts):
            if name != NO_OWNER:
                beside = owners[place][0] if basis == "indirect" and aligned else ""
                shares[tables.firm(name, tables.cite(record, column))].append((share, beside))
        for owner, found in shares.items():
            add_stake(tables, (owner, asset, basis), found, tables.cite(record, column), as_of)


def add_stake(tables: Tables, stake: tuple[str, ...], found: Sequence[tuple[str, str]], cited: str, as_of: str) -> None:
    """Add the stake of an owner in an asset, printed once or several times; not that of an owner as its own parent."""
    owner, asset, basis = stake
    beside = found[0][1]
    if beside and tables.firms[beside]["id"] == owner:
        return
    numbers = [share for share, _ in found if share != NO_SHARE]
    note, percent, low, printed = "", "", "", ""
    if len(found) > 1:
        note = f"printed {len(found)} times in one cell; {len(found) - len(numbers)} of them without a share"
        low = str(sum(map(Decimal, numbers), Decimal(0)))
        printed = "; ".join(f"{share}%" for share, _ in found)
    elif numbers:
        percent = numbers[0]
        note = f"in the place of {beside} among the owners, with the same share" if beside else ""
    else:
        note, printed = "the share is printed as nan%, which is none", f"{NO_SHARE}%"
    slug = f"{owner}-in-{asset.removeprefix('gem-')}{'--as-parent' if basis == 'indirect' else ''}"
    tables.add("stakes", slug, [cited], owner=owner, owned=asset, share_percent=percent, share_low=low,
               share_printed=printed, basis=basis, certainty="stated", as_of=as_of, note=note)  # fmt: skip


def add_asset(tables: Tables, record: Record, kind: str, position: Sequence[str], columns: Sequence[str]) -> str:
    """Add a block or mine, its name in the first of the columns, with its position; return its id."""
    name = record.cells[columns[0]]
    asset = "gem-" + slug_of(name.removesuffix(" Oil and Gas Field (Peru)"))
    cited, (lat, long) = [tables.cite(record, column) for column in columns], map(rounded, position[:2])
    tables.add("entities", asset, cited, type=kind, label=name, lat=lat, long=long, position_accuracy=position[2])
    return asset


def add_place(tables: Tables, record: Record, asset: str, column: str, as_of: str = "") -> None:
    """Add the place a cell names, and that the asset lies in it."""
    slug, cited = "gem-" + slug_of(record.cells[column]), tables.cite(record, column)
    tables.words.setdefault(slug, ("Place", record.cells[column]))
    tables.relate(asset, "locatedIn", tables.word(slug, cited), cited, as_of)


def add_field(tables: Tables, record: Record) -> None:
    """Add an oil or gas field: position, place, operator, owners, parents, status, years, output."""
    cells = record.cells
    position = (cells["lat"], cells["lng"], cells["location-accuracy"])
    columns = ("wiki-name", "lat", "lng", "location-accuracy")
    asset = add_asset(tables, record, "HydrocarbonBlock", position, columns)
    add_place(tables, record, asset, "country/area")
    add_place(tables, record, asset, "subnational-unit-(province,-state)")
    name, cited = cells["operator"].strip(), tables.cite(record, "operator")
    tables.relate(tables.firm(name, cited), "operatorOf", asset, cited, note=f"printed as {name}")
    add_stakes(tables, record, asset, ("owner", "parent"), "")
    phase = PHASES[cells["status_display"]]
    tables.add("phases", f"{asset}-{phase}", [tables.cite(record, "status_display")], project=asset, phase=phase,
               certainty="stated", note=f"printed as {cells['status_display']}")  # fmt: skip
    for column, phase, ends in (("production-start-year", "production", False), ("discovery-year", "discovery", True)):
        if year := cells[column]:
            tables.add("phases", f"{asset}-{phase}", [tables.cite(record, column)], project=asset, phase=phase,
                       valid_from=year, valid_until=year if ends else "", certainty="stated")  # fmt: skip
    given = [cells[column] for column, year_column, _, _ in OUTPUT if year_column]
    for column, year_column, category, unit in OUTPUT:
        if not cells[column] or not any(given):  # a total of nothing is printed as 0.0
            continue
        places = [tables.cite(record, name) for name in (column, year_column) if name]
        note = "" if year_column else "no year is printed; the figures it sums may be of different years"
        what = (asset, OIL_GAS, "output", tables.word(category, places[0]), unit)
        add_figure(tables, what, cells[column], cells[year_column] if year_column else "", places, note)


def add_figure(tables: Tables, what: Sequence[str], value: str, period: str, cited: list[str], note: str = "") -> None:
    """Add a figure; ``what`` are the asset, the data set, the measure, the category and the unit."""
    asset, dataset, measure, category, unit = what
    slug = "-".join(filter(None, (asset, measure, category.removeprefix("gem-"), period)))
    number = rounded(value)
    tables.add("observations", slug, cited, dataset=dataset, subject=asset, category=category, period=period,
               measure=measure, value=number, unit=unit, value_printed=value if value != number else "",
               qualifier="exact", note=note)  # fmt: skip


def add_mine(tables: Tables, record: Record) -> None:
    """Add an iron ore mine: position, place, owner, parent, status, start, figures."""
    cells = record.cells
    position = (*cells["Coordinates"].split(", "), cells["Coordinate accuracy"])
    columns = ("Asset name (English)", "Coordinates", "Coordinate accuracy")
    asset = add_asset(tables, record, "MiningProject", position, columns)
    other = cells["Asset name (other language)"].removesuffix(" (Spanish)")
    tables.names[asset, other].add(tables.cite(record, "Asset name (other language)"))
    for column in ("Country/Area", "Subnational unit", "Municipality"):
        add_place(tables, record, asset, column, RELEASE)
    tables.relate(asset, "commodity", tables.word("gem-iron-ore", "gem-giomt-title"), "gem-giomt-title", RELEASE)
    add_stakes(tables, record, asset, ("Owner", "Parent"), RELEASE)
    cited = [tables.cite(record, column) for column in ("Operating status", "Start date")]
    status = cells["Operating status"]
    phase, note = PHASES[status], f"printed as {status}, in the release of {RELEASE}"
    tables.add("phases", f"{asset}-{phase}", cited, project=asset, phase=phase, valid_from=cells["Start date"],
               certainty="stated", note=note)  # fmt: skip
    for column, period, measure, unit in FIGURES:
        if cells[column] != "unknown":
            what = (asset, IRON, measure, "gem-iron-ore", unit)
            add_figure(tables, what, cells[column], period, [tables.cite(record, column)])


def add_sources(tables: Tables) -> None:
    """Add the source itself and the two trackers it is cut from, each cited by its title."""
    publisher = "Global Energy Monitor"
    works = (
        ("gem", "Global Energy Monitor: oil and gas extraction, iron ore mines", "2025-02-26", "rows of Peru"),
        ("gem-goget", "Global Oil and Gas Extraction Tracker", "2025-02-26", "map file of that day, 26 of 7,396 rows"),
        ("gem-giomt", "Global Iron Ore Mines Tracker", RELEASE, "release of November 2024 (V1), 2 of 890 rows"),
    )
    for slug, label, date, note in works:
        cited = f"{slug}-title"
        tables.add("sources", slug, [cited], type="dataset", label=label, author_text=publisher, date=date, note=note)
        tables.rows["citations"][cited] = {"id": cited, "source": "gem", "record": label, "field": "title"}


def finish(tables: Tables) -> None:
    """Add the firms and words that rows speak of, and every name that is not a label."""
    told = {row["id"]: (row["type"], name) for name, row in reversed(tables.firms.items())} | tables.words
    for slug, cited in tables.cited.items():
        kind, label = told[slug]
        tables.add("entities", slug, sorted(cited), type=kind, label=label)
    for (slug, name), cited in sorted(tables.names.items()):
        row = tables.rows["entities"][slug]
        if name != row["label"]:
            row["names_as_printed"] = ";".join(filter(None, (row.get("names_as_printed"), name)))
            number = len(row["names_as_printed"].split(";"))
            tables.add("names", f"{slug}--name-{number}", sorted(cited), thing=slug, name=name)


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    with (HERE / "judgements" / "firms.csv").open(encoding="utf-8", newline="") as stream:
        tables = Tables({row["name"]: row for row in csv.DictReader(stream)})
    add_sources(tables)
    for record in read_records(GOGET, "unit-id", "url"):
        add_field(tables, record)
    for record in read_records(GIOMT, "GEM Asset ID", "GEM wiki page URL"):
        add_mine(tables, record)
    finish(tables)
    for name, columns in TABLES.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns.split(), lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(tables.rows[name][slug] for slug in sorted(tables.rows[name]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
