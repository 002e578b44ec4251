"""The list of the files this program wrote to a folder, kept in the folder: ``manifest.json``.

While files are being replaced, a journal lists the files of the new version, so that the next writer can recognise and
finish an interrupted write.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from peru_asia_graph.files.entries import status

MANIFEST: Final = "manifest.json"
JOURNAL: Final = ".pag-journal"
_MADE_BY: Final = "peru-asia-graph"
_STAGING: Final = re.compile(r"(\.new-[0-9a-f]{12})?")
# The end of a JSON object written with an indent: only its own bracket stands at the start of a line.
_END: Final = b"\n}\n"
_JOURNAL_START: Final = f'{{\n "made_by": "{_MADE_BY}",\n "staging": '.encode()


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's content in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write_manifest(files: Mapping[str, bytes], command: str = "") -> bytes:
    """Return the manifest of these files, written by a command; the same files give the same bytes."""
    digests = {name: digest(data) for name, data in sorted(files.items())}
    return json_bytes({"made_by": _MADE_BY, **_optional(command), "sha256": digests})


@dataclass(frozen=True)
class Journal:
    """The files that a command wrote, or is writing: the staging folder of a write in progress, the digests by name.

    After interrupted writes, a file may have one of several digests, separated by spaces.
    """

    staging: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    command: str = ""

    def or_else(self, digests: Mapping[str, str]) -> dict[str, str]:
        """Return the digests that files may have if these, too, are being written."""
        both = {name: [*self.digests.get(name, "").split(), *digests.get(name, "").split()]
                for name in {**self.digests, **digests}}  # fmt: skip
        return {name: " ".join(dict.fromkeys(values)) for name, values in both.items()}

    def save(self, handle: int) -> None:
        """Write the journal to its open file and sync it to disk; an empty journal empties the file.

        The new content replaces the old one at once; the rest of a longer old one is cut off afterwards.
        """
        content = {
            "made_by": _MADE_BY,
            "staging": self.staging,
            **_optional(self.command),
            "sha256": dict(self.digests),
        }
        data = b"" if self == Journal() else json_bytes(content)
        os.pwrite(handle, data, 0)
        os.ftruncate(handle, len(data))
        os.fsync(handle)


def read_manifest(folder: Path) -> Journal | None:
    """Return the manifest of a folder; None if it has none by this program."""
    content = _decode(_read(folder / MANIFEST) or b"")
    digests = _digests(content)
    return None if digests is None else Journal("", digests, _command(content))


def read_journal(folder: Path) -> Journal | None:
    """Return the journal of a write in progress or interrupted; None if there is none by this program."""
    data = _read(folder / JOURNAL)
    if data is None or not data.startswith(_JOURNAL_START[: len(data)]):
        return None
    content = _decode(data.partition(_END)[0] + _END)  # what follows is the rest of an earlier journal
    staging, digests = content.get("staging"), _digests(content)
    if digests is None or not isinstance(staging, str) or not _STAGING.fullmatch(staging):
        return Journal()  # its writer was killed before it had written anything else
    return Journal(staging, digests, _command(content))


def new_staging_name() -> str:
    return f".new-{os.urandom(6).hex()}"


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return a JSON object as the bytes of a file, one value per line."""
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _read(file: Path) -> bytes | None:
    found = status(file)
    return file.read_bytes() if found is not None and stat.S_ISREG(found.st_mode) else None


def _decode(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):  # not JSON, or nested too deeply
        return {}
    return content if isinstance(content, dict) else {}


def _optional(command: str) -> dict[str, str]:
    return {"command": command} if command else {}


def _command(content: Mapping[str, Any]) -> str:
    command = content.get("command")
    return command if isinstance(command, str) else ""


def _digests(content: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the digests; None if the content is not by this program or names a file outside the folder."""
    digests = content.get("sha256")
    if content.get("made_by") != _MADE_BY or not isinstance(digests, dict):
        return None
    good = all(_is_inside(name) and isinstance(value, str) for name, value in digests.items())
    return digests if good else None


def _is_inside(name: object) -> bool:
    """Return whether a name is a normalised relative path below the folder."""
    if not isinstance(name, str) or not name or "\0" in name or ".." in name.split("/"):
        return False
    if not name.isascii() and name != name.encode(errors="replace").decode():
        return False  # a lone surrogate, which no file name can have
    return not name.startswith("/") and PurePosixPath(name).as_posix() == name and name != "."
