"""The home page; see convexviz/app/home.py."""

from convexviz.app import home
from convexviz.app.lessons.registry import LESSONS

home.page(LESSONS)
