"""Everything that scikit-learn asks of the classifier with probabilities: no check left out, none expected to fail.

Loosely and briefly trained, so that the many fits in many dimensions take little time.
"""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from convexviz import ConvexReLUClassifier


@pytest.fixture(autouse=True)
def array_api(monkeypatch):
    """The check of scikit-learn's array dispatch is left out without it."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")


@parametrize_with_checks([ConvexReLUClassifier(beta=1.0, loss="logistic", tol=1e-2, time_limit=1.0)])
def test_scikit_learn_finds_no_fault(estimator, check):
    assert check(estimator) is None
