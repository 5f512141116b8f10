"""The settings of every lesson in the course: the table, the round trip of a link, and links that are damaged."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell import link
from convexviz.app.shell.settings import Setting, from_query, read, table, to_query

KINDS = [pytest.param(lesson.settings, id=lesson.address) for lesson in LESSONS]
UNIT = (-1.0, 1.0)
printable = st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]) | st.just(" ")
coordinate = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


def as_text(rows: list[tuple[float, ...]]) -> str:
    """Points of the line (two columns) or of the plane (three) as text for a link."""
    columns = np.array(rows, float)
    if columns.shape[1] == 2:
        return link.points_to_text(columns, (*UNIT, *UNIT))
    return link.plane_to_text(columns[:, :2], columns[:, 2], (*UNIT, *UNIT, *UNIT))


def drawn(row: Setting) -> st.SearchStrategy[str]:
    """Text of a few drawn points, with values or labels, of the kinds that the setting takes."""
    found = [st.sampled_from([text for text in ("", link.EMPTY) if not text or takes(row, text)])]
    for columns in (2, 3):
        for last in (coordinate, st.sampled_from(UNIT)):
            if takes(row, as_text([(0.0,) * columns])):
                place = st.tuples(*[coordinate] * (columns - 1), last)
                found.append(st.lists(place, min_size=1, max_size=8).map(as_text))
    return st.one_of(found)


def takes(row: Setting, text: str) -> bool:
    """Whether the setting reads this text."""
    try:
        read(row, text)
    except ValueError:
        return False
    return True


def values_of(row: Setting) -> st.SearchStrategy[Any]:
    """Everything a setting may hold."""
    if row.check:
        return drawn(row)
    kinds = {
        "choice": st.sampled_from(row.choices or ("",)),
        "bool": st.booleans(),
        "int": st.integers(int(max(row.lo, -1e9)), int(min(row.hi, 1e9))),
        "float": st.floats(max(row.lo, -1e9), min(row.hi, 1e9)),
        "text": st.text(printable, max_size=int(min(row.hi, 200))),
        "words": st.sets(st.sampled_from(row.choices or ("",))).map(
            lambda words: ",".join(word for word in row.choices if word in words)
        ),
    }
    return kinds[row.kind]


@st.composite
def settings_of(draw: st.DrawFn, kind: Any) -> Any:
    """Any settings that go together: any values, and what does not go with the others replaced."""
    return kind.assembled({name: draw(values_of(row)) for name, row in table(kind).items()})[0]


@pytest.mark.parametrize("kind", KINDS)
@given(examples=st.data())
def test_a_link_brings_every_setting_back(kind: Any, examples: st.DataObject) -> None:
    settings = examples.draw(settings_of(kind))
    assert from_query(to_query(settings), kind) == (settings, [])


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_make_an_empty_link(kind: Any) -> None:
    assert to_query(kind()) == {}
    assert from_query({}, kind) == (kind(), [])


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_names_its_field_default_and_query_once(kind: Any) -> None:
    rows = table(kind)
    assert [f.name for f in fields(kind)] == list(rows) == [row.name for row in rows.values()]
    assert all(getattr(kind(), name) == row.default for name, row in rows.items())
    assert len({row.query for row in rows.values()}) == len(rows)
    assert all(row.label and row.help.endswith(".") for row in rows.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_hides_any_group_of_controls(kind: Any) -> None:
    groups = table(kind)["hide"].choices
    assert groups
    hidden = kind(hide=",".join(groups))
    assert all(hidden.hides(group) and not kind().hides(group) for group in groups)


keys = st.sampled_from(sorted({row.query for lesson in LESSONS for row in table(lesson.settings).values()}))
odd = st.sampled_from(["nan", "inf", "-1", "1e999", "0x10", "1_0", "", "９", "hinge", "iris", "moons", "3", "none"])
named = st.sampled_from(sorted({w for one in LESSONS for row in table(one.settings).values() for w in row.choices}))


@pytest.mark.parametrize("kind", KINDS)
@given(query=st.dictionaries(keys | st.text(max_size=10), st.text(max_size=60) | odd | named))
def test_no_query_breaks_a_lesson(kind: Any, query: dict[str, str]) -> None:
    settings, problems = from_query(query, kind)
    assert from_query(to_query(settings), kind) == (settings, [])
    assert all(problem.endswith(".") and "\n" not in problem for problem in problems)
    assert all(problem.count("`") in (0, 2) for problem in problems)
