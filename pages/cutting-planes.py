"""The lesson at this address; see convexviz/app/lessons/cutting_planes."""

from convexviz.app.lessons.cutting_planes import LESSON

LESSON.page()
