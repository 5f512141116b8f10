"""The pieces of the lesson on closed forms: two neurons for two digits, one neuron per class for ten."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

import convexviz as cv
from convexviz import closed_form
from convexviz.app.components import badge, chart
from convexviz.app.compute import answers, digit_images
from convexviz.app.compute.answers import Answer
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.shell import controls
from convexviz.core.dual.certificate import objective
from convexviz.core.network import Array
from convexviz.figures import images
from convexviz.figures.spec import Spec

BADGE, IMAGES, NEURONS, TEN = "closed-badge", "closed-images", "closed-neurons", "closed-ten"
LOSS = "squared"
MLP_WIDTH = 32
ROW, TEN_HEIGHT = 112, 230  # px of a row of images, and of the ten neurons
PER_ROW, TEN_PER_ROW = 4, 5  # images in a row: wide enough for the words above them on a phone
BETAS, STOPS = (0.05, 10.0), 120  # of the slider
SAME = 1e-6  # relative difference of objectives that are one, the solver's accuracy
MOST_DRAWS = 50  # tries to find images that are linearly independent


@dataclass(frozen=True, eq=False)
class Two:
    """Two classes of few images, the formula's two neurons and the solver's optimum, on the same data."""

    raw: Array  # (n, 64) images
    X: Array  # (n, r) what the networks see
    y: Array
    formula: cv.Solution | None  # None where the data are not whitened: then the formula proves nothing
    network: cv.ReLUNetwork  # the formula's two neurons on X
    optimum: cv.Solution
    neurons: Array  # (m, 64) of the solver, in pixels
    formula_neurons: Array  # (at most 2, 64)

    @property
    def formula_objective(self) -> float:
        return objective(self.network, self.X, self.y, self.optimum.beta, LOSS)


@st.cache_data(max_entries=64, show_spinner="Solving over all activation patterns…")
def two_classes(first: int, second: int, n: int, beta: float, whitened: bool, seed: int) -> Two:
    """The formula against the solver."""
    raw, y = draw((first, second), n, seed)
    y = np.where(y == first, 1.0, -1.0)
    white = closed_form.whiten(raw)
    X = white.X if whitened else raw
    optimum = cv.solve(X, y, beta=beta, loss=LOSS, bias=False)
    formula = closed_form.whitened(X, y, beta) if whitened else None
    network = two_neurons(X, y, beta) if formula is None else formula.network
    shown = white.pictures if whitened else np.asarray
    return Two(raw, X, y, formula, network, optimum, shown(optimum.network.U), shown(network.U))


def two_neurons(X: Array, y: Array, beta: float) -> cv.ReLUNetwork:
    """The formula for whitened data, used on any: u = X^T y_part / its length, weight (||y_part|| - beta)_+."""
    parts = [(sign, np.maximum(sign * y, 0.0)) for sign in (1.0, -1.0)]
    rows = [(sign, X.T @ part, float(np.linalg.norm(part)) - beta) for sign, part in parts]
    rows = [(sign, u, weight) for sign, u, weight in rows if weight > 0]
    if not rows:
        return cv.ReLUNetwork.constant(0.0, X.shape[1])
    U = np.array([u / np.linalg.norm(u) for _, u, _ in rows])
    return cv.ReLUNetwork(U, np.zeros(len(rows)), np.array([sign * w for sign, _, w in rows]), 0.0)


def draw(classes: tuple[int, ...], per_class: int, seed: int) -> tuple[Array, np.ndarray]:
    """Images (n, 64) and digits (n,), so many of each class, linearly independent."""
    known, rng = digit_images.digits(), np.random.default_rng(seed)
    for _ in range(MOST_DRAWS):
        rows = np.concatenate([rng.choice(known.of(digit), per_class, replace=False) for digit in classes])
        if np.linalg.matrix_rank(known.X[rows]) == len(rows):
            return known.X[rows], known.target[rows]
    raise ValueError(f"No {per_class} images of each digit were found that are linearly independent; take fewer.")


def found_for(settings: ClosedSettings) -> Two:
    """Formula and solver on the images of the settings."""
    s = settings
    return two_classes(int(s.first), int(s.second), s.n, s.beta, s.whiten, s.seed)


def two_part(settings: ClosedSettings) -> None:
    """The images and the neurons, the certificate and the table."""
    found = found_for(settings)
    left, right = st.columns([56, 44], gap="medium")
    with left, st.container(key="figure"):
        seen, neurons = st.columns([55, 45], gap="small")
        with seen:
            chart.mount(IMAGES, {"images": images_spec(found)})
        with neurons:
            chart.mount(NEURONS, neurons_specs(found), layout="stack")
        if not settings.hides("controls"):
            controls.log_slider("beta", *BETAS, steps=STOPS)
        st.markdown(words(found, settings))
    with right:
        with st.container(key="certificate"):
            badge.mount(
                BADGE,
                answers.badge(Answer("certified" if found.optimum.certified else "upper-bound", "", found.optimum)),
            )
        with st.container(key="comparison"):
            st.markdown(table(found))


def images_spec(found: Two) -> Spec:
    """The images trained on, a class after the other, with their targets."""
    rows = -(-len(found.y) // PER_ROW) if len(found.y) > PER_ROW else 2
    return images.image_row_spec(
        digit_images.pictures(found.raw),
        ["+1" if label > 0 else "−1" for label in found.y],
        columns=min(PER_ROW, len(found.y) // 2),
        height=ROW * rows,
        alt="The images trained on.",
    )


def neurons_specs(found: Two) -> dict[str, Spec]:
    """The neurons of the formula, and below them those of the solver, positive ones first."""
    order = np.argsort(-np.sign(found.optimum.network.w), kind="stable")
    return {
        "formula": _neurons("formula", found.formula_neurons, found.network.w),
        "solver": _neurons("solver", found.neurons[order], found.optimum.network.w[order]),
    }


def _neurons(name: str, neurons: Array, weights: Array) -> Spec:
    """Neurons as images; a blank one says that there is none."""
    shown = neurons if len(neurons) else np.zeros((1, digit_images.SIDE**2))
    titles = [f"{name} {'+' if weight > 0 else '−'}" for weight in weights] or [f"{name}: none"]
    return images.image_row_spec(
        digit_images.pictures(shown),
        titles,
        signed=True,
        columns=max(2, len(shown)),
        height=ROW,
        alt=f"The neurons of the {name} as images.",
    )


def words(found: Two, settings: ClosedSettings) -> str:
    """What the comparison shows."""
    ours, best = found.formula_objective, found.optimum.objective
    if settings.whiten:
        return (
            "**Whitened.** The samples are orthonormal, so one neuron can answer the positive part of y and another "
            f"the negative part, neither disturbing the other. {_left_over(found)}The formula costs {ours:.6f}; the "
            f"solver, which knows nothing of it and looks at every activation pattern, {best:.6f}."
        )
    if not found.network.width:
        return f"**Not whitened.** No part of y is longer than β, so the formula has no neuron. {_without(found)}"
    more = 100 * (ours - best) / best
    excess = f"{more:.0f} %" if more >= 1 else "less than 1 %"
    overlap = "Each of its neurons answers images of the other class too." if overlapping(found) else ""
    return (
        f"**Not whitened.** The formula takes the samples for orthonormal, and they are not. {overlap} It costs "
        f"{ours:.4f}, {excess} above the certified optimum {best:.4f}."
    )


def _left_over(found: Two) -> str:
    return "" if found.network.width else "No part of y is longer than β here, so no neuron is left. "


def _without(found: Two) -> str:
    """Whether to have no neuron is right."""
    width, best = found.optimum.network.width, found.optimum.objective
    if not width:
        return f"Nor has the solver: no neuron pays for itself any more, and both cost {best:.4f}."
    uses = "uses one neuron" if width == 1 else f"uses {width} neurons"
    return f"It costs {found.formula_objective:.4f}; the certified optimum {uses} and costs {best:.4f}."


def overlapping(found: Two) -> bool:
    """Whether each neuron of the formula answers some image of the class that is not its own."""
    answers_ = found.network.activations(found.X)
    return all((answers_[found.y * w < 0, j] > 0).any() for j, w in enumerate(found.network.w))


def table(found: Two) -> str:
    """Formula and solver side by side."""
    s = found.optimum
    time_of = "–" if found.formula is None else f"{1e3 * found.formula.seconds:.1f} ms"
    proved = "–" if found.formula is None else f"{found.formula.lower_bound:.6f}"
    return (
        "| | formula | solver |\n|---|---|---|\n"
        f"| objective | {found.formula_objective:.6f} | {s.objective:.6f} |\n"
        f"| proved bound | {proved} | {s.lower_bound:.6f} |\n"
        f"| neurons | {len(found.formula_neurons)} | {s.network.width} |\n"
        f"| time | {time_of} | {1e3 * s.seconds:.0f} ms |"
    )


# ---------------------------------------------------------------- ten digits


@dataclass(frozen=True)
class Contestant:
    """A classifier trained in this run: accuracy on the images it has not seen, and seconds of training."""

    name: str
    accuracy: float
    seconds: float


@st.cache_data(max_entries=32, show_spinner="Training three classifiers…")
def ten_classes(per_class: int, beta: float, seed: int) -> tuple[Array, list[Contestant]]:
    """One neuron per class as images (10, 64), and who classifies how well, trained in one run on the same images."""
    X, target = draw(tuple(range(10)), per_class, seed)
    known = digit_images.digits()
    seen = {tuple(row) for row in X}
    unseen = np.array([tuple(row) not in seen for row in known.X])
    rest, truth = known.X[unseen], known.target[unseen]
    begin = time.perf_counter()
    white = closed_form.whiten(X)
    network = closed_form.vector_whitened(white.X, np.eye(10)[target], beta).network
    seconds = time.perf_counter() - begin
    guess = network.predict(white.apply(rest)).argmax(axis=1)
    ours = Contestant("closed form, one neuron per class", float((guess == truth).mean()), seconds)
    neurons = np.zeros((10, X.shape[1]))  # empty where β left nothing of a class
    neurons[network.W.argmax(axis=1)] = white.pictures(network.U)
    return neurons, [
        ours,
        *(_trained(*rival, X, target, rest, truth) for rival in rivals(seed)),
    ]


def rivals(seed: int) -> list[tuple[str, Any]]:
    """What people would use instead, at its defaults but for what makes it converge."""
    return [
        ("logistic regression", LogisticRegression(max_iter=2000)),
        (
            f"MLP, {MLP_WIDTH} neurons, L-BFGS",
            MLPClassifier(hidden_layer_sizes=(MLP_WIDTH,), solver="lbfgs", max_iter=2000, random_state=seed),
        ),
    ]


def _trained(name: str, model: Any, X: Array, target: Array, rest: Array, truth: Array) -> Contestant:
    begin = time.perf_counter()
    model.fit(X, target)
    return Contestant(name, float(model.score(rest, truth)), time.perf_counter() - begin)


def ten_part(settings: ClosedSettings) -> None:
    """Ten neurons in closed form, against two classifiers trained in the same run."""
    st.subheader("Ten classes, ten neurons", anchor=False)
    pick, picture = st.columns([26, 74], gap="medium")
    with pick:
        controls.number("per_class")
    neurons, contestants = ten_classes(settings.per_class, settings.beta, settings.seed)
    with picture, st.container(key="digits"):
        chart.mount(TEN, {"ten": ten_spec(neurons)})
        st.markdown(scores(contestants, settings, bool(neurons.any())))


def ten_spec(neurons: Array) -> Spec:
    """One neuron for each digit, as images."""
    return images.image_row_spec(
        digit_images.pictures(neurons),
        [str(digit) for digit in range(10)],
        signed=True,
        columns=TEN_PER_ROW,
        height=TEN_HEIGHT,
        alt="One neuron for each digit, as images.",
    )


def scores(contestants: list[Contestant], settings: ClosedSettings, left: bool) -> str:
    """The table of accuracies, and what it says; `left` whether β has left the closed form any neuron."""
    seen = 10 * settings.per_class
    rows = "\n".join(f"| {c.name} | {c.accuracy:.1%} | {1e3 * c.seconds:.0f} ms |" for c in contestants)
    best = max(contestants, key=lambda c: c.accuracy)
    optimum = "The closed form is the *global optimum* of its training problem"
    if not left:
        verdict = f"{optimum}, and at this β that is no neuron at all."
    elif best is contestants[0]:
        verdict = (
            f"{optimum}, and here no other classifies the images not seen better, which is not what was optimised."
        )
    else:
        verdict = f"{optimum}; that does not make it the best classifier of other images. Here that is: {best.name}."
    return (
        f"| trained on {seen} images | accuracy on all others | training time |\n|---|---|---|\n{rows}\n\n"
        f"All three were trained on the same images. {verdict} Whitening gives every direction of the data the same "
        f"length: the shortest is stretched {stretch(settings):.0f} times as much as the longest, and noise with it."
    )


def stretch(settings: ClosedSettings) -> float:
    """By how much more whitening stretches the shortest direction of the ten classes' images than the longest."""
    singular = np.linalg.svd(draw(tuple(range(10)), settings.per_class, settings.seed)[0], compute_uv=False)
    return float(singular[0] / singular[-1])
