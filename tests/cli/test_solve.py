"""`convexviz solve`: the numbers of `convexviz.solve`, judged anew by plain numpy, in every form that it writes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from terminal import Run, written

import convexviz as cv
from convexviz import verify


def read(path: Path) -> np.ndarray:
    """The numbers below a header."""
    return np.loadtxt(path, delimiter=",", skiprows=1)


def value(network: dict[str, Any], X: np.ndarray) -> np.ndarray:
    """f(X), from the numbers in a document alone."""
    U = np.array(network["U"]).reshape(-1, network["dimension"])
    hidden = np.maximum(X @ U.T + np.array(network["b"]), 0.0)
    return network["c"] + hidden @ np.array(network["w"]).reshape(len(U), *np.shape(network["c"]))


def test_the_answer_is_that_of_solve_and_holds_in_plain_numpy(run: Run, line: Path) -> None:
    ran = run("solve", line, "--beta", 0.1, "--json", "out.json", "--proof", "proof.json")
    assert (ran.code, ran.err) == (0, "")
    data = read(line)
    X, y = data[:, :1], data[:, 1]
    expected = cv.solve(X, y, 0.1)
    made = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert made["objective"] == expected.objective
    assert made["lower_bound"] == expected.lower_bound
    assert made["certified"] is True
    assert made["network"] == expected.network.to_dict()
    # the upper bound: loss and penalty of the network in the file
    U, w = np.array(made["network"]["U"]), np.array(made["network"]["w"])
    np.testing.assert_allclose(np.linalg.norm(U, axis=1), 1.0)
    objective = 0.5 * ((value(made["network"], X) - y) ** 2).sum() + 0.1 * np.abs(w).sum()
    assert objective == pytest.approx(made["objective"], rel=1e-12)
    # the lower one: no ramp with its kink at a point gets more than beta out of v, where the maximum lies on the line
    v = np.array(made["v"])
    ramps = np.maximum(np.concatenate([X - X.T, X.T - X]), 0.0).reshape(2, len(X), -1)
    most = max(np.abs(ramps[0].T @ v).max(), np.abs(ramps[1].T @ v).max())
    assert abs(v.sum()) < 1e-12
    assert most <= 0.1 * (1 + 1e-9)
    assert y @ v - 0.5 * v @ v == pytest.approx(made["lower_bound"], rel=1e-9)
    assert made["gap"] <= 1e-6


def test_the_network_reads_back_to_the_last_digit(run: Run, line: Path) -> None:
    run("solve", line, "--json", "out.json")
    network = cv.ReLUNetwork.from_dict(json.loads(Path("out.json").read_text(encoding="utf-8"))["network"])
    X = read(line)[:, :1]
    np.testing.assert_array_equal(network.predict(X), cv.solve(X, read(line)[:, 1]).network.predict(X))


def test_the_proof_is_checked_by_verify(run: Run, line: Path) -> None:
    said = run("solve", line, "--proof", "proof.json")
    assert "in exact arithmetic, optimal to within" in said.text
    checked = run("verify", "proof.json")
    assert checked.code == 0
    assert checked.text.splitlines()[-1].startswith("PROVED: optimal to within")
    upper, lower, _ = verify.check(json.loads(Path("proof.json").read_text(encoding="utf-8")))
    assert lower <= upper


def test_the_verdict_is_short_and_true(run: Run, line: Path) -> None:
    ran = run("solve", line, "--beta", 0.3)
    solution = cv.solve(read(line)[:, :1], read(line)[:, 1], 0.3)
    first, *rest = ran.text.splitlines()
    assert first.startswith("certified optimum: no network of any width is better")
    assert f"  objective     {solution.objective:.10g}" in rest
    assert f"  neurons       {solution.network.width}" in rest
    assert "  problem       25 points, 1 input, squared loss, beta 0.3" in rest
    assert max(map(len, ran.text.splitlines())) < 80


def test_a_table_comes_by_a_pipe_and_json_leaves_by_one(run: Run, line: Path) -> None:
    ran = run("solve", "-", "--json", "-", stdin=line.read_bytes())
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.text)["objective"] == cv.solve(read(line)[:, :1], read(line)[:, 1]).objective


def test_columns_are_found_by_name_and_by_number(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    values = rng.standard_normal((12, 4))
    named = written(tmp_path / "named.csv", "a,b,c,d", values)
    X, y = values[:, [2, 0]], values[:, 1]
    objective = cv.solve(X, y, 0.2).objective
    for target, columns in (("b", "c,a"), ("2", "3,1")):
        ran = run("solve", named, "-b", 0.2, "--target", target, "--columns", columns, "--json", "-")
        made = json.loads(ran.text)
        assert made["objective"] == objective
        assert made["problem"]["columns"] == ["c", "a"]
        assert made["problem"]["targets"] == ["b"]


def test_without_a_header_columns_are_numbered_and_the_last_is_learned(run: Run) -> None:
    table = "-1 1\n0 0\n1 1\n"
    made = json.loads(run("solve", "-", "--json", "-", stdin=table).text)
    assert made["problem"]["columns"] == ["1"]
    assert made["objective"] == cv.solve([[-1.0], [0.0], [1.0]], [1.0, 0.0, 1.0]).objective


def test_weights_are_a_column_that_is_not_learned_from(run: Run) -> None:
    table = "x,s,y\n-1,1,1\n0,2,0\n1,0.5,1\n2,0,9\n"
    made = json.loads(run("solve", "-", "--weights", "s", "--json", "-", "--proof", "p.json", stdin=table).text)
    expected = cv.solve([[-1.0], [0.0], [1.0], [2.0]], [1.0, 0.0, 1.0, 9.0], sample_weight=[1, 2, 0.5, 0])
    assert made["problem"]["columns"] == ["x"]
    assert made["objective"] == expected.objective
    assert run("verify", "p.json").code == 0


@pytest.mark.parametrize("loss", sorted(cv.LOSSES))
def test_every_loss_is_there(run: Run, tmp_path: Path, loss: str) -> None:
    X = np.linspace(-1, 1, 9)[:, None]
    y = np.sign(X[:, 0] + 0.1) if cv.LOSSES[loss].classification else X[:, 0] ** 2
    table = written(tmp_path / "t.csv", "x,y", np.column_stack([X, y]))
    ran = run("solve", table, "--loss", loss, "--json", "-")
    assert ran.code == 0
    assert json.loads(ran.text)["objective"] == cv.solve(X, y, 0.1, loss).objective


def test_a_loss_may_bring_its_parameter(run: Run, line: Path) -> None:
    made = json.loads(run("solve", line, "--loss", "huber(0.3)", "--json", "-").text)
    assert made["objective"] == cv.solve(read(line)[:, :1], read(line)[:, 1], loss=cv.Huber(0.3)).objective


def test_two_classes_may_have_any_names(run: Run, flat: Path) -> None:
    ran = run("solve", flat, "--loss", "hinge", "--json", "out.json", "--proof", "proof.json")
    assert ran.code == 0
    assert "no is -1, yes is +1" in ran.text
    made = json.loads(Path("out.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO(flat.read_text(encoding="utf-8"))))
    X = np.array([[float(row["width"]), float(row["height"])] for row in rows])
    y = np.array([1.0 if row["kind"] == "yes" else -1.0 for row in rows])
    assert made["problem"]["classes"] == ["no", "yes"]
    assert made["objective"] == cv.solve(X, y, 0.1, "hinge").objective
    assert run("verify", "proof.json").code == 0


def test_more_classes_share_their_neurons(run: Run) -> None:
    table = "x,kind\n-2,low\n-1.5,low\n0,mid\n0.2,mid\n2,high\n1.7,high\n"
    made = json.loads(run("solve", "-", "--loss", "logistic", "--json", "-", stdin=table).text)
    assert made["problem"]["classes"] == ["high", "low", "mid"]
    assert np.shape(made["network"]["c"]) == (3,)
    X = np.array([[-2.0], [-1.5], [0.0], [0.2], [2.0], [1.7]])
    assert made["objective"] == cv.solve(X, np.eye(3)[[1, 1, 2, 2, 0, 0]], 0.1, "logistic").objective


def test_several_targets_share_their_neurons_and_read_back(run: Run, tmp_path: Path) -> None:
    X = np.linspace(-1, 1, 11)[:, None]
    Y = np.hstack([np.abs(X), np.maximum(X, 0)])
    table = written(tmp_path / "t.csv", "x,up,down", np.hstack([X, Y]))
    ran = run("solve", table, "--target", "up,down", "--json", "out.json", "--predict", table, "--predictions", "p.csv")
    assert ran.code == 0
    network = cv.ReLUNetwork.from_dict(json.loads(Path("out.json").read_text(encoding="utf-8"))["network"])
    assert network.w.shape[1] == 2
    np.testing.assert_array_equal(read(Path("p.csv")), network.predict(X))
    assert Path("p.csv").read_text(encoding="utf-8").startswith("up,down\n")


def test_no_bias_is_another_problem(run: Run, line: Path) -> None:
    ran = run("solve", line, "--no-bias", "--json", "out.json")
    made = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert made["objective"] == cv.solve(read(line)[:, :1], read(line)[:, 1], bias=False).objective
    assert "without biases" in ran.text


def test_predictions_of_new_inputs(run: Run, line: Path, flat: Path) -> None:
    Path("new.csv").write_text("x\n-0.3\n0.7\n", encoding="utf-8")
    ran = run("solve", line, "--predict", "new.csv")
    network = cv.solve(read(line)[:, :1], read(line)[:, 1]).network
    np.testing.assert_array_equal(np.array(ran.text.split()[1:], float), network.predict(np.array([[-0.3], [0.7]])))
    Path("points.csv").write_text("note,height,width\n1,-0.5,-0.5\n2,0.5,-0.5\n", encoding="utf-8")
    ran = run("solve", flat, "--loss", "hinge", "--beta", 0.01, "--predict", "points.csv")
    rows = list(csv.DictReader(io.StringIO(ran.text)))
    assert [row["kind"] for row in rows] == ["yes", "no"]
    assert [float(row["f"]) > 0 for row in rows] == [True, False]


def test_what_is_not_certified_is_said_and_is_another_exit_code(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((30, 6))
    table = written(tmp_path / "t.csv", "a,b,c,d,e,f,y", np.column_stack([X, rng.standard_normal(30)]))
    ran = run("solve", table, "--method", "ascent", "--json", "out.json")
    assert ran.code == 3
    assert ran.text.startswith("upper bound only")
    made = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert (made["certified"], made["lower_bound"], made["gap"]) == (False, None, None)
    ran = run("solve", table, "--method", "ascent", "--proof", "proof.json")
    assert ran.code == 1
    assert ran.text.startswith("upper bound only")  # the answer is told all the same
    assert ran.err.startswith("convexviz: prove() is exact for points on a line or in a plane")
    assert not Path("proof.json").exists()


def test_progress_is_told_where_somebody_looks(run: Run, line: Path) -> None:
    ran = run("solve", line, "--verbose", "--proof", "proof.json")
    assert ran.err.splitlines()[1:] == ["solving 25 points, 1 input", "proving in exact arithmetic"]
    ran = run("solve", line, "--verbose", "--json", "-")
    assert "certified optimum" in ran.err
    json.loads(ran.text)


def test_the_pieces_in_the_file_are_those_of_the_network(run: Run, line: Path) -> None:
    ran = run("solve", line, "--beta", 0.1, "--pieces", "pieces.csv")
    assert ran.code == 0
    [head, *rows] = csv.reader(io.StringIO(Path("pieces.csv").read_text(encoding="utf-8")))
    data = read(line)
    expected = cv.solve(data[:, :1], data[:, 1], 0.1).network.pieces()
    assert head[2] == "slope"
    assert [tuple(map(float, row)) for row in rows] == [(p.start, p.stop, p.slope, p.intercept) for p in expected]


def test_pieces_of_more_than_one_input_are_refused_before_any_work(run: Run) -> None:
    Path("plane.csv").write_text("a,b,c\n1,1,2\n2,3,1\n4,5,6\n", encoding="utf-8")
    ran = run("solve", "plane.csv", "--pieces", "pieces.csv")
    assert ran.code == 1
    assert "--pieces needs one input and one target, got 2 inputs" in ran.err
    assert not Path("pieces.csv").exists()
