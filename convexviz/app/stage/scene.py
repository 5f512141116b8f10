"""A scene: a lesson in a state, as the messages of its parts. All that leaves the page is made from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from convexviz.app.components import shown
from convexviz.app.components.shown import Kind, Part, Parts
from convexviz.app.contracts import Certificate, Frame
from convexviz.app.stage import pictures
from convexviz.app.stage.proved import pieces_of
from convexviz.figures.spec import Spec

SCENE = "cvz-scene"  # session key: the scene of a page that runs without a browser


@dataclass(frozen=True)
class Scene:
    """What a lesson shows in one state.

    Attributes
    ----------
    address, title, claim : those of the lesson.
    query : what a link to the state names.
    code : the Python that makes the same.
    parts : the messages of its parts by key, in the order in which they stand on the page.
    words : its texts in Markdown, by name: "idea", and "theorem" where it rests on one.
    """

    address: str
    title: str
    claim: str
    query: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    parts: Parts = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """Path and query of the state."""
        return f"/{self.address}" + (f"?{urlencode(self.query)}" if self.query else "")

    def of(self, kind: Kind) -> list[Part]:
        """The parts of a kind."""
        return [part for part in self.parts.values() if part.kind == kind]

    def pictures(self, frame: Frame | None = None) -> dict[str, Spec]:
        """Its pictures by name, the board first: with a `frame` of its path or film as they are while that is shown."""
        return pictures.pictures(self, frame)

    @property
    def certificate(self) -> Certificate | None:
        """The verdict, where the lesson has one."""
        badges = self.of("badge")
        return badges[0].data if badges else None  # type: ignore[return-value]

    @property
    def pieces(self) -> str:
        """The pieces of the network on the line as CSV, with the names on the board's axes; "" where there is none."""
        boards = self.of("board")
        x, y = boards[0].data["axes"][:2] if boards else ("x", "y")
        return pieces_of(self.certificate, (x, y))

    @property
    def beta(self) -> float | None:
        """β of the answer, where a slider shows it."""
        sliders = self.of("slider")
        return sliders[0].data["beta"] if sliders else None


def on_page(address: str, title: str, claim: str, query: Mapping[str, str], code: str) -> Scene:
    """The scene that the session shows now."""
    return Scene(address, title, claim, dict(query), code, shown.now())


def complete(scene: Scene) -> bool:
    """Whether all paths and films that the page makes are there."""
    paths = all(part.data.get("complete") or not _slides(scene, part) for part in scene.of("path"))
    return paths and all(part.data.get("frames") for part in scene.of("film"))


def _slides(scene: Scene, path: Part) -> bool:
    """Whether the slider of a path can be moved at all."""
    slider: Any = scene.parts.get(path.key.removesuffix("-path"))
    return slider is None or not slider.data["disabled"]
