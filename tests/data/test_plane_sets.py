import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes, load_iris, load_wine
from sklearn.svm import SVC

from convexviz import solve
from convexviz.data import DATASETS, load, names
from convexviz.data.plane_sets import MAX_POINTS, cover

SURFACES, CLASSES = names("regression", dims=2), names("classification", dims=2)
GENERATED = tuple(name for name in names(dims=2) if not DATASETS[name].real)
REAL = tuple(name for name in names(dims=2) if DATASETS[name].real)
SEEDS = st.integers(0, 2**32)


def gaps(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distances (n, m) between two sets of points."""
    return np.linalg.norm(points[:, None] - others[None], axis=2)


def scores(table: np.ndarray) -> np.ndarray:
    return (table - table.mean(axis=0)) / table.std(axis=0)


def test_the_registry_shows_them_in_this_order() -> None:
    assert CLASSES == ("moons", "circles", "spirals", "xor", "blobs", "iris_petals", "wine_plane")
    assert SURFACES == ("tent2", "saddle", "ridges", "ripple", "diabetes_plane")


@pytest.mark.parametrize("name", [*SURFACES, *CLASSES])
def test_a_preset_is_small_enough_to_answer_at_once(name: str) -> None:
    spec = DATASETS[name]
    assert spec.n_min <= spec.n <= 80
    assert spec.n_max <= MAX_POINTS
    assert load(name, n=spec.n_min).n == spec.n_min
    assert load(name, n=spec.n_max).n == spec.n_max


@pytest.mark.parametrize("name", GENERATED)
@settings(max_examples=25)
@given(seed=SEEDS, data=st.data())
def test_generated_points_are_distinct_and_in_range(name: str, seed: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(DATASETS[name].n_min, MAX_POINTS))
    noisy, clean = load(name, n, seed=seed), load(name, n, noise=0.0, seed=seed)
    for dataset, reach in ((noisy, 1.7), (clean, 1.3)):
        assert len(np.unique(dataset.X, axis=0)) == n
        assert np.abs(dataset.X).max() <= reach
        assert np.abs(dataset.y).max() <= reach
    assert (load(name, n, seed=seed + 1) == noisy) == (name == "xor" and n == 4)


@given(st.integers(1, MAX_POINTS), SEEDS)
def test_surfaces_are_sampled_without_holes_or_heaps(n: int, seed: int) -> None:
    X = cover(np.random.default_rng(seed), n)
    side = 2.0 / math.sqrt(n)  # of the square that each point has to itself
    everywhere = np.stack(np.meshgrid(*[np.linspace(-1.0, 1.0, 21)] * 2), axis=-1).reshape(-1, 2)
    assert X.shape == (n, 2)
    assert np.abs(X).max() <= 1.0
    assert gaps(everywhere, X).min(axis=1).max() <= 1.7 * side
    assert (gaps(X, X) + 9.0 * np.eye(n)).min() >= 0.2 * side


@pytest.mark.parametrize("name", [*SURFACES, *CLASSES])
def test_more_noise_moves_the_same_points_further(name: str) -> None:
    clean, some, more = (load(name, 40, noise, seed=5) for noise in (0.0, 0.1, 0.2))
    moved, kept = ("X", "y") if name in CLASSES else ("y", "X")
    first, second, third = (getattr(dataset, moved) for dataset in (clean, some, more))
    np.testing.assert_allclose(third - first, 2.0 * (second - first), atol=1e-12)
    assert (first != second).all()
    assert np.array_equal(getattr(clean, kept), getattr(more, kept))


@pytest.mark.parametrize(
    ("name", "surface"),
    [
        ("tent2", lambda a, b: 1.0 - np.abs(a + b) - np.abs(a - b)),  # the two creases of its description
        ("saddle", lambda a, b: ((a + b) ** 2 - (a - b) ** 2) / 4.0),
        ("ridges", lambda a, b: np.where(a < 0, -a, a) - np.where(b > 0.5, b - 0.5, 0.0)),
        ("ripple", lambda a, b: np.cos(1.5 * np.pi * np.sqrt(a**2 + b**2))),
    ],
)
def test_surfaces_are_what_their_names_say(name: str, surface) -> None:
    made = load(name, noise=0.0)
    np.testing.assert_allclose(made.y, surface(*made.X.T), atol=1e-12)


def test_xor_of_four_is_the_square_of_side_one() -> None:
    made = load("xor", n=4, noise=0.0, seed=9)
    assert made == load("xor")
    assert made.X.tolist() == [[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]]
    assert made.y.tolist() == (-4.0 * made.X[:, 0] * made.X[:, 1]).tolist() == [-1.0, 1.0, 1.0, -1.0]


def test_xor_with_a_hard_margin_costs_four_roots_of_two() -> None:
    made = load("xor")
    assert solve(made.X, made.y, loss="hard_margin").network.penalty == pytest.approx(4.0 * math.sqrt(2.0), rel=1e-9)


@given(st.integers(5, MAX_POINTS), SEEDS)
def test_xor_of_more_is_a_cluster_around_each_corner(n: int, seed: int) -> None:
    made, corners = load("xor", n, noise=0.0, seed=seed), load("xor")
    own = np.arange(n) % 4
    assert made.X[:4].tolist() == corners.X.tolist()
    assert made.y.tolist() == corners.y[own].tolist()
    assert np.linalg.norm(made.X - corners.X[own], axis=1).max() < 1.0


@given(st.integers(2, MAX_POINTS), SEEDS)
def test_clean_curves_are_where_they_should_be(n: int, seed: int) -> None:
    circles, moons, spirals = (load(name, n, noise=0.0, seed=seed) for name in ("circles", "moons", "spirals"))
    np.testing.assert_allclose(np.linalg.norm(circles.X, axis=1), np.where(circles.y > 0, 0.45, 0.95))
    x1, x2 = (-moons.y[:, None] * moons.X).T  # half a turn lays one moon on the other
    np.testing.assert_allclose(((3.0 * x1 + 1.0) / 2.0) ** 2 + ((x2 + 0.25) / 0.95) ** 2, 1.0)
    assert (x2 >= -0.25).all()
    x1, x2 = (-spirals.y[:, None] * spirals.X).T
    radius = np.hypot(x1, x2)
    turned = np.arctan2(x2, x1) - 2.5 * np.pi * (radius - 0.1) / 0.85
    np.testing.assert_allclose(np.cos(turned), 1.0)


@given(SEEDS)
def test_blobs_of_either_class_alternate_around_the_ring(seed: int) -> None:
    made = load("blobs", 120, noise=0.0, seed=seed)
    place = np.rint(np.arctan2(made.X[:, 1], made.X[:, 0]) / (np.pi / 3.0)).astype(int) % 6
    assert np.bincount(place).tolist() == [20] * 6
    assert (made.y == np.where(place % 2 == 0, -1.0, 1.0)).all()


@pytest.mark.parametrize("name", CLASSES)
def test_both_classes_keep_their_share(name: str) -> None:
    whole = np.mean(load(name, DATASETS[name].n_max).y > 0)
    assert all(abs(np.sum(load(name, n).y > 0) - n * whole) <= 2.0 for n in range(DATASETS[name].n_min, 60))


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "iris_petals"])
def test_a_bent_border_pays(name: str) -> None:
    made = load(name)
    right = np.sign(solve(made.X, made.y, beta=0.1, loss="hinge").network.predict(made.X)) == made.y
    assert right.mean() >= SVC(kernel="linear", C=10.0).fit(made.X, made.y).score(made.X, made.y) + 0.05


@pytest.mark.parametrize("name", REAL)
def test_axes_of_real_sets_carry_their_real_names(name: str) -> None:
    spec = DATASETS[name]
    assert all(feature.endswith(" (standard score)") for feature in spec.feature_names)
    assert spec.target_name not in ("y", "class")
    assert spec.units == "standardised"


@pytest.mark.parametrize(
    ("name", "loader", "first", "columns", "plus"),
    [
        ("iris_petals", load_iris, 1, ["petal length (cm)", "petal width (cm)"], "virginica"),
        ("wine_plane", load_wine, 0, ["total_phenols", "color_intensity"], "class_0"),
    ],
)
def test_real_classes_are_scikit_learns(name: str, loader, first: int, columns: list[str], plus: str) -> None:
    table = loader()
    rows = table.target >= first
    features = scores(table.data[rows][:, [table.feature_names.index(column) for column in columns]])
    labels = np.where(table.target[rows] == list(table.target_names).index(plus), 1.0, -1.0)
    made = load(name, n=DATASETS[name].n_max)
    ours, theirs = (np.column_stack(pair) for pair in ((made.X, made.y), (features, labels)))
    np.testing.assert_allclose(ours[np.lexsort(np.round(ours, 9).T)], theirs[np.lexsort(np.round(theirs, 9).T)])
    plain = [column.removesuffix(" (cm)").replace("_", " ") for column in columns]
    assert made.feature_names == tuple(f"{name} (standard score)" for name in plain)


def test_the_diabetes_slice_is_scikit_learns() -> None:
    table, made = load_diabetes(scaled=False), load("diabetes_plane", n=MAX_POINTS)
    rows = scores(np.column_stack([table.data[:, [table.feature_names.index(f) for f in ("bmi", "bp")]], table.target]))
    assert gaps(np.column_stack([made.X, made.y]), rows).min(axis=1).max() < 1e-12


def test_requests_that_cannot_be_met_are_refused(refused) -> None:
    refused(ValueError, lambda: load("moons", n=301), "from 2 to 300", "got 301", "use n=300")
    refused(ValueError, lambda: load("xor", n=3), "from 4 to", "got 3", "use n=4 or more")
    refused(ValueError, lambda: load("wine_plane", n=179), "from 2 to 178", "got 179")
    refused(ValueError, lambda: load("spiral"), "did you mean 'spirals'?")
