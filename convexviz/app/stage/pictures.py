"""Pictures and films from a scene: what board and charts show, as figures of plotly, complete and by name.

A picture is made from the very message that the browser draws from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from convexviz.app.components.shown import Kind, Part, Parts, frames
from convexviz.app.contracts import Frame
from convexviz.app.stage.board_picture import TITLES, board_picture
from convexviz.app.stage.dual_pictures import band_picture, bounds_picture
from convexviz.figures.inks import inked
from convexviz.figures.plane.complete import completed
from convexviz.figures.sent.frames import at_cursor, scrubbed
from convexviz.figures.sent.typed import decoded
from convexviz.figures.spec import Spec

Pictures = Mapping[str, Spec]
Draw = Callable[[], Spec]


class Shows(Protocol):
    """What a scene tells its pictures."""

    @property
    def title(self) -> str: ...
    @property
    def parts(self) -> Parts: ...
    @property
    def beta(self) -> float | None: ...
    def of(self, kind: Kind) -> list[Part]: ...


@dataclass(frozen=True)
class Film:
    """A film or the sweep of β: its frames, and what each is called ("β = 0.1", "round 3: …")."""

    name: str
    title: str
    frames: Sequence[Frame]
    captions: Sequence[str]


def pictures(scene: Shows, frame: Frame | None = None) -> dict[str, Spec]:
    """All pictures of a scene by name, the board first; with a `frame` as they are while it is shown."""
    return {name: draw() for name, draw in _drawings(scene, frame)}


def picture(scene: Shows, name: str, frame: Frame | None = None) -> Spec:
    """One picture of a scene, and no work for the others; ValueError for a name that none has."""
    known = dict(_drawings(scene, frame))
    if name not in known:
        there = f"the pictures are {', '.join(known)}" if known else "it has none"
        raise ValueError(
            f"{scene.title} has no picture {name!r} in this state; {there}. That of a path is there once it is solved."
        )
    return known[name]()


def films(scene: Shows) -> dict[str, Film]:
    """The films of a scene by name, and the sweep of β; those that are not made yet are left out."""
    made = {}
    for part in scene.of("path"):
        if found := frames(part):
            swept = sorted(found, key=lambda frame: -frame["beta"])
            made["beta"] = Film("beta", "β from its upper end down", swept, [f"β = {f['beta']:.3g}" for f in swept])
    for part in scene.of("film"):
        if found := frames(part):
            words = [str(frame["caption"]) for frame in found]  # type: ignore[typeddict-item]
            made["film"] = Film("film", part.data["title"], found, words)
    return made


def _drawings(scene: Shows, frame: Frame | None) -> Iterator[tuple[str, Draw]]:
    """The names of the pictures, and what makes each."""
    places: dict[str, float | None] = {"beta": scene.beta, "round": None}
    if frame is not None:
        places = {"beta": frame.get("beta"), "round": frame.get("round")}  # type: ignore[dict-item]
    for part in scene.of("board"):
        yield part.name, partial(board_picture, part.data, TITLES.get(part.name, scene.title), frame)
    for part in scene.of("dual"):
        if part.name == "bounds":
            yield "band", partial(band_picture, part.data)
            yield "bounds", partial(bounds_picture, part.data)
    for part in scene.of("chart"):
        for name in part.data["figures"]:
            yield name, partial(_chart, part, name, frame, places)


def _chart(part: Part, name: str, frame: Frame | None, places: Mapping[str, float | None]) -> Spec:
    figure: Any = json.loads(part.data["figures"][name])
    answer = part.data["network"]
    network = answer if frame is None or frame["network"] is None else frame["network"]
    if frame is not None and name in frame["figures"]:
        figure = scrubbed(figure, frame["figures"][name])
    return inked(completed(at_cursor(decoded(figure), places), network, answer))
