"""What a lesson says and has one do, as data: its theorem, things to try, a tour, challenges.

Each of them names the settings it begins with and brings a check of its words, which the tests ask on exactly these
settings. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from convexviz.app.shell.source import Points

Check = Callable[[Any], Mapping[str, bool]]
Solved = Callable[[Any, Points | None], bool]


@dataclass(frozen=True)
class Theorem:
    """What the lesson rests on, in Markdown: what is proved, under which assumptions, and where it ends.

    Attributes
    ----------
    statement : what holds, in a sentence or two, with its source.
    assumptions : what must hold for it, one sentence each.
    beyond : what of the lesson goes beyond the paper; "" where nothing does.
    not_claimed : what one might read into the pictures and nobody has proved.
    """

    statement: str
    assumptions: tuple[str, ...]
    beyond: str
    not_claimed: str


@dataclass(frozen=True)
class Scene:
    """A named state of a lesson and the words beside it.

    Attributes
    ----------
    name : its name in a link and among its like: letters, digits and hyphens.
    title : what to do, or what is seen, in a few words.
    words : what to watch for, Markdown.
    changes : the settings it begins with, as changes of the lesson's defaults.
    check : is given these settings and says of each claim in `title` and `words`, in words, whether it holds; it makes
        the data and the networks itself, without a session.
    figure : key of the container (`st.container(key=...)`) that it is about, which is brought into view.
    """

    name: str
    title: str
    words: str
    changes: Mapping[str, Any]
    check: Check
    figure: str = "board"


@dataclass(frozen=True)
class Guess:
    """A question to be answered before the words of a prompt are shown.

    `right` is among `answers`, and among the claims that the prompt's check makes.
    """

    question: str
    answers: tuple[str, ...]
    right: str

    def __post_init__(self) -> None:
        if self.right not in self.answers or len(set(self.answers)) < max(2, len(self.answers)):
            raise ValueError(
                f"`right` must be one of two or more different answers, got {self.right!r} of {self.answers}."
            )


@dataclass(frozen=True)
class Prompt(Scene):
    """Something to try; with a `guess` one first says what will happen."""

    guess: Guess | None = None


@dataclass(frozen=True)
class Step(Scene):
    """A stop of the lesson's tour."""


@dataclass(frozen=True)
class Challenge:
    """Something to reach by hand, which the solver checks.

    Attributes
    ----------
    name, figure : as in `Scene`.
    ask : what to reach, in one sentence.
    hint : shown when asked for.
    reward : what has been seen, once it is reached.
    changes : the settings it begins with, in which it is not yet reached.
    solved : whether it is reached, of the present settings and points (None on a lesson without points of its own).
    answer : settings, as changes of those it begins with, in which it is reached: that there is a way. The tests go it.
    """

    name: str
    ask: str
    hint: str
    reward: str
    changes: Mapping[str, Any]
    solved: Solved
    answer: Mapping[str, Any]
    figure: str = "board"
