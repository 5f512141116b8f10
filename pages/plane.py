"""The lesson at this address; see convexviz/app/lessons/plane."""

from convexviz.app.lessons.plane import LESSON

LESSON.page()
