"""Folder contents, by relative name."""

from __future__ import annotations

from pathlib import Path

from peru_asia_graph.files.manifest import MANIFEST


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its relative name, except the writer's manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in named.items() if name != MANIFEST}


def snapshot(folder: Path) -> dict[str, object]:
    """Return everything below a folder: file contents, link targets and permissions; links are not followed."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        content: object = None
        if path.is_symlink():
            content = str(path.readlink())
        elif path.is_file():
            content = path.read_bytes()
        found[path.relative_to(folder).as_posix()] = (oct(path.lstat().st_mode), content)
    return found
