"""Code structure: layered imports, small modules, unique names, and an ARCHITECTURE.md that matches the code."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
NAME = "peru_asia_graph"
PACKAGE = ROOT / "src" / NAME
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
# From lowest to highest: a part of the package imports only from lower layers.
LAYERS = [
    {"errors", "vocabulary"},
    {"paths", "files", "rdf"},
    {"sources"},
    {"store"},
    {"dealings"},
    {"ownership", "views"},
    {"query"},
    {"holdings", "audit"},
    {"exporters"},
    {"build", "graph"},
    {"importers"},
    {"__init__"},
    {"site"},
    {"web"},
    {"cli", "__main__"},
]
# Imports allowed within one layer.
INSIDE = {("__main__", "cli")}
FILES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """Return the name of the top-level module or folder of a file."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def dotted(path: Path) -> str:
    """Return the dotted name of a file relative to the package; a package is named without ``__init__``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield a file's imports from this package, also inside functions: a dotted name and the names imported from it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == NAME:
            yield (node.module or "").removeprefix(NAME).removeprefix("."), [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [
                alias.name.removeprefix(f"{NAME}.") for alias in node.names if f"{alias.name}.".startswith(f"{NAME}.")
            ]
            yield from ((name, []) for name in names)


def imported_parts(path: Path) -> set[str]:
    """Return the top-level modules and folders that a file imports."""
    known = {part(file) for file in FILES}
    found = {first for module, names in imports(path) for first in ([module.split(".")[0]] if module else names)}
    return {name if name in known else "__init__" for name in found}


def imported_modules(path: Path) -> set[str]:
    """Return the modules that a file imports, including modules imported as ``from package import module``."""
    known = {dotted(file) for file in FILES}
    found: set[str] = set()
    for module, names in imports(path):
        found |= {f"{module}.{name}" for name in names} & known or {module} & known
    return found


def layer(name: str) -> int:
    """Return the layer number of a part."""
    return next(number for number, names in enumerate(LAYERS) if name in names)


def test_every_part_has_one_layer() -> None:
    parts = {part(path) for path in FILES}
    assert parts == set().union(*LAYERS)
    assert sum(len(names) for names in LAYERS) == len(parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_to_lower_layers(path: Path) -> None:
    here = part(path)
    for other in imported_parts(path) - {here}:
        allowed = layer(other) < layer(here) or (here, other) in INSIDE
        assert allowed, f"{here} imports {other}, which is not below it"


@pytest.mark.slow
def test_no_import_cycles() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in FILES:
        here = dotted(path)
        graph.add_edges_from((here, other) for other in imported_modules(path) if other != here)
    assert not list(nx.simple_cycles(graph))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


def types_of(path: Path) -> set[str]:
    """Return the public classes and type aliases of a module."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            found |= {target.id} if isinstance(target, ast.Name) else set()
    return {name for name in found if re.match(r"[A-Z][A-Za-z]*[a-z]", name)}


def test_type_names_are_unique() -> None:
    modules = defaultdict(list)
    for path in FILES:
        for name in types_of(path):
            modules[name].append(dotted(path))
    assert {name: where for name, where in modules.items() if len(where) > 1} == {}


def test_architecture_shows_the_real_tree() -> None:
    match = re.search(r"```text\nsrc/peru_asia_graph/\n(.*?)```", ARCHITECTURE, re.DOTALL)
    assert match is not None
    shown = re.findall(r"^    ([\w.]+)(?:/|\.py)  ", match[1], re.MULTILINE)
    parts = {part(path) for path in FILES} - {"__init__", "__main__"}
    assert set(shown) == parts
    assert [layer(name) for name in shown] == sorted((layer(name) for name in shown), reverse=True)


def test_paths_named_in_architecture_exist() -> None:
    named = [
        name for name in re.findall(r"`([\w./*-]+)`", ARCHITECTURE) if "/" in name or re.search(r"\.(py|ttl|md)$", name)
    ]
    assert len(named) > 20
    for name in named:
        pattern = re.sub(r"(?<![A-Za-z])[A-Z]{2,}(?![A-Za-z]|\.md)", "*", name)
        assert any(any(folder.glob(pattern.rstrip("/"))) for folder in (ROOT, PACKAGE)), name
