"""Points on a line in the plane are points on the line; one that leaves it is not."""

from convexviz.app.lessons.rank_one.lesson import LESSON

__all__ = ["LESSON"]
