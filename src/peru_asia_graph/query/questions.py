"""Named questions: SPARQL files with a header that says what they ask and which values they take.

    # title: Who owns an asset?
    # description: Every stated holder, with share and source.
    # param asset (entity) = block-8: The mine, block or firm.
    # example: pag ask who-owns -p asset="Block 8"

Kinds of values: entity (a name or slug), year, number, text, code. Limit: values are put in as terms, never as
text, so a value cannot change the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.store.results import Term
from peru_asia_graph.vocabulary import CODE, XSD, thing

_FIELD: Final = re.compile(r"#\s*(title|description|example)\s*:\s*(.*)")
_PARAM: Final = re.compile(r"#\s*param\s+(\w+)\s*\((\w+(?:/[\w-]+)?)\)\s*(?:=\s*([^:]*?))?\s*:\s*(.*)")


@dataclass(frozen=True)
class Parameter:
    """One value a question takes; without a default it must be given."""

    name: str
    kind: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Question:
    """One question file: its name, its header and its query."""

    name: str
    text: str

    @cached_property
    def fields(self) -> dict[str, str]:
        """Title, description and example of the header."""
        return {match[1]: match[2].strip() for match in map(_FIELD.match, self.text.splitlines()) if match}

    @property
    def title(self) -> str:
        """What is asked, in one line."""
        return self.fields.get("title", self.name)

    @cached_property
    def parameters(self) -> list[Parameter]:
        """The values the question takes."""
        found = [match for match in map(_PARAM.match, self.text.splitlines()) if match]
        return [Parameter(match[1], match[2], match[3] or None, match[4].strip()) for match in found]

    def details(self) -> list[str]:
        """Return description, parameters and example, one line each."""
        lines = [self.fields["description"]] if "description" in self.fields else []
        for one in self.parameters:
            default = f" [default: {one.default}]" if one.default else " [required]"
            lines.append(f"-p {one.name}=… ({one.kind}){default} {one.description}")
        return lines + ([self.fields["example"]] if "example" in self.fields else [])

    def fill(self, values: Mapping[str, str], find: Callable[[str], str]) -> str:
        """Return the query with each ``$name`` replaced by a term; ``find`` turns an entity's name into its slug."""
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                takes = f"It takes: {', '.join(names)}." if names else "It takes none."
                raise UnknownName(f"parameter of '{self.name}'", name, names, takes)
        query = self.text
        for parameter in self.parameters:
            value = values.get(parameter.name, parameter.default)
            if value is None:
                raise WrongUse(f"'{self.name}' needs {parameter.name}; add: -p {parameter.name}=…")
            query = re.sub(rf"\${parameter.name}\b", _escape(make_term(parameter.kind, value, find)), query)
        return query


def read_questions(folder: Path) -> dict[str, Question]:
    """Return the questions of a folder by name."""
    return {path.stem: Question(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq"))}


def make_term(kind: str, value: str, find: Callable[[str], str]) -> str:
    """Return the value as a SPARQL term of its kind; raise WrongUse when it cannot be one."""
    if kind == "entity":
        return f"<{thing(find(value))}>"
    if kind.startswith("code/"):
        if not re.fullmatch(r"[a-z0-9-]+", value):
            raise WrongUse(f"'{value}' is no code; codes are lower-case words with '-'")
        return f"<{CODE}{kind[5:]}/{value}>"
    if kind == "year":
        if not re.fullmatch(r"[12]\d{3}", value):
            raise WrongUse(f"'{value}' is no year; write four digits, as 2012")
        return value
    if kind == "number":
        if not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise WrongUse(f"'{value}' is no number; write digits, as 12.5")
        return value
    if kind == "text":
        return literal(Term("literal", value, XSD + "string"))
    raise WrongUse(f"unknown kind of parameter: {kind}")


def literal(term: Term) -> str:
    """Return a plain literal in SPARQL syntax, every special character escaped."""
    escaped = term.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _escape(replacement: str) -> str:
    return replacement.replace("\\", "\\\\")
