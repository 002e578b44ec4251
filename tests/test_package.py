"""The wheel alone is a working program, without a checkout or network access."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from folders import read_folder
from own_project import make_own_project
from peru_asia_graph.build.pipeline import Report, build
from whole_build import SETTINGS

ROOT = Path(__file__).parents[1]
START = "from peru_asia_graph.cli import main; sys.argv[1:] = "
OTHERWISE = {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, cwd: Path, code: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run Python with the package available only from the unpacked wheel."""
    start = f"import sys; sys.path.insert(0, {str(installed)!r}); "
    settings = {**os.environ, "PYTHONSAFEPATH": "1", **more}
    return subprocess.run([sys.executable, "-c", start + code], capture_output=True, cwd=cwd, env=settings, check=False)


def test_wheel_contains_all_data(installed: Path) -> None:
    share = installed / "peru_asia_graph" / "share"
    assert read_folder(share / "exports") == read_folder(ROOT / "exports")  # offered by pag serve and pag site
    assert (share / "data" / "sanborn-yong" / "stakes.csv").is_file()
    assert (share / "ontology" / "questions" / "who-owns.rq").is_file()
    assert (share / "docs" / "how-to" / "import.md").is_file()
    assert (installed / "peru_asia_graph" / "py.typed").is_file()


def test_wheel_answers_a_question(installed: Path, tmp_path: Path) -> None:
    code = (
        "import peru_asia_graph as p; assert p.__file__.startswith(sys.path[0]), p.__file__; "
        "print(len(p.load().ask('who-owns', asset='Antamina')))"
    )
    done = run(installed, tmp_path, code)
    assert done.stdout == b"5\n", done.stderr.decode()


def test_build_outside_a_project_explains_what_to_do(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, START + "['build']; main()")
    assert done.returncode == 2 and b"there is no project folder here" in done.stderr and b"-o FOLDER" in done.stderr


def test_a_message_names_a_page_of_the_documentation_that_is_there(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Mine\nMina Uno\n", "utf-8")
    (tmp_path / "t.csv-metadata.json").write_text("[]", "utf-8")
    done = run(installed, tmp_path, START + "['import', 'table', 't.csv', '--as', 'mine']; main()")
    page = done.stderr.decode().strip().rpartition(" in ")[2]
    assert done.returncode == 2 and "## Import any table" in Path(page).read_text("utf-8"), done.stderr.decode()


@pytest.mark.long
def test_build_is_reproducible_across_seeds_locales_and_folders(installed: Path, tmp_path: Path, built: Report) -> None:
    assert not OTHERWISE.items() & SETTINGS.items()  # the settings of ``whole_build``
    done = run(installed, tmp_path, START + "['build', '-q', '-o', 'here']; main()", **OTHERWISE)
    assert done.returncode == 0, done.stderr.decode()
    assert read_folder(tmp_path / "here") == built.files


@pytest.mark.slow
@pytest.mark.parametrize("shipped", [False, pytest.param(True, marks=pytest.mark.long)])
def test_wheel_builds_a_user_project(installed: Path, tmp_path: Path, shipped: bool) -> None:
    """The result equals that of the checkout in another folder, with another hash seed and locale."""
    project, more = make_own_project(tmp_path / "own"), ["--with-shipped"] * shipped
    (project.root / "below").mkdir()
    done = run(installed, project.root / "below", START + f"['build', '-q', *{more}]; main()", **OTHERWISE)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    here = make_own_project(tmp_path / "another")
    build(here, with_shipped=shipped)
    assert read_folder(project.exports) == read_folder(here.exports)
    for asset, owner in (("My Mine", b"My Holding,80,"), ("Block 8", b"Pluspetrol Norte S.A.,60,"))[: 1 + shipped]:
        done = run(installed, project.root / "below", f"{START}['owners', {asset!r}]; main()")
        assert owner in done.stdout, done.stderr.decode()


@pytest.mark.slow
def test_wheel_serves_a_page(installed: Path, tmp_path: Path) -> None:
    code = (
        "from peru_asia_graph.web.jobs import JobRunner; runner = JobRunner.open(None, 10**7); "
        "page = {'job': 'page', 'name': 'thing', 'given': {'iri': 'https://w3id.org/peru-asia-graph/id/block-8', "
        "'pictures': []}}; print(runner.run(page)[1].decode().count('Direct holders'))"
    )
    done = run(installed, tmp_path, code)
    assert done.stdout == b"1\n", done.stderr.decode()
    assert (installed / "peru_asia_graph" / "site" / "static" / "query.js").is_file()
