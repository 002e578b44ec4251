"""The command line in real processes: output and exit codes."""

from __future__ import annotations

import gc
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from peru_asia_graph.cli import COMMANDS, EXAMPLES, LazyGroup, pag
from peru_asia_graph.web.limits import Limits
from tiny import copy_tiny

ROOT = Path(__file__).parents[1]


def run(command: str, cwd: Path | None = None, given: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a ``pag`` command line in a process of its own."""
    words = [sys.executable, "-m", "peru_asia_graph", *shlex.split(command)[1:]]
    settings = {**os.environ, "COLUMNS": "80", **env}
    return subprocess.run(words, capture_output=True, cwd=cwd, input=given, env=settings, timeout=120, check=False)


def commands() -> list[click.Command]:
    group, context = pag, click.Context(pag)
    assert isinstance(group, LazyGroup)
    return [command for name in group.list_commands(context) if (command := group.get_command(context, name))]


def test_bare_pag_prints_five_examples() -> None:
    done = run("pag")
    examples = [line for line in done.stdout.decode().splitlines() if line.startswith("  pag ")]
    assert done.returncode == 0 and len(examples) == 5


@pytest.mark.slow
@pytest.mark.parametrize("line", [line.strip() for line in EXAMPLES.splitlines() if line.startswith("  pag ")])
def test_the_five_examples_work(tmp_path: Path, line: str) -> None:
    done = run(line, tmp_path)
    assert done.returncode == 0, done.stderr.decode()


def test_every_help_text_has_an_example() -> None:
    assert all((command.epilog or "").startswith("Example: pag ") for command in commands())


@pytest.mark.slow
# push needs a server, serve and mcp are servers, site is slow; all are run in the tests of the stores, the web, the
# assistants and the static site.
@pytest.mark.parametrize(
    "command",
    [command for command in commands() if command.name not in ("push", "serve", "mcp", "site")],
    ids=lambda command: str(command.name),
)
def test_help_example_runs(tmp_path: Path, command: click.Command) -> None:
    assert command.epilog
    line = command.epilog.removeprefix("Example: ").replace("exports/", f"{ROOT}/exports/")
    own = command.name in ("build", "check")
    done = run(line, copy_tiny(tmp_path).root if own else tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert b"no chain of at most" not in done.stderr


def test_serve_and_mcp_share_the_default_timeout() -> None:
    timeouts = {str(one.name): param.default for one in commands() for param in one.params if param.name == "timeout"}
    assert timeouts == dict.fromkeys(("serve", "mcp"), Limits.timeout)


def test_short_help_in_the_table_matches_the_command() -> None:
    for command, (name, _, short) in zip(commands(), COMMANDS, strict=True):
        assert command.name == name and short
        assert (command.help or "").splitlines()[0]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("pag ask states --bom -f json", 2, "--bom is for CSV and TSV, not for json"),
        ("pag ask states --bom --show-query", 2, "leave out --bom"),
        ("pag export --bom", 2, "--bom is for CSV and TSV, not for turtle"),
        ("pag nope", 2, "there is no command 'nope'"),
        ("pag qurey x", 2, "Did you mean 'query'"),
        ("pag help owners", 2, "For help: pag --help, or pag COMMAND --help"),
        ("pag -f csv sources", 2, 'Options of a command follow its name, as in: pag owners "Block 8" -f csv'),
        ("pag owners", 2, "Missing argument 'ASSET'.\nExample: pag owners"),
        ("pag owners Block 8", 2, "A name that contains spaces needs quotes.\nExample: pag owners"),
        ("pag ties Toromocho", 2, "This command takes options only.\nExample: pag ties"),
        ("pag ask who-owns --asset Toromocho", 2, "No such option '--asset'.\nExample: pag ask who-owns -p asset="),
        ("pag query .", 2, ". is a folder; give a query, or a file that ends in .rq"),
        ("pag query 'SELECT * {'", 3, "line 1, column"),
        ("pag query nofile.rq", 2, "cannot be read"),
        ("pag query 'ASK {}' --store nowhere.ttl", 4, "nowhere.ttl"),
        ("pag ask who-own", 2, "Did you mean 'who-owns'"),
        ("pag ask who-ows", 2, "Did you mean 'who-owns'"),
        ("pag ask who-owns Toromocho", 2, "pag ask who-owns -p asset=Toromocho"),
        ("pag ask who-owns Block 8", 2, "pag ask who-owns -p 'asset=Block 8'"),
        ("pag ask sources gem", 2, "sources takes no values"),
        ("pag ask who-owns -p asset", 2, "has no value; write -p asset=…"),
        ("pag ask who-owns -p 'Block 8'", 2, "pag ask who-owns -p 'asset=Block 8'"),
        ("pag ask who-owns -p asset=Antamyna", 2, "Did you mean 'Antamina'"),
        ("pag ask visits -p self=x", 2, "no parameter of 'visits' is called 'self'"),
        ("pag show Nothing-like-it-at-all", 2, "no thing is called"),
        ("pag network ownership --year 12345", 2, "is not a year"),
        ("pag query 'ASK {}' -f turtle", 2, "rows cannot be written as turtle"),
        ("pag query 'ASK {}' -o /proc/no/such/place.csv", 2, "cannot be written"),
        ("pag view audit -o ''", 2, "'' is not the name of a file"),
        ("pag site -o ''", 2, "'' is not the name of a file or folder"),
        ("pag build -o ''", 2, "'' is not the name of a file or folder"),
        ("pag check --project ''", 2, "'' is not the name of a file or folder"),
        ("pag match --source ''", 2, "no source is called ''"),
    ],
)
def test_errors_have_an_exit_code_and_a_remedy(tmp_path: Path, line: str, code: int, said: str) -> None:
    done = run(line, tmp_path)
    assert (done.returncode, said in done.stderr.decode(), done.stdout) == (code, True, b"")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("empty", ["--year ''", "-p year="])
def test_empty_value_is_not_treated_as_missing(empty: str) -> None:
    done = run(f"pag ask stakes-in-year {empty}")
    assert (done.returncode, done.stdout) == (0, b"year is a date: The year, month or day. Names: pag ask things\n")


@pytest.mark.slow
def test_debug_shows_the_traceback() -> None:
    assert b"Traceback" in run("pag --debug show Nothing-like-it-at-all").stderr


@pytest.mark.slow
def test_query_is_read_from_argument_file_or_stdin(tmp_path: Path) -> None:
    query = "SELECT ?l { id:block-8 rdfs:label ?l }"
    (tmp_path / "q.rq").write_text(query)
    answers = {
        run(f"pag query {shlex.quote(query)}").stdout,
        run("pag query q.rq", tmp_path).stdout,
        run("pag query -", given=query.encode()).stdout,
    }
    assert answers == {b"l\nBlock 8\n"}


@pytest.mark.slow
def test_file_extension_selects_the_format(tmp_path: Path) -> None:
    run("pag query 'SELECT ?l { id:block-8 rdfs:label ?l }' -o a.json", tmp_path)
    answer = json.loads((tmp_path / "a.json").read_text())
    assert answer["results"]["bindings"][0]["l"]["value"] == "Block 8"
    run("pag query 'CONSTRUCT { id:block-8 rdfs:label ?l } { id:block-8 rdfs:label ?l }' -o a.nt", tmp_path)
    assert (tmp_path / "a.nt").read_text().strip().endswith('"Block 8"@en .')


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["query 'SELECT ?l { id:peru rdfs:label ?l }'", "export --table entities", "owners Antamina"]
)
def test_byte_order_mark_for_excel(tmp_path: Path, line: str) -> None:
    plain, marked = run(f"pag {line}").stdout, run(f"pag {line} --bom").stdout
    assert marked == b"\xef\xbb\xbf" + plain and plain
    run(f"pag {line} --bom -o answer.csv", tmp_path)
    assert (tmp_path / "answer.csv").read_bytes() == marked


def test_closed_pipe_is_not_an_error(tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m peru_asia_graph export -f nquads | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", ["site -o pages", "new-source my-register", f"build -q --check --project {ROOT}"])
def test_removed_working_directory_is_reported(words: str, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f'cd gone && rmdir ../gone && "{sys.executable}" -m peru_asia_graph {words}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=tmp_path, check=False)
    message = b"Error: the current folder has been removed; change to another one (cd)\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize("words", ["view ownership --story", "load --store store", "site -o", "export -f turtle -o"])
def test_path_refused_by_the_system_is_reported(words: str, tmp_path: Path) -> None:
    done = run(f"pag {words} {'n' * 300}", tmp_path)
    assert done.returncode == 2 and done.stderr.startswith(b"Error: ")
    assert done.stderr.endswith(f"{'n' * 300}: File name too long; name another file or folder\n".encode())


@pytest.mark.parametrize("words", ["build -o", "site -o", "export -f neo4j -o", "load x.nt --store"])
def test_path_through_a_link_to_itself_is_reported(words: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "x.nt").write_text("<x:a> <x:b> <x:c> .")
    done = run(f"pag {words} loop/out", tmp_path)
    assert done.returncode == 2 and done.stderr.startswith(b"Error: ") and done.stderr.count(b"\n") == 1
    assert b"loop/out: Too many levels of symbolic links; name another file or folder" in done.stderr


def test_show_writes_no_file(tmp_path: Path) -> None:
    run("pag show 'Block 8'", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_output_is_utf8_in_any_locale() -> None:
    done = run("pag query 'SELECT ?l { id:peru skos:prefLabel ?l } ORDER BY ?l'", LC_ALL="C", PYTHONUTF8="0")
    assert "Perú" in done.stdout.decode("utf-8")


def test_completion_offers_questions() -> None:
    done = run("pag", _PAG_COMPLETE="bash_complete", COMP_WORDS="pag ask who-o", COMP_CWORD="2")
    assert b"who-owns" in done.stdout


def test_a_command_run_from_python_leaves_garbage_collection_on(tmp_path: Path) -> None:
    CliRunner().invoke(pag, ["view", "investments", "-o", str(tmp_path / "page.html")], catch_exceptions=False)
    assert (tmp_path / "page.html").is_file() and gc.isenabled()
