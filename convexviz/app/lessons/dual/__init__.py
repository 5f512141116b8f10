"""One number for each point, by hand, until it proves that a network is optimal."""

from convexviz.app.lessons.dual.lesson import LESSON

__all__ = ["LESSON"]
