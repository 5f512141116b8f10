"""Pictures of answers: what there is to draw, and into which file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import convexviz as cv

from .files import STREAM, extension, write
from .messages import Failure, Progress, extra
from .problem import Problem

FORMATS = ("svg", "pdf", "png", "csv")


def format_of(path: str, given: str | None = None) -> str:
    """What kind of file: as the option says, else the extension; Failure for one that there is not."""
    kind = (given or extension(path)).lower().lstrip(".")
    if kind not in FORMATS:
        got = f"got {kind!r}" if kind else f"{path} does not say"
        raise Failure(f"a picture must be one of {', '.join(FORMATS)}, {got}; name it out.svg, or add --format svg.")
    return kind


def check(figure: str | None) -> None:
    """Refuse before any work what could not be drawn after it."""
    if figure is not None:
        check_drawing(format_of(figure, "svg" if figure == STREAM else None))
        extra("plotly")


def check_drawing(kind: str) -> None:
    """Refuse a picture that nothing here can draw."""
    trouble = "" if kind == "csv" else extra("convexviz.export").missing()
    if trouble:
        raise Failure(trouble)


def of_solution(problem: Problem, solution: cv.Solution, path: str, say: Progress) -> str:
    """Draw an answer to a file; which picture it is, in words."""
    spec, words = picture(problem, solution)
    return save(spec, path, words, say)


def of_path(path: Sequence[cv.Solution], figure: str, say: Progress, exact: cv.ExactPath | None = None) -> str:
    """Draw a path, or the exact one where there is one, to a file; which picture it is, in words."""
    if exact is not None:
        spec = extra("convexviz.figures.splines").path_figure(exact)
        return save(spec, figure, "each kink from birth to death, and the number of neurons, against beta", say)
    spec = extra("convexviz.figures.plane").plane_path_figure(path)
    return save(spec, figure, "loss, penalty and number of neurons against beta", say)


def picture(problem: Problem, solution: cv.Solution) -> tuple[Any, str]:
    """The figure that data of these dimensions have, and what it shows."""
    X, y, network = problem.X, problem.y, solution.network
    labels = bool(problem.classes)
    if y.ndim == 1 and X.shape[1] <= 2:
        board = extra("convexviz.figures.board").board_figure
        words = "the network over the points" if X.shape[1] == 1 else "the network over the plane"
        return board(network, X, y, classes=labels, axes=(*problem.columns, *problem.targets)), words
    cutting = extra("convexviz.figures.cutting")
    if y.ndim == 2:
        raise Failure(
            f"--figure draws one output, this answer has {y.shape[1]}; name one with --target, or take --json."
        )
    f = network.predict(X)
    if labels:
        return cutting.margins_spec(
            y, [f], 420
        ), f"the margins of the points ({X.shape[1]} inputs are too many to draw)"
    return cutting.fit_spec(y, [f], 420), f"values against targets ({X.shape[1]} inputs are too many to draw)"


def save(figure: Any, path: str, words: str, say: Progress) -> str:
    """Render to a file; the words, and where it went."""
    kind = format_of(path, "svg" if path == STREAM else None)
    with say.during(f"drawing {path}"):
        made = extra("convexviz.export").rendered(figure, kind)
    write(path, made)
    return words
