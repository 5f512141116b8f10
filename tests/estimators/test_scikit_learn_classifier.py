"""Everything that scikit-learn asks of the classifier as it comes: no check left out, none expected to fail.

Checks on random data in ten dimensions, where the last digits take long, are made after three rounds: how far a fit
gets is none of scikit-learn's business, and that it was stopped is to be said, hence the warnings.
"""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from convexviz import ConvexReLUClassifier

LONG = {"check_dtype_object"}


@pytest.fixture(autouse=True)
def array_api(monkeypatch):
    """The check of scikit-learn's array dispatch is left out without it."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")


@pytest.mark.filterwarnings("ignore:max_iter=3 stopped:sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks([ConvexReLUClassifier()])
def test_scikit_learn_finds_no_fault(estimator, check):
    assert check(estimator.set_params(max_iter=3) if check.func.__name__ in LONG else estimator) is None
