"""What is wrong with a table: every fault with its line, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MOST_LISTED = 20  # faults that a message spells out; the rest are counted
MAX_SHOWN = 30  # characters of a cell that a message quotes

Fault = tuple[int | None, str]


class TableError(ValueError):
    """A table that cannot be read.

    Attributes
    ----------
    line : of the first fault, counted from 1 as the user counts; None when no one line is at fault.
    faults : every fault, a pair of its line (or None) and a sentence, in the order of the table.
    """

    def __init__(self, message: str, line: int | None = None, faults: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.line = line
        self.faults: tuple[Fault, ...] = tuple(faults) or ((line, message),)

    def __reduce__(self) -> tuple[Any, ...]:
        return TableError, (self.args[0], self.line, self.faults)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise TableError if there are faults; they are listed by line, those of the whole table first."""
    found = sorted(dict.fromkeys(faults), key=lambda fault: fault[0] or 0)
    if not found:
        return
    listed = [message for _, message in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        listed.append(f"And {len(found) - MOST_LISTED} more.")
    raise TableError("\n".join(listed), found[0][0], found)


def quoted(cell: str) -> str:
    """A cell as messages quote it."""
    if not cell:
        return "an empty cell"
    return repr(cell if len(cell) <= MAX_SHOWN else cell[:MAX_SHOWN] + "…")


def counted(number: int, word: str) -> str:
    """ "1 row", "3 rows"."""
    return f"{number} {word}{'' if number == 1 else 's'}"
