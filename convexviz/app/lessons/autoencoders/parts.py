"""The pieces of the lesson on auto-encoders: planar points and the neuron of one of them, then digits as images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from convexviz import data
from convexviz.app.components import badge, board, chart
from convexviz.app.compute import digit_images
from convexviz.app.contracts import BoardAnswer, Certificate
from convexviz.app.course import guide
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.app.shell import controls, link, source, state
from convexviz.app.shell.errors import guard
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.core.solution import TOLERANCE, relative_gap
from convexviz.figures import geometry as figures
from convexviz.figures import images
from convexviz.figures.spec import Spec
from convexviz.geometry import ExtremePoint, extreme_point, extreme_points

BOARD, BADGE, DIGIT, SHARE = "auto-board", "auto-badge", "auto-digit", "auto-share"
KEY, ORIGIN, STAMP, VIEW = "auto-points", "auto-origin", "auto-stamp", "auto-view"  # session keys
HEIGHT = 340  # so that the legend too is on a laptop's first screen
COLUMNS, DIGIT_HEIGHT = 4, 250  # images in a row: wide enough for the words above them on a phone
MIXED = 5  # images shown of those that a digit is mixed from
COMPONENTS = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64)


@dataclass(frozen=True, eq=False)
class ViewState:
    """Points X (n, 2), the sample chosen, and its neuron; None with fewer than two points."""

    settings: AutoencoderSettings
    X: Array
    k: int
    point: ExtremePoint | None


def present() -> ViewState:
    """The points as they stand and the neuron of sample k."""
    settings: AutoencoderSettings = state.current().settings
    prepare(settings, state.link_loads())
    X = board.current(KEY).points
    if len(X) < 2:
        return ViewState(settings, X, 0, None)
    k = chosen(settings, X)
    return ViewState(settings, X, k, extreme_point(X, k))


def shown_view() -> board.View:
    """The window of the board."""
    view: board.View = st.session_state[VIEW]
    return view


def chosen(settings: AutoencoderSettings, X: Array) -> int:
    """The sample, from 0, whose neuron is shown."""
    return min(settings.k, len(X)) - 1 if settings.k else farthest_out(X)


def farthest_out(X: Array) -> int:
    """The sample farthest from the hull of the others."""
    return int(np.argmax([point.distance for point in extreme_points(X)]))


def prepare(settings: AutoencoderSettings, loads: int) -> None:
    """Put the points that the settings name on the board, unless they are there already or were drawn over."""
    origin = settings.dataset, settings.n, settings.seed, settings.points, loads
    if st.session_state.get(ORIGIN) == origin:
        return
    X = named(settings)
    now = board.put(KEY, X)
    st.session_state[ORIGIN], st.session_state[STAMP] = origin, (now.gen, now.rev)
    st.session_state[VIEW] = board.View.around(X) if len(X) else board.View()


def named(settings: AutoencoderSettings) -> Array:
    """Points of a link or a preset."""
    if settings.points:
        return link.text_to_plane(settings.points)[0]
    spec = data.DATASETS[settings.dataset]
    return data.load(settings.dataset, max(settings.n, spec.n_min), seed=settings.seed).X


def as_link(settings: AutoencoderSettings) -> str:
    """The drawn points as text for a link."""
    now, view = board.current(KEY), st.session_state[VIEW]
    if (now.gen, now.rev) == st.session_state[STAMP]:
        return settings.points
    return link.plane_to_text(now.points, np.ones(len(now)), (*view.x, *view.y, -1.0, 1.0))


def plane() -> None:
    """Board left; certificate and words right."""
    plane_fragment()


@st.fragment
def plane_fragment() -> None:
    """What a gesture reruns."""
    with guard():
        now = present()
        left, right = st.columns([58, 42], gap="medium")
        with left, st.container(key="board"):
            _board(now)
        with right:
            with st.container(key="certificate"):
                badge.mount(BADGE, certificate(now))
            with st.container(key="verdict"):
                st.markdown(words(now))


def _board(now: ViewState) -> None:
    view: board.View = st.session_state[VIEW]
    x, y = ((2 * low - high, 2 * high - low) for low, high in (view.x, view.y))  # more is shown than the view
    answer: BoardAnswer = {
        "status": "certified",
        "note": "" if now.point else "Two points are needed. Click to add one.",
    }
    if now.point is not None:
        answer |= {
            "curves": figures.extreme_point_curves(now.X, now.point, (x, y)),
            "marks": figures.extreme_point_marks(now.X, now.point),
            "chosen": now.k,
            "names": [f"x{_small(now.k + 1)}" if i == now.k else "" for i in range(len(now.X))],
        }
    board.mount(
        BOARD,
        KEY,
        mode="plane-points",
        view=view,
        answer=answer,
        axes=("x₁", "x₂"),
        max_points=source.MAX_POINTS,
        height=HEIGHT,
        parcels=guide.parcels(now.settings, Points(now.X, np.ones(len(now.X)))),
        equal=True,
        on_pick=lambda k: state.update(k=k + 1),
    )


def _small(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def certificate(now: ViewState) -> Certificate:
    """Distance to the hull from above, the value of a neuron from below: they prove each other."""
    if now.point is None:
        return {"status": "empty", "message": "Two points are needed."}
    p = now.point
    gap = 0.0 if p.in_hull else abs(relative_gap(p.distance, p.value))
    message = (
        "Distance to the hull (objective) and answer of the neuron (lower bound) meet: no unit neuron that is silent "
        "on the other samples answers this one more strongly."
    )
    if p.in_hull:
        message = "The sample is a mixture of the others: every neuron that is silent on them is silent on it too."
    return {
        "status": "certified" if gap <= TOLERANCE else "upper-bound",
        "message": message,
        "objective": p.distance,
        "lower_bound": p.value,
        "gap": gap,
        "neurons": int(not p.in_hull),
        "method": "projection on the hull of the others",
    }


def words(now: ViewState) -> str:
    """What the picture says about the sample chosen."""
    if now.point is None:
        return "Click on the board to add points."
    p, name = now.point, f"x{_small(now.k + 1)}"
    used = int((p.weights > 1e-9).sum())
    mixed = f"**{used} other {'sample' if used == 1 else 'samples'}**"
    outside = sum(not other.in_hull for other in extreme_points(now.X))
    count = (
        f"Of the {len(now.X)} samples, {outside} {'lies' if outside == 1 else 'lie'} outside the hull of the others: "
        f"so many have a neuron of their own."
    )
    if p.in_hull:
        return (
            f"**{name} lies in the hull** of the others: a mixture of {mixed} is {name} itself, nothing is left to "
            f"encode. {count}"
        )
    return (
        f"The best reconstruction of {name} is p, a mixture of {mixed}. What is left, the residual {name} − p of "
        f"length **{p.distance:.3f}**, gives the direction u of the neuron. Its break line, where it begins to answer, "
        "touches the hull and has all of it on the silent side: the neuron answers zero to every other sample. "
        f"{count}\n\nClick on another sample, or drag one."
    )


# ---------------------------------------------------------------- digits


def digits_part(settings: AutoencoderSettings) -> None:
    """A digit, its reconstruction by other images, and the residual that is the neuron."""
    st.subheader("The same with images", anchor=False)
    pick, picture = st.columns([26, 74], gap="medium")
    with pick:
        controls.choice("digit", style="select")
        controls.number("image", hi=len(digit_images.digits().of(int(settings.digit))))
        controls.choice("among", width="stretch")
    row, found = _digit(settings)
    with picture, st.container(key="digit"):
        chart.mount(DIGIT, {"digit": digit_spec(row, settings.among == "same", found)})
        st.caption(digit_words(found))
    with st.container(key="shares"):
        st.markdown(shares(int(settings.digit)))


def _digit(settings: AutoencoderSettings) -> tuple[int, ExtremePoint]:
    rows = digit_images.digits().of(int(settings.digit))
    row = int(rows[min(settings.image, len(rows)) - 1])
    return row, digit_images.mixture(row, settings.among == "same")


def digit_spec(row: int, same: bool, found: ExtremePoint) -> Spec:
    """Image, reconstruction, residual, and the images that weigh most in the mixture."""
    known = digit_images.digits()
    rows = known.of(int(known.target[row])) if same else np.arange(len(known.target))
    heaviest = np.argsort(-found.weights)[:MIXED]
    residual = known.X[row] - found.projection
    shown = np.vstack([known.X[row], found.projection, residual, known.X[rows[heaviest]]])
    titles = ["image x", "mixture p", "residual", *(f"{found.weights[i]:.0%} of p" for i in heaviest)]
    return images.image_row_spec(
        digit_images.pictures(shown),
        titles,
        signed=[False, False, True, *(False for _ in heaviest)],
        columns=COLUMNS,
        height=DIGIT_HEIGHT,
        alt="A digit, its best mixture of other digits, the residual, and the images that weigh most in it.",
    )


def digit_words(found: ExtremePoint) -> str:
    """How the mixture was made."""
    used = int((found.weights > 1e-9).sum())
    return (
        f"The mixture uses {used} of {len(found.weights) - 1} images and misses by {found.distance:.2f} (pixels from 0 "
        "to 1). In the residual blue is ink that the mixture lacks, orange ink that it has too much. As the direction "
        f"of a neuron it answers this image and none of the {len(found.weights) - 1} others."
    )


def shares(digit: int) -> str:
    """How many images of a digit are mixtures of the others, by the number of components they are seen through."""
    found = digit_images.in_hull_share(digit, COMPONENTS)
    head = " | ".join(str(k) for k in COMPONENTS)
    row = " | ".join(_percent(share) for share in found)
    return (
        f"**How many images of {digit} are mixtures of the others?** Seen through their first principal components:\n\n"
        f"| components | {head} |\n|---|{'---|' * len(COMPONENTS)}\n| in the hull | {row} |\n\n{shares_words(found)}"
    )


def _percent(share: float) -> str:
    """A share that is not zero is not shown as zero."""
    return f"{share:.1%}" if 0 < share < 0.01 else f"{share:.0%}"


def shares_words(found: list[float]) -> str:
    """What the table says: of how few numbers, and from how many on none is a mixture."""
    two = f"Through two components {_percent(found[COMPONENTS.index(2)])} of the images are mixtures of the others"
    last = max((j for j, share in enumerate(found) if share > 0), default=-1)
    if last == len(found) - 1:
        return f"{two}, through all {COMPONENTS[-1]} still {_percent(found[-1])}."
    return f"{two}; through {COMPONENTS[last + 1]} or more of those listed none is, and every image has its own neuron."
