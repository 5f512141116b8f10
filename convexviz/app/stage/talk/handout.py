"""The hand-out of a talk: a document of HTML, a scene a page or two, that Chromium prints as PDF.

Pictures are vectors, drawn before; without Chromium the document brings plotly.js, and the reader's browser draws and
prints it.
"""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import plotly

from convexviz.app.components.web import asset
from convexviz.app.contracts import Certificate
from convexviz.export import ExportError
from convexviz.export.render import find_chromium

Paper = Literal["A4", "Letter"]
PAPERS: tuple[Paper, ...] = ("A4", "Letter")
STATES = {
    "certified": "Global optimum, certified",
    "upper-bound": "Upper bound",
    "infeasible": "No solution",
    "error": "No answer",
    "empty": "Nothing to train yet",
}  # as on the badge; "proved" is said only by the browser that has checked it
SECONDS = 60.0  # that printing may take; 2 to 5 on two busy cores
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync",
           "--disable-background-networking", "--no-pdf-header-footer")  # fmt: skip
_MARK = re.compile(r"\*\*([^*]+)\*\*|\*([^*]+)\*")


@dataclass(frozen=True)
class Page:
    """A scene on paper.

    Attributes
    ----------
    lesson : title of its lesson.
    sentence : the speaker's, with `**bold**` and `*italic*`.
    pictures : each an SVG, or a figure of plotly that is yet to be drawn.
    certificate : the verdict, if there is one.
    link : the whole address of the scene, "" where nobody knows the server.
    """

    lesson: str
    sentence: str
    pictures: Sequence[str | Any]
    certificate: Certificate | None
    link: str


def document(title: str, pages: Sequence[Page], paper: Paper = "A4", two: bool = False) -> str:
    """The hand-out as HTML; with `two` scenes a page."""
    drawn = [_article(number, page) for number, page in enumerate(pages, 1)]
    drawing = any(not isinstance(picture, str) for page in pages for picture in page.pictures)
    script = _drawing() if drawing else ""
    size = f"{paper} {'portrait' if two else 'landscape'}"
    name = html.escape(title or "Hand-out")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f"<style>@page {{ size: {size}; margin: 12mm; }}{asset('talk/handout.css')}</style></head>"
        f'<body class="{"two" if two else "one"}"><button onclick="print()">Print, or save as PDF</button>'
        f"<h1>{html.escape(title)}</h1>{''.join(drawn)}{script}</body></html>"
    )


def _article(number: int, page: Page) -> str:
    pictures = "".join(f"<figure>{_picture(picture)}</figure>" for picture in page.pictures)
    link = f'<a href="{html.escape(page.link)}">{html.escape(_short(page.link))}</a>' if page.link else ""
    return (
        f"<article><header><span>{number} · {html.escape(page.lesson)}</span><h2>{marked(page.sentence)}</h2></header>"
        f'<div class="pictures">{pictures}</div><footer>{_verdict(page.certificate)}{link}</footer></article>'
    )


def _picture(picture: str | Any) -> str:
    if isinstance(picture, str):
        return f'<img alt="" src="data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}">'
    text = json.dumps(picture, cls=plotly.utils.PlotlyJSONEncoder).replace("</", "<\\/")  # which would end the script
    return f'<script type="application/json">{text}</script>'


def _short(link: str) -> str:
    """A link of many drawn points cannot be typed; the paper names the lesson, a click leads to the state."""
    return link if len(link) <= 90 else f"{link.partition('?')[0]}?…"


def marked(text: str) -> str:
    """A sentence as HTML, with its bold and italic words."""

    def tag(found: re.Match[str]) -> str:
        return f"<b>{found[1]}</b>" if found[1] is not None else f"<i>{found[2]}</i>"

    return _MARK.sub(tag, html.escape(text))


def _verdict(certificate: Certificate | None) -> str:
    if certificate is None:
        return "<p></p>"
    named = {"objective": "objective", "lower_bound": "lower bound", "gap": "relative gap", "neurons": "neurons"}
    known = {name: certificate.get(name) for name in named}
    numbers = [f"{named[name]} {_number(name, value)}" for name, value in known.items() if value is not None]
    return f"<p><b>{STATES[certificate['status']]}</b> {html.escape(' · '.join(numbers))}</p>"


def _number(name: str, value: Any) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:.1g}" if name == "gap" else f"{value:.6g}"


def _drawing() -> str:
    """plotly.js, and what draws the figures with it; neither is asked of any server."""
    library = files(plotly).joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    draw = (
        "for (const text of document.querySelectorAll('figure > script')) {"
        "const spec = JSON.parse(text.textContent); const place = document.createElement('div');"
        "text.replaceWith(place); Plotly.newPlot(place, spec.data, spec.layout, { staticPlot: true })"
        ".then(() => Plotly.toImage(place, { format: 'svg' })).then((src) => {"
        "const image = new Image(); image.src = src; place.replaceWith(image); }); }"
    )
    return f"<script>{library}</script><script>{draw}</script>"


def printed(text: str) -> bytes:
    """The document as PDF; ExportError where there is no Chromium, or it gives no answer."""
    program = find_chromium()
    with tempfile.TemporaryDirectory(prefix="convexviz-handout-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "handout.html"), Path(folder, "handout.pdf")
        source.write_text(text, encoding="utf-8")
        command = [program, *OPTIONS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise ExportError(f"Chromium did not print the hand-out within {SECONDS:.0f} s; try once more.") from None
        if not target.is_file():
            raise ExportError("Chromium printed nothing; save the page to print instead, and print it in your browser.")
        return target.read_bytes()
