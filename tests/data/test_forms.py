"""Every form of the log, in every way in: its numbers, or a refusal that names the lines."""

from __future__ import annotations

import pytest

from convexviz.data import TableError, read_sheet
from tests.data.forms import FORMS, Form

WAYS = [pytest.param(form, way, id=f"{form.name}-{way}") for form in FORMS for way in form.ways]


def source_of(form: Form, way: str) -> str | bytes | list[list[str]]:
    """What arrives."""
    return form.cells if way == "cells" else form.upload if way == "upload" else form.source


def points(form: Form, way: str):
    """The sheet and the points of a form."""
    sheet = read_sheet(source_of(form, way))
    return sheet, sheet.points(form.choice or sheet.suggest(form.task, 1), form.task, positive=form.positive)


@pytest.mark.parametrize(("form", "way"), WAYS)
def test_a_form_is_read_right_or_refused_with_its_lines(form: Form, way: str) -> None:
    if form.says:
        with pytest.raises(TableError) as caught:
            points(form, way)
        assert form.says in str(caught.value)
        assert tuple(line for line, _ in caught.value.faults) == form.lines
        return
    sheet, taken = points(form, way)
    assert taken.dataset.X[:, 0].tolist() == list(form.x)
    assert taken.dataset.y.tolist() == list(form.y)
    assert taken.dropped == form.dropped
    assert (() if taken.weights is None else tuple(taken.weights)) == form.weights
    told = "\n".join([*sheet.notes, *taken.notes])
    assert [note for note in form.notes if note not in told and way == "text"] == [], told


def test_the_log_is_long_and_every_form_is_there_once() -> None:
    assert len(FORMS) >= 120
    assert (
        len({form.name for form in FORMS})
        == len(FORMS)
        == len({(f.source, f.choice, f.task, f.positive) for f in FORMS})
    )
    assert {way for form in FORMS for way in form.ways} == {"cells", "text", "upload"}
    assert all(bool(form.says) != bool(form.x) for form in FORMS)
