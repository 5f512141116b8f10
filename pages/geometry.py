"""The lesson at this address; see convexviz/app/lessons/geometry."""

from convexviz.app.lessons.geometry import LESSON

LESSON.page()
