"""The pieces of the lesson: points, handles, N_v against the band, the two bounds, and the sums as done on paper.

All of it lives in one fragment: what the hand does is drawn by the browser at once, and what Python says of it comes
with one small rerun.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from convexviz.app.components import badge, board, dual_hand
from convexviz.app.compute import answers
from convexviz.app.contracts import BoardAnswer, Certificate, DualMessage, Reading
from convexviz.app.course import guide
from convexviz.app.lessons.dual import view_state
from convexviz.app.lessons.dual.settings import DualSettings
from convexviz.app.lessons.dual.view_state import POINTS, TROUBLE, ViewState
from convexviz.app.shell import controls, source
from convexviz.app.shell.errors import guard
from convexviz.core.dual.certificate import certify
from convexviz.core.losses import get_loss
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import TOLERANCE
from convexviz.figures.spec import Curve
from convexviz.figures.theme import DUAL

BOARD, BADGE, HANDLES, BOUNDS, WORKED = "dual-board", "dual-badge", "dual-handles", "dual-bounds", "dual-worked"
BOARD_HEIGHT = 250
ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # mantissas of the ends of an axis
HEADROOM = 1.1


def toolbar(settings: DualSettings) -> None:
    """Points, loss and β."""
    if not settings.hides("presets"):
        controls.choice("dataset", style="select", label_visibility="collapsed", width=190)
    if not settings.hides("loss") and not settings.classification:
        controls.choice("loss", ("squared", "interpolate"), label_visibility="collapsed", width="content")
    if not settings.hides("beta") and not get_loss(settings.loss).constrained:
        with st.popover(f"β = {settings.beta:g}", help="What one unit of weight costs: half the width of the band."):
            controls.number("beta", step=0.25)


def hand_row(settings: DualSettings) -> None:
    """The solver, the way back, and whether the sum is kept."""
    with st.container(key="hand", horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Solve", key="solve", type="primary", help="Let the solver find v", on_click=view_state.solve)
        st.button("Start over", key="start-over", help="All numbers 0", on_click=view_state.start_over)
        if not settings.hides("data"):
            controls.toggle("free")


@st.fragment
def lesson() -> None:
    """Points and their numbers left; the band, the bounds and the verdict right; below, every number by hand."""
    with guard():
        now = view_state.present()
        left, right = st.columns([46, 54], gap="medium")
        with left:
            with st.container(key="board"):
                _board(now)
            hand_row(now.settings)
            with st.container(key="handles"):
                dual_hand.mount(HANDLES, _message(now, "handles"), view_state.take)
        with right:
            with st.container(key="figure"):
                dual_hand.mount(BOUNDS, _message(now, "bounds"))
            with st.container(key="certificate"):
                badge.mount(BADGE, _certificate(now))
        with st.container(key="worked"):
            dual_hand.mount(WORKED, _message(now, "worked"))


def _board(now: ViewState) -> None:
    classes, f = now.settings.classification, now.own.predict(now.hand.x[:, None])
    shown: BoardAnswer = {
        "network": answers.network_json(now.own),
        "status": "certified" if now.gap <= TOLERANCE else "upper-bound",
        "label": "the network of your v",
        "margins": classes,
        "regions": classes,
        "note": st.session_state.pop(TROUBLE, ""),
        "curves": [] if classes else _residuals(now.hand.x, now.hand.y, f),
    }
    board.mount(
        BOARD,
        POINTS.state_key(now.settings.task),
        mode="line-classes" if classes else "regression",
        view=now.view,
        answer=shown,
        max_points=source.MAX_POINTS,
        height=BOARD_HEIGHT,
        parcels=guide.parcels(now.settings, POINTS.points(now.settings.task)),
        fixed=True,
        tools=False,
    )


def _residuals(x: Array, y: Array, f: Array) -> list[Curve]:
    """From each point to the network: for the squared loss its length is v."""
    return [
        {
            "id": f"v{k}",
            "label": "",
            "x": x[[k, k]],
            "y": np.array([y[k], f[k]]),
            "color": DUAL,
            "dash": "solid",
            "width": 3,
        }
        for k in range(len(x))
    ]


def _message(now: ViewState, part: Any) -> DualMessage:
    hand, best = now.hand, now.best.objective
    return {
        "part": part,
        "x": hand.x.tolist(),
        "y": hand.y.tolist(),
        "v": hand.v.tolist(),
        "loss": hand.loss,
        "band": hand.band,
        "free": now.settings.free,
        "own": reading(now),
        "best": best if np.isfinite(best) else None,
        "solved": now.settings.solved,
        "baseline": get_loss(hand.loss).baseline(hand.y),
        "rev": dual_hand.seen(HANDLES),
        "span": list(now.view.x),
        "reach": reach(now),
        "top": top(now),
    }


def reading(now: ViewState) -> Reading:
    """The network that belongs to v, as numbers at the points."""
    hand, network = now.hand, now.own
    f, total = network.predict(hand.x[:, None]), hand.objective_of(network)
    finite = bool(np.isfinite(total))
    price = hand.band * network.penalty
    return {
        "f": f.tolist(),
        "penalty": network.penalty,
        "loss": total - price if finite else None,
        "objective": total if finite else None,
    }


def reach(now: ViewState) -> float:
    """How far the handles go: it follows the settings, not the hand."""
    held = 1.0
    if not now.settings.classification:
        low, high = now.view.y
        held = (high - low) / 2
    if get_loss(now.settings.loss).interpolates:
        gaps = np.diff(np.unique(now.settings.named()[:, 0]))
        held = max(held, 4.0 * now.hand.band / float(gaps.min()))
    return rounded_up(max(held, HEADROOM * float(np.abs(now.hand.v).max())) * (1.0 + 0.2 * now.settings.classification))


def top(now: ViewState) -> float:
    """Where the bars end: above the objective of the best constant, and of the straight lines through the points."""
    hand = now.hand
    dots = ReLUNetwork.constant(0.0, 1)
    if not now.settings.classification:
        dots = replace(hand, v=np.zeros_like(hand.v)).network
    largest = max(hand.band * dots.penalty, get_loss(hand.loss).baseline(hand.y))
    return rounded_up(HEADROOM * largest) if largest > 0 else 1.0


def rounded_up(value: float) -> float:
    """The next round number."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(m * power for m in ROUND if m * power >= value * (1.0 - 1e-9)))


def _certificate(now: ViewState) -> Certificate:
    """What is proved: by v of the network that is the best so far."""
    hand, best = now.hand, now.best
    shown: Certificate = {
        "status": "upper-bound",
        "message": words(now),
        "objective": best.objective,
        "neurons": best.network.width,
        "loss": hand.loss,
        "method": "solver" if now.settings.solved else "by hand",
        "bare": True,
    }
    if hand.feasible:  # where nothing is proved there is no bound, and no gap
        shown |= {"lower_bound": hand.lower, "gap": now.gap}
    if now.gap > TOLERANCE:
        return shown
    checked = certify(best.network, hand.x[:, None], hand.y, hand.beta, hand.loss, duals=[hand.v], only=True)
    if checked.gap > TOLERANCE:
        return shown
    shown |= {"status": "certified", "message": "", "gap": checked.gap, "lower_bound": checked.lower_bound}
    bounds = checked.objective, checked.lower_bound
    made = badge.proof_of(hand.x[:, None], hand.y, best.network, checked.v, hand.loss, hand.beta, bounds)
    return shown | ({} if made is None else {"proof": made})


def words(now: ViewState) -> str:
    """Why the two bounds have not met."""
    if not now.hand.feasible:
        return "This v is not feasible: it proves nothing about any network."
    if not np.isfinite(now.best.objective):
        return "No network so far meets the condition."
    return f"The bounds are {100 * now.gap:.3g} % apart: a better v, a better network, or both are there."
