"""The race on the page: board, film, widths and neurons left; certificate, objectives and table right.

A gesture reruns the board alone. When the hand rests the page is run, which begins a new race; while that goes on two
fragments ask for news, and when it is over the page is run once more, with the film.
"""

from __future__ import annotations

import streamlit as st

from convexviz.app.components import badge, board, chart, film, shown
from convexviz.app.compute import answers
from convexviz.app.contracts import BoardAnswer, Certificate, Mode, Parcels
from convexviz.app.contrast.settings import MOST_POINTS
from convexviz.app.course import guide
from convexviz.app.lessons.race import frames, run_text, view_state
from convexviz.app.lessons.race.runs import Finished, Race
from convexviz.app.lessons.race.settings import RUNS
from convexviz.app.lessons.race.view_state import RACE, ViewState
from convexviz.app.shell import controls
from convexviz.app.shell.errors import guard
from convexviz.figures.race import training as figures
from convexviz.figures.spec import Spec

BOARD, BADGE, FILM, CURVES, NEURONS = "race-board", "race-badge", "race-film", "race-curves", "race-neurons"
KEPT = "race-kept"  # session key: the film of the race on show
WHOLE = "race-whole"  # session key: whether the whole page is being drawn
BOARD_HEIGHT = {"line": 290, "plane": 300}
CURVES_HEIGHT, NEURONS_HEIGHT = 250, 220
POLL = 0.25  # seconds between two looks at the training
LAST_SECONDS = 0.6  # for a run to notice that it is to stop


def lesson() -> None:
    """The race of the present settings and points."""
    now = view_state.present()
    race = view_state.race_of(now)
    st.session_state[WHOLE] = True
    every = None if race is None or race.complete else POLL
    left, right = st.columns([52, 48], gap="medium")
    with left:
        board_fragment()
        st.fragment(film_fragment, run_every=every)(every is not None)
        _widths(now)
        with st.container(key="neurons"), guard():
            spec = frames.neurons_spec(now, view_state.bold(now, race), NEURONS_HEIGHT) if now.worth_it else None
            chart.mount(NEURONS, {} if spec is None else {"neurons": spec})
    with right:
        with st.container(key="certificate"):
            badge.mount(BADGE, _certificate(now))
        st.fragment(curves_fragment, run_every=every)()


def _widths(now: ViewState) -> None:
    """What the runs depend on most, and which of them is bold."""
    settings = now.settings
    with st.container(key="race-settings", horizontal=True, vertical_alignment="bottom", gap="small"):
        if not settings.hides("race"):
            controls.number("narrow", slider=True, width=130)
            controls.number("wide", slider=True, step=10, width=140)
        if not settings.hides("beta"):
            controls.log_slider("beta", 0.01, 10.0, width=130)
        controls.choice("run", style="select", width=150)


# ---------------------------------------------------------------- left: the board


@st.fragment
def board_fragment() -> None:
    """What a gesture reruns; once the hand rests on other points, the whole page."""
    with guard():
        now = view_state.present()
        if not view_state.settled(now):
            st.rerun()
        race = view_state.known(now)
        judged = guide.parcels(now.settings, now.points)
        parcels: Parcels = {BADGE: badge.parcel(BADGE, _certificate(now)), FILM: film.parcel(film_name(now)), **judged}
        with st.container(key="board"):
            _board(now, race, parcels)


def _certificate(now: ViewState) -> Certificate:
    return answers.proved(now.answer, now.problem, now.live)


def _board(now: ViewState, race: Race | None, parcels: Parcels) -> None:
    bold = view_state.bold(now, race)
    plane = now.settings.scene == "plane"
    shown: BoardAnswer = {
        "network": None if bold is None else frames.network_json(now, bold.run.merged),
        "status": now.answer.status,
        "note": now.origin.problem or now.answer.message,
        "regions": now.classes or plane,
        "margins": now.classes != plane,  # of the plane: level lines of values
        "lines": False,
        "curves": frames.curves(now, race, bold, None),
    }
    if bold is not None:
        shown["label"] = RUNS[bold.entry.name]
    if plane and now.optimum is not None:
        shown["ghost"] = {"network": answers.plane_json(now.optimum.network), "label": "certified optimum"}
    flat: Mode = "line-classes" if now.classes else "regression"
    upright: Mode = "plane" if now.classes else "plane-values"
    board.mount(
        BOARD,
        view_state.points_of(now.settings).state_key(now.settings.task),
        mode=upright if plane else flat,
        view=now.origin.view,
        answer=shown,
        axes=(*now.origin.axes, now.origin.target) if plane and not now.classes else now.origin.axes,
        max_points=MOST_POINTS,
        height=BOARD_HEIGHT[now.settings.scene],
        parcels=parcels,
        equal=plane,
    )


# ---------------------------------------------------------------- left: the film


def film_fragment(going: bool) -> None:
    """The film, or how far the race is; `going` if the page, when it was run, saw it under way."""
    with guard():
        now = view_state.present()
        race = view_state.known(now)
        if race is None:
            st.caption(now.answer.message or (run_text.AT_REST if now.worth_it else run_text.NOTHING))
            return
        if not race.complete:
            shown.unfinished()
            race.advance()
            if race.halted and race.job is not None:
                race.job.join(LAST_SECONDS)
        whole = st.session_state.pop(WHOLE, False)  # a page that is being drawn is not begun anew: parts may get lost
        if not whole and going == race.complete:
            st.rerun()  # all of the page: a race is over, or is run again
        with st.container(key="film"):
            if race.complete:
                _film(now, race)
            else:
                _progress(race)


def _progress(race: Race) -> None:
    value, words = run_text.progress(race)
    with st.container(key="progress", horizontal=True, vertical_alignment="center"):
        st.progress(value, text=words, width="stretch")
        st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=halt)


def halt() -> None:
    """Stop the race that is under way now: it may have begun after the button was drawn."""
    race: Race | None = st.session_state.get(RACE)
    if race is not None:
        race.halt()


def _film(now: ViewState, race: Race) -> None:
    bold = view_state.bold(now, race)
    if race.halted:
        with st.container(key="race-head", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":small[{run_text.halted(race)}]", width="stretch")
            st.button("Run again", key="again", icon=":material/replay:", on_click=_again)
    if bold is None:
        return
    film.mount(
        FILM,
        frames=_kept(now, race, bold),
        rev=film_name(now),
        title=run_text.AT_REST,
        caption="The ends of the runs. Press play to see them from their random starts.",
        unit="iteration",
        speeds=frames.SPEEDS,
    )


def film_name(now: ViewState) -> str:
    """Names what a film shows."""
    race: Race | None = st.session_state.get(RACE)
    count = 0 if race is None else len(race.done)
    return answers.rev((now.terms, now.settings.run, count))


def _kept(now: ViewState, race: Race, bold: Finished) -> str:
    """The film, made once for a race and its bold run."""
    made_of = (id(race), bold.entry.name, len(race.done), now.window)
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != made_of:
        kept = st.session_state[KEPT] = (made_of, frames.frames(now, race, bold))
    return str(kept[1])


def _again() -> None:
    """From the same starts, to the end this time."""
    race: Race | None = st.session_state.get(RACE)
    if race is not None:
        st.session_state[RACE] = Race.start(race.terms)


# ---------------------------------------------------------------- right: objectives and what they say


def curves_fragment() -> None:
    """The objectives and the table by now, and once the race is over who arrived and why others did not."""
    with guard():
        now = view_state.present()
        race = view_state.known(now)
        with st.container(key="figure"):
            chart.mount(CURVES, {} if race is None else {"curves": _curves(now, race)})
        with st.container(key="race-words"):
            if race is not None:
                st.markdown(run_text.verdict(now, race) if race.complete else run_text.under_way(race))
        with st.container(key="race-table"):
            if race is not None:
                st.markdown(run_text.table(now, race))


def _curves(now: ViewState, race: Race) -> Spec:
    runs = [(f.entry.lane, f.entry.name, f.run) for f in race.done.values()]
    longest = max((len(run.objectives) - 1 for *_, run in runs), default=race.terms.iterations)
    bold = view_state.bold(now, race)
    assert now.optimum is not None
    name = "" if bold is None else bold.entry.name
    most = longest if race.complete else race.terms.iterations
    return figures.curves_spec(runs, name, now.optimum, most, CURVES_HEIGHT)
