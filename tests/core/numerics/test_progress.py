"""What long computations say while they last: from a second on, one line, to nobody who did not ask or is not there."""

import io
import sys
import time

import numpy as np
import pytest

import convexviz as cv
from convexviz.core.numerics import progress

X = np.linspace(-1, 1, 12)[:, None]
Y = np.abs(X[:, 0])


@pytest.fixture
def impatient(monkeypatch):
    """Nothing is waited for: what would be said after a second is said at once."""
    monkeypatch.setattr(progress, "PATIENCE", 0.0)


def test_a_line_shows_what_was_told_and_goes(impatient, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress.line("training", True):
        progress.told(2.0, 1.0)
        while "1 rounds" not in sys.stderr.getvalue():
            time.sleep(0.01)
    said = sys.stderr.getvalue()
    assert "training" in said
    assert "1 rounds, objective 2, at least 1" in said
    assert said.endswith("\r")  # the line is wiped: nothing is left below the answer


def test_nothing_is_said_within_the_patience(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 1e6)
    cv.solve(X, Y, beta=0.1, verbose=True)
    assert capsys.readouterr().err == ""


def test_a_script_is_silent_and_a_prompt_is_not(impatient, capsys, monkeypatch):
    monkeypatch.delattr(sys, "ps1", raising=False)
    with progress.line("training", None) as said:
        assert said is None
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    with progress.line("training", None) as said:
        assert said is not None
    with progress.line("training", False) as said:
        assert said is None


def test_a_line_within_a_line_is_none(impatient, capsys):
    with progress.line("path", True, 2) as outer:
        with progress.line("training", True) as inner:
            assert inner is None
        assert outer is not None


def test_the_path_counts_its_stops_and_not_the_rounds_within(impatient, capsys, monkeypatch):
    steps = []
    monkeypatch.setattr(progress.Line, "step", lambda self, words: steps.append(words))
    cv.regularization_path(X, Y, betas=[0.3, 0.1, 0.01], verbose=True)
    assert [words.split(",")[0] for words in steps] == ["beta 0.3", "beta 0.1", "beta 0.01"]


@pytest.mark.parametrize("method", ["auto", "ascent"])
def test_every_solver_tells_its_rounds(impatient, monkeypatch, method):
    steps = []
    monkeypatch.setattr(progress.Line, "step", lambda self, words: steps.append(words))
    rng = np.random.default_rng(0)
    X = rng.standard_normal((15, 2 if method == "auto" else 4))
    s = cv.solve(X, X[:, 0] * X[:, 1], beta=0.1, method=method, verbose=True)
    assert len(steps) >= len(s.history) >= 1
    assert all(words.startswith("objective ") for words in steps)


def test_a_training_by_descent_counts_its_iterations(impatient, monkeypatch):
    steps = []
    monkeypatch.setattr(progress.Line, "step", lambda self, words: steps.append(words))
    run = cv.train(X, Y, 0.1, width=4, iterations=7, verbose=True)
    assert len(steps) == len(run.objectives)


def test_a_proof_and_the_path_of_entries_take_it_too(impatient, capsys):
    s = cv.solve(X, Y, beta=0.1)
    assert cv.prove(s, X, Y, verbose=True).gap < 1e-9
    assert cv.entering_path(X, Y, most=3, verbose=True)


@pytest.mark.parametrize("verbose", ["yes", 0.5, -1, [True]])
def test_what_is_no_switch_is_refused(verbose):
    with pytest.raises(ValueError, match="verbose must be True, False"):
        cv.solve(X, Y, verbose=verbose)
