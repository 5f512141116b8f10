"""The drawing board: its points and its answer, and what the hand sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from convexviz.app.contracts.certificate import BadgeMessage
from convexviz.app.contracts.course import GuideMessage, KeeperMessage
from convexviz.app.contracts.figures import ChartMessage
from convexviz.app.contracts.film import FilmParcel, SliderMessage
from convexviz.app.contracts.networks import Network, PlaneNetwork
from convexviz.app.contracts.values import Mode, Status
from convexviz.figures.spec import Curve, Dash, Mark, Numbers


class Band(TypedDict):
    """The region between two lines over x."""

    id: str
    label: str
    x: Numbers
    lo: Numbers
    hi: Numbers
    color: str


class Field(TypedDict):
    """A function on a grid of `nx` by `ny` places between the limits `x` and `y`; where it is zero is drawn."""

    id: str
    label: str
    color: str
    dash: Dash
    nx: int
    ny: int
    x: NotRequired[Sequence[float]]
    y: NotRequired[Sequence[float]]
    z: Numbers


class Ghost(TypedDict):
    """Another network, drawn thinly below the answer's."""

    network: PlaneNetwork
    label: str


class BoardAnswer(TypedDict, total=False):
    """What the board draws besides the points: all of it may be missing.

    `note` stands where the hint does; `label` is the network's name in the legend. `regions` (heat map), `margins`
    (boundary and margins, or level lines of values) and `lines` (break lines) are drawn from the network. Curves, bands
    and marks lie under the points. `support` are places of points. `names` stand beside the points, in their order;
    `chosen` is the place of one to be ringed and `chosen_label` its name. `arrows` run from the origin to every point.
    """

    gen: int
    rev: int
    network: Network | None
    status: Status
    note: str
    label: str
    regions: bool
    margins: bool
    lines: bool
    arrows: bool
    curves: Sequence[Curve]
    bands: Sequence[Band]
    marks: Sequence[Mark]
    fields: Sequence[Field]
    ghost: Ghost
    support: Sequence[int]
    names: Sequence[str]
    chosen: int
    chosen_label: str


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
    """How a board behaves; `id` names its points."""

    id: str
    mode: Mode
    axes: Sequence[str]
    max_points: int
    height: int
    equal: bool
    fixed: bool
    tools: bool
    pickable: bool


class BoardData(TypedDict):
    """Points, window and answer; a board in the browser knows by (gen, rev) whether the points are news."""

    gen: int
    rev: int
    x: Sequence[float]
    y: Sequence[float]
    labels: Sequence[int] | None
    values: Sequence[float] | None
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
    """The points that a hand left: pairs, with a class or a value each where the board has those."""

    id: str
    gen: int
    rev: int
    live: bool
    points: Sequence[Sequence[float]]
    labels: NotRequired[Sequence[int]]
    values: NotRequired[Sequence[float]]


class PickMessage(TypedDict):
    """A point that was clicked on."""

    id: str
    gen: int
    index: int


class BetaRequest(TypedDict, total=False):
    """β as the slider was left, and the number of the request."""

    value: float
    rev: int
