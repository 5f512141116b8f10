"""Digits of the lessons: the right way up, scaled, and their mixtures certified."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from convexviz.app.compute import digit_images
from convexviz.app.lessons.autoencoders.parts import COMPONENTS, MIXED, digit_spec, digit_words
from convexviz.geometry import extreme_points

KNOWN = digit_images.digits()


def test_images_are_scikit_learns_scaled_to_one() -> None:
    theirs = load_digits()
    np.testing.assert_array_equal(digit_images.pictures(KNOWN.X) * 16, theirs.images)
    np.testing.assert_array_equal(KNOWN.target, theirs.target)
    assert (KNOWN.X.min(), KNOWN.X.max()) == (0.0, 1.0)
    for digit in range(10):
        np.testing.assert_array_equal(KNOWN.of(digit), np.flatnonzero(theirs.target == digit))
    with pytest.raises(ValueError, match="read-only"):
        KNOWN.X[0, 0] = 1.0


def test_images_are_the_right_way_up() -> None:
    """A seven is heavy above, a six below; a one is narrow; no image is turned on its side or mirrored."""
    mean = {digit: digit_images.pictures(KNOWN.X[KNOWN.of(digit)]).mean(axis=0) for digit in range(10)}
    rows, columns = np.arange(8) - 3.5, np.arange(8) - 3.5
    assert (mean[7].sum(axis=1) @ rows) < -0.5 < 0.5 < (mean[6].sum(axis=1) @ rows)
    assert (mean[1].sum(axis=0) @ columns**2) / mean[1].sum() < (mean[1].sum(axis=1) @ rows**2) / mean[1].sum() / 2
    open_side = mean[3][2:6, :3].sum(), mean[3][2:6, 5:].sum()
    assert open_side[0] < open_side[1], "a three is open to the left"


def test_there_are_enough_images_of_every_digit() -> None:
    counts = [len(KNOWN.of(digit)) for digit in range(10)]
    assert sum(counts) == 1797
    assert min(counts) == 174, "the most that a link may ask for"


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("digit", [0, 3, 8])
def test_a_mixture_is_certified_by_its_neuron(digit: int, same: bool) -> None:
    row = int(KNOWN.of(digit)[4])
    found = digit_images.mixture(row, same)
    rows = KNOWN.of(digit) if same else np.arange(len(KNOWN.target))
    others = KNOWN.X[rows[rows != row]]
    assert rows[found.index] == row
    assert found.weights.min() >= 0
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.weights[found.index] == 0
    np.testing.assert_allclose(found.weights @ KNOWN.X[rows], found.projection, atol=1e-12)
    assert np.linalg.norm(KNOWN.X[row] - found.projection) == pytest.approx(found.distance, rel=1e-9)
    assert found.u is not None
    assert found.b is not None
    assert np.linalg.norm(found.u) == pytest.approx(1.0)
    assert (others @ found.u + found.b).max() == pytest.approx(0.0, abs=1e-9), "silent on the others"
    assert KNOWN.X[row] @ found.u + found.b == pytest.approx(found.distance, rel=1e-9), "as strong as it is far"


def test_more_images_rebuild_better() -> None:
    for row in KNOWN.of(5)[:3]:
        assert digit_images.mixture(int(row), False).distance <= digit_images.mixture(int(row), True).distance + 1e-12


def test_the_images_shown_are_image_mixture_residual_and_the_heaviest() -> None:
    row = int(KNOWN.of(3)[0])
    found = digit_images.mixture(row, True)
    shown = digit_spec(row, True, found)["data"]
    z = [np.asarray(trace["z"], float) for trace in shown]
    assert len(z) == 3 + MIXED
    np.testing.assert_allclose(z[0].ravel(), KNOWN.X[row], atol=1e-6)
    np.testing.assert_allclose(z[0] - z[1], z[2], atol=1e-6)
    np.testing.assert_allclose(z[2].ravel() / found.distance, found.u, atol=1e-5)
    assert shown[2]["zmin"] == -shown[2]["zmax"] < 0
    names = [trace["name"] for trace in shown]
    shares = [float(name.split("%")[0]) for name in names[3:]]
    assert shares == sorted(shares, reverse=True)
    images = [KNOWN.X[i] for i in KNOWN.of(3)[np.argsort(-found.weights)[:MIXED]]]
    np.testing.assert_allclose([image.ravel() for image in z[3:]], images, atol=1e-6)


def test_the_words_count_the_images_used() -> None:
    row = int(KNOWN.of(3)[0])
    found = digit_images.mixture(row, True)
    used = int((found.weights > 1e-9).sum())
    assert f"uses {used} of {len(KNOWN.of(3)) - 1} images and misses by {found.distance:.2f}" in digit_words(found)


def test_in_few_dimensions_most_images_are_mixtures_and_in_all_none() -> None:
    shares = digit_images.in_hull_share(3, COMPONENTS)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9, "one component: all between the two ends"
    assert shares[0] == pytest.approx(1 - 2 / len(KNOWN.of(3)))
    assert shares[-1] == 0


def test_no_image_at_all_is_a_mixture_of_the_others() -> None:
    """What the idea says of 64 dimensions."""
    assert not any(point.in_hull for point in extreme_points(KNOWN.X, range(0, len(KNOWN.X), 3)))
