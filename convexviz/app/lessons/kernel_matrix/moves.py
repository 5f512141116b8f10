"""Which columns enter and leave: the columns in use now, beside those before the gesture."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from convexviz.app.lessons.kernel_matrix.answer import RIGHT, Column
from convexviz.core.network import Array

STORY = "matrix-story"  # session key
MOST_NAMED = 2  # columns named one by one


@dataclass(frozen=True)
class Story:
    """Columns in use `before` and `now`; `problem` names what is solved, `origin` where its points came from."""

    problem: object
    origin: object
    live: bool
    before: tuple[Column, ...]
    now: tuple[Column, ...]

    @property
    def entered(self) -> list[Column]:
        return [column for column in self.now if column not in self.before]

    @property
    def left(self) -> list[Column]:
        return [column for column in self.before if column not in self.now]


def told(problem: object, origin: object, live: bool, now: tuple[Column, ...]) -> Story:
    """The story of the session goes on: a gesture is compared with what was before it, and new data with nothing."""
    last: Story | None = st.session_state.get(STORY)
    st.session_state[STORY] = story = continued(last, problem, origin, live, now)
    return story


def continued(last: Story | None, problem: object, origin: object, live: bool, now: tuple[Column, ...]) -> Story:
    """The next story after `last`."""
    if last is None or last.origin != origin:
        return Story(problem, origin, live, now, now)
    same = last.problem == problem
    before = last.before if same or last.live else last.now
    return Story(problem, origin, live, before, now)


def words(story: Story, x: Array) -> str:
    """What entered and what left, "" where nothing did; x (n,) are the points by their number on the board."""
    told = (("Entered", story.entered), ("Left", story.left))
    return ". ".join(f"<b>{verb}</b> {_named(columns, x)}" for verb, columns in told if columns)


def _named(columns: list[Column], x: Array) -> str:
    names = [_name(x[k], side) for k, side in columns[:MOST_NAMED] if k < len(x)]
    more = len(columns) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _name(place: float, side: int) -> str:
    """A ramp in plain text: (x − 0.21)₊ or (0.21 − x)₊."""
    at = f"{abs(place):.2f}"
    below = place < 0 and float(at) != 0
    if side == RIGHT:
        return f"(x {'+' if below else '−'} {at})₊"
    return f"({'−' if below else ''}{at} − x)₊"
