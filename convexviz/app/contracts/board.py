"""The drawing board: its points and its answer, and what the hand sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

from convexviz.app.contracts.certificate import BadgeMessage
from convexviz.app.contracts.course import GuideMessage, KeeperMessage
from convexviz.app.contracts.figures import ChartMessage
from convexviz.app.contracts.film import FilmParcel, SliderMessage
from convexviz.app.contracts.networks import Network
from convexviz.app.contracts.values import Mode, Status
from convexviz.figures.board.drawn import Band, Drawn, Field, Ghost

__all__ = [
    "Band",
    "BetaRequest",
    "BoardAnswer",
    "BoardData",
    "BoardMessage",
    "BoardOptions",
    "Field",
    "Ghost",
    "Parcel",
    "Parcels",
    "PickMessage",
    "PointsMessage",
    "RefusedPoints",
    "Window",
]


class BoardAnswer(Drawn, total=False):
    """What the board draws besides the points; `note` stands where the hint does."""

    gen: int
    rev: int
    network: Network | None
    status: Status
    note: str


class RefusedPoints(TypedDict):
    """The revision that was not taken over, and why."""

    rev: int
    reason: str


class Window(TypedDict):
    """Limits of the axes, and of the values where points have one."""

    x: Sequence[float]
    y: Sequence[float]
    z: Sequence[float] | None


class BoardOptions(TypedDict):
    """How a board behaves; `id` names its points, `dates` tells which axes count days since 1970.

    Where points are `weighted` their weights can be changed.
    """

    id: str
    mode: Mode
    axes: Sequence[str]
    max_points: int
    height: int
    equal: bool
    fixed: bool
    tools: bool
    pickable: bool
    dates: Sequence[bool]
    weighted: NotRequired[Literal[True]]


class BoardData(TypedDict):
    """Points, window and answer; a board in the browser knows by (gen, rev) whether the points are news.

    Points that all count once come without weights.
    """

    gen: int
    rev: int
    x: Sequence[float]
    y: Sequence[float]
    labels: Sequence[int] | None
    values: Sequence[float] | None
    weights: NotRequired[Sequence[float]]
    refused: RefusedPoints | None
    view: Window
    answer: BoardAnswer | None


Parcel = BadgeMessage | ChartMessage | SliderMessage | FilmParcel | GuideMessage | KeeperMessage
Parcels = Mapping[str, Parcel]
"""New data of other parts of the page, by key: the board hands them on, so that a gesture has one answer."""


class BoardMessage(BoardData, BoardOptions):
    """The whole board."""

    parcels: Parcels


class PointsMessage(TypedDict):
    """The points that a hand left: pairs, with a class or a value each where the board has those, and any weights."""

    id: str
    gen: int
    rev: int
    live: bool
    points: Sequence[Sequence[float]]
    labels: NotRequired[Sequence[int]]
    values: NotRequired[Sequence[float]]
    weights: NotRequired[Sequence[float]]


class PickMessage(TypedDict):
    """A point that was clicked on."""

    id: str
    gen: int
    index: int


class BetaRequest(TypedDict, total=False):
    """β as the slider was left, and the number of the request."""

    value: float
    rev: int
