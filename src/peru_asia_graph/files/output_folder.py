"""Writing a folder of files without touching anything else in it.

The folder's manifest records what was written. Only files recorded there are replaced or removed, and the manifest is
renamed into place last. Every file is complete at any moment; the next write finishes an interrupted one.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.entries import cannot_write, is_writable, nearest, printable, status, sync, write_synced
from peru_asia_graph.files.folder_plan import FolderPlan, find_writer, is_empty, make_plan, read_known
from peru_asia_graph.files.lock import exclusive_lock
from peru_asia_graph.files.manifest import JOURNAL, MANIFEST, Journal, digest, new_staging_name, write_manifest
from peru_asia_graph.files.signals import signals_deferred


@dataclass(frozen=True)
class FolderReport:
    """What writing a folder did: whether anything changed, and the relative names of what was found there.

    ``left`` are files, links and folders that pag did not write; ``edited`` are files that pag wrote, had been edited
    since, and were replaced.
    """

    changed: bool
    left: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)


def write_folder(
    folder: Path,
    files: Mapping[str, bytes],
    command: str = "",
    by_people: Collection[str] = (),
    dry_run: bool = False,
) -> FolderReport:
    """Write files and a manifest to a folder, and leave whatever others have put there; with ``dry_run`` only check.

    Files of an earlier write that are not among the new ones are removed, unless they were edited. ``command`` is
    recorded in the manifest, and other commands then refuse the folder. Raises WrongUse, before anything is written, if
    the folder is not empty and not from this command, or if a file that pag did not write, a link, a read-only file or
    an edited file of ``by_people`` is in the way; BuildRunning if another process keeps writing to the folder.
    """
    root = find_folder(folder)
    created = status(root) is None and not dry_run
    try:
        if dry_run or not _is_ours(root) or not is_writable(nearest(root)):
            plan = _plan(root, files, command, by_people)  # raises unless there is nothing to change
        else:
            root.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(root / JOURNAL) as handle:
                plan = _plan(root, files, command, by_people)
                _write(root, plan, handle, command)
    except OSError as error:
        raise cannot_write(folder, error, "nothing was changed") from error
    finally:
        if created:
            _remove_empty(root)
    return FolderReport(plan.changes, plan.left, plan.edited)


def check_folder(folder: Path, command: str = "") -> None:
    """Raise WrongUse unless a folder is missing, empty or written by this command."""
    root = find_folder(folder)
    if not _is_ours(root):
        raise _not_ours(folder)
    _check_writer(root, command)


def find_folder(folder: Path) -> Path:
    """Return the real path of a folder, following links; raise WrongUse if it is something else."""
    root = Path(os.path.realpath(folder))
    found = status(root)
    if found is None and folder.is_symlink():
        raise WrongUse(f"{printable(folder)} is a link to {printable(root)}, which does not exist; create that folder")
    if found is not None and stat.S_ISLNK(found.st_mode):
        raise WrongUse(f"{printable(folder)} is a link that leads back to itself; name a folder")
    if found is not None and not stat.S_ISDIR(found.st_mode):
        raise WrongUse(f"{printable(folder)} is not a folder; name a folder")
    return root


def _is_ours(root: Path) -> bool:
    # The order matters, because another process may be writing the folder for the first time.
    return is_empty(root) or read_known(root) is not None


def _check_writer(root: Path, command: str) -> None:
    """Raise WrongUse if a folder was written by another command."""
    writer = find_writer(root)
    if command and writer not in ("", command):
        raise WrongUse(
            f"{printable(root)} was written by {printable(writer)}, not {command}; name an empty or new folder"
        )


def _plan(root: Path, files: Mapping[str, bytes], command: str, by_people: Collection[str]) -> FolderPlan:
    _check_writer(root, command)
    known = read_known(root)
    if known is None:
        if not is_empty(root):
            return _plan_identical(root, files)
        known = {}
    return make_plan(root, {**files, MANIFEST: write_manifest(files, command)}, known, by_people)


def _plan_identical(root: Path, files: Mapping[str, bytes]) -> FolderPlan:
    """Return an empty plan for a foreign folder that already holds the same files; raise WrongUse for any other."""
    for name, data in files.items():
        path = root / name
        if not path.is_file() or path.read_bytes() != data:
            raise _not_ours(root)
    return FolderPlan()


def _not_ours(folder: Path) -> WrongUse:
    return WrongUse(f"{printable(folder)} contains files that pag did not write; name an empty or new folder")


def _write(root: Path, plan: FolderPlan, handle: int, command: str) -> None:
    before = plan.journal or Journal()
    if not plan.changes and before == Journal():
        return
    _discard(root, before)
    digests = {name: digest(data) for name, data in plan.write.items() if name != MANIFEST}
    journal = Journal(new_staging_name(), before.or_else(digests), command)
    try:
        journal.save(handle)
        _stage(root / journal.staging, root, plan.write)
    except BaseException as error:
        with signals_deferred():
            _discard(root, journal)
            Journal("", before.digests, before.command).save(handle)
        if isinstance(error, OSError):
            raise cannot_write(root, error, "the old files are unchanged") from error
        raise
    try:
        with signals_deferred():
            _install(root, journal.staging, plan)
            _discard(root, journal)
            Journal().save(handle)
    except OSError as error:
        raise cannot_write(root, error, "run the command again to finish") from error


def _stage(staging: Path, root: Path, files: Mapping[str, bytes]) -> None:
    staging.mkdir()
    for name, data in files.items():
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, data, status(root / name))


def _install(root: Path, staging: str, plan: FolderPlan) -> None:
    """Rename the staged files into place and remove those no longer written; the manifest comes last."""
    changed = {root}
    for name in plan.write:
        if name != MANIFEST:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            changed |= {root / folder for folder in PurePosixPath(name).parents}
            (root / staging / name).replace(root / name)
    for name in plan.remove:
        (root / name).unlink(missing_ok=True)
        for parent in PurePosixPath(name).parents[:-1]:
            _remove_empty(root / parent)
    for folder in changed:
        sync(folder)
    if MANIFEST in plan.write:
        (root / staging / MANIFEST).replace(root / MANIFEST)
        sync(root)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _discard(root: Path, journal: Journal) -> None:
    if journal.staging:
        shutil.rmtree(root / journal.staging, ignore_errors=True)
