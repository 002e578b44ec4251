"""Running a source's recipe again reproduces the committed tables byte for byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
RECIPES = sorted(DATA.glob("*/recipe.py"))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.parent.name)
def test_recipe_reproduces_the_committed_tables(recipe: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(recipe), str(tmp_path)], check=True)
    made = sorted(tmp_path.iterdir())
    assert made
    for table in made:
        assert table.read_bytes() == (recipe.parent / table.name).read_bytes(), table.name


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.parent.name)
def test_recipe_is_a_small_standard_library_module(recipe: Path) -> None:
    lines = recipe.read_text("utf-8").splitlines()
    assert len(lines) <= 300
    names = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert names <= sys.stdlib_module_names
