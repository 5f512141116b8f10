"""In a notebook a result shows itself: in Jupyter's kernel, and as marimo renders it."""

from html import unescape

import marimo
import nbformat
import numpy as np
from nbclient import NotebookClient

import convexviz as cv

CELLS = (
    "import numpy as np, convexviz as cv\nX = np.linspace(-1, 1, 9)[:, None]\ny = np.abs(X[:, 0])\n",
    "cv.solve(X, y, beta=0.05)",
    "cv.ConvexReLURegressor(beta=0.05).fit(X, y)",
    "cv.plot(cv.solve(X, y, beta=0.05), X, y)",
    "from convexviz.core.numerics import progress\nprogress.watched()",
)


def test_jupyter_shows_verdict_numbers_and_picture():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=240).execute()
    solution, model, figure, watched = (cell.outputs[-1].data for cell in notebook.cells[1:])
    for shown in (solution, model):
        assert "certified optimum" in shown["text/html"]
        assert "<svg" in shown["text/html"]
    assert solution["text/plain"].startswith("certified optimum: ")
    assert "application/vnd.plotly.v1+json" in figure
    assert watched["text/plain"] == "True"  # somebody sits there: long work says how far it is


def test_marimo_shows_them_too():
    X = np.linspace(-1, 1, 9)[:, None]
    for result in (cv.solve(X, np.abs(X[:, 0])), cv.ConvexReLURegressor(beta=0.05).fit(X, np.abs(X[:, 0]))):
        shown = unescape(marimo.as_html(result).text)
        assert "certified optimum" in shown
        assert "<svg" in shown
