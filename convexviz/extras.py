"""What is installed only with an extra, and the one line that says which extra that is."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {  # by the name a package is imported by
    "streamlit": "app",
    "pandas": "app",
    "starlette": "app",
    "segno": "app",
    "markdown_it": "app",
    "mdit_py_plugins": "app",
    "latex2mathml": "app",
    "plotly": "export",
    "kaleido": "export",
    "choreographer": "export",
    "imageio_ffmpeg": "export",
    "PIL": "export",
}


class MissingExtra(ModuleNotFoundError):
    """A package that an extra brings is not installed; the message says how to get it."""


def words(package: str, purpose: str) -> str:
    """What is missing for a purpose, and what to do."""
    return f'{purpose} needs {package}, which is not installed: pip install "convexviz[{EXTRAS[package]}]".'


def need(*packages: str, purpose: str) -> None:
    """MissingExtra for the first of the packages that is not there; none of them is imported."""
    for package in packages:
        if find_spec(package) is None:
            raise MissingExtra(words(package, purpose), name=package)
