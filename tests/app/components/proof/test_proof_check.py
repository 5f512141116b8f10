"""The browser's checker of proofs, run by node: it agrees with the Python one on true, tampered and broken files."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import node
import numpy as np
import proofs
import pytest
from proofs import Document

import convexviz as cv
from convexviz import verify
from convexviz.app.components import badge
from convexviz.app.compute import answers

JUDGE = Path(__file__).parents[3] / "js" / "judge.mjs"
AGREED = Fraction(1, 10**25)  # relative; both round roots and logarithms, each in its own way
NOTHING = Fraction(1, 10**45)  # a bound of zero, where a logarithm of 1 was rounded
ROUNDED = Decimal("1e-37")  # relative: 128 binary digits are 38 decimal ones
DRAWN = 400  # random documents
Ask = Callable[[list[dict[str, Any]]], list[Any]]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """`ask(questions)` puts them to the files that the app serves, see tests/js/judge.mjs."""

    def put(questions: list[dict[str, Any]]) -> list[Any]:
        done = node.run(JUDGE, text=json.dumps(questions))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return put


@pytest.fixture(scope="module")
def true_ones() -> dict[str, Document]:
    return dict(proofs.solved())


def python_verdict(document: Any) -> str:
    """The word of `convexviz.verify`."""
    try:
        verify.check(document)
    except verify.Refuted:
        return "refuted"
    except verify.Unreadable:
        return "unreadable"
    return "proved"


def rational(words: list[Any]) -> Fraction:
    """An exact number of the browser's."""
    n, e, d = words
    return Fraction(int(n), int(d)) * Fraction(2) ** int(e)


def assert_same_bounds(name: str, found: dict[str, Any], expected: tuple[Fraction, ...]) -> None:
    for part, value in zip(proofs.PARTS, expected, strict=True):
        other = rational(found["bounds"][part])
        assert abs(other - value) <= AGREED * abs(value) + NOTHING, (name, part, float(other), float(value))


# ---------------------------------------------------------------- true files


def test_proofs_of_solutions_of_every_kind_are_accepted_with_the_same_bounds(
    ask: Ask, true_ones: dict[str, Document]
) -> None:
    found = ask([{"document": document} for document in true_ones.values()])
    for (name, document), one in zip(true_ones.items(), found, strict=True):
        assert one["verdict"] == python_verdict(document) == "proved", (name, one)
        assert_same_bounds(name, one, verify.bounds(document))
        upper, lower = (float.fromhex(document["claim"][part]) for part in ("upper", "lower"))
        assert one["upper"] <= upper * (1 + 1e-15)
        assert one["lower"] >= lower * (1 - 1e-15)
        assert upper - lower <= one["gap"] * (1 + 1e-9) + 1e-15 * upper


def test_random_numbers_have_the_same_verdict_and_bounds(ask: Ask) -> None:
    """Hundreds of documents of every kind, scale and offset, with ties and weights of zero; few of them are proofs."""
    documents = [proofs.drawn(seed) for seed in range(DRAWN)]
    claims: list[Document] = []
    for document in documents:
        try:
            claims.append(proofs.claiming(document))
        except (verify.Refuted, verify.Unreadable):
            claims.append(proofs.sealed(document))
    proved = 0
    for seed, (document, one) in enumerate(zip(claims, ask([{"document": d} for d in claims]), strict=True)):
        assert one["verdict"] == python_verdict(document), (seed, one)
        if one["verdict"] == "proved":
            proved += 1
            assert_same_bounds(f"seed {seed}", one, verify.bounds(document))
    assert DRAWN / 2 < proved < DRAWN


# ---------------------------------------------------------------- tampered files


def test_one_digit_changed_is_never_proved(ask: Ask, true_ones: dict[str, Document]) -> None:
    changed = [
        pair for seed, one in enumerate(true_ones.values()) for pair in proofs.one_digit_changed(one, seed, count=4)
    ]
    for (place, document), found in zip(changed, ask([{"document": d} for _, d in changed]), strict=True):
        unlabelled = ".y." in place and document["loss"] in proofs.CLASSES
        expected = "unreadable" if unlabelled else "refuted"
        assert found["verdict"] == python_verdict(document) == expected, (place, found)
        assert unlabelled or "seal" in found["reason"], (place, found)


def test_a_claim_beyond_the_numbers_is_refuted_by_the_arithmetic_with_the_reason(
    ask: Ask, true_ones: dict[str, Document]
) -> None:
    changed = [pair for one in true_ones.values() for pair in proofs.claims_too_much(one)]
    for (word, document), found in zip(changed, ask([{"document": d} for _, d in changed]), strict=True):
        assert found["verdict"] == python_verdict(document) == "refuted", (word, found)
        assert word in found["reason"]
        assert "claimed" in found["reason"]


def test_other_numbers_under_a_new_seal_are_judged_alike(ask: Ask, true_ones: dict[str, Document]) -> None:
    """Whoever changes a number and seals again is refuted where that makes a claim false, by both checkers."""
    changed = [
        proofs.sealed(document)
        for seed, one in enumerate(true_ones.values())
        for _, document in proofs.one_digit_changed(one, 100 + seed, count=6)
    ]
    found = ask([{"document": document} for document in changed])
    assert [one["verdict"] for one in found] == [python_verdict(document) for document in changed]
    assert sum(one["verdict"] == "refuted" for one in found) > len(changed) / 3


def test_what_is_no_proof_is_unreadable(ask: Ask, true_ones: dict[str, Document]) -> None:
    for name in ("squared, d = 2", "hinge, d = 1"):
        broken = list(proofs.unreadable(true_ones[name]))
        for (what, document), found in zip(broken, ask([{"document": d} for _, d in broken]), strict=True):
            assert found["verdict"] == "unreadable", (what, found)
            assert found["reason"], what
            if isinstance(document, dict):  # else it is for the command line to say so
                assert python_verdict(document) == "unreadable", what


def test_labels_and_biases_must_be_what_the_loss_asks_for(ask: Ask, true_ones: dict[str, Document]) -> None:
    half = true_ones["hinge, d = 2"]
    half = proofs.sealed(half | {"y": [proofs.hexes(0.5), *half["y"][1:]]})
    centred = true_ones["squared, d = 2, no bias"]
    centred = proofs.sealed(centred | {"network": centred["network"] | {"center": proofs.hexes([1.0, 0.0])}})
    for found in ask([{"document": half}, {"document": centred}]):
        assert found["verdict"] == "unreadable", found


def test_a_false_hint_proves_nothing(ask: Ask, true_ones: dict[str, Document]) -> None:
    """A flat that does not hold the points makes the bound worse, never wrong."""
    document = true_ones["squared, rank 2 of 5"]
    flat = document["flat"]
    wrong = [
        flat | {"Z": proofs.hexes(np.zeros((len(flat["Z"]), 2)))},
        flat | {"basis": proofs.hexes(np.eye(5)[:2])},
        flat | {"basis": proofs.hexes(np.zeros((2, 5)))},
    ]
    changed = [proofs.sealed(document | {"flat": one}) for one in wrong]
    for one, found in zip(changed, ask([{"document": d} for d in changed]), strict=True):
        assert found["verdict"] == python_verdict(one) == "refuted"
        assert "dual vector" in found["reason"]
        assert_same_bounds("false hint", found, verify.bounds(one))


# ---------------------------------------------------------------- the parts


def test_the_seal_is_sha_256(ask: Ask) -> None:
    import hashlib

    texts = ["", "abc", "x" * 55, "x" * 56, "x" * 64, "proof " * 5000]
    found = ask([{"call": "sha256", "args": [text]} for text in texts])
    assert found == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def exactly(q: Fraction) -> list[Any]:
    return [str(q.numerator), 0, str(q.denominator)]


def true_value(name: str, q: Fraction) -> Decimal:
    """To a hundred and twenty digits."""
    x = Decimal(q.numerator) / Decimal(q.denominator)
    if name == "rootUp":
        return x.sqrt()
    if name == "softplusUp":
        return (1 + x.exp()).ln() if x < 0 else x + (1 + (-x).exp()).ln()
    return -x * x.ln() if x else Decimal(0)


@pytest.mark.parametrize(("name", "side"), [("rootUp", 1), ("softplusUp", 1), ("entropyBelow", -1)])
def test_roots_and_logarithms_are_rounded_to_the_safe_side_and_by_little(ask: Ask, name: str, side: int) -> None:
    rng = np.random.default_rng(3)
    numbers = [Fraction(q) for q in [1e-300, 1e-30, 1 / 3, 0.5, 1 - 1e-12, 1.0, *rng.uniform(0, 1, 60)]]
    if name != "entropyBelow":
        numbers += [Fraction(q) for q in [2.0, 3.0, 4.0, 700.5, *(10 ** rng.uniform(-9, 2, 60))]]
    if name == "softplusUp":
        numbers += [-q for q in numbers] + [Fraction(0)]
    if name == "rootUp":
        numbers += [Fraction(3, 7) * 10**40, Fraction(1, 7**90), Fraction(10**301, 3)]
    found = ask([{"call": name, "args": [exactly(q)]} for q in numbers])
    with localcontext(prec=120):
        for q, words in zip(numbers, found, strict=True):
            value, true = rational(words), true_value(name, q)
            error = (Decimal(value.numerator) / Decimal(value.denominator) - true) * side
            assert error >= -abs(true) * Decimal("1e-110"), (name, float(q))
            assert error <= abs(true) * ROUNDED + Decimal("1e-70"), (name, float(q), error)


def test_bounds_as_doubles_lie_on_the_safe_side(ask: Ask) -> None:
    rng = np.random.default_rng(4)
    numbers = [Fraction(q) / int(k) for q, k in zip(rng.normal(size=50), rng.integers(1, 99, 50), strict=True)]
    numbers += [Fraction(1, 3 * 10**300), Fraction(10**300, 3), Fraction(1), Fraction(-1), Fraction(0)]
    for side in (1, -1):
        found = ask([{"call": "outwards", "args": [exactly(q), side]} for q in numbers])
        expected = [float.fromhex(proofs.outwards(q, side)) for q in numbers]
        assert found == expected


# ---------------------------------------------------------------- from an answer to its file


def test_doubles_are_written_as_python_writes_them(ask: Ask) -> None:
    """Of all sizes, the smallest that have no leading digit included."""
    rng = np.random.default_rng(6)
    numbers = np.frombuffer(rng.bytes(8 * 500))
    numbers = [*numbers[np.isfinite(numbers)].tolist(), *(5e-324 * rng.integers(1, 2**52, 50)).tolist()]
    numbers += [1.0, -1.0, 0.1, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.0, -0.0]
    assert ask([{"call": "hex", "args": [q]} for q in numbers]) == [q.hex() for q in numbers]


def answered(d: int, loss: str) -> tuple[answers.Problem, answers.Answer]:
    rng = np.random.default_rng(7)
    X = rng.uniform(-1, 1, (16, d))
    y = np.sign(X[:, 0] + 0.01) if loss in proofs.CLASSES else np.abs(X[:, 0]) + 0.1 * rng.normal(size=16)
    problem = answers.Problem.of(X, y, loss)
    return problem, answers.solve(problem, 0.05)


def unpacked(value: Any) -> Any:
    """An array as the browser unpacks it."""
    import base64

    if isinstance(value, dict) and "bdata" in value:
        assert value["dtype"] == "f8"
        return np.frombuffer(base64.b64decode(value["bdata"])).tolist()
    return value


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("loss", proofs.LOSSES)
def test_the_browser_writes_the_file_of_an_answer(ask: Ask, d: int, loss: str) -> None:
    """Digit by digit what `convexviz.prove` writes, seal included; it is accepted by both, and as near as certified."""
    problem, answer = answered(d, loss)
    shown = answers.proved(answer, problem, live=False)
    packed = {name: unpacked(value) for name, value in badge.payload(shown)["proof"].items()}
    made = ask([{"answer": json.loads(json.dumps(packed))}])[0]
    s = answer.solution
    assert s is not None
    assert made["verdict"] == "proved"
    assert made["relative"] <= 1.001e-6
    document = made["document"]
    assert python_verdict(document) == "proved"
    expected = cv.prove(s, problem.X, problem.targets).document
    if loss == "interpolate" and d == 2:  # both choose a direction, each in its own way, and the bound follows from it
        chosen = {"direction", "claim", "seal"}
        document, expected = ({k: v for k, v in one.items() if k not in chosen} for one in (document, expected))
    assert document == expected


def test_an_answer_that_proves_nothing_is_refuted_and_keeps_its_file(ask: Ask) -> None:
    """A network that classifies a point wrongly: the file claims what the page had shown, and is refuted elsewhere."""
    problem, answer = answered(2, "hard_margin")
    shown = answers.proved(answer, problem, live=False)
    packed = {name: unpacked(value) for name, value in shown["proof"].items()}
    packed["w"] = [-w for w in packed["w"]]
    made = ask([{"answer": packed}])[0]
    assert made["verdict"] == "refuted"
    assert "wrongly" in made["reason"]
    assert python_verdict(made["document"]) == "refuted"


def test_a_worse_network_has_the_gap_that_it_has(ask: Ask) -> None:
    problem, answer = answered(1, "squared")
    shown = answers.proved(answer, problem, live=False)
    packed = {name: unpacked(value) for name, value in shown["proof"].items()}
    packed["c"] += 0.1
    made = ask([{"answer": packed}])[0]
    s = answer.solution
    assert s is not None
    other = cv.ReLUNetwork(s.network.U, s.network.b, s.network.w, s.network.c + 0.1)
    value = 0.5 * np.sum((other.predict(problem.X) - problem.targets) ** 2) + s.beta * other.penalty
    assert made["verdict"] == "proved"
    assert made["relative"] == pytest.approx(1 - s.lower_bound / value, rel=1e-6)


def test_a_moving_hand_and_what_cannot_be_proved_bring_no_numbers() -> None:
    problem, answer = answered(2, "squared")
    assert answers.proved(answer, problem, live=True)["proof"] == badge.LATER
    empty = answers.Problem.of(np.empty((0, 2)), np.empty(0), "squared")
    assert "proof" not in answers.proved(answers.solve(empty, 0.1), empty, live=False)
    s = answer.solution
    assert s is not None
    X3 = np.column_stack([problem.X, problem.X[:, 0]])
    assert badge.proof_of(X3, problem.targets, s.network, s.v, s.loss, s.beta, (1.0, 1.0)) is None
    assert badge.proof_of(problem.X, problem.targets, s.network, s.v, s.loss, s.beta, (1.0, -np.inf)) is None
