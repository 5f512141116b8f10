"""The commands of `convexviz`, and what its help says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

import convexviz as cv

from . import checking, lessons, serving, solving
from .files import tell
from .messages import DONE, EXIT_CODES, USAGE

LAYOUT = {"help_option_names": ["-h", "--help"], "terminal_width": 80, "max_content_width": 80}
COMMANDS = (
    solving.solve,
    solving.path,
    checking.verify,
    lessons.figure,
    lessons.film,
    lessons.page,
    serving.app,
)

app = typer.Typer(
    name="convexviz",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=LAYOUT,
)


def _version(asked: bool) -> None:
    if asked:
        tell(f"convexviz {cv.__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True, epilog=EXIT_CODES)
def convexviz(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Which version this is.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="With any command: show where an error came from.")] = False,
) -> int:
    """Two-layer ReLU networks trained to certified global optimality.

    Train on a table and get a network with the proof that none of any width does
    better; or take what a lesson of the app shows home as pictures, films and a
    page. A lesson is named by its link, as Share in the app makes it.

    \b
    Examples:
      convexviz solve data.csv --beta 0.1
      convexviz solve data.csv --json out.json --figure out.svg --proof proof.json
      convexviz verify proof.json
      convexviz path data.csv --out path.csv
      convexviz figure "/splines?beta=0.2" --name dual --out dual.pdf
      convexviz film "/cutting-planes" --name film --out film.mp4
      convexviz page "/splines?beta=0.2" --out lesson.html
      convexviz app

    Answers go to standard output, progress and errors to standard error; the file
    name - is standard input or output.
    """
    if context.invoked_subcommand is None:
        tell(context.get_help() + "\n")
        return USAGE
    return DONE


for command in COMMANDS:
    app.command()(command)


def commands(arguments: Sequence[str]) -> int:
    """Run a command line; its exit code. Errors are for the caller."""
    code = get_command(app).main(list(arguments), prog_name="convexviz", standalone_mode=False)
    return code if isinstance(code, int) else DONE
