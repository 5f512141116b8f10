"""The script Streamlit runs on every visit and interaction. It must not lie beside a folder `pages/` (see app.py)."""

from convexviz.app.lessons.registry import COURSE
from convexviz.app.shell import frame

if __name__ == "__main__":
    frame.run(COURSE)
