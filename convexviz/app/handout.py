"""The hand-out of a talk, made in a process of its own: each scene's page is run without a browser, drawn and printed.

`python -m convexviz.app.handout` reads an order as JSON from standard input, says how far it is on standard error, and
writes the document, PDF or HTML, to standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from convexviz.app.headless import LinkError, PageError, scene_at
from convexviz.app.stage.pictures import pictures
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.talk import handout, layout
from convexviz.app.stage.talk.scenes import Talk, TalkScene, from_json
from convexviz.export import rendered
from convexviz.export.render import Renderer
from convexviz.export.styled import styled

Draw = Callable[[Any, str], Any]
"""A figure and the preset that it is drawn in, as what the document takes."""


def main() -> None:
    """Carry out the order."""
    order = json.load(sys.stdin)
    talk = from_json(order["talk"])
    if order["form"] == "html":
        made = document(talk, order, lambda figure, preset: styled(figure, preset, "light", False)).encode()
    else:
        with Renderer() as renderer:
            draw = lambda figure, preset: rendered(figure, "svg", preset=preset, renderer=renderer).decode()  # noqa: E731
            made = handout.printed(document(talk, order, draw))
    sys.stdout.buffer.write(made)


def document(talk: Talk, order: dict[str, Any], draw: Draw) -> str:
    """The document; a scene that cannot be shown is on paper with the reason."""
    pages = []
    for k, scene in enumerate(talk.scenes, 1):
        print(f"{k} {len(talk.scenes)}", file=sys.stderr, flush=True)
        pages.append(page(scene, order["root"], draw))
    return handout.document(talk.title, pages, order["paper"], order["two"])


def page(told: TalkScene, root: str, draw: Draw) -> handout.Page:
    """A scene on paper."""
    link = f"/{told.lesson}" + (f"?{urlencode(told.query)}" if told.query else "")
    whole = f"{root}{link}" if root else ""
    try:
        scene = scene_at(link)
    except (LinkError, PageError) as reason:
        return handout.Page(told.lesson, f"{told.sentence} ({reason})", (), None, whole)
    shown = drawn(scene, told, draw)
    return handout.Page(scene.title, told.sentence, shown, scene.certificate, whole)


def drawn(scene: Scene, told: TalkScene, draw: Draw) -> list[Any]:
    """Its pictures, those that the talk names and the scene has."""
    known = pictures(scene)
    names = told.show or layout.first(scene.address, scene.parts)
    chosen = [known[name] for name in names if name in known] or list(known.values())[:1]
    preset = "slide" if len(chosen) == 1 else "half"
    return [draw(figure, preset) for figure in chosen]


if __name__ == "__main__":
    main()
