"""Imports go down only, every module has a layer, rooms are small."""

from __future__ import annotations

import ast
from pathlib import Path

import networkx as nx
import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "peru_asia_graph"
NAME = "peru_asia_graph"
LAYERS = [
    {"errors", "vocabulary"},
    {"paths", "files", "rdf"},
    {"sources"},
    {"store"},
    {"ownership", "views"},
    {"query"},
    {"holdings", "audit"},
    {"exporters"},
    {"build", "graph"},
    {"__init__"},
    {"web"},
    {"cli", "__main__"},
]
# Within a layer, who may import whom.
INSIDE = {("__main__", "cli")}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """Return the name of the module or sub-package a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the rooms a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == NAME:
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith(f"{NAME}.")}
    rooms = {room(file) for file in FILES}
    return {name if name in rooms else "__init__" for name in found}


def module(path: Path) -> str:
    """Return the dotted name of a file below the package; a package is named without ``__init__``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(path: Path) -> set[str]:
    """Return the modules a file imports, those of packages as ``from package import module`` too."""
    names = {module(file) for file in FILES}
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == NAME:
            parent = (node.module or "").removeprefix(NAME).removeprefix(".")
            inside = {f"{parent}.{alias.name}" for alias in node.names} & names
            found |= inside or {parent} & names
    return found


def layer(name: str) -> int:
    """Return the number of a room's layer."""
    return next(number for number, names in enumerate(LAYERS) if name in names)


def test_every_room_has_one_layer() -> None:
    rooms = {room(path) for path in FILES}
    assert rooms == set().union(*LAYERS)
    assert sum(len(names) for names in LAYERS) == len(rooms)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = room(path)
    for other in imports(path) - {here}:
        allowed = layer(other) < layer(here) or (here, other) in INSIDE
        assert allowed, f"{here} imports {other}, which is not below it"


def test_no_modules_import_each_other() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in FILES:
        here = module(path)
        graph.add_edges_from((here, other) for other in modules(path) if other != here)
    assert not list(nx.simple_cycles(graph))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"
