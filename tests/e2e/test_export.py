"""Exports in a real browser: what comes down is what was chosen, with or without Chromium on the server."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Serve
from tests.export.reading import tags, texts

pytestmark = pytest.mark.e2e

WITHOUT = Path(__file__).with_name("export_harness.py")  # the app on a server that finds no Chromium


def opened(page: Page, address: str) -> Locator:
    """The dialog of a lesson."""
    page.goto(address)
    page.get_by_test_id("export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Format")).to_be_visible()
    return dialog


def pick(dialog: Locator, label: str) -> None:
    dialog.get_by_role("radio", name=label, exact=True).click()
    expect(dialog.get_by_role("radio", name=label, exact=True)).to_be_checked()


def downloaded(page: Page, button: Locator) -> tuple[str, bytes]:
    """Name and content of the file that the button brings."""
    expect(button).to_be_enabled()
    with page.expect_download() as download:
        button.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_picture_comes_down_as_it_was_chosen(page: Page, app_address: str) -> None:
    dialog = opened(page, f"{app_address}/splines?beta=0.2")
    save = dialog.get_by_role("button", name="Download")
    name, svg = downloaded(page, save)
    assert re.fullmatch(r"convexviz-splines-[a-z]+-beta-0\.2-slide-light\.svg", name)
    assert "image" not in tags(svg)
    assert min(size for _, size in texts(svg)) >= 24
    pick(dialog, "PNG")
    pick(dialog, "Half a slide")
    pick(dialog, "Dark")
    dialog.get_by_text("Transparent").click()
    expect(dialog.get_by_text(re.compile(r"half-dark-transparent\.png$"))).to_be_visible()
    name, png = downloaded(page, dialog.locator('[class*="-half-dark-transparent-png"] button'))
    assert name.endswith("-half-dark-transparent.png")
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (1280, 1440)
    assert picture.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_all_figures_come_down_as_one_zip(page: Page, app_address: str) -> None:
    dialog = opened(page, f"{app_address}/geometry")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="as one zip").click()
    dialog.get_by_role("button", name="Make the zip").click()
    name, content = downloaded(page, dialog.get_by_role("button", name="Download"))
    assert name.startswith("convexviz-geometry-figures")
    archive = zipfile.ZipFile(io.BytesIO(content))
    pictures = [entry for entry in archive.namelist() if entry.endswith(".svg")]
    assert len(pictures) >= 2
    assert all(ET.fromstring(archive.read(entry)).tag.endswith("svg") for entry in pictures)
    assert {"script.py", "README.txt"} <= set(archive.namelist())
    compile(archive.read("script.py"), "script.py", "exec")


def test_without_chromium_on_the_server_the_browser_draws(page: Page, serve: Serve) -> None:
    dialog = opened(page, f"{serve(WITHOUT)}/kernel-matrix")
    expect(dialog.get_by_text("that is why there is no PDF")).to_be_visible()
    expect(dialog.get_by_role("radio", name="PDF")).to_have_count(0)
    name, svg = downloaded(page, dialog.get_by_test_id("export-here"))
    assert name.endswith("-slide-light.svg")
    assert min(size for _, size in texts(svg)) >= 24
    pick(dialog, "CSV")
    name, table = downloaded(page, dialog.locator('[class*="st-key-cvz-export-"][class*="-csv"] button'))
    assert name.endswith(".csv")
    assert table.startswith(b"trace,x")


@pytest.mark.parametrize(("lesson", "entry"), [("kernel-matrix", "optimal network"), ("plane", "boundary f = 0")])
def test_the_board_saves_itself_with_its_legend_in_type_for_a_slide(
    page: Page, app_address: str, lesson: str, entry: str
) -> None:
    page.goto(f"{app_address}/{lesson}")
    expect(page.locator(".cvz-legend-item", has_text=entry).first).to_be_visible()
    _, svg = downloaded(page, page.locator('[data-tool="save"]').first)
    root = ET.fromstring(svg)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert float(root.attrib["width"]) == 1280
    shown = [text for text in texts(svg) if not re.search(r"(?:hint|point)s?\b", text[0])]
    assert any(entry in text for text, _ in shown)
    assert min(size for _, size in shown) * 1280 / width >= 23.99
    assert left < 0
    assert top < 0
    assert height < width * 1.2
