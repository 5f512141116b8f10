"""The pages of the lessons on geometry without a browser: visit, draw, read what is sent; shared by their tests."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from convexviz.app.components import board
from convexviz.app.shell import source, startup
from tests.app.messages import components

FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
PHONE = 366.0  # px that a chart has on a phone
LETTER = 0.55  # width of a letter, of its size
EDGE = 0.5  # px
SECONDS = 90  # the first run imports everything


def opened(page: str, **query: str) -> AppTest:
    """A page, opened by a link with this query."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(f"{FROM_MAIN}/{page}.py").run()


def follow(at: AppTest, **query: str) -> AppTest:
    """Open another link in the same session, as the back button of the browser does."""
    at.query_params.clear()
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def link_of(at: AppTest) -> dict[str, str]:
    """The query that Share writes."""
    at.button(key="share-button").click().run()
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}


def sent(at: AppTest, prefix: str) -> dict[str, dict[str, Any]]:
    """What each component of the page was sent, by its key without the prefix; the page shows no failure."""
    assert not at.exception
    assert not at.error
    blocks = components(at)
    assert all(f"-{prefix}-" in block.proto.id for block in blocks)
    return {block.proto.id.rpartition(f"-{prefix}-")[2]: json.loads(block.proto.json) for block in blocks}


def drawn(at: AppTest, key: str, points: Any, live: bool = False) -> AppTest:
    """The browser sends the points of a board."""
    now = at.session_state[key]
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": np.asarray(points, float).tolist()}
    at.session_state[key] = board.fold(now, message, board.Limits(source.MAX_POINTS, False, False))
    assert at.session_state[key].refused is None
    return at.run()


def prose(at: AppTest) -> str:
    """All words on the page."""
    return "\n".join(block.value for block in [*at.markdown, *at.caption])


def places(page: dict[str, Any]) -> np.ndarray:
    """Points of a board, (n, 2)."""
    return np.column_stack([page["x"], page["y"]])


def warned(at: AppTest) -> set[str]:
    """What the page says that it could not read of its link: the beginnings of the lines."""
    return {line.removeprefix("- ").split(":")[0] for block in at.warning for line in block.value.splitlines()}


def assert_words_have_room(spec: Any, width: float = PHONE) -> None:
    """Words above an image cover neither that below nor their neighbours, on a chart of this width in pixels."""
    page = spec["layout"]
    across, down = (abs(float(np.diff(page[axis]["range"])[0])) for axis in ("xaxis", "yaxis"))
    margin = page["margin"]
    unit = min((width - margin["l"] - margin["r"]) / across, (page["height"] - margin["t"] - margin["b"]) / down)
    images = [
        (shape["x0"] * unit, shape["y0"] * unit, shape["x1"] * unit, shape["y1"] * unit) for shape in page["shapes"]
    ]
    boxes = []
    for word in page["annotations"]:
        size, middle, foot = word["font"]["size"], word["x"] * unit, word["y"] * unit
        half = 0.5 * LETTER * size * len(word["text"])
        boxes.append((middle - half, foot - size, middle + half, foot))
    for i, box in enumerate(boxes):
        covered = [other for other in [*images, *boxes[i + 1 :]] if overlap(box, other)]
        assert not covered, f"{page['annotations'][i]['text']} at {box} covers {covered}"


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) share more than an edge."""
    return a[0] < b[2] - EDGE and b[0] < a[2] - EDGE and a[1] < b[3] - EDGE and b[1] < a[3] - EDGE


def script(code: str) -> dict[str, Any]:
    """The names that a script defines, and under `printed` the lines that it prints; no figure is opened."""
    names: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code.replace(".show()", ".to_plotly_json()"), "shown", "exec"), names)
    return names | {"printed": out.getvalue().splitlines()}
