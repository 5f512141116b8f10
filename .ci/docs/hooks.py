"""What the documentation site does beyond MkDocs: figures made by the Python above them, formulas as MathML.

Nothing is fetched from elsewhere when a page is read: the script that draws the figures is that of plotly's package.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from html import escape, unescape
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "assets/plotly.min.js"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OUTSIDE = re.compile(r"\[([^\]]*)\]\((\.\./[^)#\s]*)(#[^)\s]*)?\)")  # a link out of docs/, into the repository
FORMULA = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)
CONTRIBUTING = "contributing.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Beside the pages of docs/: the script of the figures, and CONTRIBUTING.md."""
    drawer = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    files.append(File.generated(config, SCRIPT, content=drawer.read_bytes()))
    words = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files.append(File.generated(config, CONTRIBUTING, content=re.sub(r"\]\(docs/([^)]*)\)", r"](\1)", words)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Run a page's Python if it is to be run; name what lies outside the site instead of linking to it."""
    place = page.file.src_uri
    if place in config["extra"]["run"]:
        markdown = _run(markdown, "../" * place.count("/") + SCRIPT)
    markdown = markdown.replace("](../CONTRIBUTING.md)", f"]({CONTRIBUTING})")
    return OUTSIDE.sub(lambda found: _named(found, place), markdown)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Formulas as MathML, which browsers draw by themselves."""
    return FORMULA.sub(lambda found: _formula(found[3], "inline" if found[2] == "(" else "block"), html)


def _formula(latex: str, display: str) -> str:
    return str(convert(unescape(latex), display=display))


def _named(found: re.Match[str], place: str) -> str:
    """A link from one page to another stays; one into the repository becomes the name of the file."""
    words, target = found[1], found[2]
    path = (Path("docs") / place).parent / target
    inside = os.path.normpath(path).replace(os.sep, "/")
    if inside.startswith("docs/"):
        return found[0]
    return words if inside in words else f"{words} (`{inside}` in the repository)"


def _run(markdown: str, script: str) -> str:
    """Each block of Python with what it shows and prints; the blocks of a page share their names."""
    names: dict[str, Any] = {"__name__": "page"}
    written = f'<script src="{script}"></script>\n\n'
    return written + PYTHON.sub(lambda block: block[0] + "\n\n" + _outcome(block[1], names), markdown)


def _outcome(code: str, names: dict[str, Any]) -> str:
    shown: list[go.Figure] = []
    said = io.StringIO()
    show = go.Figure.show
    go.Figure.show = lambda figure, *_, **__: shown.append(figure)
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(said), contextlib.chdir(folder):
            exec(compile(code, "page", "exec"), names)
    finally:
        go.Figure.show = show
    printed = f"```text\n{said.getvalue().rstrip()}\n```\n\n" if said.getvalue().strip() else ""
    return printed + "\n\n".join(map(_figure, shown))


def _figure(figure: go.Figure) -> str:
    alt = (figure.layout.meta or {}).get("alt", "") if isinstance(figure.layout.meta, dict) else ""
    drawn = figure.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False, "responsive": True})
    return f'<div role="img" aria-label="{escape(alt)}">{drawn}</div>'
