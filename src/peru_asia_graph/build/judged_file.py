"""Judgements made in another tool, such as OpenRefine: a CSV file of ids and matches, checked as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from peru_asia_graph.build.matches import match_rows, read_matchable
from peru_asia_graph.errors import BadInput, Problem, WrongUse, join_or, raise_errors, suggest
from peru_asia_graph.paths import REFERENCE, Project
from peru_asia_graph.sources.csv_file import Record, printable, read_valid_records
from peru_asia_graph.sources.judgements import Judgements, is_same, pair_of
from peru_asia_graph.sources.record_match import JUDGEMENTS, Judged, matches_file
from peru_asia_graph.vocabulary import THING

# The accepted column names, in lower case, including those of OpenRefine and SSSOM.
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "id": ("id", "subject_id"),
    "match": ("match", "matched_id", "reconciled_id", "object_id"),
    "judgement": ("judgement", "judgment"),
    "comment": ("comment",),
}
# OpenRefine's values: matched, new, not judged.
_MATCHED: Final = "matched"
_NEW: Final = "new"
_UNDECIDED: Final = ("", "none")
_WORDS: Final = (*JUDGEMENTS, _MATCHED, _NEW, "none")


@dataclass
class JudgedFile:
    """The judgements a file adds to the tables of matches, and the number of rows skipped, by reason."""

    added: dict[Path, list[Judged]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)


def read_judged(path: Path, project: Project, with_shipped: bool = False) -> JudgedFile:
    """Return the judgements of a file; raise BadInput with all its problems, so nothing is written in part."""
    if not path.is_file():
        raise BadInput([Problem(str(path), 0, "", "there is no such file", "name the CSV file with the judgements")])
    records = read_valid_records(path)
    reader = _Reader(str(path), project, with_shipped)
    reader.read(records)
    raise_errors(reader.problems)
    return reader.found


class _Reader:
    """Reads one file and checks it against the things and judgements of a project."""

    def __init__(self, file: str, project: Project, with_shipped: bool) -> None:
        self.problems: list[Problem] = []
        self.found = JudgedFile()
        self._file = file
        self._project = project
        sources = read_matchable(project, with_shipped)
        own = {folder.name for folder in project.sources() if folder.is_relative_to(project.data)}
        self._source_of = {
            row.text("id"): source.name
            for source in sources
            if source.name != REFERENCE
            for row in source.rows("entities")
        }
        self._own = {slug for slug, name in self._source_of.items() if name in own}
        self._files: dict[str, Path] = {}
        self._judged = Judgements()
        self._said: dict[tuple[str, str], str] = {}
        words = {relation: word for word, relation in JUDGEMENTS.items()}
        for row in match_rows(sources):
            self._judged.add(*pair_of(row), is_same(row))
            relation = row.text("predicate_id"), row.text("predicate_modifier")
            self._said[pair_of(row)] = words.get(relation, relation[0])

    def read(self, records: Sequence[Record]) -> None:
        (_, header), rows = records[0], records[1:]
        names = [name.strip().casefold() for name in header]
        places = {
            column: next((names.index(name) for name in known if name in names), -1)
            for column, known in _COLUMNS.items()
        }
        for column in ("id", "match", "judgement"):
            if places[column] < 0:
                remedy = f"name a column {join_or(_COLUMNS[column])}"
                self._add(1, "", f"no column for the {column}", remedy)
        for line, cells in rows if not self.problems else ():
            if len(cells) != len(header):
                self._add(line, "", f"{len(cells)} cells for {len(header)} columns", "write one cell per column")
                continue
            given = {column: cells[place].strip() if place >= 0 else "" for column, place in places.items()}
            self._row(line, {column: header[place] for column, place in places.items()}, given)

    def _row(self, line: int, columns: Mapping[str, str], given: Mapping[str, str]) -> None:
        word = given["judgement"].casefold()
        if word in _UNDECIDED or word == _NEW:
            self.found.skipped["new" if word == _NEW else "undecided"] += 1
            return
        judgement = "same" if word == _MATCHED else word
        if judgement not in JUDGEMENTS:
            self._add(line, columns["judgement"], f"'{printable(word)}' is not a judgement", f"write {join_or(_WORDS)}")
            return
        one, other = (given[column].removeprefix(THING).removeprefix("id:") for column in ("id", "match"))
        wrong = [*self._check(columns["id"], one, own=True), *self._check(columns["match"], other, own=False)]
        for column, message, remedy in wrong:
            self._add(line, column, message, remedy)
        if wrong:
            return
        if self._source_of[one] == self._source_of[other]:
            remedy = "match things from different sources"
            self._add(line, columns["match"], f"'{other}' is from the same source as '{one}'", remedy)
        elif message := self._contradiction(one, other, judgement):
            self._add(line, columns["match"], message, "remove one of the two")
        elif self._said.get((one, other)) == judgement or (
            judgement == "same" and self._judged.root(one) == self._judged.root(other)
        ):
            self.found.skipped["already recorded"] += 1
        else:
            source = self._source_of[one]
            try:
                file = self._files[source] = self._files.get(source) or matches_file(self._project, source)
            except WrongUse as error:
                self._add(line, columns["id"], str(error), "")
                return
            self.found.added.setdefault(file, []).append(Judged(one, other, judgement, given["comment"]))
            self._judged.add(one, other, judgement == "same")
            self._said[one, other] = judgement

    def _check(self, column: str, slug: str, own: bool) -> Iterator[tuple[str, str, str]]:
        """Yield the problems of an id, with its column."""
        known = self._own if own else self._source_of.keys()
        if not slug:
            yield column, "the id is missing", "add it, or set the judgement to none"
        elif slug not in known:
            near = suggest(slug[:100], known)
            whose = "a source of this project" if own else "any source"
            remedy = (
                f"did you mean {join_or(near)}?" if near else "use an id of entities.csv (--with-shipped adds more)"
            )
            yield column, f"'{printable(slug)}' is not an id in {whose}", remedy

    def _contradiction(self, one: str, other: str, judgement: str) -> str:
        """Return an error message if other judgements contradict this one, else an empty string."""
        said = self._said.get((one, other))
        if said is not None and said != judgement:
            return f"'{one}' and '{other}' are already judged: {said}"
        roots = self._judged.root(one), self._judged.root(other)
        if judgement != "same":
            return f"'{one}' and '{other}' are the same according to other judgements" if roots[0] == roots[1] else ""
        if roots[0] == roots[1]:
            return ""
        if frozenset(roots) in self._judged.decided():
            return f"'{one}' and '{other}' are different according to other judgements"
        return "" if self._judged.is_kept(one) else f"'{one}' is already matched with '{roots[0]}'"

    def _add(self, line: int, column: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self._file, line, column, message, remedy))
