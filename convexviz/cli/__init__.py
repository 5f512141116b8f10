"""The command line: `convexviz`, or `python -m convexviz`.

A command is a function here that reads options, and asks the package; what may be missing (the app, pictures) is
imported when a command needs it. Whatever goes wrong is said in one line on standard error.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from .checking import checked
from .commands import commands
from .files import PipeClosed, speak_plainly, to_a_reader
from .messages import ERROR, INTERRUPTED, PIPE_CLOSED, USAGE, one_line

NAME = "convexviz"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command line without the program's name, by default that of the process."""
    speak_plainly()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["verify"] and not {"-h", "--help"} & set(given):
        return checked(given[1:])
    debug = "--debug" in given
    try:
        with quiet(debug):
            code = commands([argument for argument in given if argument != "--debug"])
        with to_a_reader():
            sys.stdout.flush()
        if code == INTERRUPTED:  # typer's own word for it
            raise KeyboardInterrupt
        return code
    except (PipeClosed, BrokenPipeError):  # as with `| head`; nothing is left to be flushed at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (KeyboardInterrupt, typer.Abort):
        print(f"{NAME}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        print(f"{NAME}: {one_line(error)}", file=sys.stderr)
        return USAGE if isinstance(error, typer.TyperException) else ERROR


@contextmanager
def quiet(debug: bool) -> Iterator[None]:
    """Standard error is for one clear line: no warnings, and no log, unless somebody looks for a fault."""
    if debug:
        yield
        return
    log = logging.getLogger(NAME)
    propagate, silent = log.propagate, logging.NullHandler()
    log.propagate = False
    log.addHandler(silent)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.removeHandler(silent)
        log.propagate = propagate
