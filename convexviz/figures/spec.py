"""Figures as plain data: the part of plotly's format that figures here are made of, under plotly's own names.

Values are NumPy arrays or lists until a figure is sent; then arrays are `TypedArray`, which plotly reads as well. A
trace that is a style, or only what a frame changes, has some of its keys, hence no key is required.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from convexviz.core.network import Array

Range = tuple[float, float]
Dash = Literal["solid", "dash", "dot"]
MarkShape = Literal["circle", "diamond", "cross", "square", "star"]
LineShape = Literal["linear", "hv", "hvh"]
Colorscale = Sequence[Sequence[float | str]]  # pairs of a place in [0, 1] and a colour


class TypedArray(TypedDict):
    """An array in base64; `shape` is "rows, columns" where it has more than one dimension."""

    dtype: Literal["f8", "f4", "i4", "i2", "i1", "u4", "u2", "u1"]
    bdata: str
    shape: NotRequired[str]


Numbers = Array | TypedArray | Sequence[float | None]
Grid = Array | TypedArray | Sequence[Sequence[float | None]]


# ---------------------------------------------------------------- traces


class Line(TypedDict, total=False):
    """A line, or the edge of a mark."""

    color: str
    width: float
    dash: Dash | None
    shape: LineShape


class Marker(TypedDict, total=False):
    """Marks; a list holds one item for each of them."""

    color: str | Numbers
    size: float | Sequence[float]
    symbol: str | Sequence[str]
    line: Line
    opacity: float
    cmin: float
    cmax: float
    colorscale: Colorscale


class Font(TypedDict, total=False):
    """Size in pixels and colour."""

    size: float
    color: str


class Title(TypedDict, total=False):
    """Text of a figure, an axis or a bar of colours, and where it stands."""

    text: str
    font: Font
    x: float
    xanchor: Literal["left"]
    xref: Literal["paper"]
    standoff: float


class Colorbar(TypedDict, total=False):
    """What colours mean, beside the axes."""

    thickness: float
    outlinewidth: float
    xpad: float
    ypad: float
    len: float
    tickvals: Sequence[float]
    ticktext: Sequence[str]
    tickfont: Font
    title: Title


class Highlight(TypedDict, total=False):
    """The lines of one height on a surface."""

    highlight: bool
    show: bool
    start: float
    end: float
    size: float
    color: str
    width: float


class Contours(TypedDict, total=False):
    """Level lines: `x`, `y`, `z` those of a surface, all else those of a map."""

    coloring: Literal["none", "heatmap"]
    start: float
    end: float
    size: float
    x: Highlight
    y: Highlight
    z: Highlight


class Lighting(TypedDict, total=False):
    """How a surface reflects light."""

    ambient: float
    diffuse: float
    specular: float
    roughness: float


class TraceMeta(TypedDict, total=False):
    """What the browser computes for a trace, or what it does with it.

    `plane`: the data come from the network in the plane, on the grid of `angles` and `offsets` around `centre`, or of
    `x` and `y` (low, high, number). `partial`, `ramps`, `ramp`: y is a sum of neurons, all neurons, or the one pointed
    at. `neurons`: `customdata` are numbers of neurons, which light up. `at`: a line at the present beta or round.
    """

    plane: Literal["dual", "touch", "stems", "weights", "surface", "ramp"]
    centre: Sequence[float]
    angles: Sequence[float]
    offsets: Sequence[float]
    x: Sequence[float]
    y: Sequence[float]
    partial: bool
    ramps: bool
    ramp: bool
    neurons: bool
    at: Literal["beta", "round"]


class Trace(TypedDict, total=False):
    """One trace of plotly; without a type it is a scatter."""

    type: Literal["scatter", "scatter3d", "heatmap", "contour", "surface", "mesh3d", "cone"]
    uid: str  # by which what a frame changes finds its trace
    name: str
    mode: Literal["lines", "markers", "lines+markers"]
    x: Numbers | Grid | Sequence[str]
    y: Numbers | Grid
    z: Numbers | Grid
    x0: float
    y0: float
    dx: float
    dy: float
    i: Numbers
    j: Numbers
    k: Numbers
    u: Numbers
    v: Numbers
    w: Numbers
    text: Sequence[str] | Sequence[Sequence[int]]
    customdata: Numbers
    line: Line
    marker: Marker
    color: str
    fill: Literal["tonexty", "tozeroy", "toself"]
    fillcolor: str
    opacity: float
    colorscale: Colorscale
    colorbar: Colorbar
    showscale: bool
    zmin: float
    zmax: float
    zsmooth: Literal["best"]
    cmin: float
    cmax: float
    surfacecolor: Grid
    contours: Contours
    ncontours: int
    lighting: Lighting
    flatshading: bool
    anchor: Literal["tip"]
    sizemode: Literal["raw"]
    sizeref: float
    hoverinfo: Literal["skip", "none", "all"]
    hovertemplate: str
    visible: bool
    showlegend: bool
    cliponaxis: bool
    xaxis: Literal["x", "x2"]
    yaxis: Literal["y", "y2", "y3", "y4"]
    meta: TraceMeta


Traces = list[Trace]


# ---------------------------------------------------------------- layouts


class Axis(TypedDict, total=False):
    """An axis of a figure or of a scene; the range of a logarithmic one is in decimal logarithms."""

    type: Literal["linear", "log", "category"]
    range: Sequence[float]
    domain: Sequence[float]
    anchor: Literal["x", "x2", "y", "y2", "y3", "y4"]
    title: Title
    tickfont: Font
    tickvals: Sequence[float]
    ticktext: Sequence[str]
    tickformat: str
    nticks: int
    dtick: float
    exponentformat: Literal["power"]
    zeroline: bool
    showgrid: bool
    gridcolor: str
    zerolinecolor: str
    scaleanchor: Literal["x"]
    scaleratio: float
    constrain: Literal["domain"]
    constraintoward: Literal["top"]
    fixedrange: bool
    visible: bool


class Place(TypedDict):
    """A point of a scene."""

    x: float
    y: float
    z: float


class Camera(TypedDict):
    """From where a scene is seen, and what is in the middle."""

    eye: Place
    center: Place


class Scene(TypedDict, total=False):
    """Axes in space."""

    xaxis: Axis
    yaxis: Axis
    zaxis: Axis
    aspectmode: Literal["cube", "manual"]
    aspectratio: Place
    camera: Camera
    dragmode: Literal["turntable"]


class Margin(TypedDict):
    """Pixels left, right, at the top and at the bottom of the axes."""

    l: float  # noqa: E741
    r: float
    t: float
    b: float


class Legend(TypedDict, total=False):
    """Where the names of the traces stand."""

    orientation: Literal["v", "h"]
    x: float
    y: float
    yanchor: Literal["top"]


class Picture(TypedDict, total=False):
    """A picture behind the axes."""

    source: str
    xref: Literal["x"]
    yref: Literal["y"]
    x: float
    y: float
    sizex: float
    sizey: float
    sizing: Literal["stretch"]
    layer: Literal["below"]
    xanchor: Literal["left"]
    yanchor: Literal["top"]


class Shape(TypedDict, total=False):
    """A rectangle in the units of the axes."""

    type: Literal["rect"]
    line: Line
    layer: Literal["above"]
    x0: float
    y0: float
    x1: float
    y1: float
    xref: Literal["x"]
    yref: Literal["y"]


class Annotation(TypedDict, total=False):
    """Words in the units of the axes, or in shares of the picture."""

    x: float
    y: float
    xref: Literal["x", "paper"]
    yref: Literal["y", "paper"]
    xanchor: Literal["left", "center", "right"]
    yanchor: Literal["bottom", "middle", "top"]
    xshift: float
    yshift: float
    text: str
    showarrow: bool
    font: Font


class LayoutMeta(TypedDict):
    """`alt` is the figure in words, for readers of screens."""

    alt: str


class Layout(TypedDict, total=False):
    """All of a figure but its traces; `uirevision` names what zoom and turn belong to."""

    title: Title
    meta: LayoutMeta
    height: float
    width: float
    margin: Margin
    showlegend: bool
    hovermode: Literal["closest"]
    uirevision: str
    xaxis: Axis
    xaxis2: Axis
    yaxis: Axis
    yaxis2: Axis
    yaxis3: Axis
    yaxis4: Axis
    scene: Scene
    legend: Legend
    images: Sequence[Picture]
    annotations: Sequence[Annotation]
    shapes: Sequence[Shape]


class Spec(TypedDict):
    """A figure."""

    data: Traces
    layout: Layout


class Update(TypedDict):
    """What a frame changes in a figure: items with the uid of a trace each, and of the layout what is named."""

    data: Traces
    layout: Layout


# ---------------------------------------------------------------- what the board draws as well


class Curve(TypedDict, total=False):
    """A line on the board through `x`, `y`, with gaps where they are nan: listed in the legend if it has a label.

    In the plane it may be `closed`, and have a `fill`, whose opacity is `opacity`; else that is the line's.
    """

    id: str
    label: str
    x: Array | Sequence[float | None]
    y: Array | Sequence[float | None]
    color: str
    dash: Dash | None
    width: float
    closed: bool
    fill: bool
    opacity: float


class Mark(TypedDict):
    """A mark on the board; `size` is half its width in pixels, `text` what it says to a pointer."""

    id: str
    label: str
    x: float
    y: float
    color: str
    shape: MarkShape
    size: float
    text: str
