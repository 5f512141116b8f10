"""Settings of the lessons on geometry, auto-encoders and closed forms: choices, repairs, damaged links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz import data
from convexviz.app.lessons.autoencoders import settings as autoencoder_settings
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.app.lessons.closed_forms import settings as closed_settings
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.lessons.geometry import settings as geometry_settings
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.app.shell import link
from convexviz.app.shell.settings import from_query, table
from convexviz.data.samples import SAMPLES

UNIT = (-1.0, 1.0)


def text_of(rows: Any) -> str:
    """Rows (n, 3) of points with values as text for a link."""
    columns = np.array(rows, float).reshape(-1, 3)
    return link.plane_to_text(columns[:, :2], columns[:, 2], (*UNIT, *UNIT, *UNIT))


# --- the table and the link ----------------------------------------------------------------------------------------


def test_every_choice_exists() -> None:
    assert table(GeometrySettings)["dataset"].choices == tuple(SAMPLES)
    assert all(data.DATASETS[name].dims == 2 for name in autoencoder_settings.PRESETS)
    assert set(geometry_settings.OVERLAYS) <= set(table(GeometrySettings))
    assert closed_settings.DIGITS == autoencoder_settings.DIGITS == tuple("0123456789")


# --- repairs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 9])
def test_a_link_holds_two_or_three_samples(count: int) -> None:
    text = text_of(np.arange(3.0 * count).reshape(-1, 3))
    settings, problems = from_query({"p": text, "data": "acute", "hull": "0"}, GeometrySettings)
    assert (settings.dataset, settings.hull) == ("acute", False)
    if count in (2, 3):
        assert (settings.points, problems) == (text, [])
    else:
        assert settings.points == ""
        assert problems == [f"points: they must be two or three samples, got {count}; using the preset."]


@pytest.mark.parametrize("first", closed_settings.DIGITS)
def test_the_two_classes_differ(first: str) -> None:
    settings, problems = from_query({"first": first, "second": first}, ClosedSettings)
    assert settings.first == first
    assert settings.second != first
    assert problems == [f"second: both classes are the digit {first}; using {settings.second}."]


def test_a_class_that_takes_the_digit_of_the_other_swaps_with_it() -> None:
    start = ClosedSettings(first="3", second="8")
    for changed in (start.changed(first="8"), start.changed(second="3")):
        assert (changed.first, changed.second) == ("8", "3")
    assert start.changed(first="5") == ClosedSettings(first="5", second="8")


@pytest.mark.parametrize(
    ("lesson", "query", "message"),
    [
        (GeometrySettings, {"p": "!!!"}, "`p=!!!`: The link must use only "),
        (GeometrySettings, {"data": "moons"}, "`data=moons`: it must be one of spikes, "),
        (GeometrySettings, {"spikes": "yes"}, "`spikes=yes`: it must be 1 or 0."),
        (AutoencoderSettings, {"p": "!!!"}, "`p=!!!`: The link must use only "),
        (AutoencoderSettings, {"n": "1"}, "`n=1`: it must be a whole number from 2 to 60."),
        (AutoencoderSettings, {"k": "-1"}, "`k=-1`: it must be a whole number from 0 to 500."),
        (AutoencoderSettings, {"digit": "10"}, "`digit=10`: it must be one of 0, "),
        (AutoencoderSettings, {"image": "175"}, "`image=175`: it must be a whole number from 1 to 174."),
        (ClosedSettings, {"n": "5"}, "`n=5`: it must be a whole number from 1 to 4."),
        (ClosedSettings, {"beta": "0"}, "`beta=0`: it must be a number from 1e-06 to 10."),
        (ClosedSettings, {"p": "x"}, "`p`: no such setting."),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_link_is_named_and_the_rest_is_the_default(
    lesson: type, query: dict[str, str], message: str
) -> None:
    settings, problems = from_query(query, lesson)
    assert settings == lesson()
    assert len(problems) == 1
    assert problems[0].startswith(message)


@pytest.mark.parametrize("lesson", [GeometrySettings, AutoencoderSettings])
@given(cut=st.integers(1, 30), at=st.integers(0, 30))
def test_damaged_points_are_named_or_are_points(lesson: type, cut: int, at: int) -> None:
    text = text_of([[0.5, 0.25, 1.0], [-0.5, 0.75, -0.25], [0.1, 0.2, 0.3]])
    damaged = text[:at] + text[at + cut :]
    settings, problems = from_query({"p": damaged}, lesson)
    if settings.points:
        assert settings.points == damaged
        assert np.isfinite(link.text_to_plane(damaged)[0]).all()
    else:
        assert damaged == "" or len(problems) == 1


# --- what replaces what --------------------------------------------------------------------------------------------


def test_a_preset_replaces_what_was_drawn_and_looks_do_not() -> None:
    text = text_of([[0.5, 0.25, 1.0], [-0.5, 0.75, -0.25]])
    geometry, auto = GeometrySettings(points=text), AutoencoderSettings(points=text, k=2)
    assert geometry.changed(dataset="acute").points == ""
    assert geometry.changed(hull=False).points == text
    for changes in ({"dataset": "blobs"}, {"n": 20}, {"seed": 1}):
        replaced = auto.changed(**changes)
        assert (replaced.points, replaced.k) == ("", 0)
    assert auto.changed(n=20, k=3).k == 3
    for changes in ({"k": 1}, {"digit": "5"}, {"n": auto.n}):
        assert auto.changed(**changes).points == text
