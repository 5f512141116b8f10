"""The home page; see convexviz/app/home.py."""

from convexviz.app import home
from convexviz.app.lessons.registry import COURSE

home.page(COURSE)
