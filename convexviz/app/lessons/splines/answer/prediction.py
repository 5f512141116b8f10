"""The tab on how well the answer predicts: training, held-out and cross-validated error, and the curve over β."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import chart
from convexviz.app.components.player import making
from convexviz.app.lessons.splines.answer import checking
from convexviz.app.lessons.splines.answer.answered import Answered, number, table
from convexviz.app.lessons.splines.answer.checking import ASKED, CURVE, Question, Work
from convexviz.app.shell import state
from convexviz.core.network import Array
from convexviz.core.paths.cross_validation import Measure, r_squared
from convexviz.figures.validation import validation_spec

HEIGHT = 320
NO_NUMBER = "–"


def show(now: Answered, solution: cv.Solution) -> None:
    """What costs nothing at once; the rest for whoever asks, until the points change."""
    asked = st.session_state.get(ASKED) == now.problem
    today = checking.ask(_today(now)) if asked else None
    st.markdown(table(["judged on", *_head(now)], [_trained(now, solution), *_checked(now, today)], words=[0]))
    if today is None:
        _offer(now)
    elif today.failure:
        st.info(f"These points cannot be cross-validated: {today.failure}")
    elif today.result is None:
        _wait(today)
    else:
        st.markdown(_explained(now, today.result))
        _curve(now)


def _today(now: Answered) -> Question:
    return Question(now.problem, now.classes, (now.beta,) if now.problem.has_beta else ())


def _offer(now: Answered) -> None:
    st.markdown(
        "The training error says how close the answer comes to points that it has seen. To judge it by points that "
        "it has not seen, points are set aside, and the network is trained again on the others."
    )
    if len(np.unique(now.problem.X[:, 0])) < 2:
        st.markdown("That needs points at two different places at least.")
    elif st.button("Cross-validate", key="cross-validate", type="primary", icon=":material/fact_check:"):
        st.session_state[ASKED] = now.problem
        st.rerun(scope="fragment")


def _give_up() -> None:
    checking.drop()
    st.session_state.pop(ASKED, None)


def _wait(work: Work) -> None:
    words = f"{work.done} of {work.most} networks trained"
    making.mount("line-answer-making", share=work.done / work.most, words=words, on_cancel=_give_up)


# ---------------------------------------------------------------- the table


def _measure(now: Answered) -> Measure:
    return Measure(cv.LOSSES[now.problem.loss], now.classes)


def _head(now: Answered) -> list[str]:
    return [_measure(now).name, "accuracy" if now.classes else "R²"]


def _trained(now: Answered, solution: cv.Solution) -> list[str]:
    """The network on the page, on the points that it was trained on."""
    f, y = solution.network.predict(now.problem.X), now.problem.targets
    weights = _weights(now)
    return [f"all {len(y)} points, which it was trained on", *_judged(now, f, y, weights)]


def _weights(now: Answered) -> Array:
    given = getattr(now.problem, "sample_weight", None)
    return np.ones(len(now.problem.targets)) if given is None else np.asarray(given)


def _judged(now: Answered, f: Array, y: Array, weights: Array) -> list[str]:
    """Error, and accuracy or R², of predictions."""
    error = float(_measure(now).mean(f, y, weights))
    return [_error(now, error), _quality(1.0 - error if now.classes else float(r_squared(f, y, weights)), now.classes)]


def _error(now: Answered, error: float) -> str:
    return f"{100 * error:.1f} %" if now.classes else number(float(f"{error:.4g}"))


def _quality(value: float, classes: bool) -> str:
    if math.isnan(value):
        return NO_NUMBER
    return f"{100 * value:.1f} %" if classes else number(float(f"{value:.3f}"))


def _checked(now: Answered, today: Work | None) -> list[list[str]]:
    """The rows of points that were not trained on."""
    made = None if today is None else today.result
    if made is None:
        return []
    fold = made.folds == 0
    held = [f"{fold.sum()} points held out, by a network of the other {(made.folds > 0).sum()}"]
    held += _judged(now, made.predictions[fold, 0], made.y[fold], made.weights[fold])
    mean, spread = float(made.mean[0]), float(made.standard_error[0])
    quality = float(made.accuracy[0] if now.classes else made.r2[0])
    whole = [f"all points in turn, in {len(made.errors)} folds", f"{_error(now, mean)} ± {_error(now, spread)}"]
    return [held, [*whole, _quality(quality, now.classes)]]


def _explained(now: Answered, made: cv.CrossValidation) -> str:
    at = f" at β = {number(now.beta)}" if now.problem.has_beta else ""
    proved = "each a certified optimum of its points" if made.certified else "not all of them certified"
    return (
        f"All numbers are{at}. Each of {len(made.errors)} groups of points is predicted by a network trained "
        f"on the others, {proved}; points with the same x stay together. The last line is the mean of the groups with "
        "its standard error."
    )


# ---------------------------------------------------------------- the curve


def _curve(now: Answered) -> None:
    betas = checking.grid(now.problem)
    if not betas:
        st.markdown("There is no β to choose here.")
        return
    work = checking.ask(Question(now.problem, now.classes, betas))
    if work.failure:
        st.info(f"The curve over β could not be made: {work.failure}")
    elif work.result is None:
        _wait(work)
    else:
        _shown(now, work.result)


def _shown(now: Answered, made: cv.CrossValidation) -> None:
    with st.container(key="validation"):
        chart.mount(CURVE, {"validation": validation_spec(made, now.beta, HEIGHT)})
    best, sparse = made.best, made.sparsest_within_one_se
    words = f"Of {len(made.betas)} values of β the held-out error is least at β = {number(best)}."
    if sparse > best:
        words += (
            f" The largest β within one standard error of that is {number(sparse)}: less weight in the network, and as "
            "far as these points can tell it predicts about as well."
        )
    st.markdown(words)
    if now.may_take_beta:
        with st.container(horizontal=True, gap="small"):
            _take(now, best, "Take this β", "least error", "take-best")
            if sparse > best:
                _take(now, sparse, "Take this β", "one standard error", "take-sparse")


def _take(now: Answered, beta: float, label: str, why: str, key: str) -> None:
    pressed = st.button(f"{label}: {number(beta)} ({why})", key=key, disabled=beta == now.beta)
    if pressed:
        state.update(beta=beta)
        st.rerun()
