"""Standard terms instead of coined ones; no private names from libraries."""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "peru_asia_graph"
# The preferred term and a pattern for the ones to avoid.
COINED = {
    "a plain sentence where a caller meets the limit": r"\bLimit: ",
    "query, request": r"\baskings?\b",
    "cached, uncached": r"\basked (again|anew)\b",
    "prefetch": r"\bgiven ahead\b",
    "lowered priority": r"\bset back\b",
    "fast path": r"\bstraight way\b",
    "worker pool": r"\bcrew\b",
    "request handler": r"\bdesk\b",
    "queue, fairness": r"\b(take|takes|took|whose) turns?\b",
    "relaxed bounds": r"\bloosen(s|ed|ing)?\b",
    "token": r"\brow of marks\b|\bread_marks\b",
    "exclusive lock, wait": r"\b(only_one|until_gone)\b",
    "snapshot": r"\b(make_picture|picture_of|picture_around)\b",
    "a noun of the field": r"\bclass _?(Turns?|Desk|Shift|Wire|Kept|Marks|Picture|Patient|Crew)\b",
}
ENDINGS = {".py", ".js", ".css", ".html", ".json", ".md", ".ttl", ".rq", ".toml", ".sh", ""}
FOLDERS = ("src", "tests", "docs", "decisions", "ontology", "benchmarks", "data")
# Third-party files, and the shipped source with its answers, which use the paper's wording.
FOREIGN = re.compile(
    r"/assets/|/static/yasgui/|/node_modules/|/\.venv/|^tests/tools/(checkers|followthemoney)/|^data/.*\.json$"
    r"|^tests/(bad|expected|tiny)/|__pycache__"
)
# Underscored names that are documented.
DOCUMENTED = {"_exit", "_replace", "_asdict", "_fields", "_fields_"}


def texts() -> Iterator[tuple[str, str]]:
    """Yield the path and text of every hand-written file."""
    here = Path(__file__).resolve()
    files = [path for path in ROOT.glob("*") if path.suffix in {".md", ".toml"} or path.name == "Makefile"]
    for folder in FOLDERS:
        files += [path for path in (ROOT / folder).rglob("*") if path.suffix in ENDINGS]
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and path.resolve() != here and not FOREIGN.search(name):
            text = path.read_text("utf-8")
            # In the changelog, renames mention the old names.
            yield name, re.sub(r"`[^`]+` →", "→", text) if name == "CHANGELOG.md" else text


@pytest.mark.parametrize(("term", "pattern"), COINED.items(), ids=COINED)
def test_no_coined_terms(term: str, pattern: str) -> None:
    word = re.compile(pattern, 0 if re.search(r"[A-Z]", pattern) else re.IGNORECASE)
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if word.search(line)
    ]
    assert found == [], f"use instead: {term}"


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in DOCUMENTED


def own_names(trees: list[ast.AST]) -> set[str]:
    """Return the private names defined in this package: functions, classes, variables, parameters, attributes."""
    found: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def private_uses(tree: ast.AST, own: set[str]) -> Iterator[str]:
    """Yield the private names a module uses from other packages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in own:
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("peru_asia_graph"):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            yield from (f"from {node.module} import {name}" for name in names if is_private(name))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if any(map(is_private, alias.name.split("."))))


@pytest.mark.slow
def test_no_private_library_names_are_used() -> None:
    trees: dict[str, ast.AST] = {
        str(path.relative_to(PACKAGE)): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    }
    own = own_names(list(trees.values()))
    assert {name: uses for name, tree in trees.items() if (uses := [*private_uses(tree, own)])} == {}


def overridden(kind: type) -> set[str]:
    """Return the private methods of a class that also exist in a base class from another package."""
    foreign = [base for base in kind.__mro__[1:] if not base.__module__.startswith("peru_asia_graph")]
    private = {name for name, one in vars(kind).items() if is_private(name) and isinstance(one, FunctionType)}
    return {name for name in private for base in foreign if name in vars(base)}


def test_no_private_library_methods_are_overridden() -> None:
    modules = [
        info.name for info in pkgutil.walk_packages([str(PACKAGE)], "peru_asia_graph.") if "__main__" not in info.name
    ]
    kinds = {one for name in modules for one in vars(importlib.import_module(name)).values() if isinstance(one, type)}
    own = {one for one in kinds if one.__module__.startswith("peru_asia_graph")}
    assert {one: names for one in own if (names := overridden(one))} == {}


def test_private_names_are_detected() -> None:
    own = own_names([ast.parse("class A:\n  def _mine(self): self._also = 1")])
    told = [*private_uses(ast.parse("import lib._c\nfrom lib import _x\nlib._y()\na._mine(a._also, a.__dict__)"), own)]
    assert overridden(type("Mine", (argparse.Action,), {"_get_kwargs": is_private, "_mine": is_private})) == {
        "_get_kwargs"
    }
    assert sorted(told) == ["from lib import _x", "lib._c", "lib._y"]
