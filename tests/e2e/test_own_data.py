"""Your own data in a real browser: forms of tables by each way in, names and dates, and what replaces what.

What a form must be read as stands in `tests/data/forms.py`, where the reader is tested on all of them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import PurePath

import numpy as np
import pytest
from e2e.lesson_hand import Tab, calm_visit
from e2e.splines_hand import Lesson
from playwright.sync_api import Locator, TimeoutError, expect

from tests.data.forms import FORMS, Form

pytestmark = pytest.mark.e2e

ATTEMPTS = 8
FEW = 6  # forms by each way: what is walked here is the way, one step for each
CHOSEN = ("of numbers or dates",)  # what the dialog says in other words: it has chosen columns already
PLAIN = [
    form
    for form in FORMS
    if form.choice is None and form.task == "regression" and not form.positive and form.says not in CHOSEN
]


def some(way: str) -> list[Form]:
    """Forms of a way, good ones and bad ones, spread over the log."""
    found = [form for form in PLAIN if way in form.ways and form.source.strip()]
    return found[:: max(1, len(found) // FEW)]


class Dialog:
    """The dialog of a lesson's points."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.page = lesson, lesson.page
        self.box = self.page.get_by_role("dialog")
        self.alert = self.box.get_by_test_id("stAlert")

    def open(self, tab: str) -> None:
        """Open it, unless it is, at a tab."""
        if not self.box.count():
            self.page.get_by_role("button", name="Table, CSV").click()
        self.box.get_by_role("tab", name=tab).click()

    @property
    def grid(self) -> Locator:
        return self.page.get_by_test_id("stDataFrame").locator("canvas").first

    def paste(self, text: str) -> None:
        """From the clipboard into the first cell of the emptied table."""
        before = self.box.get_by_test_id("stDataFrame").first.element_handle()
        self.box.get_by_role("button", name="Empty the table").click()
        self.page.wait_for_function("old => !old.isConnected", arg=before)
        expect(self.box.get_by_text("Paste cells from a spreadsheet")).to_be_visible()
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        hint = self.box.get_by_text("Paste cells from a spreadsheet")
        for _ in range(ATTEMPTS):  # a grid that has just come may not listen yet; the same cells twice are the same
            box = self.grid.bounding_box()
            assert box is not None
            self.page.mouse.click(box["x"] + 0.08 * box["width"], box["y"] + 52)
            self.page.keyboard.press("Control+v")
            with contextlib.suppress(TimeoutError):
                hint.wait_for(state="detached", timeout=3000)
                return
        raise AssertionError("The table took no cells from the clipboard.")

    def write(self, text: str) -> None:
        """Into the field for rows."""
        area = self.box.locator(".st-key-csv-text textarea")
        area.fill(text)
        area.press("Control+Enter")
        expect(self.box.locator(".st-key-in-use")).to_contain_text("pasted text")

    def upload(self, name: str, content: bytes) -> None:
        """A file."""
        self.box.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        expect(self.box.locator(".st-key-in-use")).to_contain_text(PurePath(name).name)

    def gives(self, form: Form, apply: str) -> None:
        """The form's numbers on the board, or its refusal in the dialog."""
        if form.says:
            expect(self.alert).to_contain_text(re.sub(r"\s+", " ", form.says))
            return
        self.box.get_by_role("button", name=apply).click()
        expect(self.box).to_have_count(0)
        self.lesson.has(len(form.x))
        self.page.wait_for_function(
            """([x, y]) => {
                const near = (at, to) => Math.abs(at - to) <= 1e-9 * Math.abs(to);
                const points = [...document.querySelectorAll("[data-testid=point]")];
                return points.every(({ dataset }, i) => near(dataset.x, x[i]) && near(dataset.y, y[i]));
            }""",
            arg=[list(form.x), list(form.y)],
        )


@pytest.fixture
def dialog(tab: Tab, app_address: str) -> Iterator[Dialog]:
    with calm_visit(tab) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield Dialog(Lesson(page, app_address).open("n=12"))


def test_cells_that_are_pasted_into_the_table(dialog: Dialog) -> None:
    for form in some("cells"):
        dialog.open("Table")
        dialog.paste(str(form.source))
        dialog.gives(form, "Apply the table")


def test_rows_that_are_pasted_as_text(dialog: Dialog) -> None:
    for form in some("text"):
        dialog.open("CSV")
        dialog.write(str(form.source))
        dialog.gives(form, "Use these rows")


def test_files_that_are_uploaded(dialog: Dialog) -> None:
    for number, form in enumerate(some("upload")):
        dialog.open("CSV")
        dialog.upload(f"form-{number}.csv", form.upload)
        dialog.gives(form, "Use these rows")


def test_names_dates_and_spare_columns_from_a_spreadsheet(dialog: Dialog) -> None:
    """A header, a column of dates, decimal commas, a gap, and a column that nobody needs, from the clipboard."""
    dialog.open("Table")
    dialog.paste("day\tprice (€)\tshop\n2024-01-05\t1,4\tA\n2024-02-07\t0,5\tB\n2024-04-01\t\tA\n2024-05-01\t2,5\tB")
    expect(dialog.box.get_by_text("1 row with gaps left out")).to_be_visible()
    dialog.box.get_by_role("button", name="Apply the table").click()
    dialog.lesson.has(3)
    days = (np.array(["2024-01-05", "2024-02-07", "2024-05-01"], "M8[D]")).astype(float)
    assert dialog.lesson.coordinates().tolist() == np.column_stack([days, [1.4, 0.5, 2.5]]).tolist()
    expect(dialog.lesson.surface.locator(".cvz-axis").first).to_have_text("day")
    expect(dialog.lesson.surface.locator(".cvz-ticks")).to_contain_text("2024-0")
    dialog.lesson.tool("undo").click()
    dialog.lesson.has(12)


def test_a_file_replaces_a_text_and_a_text_a_file_and_nothing_is_lost_by_closing(dialog: Dialog) -> None:
    dialog.open("CSV")
    dialog.write("x,y\n1,2\n3,4\n")
    dialog.page.keyboard.press("Escape")
    expect(dialog.box).to_have_count(0)
    dialog.open("CSV")
    area = dialog.box.locator(".st-key-csv-text textarea")
    expect(area).to_have_value("x,y\n1,2\n3,4\n")
    dialog.upload("other.csv", b"x,y\n5,6\n7,8\n9,9\n")
    expect(dialog.box.locator(".st-key-in-use")).to_contain_text("in place of the pasted text")
    expect(area).to_have_value("")
    dialog.write("x,y\n10,1\n20,3\n")
    expect(dialog.box.locator(".st-key-in-use")).to_contain_text("in place of the file other.csv")
    dialog.box.get_by_role("button", name="Use these rows").click()
    dialog.lesson.has(2)
    assert dialog.lesson.coordinates().tolist() == [[10, 1], [20, 3]]
