"""Settings of the lesson in the plane: what it offers, the two tasks, and links written by hand or damaged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convexviz
from convexviz import data
from convexviz.app.lessons.plane.settings import CLASSES_ONLY, OVERLAYS, PICTURES, PlaneSettings
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import link
from convexviz.app.shell.settings import LOSSES, MAX_TEXT, from_query, table

ROWS = table(PlaneSettings)
UNIT = (-1.0, 1.0)
coordinate = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


def read(query: dict[str, str]) -> tuple[PlaneSettings, list[str]]:
    return from_query(query, PlaneSettings)


@st.composite
def drawn(draw: st.DrawFn, labels: bool) -> str:
    """Text of a few drawn points of the plane."""
    values = st.sampled_from([-1.0, 1.0]) if labels else coordinate
    points = draw(st.lists(st.tuples(coordinate, coordinate, values), max_size=8))
    columns = np.array(points, float).reshape(-1, 3)
    return link.plane_to_text(columns[:, :2], columns[:, 2], (*UNIT, *UNIT, *UNIT))


# --- the table and the link ----------------------------------------------------------------------------------------


def test_overlays_and_pictures_have_rows() -> None:
    assert set(OVERLAYS) <= set(ROWS)
    assert set(CLASSES_ONLY) <= set(OVERLAYS)
    assert ROWS["picture"].choices == tuple(PICTURES)


def test_defaults_go_together() -> None:
    settings, spec = PlaneSettings(), data.DATASETS[PlaneSettings().dataset]
    assert settings.repairs() == {}
    assert (settings.n, settings.noise, spec.dims) == (spec.n, spec.noise, 2)
    assert settings.task == spec.task == PlaneSettings.first_task


def test_every_preset_and_loss_can_be_chosen_and_none_of_the_line() -> None:
    assert set(ROWS["dataset"].choices) == {name for task in data.TASKS for name in data.names(task, dims=2)}
    assert not set(ROWS["dataset"].choices) & set(table(SplineSettings)["dataset"].choices)
    assert set(ROWS["loss"].choices) == set(convexviz.LOSSES)


# --- links written by hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "task", "loss", "dataset"),
    [
        ({}, "classification", "hinge", "moons"),
        ({"loss": "squared"}, "classification", "squared", "moons"),
        ({"loss": "interpolate"}, "regression", "interpolate", "tent2"),
        ({"data": "ridges"}, "regression", "squared", "ridges"),
        ({"data": "circles"}, "classification", "hinge", "circles"),
        ({"task": "regression"}, "regression", "squared", "tent2"),
        ({"task": "regression", "loss": "interpolate"}, "regression", "interpolate", "tent2"),
        ({"data": "ridges", "loss": "interpolate"}, "regression", "interpolate", "ridges"),
        ({"data": "xor", "loss": "hard_margin", "n": "4"}, "classification", "hard_margin", "xor"),
    ],
    ids=str,
)
def test_a_few_words_in_a_link_decide_the_rest(query: dict[str, str], task: str, loss: str, dataset: str) -> None:
    settings, problems = read(query)
    assert problems == []
    assert (settings.task, settings.loss, settings.dataset) == (task, loss, dataset)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"beta": "0"}, "`beta=0`: it must be a number from 1e-09 to 1e+09."),
        ({"n": "501"}, "`n=501`: it must be a whole number from 1 to 500."),
        ({"show": "map"}, "`show=map`: it must be one of neurons, surface, path, film."),
        ({"lines": "yes"}, "`lines=yes`: it must be 1 or 0."),
        ({"f": "x"}, "`f`: no such setting."),
        ({"envelope": "1"}, "`envelope`: no such setting."),
        ({"data": "sine"}, "`data=sine`: it must be one of "),
        ({"p": "!!!"}, "`p=!!!`: The link must use only "),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_link_is_named_and_the_rest_is_the_default(query: dict[str, str], message: str) -> None:
    settings, problems = read(query)
    assert settings == PlaneSettings()
    assert len(problems) == 1
    assert problems[0].startswith(message)


@pytest.mark.parametrize(
    ("query", "name", "value", "message"),
    [
        ({"task": "regression", "loss": "hinge"}, "loss", "squared", "loss = hinge: it does not go with regression"),
        ({"task": "regression", "data": "moons"}, "dataset", "tent2", "dataset = moons: it is not for regression"),
        ({"task": "classification", "data": "ridges"}, "dataset", "moons", "dataset = ridges: it is not for"),
        ({"data": "iris_petals", "n": "300"}, "n", 100, "n = 300: iris_petals has 2 to 100 points"),
        ({"data": "xor", "n": "2"}, "n", 4, "n = 2: xor has 4 to 300 points"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_repaired_aloud(
    query: dict[str, str], name: str, value: object, message: str
) -> None:
    settings, problems = read(query)
    assert getattr(settings, name) == value
    assert len(problems) == 1
    assert problems[0].startswith(message)


@given(drawn(labels=False).filter(lambda text: text != link.EMPTY), st.data())
def test_a_damaged_letter_in_the_points_is_noticed(text: str, choose: st.DataObject) -> None:
    at = choose.draw(st.integers(0, len(text) - 1))
    letter = choose.draw(st.sampled_from("AZaz09-_").filter(lambda letter: letter != text[at]))
    settings, problems = read({"p": text[:at] + letter + text[at + 1 :]})
    assert settings == PlaneSettings()
    assert len(problems) == 1
    assert problems[0].startswith("`p=")


def test_points_without_classes_are_refused_for_classification() -> None:
    text = link.plane_to_text([[0.0, 0.5], [1.0, -0.5]], [0.3, -1.0], (*UNIT, *UNIT, *UNIT))
    settings, problems = read({"p": text})
    assert settings == PlaneSettings()
    assert problems[0].endswith("they carry no classes; using the preset.")
    kept, none = read({"task": "regression", "p": text})
    assert (kept.points, none) == (text, [])


@pytest.mark.parametrize("task", data.TASKS)
def test_points_of_the_line_are_sent_to_their_own_page(task: data.Task) -> None:
    text = link.points_to_text([[0.0, 1.0], [1.0, -1.0]], (*UNIT, *UNIT))
    settings, problems = read({"task": task, "p": text})
    assert settings.points == ""
    assert len(problems) == 1
    assert "two coordinates and a value" in problems[0]
    assert "on the page that it was made on" in problems[0]


def test_points_of_the_plane_are_no_points_of_the_line() -> None:
    text = link.plane_to_text([[0.0, 0.5]], [1.0], (*UNIT, *UNIT, *UNIT))
    settings, problems = from_query({"p": text}, SplineSettings)
    assert settings == SplineSettings()
    assert "two coordinates each, got 3 columns" in problems[0]


def test_three_hundred_points_make_a_link_one_can_paste() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.uniform(-1, 1, (300, 2)).round(3), rng.choice([-1.0, 1.0], 300)
    assert len(link.plane_to_text(X, y, (*UNIT, *UNIT, *UNIT))) < 1800 < MAX_TEXT


# --- what follows from a change ------------------------------------------------------------------------------------


def test_a_new_task_brings_its_loss_and_preset() -> None:
    settings = replace(PlaneSettings(), points="anything", beta=0.7).changed(task="regression")
    spec = data.DATASETS[settings.dataset]
    assert (settings.loss, spec.task, spec.dims, settings.points) == (LOSSES["regression"][0], "regression", 2, "")
    assert (settings.n, settings.noise, settings.beta) == (spec.n, spec.noise, 0.7)


def test_new_data_replace_drawn_points_and_looks_do_not() -> None:
    drawn_points = replace(PlaneSettings(), points=link.EMPTY)
    looks = {name: not getattr(drawn_points, name) for name in OVERLAYS}
    assert drawn_points.changed(beta=1.0, picture="film", loss="logistic", **looks).points == link.EMPTY
    assert drawn_points.changed(seed=3).points == ""
    assert drawn_points.changed(dataset="circles").points == ""


def test_hidden_groups() -> None:
    settings, problems = read({"hide": "share, beta"})
    assert (settings.hide, problems) == ("beta,share", [])
    assert settings.hides("beta")
    assert not settings.hides("data")
