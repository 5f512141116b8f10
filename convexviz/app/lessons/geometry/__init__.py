"""Training without biases is geometry in sample space, and its dual is the polar set."""

from convexviz.app.lessons.geometry.lesson import LESSON

__all__ = ["LESSON"]
