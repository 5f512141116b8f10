"""`solve` and `path`: from a table to certified networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

import convexviz as cv
from convexviz.core.pieces import as_csv

from . import drawing, options, results
from .files import STREAM, check_outputs, tell, write
from .messages import DONE, UNPROVED, Failure, Progress
from .problem import Problem, named, new_inputs, predictions, problem, shown

BETA, LOSS, TOL = 0.1, "squared", 1e-6

Method = Annotated[str, typer.Option("--method", metavar="NAME", help="Which solver; auto takes the strongest.")]
Proof = Annotated[
    str | None,
    typer.Option("--proof", metavar="FILE", help="A proof in exact arithmetic, for convexviz verify (line or plane)."),
]
Predict = Annotated[
    str | None, typer.Option("--predict", metavar="NEW", help="A table of new inputs, for which to predict.")
]
Predictions = Annotated[str, typer.Option("--predictions", metavar="FILE", help="Where the predictions go.")]
Pieces = Annotated[
    str | None,
    typer.Option(
        "--pieces", metavar="FILE", help="A table of the linear pieces of the answer, for one input and one target."
    ),
]
DEPTH = 1e-4  # of beta_max, down to which breakpoints are listed, as far as the default path goes
Exact = Annotated[
    bool,
    typer.Option(
        "--exact",
        help="A row for every beta at which a kink is born or dies (squared loss on the line).",
    ),
]
Betas = Annotated[
    str | None,
    typer.Option(
        "--betas",
        metavar="A,B",
        help="The values of beta. By default 41 of them, from the first without neurons down to a ten-thousandth.",
    ),
]


def solve(
    data: options.Data,
    beta: options.Beta = BETA,
    loss: options.Loss = LOSS,
    target: options.Target = None,
    columns: options.Columns = None,
    weights: options.Weights = None,
    shape: options.Shape = None,
    slope: options.Slope = None,
    bias: options.Bias = True,
    method: Method = "auto",
    tol: options.Tol = TOL,
    time_limit: options.TimeLimit = None,
    json: options.Json = None,
    figure: options.Figure = None,
    proof: Proof = None,
    predict: Predict = None,
    predict_to: Predictions = STREAM,
    pieces: Pieces = None,
    verbose: options.Verbose = False,
) -> int:
    """Train a network on a table to the global optimum, with its proof.

    DATA has a row for each point, columns parted by commas, semicolons, tabs or
    spaces, a header or none. The last column is learned from all others.

    \b
    What is minimised, over networks of every width:
      loss(f(X), y) + beta * sum |w|,   f(x) = c + sum w (u.x + b)+,  |u| = 1

    \b
    Examples:
      convexviz solve data.csv --beta 0.1
      convexviz solve data.csv --target price --columns area,rooms --beta 5
      convexviz solve labels.csv --loss hinge --figure out.svg
      convexviz solve data.csv --shape increasing,concave --slope=0,2
      convexviz solve data.csv --json out.json --proof proof.json
      convexviz solve data.csv --predict new.csv --predictions answers.csv
      convexviz solve data.csv --pieces pieces.csv
      cat data.csv | convexviz solve - --json - | jq .objective

    The exit code is 0 if the answer is certified, 3 if it is not.
    """
    given = {"--json": json, "--figure": figure, "--proof": proof, "--predictions": predict and predict_to}
    given["--pieces"] = pieces
    check_outputs(given, (data, *([predict] if predict else [])))
    drawing.check(figure)
    say = Progress(verbose)
    say(f"reading {shown(data)}")
    posed = problem(data, loss, target, columns, weights)
    inputs = new_inputs(predict, posed) if predict else None
    if pieces:
        _check_line(posed)
    with say.during(f"solving {posed.size}"):
        asked = {"shape": named(shape), "slope": _bounds(slope), "sample_weight": posed.weights}
        solution = cv.solve(posed.X, posed.y, beta, loss, bias, method, tol, time_limit, **asked)
    if json:
        write(json, results.as_json(results.document(posed, solution, tol)))
    if inputs is not None:
        write(predict_to, predictions(solution.network.predict(inputs), posed))
    notes = _drawn(figure, posed, solution, say)
    if pieces:
        write(pieces, as_csv(solution.network, posed.columns[0], posed.targets[0]))
        notes.append(("pieces", str(len(solution.network.pieces()))))
    refused = None
    if proof:
        try:
            notes.append(("proof", _proved(proof, posed, solution, say)))
        except cv.Unprovable as reason:
            refused = reason
    _tell(results.verdict(posed, solution, notes), given, say)
    if refused is not None:
        raise refused
    return DONE if solution.certified else UNPROVED


def path(
    data: options.Data,
    betas: Betas = None,
    exact: Exact = False,
    loss: options.Loss = LOSS,
    target: options.Target = None,
    columns: options.Columns = None,
    weights: options.Weights = None,
    shape: options.Shape = None,
    slope: options.Slope = None,
    bias: options.Bias = True,
    tol: options.Tol = TOL,
    time_limit: options.TimeLimit = None,
    out: options.Out = STREAM,
    json: options.Json = None,
    figure: options.Figure = None,
    verbose: options.Verbose = False,
) -> int:
    """Train along beta: the regularisation path, each answer with its proof.

    Writes a table with a row for each beta, from large to small: objective,
    lower bound, gap, number of neurons, whether it is certified, and how.

    \b
    Examples:
      convexviz path data.csv > path.csv
      convexviz path data.csv --betas 1,0.1,0.01 --loss huber
      convexviz path data.csv --exact --figure path.svg
      convexviz path data.csv --out path.csv --json path.json --figure path.pdf

    The exit code is 0 if every answer is certified, 3 if one is not.
    """
    given = {"--out": out, "--json": json, "--figure": figure}
    if json == STREAM and out == STREAM:
        given.pop("--out")  # the one who asks for JSON on standard output gets that
    check_outputs(given, (data,))
    drawing.check(figure)
    say = Progress(verbose)
    say(f"reading {shown(data)}")
    posed = problem(data, loss, target, columns, weights)
    known: list[cv.Solution] = []

    def one_more(solution: cv.Solution) -> None:
        known.append(solution)
        say(f"path of {posed.size}: {len(known)} answers, down to beta {solution.beta:.3g}")

    say(f"path of {posed.size}")
    if exact and (shape or slope):
        raise typer.BadParameter("--exact is for problems without a shape; leave out --shape and --slope.")
    whole = _exact(posed, loss, bias, betas) if exact else None
    if whole is not None:
        made = _breakpoints(whole, one_more)
    else:
        made = cv.regularization_path(
            posed.X,
            posed.y,
            _numbers(betas),
            loss,
            tol,
            time_limit,
            posed.weights,
            bias=bias,
            progress=one_more,
            shape=named(shape),
            slope=_bounds(slope),
        )
    say.end()
    if "--out" in given:
        write(out, results.as_table(made))
    if json:
        write(json, results.as_json(results.path_document(posed, made, tol)))
    notes = [("figure", drawing.of_path(made, figure, say, whole))] if figure else []
    _tell(results.path_verdict(posed, made, notes), given, say)
    return DONE if all(solution.certified for solution in made) else UNPROVED


def _exact(posed: Problem, loss: str, bias: bool, betas: str | None) -> cv.ExactPath:
    """The exact path of a problem that has one."""
    if loss != LOSS or not bias or betas is not None:
        raise typer.BadParameter(
            "--exact is for the squared loss with biases, at betas of its own; leave out --loss, --no-bias and --betas."
        )
    return cv.exact_path(posed.X, posed.y, posed.weights)


def _breakpoints(path: cv.ExactPath, told: Callable[[cv.Solution], None]) -> list[cv.Solution]:
    """The solutions at the changes of a path, and at the end of what is listed."""
    low = DEPTH * path.beta_max
    made = [path.at(beta) for beta in (*path.betas[path.betas > low].tolist(), low or 1.0)]
    for solution in made:
        told(solution)
    return made


def _numbers(text: str | None) -> list[float] | None:
    """Numbers with commas between them."""
    if text is None:
        return None
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be numbers with commas between them, like 1,0.1,0.01.") from None


def _bounds(text: str | None) -> tuple[float | None, float | None] | None:
    """Two numbers with a comma between them, either of which may be missing."""
    if text is None:
        return None
    ends = text.split(",")
    try:
        low, high = (float(end) if end.strip() else None for end in ends)
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be two numbers with a comma between them, like 0,2 or 0,.") from None
    return low, high


def _drawn(figure: str | None, posed: Problem, solution: cv.Solution, say: Progress) -> list[tuple[str, str]]:
    return [("figure", drawing.of_solution(posed, solution, figure, say))] if figure else []


def _check_line(posed: Problem) -> None:
    """Refuse, before any work, what has no pieces to be written."""
    if len(posed.columns) > 1 or posed.y.ndim > 1:
        outputs = f", {posed.y.shape[1]} outputs" if posed.y.ndim > 1 else ""
        raise Failure(
            f"--pieces needs one input and one target, got {len(posed.columns)} inputs{outputs}; choose one of each by "
            "--columns and --target, or leave --pieces out."
        )


def _proved(path: str, posed: Problem, solution: cv.Solution, say: Progress) -> str:
    """Write the proof; what it proves, in words."""
    with say.during("proving in exact arithmetic"):
        proof = cv.prove(solution, posed.X, posed.y, posed.weights)
    write(path, results.as_json(proof.document))
    return f"in exact arithmetic, optimal to within {float(proof.upper - proof.lower):.2g} (relative {proof.gap:.2g})"


def _tell(words: str, given: dict[str, str | None], say: Progress) -> None:
    """The verdict on standard output, or on standard error where the other carries data and somebody looks."""
    if STREAM not in given.values():
        tell(words)
    elif say.on:
        typer.echo(words, err=True, nl=False)
