"""Answers as people and programs read them: a verdict in a few lines, documents in JSON, tables."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any

import convexviz as cv

from .problem import Problem

VERSION = 1  # of the documents
STEP = ("beta", "objective", "lower_bound", "gap", "neurons", "certified", "statement", "method")


def number(value: float) -> float | None:
    """A number of JSON, which has no infinity: None for a bound that is not there."""
    return float(value) if math.isfinite(value) else None


def step(solution: cv.Solution) -> dict[str, Any]:
    """What is said of an answer, by the names of `STEP`."""
    return {
        "beta": solution.beta,
        "objective": number(solution.objective),
        "lower_bound": number(solution.lower_bound),
        "gap": number(solution.gap),
        "neurons": solution.network.width,
        "certified": bool(solution.certified),
        "statement": solution.statement,
        "method": solution.method,
    }


def posed(problem: Problem, solution: cv.Solution, tol: float) -> dict[str, Any]:
    """The problem, as far as it is not the data."""
    n, d = problem.X.shape
    return {
        "n": n,
        "d": d,
        "columns": list(problem.columns),
        "targets": list(problem.targets),
        "classes": list(problem.classes),
        "weighted": problem.weights is not None,
        "loss": solution.loss,
        "bias": bool(solution.bias),
        "shape": list(solution.shape),
        "slope": None if solution.slope is None else [number(end) for end in solution.slope],
        "tol": tol,
    }


def document(problem: Problem, solution: cv.Solution, tol: float) -> dict[str, Any]:
    """All of an answer: `convexviz.ReLUNetwork.from_dict(document["network"])` is its network, to the last digit."""
    return {
        "convexviz-solution": VERSION,
        "problem": posed(problem, solution, tol),
        **step(solution),
        "rounding": number(solution.rounding),
        "exactness": solution.exactness,
        "seconds": round(solution.seconds, 3),
        "network": solution.network.to_dict(),
        "v": solution.v.tolist(),
        **_multipliers(solution),
    }


def _multipliers(solution: cv.Solution) -> dict[str, Any]:
    """Those of the rows of a shape, where there is one."""
    m = solution.multipliers
    if m is None:
        return {}
    return {"multipliers": {name: getattr(m, name).tolist() for name in ("knots", "slopes", "bends")}}


def path_document(problem: Problem, path: Sequence[cv.Solution], tol: float) -> dict[str, Any]:
    """A path with the network of every step."""
    steps = [step(solution) | {"network": solution.network.to_dict()} for solution in path]
    return {"convexviz-path": VERSION, "problem": posed(problem, path[0], tol), "steps": steps}


def as_json(made: dict[str, Any]) -> str:
    """A document as text, a line for each of its parts; every float reads back as it was."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False, allow_nan=False)}" for name, part in made.items()
    ]
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def as_table(path: Sequence[cv.Solution]) -> str:
    """A path as a table, a row for each beta; what is not known is left empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, STEP, lineterminator="\n")
    writer.writeheader()
    for solution in path:
        writer.writerow({name: _cell(value) for name, value in step(solution).items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def verdict(problem: Problem, solution: cv.Solution, extra: Sequence[tuple[str, str]] = ()) -> str:
    """An answer in a few lines."""
    width = solution.network.width
    rows = [
        ("objective", f"{solution.objective:.10g}"),
        ("lower bound", f"{solution.lower_bound:.10g}" if solution.lower_bound > -math.inf else "none"),
        ("relative gap", f"{max(solution.gap, 0.0):.2g}" if math.isfinite(solution.gap) else "not known"),
        ("neurons", str(width)),
        ("problem", f"{problem.size}, {_posed(solution)}"),
        ("method", f"{solution.method}, {solution.seconds:.2g} s"),
        *((("classes", _classes(problem)),) if problem.classes else ()),
        *extra,
    ]
    return f"{_headline(solution)}\n" + "".join(f"  {name:<13} {words}\n" for name, words in rows)


def path_verdict(problem: Problem, path: Sequence[cv.Solution], extra: Sequence[tuple[str, str]] = ()) -> str:
    """A path in a few lines."""
    proved = sum(bool(solution.certified) for solution in path)
    betas, widths = [s.beta for s in path], [s.network.width for s in path]
    rows = [
        ("beta", f"{max(betas):.4g} down to {min(betas):.4g}"),
        ("neurons", f"{min(widths)} to {max(widths)}"),
        (
            "problem",
            f"{problem.size}, {path[0].loss} loss{'' if path[0].bias else ', without biases'}" + _shaped(path[0]),
        ),
        *extra,
    ]
    head = f"{proved} of {len(path)} answers are certified optima"
    return f"{head}\n" + "".join(f"  {name:<13} {words}\n" for name, words in rows)


def _headline(solution: cv.Solution) -> str:
    words = {
        "certified optimum": "certified optimum: no network of any width"
        f"{' with this shape' if solution.asked else ''} is better by more than the gap",
        "bounds": "bounds: not proved optimal; the optimum lies between the two",
        "upper bound only": "upper bound only: nothing is proved about the optimum but that it is no more",
        "constraints not met": "constraints not met: no answer yet; allow more time",
    }
    return words.get(solution.statement, solution.statement)


def _posed(solution: cv.Solution) -> str:
    beta = "" if cv.LOSSES.get(solution.loss) and cv.LOSSES[solution.loss].constrained else f", beta {solution.beta:g}"
    return f"{solution.loss} loss{beta}{'' if solution.bias else ', without biases'}{_shaped(solution)}"


def _shaped(solution: cv.Solution) -> str:
    """The shape asked for, in words to go on with."""
    return f", {solution.asked}" if solution.asked else ""


def _classes(problem: Problem) -> str:
    if problem.y.ndim == 1:
        return f"{problem.classes[0]} is -1, {problem.classes[1]} is +1"
    return ", ".join(problem.classes)
