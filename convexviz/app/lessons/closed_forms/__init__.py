"""On whitened data the globally optimal network is a formula, two neurons or one per class."""

from convexviz.app.lessons.closed_forms.lesson import LESSON

__all__ = ["LESSON"]
