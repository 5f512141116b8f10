"""Everything that scikit-learn asks of the classifier with probabilities: no check left out, none expected to fail.

Everything but a limit is at its default. Three rounds, which are the same on every machine, keep it short: how far a
fit gets is none of scikit-learn's business, and that it was stopped is to be said, hence the warnings.
"""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from convexviz import ConvexReLUClassifier


@pytest.fixture(autouse=True)
def array_api(monkeypatch):
    """The check of scikit-learn's array dispatch is left out without it."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks([ConvexReLUClassifier(loss="logistic", max_iter=3)])
def test_scikit_learn_finds_no_fault(estimator, check):
    assert check(estimator) is None
