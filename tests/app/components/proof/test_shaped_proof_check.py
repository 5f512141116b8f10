"""Proofs of problems with a shape: both checkers agree on true files, and on what was tampered with."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import node
import numpy as np
import proofs
import pytest

import convexviz as cv
from convexviz import verify

JUDGE = Path(__file__).parents[3] / "js" / "judge.mjs"
AGREED = Fraction(1, 10**25)
ASKED = (
    {"shape": "increasing"},
    {"shape": "convex"},
    {"shape": ("decreasing", "concave")},
    {"slope": (-0.5, 1.5)},
    {"slope": (0.25, None), "shape": "convex"},
)
LOSSES = ("squared", "huber", "quantile", "hinge", "logistic")


def problem(loss: str) -> tuple[Any, Any, Any]:
    """Points with a repeated place and one of weight 0, targets or labels, weights."""
    rng = np.random.default_rng(4)
    x = np.sort(rng.uniform(-1, 1, 12))
    x[3] = x[2]
    y = np.sin(3 * x) + 0.3 * rng.normal(size=12)
    weight = rng.uniform(0.5, 2, 12)
    weight[-1] = 0.0
    return x[:, None], np.where(y > 0, 1.0, -1.0) if cv.LOSSES[loss].classification else y, weight


def documents() -> list[dict[str, Any]]:
    """A proof of every loss with every shape, and of the two constraints."""
    made = []
    for loss in LOSSES:
        X, y, weight = problem(loss)
        for asked in ASKED:
            s = cv.solve(X, y, beta=0.05, loss=loss, sample_weight=weight, **asked)
            proof = cv.prove(s, X, y, weight)
            assert proof.gap < 1e-6
            assert proof.violation == 0
            assert abs(float(proof.upper) - s.objective) <= 1e-9 * s.objective
            made.append(proof.document)
    X = np.arange(5.0)[:, None]
    for y, loss, asked in (
        (X[:, 0] ** 2, "interpolate", {"shape": ("increasing", "convex")}),
        (np.sign(X[:, 0] - 2.5), "hard_margin", {"shape": "increasing"}),
        (np.sign(X[:, 0] - 2.5), "hard_margin", {"slope": (0.0, 4.0)}),
    ):
        proof = cv.prove(cv.solve(X, y, loss=loss, **asked), X, y)
        assert proof.gap < 1e-9
        made.append(proof.document)
    return made


def asked_of_both(questions: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """What the browser's checker answers, and the word of the Python one."""
    done = node.run(JUDGE, text=json.dumps([{"document": document} for document in questions]))
    assert done.returncode == 0, done.stderr
    return list(zip(json.loads(done.stdout), map(word, questions), strict=True))


def word(document: dict[str, Any]) -> str:
    """proved, refuted or unreadable."""
    try:
        verify.check(document)
    except verify.Refuted:
        return "refuted"
    except verify.Unreadable:
        return "unreadable"
    return "proved"


@pytest.fixture(scope="module")
def true_ones() -> list[dict[str, Any]]:
    return documents()


def test_both_checkers_prove_them_with_the_same_bounds(true_ones: list[dict[str, Any]]) -> None:
    for document, (found, said) in zip(true_ones, asked_of_both(true_ones), strict=True):
        assert found["verdict"] == said == "proved", (document["loss"], document["shape"], found)
        for part, value in zip(("upper", "lower", "violation"), verify.bounds(document), strict=True):
            n, e, d = found["bounds"][part]
            other = Fraction(int(n), int(d)) * Fraction(2) ** int(e)
            assert abs(other - value) <= AGREED * abs(value) + Fraction(1, 10**45)


def test_what_is_tampered_with_is_refused_by_both(true_ones: list[dict[str, Any]]) -> None:
    changed = []
    for document in true_ones[: len(ASKED)]:
        for change in (
            lambda d: d.pop("shape"),
            lambda d: d["shape"].update(low=(5.0).hex()),
            lambda d: d["shape"].update(slopes=[(-1.0).hex()] * len(d["shape"]["slopes"])),
            lambda d: d["shape"].update(bends=[(3.0).hex()] * len(d["shape"]["bends"])),
            lambda d: d["shape"].update(slopes=d["shape"]["slopes"][1:]),
            lambda d: d["shape"].update(convex=1),
            lambda d: d["shape"].update(low=(2.0).hex(), high=(1.0).hex()),
            lambda d: d["shape"].pop("bends"),
            lambda d: d.update(shape=None),
            lambda d: d["network"].update(w=[(2.0).hex()] * len(d["network"]["w"])),
        ):
            other = copy.deepcopy(document)
            change(other)
            changed.append(proofs.sealed(other))
    verdicts = [(found["verdict"], said) for found, said in asked_of_both(changed)]
    assert all(found == said for found, said in verdicts), verdicts
    harmless = sum(said == "proved" for _, said in verdicts)  # multipliers of rows that are not there, dropped
    assert harmless <= 2 * len(ASKED)


def test_targets_without_the_shape_cannot_be_interpolated_exactly() -> None:
    X = np.linspace(-1, 1, 9)[:, None]
    y = 0.1 * X[:, 0]  # straight but for rounding
    s = cv.solve(X, y, loss="interpolate", shape=("convex", "concave"))
    assert s.certified
    if len(set(np.diff([Fraction(v) for v in y]) / np.diff([Fraction(v) for v in X[:, 0]]))) > 1:
        with pytest.raises(cv.Unprovable, match="targets do not have the shape"):
            cv.prove(s, X, y)


def test_a_network_that_misses_the_shape_is_compared_with_the_nearest_one_that_has_it() -> None:
    X, y = np.arange(4.0)[:, None], np.array([0.0, 2.0, -1.0, 2.0])
    s = cv.solve(X, y, beta=0.01, shape="increasing")
    document = copy.deepcopy(cv.prove(s, X, y).document)
    free = cv.solve(X, y, beta=0.01).network
    document["network"] = {
        **document["network"],
        **{k: [v.hex() for v in map(float, getattr(free, k))] for k in ("b", "w")},
        "U": [[float(u).hex()] for u in free.U[:, 0]],
        "c": float(free.c).hex(),
    }
    upper, lower, violation = verify.bounds(document)
    assert violation > 0
    assert upper >= lower
