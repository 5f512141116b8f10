"""Ordinary training, run live against the certified optimum."""

from convexviz.app.lessons.race.lesson import LESSON

__all__ = ["LESSON"]
