"""Filtered imports of large files compared with a bare fast reader using the same filter.

The bare readers (``csv.reader`` or msgspec structs) collect the selected rows and do nothing else; they read each file
as often as needed to keep only those rows in memory. Whole processes run in turn, start-up included; the lowest CPU
time of each counts, since other work on the machine can only add to it. *Kept alone* is the import of a file with only
the selected rows: the rest of the full import's time is spent on reading.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from foreign_files import WRITERS
from report import machine, replace_part

ROUNDS: Final = 3
Lines = list[Any]


def bare_gleif(files: Sequence[Path]) -> list[Lines]:
    """Return the Peruvian entities with parents and subsidiaries, and the relationships among them."""
    level_1, level_2 = files
    local: set[str] = set()
    with level_1.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        columns = [header.index(f"Entity.{one}") for one in ("LegalJurisdiction", "LegalAddress.Country",
                                                             "HeadquartersAddress.Country")]  # fmt: skip
        for row in reader:
            if any(row[at][:2] == "PE" for at in columns):
                local.add(row[0])
    kept = set(local)
    with level_2.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row[0] in local or row[2] in local:
                kept |= {row[0], row[2]}
    with level_1.open(encoding="utf-8", newline="") as file:
        entities = [header, *(row for row in csv.reader(file) if row[0] in kept)]
    with level_2.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        return [entities, [next(reader), *(row for row in reader if row[0] in kept and row[2] in kept)]]


def bare_comtrade(files: Sequence[Path]) -> list[Lines]:
    """Return the figures with Peru as reporter or partner."""
    with files[0].open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        reporter, partner = header.index("reporterCode"), header.index("partnerCode")
        return [[header, *(row for row in reader if row[reporter] == "604" or row[partner] == "604")]]


def bare_bods(files: Sequence[Path]) -> list[Lines]:
    """Return the statements about Peruvian entities, about their ownership, and about the holders."""
    import msgspec

    place = msgspec.defstruct("Place", [("code", str, "")])
    details = msgspec.defstruct(
        "Details", [("jurisdiction", place | None, None), ("subject", Any, None), ("interestedParty", Any, None)]
    )
    fields = [("recordId", str), ("recordType", str), ("recordDetails", details)]
    decode = msgspec.json.Decoder(msgspec.defstruct("Record", fields)).decode
    kept: set[str] = set()
    with files[0].open("rb") as file:
        for line in file:
            one = decode(line)
            about = one.recordDetails
            if about.jurisdiction is not None and one.recordType == "entity":
                if about.jurisdiction.code[:2] == "PE":
                    kept.add(one.recordId)
            elif about.subject in kept:
                kept |= {one.recordId, about.interestedParty}
    return [list(_lines_of(files[0], "recordId", kept))]


def bare_ftm(files: Sequence[Path]) -> list[Lines]:
    """Return the Peruvian entities, the links to them, and the entities at the other ends of the links."""
    import msgspec

    names = ("jurisdiction", "mainCountry", "country", "nationality", "owner", "asset")
    properties = msgspec.defstruct("Properties", [(name, list[str], []) for name in names])
    decode = msgspec.json.Decoder(
        msgspec.defstruct("Entity", [("id", str), ("schema", str), ("properties", properties)])
    ).decode
    found: set[str] = set()
    with files[0].open("rb") as file:
        for one in map(decode, file):
            had = one.properties
            if "pe" in (*had.jurisdiction, *had.mainCountry, *had.country, *had.nationality):
                found.add(one.id)
    kept = set(found)
    with files[0].open("rb") as file:
        for one in map(decode, file):
            if one.schema == "Ownership" and one.properties.asset[0] in found:
                kept |= {one.id, one.properties.owner[0]}
    return [list(_lines_of(files[0], "id", kept))]


def _lines_of(path: Path, name: str, kept: set[str]) -> Iterator[bytes]:
    import msgspec

    decode = msgspec.json.Decoder(msgspec.defstruct("Thin", [(name, str)])).decode
    with path.open("rb") as file:
        for line in file:
            if getattr(decode(line), name) in kept:
                yield line


BARE: Final[dict[str, Callable[[Sequence[Path]], list[Lines]]]] = {
    "gleif": bare_gleif, "bods": bare_bods, "ftm": bare_ftm, "comtrade": bare_comtrade,
}  # fmt: skip


class Run(NamedTuple):
    """CPU seconds and peak memory, in MiB, of a process."""

    seconds: float
    peak: float


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a command that must succeed, writing its output to a file."""
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {(folder / 'output.txt').read_text('utf-8')[:2000]}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def least(runs: Sequence[Run]) -> Run:
    """Return the lowest time and the highest peak."""
    return Run(min(one.seconds for one in runs), max(one.peak for one in runs))


def measure(form: str, rows: int, rounds: int, folder: Path) -> list[str]:
    """Return the table row of one format."""
    files = WRITERS[form](folder, rows)
    alone = [folder / f"kept-{path.name}" for path in files]
    project = folder / "project"

    def run_ours(given: Sequence[Path]) -> Run:
        shutil.rmtree(project, ignore_errors=True)
        project.mkdir()
        return run([*ours, *map(str, given)], folder)

    ours = [sys.executable, "-m", "peru_asia_graph", "import", form, "--as", "bench", "--country", "PE"]
    ours += ["--date", "2024", "--project", str(project)]
    bare = [sys.executable, __file__, "--bare", form, *map(str, files)]
    run([*bare, "--out", *map(str, alone)], folder)
    pairs = [(run(bare, folder), run_ours(files)) for _ in range(rounds)]
    kept = least([run_ours(alone) for _ in range(rounds)])
    plain, found = least([one for one, _ in pairs]), least([one for _, one in pairs])
    read = found.seconds - kept.seconds
    count = sum(path.read_bytes().count(b"\n") for path in alone)
    for path in (*files, *alone):
        path.unlink()
    return [form, f"{rows:,}", f"{count:,}", f"{plain.seconds:.2f}", f"{found.seconds:.2f}",
            f"{found.seconds / plain.seconds:.2f}", f"{kept.seconds:.2f}", f"{read / plain.seconds:.2f}",
            f"{plain.peak:.0f}", f"{found.peak:.0f}", f"{kept.peak:.0f}"]  # fmt: skip


HEAD: Final = ("format", "rows", "kept", "bare, s", "import, s", "ratio", "kept alone, s", "ratio of reading",
               "bare, MiB", "import, MiB", "kept alone, MiB")  # fmt: skip


def write_kept(form: str, files: Sequence[Path], out: Sequence[Path]) -> None:
    """Run a bare reader and write the rows it selects."""
    for path, found in zip(out, BARE[form](files), strict=False):
        if found and isinstance(found[0], bytes):
            path.write_bytes(b"".join(found))
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_ALL).writerows(found)


def main() -> None:
    """Measure every format, or run one bare reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--bare", choices=list(BARE))
    parser.add_argument("--out", type=Path, nargs="*", default=[])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--form", action="append", choices=list(WRITERS), default=[])
    given = parser.parse_args()
    if given.bare:
        write_kept(given.bare, given.files, given.out)
        return
    text = given.out[0].read_text("utf-8") if given.out and given.out[0].exists() else ""
    # Keep the rows of formats that are not measured this time.
    before = {
        line.split()[1]: line for line in text.splitlines() if line.startswith(tuple(f"| {one} |" for one in BARE))
    }
    lines = [f"Measured {machine()}.", "", "| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    with tempfile.TemporaryDirectory() as name:
        for form in WRITERS:
            if form in (given.form or WRITERS):
                before[form] = "| " + " | ".join(measure(form, given.rows, given.rounds, Path(name))) + " |"
                print(before[form], file=sys.stderr, flush=True)
            lines += [before[form]] if form in before else []
    if given.out:
        given.out[0].write_text(replace_part(text, "imports", "\n".join(lines)), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
