"""The lesson at this address; see convexviz/app/lessons/kernel_matrix."""

from convexviz.app.lessons.kernel_matrix import LESSON

LESSON.page()
