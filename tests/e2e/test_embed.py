"""Lessons inside other pages, and the dialog that makes their links, in a browser."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from e2e.conftest import Tab
from playwright.sync_api import Frame, Page, expect

from convexviz.app.lessons.registry import LESSONS

pytestmark = pytest.mark.e2e

SIZES = [(960, 540), (640, 480), (390, 700)]
KEPT = """() => {
  try { return Object.keys(localStorage).filter((key) => key.includes("convexviz")); } catch { return "denied"; }
}"""
SEEN = """(keys) => {
  const size = (e) => { const r = e.getBoundingClientRect(); return r.width > 2 && r.height > 2; };
  const shown = [...document.querySelectorAll("[data-testid=stMainBlockContainer] [class*=st-key-]")].filter(size);
  const main = document.querySelector("[data-testid=stMain]");
  const sides = ({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round);
  const box = (e) => sides(e.getBoundingClientRect());
  const words = "h1, h2, h3, [data-testid=stHeader], [data-testid=stMarkdown]";
  const kept = keys.map((key) => `.st-key-${key}`).join(",");
  return {
    others: shown.filter((e) => !e.closest(kept)).map((e) => e.className),
    texts: [...document.querySelectorAll(words)].filter(size).length,
    figures: [...document.querySelectorAll(".cvz-plot, .cvz-dual-picture")].filter(size).map(box),
    boards: [...document.querySelectorAll("[data-testid=board]")].filter(size).map(box),
    badge: box(document.querySelector(".cvz-badge")),
    wide: main.scrollWidth - main.clientWidth,
    high: main.scrollHeight - main.clientHeight,
  };
}"""

READY = """() => {
  const pictures = ".js-plotly-plot, .cvz-dual-picture, .st-key-line .cvz-fit-line, .st-key-space .cvz-curve";
  const there = (e) => e.getBoundingClientRect().width > 2;
  const status = document.querySelector("[data-testid=status]")?.dataset.value;
  return status && status !== "empty" && [...document.querySelectorAll(pictures)].some(there);
}"""
WITHIN = "(width) => document.querySelector('.cvz-badge').getBoundingClientRect().right <= width"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of another site that serves it: another host name, another port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def framed(page: Page, site: tuple[Path, str], address: str) -> Frame:
    """The frame of a page of another site that embeds this address."""
    folder, root = site
    address = address.replace("&", "&amp;")
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><title>Course</title><link rel="icon" href="data:,"><h1>Course</h1>'
        f'<iframe title="Splines" src="{address}" width="960" height="540"></iframe></html>',
        encoding="utf-8",
    )
    page.goto(f"{root}/index.html")
    frame = page.query_selector("iframe").content_frame()  # type: ignore[union-attr]
    assert frame is not None
    expect(frame.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    return frame


def drag(page: Page, frame: Frame) -> None:
    """Pull the first point of the board up by a hand's breadth, and wait for the answer."""
    surface = frame.get_by_test_id("board").first
    rev = int(surface.get_attribute("data-rev") or 0)
    box = frame.locator(".cvz-point").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y - 30, steps=4)
    page.mouse.up()
    frame.wait_for_function(
        """(before) => {
          const { rev, answerRev, pending } = document.querySelector("[data-testid=board]").dataset;
          return Number(rev) > before && rev === answerRev && pending !== "true";
        }""",
        arg=rev,
    )


def test_a_board_in_a_page_of_another_site_answers_to_the_hand(
    app_address: str, open_page: Callable[..., Page], other_site: tuple[Path, str]
) -> None:
    page = open_page()
    frame = framed(page, other_site, f"{app_address}/splines?embed=true&beta=0.1")
    before = frame.get_by_test_id("objective").get_attribute("data-value")
    drag(page, frame)
    expect(frame.get_by_test_id("objective")).not_to_have_attribute("data-value", str(before))
    expect(frame.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    assert frame.evaluate(KEPT) in ([], "denied")  # Chromium denies frames of other sites all storage
    whole = frame.get_by_role("link", name="convexviz")
    href = str(whole.get_attribute("href"))
    assert href.startswith("/splines?")
    assert "embed" not in href
    assert "p=" in href  # the points as they were drawn
    with page.context.expect_page() as opened:
        whole.click()
    lesson = opened.value
    expect(lesson.get_by_role("heading", level=1)).to_contain_text("Splines")
    objective = frame.get_by_test_id("objective").get_attribute("data-value")
    expect(lesson.get_by_test_id("objective")).to_have_attribute("data-value", str(objective))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_an_embedded_lesson_is_board_verdict_and_one_figure(app_address: str, tab: Tab, lesson: object) -> None:
    page, errors = tab
    embedding = lesson.embedding  # type: ignore[attr-defined]
    page.set_viewport_size({"width": 960, "height": 540})
    page.goto(f"{app_address}/{lesson.address}?embed=true")  # type: ignore[attr-defined]
    page.wait_for_function(READY)
    kept = [*embedding.boards, "certificate", *embedding.figures, "beta", "set-beta", "link-problems"]
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(
            "([w]) => document.querySelector('.cvz-badge').getBoundingClientRect().right <= w", arg=[width]
        )
        seen = page.evaluate(SEEN, kept)
        assert seen["others"] == []
        assert seen["texts"] == 0
        assert seen["wide"] <= 0
        pictures = [*seen["figures"], *seen["boards"]]
        assert pictures
        if "board" in embedding.boards and seen["boards"]:
            assert len(pictures) >= 2
        if width > height:
            assert seen["high"] <= 0
            for left, top, right, bottom in [*pictures, seen["badge"]]:
                assert 0 <= left < right <= width
                assert 0 <= top < bottom <= height
    assert errors == []


def test_a_link_chooses_the_figure_and_hides_the_slider(app_address: str, page: Page) -> None:
    page.set_viewport_size({"width": 960, "height": 540})
    page.goto(f"{app_address}/splines?embed=true&figure=neurons&hide=beta")
    expect(page.locator(".st-key-neurons .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-figure")).to_be_hidden()
    expect(page.locator(".st-key-beta")).to_be_hidden()
    page.goto(f"{app_address}/splines?embed=true&figure=moon")
    expect(page.get_by_text("figure: it must be one of figure, neurons, path.")).to_be_visible()
    expect(page.locator(".st-key-figure .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-beta")).to_be_visible()


def test_a_lesson_without_its_texts_and_ways(app_address: str, page: Page) -> None:
    page.goto(f"{app_address}/splines?hide=title,tour,code,idea,theorem,try,challenges,top,ways")
    expect(page.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    for words in ("Try this", "Challenges", "What is proved"):
        expect(page.get_by_text(words)).to_have_count(0)
    for name in ("Tour", "Python"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(0)
    expect(page.locator(".st-key-ways-on")).to_have_count(0)
    expect(page.get_by_role("button", name="Share")).to_be_visible()


def test_the_dialog_makes_a_link_and_shows_what_it_opens(app_address: str, page: Page) -> None:
    page.goto(f"{app_address}/splines?beta=0.1")
    expect(page.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("button", name="Embed, QR code").click()
    dialog = page.get_by_role("dialog")
    preview = dialog.get_by_test_id("preview").locator("iframe")
    expect(preview).to_have_attribute("src", f"{app_address}/splines?embed=true&beta=0.1")
    shown = page.frame_locator("[data-testid=preview] iframe")
    expect(shown.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    expect(shown.locator(".st-key-controls")).to_have_count(0)
    dialog.get_by_text("The whole lesson", exact=True).click()
    expect(preview).to_have_attribute("src", f"{app_address}/splines?beta=0.1")
    for part in ("Loss", "Python", "Try this", "Back and Next"):
        dialog.get_by_role("button", name=part, exact=True).click()
    link = f"{app_address}/splines?beta=0.1&hide=loss,code,try,ways"
    expect(preview).to_have_attribute("src", link)
    expect(dialog.get_by_text(link, exact=True).first).to_be_visible()
    dialog.get_by_role("tab", name="Jupyter").click()
    expect(dialog.get_by_text(f'IFrame("{link}"')).to_be_visible()
    expect(dialog.get_by_text("the computer itself")).to_be_visible()
    code = dialog.locator(".st-key-link-code img")
    expect(code).to_be_visible()
    assert code.evaluate("(image) => image.complete && image.naturalWidth > 0")
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="SVG").click()
    assert saved.value.suggested_filename == "convexviz-splines-qr.svg"
