"""What a link hides and how it is handed on: the words, the texts to copy, the QR code."""

from __future__ import annotations

import ast
import html
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
import segno
from IPython.display import IFrame
from PIL import Image

from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.settings import PAGE_PARTS, from_query, table
from convexviz.app.stage.link import qr, wording
from convexviz.app.stage.link.embedded import BETA, Embedding, style
from convexviz.app.stage.link.snippets import SNIPPETS, Target, embedded_address

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs" / "embedding.md"
PAGE = "https://convex.example.org/base/splines?beta=9#there"
ODD = Target(embedded_address(PAGE, {"f": "sin(x) \"<&>'", "hide": "beta,try"}, True), 'Lines & "kinks" [1]')
FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


class Elements(HTMLParser):
    """The elements of a piece of HTML, and whether all that were opened are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def frames(text: str) -> list[dict[str, str | None]]:
    """The frames and slides of a piece of HTML that load another page."""
    return [attrs for _, attrs in Elements(text).found if {"src", "data-src", "data-background-iframe"} & set(attrs)]


def cell(text: str) -> IFrame:
    """What the last expression of a notebook's cell shows."""
    *before, last = ast.parse(text).body
    names: dict[str, Any] = {}
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


# ---------------------------------------------------------------- texts to copy


def test_an_address_keeps_the_page_and_nothing_else_of_where_it_was_made() -> None:
    parts = urlsplit(ODD.address)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "convex.example.org", "/base/splines")
    assert parts.fragment == ""
    assert parse_qs(parts.query) == {"embed": ["true"], "f": ["sin(x) \"<&>'"], "hide": ["beta,try"]}
    assert "embed" not in embedded_address(PAGE, {}, False)


@pytest.mark.parametrize("name", ["iframe", "reveal", "quarto"])
def test_a_frame_has_the_address_and_a_title_whatever_they_hold(name: str) -> None:
    text = SNIPPETS[name].text(ODD)
    if name == "quarto":
        assert text.startswith("```{=html}\n")
        assert text.endswith("\n```")
        text = text.removeprefix("```{=html}\n").removesuffix("```")
    [attrs] = frames(text)
    assert ODD.address in (attrs.get("src"), attrs.get("data-background-iframe"))
    assert ODD.name in (attrs.get("title"), attrs.get("aria-label"))
    if name != "reveal":
        assert (attrs["loading"], attrs["width"], attrs["height"]) == ("lazy", "960", "540")


def test_a_cell_of_a_notebook_makes_the_frame() -> None:
    shown = cell(SNIPPETS["jupyter"].text(ODD))
    assert (shown.src, shown.width, shown.height) == (ODD.address, 960, 540)


def test_a_link_in_markdown_ends_where_it_should() -> None:
    text = SNIPPETS["markdown"].text(Target("https://a.org/splines?f=(x)", "A [b]"))
    assert text == "[A \\[b\\]](https://a.org/splines?f=%28x%29)"


# ---------------------------------------------------------------- the code


def test_the_picture_of_a_code_is_its_modules_with_the_white_around_them() -> None:
    link = "https://convex.example.org/plane?beta=0.5"
    made = qr.code(link)
    assert made is not None
    assert made.warnings == ()
    modules = np.array([list(row) for row in segno.make(link, error="m", micro=False).matrix]) == 1
    picture = np.array(Image.open(io.BytesIO(made.png)).convert("L")) < 128
    size = len(picture) // (len(modules) + 2 * qr.QUIET)
    assert len(picture) == size * (len(modules) + 2 * qr.QUIET)
    assert size >= 4
    assert len(picture) >= 800
    assert (picture[size // 2 :: size, size // 2 :: size] == np.pad(modules, qr.QUIET)).all()
    drawing = ElementTree.fromstring(made.svg)
    side = float(str(drawing.get("viewBox")).split()[2])
    assert side == pytest.approx(8 * (len(modules) + 2 * qr.QUIET))
    assert drawing.get("width") is None  # it takes the size of its place


def test_a_long_link_and_one_that_leads_nowhere_are_spoken_of() -> None:
    assert qr.warnings("https://convex.example.org/") == ()
    long = "https://convex.example.org/splines?p=" + "a" * qr.DENSE
    [warning] = qr.warnings(long)
    assert str(len(long)) in warning
    assert qr.code(long) is not None
    assert "the computer itself" in qr.warnings("http://localhost:8501/splines")[0]
    assert qr.code("https://convex.example.org/splines?p=" + "a" * 3000) is None


# ---------------------------------------------------------------- what can be hidden, and shown


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_every_lesson_can_hide_the_parts_of_a_page_and_names_its_own(lesson: Any) -> None:
    choices = table(lesson.settings)["hide"].choices
    assert choices[-len(PAGE_PARTS) :] == PAGE_PARTS
    assert len(set(choices)) == len(choices)
    named = wording.groups(lesson.address, choices)
    assert all(named.values())
    assert len(set(named.values())) == len(named)
    settings, problems = from_query({"hide": ",".join(choices)}, lesson.settings)
    assert problems == []
    assert all(settings.hides(part) for part in choices)


def test_the_words_for_parts_are_sorted_into_rows() -> None:
    rows = (*wording.TITLE, *wording.TEXTS, *wording.NAVIGATION, *wording.TOOLS)
    assert sorted(rows) == sorted(PAGE_PARTS) == sorted(wording.PART_NAMES)


@pytest.mark.parametrize(("address", "idle"), wording.IDLE.items())
def test_what_a_lesson_has_nothing_to_hide_for_is_known_to_its_links_alone(address: str, idle: tuple[str, ...]) -> None:
    [lesson] = [lesson for lesson in LESSONS if lesson.address == address]
    assert set(idle) <= set(table(lesson.settings)["hide"].choices)
    folder = ROOT / "convexviz" / "app" / "lessons" / address.replace("-", "_")
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert [group for group in idle if f'hides("{group}")' in source] == []


def test_a_link_that_names_no_figure_of_the_lesson_is_told_which_there_are() -> None:
    shown = Embedding({"figure": "One", "path": "Two"})
    assert (shown.problem(None), shown.problem("path")) == ("", "")
    assert shown.problem("moon") == "figure: it must be one of figure, path."
    assert shown.chosen("path") == ("path", "figure")
    assert shown.chosen(None) == shown.chosen("moon") == ("figure", "path")


def test_the_style_of_an_embedded_lesson_keeps_the_slider_only_where_it_is_wanted() -> None:
    kept, gone = style(Embedding()), style(Embedding(), beta=False)
    assert all(f".st-key-{key}" in kept and f".st-key-{key}" not in gone for key in BETA)
    assert ":kept" not in kept
    assert kept.count("{") == kept.count("}")


# ---------------------------------------------------------------- docs/embedding.md


def rows(text: str, head: str) -> list[list[str]]:
    """The rows of the table that begins with this head."""
    lines = text.partition(head)[2].splitlines()[2:]
    table_lines = lines[: next((k for k, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table_lines]


def test_the_table_of_what_can_be_hidden_is_the_code_s() -> None:
    expected = []
    for word, what in wording.vocabulary().items():
        on = [
            lesson.address
            for lesson in LESSONS
            if word in table(lesson.settings)["hide"].choices and word not in wording.IDLE.get(lesson.address, ())
        ]
        expected.append([f"`{word}`", what, "every lesson" if len(on) == len(LESSONS) else ", ".join(on)])
    assert rows(DOCS.read_text(encoding="utf-8"), "| word | hides | on |") == expected


def test_the_table_of_figures_is_the_code_s() -> None:
    expected = [[f"`{one.address}`", ", ".join(f"`{key}`" for key in one.embedding.figures)] for one in LESSONS]
    assert rows(DOCS.read_text(encoding="utf-8"), "| lesson | `figure` |") == expected


def test_the_texts_to_paste_are_what_the_app_offers_and_they_work() -> None:
    fences = [(kind, text) for _, kind, text in FENCE.findall(DOCS.read_text(encoding="utf-8"))]
    assert [kind for kind, _ in fences] == ["html", "html", "html", "markdown", "python", "markdown"]
    target = Target("https://convex.example.org/splines?embed=true&beta=0.1", "Splines")
    offered = [SNIPPETS[name].text(target) for name in ("iframe", "reveal", "quarto", "jupyter")]
    given = [text.removesuffix("\n") for _, text in fences]
    assert [given[k] for k in (0, 1, 3, 4)] == offered
    assert [attrs["data-src"] for attrs in frames(given[2])] == [target.address]
    assert cell(given[4]).src == target.address
    assert given[5] == SNIPPETS["markdown"].text(Target("https://convex.example.org/splines?beta=0.1", "Splines"))


def test_every_address_in_it_opens_a_lesson_as_it_says() -> None:
    known = {lesson.address: lesson for lesson in LESSONS}
    addresses = re.findall(r"https://convex\.example\.org/(\w[\w-]*)\?([^\s\"`)]*)", DOCS.read_text(encoding="utf-8"))
    assert len(addresses) >= 8
    for page, query in addresses:
        named = {name: values[0] for name, values in parse_qs(html.unescape(query)).items()}
        assert named.pop("embed", "true") == "true"
        assert from_query(named, known[page].settings)[1] == []
