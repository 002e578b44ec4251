"""Plans the writing of a folder: which files to write and remove, and what to leave alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.entries import is_writable, nearest, printable, status
from peru_asia_graph.files.manifest import JOURNAL, MANIFEST, Journal, digest, read_journal, read_manifest

# The possible digests of the files that pag wrote, by name; an empty collection allows any.
Known = Mapping[str, Collection[str]]
_SHOWN: Final = 20


@dataclass(frozen=True)
class FolderPlan:
    """Files to write (the manifest last) and to remove, and the relative names of what else is there.

    ``left`` are files, links and folders that pag did not write, and edited files that are no longer written;
    ``edited`` are edited files that will be replaced; ``journal`` is that of an interrupted write.
    """

    write: dict[str, bytes] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    journal: Journal | None = None

    @property
    def changes(self) -> bool:
        return bool(self.write or self.remove)


def make_plan(root: Path, files: Mapping[str, bytes], known: Known, by_people: Collection[str] = ()) -> FolderPlan:
    """Return the plan for making a folder hold these files; raise WrongUse with everything that is in the way.

    An edited file that is one of ``by_people`` is in the way, too.
    """
    plan = FolderPlan(journal=read_journal(root))
    obstacles: dict[str, str] = {}
    if plan.journal is None and status(root / JOURNAL) is not None:
        obstacles[JOURNAL] = "needed as a lock file"
    for name, data in files.items():
        obstacle = _find_obstacle(root, name) or _compare(root, name, data, known, plan)
        if obstacle is not None:
            obstacles.setdefault(*obstacle)
    obstacles |= {name: "edited since pag wrote it" for name in plan.edited if name in by_people}
    for name, digests in sorted(known.items()):
        if name not in files and _may_remove(root, name, digests):
            plan.remove.append(name)
    # Only files that must change need write permission.
    for name in plan.write:
        obstacles |= _find_read_only(root, name)
    if obstacles:
        raise WrongUse(_refusal(root, obstacles))
    ours = {*files, *plan.remove, JOURNAL}
    folders = {str(folder) for name in ours for folder in PurePosixPath(name).parents}
    staging = "" if plan.journal is None else plan.journal.staging
    plan.left.extend(name for name in _others(root, "", ours, folders) if name != f"{staging}/")
    return plan


def read_known(root: Path) -> Known | None:
    """Return the files of earlier writes with their digests; None if this program did not write the folder."""
    journal = read_journal(root)  # first, because a writer removes it once the manifest is in place
    manifest = read_manifest(root)
    if manifest is None and (journal is None or not journal.digests):
        return None
    known: dict[str, set[str]] = {} if manifest is None else {MANIFEST: set()}
    for record in (manifest, journal):
        for name, value in ({} if record is None else record.digests).items():
            known.setdefault(name, set()).update(value.split())
    return known


def find_writer(root: Path) -> str:
    """Return the command that wrote a folder, or an empty string if the folder does not say."""
    return next((one.command for one in (read_manifest(root), read_journal(root)) if one and one.command), "")


def is_empty(root: Path) -> bool:
    """Return whether a folder is missing or empty except for a lock file."""
    if status(root) is None:
        return True
    names = {path.name for path in root.iterdir()}
    return not names or (names == {JOURNAL} and read_journal(root) is not None)


def _find_obstacle(root: Path, name: str) -> tuple[str, str] | None:
    """Return the first entry on the path to a file that is of the wrong kind, and what it is."""
    *folders, _ = PurePosixPath(name).parts
    path = root
    for part in folders:
        path /= part
        found = status(path)
        if found is None:
            return None
        if not stat.S_ISDIR(found.st_mode):
            return path.relative_to(root).as_posix(), _describe(found)
    found = status(root / name)
    if found is None or stat.S_ISREG(found.st_mode):
        return None
    return name, _describe(found)


def _describe(found: os.stat_result) -> str:
    mode = found.st_mode
    kinds = {stat.S_ISLNK: "a link", stat.S_ISDIR: "a folder", stat.S_ISREG: "a file"}
    return next((text for is_kind, text in kinds.items() if is_kind(mode)), "a special file")


def _compare(root: Path, name: str, data: bytes, known: Known, plan: FolderPlan) -> tuple[str, str] | None:
    """Add a file to the plan if it is missing or differs; return it as an obstacle if pag did not write it."""
    path = root / name
    if status(path) is not None:
        there = path.read_bytes()
        if there == data:
            return None
        if name not in known:
            return name, "a file that pag did not write"
        if known[name] and digest(there) not in known[name]:
            plan.edited.append(name)
    plan.write[name] = data
    return None


def _may_remove(root: Path, name: str, digests: Collection[str]) -> bool:
    if _find_obstacle(root, name) is not None or status(root / name) is None or _find_read_only(root, name):
        return False
    return not digests or digest((root / name).read_bytes()) in digests


def _find_read_only(root: Path, name: str) -> dict[str, str]:
    """Return the file and its folder (or the nearest existing parent), if they are read-only."""
    path, found = root / name, {}
    if status(path) is not None and not is_writable(path):
        found[name] = "a read-only file"
    folder = nearest(path.parent)
    if not is_writable(folder):
        inside = folder == root or root in folder.parents
        found[folder.relative_to(root).as_posix() if inside else str(folder)] = "a read-only folder"
    return found


def _others(root: Path, inside: str, ours: Collection[str], folders: Collection[str]) -> Iterator[str]:
    """Yield the entries that are not ours; a folder with none of our files is one entry, ending in a slash."""
    folder = root / inside
    if status(folder) is None:
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        name = f"{inside}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if name in folders:
                yield from _others(root, f"{name}/", ours, folders)
            else:
                yield f"{name}/"
        elif name not in ours or not entry.is_file(follow_symlinks=False):
            yield name


def _refusal(root: Path, obstacles: Mapping[str, str]) -> str:
    shown = [f"{printable(name)} ({what})" for name, what in list(obstacles.items())[:_SHOWN]]
    if len(obstacles) > _SHOWN:
        shown.append(f"and {len(obstacles) - _SHOWN} more")
    listed = ", ".join(shown)
    return f"nothing was written to {printable(root)}; in the way: {listed}; move them away or make them writable"
