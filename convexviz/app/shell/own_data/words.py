"""Words of the dialog: faults as a list, what was done to the rows, and the command that solves a table whole."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence

from convexviz import data
from convexviz.app.shell.errors import plain

LISTED = 12  # faults that are spelled out


def faults(error: data.TableError) -> str:
    """All faults of a table as a list."""
    found = [message for _, message in error.faults]
    if len(found) == 1:
        return plain(found[0])
    rest = [f"- and {len(found) - LISTED} more."] if len(found) > LISTED else []
    listed = "\n".join([*(f"- {plain(message)}" for message in found[:LISTED]), *rest])
    return f"{len(found)} things keep this from being read:\n{listed}"


def notes(told: Sequence[str]) -> str:
    """What the reader did, in a line."""
    return " ".join(plain(note) for note in told)


def _named(columns: Sequence[str]) -> str:
    """Columns as options of the command line take them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(columns)
    return line.getvalue()


def command(file: str, choice: data.Choice, loss: str, beta: float | None) -> str:
    """The command that solves the whole table."""
    words = ["convexviz", "solve", file, "--columns", _named(choice.features)]
    words += ["--target", _named([choice.target])]
    if choice.weight is not None:
        words += ["--weights", choice.weight]
    words += ["--loss", loss] if loss != "squared" else []
    words += ["--beta", repr(beta)] if beta is not None else []
    return shlex.join(words)
