"""The lesson at this address; see convexviz/app/lessons/splines."""

from convexviz.app.lessons.splines import LESSON

LESSON.page()
