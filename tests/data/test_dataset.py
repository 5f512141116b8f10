import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.data import Dataset

POINTS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=20)


def test_arrays_are_private_read_only_copies() -> None:
    X, y = np.array([[0.0], [1.0]]), np.array([2.0, 3.0])
    dataset = Dataset.create(X, y, "regression")
    X[0, 0] = y[0] = 99.0
    assert dataset.X.tolist() == [[0.0], [1.0]]
    assert dataset.y.tolist() == [2.0, 3.0]
    for array in (dataset.X, dataset.y):
        assert array.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_default_names_follow_task_and_number_of_features() -> None:
    line = Dataset.create([[0.0]], [1.0], "regression")
    plane = Dataset.create([[0.0, 1.0]], [1.0], "classification")
    assert (line.feature_names, line.target_name, line.n, line.d) == (("x",), "y", 1, 1)
    assert (plane.feature_names, plane.target_name, plane.n, plane.d) == (("x1", "x2"), "class", 1, 2)


@given(POINTS)
def test_equality_is_by_content(points: list[tuple[float, float]]) -> None:
    X, y = np.array(points)[:, :1], np.array(points)[:, 1]
    one, same = (Dataset.create(X, y, "regression") for _ in range(2))
    moved = Dataset.create(X, y + 1.0, "regression")
    assert one == same
    assert hash(one) == hash(same)
    assert one != moved
    assert one.digest != moved.digest
    assert one != "a dataset"


def test_digest_is_of_the_training_problem_and_not_of_its_name() -> None:
    one = Dataset.create([[0.0], [1.0]], [1.0, -1.0], "regression", "one")
    other = Dataset.create([[-0.0], [1.0]], [1.0, -1.0], "regression", "other")
    classes = Dataset.create([[0.0], [1.0]], [1.0, -1.0], "classification", "one")
    assert one.digest == other.digest
    assert one != other
    assert one.digest != classes.digest


def test_a_pickled_dataset_comes_back_equal_and_frozen() -> None:
    dataset = Dataset.create([[0.0], [1.0]], [1.0, -1.0], "classification", "drawn", note="by hand")
    back = pickle.loads(pickle.dumps(dataset))
    assert back == dataset
    assert not back.X.flags.writeable
    assert not back.y.flags.writeable


def test_a_dataset_may_hold_one_class_only() -> None:
    assert Dataset.create([[0.0], [1.0]], [1, 1], "classification").y.tolist() == [1.0, 1.0]


def test_what_is_no_dataset_is_refused(refused) -> None:
    refused(ValueError, lambda: Dataset.create([[0.0]], [1.0], "regresion"), "task", "'regresion'", "use 'regression'")
    refused(ValueError, lambda: Dataset.create([[0.0]], [0.5], "classification"), "got 0.5", "-1.0 and +1.0")
    refused(ValueError, lambda: Dataset.create([0.0], [0.5], "regression"), "got (1,)", "X.reshape(-1, 1)")
    refused(ValueError, lambda: Dataset.create([[0.0]], [0.5], "regression", feature_names=("a", "b")), "got 2 names")


def test_the_data_layer_alone_loads_no_scikit_learn_plotly_or_streamlit() -> None:
    # the bare module stands in for convexviz/__init__.py, which may load more
    script = (
        "import importlib.util, sys, types\n"
        "package = types.ModuleType('convexviz')\n"
        "package.__path__ = list(importlib.util.find_spec('convexviz').submodule_search_locations)\n"
        "sys.modules['convexviz'] = package\n"
        "import convexviz.data as data\n"
        "heavy = {'sklearn', 'plotly', 'streamlit', 'pandas', 'cvxpy'}\n"
        "data.load('sine'); data.load('gaussians')\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "data.load('iris')\n"
        "assert 'sklearn' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
