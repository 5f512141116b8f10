"""Training adds the neurons that an oracle finds, and proves as much as the oracle can."""

from convexviz.app.lessons.cutting_planes.lesson import LESSON

__all__ = ["LESSON"]
