"""Every loss there is and some with parameters, by kind, and random outputs, targets and dual vectors for each."""

import numpy as np
import pytest
from hypothesis import strategies as st

import convexviz as cv
from convexviz.core.losses import SEVERAL

WITH_PARAMETERS = (cv.Huber(0.3), cv.Huber(20.0), cv.Quantile(0.9), cv.Quantile(0.01))
EVERY = [*cv.LOSSES.values(), *WITH_PARAMETERS]
FREE = [loss for loss in EVERY if not loss.constrained]
SMOOTH = [loss for loss in EVERY if loss.smooth]
KINKED = [loss for loss in FREE if not loss.smooth]
RESIDUAL = [loss for loss in FREE if loss.residual]
ROUNDED = [form for loss in KINKED if (form := loss.rounded(0.1)) is not None]
MANY = [type(loss)() for loss in SEVERAL.values()]  # of K outputs
FORMS = [*EVERY, *ROUNDED, *MANY]
seeds = st.integers(0, 10**6)


def named(loss):
    kinds = {id(form): "-several" for form in MANY} | {id(form): "-rounded" for form in ROUNDED}
    return loss.name + kinds.get(id(loss), "")


def over(losses):
    return pytest.mark.parametrize("loss", losses, ids=map(named, losses))


def targets(rng, loss, n, K=0):
    """y (n,), or (n, K): labels of both classes, one-hot rows of all, or numbers of which two are equal."""
    if loss.one_hot:
        return np.eye(K)[np.append(np.arange(K), rng.integers(0, K, n - K))]
    if loss.classification:
        return np.append([1.0, -1.0], rng.choice([-1.0, 1.0], n - 2))
    y = 3.0 * rng.normal(size=(n, K) if K else n)
    y[0] = y[-1]
    return y


def draws(seed, loss, n=9):
    """Random outputs f, targets y and dual vector v, of shape (n,), or (n, 3) for a form of several outputs."""
    rng = np.random.default_rng(seed)
    y = targets(rng, loss, n, 3 if any(loss is form for form in MANY) else 0)
    return rng, 3.0 * rng.normal(size=y.shape), y, 3.0 * rng.normal(size=y.shape)


def allowed(loss, f, y):
    """Outputs that meet the constraint, if the loss is one."""
    if not loss.constrained:
        return f
    return y if loss.interpolates else y * (1.0 + np.abs(f))


def training(loss, d, n):
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(n, d)), targets(rng, loss, n)
    if loss.constrained or loss.classification:
        y = np.where(X[:, 0] > 0, 1.0, -1.0)  # to be had without biases
    return X, y
