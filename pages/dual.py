"""The lesson at this address; see convexviz/app/lessons/dual."""

from convexviz.app.lessons.dual import LESSON

LESSON.page()
