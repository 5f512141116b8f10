"""The registry of seeded toy data and small real sets, `DATASETS`, and how to load from it.

Inputs that are generated lie in about [-1, 1] and targets in about [-1.5, 1.5]. Random numbers are drawn in an order
that does not depend on the noise: turning it up moves the same points further. A set is one entry in `line_sets` or
`plane_sets`; real ones are drawn by `real_sets`, and scikit-learn, which carries them, is imported when one is loaded.
"""

from __future__ import annotations

import numpy as np

from convexviz.data.dataset import Dataset, Task, check_task
from convexviz.data.line_sets import LINE_SETS
from convexviz.data.plane_sets import PLANE_SETS
from convexviz.data.scalars import shown
from convexviz.data.spec import MAX_POINTS, DatasetSpec
from convexviz.data.validation import check_count, check_noise, check_seed, did_you_mean

MAX_NOISE = 10.0  # drowns every set here
MAX_FEATURES = 3  # that a set to look at has
PREVIEW_POINTS = 40  # enough to tell the shapes apart in a thumbnail

DATASETS: dict[str, DatasetSpec] = {spec.name: spec for spec in (*LINE_SETS, *PLANE_SETS)}


def load(name: str, n: int | None = None, noise: float | None = None, seed: int = 0) -> Dataset:
    """The dataset of that name with n points; n and noise left out take the defaults of `DATASETS[name]`.

    The same arguments give the same points. Raises ValueError for an unknown name (with the closest known one), a
    number of points outside the set's range, a negative seed, noise outside [0, MAX_NOISE].
    """
    spec = _spec(name)
    count = check_count(spec.n if n is None else n, spec.n_min, spec.n_max)
    strength = check_noise(spec.noise if noise is None else noise, MAX_NOISE)
    X, y = spec.draw(np.random.default_rng(check_seed(seed)), count, strength)
    return Dataset.create(X, y, spec.task, name, feature_names=spec.feature_names, target_name=spec.target_name)


def preview(name: str, n: int = PREVIEW_POINTS) -> Dataset:
    """A small version for a thumbnail: `load` with seed 0 and at most n points."""
    spec = _spec(name)
    return load(name, n=max(spec.n_min, min(check_count(n, 1, MAX_POINTS), spec.n)))


def names(task: Task | None = None, dims: int | None = None) -> tuple[str, ...]:
    """Names in the registry, in the order to show them in; of one task, or of so many features, if asked.

    Raises ValueError for an unknown task, and for features that are no whole number from 1 to MAX_FEATURES.
    """
    if task is not None:
        check_task(task)
    if dims is not None:
        dims = check_count(dims, 1, MAX_FEATURES, "dims")
    return tuple(
        spec.name for spec in DATASETS.values() if task in (None, spec.task) and (dims is None or dims == spec.dims)
    )


def _spec(name: str) -> DatasetSpec:
    if isinstance(name, str) and name in DATASETS:
        return DATASETS[name]
    meant = did_you_mean(str(name), DATASETS)
    remedy = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(DATASETS)}."
    raise ValueError(f"The dataset's name must be a known one, got {shown(name)}; {remedy}")
