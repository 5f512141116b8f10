"""The course in a browser; nothing of it can be imported without the extra `app`."""

from convexviz.extras import need

need(
    *("streamlit", "starlette", "pandas", "plotly", "PIL", "segno", "markdown_it", "mdit_py_plugins", "latex2mathml"),
    purpose="The app",
)
