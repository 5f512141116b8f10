"""`convexviz path`: the regularisation path as a table and as JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from terminal import Run, written

import convexviz as cv


def points(table: Path) -> tuple[np.ndarray, np.ndarray]:
    """X (n, d) and y (n,) of a table."""
    data = np.loadtxt(table, delimiter=",", skiprows=1)
    return data[:, :-1], data[:, -1]


def test_a_row_for_each_beta_with_the_numbers_of_the_package(run: Run, line: Path) -> None:
    ran = run("path", line)
    assert (ran.code, ran.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ran.text)))
    path = cv.regularization_path(*points(line))
    assert [float(row["beta"]) for row in rows] == [step.beta for step in path]
    assert [float(row["objective"]) for row in rows] == [step.objective for step in path]
    assert [float(row["lower_bound"]) for row in rows] == [step.lower_bound for step in path]
    assert [int(row["neurons"]) for row in rows] == [step.network.width for step in path]
    assert {row["certified"] for row in rows} == {"1"}


def test_given_betas_another_loss_and_no_biases(run: Run, line: Path) -> None:
    ran = run("path", line, "--betas", "0.1,1", "--loss", "huber", "--no-bias")
    rows = list(csv.DictReader(io.StringIO(ran.text)))
    X, y = points(line)
    assert [float(row["objective"]) for row in rows] == [
        step.objective for step in cv.regularization_path(X, y, [1, 0.1], "huber", bias=False)
    ]


def test_json_has_the_network_of_every_step(run: Run, line: Path) -> None:
    ran = run("path", line, "--betas", "1,0.1", "--out", "path.csv", "--json", "path.json")
    assert ran.text.splitlines()[0] == "2 of 2 answers are certified optima"
    made = json.loads(Path("path.json").read_text(encoding="utf-8"))
    X, y = points(line)
    for step in made["steps"]:
        network = cv.ReLUNetwork.from_dict(step["network"])
        miss = network.predict(X) - y
        assert 0.5 * miss @ miss + step["beta"] * network.penalty == pytest.approx(step["objective"], rel=1e-12)
    assert run("path", line, "--betas", "1,0.1", "--json", "-").text == Path("path.json").read_text(encoding="utf-8")
    assert len(Path("path.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_progress_counts_the_answers(run: Run, line: Path) -> None:
    ran = run("path", line, "--betas", "1,0.1", "--out", "path.csv", "--verbose")
    assert ran.err.splitlines()[1:] == [
        "path of 25 points, 1 input",
        "path of 25 points, 1 input: 1 answers, down to beta 1",
        "path of 25 points, 1 input: 2 answers, down to beta 0.1",
    ]


def test_a_step_without_a_proof_is_said(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    table = written(tmp_path / "t.csv", "a,b,c,d,e,f,y", rng.standard_normal((60, 7)))
    ran = run("path", table, "--betas", "0.5", "--time-limit", "0.5")
    [row] = csv.DictReader(io.StringIO(ran.text))
    assert (ran.code, row["certified"]) == (3, "0")
    assert row["statement"] in ("upper bound only", "bounds")


def test_the_exact_path_has_a_row_for_every_breakpoint_and_a_figure_of_its_own(run: Run, line: Path) -> None:
    ran = run("path", line, "--exact", "--out", "path.csv", "--figure", "path.svg")
    assert ran.code == 0
    rows = list(csv.DictReader(io.StringIO(Path("path.csv").read_text(encoding="utf-8"))))
    exact = cv.exact_path(*points(line))
    breakpoints = exact.betas[exact.betas > 1e-4 * exact.beta_max]
    assert [float(row["beta"]) for row in rows] == [*breakpoints, 1e-4 * exact.beta_max]
    assert {row["certified"] for row in rows} == {"1"}
    assert "each kink from birth to death" in ran.text
    assert run("path", line, "--exact", "--loss", "huber").code == 2
