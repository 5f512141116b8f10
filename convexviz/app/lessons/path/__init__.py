"""As weight decay falls, neurons enter one at a time, and at some point they fit the noise."""

from convexviz.app.lessons.path.lesson import LESSON

__all__ = ["LESSON"]
