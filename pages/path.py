"""The lesson at this address; see convexviz/app/lessons/path."""

from convexviz.app.lessons.path import LESSON

LESSON.page()
