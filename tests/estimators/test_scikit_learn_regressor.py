"""Everything that scikit-learn asks of the regressor as it comes: no check left out, none expected to fail."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from convexviz import ConvexReLURegressor


@pytest.fixture(autouse=True)
def array_api(monkeypatch):
    """The check of scikit-learn's array dispatch is left out without it."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")


@parametrize_with_checks([ConvexReLURegressor()])
def test_scikit_learn_finds_no_fault(estimator, check):
    assert check(estimator) is None
