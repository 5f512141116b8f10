"""Rows of images: compact arrays, scales that mean something, places that do not overlap."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.datasets import load_digits

from convexviz.app.components.chart import figure_json
from convexviz.figures.images import GREY, SIGNED, image_row_figure, image_row_spec
from convexviz.figures.theme import FIT, OTHER_CLASS

DIGITS = load_digits().images[:4]
MIXED = np.concatenate([DIGITS[:2], DIGITS[2:] - DIGITS[:2]])
SIGNS = [False, False, True, True]


def test_pixels_travel_as_bytes_or_in_single_precision() -> None:
    data = json.loads(figure_json(image_row_spec(MIXED, signed=SIGNS)))["data"]
    assert [trace["z"]["dtype"] for trace in data] == ["u1", "u1", "f4", "f4"]
    assert all(trace["z"]["shape"] == "8, 8" for trace in data)
    whole = image_row_spec(MIXED, signed=SIGNS)["data"]
    for trace, image in zip(whole, MIXED, strict=True):
        np.testing.assert_array_equal(trace["z"], image)


def test_zero_has_the_colour_of_the_page() -> None:
    for trace, sign, image in zip(image_row_spec(MIXED, signed=SIGNS)["data"], SIGNS, MIXED, strict=True):
        most = np.abs(image).max()
        assert trace["zmax"] == most
        assert trace["zmin"] == (-most if sign else 0.0)
        assert trace["colorscale"] == (SIGNED if sign else GREY)
    assert GREY[0][1] == SIGNED[1][1] == "var(--st-background-color)"
    assert (SIGNED[0][1], SIGNED[2][1]) == (OTHER_CLASS, FIT)


def test_a_shared_scale_is_that_of_the_strongest_of_its_kind() -> None:
    images = np.stack([np.full((3, 3), value) for value in (1.0, 5.0, -7.0, 2.0)])
    data = image_row_spec(images, signed=SIGNS, shared=True)["data"]
    assert [(t["zmin"], t["zmax"]) for t in data] == [(0.0, 5.0), (0.0, 5.0), (-7.0, 7.0), (-7.0, 7.0)]
    assert [t["zmax"] for t in image_row_spec(images, signed=SIGNS)["data"]] == [1.0, 5.0, 7.0, 2.0]
    assert image_row_spec(np.zeros((1, 2, 2)))["data"][0]["zmax"] == 1.0


@pytest.mark.parametrize(("columns", "rows"), [(None, 1), (2, 2), (3, 2)])
def test_images_stand_side_by_side_below_their_titles(columns: int | None, rows: int) -> None:
    titles = [f"digit {k}" for k in range(4)]
    spec = image_row_spec(DIGITS, titles, columns=columns)
    frames = spec["layout"]["shapes"]
    assert len({frame["y0"] for frame in frames}) == rows
    for i, one in enumerate(frames):
        assert (one["x1"] - one["x0"], one["y1"] - one["y0"]) == pytest.approx((8, 8))
        for two in frames[:i]:
            apart = max(one["x0"] - two["x1"], two["x0"] - one["x1"], one["y0"] - two["y1"], two["y0"] - one["y1"])
            assert apart > 1
    for trace, frame, words in zip(spec["data"], frames, spec["layout"]["annotations"], strict=True):
        assert (trace["x0"], trace["y0"]) == (frame["x0"] + 0.5, frame["y0"] + 0.5)  # middle of the first pixel
        assert (words["x"], words["y"]) == pytest.approx((frame["x0"] + 4, frame["y0"]))
    left, right = spec["layout"]["xaxis"]["range"]
    bottom, top = spec["layout"]["yaxis"]["range"]
    assert all(left <= f["x0"] and f["x1"] <= right and top <= f["y0"] and f["y1"] <= bottom for f in frames)
    assert spec["layout"]["yaxis"]["scaleanchor"] == "x"  # pixels are square


def test_the_figure_for_slides_is_black_on_white() -> None:
    figure = image_row_figure(MIXED, ["a", "b", "c", "d"], signed=SIGNS)
    assert figure.data[0].colorscale == ((0.0, "#ffffff"), (1.0, "#202020"))
    assert figure.data[2].colorscale[1] == (0.5, "#ffffff")
    assert figure.layout.meta["alt"] == "a, b, c, d"


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(ValueError, match=r"shape \(k, h, w\), got \(8, 8\)"):
        image_row_spec(DIGITS[0])
    with pytest.raises(ValueError, match="each of the 4 images, got 1 and 4"):
        image_row_spec(DIGITS, ["one"])
    with pytest.raises(ValueError, match="each of the 4 images, got 4 and 2"):
        image_row_spec(DIGITS, signed=[True, False])


def test_no_images_is_an_empty_figure() -> None:
    spec = image_row_spec(np.zeros((0, 8, 8)))
    assert spec["data"] == []
    assert spec["layout"]["xaxis"]["range"][0] < spec["layout"]["xaxis"]["range"][1]
