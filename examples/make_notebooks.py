"""Make the notebooks of `examples/notebooks`, one a lesson: `python examples/make_notebooks.py`.

What a lesson claims and the Python of one of its states are the lesson's own; what is written here are the words
between the cells, the proof in exact arithmetic, and an exercise. A test makes them again and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from convexviz.app.headless import lesson_at, scene_at
from convexviz.app.stage.code_files import cells, code, notebook, words

FOLDER = Path(__file__).parent / "notebooks"
EXACT = (
    "## The proof, exactly\n\nAbove, bounds were floating point numbers. `cv.prove` computes both again with "
    "fractions, from the network and the dual vector alone: the objective is at most `upper`, and no network of any "
    "width goes "
    'below `lower`. `proof.save("proof.json")` writes a file that `python -m convexviz verify proof.json` checks.'
)


@dataclass(frozen=True)
class Page:
    """A notebook: the state, the words before each cell but the imports, the proof in Python, and an exercise."""

    link: str
    before: Sequence[str]
    exercise: str
    proof: str = "proof = cv.prove(s, X, y)\nprint(proof)"
    proved: str = EXACT


PAGES = (
    Page(
        "/splines",
        (
            "Forty points of a noisy sine on the line.",
            "`cv.solve` trains over networks of *every* width at once, a convex problem. It returns a network, a lower "
            "bound on what any network can reach, and the relative gap between the two.",
            "Between two data points an optimum may be drawn in more than one way. `optimal_set` describes them all.",
            "The fit; the dual function, which stays in its band and touches it at every neuron; and the neurons, one "
            "ramp each.",
            "As β falls, neurons enter, and others leave.",
            "",
        ),
        "Choose β so large that a single neuron is left. Is the network then a straight line? Compare with "
        "`cv.beta_max(X, y)`, from which on there is none.",
    ),
    Page(
        "/dual?data=five&v=-1,1,0,1,-1",
        (
            "Five points, and a number v for each, chosen by hand.",
            "A ramp with its kink at t would gain N(u, t) for each unit of its weight, and costs β. If no ramp gains "
            "more than that, v is *feasible*, and g(v) is a lower bound for every network.",
            "For the squared loss v says what the network misses. Of the networks that miss just this, take the "
            "cheapest.",
            "The solver closes the gap between the two.",
            "The network of v on the points, the dual function against its band, and both bounds.",
        ),
        "Take `v = t * s.v` for t between 0 and 1. Why is v feasible for each of them, and which t proves the most?",
        proof="proof = cv.prove(s, x[:, None], y)\nprint(proof)",
    ),
    Page(
        "/kernel-matrix",
        (
            "Twelve points of two classes, in three bands.",
            "On the line only ramps with a kink at a data point are needed, to the right or to the left: 24 columns.",
            "Training is a linear program over these columns. Few get a weight.",
            "The same optimum from `cv.solve`, with the certificate: |K'v| is nowhere above 1.",
            "The tangent kernel solves the same constraints with a squared norm in place of the sum of |w|: many "
            "columns get a weight.",
            "The network, and the matrix with what is in use lit.",
        ),
        "Take twice as many points, `n=24`. How many columns has the matrix, and how many are in use? Explain why the "
        "number in use need not grow.",
    ),
    Page(
        "/rank-one?off=0.5",
        (
            "Numbers z, put on a line in the plane; one point, p, is pulled off the line.",
            "The optimum of the plane, and that of the numbers z alone with p put back.",
            "The plane, the line with both optima, the dual function over all neurons of the plane, and the network "
            "as a surface.",
            "The farther p leaves the line, the less the optimum costs, or the same; never more.",
            "",
        ),
        "Set `off = 0` and turn the line by choosing another `a` of the same length. Show that the optimum does not "
        "change beyond rounding, and say why.",
    ),
    Page(
        "/plane?beta=0.2&n=40",
        (
            "Two moons that no straight line separates.",
            "The best network of any width for the hinge loss: a few neurons.",
            "The decision with a ring around every point that holds it; the dual function over all lines of the plane, "
            "which is the proof; and the weights.",
            "",
        ),
        "Delete all points without a ring (`X[support], y[support]`) and train again. Does the objective change? Then "
        "delete one with a ring.",
    ),
    Page(
        "/geometry",
        (
            "Two samples X, and a target y for them.",
            "The values of all networks whose weights sum to one fill a convex set. How much it must be blown up "
            "to reach y is the *gauge* of y: the least sum of |w|.",
            "The samples; sample space with the sets E, Q and C and what touches; and the polar set, in which v proves "
            "it.",
        ),
        "Make the samples orthogonal, `X = np.eye(2)`, and guess the gauge of `y` before you compute it. Is this "
        "set spike-free?",
        proof=(
            "import convexviz as cv\n\n"
            's = cv.solve(X, y, loss="interpolate", bias=False)  # the gauge, as a training problem\n'
            "print(s.objective, gauge.value)\nproof = cv.prove(s, X, y)\nprint(proof)"
        ),
    ),
    Page(
        "/autoencoders",
        (
            "Points in the plane. For one of them: the nearest mixture of the others, and the neuron that answers it "
            "alone.",
            "The same with images: a digit, its best mixture of other digits, and the residual, which is the neuron.",
            "",
        ),
        "For how many of the points does `extreme_points(X)` say that they lie in the hull of the others? Move one of "
        "the others outwards until it is one fewer or one more.",
        proof="print(p.distance, p.value)\nassert abs(p.distance - p.value) <= 1e-9 * p.distance",
        proved="## The proof\n\nThere is no network to train here, and so nothing for `cv.prove`. The distance to the "
        "hull bounds the answer of every such neuron from above, and this neuron reaches it.",
    ),
    Page(
        "/closed-forms",
        (
            "Images of digits, drawn so that they are linearly independent.",
            "Whitened, the best network is a formula of at most two neurons. The solver knows nothing of it, and finds "
            "the same objective.",
            "The images, and the neurons of formula and solver as images.",
            "Ten digits at once: one neuron for each, again by formula.",
            "",
        ),
        "From which β on has the formula no neuron left? Find it from the lengths of the positive and of the negative "
        "part of y, and check it with the solver.",
        proof="print(s.objective - s.lower_bound, best.objective - best.lower_bound)\n"
        "assert abs(s.objective - best.objective) <= 1e-5 * s.objective",
        proved="## The proof\n\nThe exact arithmetic of `cv.prove` ends at points in a plane; these are eight "
        "orthonormal ones. The formula comes with a certificate of its own: objective and lower bound agree.",
    ),
    Page(
        "/cutting-planes?oracle=sweep",
        (
            "A tent over the plane, with noise.",
            "One neuron of either sign a round, the worst that the oracle finds, until none leaves the band. The "
            "bounds close.",
            "An exact oracle misses nothing: the highest neuron is at the band, up to rounding.",
            "The network; the dual function at the end; the bounds round by round; and the dual function on a circle "
            "of directions.",
            "",
        ),
        "Replace `method='sweep'` by `'relaxation'`, the one of the paper for data without spikes. What does "
        "`missed_neuron` say now, and what became of the lower bound?",
    ),
    Page(
        "/digits?images=5",
        (
            "Five images of 3 and of 8 to learn from; all others are for the test.",
            "In 64 dimensions no oracle here is exact and quick. Two ways to look for neurons, the better one is kept.",
            "A neuron is an image: blue is ink that it looks for.",
            "Images that it gets wrong.",
        ),
        "Take 20 images of each digit. How does the share of wrong answers change, and how many neurons are there?",
        proof="print(s.objective, s.lower_bound, s.certified)\nprint((guess != digit[rest]).mean())",
        proved="## What is proved\n\nThe exact arithmetic of `cv.prove` ends at points in a plane. In 64 dimensions "
        "the lower bound is what it is, and `certified` says whether it meets the objective.",
    ),
    Page(
        "/race?iterations=200",
        (
            "The points of *Splines* again.",
            "The certified optimum: no run can end below it.",
            "Gradient descent from random starts, three networks of 3 neurons and three of 200.",
            "The first narrow run beside the others; the objectives; and its neurons over the optimal ones.",
        ),
        "Train networks of width 10, 30 and 100 from five starts each. From which width on do all of them come within "
        "one per mille of the optimum?",
    ),
    Page(
        "/tangent-kernel",
        (
            "The points of *Splines* again.",
            "The optimal network with weight decay: few neurons.",
            "A network of infinite width that hardly moves predicts what its *tangent kernel* does.",
            "Both functions, and where they differ most.",
        ),
        "Give the kernel a ridge, `ridge=0.1`, and compare both functions with the sine without noise, "
        '`cv.datasets.load("sine", n=200, noise=0.0)`. Which one is nearer?',
    ),
    Page(
        "/path",
        (
            "The points of *Splines* again.",
            "From the β at which the first neuron enters down to a thousandth of it, one neuron at a time as far as "
            "the path allows. Each network is an optimum.",
            "The optimum at the β of the page.",
            "Errors on the training points and on fresh ones, the network with the least error on those, and all "
            "weights.",
            "",
        ),
        "Which β has the least error on fresh points if the noise is 0.3 instead of 0.1? Explain the direction in "
        "which it moves.",
    ),
)


def made(page: Page) -> str:
    """The notebook of a page."""
    lesson, _ = lesson_at(page.link)
    first, *rest = cells(scene_at(page.link).code)
    if len(rest) != len(page.before):
        raise ValueError(f"{page.link} has {len(rest)} cells after the imports, and words for {len(page.before)}.")
    statement = "" if lesson.theorem is None else f"\n\n**What is proved.** {lesson.theorem.statement}"
    opening = f"# {lesson.title}\n\n{lesson.claim}{statement}\n\nThe state `{page.link}` of the app."
    told = [cell for said, part in zip(page.before, rest, strict=True) for cell in (*_said(said), code(part))]
    ending = [words(page.proved), code(page.proof), words(f"## Exercise\n\n{page.exercise}")]
    return notebook([words(opening), code(first), *told, *ending])


def _said(text: str) -> list[dict[str, object]]:
    return [words(text)] if text else []


def name_of(page: Page) -> str:
    """The file of a page."""
    return f"{lesson_at(page.link)[0].address}.ipynb"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in PAGES:
        (FOLDER / name_of(one)).write_text(made(one), encoding="utf-8")
        print(FOLDER / name_of(one))
