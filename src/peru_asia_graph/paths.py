"""The project folder: where tables are read from and exports are written to, with the package as fallback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import WrongUse

PROJECT_VARIABLE: Final = "PAG_PROJECT"
REFERENCE: Final = "reference"
_SOURCE: Final = "data/*/csv-metadata.json"
_ONTOLOGY: Final = ("peru-asia.ttl", "shapes.ttl", "rules", "questions", "cards", "tables", "pages", "networks")
_PACKAGE: Final = Path(__file__).resolve().parent
# The projects that were settled once and for all: one or none.
_settled: Final[list[Project]] = []


@dataclass(frozen=True)
class Project:
    """A folder that holds ``data/NAME/``; whatever else it lacks comes from the package."""

    root: Path

    @property
    def data(self) -> Path:
        """Tables written by people, one folder per source."""
        return self.root / "data"

    @property
    def ontology(self) -> Path:
        """Terms, shapes, rules, questions, and queries for tables and pages: the project's own, else the package's.

        Raises WrongUse when the project's own folder lacks a part.
        """
        own = self.root / "ontology"
        if not own.is_dir() and not own.is_symlink():
            return shipped_project().root / "ontology"
        for part in _ONTOLOGY:
            if not (own / part).exists():
                remedy = "copy the package's ontology folder, or remove the project's own to use the package's"
                raise WrongUse(f"{self.shown(own / part)} is missing; {remedy}")
        return own

    @property
    def has_stories(self) -> bool:
        """Whether the project has its own stories, each of which its data must then support."""
        return (self.root / "ontology" / "stories").is_dir()

    @property
    def exports(self) -> Path:
        """What the build writes."""
        return self.root / "exports"

    @property
    def schema_folders(self) -> list[Path]:
        """The folders searched for a table's schema: the project's own, then the package's."""
        return [self.data / "schema", shipped_project().root / "data" / "schema"]

    @property
    def graph(self) -> Path:
        """The built graph, with its named graphs, as TriG."""
        return self.exports / "peru-asia-graph.trig"

    @property
    def is_installed_copy(self) -> bool:
        """Whether this is the data installed with the package, where nothing is built."""
        return self.root == _PACKAGE / "share"

    def sources(self, with_shipped: bool = False) -> list[Path]:
        """Return the folders of tables, sorted by name: the project's, and those of the package that it lacks.

        The package contributes its reference lists, and all its sources with ``with_shipped``.
        """
        found = {path.parent.name: path.parent for path in shipped_project().root.glob(_SOURCE)}
        if not with_shipped:
            found = {name: folder for name, folder in found.items() if name == REFERENCE}
        found |= {path.parent.name: path.parent for path in self.root.glob(_SOURCE)}
        return [found[name] for name in sorted(found)]

    def shown(self, path: Path) -> str:
        """Return a path as shown in messages: relative to the project, else to the working folder, else absolute."""
        plain = Path(os.path.normpath(path))  # schemas are named by relative addresses with ".."
        for folder in (self.root, working_folder()):
            if folder is not None and plain.is_relative_to(folder):
                return str(plain.relative_to(folder))
        return str(plain)


def find_project() -> Project:
    """Return the project to work on.

    That is the folder named by ``PAG_PROJECT``, else the working folder or its nearest parent that holds
    ``data/NAME/csv-metadata.json``, else the data shipped with the package. Raises WrongUse when ``PAG_PROJECT`` names
    a folder without tables.
    """
    if _settled:
        return _settled[0]
    named = os.environ.get(PROJECT_VARIABLE)
    if named:
        root = Path(os.path.realpath(named))
        if not _has_sources(root):
            raise WrongUse(
                f"{named} is not a project folder: it has no data/NAME/csv-metadata.json; name another, or "
                "start one there: pag new-source NAME --project DIR"
            )
        return Project(root)
    here = working_folder()
    folders = () if here is None else (here, *here.parents)
    found = next((folder for folder in folders if _has_sources(folder)), None)
    return shipped_project() if found is None else Project(found)


def settle_project() -> None:
    """Make `find_project` return the project found now, in a process that later may open no files to look for one."""
    _settled[:] = [find_project()]


def project_to_extend(root: str | Path | None = None) -> Project:
    """Return the project to add a source to: ``root``, else the nearest project upward, else the working folder.

    Raises FileNotFoundError when the working folder has been removed.
    """
    if root is not None:
        return Project(Path(root).absolute())
    found = find_project()
    if PROJECT_VARIABLE not in os.environ and not Path.cwd().is_relative_to(found.root):
        return Project(Path.cwd())
    return found


def shipped_project() -> Project:
    """Return the data shipped with the package: the copy in the wheel, or the checkout."""
    for root in (_PACKAGE / "share", _PACKAGE.parents[1]):
        if (root / "data").is_dir() and (root / "ontology").is_dir():
            return Project(root)
    raise WrongUse("the installation has no data/ and ontology/ folders; reinstall peru-asia-graph")


def document(name: str) -> str:
    """Return the path of a page of the documentation, which is in the checkout or comes with the package."""
    page, here = shipped_project().root / "docs" / name, working_folder()
    return str(page.relative_to(here) if here is not None and page.is_relative_to(here) else page)


@contextmanager
def use_project(folder: str | Path | None) -> Iterator[None]:
    """Make a folder the current project, also for child processes; None changes nothing."""
    before = os.environ.get(PROJECT_VARIABLE)
    if folder is not None:
        os.environ[PROJECT_VARIABLE] = str(Path(folder).absolute())
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(PROJECT_VARIABLE, None)
        else:
            os.environ[PROJECT_VARIABLE] = before


def working_folder() -> Path | None:
    """Return the working folder; None if it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


def _has_sources(folder: Path) -> bool:
    try:
        return any(folder.glob(_SOURCE))
    except OSError:
        return False
