"""Says how to write a command line that could not be parsed."""

from __future__ import annotations

import click


def show_usage_error(error: click.UsageError) -> None:
    """Print the error, what is the likely slip, and the example of the command."""
    error.show()
    command = error.ctx.command if error.ctx is not None else None
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        return
    if isinstance(command, click.Group):
        if isinstance(error, click.NoSuchOption):
            click.echo('Options of a command follow its name, as in: pag owners "Block 8" -f csv', err=True)
    elif command is not None:
        if error.message.startswith("Got unexpected extra argument"):
            click.echo(_too_many(command), err=True)
        click.echo(command.epilog or "", err=True)


def _too_many(command: click.Command) -> str:
    if any(isinstance(one, click.Argument) for one in command.params):
        return "A name that contains spaces needs quotes."
    return "This command takes options only."
