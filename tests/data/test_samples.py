"""The samples of the geometry: each is of the kind that its description names."""

from __future__ import annotations

import numpy as np
import pytest

from convexviz.data.samples import SAMPLES, sample_names

DEGREES = np.linspace(0.0, 2 * np.pi, 7201)
CIRCLE = np.column_stack([np.cos(DEGREES), np.sin(DEGREES)])


def cosine(name: str) -> float:
    first, second = SAMPLES[name].X
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


@pytest.mark.parametrize("name", SAMPLES)
def test_two_or_three_samples_in_the_plane_that_nobody_can_change(name: str) -> None:
    made = SAMPLES[name]
    assert made.name == name
    assert made.X.shape == (len(made.y), 2)
    assert len(made.y) in (2, 3)
    assert made.title[0].isupper()
    assert len(made.title) <= 24
    assert made.description.endswith(".")
    assert np.abs(made.X).max() <= 1.6, "they fit on the board"
    assert np.abs(made.y).max() <= 2.0, "the sliders reach them"
    for array in (made.X, made.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_names_come_in_order_and_by_number_of_samples() -> None:
    assert sample_names() == tuple(SAMPLES)
    assert sample_names(2) + sample_names(3) == sample_names()
    assert sample_names(3) == ("three", "three_near")
    assert sample_names(4) == ()


def test_angles_are_as_described() -> None:
    assert cosine("spikes") < -0.1
    assert cosine("acute") > 0.1
    assert cosine("orthogonal") == 0.0
    np.testing.assert_allclose(SAMPLES["whitened"].X @ SAMPLES["whitened"].X.T, np.eye(2), atol=1e-15)
    lengths = np.linalg.norm(SAMPLES["orthogonal"].X, axis=1)
    assert lengths[0] != lengths[1]
    assert cosine("rank_one") == pytest.approx(1.0)
    assert cosine("rank_one_mixed") == pytest.approx(-1.0)


def test_the_middle_one_of_three_is_a_positive_combination_of_the_others() -> None:
    first, middle, last = SAMPLES["three_near"].X
    turned = [np.arctan2(*point[::-1]) for point in (first, middle, last)]
    assert turned[0] < turned[1] < turned[2]
    share = np.linalg.solve(np.column_stack([first, last]), middle)
    assert (share > 0).all(), "it lies between them as a direction"


@pytest.mark.parametrize("name", sample_names(2))
def test_rectified_points_stick_out_only_where_the_description_says_so(name: str) -> None:
    """By brute force: the shortest u' with Xu' = (Xu)_+, over many u."""
    X = SAMPLES[name].X
    Q = np.maximum(CIRCLE @ X.T, 0.0)
    back = Q @ np.linalg.pinv(X).T
    out = max(np.abs(back @ X.T - Q).max(), np.linalg.norm(back, axis=1).max() - 1.0)
    assert (out > 1e-3) == (name in ("spikes", "rank_one_mixed"))
    assert out < 1e-9 or out > 0.05
