"""The folder that Streamlit is started on: app.py, pages/ and .streamlit/config.toml.

In a checkout it is the top, as Community Cloud wants it; an installed package carries the same files (pyproject.toml).
"""

from pathlib import Path

CARRIED = Path(__file__).resolve().with_name("served")
FOLDER = CARRIED if CARRIED.is_dir() else CARRIED.parents[2]
