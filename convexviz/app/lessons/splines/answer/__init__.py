"""The answer in use: its pieces as a table, its values, and how well it predicts."""

from convexviz.app.lessons.splines.answer import checking
from convexviz.app.lessons.splines.answer.section import section

__all__ = ["checking", "section"]
