"""The lesson at this address; see convexviz/app/lessons/digits."""

from convexviz.app.lessons.digits import LESSON

LESSON.page()
