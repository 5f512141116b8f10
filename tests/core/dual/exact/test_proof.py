"""cv.prove: exact bounds of every loss, in every place where they are to be had, and files that anybody can check."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import convexviz as cv
from convexviz import verify

LOSSES = ("squared", "hinge", "logistic", "interpolate", "hard_margin")
LABELS = ("hinge", "logistic", "hard_margin")
REFERENCE = json.loads((Path(__file__).parents[3] / "reference" / "optima.json").read_text(encoding="utf-8"))
CHECKER = Path(verify.__file__)


def problem(n, d, loss, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    y = np.abs(X[:, 0]) - np.maximum(X[:, -1] - 0.5, 0) + 0.1 * rng.standard_normal(n)
    return X, np.where(y > np.median(y), 1.0, -1.0) if loss in LABELS else y


def proved(n=20, d=2, loss="squared", bias=True, **options):
    X, y = problem(n, d, loss)
    solution = cv.solve(X, y, 0.1, loss, bias, **options)
    return solution, cv.prove(solution, X, y, options.get("sample_weight"))


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
def test_bounds_are_fractions_and_agree_with_the_certificate(loss, bias, d):
    if d == 1 and not bias and loss in ("interpolate", "hard_margin"):
        with pytest.raises(cv.Infeasible):
            proved(d=d, loss=loss, bias=bias)
        return
    solution, proof = proved(d=d, loss=loss, bias=bias)
    assert isinstance(proof.upper, Fraction)
    assert isinstance(proof.lower, Fraction)
    assert proof.lower <= proof.upper or proof.violation > 0
    assert float(proof.upper) == pytest.approx(solution.objective, rel=1e-9)
    assert float(proof.lower) == pytest.approx(solution.lower_bound, rel=1e-9)
    assert proof.gap <= 1e-6
    assert proof.gap == pytest.approx(float((proof.upper - proof.lower) / proof.upper), rel=1e-12)


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: f"{case['name']}-{case['loss']}-{case['beta']}")
def test_reference_optima_lie_between_exact_bounds(case):
    X, y = np.array(case["X"], float), np.array(case["y"], float)
    proof = cv.prove(cv.solve(X, y, case["beta"], case["loss"]), X, y)
    slack = Fraction(1, 10**7)  # the reference is float, and meets a hard margin to its solver's tolerance only
    assert proof.lower <= Fraction(case["upper"]) * (1 + slack)
    assert proof.upper >= Fraction(case["lower"]) * (1 - slack)
    assert proof.gap <= 1e-6


@pytest.mark.parametrize("bias", [True, False])
def test_the_exact_maximum_is_that_of_all_lines(bias):
    """Against lines through every pivot at many angles: none is higher, and the highest comes close."""
    rng = np.random.default_rng(1)
    for n in (1, 2, 3, 7):
        X, v = rng.integers(-3, 4, (n, 2)).astype(float), rng.standard_normal(n)
        v -= v.mean() * bias
        exact = float(verify.highest_square(exactly(X), [[q] for q in exactly(v)], bias)) ** 0.5
        t = np.linspace(0, 2 * np.pi, 20_001)
        U = np.column_stack([np.cos(t), np.sin(t)])
        heights = [np.abs(np.maximum((X - pivot) @ U.T, 0).T @ v).max() for pivot in (X if bias else np.zeros((1, 2)))]
        assert max(heights) <= exact * (1 + 1e-9) + 1e-12
        assert max(heights) >= exact * (1 - 1e-6) - 1e-12


def exactly(values):
    return [exactly(row) if np.ndim(row) else Fraction(float(row)) for row in values]


def test_roots_and_logarithms_are_rounded_to_the_safe_side():
    for q in (Fraction(2), Fraction(1, 3), Fraction(10) ** 40, Fraction(1, 10**40), Fraction(9, 4)):
        assert q <= verify.root_up(q) ** 2 <= q * (1 + Fraction(1, 2**100))
    assert verify.root_up(Fraction(0)) == 0
    for t in (-800.0, -30.0, -1.0, 0.0, 1.0, 30.0, 800.0):
        value, floats = verify.softplus_up(Fraction(t)), np.logaddexp(0.0, t)
        assert float(value) == pytest.approx(floats, rel=1e-14)
    below_one = 1 - Fraction(1, 10**70)
    assert 0 <= verify.log_up(below_one) <= Fraction(1, 10**50)
    # ln 2 to 60 places
    ln2 = Fraction(int("693147180559945309417232121458176568075500134360255254120680"), 10**60)
    assert ln2 - Fraction(1, 10**59) <= verify.log_up(Fraction(2)) <= ln2 + Fraction(1, 10**50)


@pytest.mark.parametrize("loss", LOSSES)
def test_points_in_a_plane_of_five_dimensions(loss):
    X, y = problem(15, 2, loss)
    rng = np.random.default_rng(3)
    wide = X @ rng.standard_normal((2, 5)) + rng.standard_normal(5)
    solution = cv.solve(wide, y, 0.1, loss)
    proof = cv.prove(solution, wide, y)
    assert solution.certified
    assert proof.gap <= 1e-6


def test_a_feature_that_was_dropped_shows_as_a_remainder():
    """A document that hides a feature behind its hint proves next to nothing, but nothing false."""
    X, y = problem(12, 2, "squared")
    wide = np.column_stack([X, np.linspace(-1, 1, 12)])
    hidden = np.column_stack([X, np.zeros(12)])
    solution = cv.solve(hidden, y, 0.1)
    document = cv.prove(solution, hidden, y).document
    upper, lower, _ = verify.bounds(document | {"X": [[q.hex() for q in row] for row in wide.tolist()]})
    best = cv.solve(wide, y, 0.1)
    assert lower <= Fraction(best.objective) + Fraction(1, 10**9)
    assert lower < Fraction(solution.lower_bound) * Fraction(9, 10)
    assert upper >= Fraction(best.lower_bound)


def test_weights_are_points_repeated():
    X, y = problem(12, 2, "squared")
    weight = np.array([0, 1, 2, 3] * 3, float)
    once = cv.prove(cv.solve(X, y, 0.1, sample_weight=weight), X, y, weight)
    times = weight.astype(int)
    again = cv.prove(
        cv.solve(np.repeat(X, times, axis=0), np.repeat(y, times), 0.1),
        *np.repeat(X, times, axis=0)[None],
        np.repeat(y, times),
    )
    assert float(once.upper) == pytest.approx(float(again.upper), rel=2e-6)
    assert once.lower <= again.upper
    assert again.lower <= once.upper
    assert once.gap <= 1e-6


def test_several_outputs_on_the_line():
    x = np.linspace(-1, 1, 15)[:, None]
    Y = np.hstack([np.abs(x), np.maximum(x, 0), x])
    solution = cv.solve(x, Y, beta=0.05)
    proof = cv.prove(solution, x, Y)
    assert float(proof.upper) == pytest.approx(solution.objective, rel=1e-9)
    assert proof.lower <= proof.upper
    assert proof.gap <= 1e-6


def test_a_network_with_a_center_is_proved_where_it_stands():
    rng = np.random.default_rng(0)
    X = np.column_stack([1e12 + np.arange(20), rng.standard_normal(20)])
    y = np.abs(X[:, 1])
    solution = cv.solve(X, y, 0.01)
    assert solution.network.center is not None
    assert cv.prove(solution, X, y).gap <= 1e-6


def test_any_dual_vector_proves_something_true():
    X, y = problem(10, 2, "squared")
    best = cv.solve(X, y, 0.1)
    document = cv.prove(best, X, y).document
    rng = np.random.default_rng(5)
    for _ in range(20):
        v = [float(q).hex() for q in rng.standard_normal(10) * 10.0 ** rng.integers(-3, 3)]
        _, lower, _ = verify.bounds(document | {"v": v})
        assert 0 <= lower <= Fraction(best.objective) * (1 + Fraction(1, 10**12))


def test_what_cannot_be_proved_is_refused_with_the_bound_there_is():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((8, 3)), rng.standard_normal(8)
    solution = cv.solve(X, y, 0.5)
    with pytest.raises(cv.Unprovable, match=r"rank 3.*floating point there is the lower bound"):
        cv.prove(solution, X, y)
    relaxed = cv.solve(X, y, 0.5, method="ascent")
    with pytest.raises(cv.Unprovable, match="no lower bound"):
        cv.prove(relaxed, X, y)
    labels = np.eye(2)[np.arange(8) % 2]
    with pytest.raises(cv.Unprovable, match="squared loss only"):
        cv.prove(cv.solve(X[:, :1], labels, 0.5, "logistic"), X[:, :1], labels)


def test_data_that_are_not_those_of_the_solution_are_refused():
    solution, _ = proved(n=10)
    X, y = problem(10, 2, "squared")
    with pytest.raises(ValueError, match="must have shape"):
        cv.prove(solution, X[:9], y[:9])
    with pytest.raises(ValueError, match=r"must come from convexviz\.solve"):
        cv.prove("solution", X, y)
    with pytest.raises(ValueError, match="sample_weight"):
        cv.prove(solution, X, y, [1.0])


def test_other_data_of_the_same_shape_get_bounds_of_their_own():
    solution, proof = proved(n=10)
    X, y = problem(10, 2, "squared", seed=9)
    other = cv.prove(solution, X, y)
    assert other.lower <= Fraction(cv.solve(X, y, 0.1).objective) <= other.upper
    assert proof.gap <= 1e-6 < 1e-3 < other.gap


# ---------------------------------------------------------------- the file and its checkers


def run(path, *command):
    """(exit code, last line) of a checker on a file."""
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout.strip().splitlines() or [""])[-1]


@pytest.fixture(scope="module")
def document():
    return proved(n=12, loss="hinge")[1].document


def written(folder, document):
    path = folder / "proof.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_a_bare_python_checks_the_file(tmp_path):
    _, proof = proved(n=12)
    proof.save(tmp_path / "proof.json")
    alone = shutil.copy(CHECKER, tmp_path / "verify.py")
    code, last = run(tmp_path / "proof.json", sys.executable, "-I", "-S", alone)
    assert (code, last[:7]) == (0, "PROVED:")


def test_the_command_line_checks_the_file(tmp_path, document):
    command = (sys.executable, "-m", "convexviz", "verify")
    code, last = run(written(tmp_path, document), *command)
    assert (code, last[:7]) == (0, "PROVED:")
    code, last = run(written(tmp_path, document | {"seal": "0" * 64}), *command)
    assert (code, last[:8]) == (1, "REFUTED:")
    code, last = run(written(tmp_path, "no proof"), *command)
    assert (code, last[:11]) == (2, "UNREADABLE:")


def test_one_digit_changed_anywhere_fails(tmp_path, document, capsys):
    text = json.dumps(document)
    digits = [i for i, sign in enumerate(text) if sign in "0123456789" and text[max(0, i - 1)] != "-"]
    rng = np.random.default_rng(0)
    for i in rng.choice(digits, 40, replace=False):
        changed = text[:i] + str((int(text[i]) + 1) % 10) + text[i + 1 :]
        assert verify.main([str(written(tmp_path, changed))]) in (1, 2)
        assert capsys.readouterr().out.splitlines()[-1].split(":")[0] in ("REFUTED", "UNREADABLE")


def resealed(document):
    return document | {"seal": verify.seal(document)}


def shifted(text, by):
    return (float.fromhex(text) + by).hex()


def test_a_false_claim_with_a_fitting_seal_is_refuted_by_the_arithmetic(tmp_path, document, capsys):
    claim = document["claim"]
    lower = resealed(document | {"claim": claim | {"lower": shifted(claim["lower"], 1e-9)}})
    upper = resealed(document | {"claim": claim | {"upper": shifted(claim["upper"], -1e-9)}})
    weights = [shifted(q, 1e-6) for q in document["network"]["w"]]
    network = resealed(document | {"network": document["network"] | {"w": weights}})
    v = [shifted(document["v"][0], 1e-3), *document["v"][1:]]
    dual = resealed(document | {"v": v})
    for changed, reason in ((lower, "dual vector"), (upper, "network"), (network, "network"), (dual, "dual vector")):
        assert verify.main([str(written(tmp_path, changed))]) == 1
        assert reason in capsys.readouterr().out.splitlines()[-1]


def test_files_that_are_no_proof_are_unreadable(tmp_path, document, capsys):
    bad = [
        "[]",
        "{}",
        "{",
        document | {"convexviz-proof": 2},
        document | {"loss": "huber"},
        document | {"bias": "yes"},
        document | {"beta": (0.0).hex()},
        document | {"beta": 0.1},
        document | {"beta": "inf"},
        document | {"beta": "0x1.00000000000000001p+0"},
        document | {"y": [(2.0).hex()] * 12},
        document | {"y": document["y"][:-1]},
        document | {"X": []},
        document | {"X": document["X"][:-1]},
        document | {"weight": [(0.0).hex()] * 12},
        document | {"weight": [(-1.0).hex()] * 12},
        document | {"network": {}},
        document | {"network": document["network"] | {"U": document["network"]["U"][:-1]}},
        document | {"flat": {"centre": [], "basis": [], "Z": []}},
        {key: value for key, value in document.items() if key != "claim"},
    ]
    for content in bad:
        content = content if isinstance(content, str) else resealed(content)
        assert verify.main([str(written(tmp_path, content))]) == 2, content
        assert capsys.readouterr().out.splitlines()[-1].startswith("UNREADABLE:")
    assert verify.main([str(tmp_path / "nowhere.json")]) == 2
    assert verify.main([]) == 2


def test_the_checker_imports_nothing_but_the_standard_library():
    lines = CHECKER.read_text(encoding="utf-8").splitlines()
    modules = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert modules <= set(sys.stdlib_module_names)
    assert len([line for line in lines if line.strip()]) <= 400


def test_the_statement_says_both_bounds():
    _, proof = proved(n=10)
    assert f"{float(proof.lower):.12g}" in proof.statement
    assert f"{float(proof.upper):.12g}" in proof.statement
    _, proof = proved(n=10, loss="interpolate")
    assert proof.violation > 0
    assert "misses its constraints" in proof.statement


def test_the_statement_says_whether_mending_is_counted():
    assert "is counted" in proved(n=10, loss="interpolate")[1].statement
    without = proved(n=10, loss="interpolate", bias=False)[1]
    assert without.violation == 0 or "is not counted" in without.statement


def test_labels_that_are_none_are_no_proof():
    solution, _ = proved(n=10, loss="hinge")
    X, _ = problem(10, 2, "hinge")
    with pytest.raises(ValueError, match="labels must be -1 and \\+1"):
        cv.prove(solution, X, np.arange(10.0))
