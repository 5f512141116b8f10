"""The lesson at this address; see convexviz/app/lessons/race."""

from convexviz.app.lessons.race import LESSON

LESSON.page()
