"""The script Streamlit runs on every visit and interaction. It must not lie beside a folder `pages/` (see app.py)."""

from convexviz.app.course import frame
from convexviz.app.lessons.registry import COURSE

if __name__ == "__main__":
    frame.run(COURSE)
