"""Figures by name, and the presets to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from convexviz.app.contracts.networks import Network
from convexviz.app.contracts.values import Arrangement, JsonOf
from convexviz.figures.spec import Spec


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


class Card(TypedDict):
    """A preset: its name, words and picture."""

    name: str
    title: str
    description: str
    svg: str


class TakeawayButton(TypedDict):
    """A button by which a lesson leaves the page."""

    name: str
    label: str
    help: str


class TakeawayMessage(TypedDict):
    """The buttons in their order."""

    buttons: Sequence[TakeawayButton]


class ExporterMessage(TypedDict):
    """A picture to be drawn and saved by the browser: its figure, and the form, size and name of the file."""

    figure: Annotated[str, JsonOf(Mapping[str, Any])]
    form: Literal["svg", "png"]
    name: str
    width: float
    height: float
    scale: float
    plotly_url: str


class GalleryMessage(TypedDict):
    """The presets to choose from."""

    cards: Sequence[Card]
    chosen: str | None
