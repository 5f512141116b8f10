"""The lesson at this address; see convexviz/app/lessons/tangent_kernel."""

from convexviz.app.lessons.tangent_kernel import LESSON

LESSON.page()
