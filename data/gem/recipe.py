"""Generate the tables of this folder from the files in raw/ and the matches of names in judgements/.

Run as ``python data/gem/recipe.py [FOLDER]``; the output folder defaults to this one.
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
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
Row = dict[str, str]

TABLES = ("sources", "citations", "entities", "names", "stakes", "relations", "phases", "observations")
GOGET, GIOMT = "goget-peru-2025-02-26.csv", "giomt-peru-2024-11.csv"
RELEASE = "2024-11"  # of the iron ore tracker; the oil and gas file has the date of the source
PHASES = {"operating": "operation", "shut in": "shut-in", "in development": "development"}  # others have their own code
WORDS = {
    "gem-peru": ("State", "Peru"), "gem-oil": ("Commodity", "Oil"), "gem-gas": ("Commodity", "Gas"),
    "gem-hydrocarbons": ("Commodity", "Oil, gas and hydrocarbons"), "gem-iron-ore": ("Commodity", "Iron ore"),
}  # fmt: skip
SHARE = re.compile(r"(?P<name>.+?) [(\[](?P<share>[0-9.]+|nan)%[)\]]")
NO_OWNER, NO_SHARE, MAKER = "Other", "nan", "Global Energy Monitor"


@dataclass(frozen=True)
class Record:
    """A record of a raw file: its id, cells and lines, and the page it names."""

    id: str
    cells: Mapping[str, str]
    lines: tuple[int, int]
    address: str


@dataclass
class Tables:
    """The rows created so far, by table and id."""

    firms: dict[str, Row]
    figures: list[Row]
    words: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(WORDS))
    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in TABLES})
    names: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    cited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parents: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, table: str, slug: str, citations: Sequence[str], **cells: str) -> None:
        """Add a row; a duplicate id is an error."""
        if slug in self.rows[table]:
            raise ValueError(f"{table}: {slug} is there already")
        self.rows[table][slug] = {"id": slug, **cells, "citations": ";".join(citations)}

    def cite(self, record: Record, column: str) -> str:
        """Return the id of the citation for a field of a record."""
        slug = f"gem-{slug_of(record.id)}-{slug_of(column)}"
        self.rows["citations"][slug] = {
            "id": slug, "source": "gem", "record": record.id, "field": column, "address": record.address,
            "first_line": str(record.lines[0]), "last_line": str(record.lines[1]),
        }  # fmt: skip
        return slug

    def firm(self, name: str, citation: str) -> str:
        """Return the id of the firm with this name; an unknown name is an error."""
        if name not in self.firms:
            raise KeyError(f"judgements/firms.csv does not say who {name!r} is")
        slug = self.firms[name]["id"]
        self.names[slug, name].add(citation)
        return self.word(slug, citation)

    def word(self, slug: str, citation: str) -> str:
        """Return the id of a firm, state, place or commodity, and add this citation to it."""
        self.cited[slug].add(citation)
        return slug

    def relate(self, subject: str, relation: str, target: str, cited: Sequence[str], **cells: str) -> None:
        """Add a relation; its certainty is ``stated`` by default."""
        kind = re.sub("([A-Z])", lambda found: "-" + found[1].lower(), relation)
        cells = {"certainty": "stated", **cells}
        slug = f"{subject}--{kind}--{target.removeprefix('gem-')}"
        self.add("relations", slug, cited, subject=subject, relation=relation, object=target, **cells)


def slug_of(text: str) -> str:
    """Return a text as lower-case ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def rounded(number: str) -> str:
    """Return a number with at most six decimals, the maximum in the tables."""
    return number if len(number.partition(".")[2]) <= 6 else format(round(Decimal(number), 6), "f")


def read_records(file: str, id_column: str, address_column: str) -> Iterator[Record]:
    """Yield the records of a raw file; the header is line 1."""
    with (HERE / "raw" / file).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header, last = next(reader), reader.line_num
        for cells in reader:
            row = dict(zip(header, cells, strict=True))
            yield Record(row[id_column], row, (last + 1, reader.line_num), row[address_column])
            last = reader.line_num


def read_judgements(name: str) -> list[Row]:
    """Return the rows of a table of judgements."""
    with (HERE / "judgements" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def parts_of(cell: str) -> list[tuple[str, str]]:
    """Return the names and shares in an owner or parent cell, in order."""
    found = []
    for part in filter(None, cell.split(";")):
        match = SHARE.fullmatch(part)
        if match is None:
            raise ValueError(f"not a name with a share: {part!r}")
        found.append((match["name"], match["share"]))
    return found


def add_stakes(tables: Tables, record: Record, asset: str, columns: tuple[str, str], as_of: str) -> None:
    """Add the stakes of the owners (direct) and of the parents (indirect); ``Other`` is skipped.

    Where both cells have the same shares in the same order, each parent belongs to the owner at the same position.
    """
    owners, parents = (parts_of(record.cells[column]) for column in columns)
    aligned = [share for _, share in owners] == [share for _, share in parents]
    pairs = list(zip(owners, parents, strict=True)) if aligned else []
    ties = {(tables.firms[one]["id"], tables.firms[other]["id"]) for (one, _), (other, _) in pairs if one != NO_OWNER}
    own_parents = {owner for owner, parent in ties if owner == parent}
    for column, basis, parts in ((columns[0], "direct", owners), (columns[1], "indirect", parents)):
        if not parts:
            continue
        cited, shares = tables.cite(record, column), defaultdict(list)
        for name, share in parts:
            if name != NO_OWNER:
                shares[tables.firm(name, cited)].append(share)
        for owner, found in shares.items():
            as_parent = [tables.cite(record, columns[1])] if owner in own_parents else []
            if basis == "direct" or not as_parent:
                add_stake(tables, (owner, asset, basis), found, [cited, *as_parent], as_of)
    for owner, parent in ties:
        if owner != parent:
            tables.parents[owner, parent, as_of].update(tables.cite(record, column) for column in columns)


def add_stake(tables: Tables, stake: Sequence[str], found: Sequence[str], cited: Sequence[str], as_of: str) -> None:
    """Add the stake of an owner in an asset; its share may be printed once, several times, or as ``nan``."""
    owner, asset, basis = stake
    numbers = [share for share in found if share != NO_SHARE]
    percent, low, printed, note = "".join(numbers[:1]), "", "", "printed as its own parent, too" * (len(cited) > 1)
    if len(found) > 1:
        note = f"printed {len(found)} times in one cell; {len(found) - len(numbers)} of them without a share"
        percent, low = "", str(sum(map(Decimal, numbers), Decimal(0)))
        printed = "; ".join(f"{share}%" for share in found)
    elif not numbers:
        note, printed = "the share is printed as nan%, which is none", f"{NO_SHARE}%"
    slug = f"{owner}-in-{asset.removeprefix('gem-')}{'--as-parent' if basis == 'indirect' else ''}"
    tables.add("stakes", slug, cited, owner=owner, owned=asset, share_percent=percent, share_low=low,
               share_printed=printed, basis=basis, certainty="stated", as_of=as_of, note=note)  # fmt: skip


def add_asset(tables: Tables, record: Record, kind: str, position: Sequence[str], columns: Sequence[str]) -> str:
    """Add a block or mine with its position; the first column has its name. Return its id."""
    name = record.cells[columns[0]]
    asset = "gem-" + slug_of(name.removesuffix(" Oil and Gas Field (Peru)"))
    cited, (lat, long) = [tables.cite(record, column) for column in columns], map(rounded, position[:2])
    tables.add("entities", asset, cited, type=kind, label=name, lat=lat, long=long, position_accuracy=position[2])
    return asset


def add_place(tables: Tables, record: Record, asset: str, column: str, as_of: str = "") -> None:
    """Add the place named in a cell, and the location of the asset in it."""
    slug, cited = "gem-" + slug_of(record.cells[column]), tables.cite(record, column)
    tables.words.setdefault(slug, ("Place", record.cells[column]))
    tables.relate(asset, "locatedIn", tables.word(slug, cited), [cited], as_of=as_of)


def add_field(tables: Tables, record: Record) -> None:
    """Add an oil or gas field: position, place, operator, owners, parents, status, years, output."""
    cells = record.cells
    columns = ("wiki-name", "lat", "lng", "location-accuracy")
    asset = add_asset(tables, record, "HydrocarbonBlock", [cells[name] for name in columns[1:]], columns)
    add_place(tables, record, asset, "country/area")
    add_place(tables, record, asset, "subnational-unit-(province,-state)")
    name, cited = cells["operator"].strip(), tables.cite(record, "operator")
    tables.relate(tables.firm(name, cited), "operatorOf", asset, [cited], note=f"printed as {name}")
    add_stakes(tables, record, asset, ("owner", "parent"), "")
    phase = PHASES.get(cells["status_display"], cells["status_display"])
    tables.add("phases", f"{asset}-{phase}", [tables.cite(record, "status_display")], project=asset, phase=phase,
               certainty="stated", note=f"printed as {cells['status_display']}")  # fmt: skip
    for column, phase, ends in (("production-start-year", "production", False), ("discovery-year", "discovery", True)):
        if year := cells[column]:
            tables.add("phases", f"{asset}-{phase}", [tables.cite(record, column)], project=asset, phase=phase,
                       valid_from=year, valid_until=year if ends else "", certainty="stated")  # fmt: skip
    add_figures(tables, record, asset, "gem-oil-gas", "what it sums may be of different years")


def add_figures(tables: Tables, record: Record, asset: str, dataset: str, undated: str) -> None:
    """Add the figures of an asset; a total printed as 0.0 because its parts are missing is skipped."""
    cells, figures = record.cells, [row for row in tables.figures if row["dataset"] == dataset]
    parts = [cells[row["column"]] for row in figures if row["year"]]
    for row in figures:
        if (value := cells[row["column"]]) in ("", "unknown") or not any(parts):
            continue
        year = cells.get(row["year"], row["year"])
        cited = [tables.cite(record, name) for name in (row["column"], row["year"]) if name in cells]
        category = tables.word(row["category"], cited[0]) if dataset == "gem-oil-gas" else row["category"]
        slug = "-".join(filter(None, (asset, row["measure"], category.removeprefix("gem-"), year)))
        note = "" if year else f"no year is printed; {undated}"
        tables.add("observations", slug, cited, dataset=dataset, subject=asset, category=category, period=year,
                   measure=row["measure"], value=rounded(value), unit=row["unit"], qualifier="exact", note=note,
                   value_printed=value if value != rounded(value) else "")  # fmt: skip


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
    tables.word("gem-iron-ore", "gem-giomt-title")
    tables.relate(asset, "commodity", "gem-iron-ore", ["gem-giomt-title"], as_of=RELEASE)
    add_stakes(tables, record, asset, ("Owner", "Parent"), RELEASE)
    cited = [tables.cite(record, column) for column in ("Operating status", "Start date")]
    status = cells["Operating status"]
    phase, note = PHASES.get(status, status), f"printed as {status}"
    tables.add("phases", f"{asset}-{phase}", cited, project=asset, phase=phase, valid_from=cells["Start date"],
               as_of=RELEASE, certainty="stated", note=note)  # fmt: skip
    add_figures(tables, record, asset, "gem-iron-ore-mines", f"release of {RELEASE}")


def add_sources(tables: Tables) -> None:
    """Add the source itself and the two trackers it comes from, each cited by its title."""
    works = (
        ("gem", "Global Energy Monitor: oil and gas extraction, iron ore mines", "2025-02-26", "rows of Peru"),
        ("gem-goget", "Global Oil and Gas Extraction Tracker", "2025-02-26", "map file of that day, 26 of 7,396 rows"),
        ("gem-giomt", "Global Iron Ore Mines Tracker", RELEASE, "release of November 2024 (V1), 2 of 890 rows"),
    )
    for slug, label, date, note in works:
        cited = f"{slug}-title"
        tables.add("sources", slug, [cited], type="dataset", label=label, author_text=MAKER, date=date, note=note)
        tables.rows["citations"][cited] = {"id": cited, "source": "gem", "record": label, "field": "title"}


def finish(tables: Tables) -> None:
    """Add the firms and terms that rows refer to, the parents of firms, and all names that are not labels."""
    for (owner, parent, as_of), cited in tables.parents.items():
        tables.relate(owner, "subsidiaryOf", parent, sorted(cited), as_of=as_of, certainty="possible",
                      note="only by the order and the equal shares of the owner and parent columns")  # fmt: skip
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


def columns_of(table: str) -> list[str]:
    """Return the columns of a table in schema order, for readers that go by position."""
    schema = json.loads((HERE.parent / "schema" / f"{table}.json").read_text("utf-8"))
    return [column["name"] for column in schema["columns"] if not column.get("virtual")]


def main(folder: Path) -> None:
    """Write the tables into a folder."""
    tables = Tables({row["name"]: row for row in read_judgements("firms")}, read_judgements("figures"))
    add_sources(tables)
    for record in read_records(GOGET, "unit-id", "url"):
        add_field(tables, record)
    for record in read_records(GIOMT, "GEM Asset ID", "GEM wiki page URL"):
        add_mine(tables, record)
    finish(tables)
    for name in TABLES:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns_of(name), lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(tables.rows[name][slug] for slug in sorted(tables.rows[name]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
