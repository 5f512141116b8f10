"""Images of digits told apart by the optimal network, beside other classifiers trained on the same images."""

from convexviz.app.lessons.digits.lesson import LESSON

__all__ = ["LESSON"]
