"""What the command line says, and to whom: exit codes, errors in one line, progress on standard error."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer

from convexviz import extras

DONE, ERROR, USAGE, UNPROVED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141
EXIT_CODES = """\b
Exit codes:
  0    done; of solve and path: every answer is certified
  1    the data, a link or a file could not be used, or verify refuted a proof
  2    the command line could not be read, or verify could not read its file
  3    solve and path: done, but an answer is not certified
  130  interrupted
"""

WIDTH = 79  # of a line of progress on a terminal
BEAT = 1.0  # seconds between two looks at the clock


class Failure(Exception):
    """Something that the user can mend: the message says what must hold, what came, and what to do."""


def one_line(error: Exception) -> str:
    """An error in one line; of a fault of the program itself it says how to find out more."""
    words = error.format_message() if isinstance(error, typer.TyperException) else str(error)
    words = " ".join(words.split()) or type(error).__name__
    if isinstance(error, typer.TyperException):
        return f"{words}{'' if words[-1] in '.!?' else '.'} See {_help_of(error)}."
    expected = isinstance(error, Failure | OSError | ValueError | RuntimeError)
    return words if expected else f"{type(error).__name__}: {words}; --debug shows where."


def _help_of(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'convexviz'} --help"


def extra(module: str) -> Any:
    """A module that needs an extra; Failure that names the extra where it is not installed."""
    try:
        return import_module(module)
    except extras.MissingExtra as error:
        raise Failure(str(error)) from None
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in extras.EXTRAS:
            raise
        raise Failure(extras.words(missing, "this")) from None


class Progress:
    """Words about work under way, on standard error: one line that is written over on a terminal, else one a message.

    Silent where nobody looks: standard error is no terminal and `verbose` was not asked for.
    """

    def __init__(self, verbose: bool = False) -> None:
        self.terminal = sys.stderr.isatty()
        self.on = verbose or self.terminal
        self._last = ""

    def __call__(self, words: str) -> None:
        """Say what is being done now."""
        if not self.on or words == self._last:
            return
        self._last = words
        if self.terminal:
            sys.stderr.write(f"\r\x1b[2K{words[:WIDTH]}")
        else:
            sys.stderr.write(words + "\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.terminal and self._last:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
        self._last = ""

    @contextmanager
    def during(self, words: str) -> Iterator[None]:
        """Say so, and on a terminal how long it has been taking, until the work is done."""
        self(words)
        done, began = threading.Event(), time.monotonic()

        def tick() -> None:
            while not done.wait(BEAT):
                self(f"{words}, {time.monotonic() - began:.0f} s")

        clock = threading.Thread(target=tick, daemon=True)
        if self.terminal:
            clock.start()
        try:
            yield
        finally:
            done.set()
            if self.terminal:
                clock.join()
            self.end()
