"""What the β slider of a lesson shows: the present β, and the ends of the path that it scrubs."""

from __future__ import annotations

import streamlit as st

from convexviz.app.compute import answers, paths
from convexviz.app.compute.answers import Problem
from convexviz.app.contracts import SliderState
from convexviz.app.shell.settings import DataSettings


def shown(problem: Problem, settings: DataSettings, live: bool, key: str) -> SliderState:
    """The data of `scrubber.mount`; under the session key `key` the slider's end holds still while a hand moves."""
    top = st.session_state.get(key)
    if not live or top is None:
        top = st.session_state[key] = answers.beta_max(problem)
    return {
        "beta": settings.beta if problem.has_beta else None,
        "beta_max": top,
        "beta_min": None if top is None else min(paths.DEPTH[problem.d] * top, settings.beta),
        "disabled": not problem.has_beta or settings.hides("beta"),
        "note": _note(problem, top),
        "path_rev": answers.rev(problem),
        "live": live,
    }


def _note(problem: Problem, top: float | None) -> str:
    """Why there is nothing to scrub."""
    if not problem.has_beta:
        return "This loss allows no miss, so β plays no part."
    if top is not None or not (problem.shape or problem.slope) or answers.not_yet(problem):
        return ""
    low, high = problem.slope or (None, None)
    if (low or 0.0) > 0 or (high or 0.0) < 0:
        return "A level curve is not allowed, so no β is without neurons: the path has no beginning."
    return "The best curve of this shape is level at every β."
