"""Everything that scikit-learn asks of the classifier with probabilities: no check left out, none expected to fail.

Everything but the limits is at its default. Six rounds, which are the same on every machine, and two seconds for what
is then proved keep the many fits in many dimensions short.
"""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from convexviz import ConvexReLUClassifier


@pytest.fixture(autouse=True)
def array_api(monkeypatch):
    """The check of scikit-learn's array dispatch is left out without it."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")


@parametrize_with_checks([ConvexReLUClassifier(loss="logistic", max_iter=6, time_limit=2.0)])
def test_scikit_learn_finds_no_fault(estimator, check):
    assert check(estimator) is None
