import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convexviz.data import DATASETS, check_problem, load, names, preview

GENERATED = tuple(name for name in names(dims=1) if not DATASETS[name].real)
CURVES = tuple(name for name in GENERATED if DATASETS[name].task == "regression")
CLASSES = names("classification")
SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("name", DATASETS)
def test_the_registry_describes_what_it_loads(name: str) -> None:
    spec, dataset = DATASETS[name], load(name)
    assert spec.name == name == dataset.name
    assert spec.title[0].isupper()
    assert len(spec.title) <= 24
    assert spec.description.endswith((".", "?"))
    assert (dataset.n, dataset.d, dataset.task) == (spec.n, spec.dims, spec.task)
    assert dataset.feature_names == spec.feature_names
    assert dataset.target_name == spec.target_name
    assert spec.units in ("generated", "standardised", "natural")


@pytest.mark.parametrize("name", DATASETS)
@settings(max_examples=20, deadline=None)  # the first draw may import scikit-learn
@given(seed=SEEDS, data=st.data())
def test_every_draw_is_a_problem_of_the_asked_size(name: str, seed: int, data: st.DataObject) -> None:
    spec = DATASETS[name]
    n = data.draw(st.integers(spec.n_min, min(spec.n_max, 120)))
    noise = data.draw(st.floats(0.0, 10.0))
    dataset = load(name, n, noise, seed)
    X, y = check_problem(dataset.X, dataset.y, classification=spec.task == "classification")
    assert X.shape == (n, spec.dims)
    if spec.dims == 1:
        assert (np.diff(X[:, 0]) >= 0.0).all()
    assert load(name, n, noise, seed) == dataset
    if spec.task == "classification":
        assert set(y.tolist()) == {-1.0, 1.0}


@pytest.mark.parametrize("name", GENERATED)
@settings(max_examples=25)
@given(seed=SEEDS, data=st.data())
def test_generated_inputs_are_distinct_and_values_in_range(name: str, seed: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(DATASETS[name].n_min, 200))
    dataset = load(name, n, seed=seed)
    assert (np.diff(dataset.X[:, 0]) > 0.0).all()
    assert np.abs(dataset.X).max() <= 1.0
    assert np.abs(load(name, n, noise=0.0, seed=seed).y).max() <= 1.3
    assert np.abs(dataset.y).max() <= 1.6  # five standard deviations of the default noise, at the least


@pytest.mark.parametrize("name", GENERATED)
def test_different_seeds_differ(name: str) -> None:
    assert load(name, seed=1) != load(name, seed=2)


@pytest.mark.parametrize("name", CURVES)
def test_more_noise_moves_the_same_points_further(name: str) -> None:
    clean, some, more = (load(name, noise=noise, seed=5) for noise in (0.0, 0.1, 0.2))
    assert np.array_equal(clean.X, more.X)
    np.testing.assert_allclose(more.y - clean.y, 2.0 * (some.y - clean.y), atol=1e-12)
    assert not np.array_equal(clean.y, some.y)


@pytest.mark.parametrize("name", ["two_bands", "three_bands", "interleaved", "point_between"])
def test_noise_blurs_the_labels_and_leaves_the_inputs(name: str) -> None:
    pairs = [(load(name, n=60, seed=seed), load(name, n=60, noise=0.5, seed=seed)) for seed in range(5)]
    assert all(np.array_equal(clean.X, blurred.X) for clean, blurred in pairs)
    # a single point may happen to stay where it was
    assert sum(not np.array_equal(clean.y, blurred.y) for clean, blurred in pairs) >= 3


@pytest.mark.parametrize(("name", "changes"), [("two_bands", 1), ("three_bands", 2), ("interleaved", 5)])
@given(seed=SEEDS)
def test_clean_bands_are_separable_with_a_gap(name: str, changes: int, seed: int) -> None:
    dataset = load(name, seed=seed)
    border = np.flatnonzero(np.diff(dataset.y))
    assert len(border) == changes
    assert np.diff(dataset.X[:, 0])[border].min() > 0.05


def test_shapes_are_what_their_names_say() -> None:
    x = load("step", noise=0.0).X[:, 0]
    assert load("step", noise=0.0).y.tolist() == (x > 0).astype(float).tolist()
    assert load("tent", noise=0.0).y.tolist() == np.maximum(0.0, 1.0 - 2.0 * np.abs(x)).tolist()
    outliers = load("outliers", n=50, noise=0.0)
    off = np.abs(outliers.y - 0.3 * outliers.X[:, 0])
    assert np.count_nonzero(off > 0.9) == 5
    assert np.count_nonzero(off < 1e-12) == 45
    between = load("point_between")
    assert np.flatnonzero(between.y > 0).tolist() == [np.argmin(np.abs(between.X))]


def test_real_sets_are_scikit_learns() -> None:
    from sklearn.datasets import load_diabetes, load_iris

    diabetes = load("diabetes", n=442)
    bmi, progression = load_diabetes().data[:, 2], load_diabetes().target
    assert np.corrcoef(diabetes.X[:, 0], diabetes.y)[0, 1] == pytest.approx(np.corrcoef(bmi, progression)[0, 1])
    assert [diabetes.X.mean(), diabetes.X.std(), diabetes.y.mean(), diabetes.y.std()] == pytest.approx([0, 1, 0, 1])
    iris, flowers = load("iris", n=100), load_iris()
    for label, species in ((-1.0, "versicolor"), (1.0, "virginica")):
        widths = flowers.data[flowers.target == list(flowers.target_names).index(species), 3]
        assert iris.X[iris.y == label, 0].tolist() == sorted(widths)


def test_previews_are_small_draws_of_the_same_generator() -> None:
    for name, spec in DATASETS.items():
        small = preview(name)
        assert small == load(name, n=small.n)
        assert spec.n_min <= small.n <= 40
        assert preview(name, n=1).n == spec.n_min


def test_names_can_be_chosen_by_task_and_dimension() -> None:
    assert names() == tuple(DATASETS)
    assert set(names("regression")) | set(names("classification")) == set(DATASETS)
    assert not set(names("regression")) & set(names("classification"))
    assert names(dims=1) + names(dims=2) == tuple(DATASETS)
    assert names(dims=3) == ()


def test_requests_that_cannot_be_met_are_refused(refused) -> None:
    refused(ValueError, lambda: load("sin"), "got 'sin'", "did you mean 'sine'?")
    refused(ValueError, lambda: load("qqqq"), "got 'qqqq'", "use one of sine, step")
    refused(ValueError, lambda: preview("dopler"), "did you mean 'doppler'?")
    refused(ValueError, lambda: names("ranking"), "got 'ranking'")
    refused(ValueError, lambda: load("sine", n=0), "from 1 to", "got 0", "use n=1 or more")
    refused(ValueError, lambda: load("two_bands", n=1), "from 2 to", "got 1")
    refused(ValueError, lambda: load("iris", n=101), "from 2 to 100", "got 101", "use n=100")
    refused(ValueError, lambda: load("sine", n=2.5), "whole number", "got 2.5")  # type: ignore[arg-type]
    refused(ValueError, lambda: load("sine", n=True), "whole number", "got True")
    refused(ValueError, lambda: load("sine", seed=-1), "seed", "got -1", "use seed=0")
    for noise in (-0.1, float("nan"), float("inf"), "loud"):
        refused(ValueError, lambda noise=noise: load("sine", noise=noise), "noise", f"got {noise!r}", "noise=0")


def test_a_hundred_thousand_points_stay_distinct() -> None:
    for name in GENERATED:
        assert (np.diff(load(name, n=100_000).X[:, 0]) > 0.0).all(), name
