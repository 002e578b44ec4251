"""The source that an import builds: rows by table, ids, citations and losses."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.exporters.source_content import CLASSES
from peru_asia_graph.files.loss_report import LossReport
from peru_asia_graph.importers.countries import alpha_2, code_named, english_name, is_state
from peru_asia_graph.importers.problems import Problems
from peru_asia_graph.sources.cell_text import INVISIBLE, MAX_DECIMALS
from peru_asia_graph.sources.csv_file import MAX_ROWS
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.store.values import text
from peru_asia_graph.vocabulary import slugify

# A cell; several values are joined with ";".
DraftCell = str | int | Decimal | bool | Sequence[str] | None
_LONGEST_SLUG: Final = 80


class KindOfRecord(Protocol):
    """A record in a foreign file: its kind in loss reports, and its position."""

    @property
    def kind(self) -> str: ...

    @property
    def place(self) -> str: ...


class Draft:
    """The tables of a source, in memory, while foreign files are read.

    Readers add things, facts and citations. Ids are made from keys in the foreign file, prefixed with the name of the
    source. ``date`` is the last day that the file covers and ``as_of`` the date of its undated statements, if the file
    says so; ``title``, ``licence`` (a URL) and ``citation`` likewise. ``columns`` maps columns of the tables to those
    of the foreign file; for an empty value, messages name the cited field.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: dict[str, dict[str, dict[str, str]]] = {}
        self.losses = LossReport()
        self.problems = Problems()
        self.columns: dict[str, str] = {}
        self.title = self.date = self.as_of = self.licence = self.citation = self.address = ""
        self._states: dict[str, str] = {}
        self._slugs: dict[tuple[str, str], str] = {}
        # The citation of each identifier, whose table has no column for it.
        self._seen: dict[str, str] = {}
        self._taken: set[str] = set()

    def id_of(self, key: str, table: str = "entities") -> str:
        """Return the id for a key in a table; the same key gives the same id, and ids are unique across tables."""
        known = self._slugs.get((table, key))
        if known is None:
            own = slugify(key).removeprefix(f"{self.name}-")
            known = f"{self.name}-{own[:_LONGEST_SLUG].strip('-') or 'x'}"
            if known in self._taken:
                known = f"{known}-{sha256(f'{table} {key}'.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
            self._taken.add(known)
            self._slugs[table, key] = known
        return known

    def has(self, table: str, slug: str) -> bool:
        return slug in self.tables.get(table, {})

    def add(self, table: str, slug: str, citations: Sequence[str] = (), **cells: DraftCell) -> str:
        """Add a row, or add citations to the row with this id, and return the id.

        Empty cells are left out. Raises BadInput if a table has more rows than a source may have.
        """
        rows = self.tables.setdefault(table, {})
        row = rows.get(slug)
        if row is None:
            if len(rows) >= MAX_ROWS - 1:
                message = f"more than {MAX_ROWS:,} rows of {table}"
                raise BadInput(
                    [Problem(self.name, 0, "", message, "import part of the file, for example with --country")]
                )
            row = rows[slug] = {"id": slug} | {name: cell for name, one in cells.items() if (cell := _cell(one))}
        if citations:
            cited = row.get("citations", "").split(";") if row.get("citations") else []
            row["citations"] = ";".join(dict.fromkeys([*cited, *citations]))
        return slug

    def lose(self, record: KindOfRecord, field: str, reason: str, example: object) -> None:
        self.losses.add(record.kind, field, reason, example, record.place)

    def rounded(self, record: KindOfRecord, field: str, value: Decimal | None) -> Decimal | None:
        """Round a number to the decimals that a table may have; rounding is counted as lost."""
        if value is None or int(value.as_tuple().exponent) >= -MAX_DECIMALS:
            return value
        made = round(value, MAX_DECIMALS)
        if made != value:
            self.lose(record, field, f"rounded to {MAX_DECIMALS} decimals", value)
        return made

    def rounded_bounds(
        self, record: KindOfRecord, field: str, bounds: tuple[Decimal | None, Decimal | None]
    ) -> tuple[Decimal | None, Decimal | None]:
        """Return lower and upper bounds, ``rounded``; if they are equal, a loss is counted once."""
        low = self.rounded(record, field, bounds[0])
        return low, low if bounds[0] == bounds[1] else self.rounded(record, field, bounds[1])

    def day(self, record: KindOfRecord, field: str, text: str) -> str:
        """Return the day of a date or time, and update ``date``; empty if the text is not a date."""
        try:
            found = parse_date(text[:10]).text if text else ""
        except ValueError:
            self.lose(record, field, "not a date", text)
            return ""
        self.date = max(self.date, found)
        return found

    def thing(self, key: str, kind: str, label: str, citations: Sequence[str], **cells: DraftCell) -> str:
        """Add a thing with a class of the ontology, or add citations to it, and return its id.

        Line breaks and invisible characters in its name become spaces, and are counted as lost.
        """
        name = clean(label)
        if name != unicodedata.normalize("NFC", label):
            self.losses.add(kind, "name", "invisible characters and repeated spaces left out", label)
        return self.add("entities", self.id_of(key), citations, type=kind, label=name or key, **cells)

    def state(self, code: str, name: str, citation: str) -> str:
        """Add a state by its code (ISO 3166-1), else its name, and return its id; empty without either.

        A code that is not that of a state, such as ``EU`` or ``SUHH``, is counted as lost. For a subdivision
        (``GB-ENG``), the country is kept. A name is the state that the list of countries gives for it; one that it does
        not have, or a name of another state than the code, is counted. A state with a code is matched with that state
        in the reference lists.
        """
        known = alpha_2(code.upper()) or (code.upper().partition("-")[0] if is_state(code) else "")
        if code and not known:
            self.losses.add("State", "code", "not the code of a present-day state", code)
        if known and "-" in code:
            self.losses.add("State", "subdivision", "only the country is kept", code)
            name = ""
        named = code_named(name)
        if known and named not in ("", known):
            self.losses.add("State", "name", "the name of another state than the code, which is kept", f"{code} {name}")
            name = ""
        country = known or named
        if not country and not clean(name):
            return ""
        if not country:
            self.losses.add("State", "name", "not in the list of countries; a state of its own", name)
        slug = self._states.get(country) or self.id_of(f"state-{country or name}")
        if not self.has("entities", slug):
            # A name that the list does not have may be that of a part, such as "England and Wales".
            label = name if named == country else english_name(country)
            slug = self.thing(f"state-{country or name}", "State", label, [citation])
            if country:
                self._has_code(slug, country, citation, name if not known else "")
        if (name := clean(name)) and name != self.tables["entities"][slug]["label"]:
            self.also_named(f"{slug}-{name}", slug, name, citation)
        return slug

    def is_state(self, slug: str, code: str, citation: str) -> None:
        """Record that a thing in the file is the state with a code, else with its label; subdivisions are ignored."""
        name = "" if code else self.tables["entities"][slug]["label"]
        country = code_named(name) if name else alpha_2(code.upper())
        if country and self._states.setdefault(country, slug) == slug:
            self._has_code(slug, country, citation, name)

    def _has_code(self, slug: str, country: str, citation: str, name: str) -> None:
        """Add the code of a state; ``name`` is that by which it was found, empty if the file has the code."""
        key = self.identifier(slug, "iso-3166-1-alpha-2", country, citation)
        if name:
            self.tables["identifiers"][key]["where_seen"] += f", as the name {clean(name)}"

    def identifier(self, slug: str, scheme: str, value: str, citation: str) -> str:
        """Add an identifier of a thing, with the code of its scheme and the citation where it was found."""
        cited = self.tables["citations"][citation]
        where_seen = ", ".join(filter(None, (f"record {cited.get('record', '')}", cited.get("field", ""))))
        key = self.id_of(f"{slug}-{scheme}-{value}", "identifiers")
        self._seen.setdefault(key, citation)
        return self.add("identifiers", key, entity=slug, scheme=scheme, identifier=value, where_seen=where_seen)

    def also_named(self, key: str, slug: str, name: str, citation: str) -> None:
        """Add another name of a thing; ``key`` makes the id of the row."""
        self.add("names", self.id_of(key, "names"), [citation], thing=slug, name=name)

    def relate(self, key: str, one: str, relation: str, other: str, citation: str) -> None:
        """Add a relation stated in the file, unless it relates a thing to itself or to nothing.

        ``key`` makes the id of the row.
        """
        if other and one != other:
            key = self.id_of(key, "relations")
            self.add("relations", key, [citation], subject=one, relation=relation, object=other, certainty="stated")

    def cite(self, record: str, field: str = "", first_line: int = 0, last_line: int = 0, **cells: DraftCell) -> str:
        """Return the id of the citation of a record, by its id in the file, and a field, with the lines if known."""
        slug = self.id_of(f"{record}-{field or 'record'}", "citations")
        if not self.has("citations", slug):
            lines: dict[str, DraftCell] = {
                "first_line": first_line or None,
                "last_line": (last_line or first_line) or None,
            }
            place: dict[str, DraftCell] = {"source": self.name, "record": clean(record), "field": clean(field)}
            self.add("citations", slug, (), **{**place, **lines, **cells})
        return slug

    def place_of(self, table: str, line: int) -> tuple[str, int, str]:
        """Return the record, line (0: unknown) and field in the foreign file that a line of a table is from.

        Tables are sorted by id.
        """
        rows = sorted(self.tables.get(table, {}).values(), key=lambda row: row["id"])
        if not 2 <= line < len(rows) + 2:
            return "", 0, ""
        row = rows[line - 2]
        citation = row.get("citations", "").partition(";")[0] or self._seen.get(row["id"], "")
        cited = self.tables["citations"].get(citation, row)
        return cited.get("record", ""), int(cited.get("first_line") or 0), cited.get("field", "")

    def reported_by(self, key: str, label: str, kind: str = "dataset") -> str:
        """Add a work that the file names as its source, and return its id."""
        slug = self.id_of(f"work-{key}", "sources")
        return self.add("sources", slug, [self.cite("whole file")], type=kind, label=clean(label) or key)


def own_class(text: str) -> str:
    """Return the class in a text such as ``pag:Firm``, as written by our own exports; empty for any other text."""
    name = text.removeprefix("pag:")
    return name if name != text and name in CLASSES else ""


def clean(text: str) -> str:
    """Return a text on one line in Unicode normal form NFC, without invisible characters and repeated spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(" " if letter.isspace() or unicodedata.category(letter) in INVISIBLE else letter for letter in text)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def shown_names(files: Sequence[Path]) -> list[str]:
    """Return unique names of files without their folders, which mean nothing on another machine.

    >>> shown_names([Path("a/x.csv"), Path("b/x.csv"), Path("y.csv")])
    ['x.csv (1)', 'x.csv (2)', 'y.csv']
    """
    names = [clean(path.name) for path in files]
    return [name if names.count(name) == 1 else f"{name} ({at})" for at, name in enumerate(names, 1)]


def _cell(value: DraftCell) -> str:
    if isinstance(value, str):
        # Each row of a table is on one line.
        return clean(value)
    return ";".join(value) if isinstance(value, Sequence) else text(value)
