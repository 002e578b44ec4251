"""Named questions: SPARQL files with a header that gives their title and parameters.

    # title: Who owns an asset?
    # theme: Ownership
    # description: Every stated holder, with share and source.
    # param asset (entity) = block-8: The mine, block or firm.
    # example: pag ask who-owns -p asset="Block 8"

The type of a parameter is entity (a name or slug of a thing of the kind that the parameter's name implies: an asset
cannot be a state), entity/any (of anything), year (one for which shares are computed), number, text, source (the name
of one), code/SCHEME (a code of that list, by slug or label), or date (a year, month or day; $NAME_first and $NAME_last
are its first and last day). A year may be given as a month or day. A parameter with the default "all" may be omitted:
it becomes a variable. Values are inserted as RDF terms, so that a value cannot change the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from numbers import Number
from pathlib import Path
from typing import Any, Final, Protocol

from peru_asia_graph.errors import MissingValue, UnknownName, WrongUse, check_text, look_up
from peru_asia_graph.sources.dates import parse_moment
from peru_asia_graph.store.values import html_table
from peru_asia_graph.vocabulary import CODE, thing

# A number of rows, from 1; engines do not accept larger ones.
_COUNT: Final = re.compile("0*[1-9][0-9]{0,17}")
ALL: Final = "all"
# The themes in the order in which they are listed; others follow alphabetically.
THEMES: Final = (
    "Ownership", "Mines, blocks and other projects", "Investment", "Trade", "Agreements and diplomacy",
    "People, bodies and places", "Events, figures and findings", "Sources compared", "Claims and doubts",
    "Sources and citations", "The graph itself",
)  # fmt: skip
# The theme of a question without one in its header.
OTHER_THEME: Final = "Other questions"
_FIELD: Final = re.compile(r"#\s*(title|theme|description|example)\s*:\s*(.*)")
_TOGETHER: Final = re.compile(r"^# sources: together$", re.MULTILINE)
_PARAM: Final = re.compile(r"#\s*param\s+(\w+)\s*\((\w+(?:/[\w-]+)?)\)\s*(?:=\s*([^:]*?))?\s*:\s*(.*)")


class Lookup(Protocol):
    """Finds the slug of the thing or code that a value names; implemented by `query.names.Names`."""

    def find(self, name: str, parameter: str = "") -> str:
        """Return the slug of a thing that a parameter of this name accepts."""

    def find_code(self, scheme: str, value: str) -> str:
        """Return the slug of a code of a list."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question; without a default it is required."""

    name: str
    kind: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Question:
    """A question file, read when it is first needed."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        """The query with its header."""
        return self.path.read_text("utf-8")

    @cached_property
    def fields(self) -> dict[str, str]:
        """The title, theme, description and example from the header."""
        return {match[1]: match[2].strip() for match in map(_FIELD.match, self.text.splitlines()) if match}

    @property
    def title(self) -> str:
        """The question in one line."""
        return self.fields.get("title", self.name)

    @property
    def theme(self) -> str:
        """The theme under which it is listed."""
        return self.fields.get("theme") or OTHER_THEME

    @cached_property
    def parameters(self) -> list[Parameter]:
        """The parameters in the order of the header."""
        found = [match for match in map(_PARAM.match, self.text.splitlines()) if match]
        return [Parameter(match[1], match[2], match[3] or None, match[4].strip()) for match in found]

    @property
    def together(self) -> bool:
        """Whether it is asked of all sources together because its rows name their sources."""
        return _TOGETHER.search(self.text) is not None

    def check_one_source(self) -> None:
        """Raise WrongUse if it cannot be asked of selected sources."""
        if self.together:
            instead = "; or: pag differences --source NAME" if self.name.startswith("differences") else ""
            raise WrongUse(f"'{self.name}' is about all sources together; ask it without a source{instead}")

    def takes(self, name: str) -> bool:
        """Return whether it has a parameter of this name."""
        return any(parameter.name == name for parameter in self.parameters)

    def details(self) -> list[str]:
        """Return description, parameters and example, one per line."""
        lines = [self.fields["description"]] if "description" in self.fields else []
        for one in self.parameters:
            default = f" [default: {one.default}]" if one.default else " [required]"
            lines.append(f"-p {one.name}=… ({one.kind}){default} {one.description}")
        return lines + ([self.fields["example"]] if "example" in self.fields else [])

    def find_parameter(self, name: str) -> Parameter:
        """Return the parameter of this name; raise UnknownName if the question does not have it."""
        check_text(name, "the name of a parameter")
        found = {parameter.name: parameter for parameter in self.parameters}
        if name not in found:
            takes = f"It takes: {', '.join(found)}." if found else "It takes none."
            raise UnknownName(f"parameter of '{self.name}'", name, found, takes)
        return found[name]

    def check_parameters(self, names: Iterable[str]) -> None:
        """Raise UnknownName if the question does not have all of these parameters."""
        for name in sorted(names):
            self.find_parameter(name)

    def fill(self, values: Mapping[str, str], lookup: Lookup) -> str:
        """Return the query with each ``$name`` replaced by a term.

        Raises UnknownName for an unknown parameter or a value that names nothing, and WrongUse for a missing or
        malformed value or a thing of the wrong kind.
        """
        if not isinstance(values, Mapping):
            raise WrongUse(f"the values of parameters are a dictionary, not {type(values).__name__}")
        for name, given in values.items():
            self.find_parameter(name)
            check_text(given, f"the value of '{name}'")
        self._check_order(values)
        query = self.text
        for parameter in self.parameters:
            value = values.get(parameter.name, parameter.default)
            if value is None:
                raise MissingValue(self.name, parameter.name)
            if parameter.default == ALL and value.strip().casefold() == ALL:
                query = re.sub(rf"\${parameter.name}\b", f"?any_{parameter.name}", query)
                continue
            if parameter.kind == "date":
                moment = parse_moment(value)
                for end, day in (("first", moment.first), ("last", moment.last)):
                    query = re.sub(rf"\${parameter.name}_{end}\b", quote_literal(day), query)
                continue
            if re.search(rf"\bLIMIT \${parameter.name}\b", self.text) and not _COUNT.fullmatch(value.strip()):
                raise WrongUse(f"'{value}' is not a number of rows; write a whole number from 1, such as 12")
            try:
                term = make_term(parameter.kind, value, lookup, parameter.name)
            except UnknownName as error:
                if parameter.name in values:
                    raise
                # The default refers to the shipped data, which may be absent.
                message = f"'{self.name}' needs {parameter.name} here, where its default '{value}' names nothing"
                raise WrongUse(f"{message}; add: -p {parameter.name}=…") from error
            query = re.sub(rf"\${parameter.name}\b", term.replace("\\", r"\\"), query)
        return query

    def _check_order(self, values: Mapping[str, str]) -> None:
        """Raise WrongUse if the first date of a range is after the last."""
        given = {one.name: values.get(one.name, one.default) for one in self.parameters if one.kind == "date"}
        begin, end = given.get("from"), given.get("to")
        if begin and end and parse_moment(begin).first > parse_moment(end).last:
            raise WrongUse(f"{begin} is after {end}; give a 'to' that is not before 'from'")


class Questions(dict[str, Question]):
    """Questions by name; their text form is a list of names and titles."""

    def find(self, name: str) -> Question:
        """Return a question; raise UnknownName if there is none of this name."""
        check_text(name, "the name of a question")
        return look_up("question", self, name, "List them: pag questions")

    def by_theme(self) -> dict[str, list[Question]]:
        """Return the questions by theme, sorted by name within a theme."""
        found: dict[str, list[Question]] = {}
        for question in self.values():
            found.setdefault(question.theme, []).append(question)
        known = {theme: place for place, theme in enumerate(THEMES)}
        return dict(sorted(found.items(), key=lambda item: (known.get(item[0], len(known)), item[0])))

    def __repr__(self) -> str:
        return "\n\n".join(
            "\n".join([theme, *(f"  {one.name:<28} {one.title}" for one in questions)])
            for theme, questions in self.by_theme().items()
        )

    def _repr_html_(self) -> str:
        return html_table(["name", "question"], [[name, question.title] for name, question in self.items()])


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of parameters with numbers and dates as texts."""
    return {key: str(value) if isinstance(value, (Number, Decimal, date)) else value for key, value in values.items()}


def read_questions(folder: Path) -> Questions:
    """Return the questions of a folder by name."""
    return Questions({path.stem: Question(path.stem, path) for path in sorted(folder.glob("*.rq"))})


def make_term(kind: str, value: str, lookup: Lookup, parameter: str = "") -> str:
    """Return the value as a SPARQL term of its kind; raise UnknownName or WrongUse if this is not possible."""
    if kind in ("entity", "entity/any"):
        return f"<{thing(lookup.find(value, parameter if kind == 'entity' else ''))}>"
    if kind.startswith("code/"):
        return f"<{CODE}{kind[5:]}/{lookup.find_code(kind[5:], value)}>"
    if kind == "year":
        return parse_moment(value).text[:4]
    if kind == "number":
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value.strip()):
            raise WrongUse(f"'{value}' is not a number; write digits, such as 12.5")
        return value.strip()
    if kind in ("text", "source"):
        return quote_literal(value)
    raise WrongUse(f"unknown kind of parameter: {kind}")


def quote_literal(value: str) -> str:
    """Return a text as a SPARQL string literal, with special characters escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
