"""Imports go down only, every module has a layer, rooms are small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "peru_asia_graph"
NAME = "peru_asia_graph"
LAYERS = [
    {"errors", "vocabulary"},
    {"paths", "atomic", "quads", "jsonld", "rdf", "results", "dates", "memory"},
    {"render", "textfile"},
    {"tables"},
    {"check"},
    {"triples", "reference", "rules", "validate", "description"},
    {"store"},
    {"ownership"},
    {"views"},
    {"questions", "names", "network"},
    {"holdings", "stakes", "ties", "audit"},
    {"pages", "export", "computed"},
    {"build", "cards"},
    {"graph"},
    {"__init__"},
    {"web"},
    {"cli", "__main__"},
]
# Within a layer, who may import whom; rows are checked in order.
INSIDE = {
    ("paths", "atomic"),
    ("rdf", "jsonld"),
    ("jsonld", "quads"),
    ("rdf", "quads"),
    ("export", "pages"),
    ("ties", "holdings"),
    ("ties", "stakes"),
    ("__main__", "cli"),
}
# A notebook's table of a result is drawn by the layer above it, when asked for; sources open a graph of their own.
UPWARD = {("results", "render"), ("__init__", "graph")}
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
        allowed = layer(other) < layer(here) or (here, other) in INSIDE | UPWARD
        assert allowed, f"{here} imports {other}, which is not below it"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"
