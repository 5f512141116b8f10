"""The lesson at this address; see convexviz/app/lessons/closed_forms."""

from convexviz.app.lessons.closed_forms import LESSON

LESSON.page()
