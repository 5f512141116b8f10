"""The curve of a cross-validation shows its numbers, and the betas that it suggests."""

from __future__ import annotations

import numpy as np
import pytest
from problems import wave

import convexviz as cv
from convexviz.figures import validation_figure


@pytest.fixture(scope="module")
def checked() -> cv.CrossValidation:
    X, y = wave(24, "squared")
    return cv.cross_validate(X, y, [3.0, 0.3, 0.03], folds=3)


def test_the_band_is_one_standard_error_around_the_mean(checked: cv.CrossValidation) -> None:
    band, held, training, now, least, sparse = validation_figure(checked, beta=0.2).data
    np.testing.assert_allclose(held.y, checked.mean)
    np.testing.assert_allclose(band.y[:3] - held.y, checked.standard_error)
    np.testing.assert_allclose(held.y - band.y[:2:-1], checked.standard_error)
    np.testing.assert_allclose(training.y, checked.train_errors.mean(axis=0))
    assert set(now.x) == {0.2}
    assert (least.x[0], sparse.x[0]) == (checked.best, checked.sparsest_within_one_se)
    assert least.y[0] == checked.mean.min()


def test_without_a_beta_there_is_no_upright_line_and_the_axis_names_the_measure(checked: cv.CrossValidation) -> None:
    figure = validation_figure(checked)
    assert len(figure.data[3].x) == 0
    assert figure.layout.yaxis.title.text == "mean squared error"
