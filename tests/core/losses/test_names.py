"""How a loss is named, with its parameter or without, and what it says of itself."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from core.losses.kinds import EVERY, over, training
from tolerances import GAP

import convexviz as cv
from convexviz.core.losses import Loss, get_loss


@over(EVERY)
def test_a_loss_is_found_by_its_name_and_pickles(loss):
    assert get_loss(loss.name) == loss == get_loss(loss)
    assert hash(get_loss(loss.name)) == hash(loss)
    copy = pickle.loads(pickle.dumps(loss))
    assert copy == loss
    assert copy.name == loss.name
    assert eval(repr(loss), {type(loss).__name__: type(loss)}) == loss


@pytest.mark.parametrize("delta", [0.0, -1.0, np.inf, np.nan, "1", None])
def test_a_huber_loss_needs_a_positive_number(delta):
    with pytest.raises(ValueError, match=r"delta must be positive and finite, got .*; use Huber\(1.0\)"):
        cv.Huber(delta)


@pytest.mark.parametrize("q", [0.0, 1.0, -0.5, 2.0, np.nan, "0.5"])
def test_a_quantile_lies_between_zero_and_one(q):
    with pytest.raises(ValueError, match=r"q must be between 0 and 1, got .*; use Quantile\(0.5\)"):
        cv.Quantile(q)


@pytest.mark.parametrize("name", ["huber(0)", "huber(-1)", "quantile(1.5)"])
def test_a_parameter_in_a_name_is_checked_too(name):
    with pytest.raises(ValueError, match="must be"):
        get_loss(name)


@pytest.mark.parametrize("name", ["huber()", "huber(a)", "squared(2)", "huber(1.0", "absolute(1)", "Huber"])
def test_what_is_no_name_is_refused_with_the_names_there_are(name):
    with pytest.raises(ValueError, match=r"loss must be one of squared, hinge, .*huber, quantile; got"):
        get_loss(name)


def test_parameters_do_not_change():
    with pytest.raises(FrozenInstanceError):
        cv.Huber().delta = 2.0
    assert cv.Huber(1) == cv.Huber() == cv.LOSSES["huber"]
    assert cv.Huber(0.3) != cv.Huber()


def test_losses_without_a_form_for_several_outputs_say_so():
    with pytest.raises(
        ValueError, match=r"'huber\(0.3\)' has no form for several outputs .* use one of squared, logistic"
    ):
        get_loss(cv.Huber(0.3), several=True)
    with pytest.raises(ValueError, match="loss must be one of squared, logistic for several outputs; got 'huber'"):
        get_loss("huber", several=True)


def test_a_huber_loss_of_large_delta_is_the_squared_loss_and_of_small_delta_the_absolute_one():
    X, y = training(cv.Huber(), 1, 15)
    squared, wide = (cv.solve(X, y, beta=0.1, loss=loss).objective for loss in ("squared", cv.Huber(1e3)))
    assert wide == pytest.approx(squared, rel=2 * GAP)
    delta = 1e-7  # delta |r|, so that beta counts as so much smaller
    narrow = cv.solve(X, y, beta=0.1 * delta, loss=cv.Huber(delta))
    median = cv.solve(X, y, beta=0.05, loss="quantile").objective
    assert narrow.certified
    assert narrow.objective / delta == pytest.approx(2 * median, rel=1e-5)


def test_every_loss_states_what_it_is_for():
    for loss in EVERY:
        assert isinstance(loss, Loss)
        assert not (loss.classification and loss.residual)
        assert loss.curved <= loss.smooth <= (not loss.constrained)
        assert loss.quadratic <= loss.curved
        assert loss.merges <= loss.residual
