"""Settings, by the example of SplineSettings: what goes together, and links that someone damaged."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convexviz
from convexviz import data
from convexviz.app.lessons.splines.settings import OVERLAYS, SplineSettings
from convexviz.app.shell import link
from convexviz.app.shell.settings import (
    CONTROL_GROUPS,
    LOSSES,
    MAX_TEXT,
    PAGE_PARTS,
    from_query,
    quoted,
    table,
)

coordinate = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


@st.composite
def drawn(draw: st.DrawFn, labels: bool) -> str:
    """Text of a few drawn points."""
    ys = st.sampled_from([-1.0, 1.0]) if labels else coordinate
    points = draw(st.lists(st.tuples(coordinate, ys), max_size=8))
    return link.points_to_text(points, (-1.0, 1.0, -1.0, 1.0))


def test_each_overlay_has_a_row() -> None:
    assert set(OVERLAYS) <= set(table(SplineSettings))


def test_every_loss_is_offered_for_some_task_and_known_to_the_solver() -> None:
    offered = {loss for losses in LOSSES.values() for loss in losses}
    assert offered == set(table(SplineSettings)["loss"].choices) == set(convexviz.LOSSES)


def test_defaults_go_together() -> None:
    assert SplineSettings().repairs() == {}
    spec = data.DATASETS[SplineSettings().dataset]
    assert (SplineSettings().n, SplineSettings().noise) == (spec.n, spec.noise)


@given(drawn(labels=False).filter(bool), st.data())
def test_a_damaged_letter_in_the_points_is_noticed(text: str, choose: st.DataObject) -> None:
    at = choose.draw(st.integers(0, len(text) - 1))
    letter = choose.draw(st.sampled_from("AZaz09-_").filter(lambda letter: letter != text[at]))
    settings, problems = from_query({"p": text[:at] + letter + text[at + 1 :]}, SplineSettings)
    assert settings == SplineSettings()
    assert len(problems) == 1
    assert problems[0].startswith("`p=")


@pytest.mark.parametrize(
    ("query", "expected", "message"),
    [
        ({"beta": "abc"}, SplineSettings(), "`beta=abc`: it must be a number from 1e-09 to 1e+09."),
        ({"beta": "0"}, SplineSettings(), "`beta=0`: it must be a number from 1e-09 to 1e+09."),
        ({"n": "1.5"}, SplineSettings(), "`n=1.5`: it must be a whole number from 1 to 1000."),
        ({"seed": "-1"}, SplineSettings(), "`seed=-1`: it must be a whole number from 0 to 2147483647."),
        ({"snap": "maybe"}, SplineSettings(), "`snap=maybe`: it must be 1 or 0."),
        (
            {"hide": "badge"},
            SplineSettings(),
            f"`hide=badge`: it must list some of {', '.join((*CONTROL_GROUPS, *PAGE_PARTS))}.",
        ),
        ({"betta": "1"}, SplineSettings(), "`betta`: no such setting."),
        ({"f": "x" * 201}, SplineSettings(), f"`f={'x' * 38}…`: it must have at most 200 characters."),
        ({"f": "x\ny"}, SplineSettings(), "`f=xy`: it must not contain control characters."),
        ({"task": "regression", "loss": "hinge"}, SplineSettings(), "loss = hinge: it does not go with regression"),
        ({"task": "regression", "data": "iris"}, SplineSettings(), "dataset = iris: it is not for regression"),
        ({"data": "diabetes", "n": "999"}, SplineSettings(dataset="diabetes", n=442), "n = 999: diabetes has 1 to 442"),
    ],
)
def test_what_is_wrong_with_a_link_is_named(query: dict[str, str], expected: SplineSettings, message: str) -> None:
    settings, problems = from_query(query, SplineSettings)
    assert settings == expected
    assert len(problems) == 1
    assert problems[0].startswith(message)


def test_points_without_classes_are_refused_for_classification() -> None:
    text = link.points_to_text([[0.0, 0.5], [1.0, -0.5]], (-1.0, 1.0, -1.0, 1.0))
    settings, problems = from_query({"data": "iris", "p": text}, SplineSettings)
    assert settings == replace(from_query({"data": "iris"}, SplineSettings)[0], points="")
    assert problems[0].endswith("they carry no classes; using the preset.")


def test_a_loss_or_a_preset_alone_decides_the_task() -> None:
    assert from_query({"loss": "hinge"}, SplineSettings)[0].task == "classification"
    assert from_query({"data": "iris"}, SplineSettings)[0].task == "classification"
    assert from_query({"loss": "interpolate"}, SplineSettings)[0].task == "regression"


def test_what_mailers_add_to_links_is_no_problem() -> None:
    assert from_query({"utm_source": "x", "fbclid": "y"}, SplineSettings) == (SplineSettings(), [])


@given(st.text(max_size=100))
def test_foreign_text_cannot_leave_its_code_span(text: str) -> None:
    assert re.fullmatch(r"`[^`\n]*`", quoted(text))


def test_a_new_task_brings_its_loss_and_preset() -> None:
    settings = SplineSettings(points="anything").changed(task="classification")
    spec = data.DATASETS[settings.dataset]
    assert (settings.loss, spec.task, settings.points) == (LOSSES["classification"][0], "classification", "")
    assert (settings.n, settings.noise) == (spec.n, spec.noise)


def test_new_data_replace_drawn_points_and_looks_do_not() -> None:
    drawn_points = SplineSettings(points="anything")
    assert drawn_points.changed(beta=1.0, envelope=True).points == "anything"
    assert drawn_points.changed(seed=3).points == ""
    assert drawn_points.changed(seed=3, points="other").points == "other"


def test_hidden_groups() -> None:
    settings, problems = from_query({"hide": "beta, data"}, SplineSettings)
    assert (settings.hide, problems) == ("data,beta", [])
    assert [group for group in CONTROL_GROUPS if settings.hides(group)] == ["data", "beta"]


@given(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=20))
def test_points_come_back_within_a_step_of_the_view(points: list[tuple[float, float]]) -> None:
    view = (-2.0, 2.0, -1.5, 1.5)
    back, seen = link.text_to_points(link.points_to_text(points, view))
    span = np.array([seen[1] - seen[0], seen[3] - seen[2]])
    assert seen[0] <= view[0] <= view[1] <= seen[1]
    assert seen[2] <= view[2] <= view[3] <= seen[3]
    assert (np.abs(back - points) <= span / 65535).all()


def test_a_view_and_labels_come_back_exactly() -> None:
    text = link.points_to_text([[0.25, 1.0], [-0.5, -1.0]], (-1.25, 1.25, -1.0, 1.0))
    points, view = link.text_to_points(text)
    assert view == (-1.25, 1.25, -1.0, 1.0)
    assert points[:, 1].tolist() == [1.0, -1.0]


def test_two_hundred_points_make_a_link_one_can_paste() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (200, 2)).round(3)  # as the board draws them
    assert len(link.points_to_text(points, (-1.0, 1.0, -1.0, 1.0))) < 1200 < MAX_TEXT


def test_text_that_holds_other_columns_is_refused() -> None:
    text = data.encode_columns([[0.0], [1.0]], [0.0], [1.0])
    with pytest.raises(data.LinkError, match="two coordinates"):
        link.text_to_points(text)
