"""The lesson at this address; see convexviz/app/lessons/rank_one."""

from convexviz.app.lessons.rank_one import LESSON

LESSON.page()
