"""The hand-out: a page for each scene, its sentence as text in the PDF, fonts inside."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from convexviz.app.stage.talk import handout
from convexviz.app.stage.talk.handout import Page
from convexviz.app.stage.talk.making import Making, Order
from convexviz.app.stage.talk.scenes import Talk, TalkScene
from convexviz.export.render import missing
from tests.export.conftest import needed

TALK = Talk(
    "Training is convex",
    (
        TalkScene("splines", {"beta": "0.2"}, "A **certified** optimum", ("board", "dual")),
        TalkScene("splines", {"beta": "hot"}, "A scene that is damaged", ("board",)),
        TalkScene("geometry", {}, "Every network is a *point*", ("space",)),
    ),
)


def read(command: str, pdf: Path, *more: str) -> str:
    return subprocess.run([command, str(pdf), *more], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def tools() -> None:
    """What prints, and what reads the print."""
    needed("a browser", missing())
    needed("poppler-utils", " ".join(name for name in ("pdfinfo", "pdftotext", "pdffonts") if not shutil.which(name)))


@pytest.mark.usefixtures("tools")
def test_a_talk_is_printed(tmp_path: Path) -> None:
    making = Making(Order(TALK, "pdf", "Letter", root="https://example.org/app"))
    while not making.over:
        making.job.wait(1.0)
    assert making.failure == ""
    assert making.done == 3
    pdf = tmp_path / "handout.pdf"
    pdf.write_bytes(making.made)
    info, text, fonts = read("pdfinfo", pdf), read("pdftotext", pdf, "-"), read("pdffonts", pdf)
    assert "Pages:           3" in info
    assert "(letter)" in info
    for words in ("Training is convex", "A certified optimum", "Global optimum, certified", "Every network is a point"):
        assert words in text
    assert "https://example.org/app/splines?beta=0.2" in text
    assert "beta" in text.partition("A scene that is damaged")[2], "the reason stands beside the sentence"
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert rows
    assert all("yes" in row for row in rows), "fonts are embedded"
    assert "Im" not in read("pdfimages", pdf, "-list").partition("\n")[2], "pictures are vectors"


def test_without_chromium_the_reader_draws() -> None:
    spec = {"data": [{"y": [1.0, 2.0]}], "layout": {"title": {"text": "</script><b>"}}}
    text = handout.document("Talk & more", [Page("Splines", "a **b** <i>", [spec], {"status": "certified"}, "")])
    assert "Plotly.newPlot" in text
    assert "<\\/script>" in text
    assert "<h1>Talk &amp; more</h1>" in text
    assert "a <b>b</b> &lt;i&gt;" in text
    assert "Global optimum, certified" in text
    assert "src=" not in text.partition("<script>")[0], "nothing is asked of a server"
    assert text.count("<article>") == 1


def test_numbers_and_long_links_fit_on_paper() -> None:
    long = "https://example.org/splines?points=" + "A" * 200
    verdict = {"status": "upper-bound", "objective": 1.23456789, "lower_bound": None, "gap": 3.2e-9, "neurons": 4}
    text = handout.document("", [Page("Splines", "", ["<svg/>"], verdict, long)], two=True)  # type: ignore[list-item]
    assert "objective 1.23457 · relative gap 3e-09 · neurons 4" in text
    assert ">https://example.org/splines?…</a>" in text
    assert f'href="{long}"' in text
    assert "A4 portrait" in text
    assert "Plotly" not in text
