"""What the section is about: the answer on the page, and how numbers and names are written in it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import convexviz as cv
from convexviz.app.compute.answers import Problem

DIGITS = 6  # significant, of a number in a table; downloads hold all
MARKS = re.compile(r"([\\`*_{}\[\]()#+|<>$~:!])")  # what Markdown would read into a name


@dataclass(frozen=True, eq=False)
class Answered:
    """The network on the page with its points; `axes` are the names of x and y, with their units."""

    problem: Problem
    beta: float
    classes: bool
    axes: tuple[str, str]
    solution: cv.Solution | None
    may_take_beta: bool

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest x of the points."""
        x = self.problem.X[:, 0]
        return float(x.min()), float(x.max())

    @property
    def target(self) -> str:
        """What f is called: the name of the target, or f itself, whose sign is the class."""
        return "f" if self.classes else self.axes[1]


def number(value: float) -> str:
    """A number in a table; its minus is one."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value + 0.0:.{DIGITS}g}"
    return ("−" if text.startswith("-") else "") + text.lstrip("-")


def literal(name: str) -> str:
    """A name as it is, whatever Markdown would read into it."""
    return MARKS.sub(r"\\\1", name.replace("\n", " "))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = ()) -> str:
    """A table in Markdown, with numbers to the right; `words` are the columns that hold text, to the left."""
    lines = [head, [":--" if k in words else "--:" for k in range(len(head))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
