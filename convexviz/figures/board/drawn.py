"""What is drawn on a board besides the points and the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from convexviz.core.network import ReLUNetwork

from ..sent.networks import PlaneNetwork
from ..spec import Curve, Dash, Mark, Numbers

Mode = Literal["regression", "line-classes", "plane", "plane-values", "plane-points"]


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

    network: PlaneNetwork | ReLUNetwork
    label: str


class Drawn(TypedDict, total=False):
    """All of it may be missing.

    `regions` (heat map), `margins` (boundary and margins, or level lines of values) and `lines` (break lines) are drawn
    from the network, whose name in the legend is `label`. Curves, bands and marks lie under the points. `support` are
    places of points. `names` stand beside the points, in their order; `chosen` is the place of one to be ringed and
    `chosen_label` its name. `arrows` run from the origin to every point.
    """

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
