"""The lesson at this address; see convexviz/app/lessons/autoencoders."""

from convexviz.app.lessons.autoencoders import LESSON

LESSON.page()
