"""The frame of a lesson's words: heading, what to try, and the same thing in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from convexviz.app.shell import state
from convexviz.app.shell.settings import DataSettings
from convexviz.core.losses import LOSSES

Check = Callable[[Any], Mapping[str, bool]]


@dataclass(frozen=True)
class Prompt:
    """Something to try, and a promise: what to do, what to watch for, and the settings it starts from.

    `check` is given these settings and says of each claim in `title` and `watch`, in words, whether it holds; it makes
    the data and the networks itself, without a session. The tests ask it.
    """

    name: str
    title: str
    watch: str
    changes: dict[str, Any]
    check: Check


def heading(title: str, claim: str) -> None:
    """Title and claim of a lesson, in one compact line."""
    with st.container(key="heading", gap=None):
        st.title(title, anchor=False)
        st.markdown(claim)


def text(idea: str, prompts: Sequence[Prompt]) -> None:
    """The idea and what the figures show, and beside it what to try.

    The idea is one element: Streamlit visits every element of a page after every gesture.
    """
    st.divider()
    left, right = st.columns([55, 45], gap="large")
    with left:
        st.markdown(idea)
    with right, st.container(key="prompts", gap="xxsmall"):
        st.subheader("Try this", anchor=False)
        for prompt in prompts:
            _prompt(prompt)


def _prompt(prompt: Prompt) -> None:
    st.button(
        prompt.title,
        key=f"try-{prompt.name}",
        icon=":material/arrow_upward:",
        type="tertiary",
        on_click=lambda: state.restart(**prompt.changes),
    )
    st.caption(prompt.watch)


@st.dialog("The same in Python", width="large", icon=":material/code:")
def open_code(code: str) -> None:
    """Code that trains the network on the page from a prompt."""
    st.code(code, language="python")


def preset_code(settings: DataSettings) -> list[str]:
    """Lines that load the preset of the settings as X, y."""
    where = f"{settings.dataset!r}, n={settings.n}, noise={settings.noise!r}, seed={settings.seed}"
    return [f"data = cv.datasets.load({where})", "X, y = data.X, data.y"]


def solve_code(settings: DataSettings) -> list[str]:
    """Lines that train on X, y and print what is proved."""
    beta = "" if LOSSES[settings.loss].constrained else f"beta={settings.beta!r}, "
    return [
        "",
        f"s = cv.solve(X, y, {beta}loss={settings.loss!r})",
        "print(s.objective, s.lower_bound, s.gap, s.certified)",
    ]


def numbers(values: np.ndarray) -> str:
    """A list of numbers, or of rows of numbers, as Python text."""
    if values.ndim == 2:
        return "[" + ", ".join(numbers(row) for row in values) + "]"
    return "[" + ", ".join(f"{value:.9g}" for value in values) + "]"
