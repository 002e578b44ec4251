"""The command line, ``pag`` or ``peru-asia-graph``. A command's module is imported only when the command runs."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from keyword import iskeyword
from typing import Any, Final

import click

from peru_asia_graph.cli.options import PROJECT_HELP
from peru_asia_graph.files.signals import clean_up_on_signals

# One row per command: name, module in this package, short help.
COMMANDS: Final = (
    ("build", "build", "Check the tables, build the graph and write the exports."),
    ("check", "build", "Check the tables and the graph; write nothing."),
    ("query", "ask", "Run a SPARQL query from text, a file or stdin."),
    ("ask", "ask", "Answer a named question."),
    ("questions", "ask", "List the named questions."),
    ("search", "ask", "Search names of things, questions and statements."),
    ("show", "ask", "Show everything about one thing, with citations."),
    ("between", "ask", "Show how two things are linked, step by step."),
    ("owners", "owners", "Show who owns an asset, directly or indirectly, in a year."),
    ("holdings", "owners", "Show what an owner holds, directly or indirectly, in a year."),
    ("control", "owners", "Show what an owner controls."),
    ("diff", "owners", "Show which owners were added or removed between two years."),
    ("ties", "owners", "Show what share is tied to which state."),
    ("sources", "sources", "List the sources, with dates and licences."),
    ("differences", "sources", "Show where the sources differ, overall or on one thing."),
    ("import", "import_files", "Create a source from files in another format."),
    ("match", "match", "Suggest which things in different sources are the same."),
    ("new-source", "sources", "Create a source: a folder of empty tables."),
    ("audit", "sources", "Recompute the sources' own claims."),
    ("network", "export", "Write a network: all, ownership or diplomacy."),
    ("view", "export", "Write an interactive HTML page."),
    ("site", "serve", "Write the whole site to a folder, for any web host."),
    ("serve", "serve", "Serve pages, linked data and a SPARQL endpoint."),
    ("mcp", "serve", "Serve the graph to an AI assistant (MCP)."),
    ("load", "stores", "Load RDF files into a store on disk."),
    ("push", "stores", "Send the graph to a SPARQL server."),
    ("export", "export", "Write the graph, a network or a flat table to a file."),
)
_CANNOT_WRITE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
# Paths that the operating system rejects; its message says why.
_REFUSED: Final = (errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.ELOOP)
EXAMPLES: Final = """\
Five commands to try:

  pag ask who-owns -p asset="Block 8"
  pag ask timeline -p country=China
  pag show "Mina Justa"
  pag query 'SELECT ?label WHERE { ?x a pag:HydrocarbonBlock ; rdfs:label ?label }'
  pag view ownership -o ownership.html

All commands: pag --help
"""


class LazyGroup(click.Group):
    """The group of the commands in `COMMANDS`, which are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in order."""
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for name, module, _ in COMMANDS:
            if name == cmd_name:
                loaded = importlib.import_module(f"peru_asia_graph.cli.{module}")
                command = getattr(loaded, name.replace("-", "_") + "_" * iskeyword(name))
                return command if isinstance(command, click.Command) else None
        return None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command; suggest a close name for an unknown one."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from peru_asia_graph.errors import join_or, suggest

            near = suggest(args[0], self.list_commands(ctx))
            meant = f" Did you mean {join_or(near)}?" if near else " List them: pag --help"
            if args[0] == "help":
                meant = " For help: pag --help, or pag COMMAND --help"
            raise click.UsageError(f"there is no command '{args[0]}'.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, _, short in COMMANDS])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--project", metavar="DIR", help=PROJECT_HELP)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def pag(ctx: click.Context, project: str | None, debug: bool, version: bool) -> None:
    """Who owns which Peruvian mine and oil block, and how Peru dealt with Asia.

    One graph of a paper (Sanborn & Yong) and other sources, kept apart and compared; every fact has a citation.
    """
    if project is not None:
        from peru_asia_graph.paths import use_project

        ctx.with_resource(use_project(project))
    if version:
        from importlib.metadata import version as installed

        click.echo(f"peru-asia-graph {installed('peru-asia-graph')}")
    elif ctx.invoked_subcommand is None:
        click.echo(EXAMPLES, nl=False)


def main() -> None:
    """Run the command line and exit; errors of this package become a message and an exit code."""
    _open_closed_streams()
    clean_up_on_signals()
    code = _run()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 0
    except OSError as error:
        code = code or _report_full(error)
    # A normal exit would first free the graph object by object, which takes a tenth of the time of `pag query`.
    os._exit(code)


def _open_closed_streams() -> None:
    """Replace closed standard streams (``pag … >&-``), so that no file opened later gets their descriptors.

    Writing to a closed stdout then fails as for any output that cannot be written; messages to stderr are lost.
    """
    for number, name, flags in ((1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            stand_in = os.open(os.devnull, flags)
            if stand_in != number:
                os.dup2(stand_in, number)
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def _report_full(error: OSError) -> int:
    click.echo(f"Error: the output cannot be written: {error.strerror}; part of it may have been written", err=True)
    return 2


def _run() -> int:
    from peru_asia_graph.errors import BadInput, CheckFailed, PeruAsiaGraphError
    from peru_asia_graph.paths import working_folder

    try:
        pag.main(prog_name="pag", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.UsageError as error:
        from peru_asia_graph.cli.usage_errors import show_usage_error

        show_usage_error(error)
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except BrokenPipeError:
        # The pipe was closed (``pag … | head``): stop without an error message.
        return 0
    except OSError as error:
        # Errors in writing other files are handled where they are written; this is standard output.
        if error.errno in _CANNOT_WRITE:
            return _report_full(error)
        if working_folder() is None:
            click.echo("Error: the current folder has been removed; change to another one (cd)", err=True)
            return 2
        if error.errno in _REFUSED and error.filename is not None and "--debug" not in sys.argv:
            click.echo(f"Error: {os.fsdecode(error.filename)}: {error.strerror}; name another file or folder", err=True)
            return 2
        raise
    except PeruAsiaGraphError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(str(error) if isinstance(error, (BadInput, CheckFailed)) else f"Error: {error}", err=True)
        return error.exit_code
    return 0
