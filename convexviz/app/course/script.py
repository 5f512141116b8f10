"""Lines of the Python that a lesson hands over: a script that makes the page's numbers and its pictures again.

A student pastes it into a file and runs it. Points that were drawn stand in it as the floats they are, so that the
answer is the page's to the last digit; a figure has the name that it has on the page.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import numpy as np

from convexviz.app.shell.settings import DataSettings
from convexviz.core.losses import LOSSES
from convexviz.figures.dates import DayAxis

WIDTH = 100  # characters of a line
FRAME_DIGITS = 12  # of limits of axes: what is beyond is rounding
USUAL = ("import numpy as np", "import convexviz as cv", "from convexviz import figures")
IMPORT = ("import ", "from ")
Limits = Sequence[float]
Weights = np.ndarray | None  # (n,), None for 1 each


def script(*parts: Sequence[str]) -> str:
    """The parts with an empty line between them, below all imports; those of numpy and of this package where needed."""
    lines = [line for part in parts for line in part]
    given = {line for line in lines if line.startswith(IMPORT)}
    bodies = ["\n".join(line for line in part if line not in given).strip("\n") for part in parts]
    body = "\n\n".join(one for one in bodies if one)
    given |= {line for line in USUAL if re.search(rf"\b{line.split()[-1]}\.", body)}
    return "\n".join(sorted(given, key=_place)) + "\n\n" + body


def _place(line: str) -> tuple[bool, bool, str]:
    """Others before this package, `import` before `from`."""
    return "convexviz" in line, line.startswith("from"), line


def preset_code(settings: DataSettings) -> list[str]:
    """Lines that load the preset of the settings as X, y."""
    where = f"{settings.dataset!r}, n={settings.n}, noise={settings.noise!r}, seed={settings.seed}"
    return [f"data = cv.datasets.load({where})", "X, y = data.X, data.y"]


def array_code(name: str, values: np.ndarray) -> list[str]:
    """A line, or several, that make an array of the same floats."""
    text = repr((np.asarray(values, float) + 0.0).tolist())
    line = f"{name} = np.array({text})"
    if len(line) <= WIDTH:
        return [line]
    rows = textwrap.wrap(text, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return [f"{name} = np.array(", *(f"    {row}" for row in rows), ")"]


def line_code(settings: DataSettings, x: np.ndarray, y: np.ndarray, edited: bool, weights: Weights = None) -> list[str]:
    """Lines that bring X (n, 1), y: the preset by its name, other points as numbers, which have the name x too."""
    if edited or settings.points or getattr(settings, "formula", ""):
        return [*array_code("x", x), *array_code("y", y), *weight_code(weights), "X = x.reshape(-1, 1)"]
    return preset_code(settings)


def plane_code(
    settings: DataSettings, X: np.ndarray, y: np.ndarray, edited: bool, weights: Weights = None
) -> list[str]:
    """Lines that bring X (n, 2), y: the preset by its name, other points as numbers."""
    if edited or settings.points:
        return [*array_code("X", X), *array_code("y", y), *weight_code(weights)]
    return preset_code(settings)


def weight_code(weights: Weights) -> list[str]:
    """Lines that bring the weights of the points, where they have any, and say which of them count."""
    if weights is None:
        return []
    there = [] if (weights > 0).all() else ["there = weights > 0  # a point of weight 0 is left out"]
    return [*array_code("weights", weights), *there]


def counted(name: str, weights: Weights) -> str:
    """The rows of an array that belong to points that count."""
    return name if weights is None or (weights > 0).all() else f"{name}[there]"


def weighing(weights: Weights, name: str = "sample_weight") -> str:
    """The argument that hands the weights over, where there are any; it goes behind others."""
    return "" if weights is None else f", {name}=weights"


def solve_code(settings: DataSettings, weights: Weights = None) -> list[str]:
    """Lines that train on X, y and print what is proved."""
    beta = "" if LOSSES[settings.loss].constrained else f"beta={settings.beta!r}, "
    return [f"s = cv.solve(X, y, {beta}loss={settings.loss!r}{weighing(weights)})", printed()]


def printed() -> str:
    """The line that prints what is proved of s."""
    return "print(s.objective, s.lower_bound, s.gap, s.certified)"


def limits(ends: Limits) -> str:
    """Limits of an axis."""
    low, high = (number(end) for end in ends)
    return f"({low}, {high})"


def number(value: float) -> str:
    """A number of the page's frame as it is meant: 2.1, not 2.0999999999999996."""
    return repr(float(f"{value:.{FRAME_DIGITS}g}") + 0.0)


def window(view: Limits, *more: Limits) -> str:
    """Limits of several axes."""
    return f"({', '.join(limits(ends) for ends in (view, *more))})"


def board_code(network: str, view: str, *options: str, name: str = "board", data: str = "X, y") -> list[str]:
    """Lines that draw a board of `data` in the window `view`; options that are empty are left out."""
    given = ", ".join([network, data, f"view={view}", *(option for option in options if option)])
    begin = f"{name} = figures.board_figure("
    if len(begin) + len(given) < WIDTH:
        return [f"{begin}{given})"]
    rows = textwrap.wrap(given, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return [begin, *(f"    {row}" for row in rows), ")"]


def call_code(name: str, function: str, *given: str) -> str:
    """A line that calls a function; options that are empty are left out."""
    return f"{name} = {function}({', '.join(one for one in given if one)})"


def named_code(option: str, names: Sequence[str], plain: Sequence[str] = ("x", "y", "x₁", "x₂")) -> str:
    """An option of a figure that names its axes as the page does; "" where nothing has a name of its own."""
    if all(name in plain for name in names):
        return ""
    spelled = [f"figures.DayAxis({str(name)!r})" if isinstance(name, DayAxis) else repr(name) for name in names]
    return f"{option}={spelled[0]}" if len(spelled) == 1 else f"{option}=({', '.join(spelled)})"


def show_code(*names: str) -> list[str]:
    """Lines that open figures in a browser or a notebook."""
    if len(names) == 1:
        return [f"{names[0]}.show()"]
    return [f"for figure in ({', '.join(names)}):", "    figure.show()"]
