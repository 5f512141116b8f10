"""The messages between Python and the browser: who writes one and who reads it agree on what is said here.

Messages are JSON. It has neither NaN nor infinities: in arrays and pictures they are null, in a certificate words. An
array is a list, or base64 (`TypedArray`). Figures are sent as text, which the browser compares before it draws:
`Annotated[str, JsonOf(...)]` says what the text holds.

From Python: `BoardMessage`, `BadgeMessage`, `ChartMessage`, `SliderMessage`, `PathMessage`, `FilmMessage`,
`GalleryMessage`, `GuideMessage`, `KeeperMessage`, `DualMessage`, one a component.
From the browser: `PointsMessage`, `PickMessage`, `BetaRequest`, `DualRequest`, and plain numbers
and names; what comes from there is checked before it is believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NotRequired, Required, TypedDict

from convexviz.figures.spec import Curve, Dash, Mark, Numbers, Spec, Traces, Update

Status = Literal["certified", "upper-bound", "infeasible", "error", "empty"]
Later = Literal["later"]  # in place of a proof while the hand moves: it comes with the answer to the last gesture
Real = float | Literal["inf", "-inf", "nan"]
Mode = Literal["regression", "line-classes", "plane", "plane-values", "plane-points"]
Arrangement = Literal["grid", "stack"]


@dataclass(frozen=True)
class JsonOf:
    """Says of a text in an annotation that it is JSON of this type."""

    holds: object


# ---------------------------------------------------------------- networks


class LineNetwork(TypedDict):
    """A network on the line: sides u of +1 or -1, kinks at -b u, weights w, constant c."""

    u: Sequence[int]
    b: Sequence[float]
    w: Sequence[float]
    c: float


class DualVector(TypedDict):
    """v (n,) and half the width of the band that N_v may fill; `x` are the points (n, 2) it belongs to, row by row."""

    v: Numbers
    beta: float
    x: NotRequired[Numbers]


class PlaneNetwork(TypedDict):
    """A network in the plane: u (m, 2) row by row, b and w (m,), the constant c; `dual` for the map of N_v."""

    dim: Literal[2]
    u: Numbers
    b: Numbers
    w: Numbers
    c: float
    dual: NotRequired[DualVector]


Network = LineNetwork | PlaneNetwork


# ---------------------------------------------------------------- the certificate


class Bounds(TypedDict):
    """Objective and lower bound as the badge shows them."""

    upper: float
    lower: float


class Family(TypedDict):
    """The numbers of a loss of the residual with limited slopes, see `convexviz.core.losses.residuals`."""

    curvature: float
    low: float
    high: float


class Proof(TypedDict):
    """Every digit of an answer, for the browser to prove: X (n, d), U (m, d) row by row, the rest (n,) or (m,).

    A loss that the browser does not know by its name comes with its `family`, and with the loss of the best constant.
    """

    X: Numbers
    y: Numbers
    U: Numbers
    b: Numbers
    w: Numbers
    center: Numbers
    v: Numbers
    loss: str
    bias: bool
    beta: float
    c: float
    tol: float
    n: int
    d: int
    shown: Bounds
    family: NotRequired[Family]
    constant: NotRequired[float]


class Certificate(TypedDict, total=False):
    """What the badge shows of an answer; `message` is the reason in plain words."""

    status: Required[Status]
    message: str
    objective: Real
    lower_bound: Real
    gap: Real
    neurons: int
    seconds: Real
    method: str
    loss: str
    beta: Real
    unique: bool | None
    proof: Proof | Later
    bare: bool  # without the row of numbers, where they stand beside it


class BadgeMessage(Certificate):
    """A certificate for the badge `key`; of two messages the one with the higher `seq` is newer."""

    key: str
    seq: int


# ---------------------------------------------------------------- the chart


class ChartMessage(TypedDict):
    """Figures by name for the chart `key`; `network` is that of their answer, from which some traces are computed."""

    key: str
    seq: int
    layout: Arrangement
    plotly_url: str
    network: Network | None
    figures: Mapping[str, Annotated[str, JsonOf(Spec)]]


class ChartArguments(TypedDict):
    """What a lesson hands to `chart.mount` or `chart.parcel`; text is a figure that is JSON already."""

    figures: Mapping[str, Spec | str]
    network: NotRequired[Network | None]


# ---------------------------------------------------------------- paths and films


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


# ---------------------------------------------------------------- the guide


class GuideMessage(TypedDict):
    """What the guide `key` brings into view and remembers.

    `scene` names what was begun last, "" for nothing, and `figure` the container that it is about. `challenge` is the
    one under way, `lesson/name`, and `done` whether the present state meets it; `reward` is said when it does.
    """

    key: str
    seq: int
    scene: str
    figure: str
    challenge: str
    done: bool
    reward: str


# ---------------------------------------------------------------- the keeper


class KeeperMessage(TypedDict):
    """The present state of the lesson `page` as the query of a link, for the browser to keep.

    It may ask for what it has kept as long as the page is `fresh`: neither a link nor the store has set it. `brought`
    says that the store did. `told` counts the values sent to widgets: a new count asks for word of what they hold now.
    """

    key: str
    seq: int
    page: str
    session: str
    query: str
    fresh: bool
    brought: bool
    told: int


# ---------------------------------------------------------------- the dual by hand


class Reading(TypedDict):
    """A network as its numbers at the points: outputs `f` (n,), sum |w|, loss and objective (None for infinite)."""

    f: Sequence[float]
    penalty: float
    loss: float | None
    objective: float | None


class DualMessage(TypedDict):
    """A dual vector in the hand, `part` is what of it is drawn; the parts of a page share what the hand does.

    Points x, y and v (n,). `band` is half the width of the band that N_v may fill, `free` whether the sum of v may
    leave zero. `own` is the network that belongs to v, `best` the objective of the best one so far (None for infinite),
    `solved` whether v is the solver's, `baseline` the loss of the best constant, by which an objective of zero is
    measured. `rev` is the number of the last request seen. `span` are the limits of x, `reach` of v, `top` of the bars.
    """

    part: Literal["handles", "bounds", "worked"]
    x: Sequence[float]
    y: Sequence[float]
    v: Sequence[float]
    loss: str
    band: float
    free: bool
    own: Reading
    best: float | None
    solved: bool
    baseline: float
    rev: int
    span: Sequence[float]
    reach: float
    top: float


class DualRequest(TypedDict, total=False):
    """v as the hand left it, the number of the request, and the v whose network was the best one on the way."""

    v: Sequence[float]
    rev: int
    best: Sequence[float] | None


# ---------------------------------------------------------------- the board


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


# ---------------------------------------------------------------- the gallery


class Card(TypedDict):
    """A preset: its name, words and picture."""

    name: str
    title: str
    description: str
    svg: str


class GalleryMessage(TypedDict):
    """The presets to choose from."""

    cards: Sequence[Card]
    chosen: str | None
