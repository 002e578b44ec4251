"""Stories: guided tours of a page, step by step. CSV files are read, checked against a store and passed to a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peru_asia_graph.errors import BadInput, Problem, WrongUse, join_or, raise_errors, suggest
from peru_asia_graph.query.side_by_side import parts_about
from peru_asia_graph.sources.csv_file import Record, printable, read_valid_records
from peru_asia_graph.store import Store
from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.sanitize import sanitize
from peru_asia_graph.vocabulary import local, thing

FOLDER: Final = "stories"
COLUMNS: Final = ("step", "en", "es", "lit", "year", "citations", "page")
MAX_STEPS: Final = 100
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG: Final = re.compile(r"[A-Za-z0-9._~-]+")
_YEAR: Final = re.compile(r"[12]\d{3}")
_KNOWN: Final = "SELECT DISTINCT ?thing WHERE {{ VALUES ?thing {{ {things} }} ?thing a ?class }}"
_CITED: Final = """
SELECT ?place ?label WHERE {{ VALUES ?place {{ {things} }} ?place a pag:Citation ; rdfs:label ?label }}"""


@dataclass(frozen=True)
class Step:
    """A step: its sentence in each language, the highlighted things, the year (if any), the citations, the line."""

    line: int
    text: Mapping[str, str]
    lit: tuple[str, ...]
    year: str
    citations: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """A story of one page; ``file`` is its file name in messages, ``sources`` are the sources it is based on."""

    name: str
    file: str
    page: str
    title: Mapping[str, str]
    steps: tuple[Step, ...]
    sources: tuple[str, ...] = ()


def read_stories(ontology: Path) -> list[Story]:
    """Return the stories in an ontology folder by name; raise BadInput with the problems of all files."""
    stories, problems = [], []
    for path in sorted((ontology / FOLDER).glob("*.csv")):
        try:
            stories.append(read_story(path, f"{ontology.name}/{FOLDER}/{path.name}"))
        except BadInput as error:
            problems += error.problems
    raise_errors(problems)
    return stories


def read_story(path: Path, file: str = "") -> Story:
    """Return the story in a file (``file`` in messages); raise BadInput with all problems, WrongUse for a bad path."""
    file = file or str(path)
    try:
        is_file = path.is_file()
    except OSError as error:
        raise WrongUse(f"{file}: {error.strerror}; name another file or folder") from error
    if not is_file:
        raise BadInput([Problem(file, 0, "", "there is no such file", f"a story is a CSV file: {','.join(COLUMNS)}")])
    records = read_valid_records(path, file)
    header = tuple(cell.strip() for cell in records[0][1])
    if header != COLUMNS:
        raise BadInput([Problem(file, 1, "", "this is not the header of a story", f"write {','.join(COLUMNS)}")])
    rows = [(line, dict(zip(COLUMNS, map(sanitize, cells), strict=False))) for line, cells in records[1:]]
    problems = list(_check_rows(file, records[1:], rows))
    if not _NAME.fullmatch(path.stem):
        remedy = "use lower-case letters, digits and hyphens: the name is part of the URL"
        problems.append(Problem(file, 0, "", f"'{printable(path.stem)}' is not a story name", remedy))
    raise_errors(problems)
    (_, head), steps = rows[0], rows[1:]
    read = (Step(line, _texts(row), _list(row["lit"]), row["year"], _list(row["citations"])) for line, row in steps)
    return Story(path.stem, file, head["page"], _texts(head), tuple(read), _list(head["citations"]))


def check_stories(store: Store, stories: Sequence[Story]) -> list[Problem]:
    """Return a problem for each thing and each citation that is not in the store."""
    things = _known(store, {slug for story in stories for step in story.steps for slug in step.lit})
    cited = _labels(store, {slug for story in stories for step in story.steps for slug in step.citations})
    problems = []
    for story in stories:
        for step in story.steps:
            for column, slugs, known in (("lit", step.lit, things), ("citations", step.citations, cited)):
                what = "thing" if column == "lit" else "citation"
                remedy = "see tables/entities.csv and tables/citations.csv of the exports"
                problems += [
                    Problem(story.file, step.line, column, f"there is no {what} '{slug}' in the graph", remedy)
                    for slug in slugs
                    if slug not in known
                ]
    return problems


def check_shown(story: Story, shown: Collection[str]) -> list[Problem]:
    """Return a problem for each highlighted thing that is not on the page."""
    return [
        Problem(story.file, step.line, "lit", f"'{slug}' is not on the page '{story.page}'{_near(slug, shown)}",
                "highlight something on the page, or choose another page")
        for step in story.steps for slug in step.lit if slug not in shown
    ]  # fmt: skip


def story_data(store: Store, stories: Sequence[Story]) -> list[dict[str, Any]]:
    """Return the stories for the page's script: titles, and steps with their citations as text."""
    labels = _labels(store, {slug for story in stories for step in story.steps for slug in step.citations})
    return [
        {
            "name": story.name,
            "title": dict(story.title),
            "steps": [
                {"text": dict(step.text), "lit": list(step.lit), "year": step.year,
                 "where": [labels[slug] for slug in step.citations]}
                for step in story.steps
            ],
        }
        for story in stories
    ]  # fmt: skip


def _check_rows(file: str, records: Sequence[Record], rows: Sequence[tuple[int, dict[str, str]]]) -> Iterator[Problem]:
    if len(rows) < 2 or len(rows) > MAX_STEPS + 1:
        found = "no step" if len(rows) < 2 else f"{len(rows) - 1} steps"
        yield Problem(file, 0, "", f"the story has {found}", f"a story has a title (step 0) and 1 to {MAX_STEPS} steps")
    for number, ((line, cells), (_, row)) in enumerate(zip(records, rows, strict=True)):
        if len(cells) != len(COLUMNS):
            yield Problem(file, line, "", f"{len(cells)} cells, not {len(COLUMNS)}", "quote text that contains a comma")
            continue
        if row["step"] != str(number):
            yield Problem(file, line, "step", f"'{row['step']}', not {number}", "number the rows from 0, the title")
        if not row["en"] and not row["es"]:
            yield Problem(file, line, "en", "no sentence", "write one in English (en), Spanish (es) or both")
        yield from _check_title(file, line, row) if number == 0 else _check_step(file, line, row)


def _check_title(file: str, line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    if row["page"] not in page_kinds():
        yield Problem(file, line, "page", f"no page is called '{row['page']}'", f"write {join_or(page_kinds())}")
    for column in ("lit", "year"):
        if row[column]:
            yield Problem(file, line, column, "this must be empty in the title row", "delete it")
    for name in _list(row["citations"]):
        if not _SLUG.fullmatch(name):
            yield Problem(file, line, "citations", f"'{name}' is not a source", "name sources as in data/")


def _check_step(file: str, line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    if row["page"]:
        yield Problem(file, line, "page", "the page belongs in the title row", "leave it empty")
    if row["year"] and not _YEAR.fullmatch(row["year"]):
        yield Problem(file, line, "year", f"'{row['year']}' is not a year", "write four digits, or leave it empty")
    if not row["citations"]:
        yield Problem(file, line, "citations", "the sentence has no citation", "cite where a source says so")
    for column in ("lit", "citations"):
        for slug in _list(row[column]):
            if not _SLUG.fullmatch(slug):
                yield Problem(file, line, column, f"'{slug}' is not an id", "separate ids with ;")


def _texts(row: Mapping[str, str]) -> dict[str, str]:
    return {"en": row["en"] or row["es"], "es": row["es"] or row["en"]}


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _near(slug: str, shown: Collection[str]) -> str:
    near = suggest(slug, shown)
    return f"; did you mean {join_or(near)}?" if near else ""


def _known(store: Store, slugs: Collection[str]) -> set[str]:
    query = _KNOWN.format(things=" ".join(f"<{thing(slug)}>" for slug in sorted(slugs)))
    return {local(one) for (one,) in store.query(query).values()} if slugs else set()


def _labels(store: Store, slugs: Collection[str]) -> dict[str, str]:
    """Return the text of each citation, with the short name of its source if there are several sources."""
    query = _CITED.format(things=" ".join(f"<{thing(slug)}>" for slug in sorted(slugs)))
    found: dict[str, str] = {}
    parts = parts_about(store)
    for part in parts if slugs else ():
        for place, label in part.store.query(query).values():
            found.setdefault(local(place), f"{part.short} {label}" if len(parts) > 1 else label)
    return found
