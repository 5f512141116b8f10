"""On the line, the optimal network is a linear spline with its kinks at data points."""

from convexviz.app.lessons.splines.lesson import LESSON

__all__ = ["LESSON"]
