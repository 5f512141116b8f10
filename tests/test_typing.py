"""Types for those who import the package: it says that it has them, and a user's file passes mypy at its strictest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
USER = '''
"""What people write: solve, paths, estimators and data, each result assigned to the type its documentation promises."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

import convexviz as cv

X: NDArray[np.float64] = np.linspace(-1, 1, 9)[:, None]
y = np.abs(X[:, 0])

solution: cv.Solution = cv.solve(X, y, beta=0.1, loss="squared", bias=True, time_limit=None, max_rounds=7)
warm: cv.Solution = cv.solve([[0.0], [1.0]], [0, 1], start=solution, stop=lambda: False, sample_weight=[1, 2])
proved: bool = solution.certified
gap: float = solution.gap
words: str = solution.statement
rounds: Sequence[cv.Round] = solution.history
network: cv.ReLUNetwork = solution.network
width: int = network.width
values: NDArray[np.float64] = network.predict(X)

certificate: cv.Certificate = cv.certify(network, X, y, 0.1, duals=[solution.v])
proof: cv.Proof = cv.prove(solution, X, y, sample_weight=None)
upper: Fraction = proof.upper
lower: Fraction = proof.lower
distance: float = proof.gap
stated: str = proof.statement
proof.save("proof.json")
least: float = cv.beta_max(X, y.tolist(), "squared")
path: list[cv.Solution] = cv.regularization_path(X, y, betas=[1.0, 0.1])
same: cv.OptimalSet = cv.optimal_set(network, X)
unique: bool = same.unique
run: cv.Run = cv.train(X, y, 0.1, width=3, iterations=5)
kernel: NDArray[np.float64] = cv.tangent_kernel(X)

regressor: cv.ConvexReLURegressor = cv.ConvexReLURegressor(beta=0.1, max_iter=5).fit(X, y, sample_weight=2.0)
classifier: cv.ConvexReLUClassifier = cv.ConvexReLUClassifier(class_weight="balanced").fit(X, ["a", "b"] * 4 + ["a"])
fits: list[cv.ConvexReLURegressor] = regressor.regularization_path(X, y, betas=(1.0, 0.5))
certified: bool = regressor.certified_
bound: float = regressor.lower_bound_
said: str = regressor.statement_ + regressor.method_
count: int = regressor.n_iter_
inside: cv.Solution | object = classifier.solution_
directions: NDArray[np.float64] = regressor.directions_
scores: NDArray[np.float64] = classifier.decision_function(X)

data: cv.datasets.Dataset = cv.datasets.load("sine", n=40, noise=0.1)
points: NDArray[np.float64] = data.X
names: tuple[str, ...] = cv.datasets.names("classification", dims=2)
'''
WRONG = {
    "cv.solve(X, y, beta='large')": 'Argument "beta" to "solve" has incompatible type "str"',
    "cv.solve(X, y, betas=[1.0])": 'Unexpected keyword argument "betas" for "solve"',
    "number: int = cv.solve(X, y).gap": 'Incompatible types in assignment (expression has type "float"',
    "cv.ConvexReLURegressor(alpha=1.0)": 'Unexpected keyword argument "alpha" for "ConvexReLURegressor"',
    "classifier.predict(labels=y)": 'Unexpected keyword argument "labels" for "predict"',
}


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """`check(text)`: what mypy --strict says of a file in a folder of its own, which sees the package from outside."""
    folder = tmp_path_factory.mktemp("user")

    def run(text: str) -> str:
        (folder / "mine.py").write_text(text, encoding="utf-8")
        options = ["--strict", "--follow-imports=silent", "--cache-dir", str(folder / "cache"), "--no-error-summary"]
        command = [sys.executable, "-m", "mypy", *options, "--config-file", os.devnull, "mine.py"]
        environment = os.environ | {"MYPYPATH": str(ROOT)}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout

    return run


def test_a_users_file_is_typed(check) -> None:
    assert check(USER) == ""


def test_mistakes_are_found(check) -> None:
    """Else the test above would say nothing."""
    report = check(USER + "\n".join(WRONG) + "\n").splitlines()
    first = len(USER.splitlines()) + 1
    for line, message in enumerate(WRONG.values(), first):
        assert any(said.startswith(f"mine.py:{line}: error: {message}") for said in report), (message, report)
    assert len([said for said in report if ": error: " in said]) == len(WRONG)


def test_the_users_file_runs(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(USER.replace("max_iter=5", "max_iter=50"), "mine.py", "exec"), {})


def test_the_package_says_that_it_has_types() -> None:
    """The marker of PEP 561; that all files are packed is a test of the wheel."""
    assert (ROOT / "convexviz" / "py.typed").is_file()
