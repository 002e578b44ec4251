"""The errors this package raises, and the problems a check reports.

    PeruAsiaGraphError        exit code 2 unless said otherwise
    ├── BadInput              input files with problems; lists them all
    ├── WrongUse              an argument that cannot be used
    │   ├── UnknownName       a name that matches nothing; carries suggestions
    │   ├── WrongKind         a name of something that a parameter does not accept; carries suggestions
    │   ├── NothingStored     a store without the data that an answer needs
    │   ├── OverOwned         shares of an asset that add up to more than 100 %
    │   ├── NotSolved         ownership cycles that could not be solved
    │   └── BadClaims         claims that cannot be recomputed as written; lists them all
    ├── BadQuery              exit 3; SPARQL that does not parse; line and column
    ├── StoreUnreachable      exit 4; a store that does not answer
    ├── CheckFailed           exit 1; the graph breaks a rule
    └── BuildRunning          another command is writing to the folder

Messages say what is wrong and what to do.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

SHOWN_PROBLEMS = 100
SUGGESTED = 3
Sought = TypeVar("Sought")


class Problem(NamedTuple):
    """A problem at one position in a file.

    ``line`` is 1-based (0: the file as a whole); ``column`` is a header or empty.
    """

    file: str
    line: int
    column: str
    message: str
    remedy: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" column '{self.column}':" if self.column else ""
        kind = " warning:" if self.warning else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        # Files, headers and cells may have any characters; a message has one line, and reads as it is written.
        return escape(f"{place}:{kind}{column} {self.message}{remedy}")


class PeruAsiaGraphError(Exception):
    """Base of all errors of this package."""

    exit_code = 2


class BadInput(PeruAsiaGraphError):
    """Input files with problems; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__(describe(self.problems))


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise BadInput with those of these problems that are not warnings, if there are any."""
    if errors := [problem for problem in problems if not problem.warning]:
        raise BadInput(errors)


class WrongUse(PeruAsiaGraphError):
    """An argument or option that cannot be used."""


class UnknownName(WrongUse):
    """A name that matches nothing; ``suggestions`` are close ones, ``kind`` is what it should be."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind, self.name = kind, name
        names = list(map(str, known))
        self.suggestions = names if 0 < len(names) <= SUGGESTED else suggest(name, names)
        meant = f" Did you mean {join_or(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"no {kind} is called '{name}'.{meant}{' ' + hint if hint else ''}")


class WrongKind(WrongUse):
    """A thing of a kind that a parameter does not accept; ``suggestions`` are names of things that it accepts."""

    def __init__(self, name: str, kind: str, parameter: str, accepted: Sequence[str], known: Sequence[str]) -> None:
        self.name, self.kind, self.parameter = name, kind, parameter
        self.accepted, self.suggestions = list(accepted), list(known)
        takes = join_or(accepted).replace("'", "")
        meant = f" Did you mean {join_or(known)}?" if known else ""
        super().__init__(
            f"'{name}' cannot be the {parameter}: its kind is {kind}, and {parameter} accepts {takes}.{meant} "
            "List all names: pag ask things"
        )


def look_up(kind: str, known: Mapping[str, Sought], name: str, hint: str = "") -> Sought:
    """Return what has this name; raise UnknownName if nothing has."""
    if not isinstance(name, str) or name not in known:
        raise UnknownName(kind, name, known, hint)
    return known[name]


class MissingValue(WrongUse):
    """A parameter without a value; ``name`` is the parameter."""

    def __init__(self, question: str, name: str) -> None:
        self.name = name
        super().__init__(f"'{question}' needs {name}; add: -p {name}=…")


class NothingStored(WrongUse):
    """A store without the data that an answer needs, such as one with another vocabulary."""

    def __init__(self, what: str, answer: str, needs: str) -> None:
        super().__init__(f"no {what} found; this {answer} needs {needs}. Is this the right store or file?")


class OverOwned(WrongUse):
    """Direct shares of an asset that add up to more than 100 %; ``found`` lists the stakes."""

    def __init__(self, found: Sequence[str]) -> None:
        self.found = list(found)
        super().__init__("shares add up to more than 100 %; correct or date the stakes:\n  " + "\n  ".join(found))


class NotSolved(WrongUse):
    """Ownership cycles that could not be solved: too large, or with shares over 100 %."""


class BadClaims(WrongUse):
    """Claims that cannot be recomputed as written; ``found`` has the id, the column and what is wrong for each."""

    def __init__(self, found: Sequence[tuple[str, str, str]]) -> None:
        self.found = list(found)
        super().__init__("\n".join(f"claim {slug}, {column}: {message}" for slug, column, message in found))


class BadQuery(PeruAsiaGraphError):
    """SPARQL that cannot be run; ``line`` and ``column`` are 1-based, 0 when unknown."""

    exit_code = 3

    def __init__(self, message: str, line: int = 0, column: int = 0, text: str = "") -> None:
        self.line, self.column = line, column
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(f"{where}{message}{_caret(text, line, column)}")


class StoreUnreachable(PeruAsiaGraphError):
    """A store that cannot be opened or does not answer."""

    exit_code = 4


class CheckFailed(PeruAsiaGraphError):
    """The graph breaks a rule of the ontology."""

    exit_code = 1


class BuildRunning(PeruAsiaGraphError):
    """Another command is writing to the same folder."""


def escape(text: str) -> str:
    """Return a text with control and other unprintable characters escaped."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def describe(problems: Sequence[Problem]) -> str:
    """Return one line per problem for the first 100, and the number of the others."""
    lines = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(f"… and {len(problems) - SHOWN_PROBLEMS} more")
    return "\n".join(lines)


def suggest(name: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """Return up to three known names close to ``name``, with a ratio of equal letters of at least ``cutoff``."""
    import difflib

    return difflib.get_close_matches(str(name), sorted(set(known)), n=SUGGESTED, cutoff=cutoff)


def check_text(value: object, what: str) -> None:
    """Raise WrongUse if a value is not a string; ``what`` names it, such as "the name of a thing"."""
    if not isinstance(value, str):
        raise WrongUse(f"{what} must be a string, not {type(value).__name__}")


def check_flag(value: object, what: str) -> None:
    """Raise WrongUse if a value is not True or False."""
    if not isinstance(value, bool):
        raise WrongUse(f"{what} must be True or False, not {type(value).__name__}")


def import_extra(module: str, use: str, extra: str) -> Any:
    """Import a module that needs an optional package; if it is missing, raise WrongUse that says how to install it.

    ``use`` says what needs the package.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise WrongUse(f"{use}; install it: pip install 'peru-asia-graph[{extra}]'") from error


def join_or(names: Sequence[str]) -> str:
    """Return ``'a', 'b' or 'c'``."""
    quoted = [f"'{name}'" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _caret(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return ""
    start = max(0, column - 60)
    shown = lines[line - 1][start : start + 76]
    return f"\n  {shown}\n  {' ' * (max(column, 1) - 1 - start)}^"
