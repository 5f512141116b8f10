"""The parts of a page that are drawn in the browser, each in a room with its Python, its JavaScript and its style."""

from convexviz.app.components import badge, board, chart, gallery
from convexviz.app.components.player import film, scrubber

__all__ = ["badge", "board", "chart", "film", "gallery", "scrubber"]
