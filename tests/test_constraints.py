"""``constraints.txt`` pins exactly what the tests need, in versions allowed by pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def distributions(requirements: Iterable[str], *, anywhere: bool = False) -> set[str]:
    """Return all direct and indirect requirements: here, or ``anywhere`` (on other systems and Python versions)."""
    found: set[tuple[str, str]] = set()
    pending = [(Requirement(one), "") for one in requirements]
    while pending:
        requirement, extra = pending.pop()
        marker = requirement.marker
        if not (marker is None or marker.evaluate({"extra": extra}) or (anywhere and "extra" not in str(marker))):
            continue
        for key in {(canonicalize_name(requirement.name), one) for one in ("", *requirement.extras)} - found:
            found.add(key)
            with suppress(PackageNotFoundError):
                pending += [(Requirement(one), key[1]) for one in requires(key[0]) or ()]
    return {name for name, _ in found}


def test_constraints_pin_exactly_what_is_needed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines)
    assert lines == sorted(lines)
    assert {(name, version(name)) for name in distributions(direct)} <= pinned.items()
    assert pinned.keys() <= distributions(direct, anywhere=True)
    for requirement in map(Requirement, direct):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement
