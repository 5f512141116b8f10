"""The pieces of the lesson on digits: neurons as images, certificate, and who classifies how well.

Training goes on beside the page (`training`): what is done is shown, until all is done.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from convexviz.app.components import badge, chart, shown
from convexviz.app.compute import answers, digit_images
from convexviz.app.compute.answers import Answer
from convexviz.app.contracts import Certificate, Status
from convexviz.app.lessons.digits import run_text
from convexviz.app.lessons.digits.run_text import COLUMNS, MOST_NEURONS
from convexviz.app.lessons.digits.settings import DigitsSettings
from convexviz.app.lessons.digits.training import OURS, Data, Task, Work, classes_of, data_of, work_of
from convexviz.app.shell import controls
from convexviz.app.shell.errors import guard
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import Solution
from convexviz.figures import images
from convexviz.figures.spec import Spec

BADGE, FIGURES = "digits-badge", "digits-figures"
TASK = "digits-task"  # session key
WHOLE = "digits-whole"  # session key: whether the whole page is being drawn
LIT = 1e-6  # lines run through images; below this an activation is rounding
LINES = 2.5  # of words above an image: two, which on a phone stand close
HEIGHTS = {1: 160, 2: 310}  # of the neurons, by rows
WITH_STRIPS = {1: 175, 2: 340}
POLL, PATIENCE = 0.5, 0.3  # seconds between two looks at the training, and for which a look waits


def lesson(settings: DigitsSettings) -> None:
    """Neurons, certificate and table."""
    task = task_of(settings)
    _watch(task)
    going = not work_of(task).complete
    st.session_state[WHOLE] = True
    st.fragment(_result, run_every=POLL if going else None)(task, going)
    _further(settings)


def _further(settings: DigitsSettings) -> None:
    """What is changed less often."""
    with st.container(key="further", horizontal=True, vertical_alignment="bottom", gap="medium"):
        if not settings.hides("beta"):
            controls.log_slider("beta", 0.01, 10.0, width=280)
        if not settings.hides("data"):
            controls.number("seed", width=130)


def task_of(settings: DigitsSettings) -> Task:
    """What the settings ask to be trained."""
    if settings.scene == "ten":
        return Task(tuple(range(10)), settings.per_digit, settings.loss, settings.beta, settings.seed)
    classes = int(settings.first), int(settings.second)
    return Task(classes, settings.images, settings.loss, settings.beta, settings.seed, settings.whiten)


def network_now(settings: DigitsSettings) -> ReLUNetwork | None:
    """The network of ours on the page, None while there is none."""
    found = work_of(task_of(settings)).found
    return None if found is None else found.network


def _watch(task: Task) -> None:
    """What this session trained before, it does not wait for any more."""
    before = st.session_state.get(TASK)
    if before is not None and before != task:
        work_of(before).cancel()
    st.session_state[TASK] = task


def _result(task: Task, going: bool) -> None:
    """What is known by now; `going` if the page, when it was run, saw something missing."""
    with guard():
        work = work_of(task)
        if not work.complete:
            shown.unfinished()
            work.advance(PATIENCE)
        whole = st.session_state.pop(WHOLE, False)  # a page that is being drawn is not begun anew: parts may get lost
        if going and work.complete and not whole:
            st.rerun()  # all of the page: nothing is asked again, and a challenge may be met
        data, found = data_of(task), work.found
        left, right = st.columns([56, 44], gap="medium")
        with left, st.container(key="figure"):
            drawn = figures(task, data, found, OURS in work.done or work.complete)
            chart.mount(FIGURES, drawn, layout="stack")
            st.caption(run_text.legend(task, found, MOST_NEURONS, "missed" in drawn))
        with right:
            with st.container(key="certificate"):
                badge.mount(BADGE, certificate(task, work, found))
            with st.container(key="comparison"):
                st.markdown(run_text.table(task, work) + "\n\n" + run_text.verdict(task, work))


def certificate(task: Task, work: Work, found: Solution | None) -> Certificate:
    """The badge: objective and bounds of the best network of ours."""
    if found is None:
        gone = OURS in work.failed
        return {"status": "error" if gone else "empty", "message": run_text.FAILED if gone else run_text.TRAINING}
    status: Status = "certified" if found.certified else "upper-bound"
    return answers.badge(Answer(status, run_text.proof(task, work, found), found))


# ---------------------------------------------------------------- figures


def figures(task: Task, data: Data, found: Solution | None, settled: bool) -> dict[str, Spec]:
    """Neurons, heaviest first, and unseen images that are taken for another digit; empty while it trains."""
    missed = missed_spec(task, data, found)
    return {"neurons": neurons_spec(task, data, found, settled)} | ({} if missed is None else {"missed": missed})


def neurons_spec(task: Task, data: Data, found: Solution | None, settled: bool) -> Spec:
    """Neurons in pixels; of ten digits with their output weights below. Until it is settled there is room for more."""
    heights = HEIGHTS if task.two else WITH_STRIPS
    if found is None or not found.network.width:
        rows = 1 if settled else 2
        blank = np.zeros((rows * COLUMNS, digit_images.SIDE, digit_images.SIDE))
        strips = None if task.two else np.zeros((len(blank), len(task.classes)))
        return images.image_row_spec(
            blank, signed=True, columns=COLUMNS, height=heights[rows], lines=LINES, strips=strips
        )
    W = output_weights(found)
    chosen = np.argsort(-np.linalg.norm(W, axis=1), kind="stable")[:MOST_NEURONS]
    lit = (found.network.activations(data.X)[:, chosen] > LIT).sum(axis=0)
    return images.image_row_spec(
        digit_images.pictures(data.pictures(found.network.U[chosen])),
        [run_text.neuron(task, w, int(count)) for w, count in zip(W[chosen], lit, strict=True)],
        signed=True,
        columns=COLUMNS,
        height=heights[-(-len(chosen) // COLUMNS) if settled else 2],
        alt="The heaviest neurons of the network as images.",
        lines=LINES,
        strips=None if task.two else W[chosen],
    )


def output_weights(found: Solution) -> Array:
    """Rows of output weights (m, K), K = 1 for two classes."""
    return found.network.W


def missed_spec(task: Task, data: Data, found: Solution | None) -> Spec | None:
    """Unseen images that are taken for another digit; empty frames while it trains, None if there are none."""
    shown, titles = np.zeros((COLUMNS, data.raw.shape[1])), [""] * COLUMNS
    if found is not None:
        guess = classes_of(found.network.predict(data.unseen), task)
        wrong = np.flatnonzero(guess != data.truth)[: run_text.LAST_ROW]
        shown, titles = data.unseen_raw[wrong], [f"a {data.truth[i]},<br>taken for {guess[i]}" for i in wrong]
    if not len(shown):
        return None
    return images.image_row_spec(
        digit_images.pictures(shown),
        titles,
        columns=COLUMNS,
        height=HEIGHTS[1],
        alt="Unseen images that the network takes for another digit.",
        lines=LINES,
    )
