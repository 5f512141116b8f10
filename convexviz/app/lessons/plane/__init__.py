"""In the plane, the optimal network is found and proved by looking at every line there is."""

from convexviz.app.lessons.plane.lesson import LESSON

__all__ = ["LESSON"]
