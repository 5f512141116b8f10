"""Paths over beta, and films of the rounds of a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, NotRequired, Required, TypedDict

from convexviz.app.contracts.certificate import Certificate
from convexviz.app.contracts.networks import Network
from convexviz.app.contracts.values import JsonOf
from convexviz.figures.spec import Curve, Traces, Update


class Frame(TypedDict):
    """One answer of a path: what badge, board and charts show of it; of a figure, what it changes."""

    beta: float
    network: Network | None
    badge: Certificate
    figures: Mapping[str, Traces | Update]


class FilmFrame(Frame):
    """One round of a film; `curves` are drawn on the board instead of those of its answer."""

    caption: str
    round: int
    curves: NotRequired[Sequence[Curve]]


class SliderState(TypedDict, total=False):
    """What the β slider shows: β of the answer (None where it has none) and the ends of its path."""

    beta: Required[float | None]
    beta_max: Required[float | None]
    beta_min: float | None
    path_rev: str | None
    live: bool
    disabled: bool
    note: str
    frames: str | Sequence[Frame] | None


class SliderPayload(TypedDict):
    """`rev` is the number of the last request seen, `path_rev` names the data of the path.

    The slider goes from `beta_min` to `beta_end`, which is `beta_max` unless the present β lies above.
    """

    key: str
    beta: float | None
    beta_max: float | None
    beta_min: float | None
    beta_end: float | None
    path_rev: str | None
    rev: int
    live: bool
    disabled: bool
    note: str


class SliderMessage(SliderPayload):
    """The slider `key`; of two messages the one with the higher `seq` is newer."""

    seq: int


class PathMessage(TypedDict):
    """The frames of the slider `key`; unless they are `complete` the browser asks for more. `done` counts solves."""

    key: str
    path_rev: str | None
    frames: Annotated[str, JsonOf(list[Frame])] | None
    complete: bool
    done: int


class FilmParcel(TypedDict):
    """Which film belongs to the answer: frames of another `rev` are out of date."""

    rev: str


class FilmPayload(FilmParcel):
    """A film and the words around it; `asked` is the number of the last request seen."""

    frames: Annotated[str, JsonOf(list[FilmFrame])] | None
    title: str
    caption: str
    waiting: str
    unit: str
    speeds: Sequence[float]
    asked: int


class FilmMessage(FilmPayload):
    """The player `key`."""

    key: str


class FollowerMessage(TypedDict):
    """Which points a place shows that follows a slider: `rev` is the `path_rev` of the slider `key`."""

    key: str
    rev: str
    seq: int


class MakingMessage(TypedDict):
    """A film that is being written: how much of it is there, from 0 to 1; `seen` is the number of the last look."""

    share: float
    words: str
    seen: int
