"""Both sides of weak duality for a v in the hand: by exact fractions, against the solver, as the browser has them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import node
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convexviz as cv
from convexviz.app.components import web
from convexviz.app.lessons.dual.challenges import CHALLENGES
from convexviz.app.lessons.dual.judge import ROUNDING, Hand, solver_hand
from convexviz.app.lessons.dual.presets import PRESETS
from convexviz.app.lessons.dual.settings import DualSettings
from convexviz.app.lessons.dual.view_state import POINTS
from convexviz.core.losses import get_loss
from convexviz.core.network import Array
from convexviz.core.oracles.line import line_dual

CLOSED = 1e-6
MATH = Path(web.__file__).parents[1] / "dual_hand" / "dual_math.js"
PAPER = """
import { gains, readBack, verdict } from "%s";
let text = "";
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(JSON.parse(text).map(({ v, ...problem }) => {
  const { objective, penalty } = readBack(problem, v) ?? {};
  return { ...verdict(problem, v), gains: gains(problem.x, v), objective, penalty };
})));
"""
LOSSES = ("squared", "interpolate", "hinge")


def hands(loss: str, most: int = 5) -> st.SearchStrategy[Hand]:
    """Points with distinct inputs, numbers that add up to zero, and a β."""
    share = st.integers(-40, 40).map(lambda k: k / 10)
    target = st.sampled_from([-1.0, 1.0]) if loss == "hinge" else share

    def made(n: int) -> st.SearchStrategy[Hand]:
        inputs = st.lists(st.integers(-20, 20), min_size=n, max_size=n, unique=True)
        targets = st.lists(target, min_size=n, max_size=n)
        if loss == "hinge":
            targets = targets.filter(lambda y: len(set(y)) == 2)
        numbers = targets, st.lists(share, min_size=n, max_size=n)
        betas = st.sampled_from([0.25, 1.0, 3.0])
        return st.builds(
            lambda x, y, v, beta: Hand(np.array(x, float), np.array(y), np.array(v) - np.mean(v), loss, beta),
            inputs,
            *numbers,
            betas,
        )

    return st.integers(2, most).flatmap(made)


def feasible(hand: Hand) -> Hand:
    """The hand's v moved into the domain, to sum zero, and into the band."""
    v = get_loss(hand.loss).project(hand.v, hand.y)
    most = line_dual(hand.x, v).maximum
    return Hand(hand.x, hand.y, v * min(1.0, hand.band / most) if most > 0 else v, hand.loss, hand.beta)


def solved(hand: Hand) -> cv.Solution:
    return cv.solve(hand.x[:, None], hand.y, beta=hand.beta, loss=hand.loss)


def slack(value: float) -> float:
    return 1e-7 * max(1.0, abs(value))


# ---------------------------------------------------------------- theorems


@pytest.mark.parametrize("loss", LOSSES)
@given(data=st.data())
def test_no_feasible_v_proves_more_than_the_optimum(loss: str, data: st.DataObject) -> None:
    hand = feasible(data.draw(hands(loss)))
    assert hand.feasible
    optimum = solved(hand).objective
    assert hand.lower <= optimum + slack(optimum)


@pytest.mark.parametrize("loss", LOSSES)
@given(data=st.data())
def test_the_network_of_any_v_costs_at_least_the_optimum(loss: str, data: st.DataObject) -> None:
    hand = data.draw(hands(loss))
    optimum = solved(hand).objective
    assert hand.objective_of(hand.network) >= optimum - slack(optimum)


@pytest.mark.parametrize("loss", LOSSES)
@given(data=st.data())
def test_at_the_solvers_v_the_two_sides_meet(loss: str, data: st.DataObject) -> None:
    found, s = solver_hand(data.draw(hands(loss)))
    upper = found.objective_of(found.network)
    assert upper <= s.objective + slack(s.objective)
    assert found.gap(upper) <= CLOSED or upper <= CLOSED


@given(hands("squared"))
def test_the_network_of_v_is_the_cheapest_with_its_outputs(hand: Hand) -> None:
    network = hand.network
    np.testing.assert_allclose(hand.y - network.predict(hand.x[:, None]), hand.v, atol=1e-9)
    cheapest = cv.solve(hand.x[:, None], hand.y - hand.v, loss="interpolate").objective
    assert network.penalty == pytest.approx(cheapest, rel=1e-6, abs=1e-9)


@given(hands("squared"), st.floats(-50, 50), st.sampled_from([-1, 1]))
def test_no_kink_anywhere_gains_more_than_those_at_the_points(hand: Hand, t: float, u: int) -> None:
    assert abs(hand.gain(u, t)) <= hand.gains.maximum + slack(hand.gains.maximum)


@given(hands("squared"), st.floats(0.1, 3.0))
def test_without_sum_zero_no_band_is_wide_enough(hand: Hand, off: float) -> None:
    v = hand.v + off / len(hand.v)
    loose = Hand(hand.x, hand.y, v, hand.loss, hand.beta)
    assert not loose.feasible
    far = hand.x.min() - (abs(hand.x @ v) + 2 * hand.band) / off - np.abs(hand.x).max()
    assert abs(loose.gain(1, far)) > hand.band


# ---------------------------------------------------------------- on paper


def on_paper(x: list[int], y: list[int], v: list[Fraction]) -> dict[str, Any]:
    """The sums with whole numbers and fractions alone; β = 1, squared loss."""
    gains = {(1, t): sum(vi * max(0, xi - t) for xi, vi in zip(x, v, strict=True)) for t in x[:-1]}
    gains |= {(-1, t): sum(vi * max(0, t - xi) for xi, vi in zip(x, v, strict=True)) for t in x[1:]}
    g = sum(yi * vi - vi * vi / 2 for yi, vi in zip(y, v, strict=True))
    f = [yi - vi for yi, vi in zip(y, v, strict=True)]
    slopes = [(f[k + 1] - f[k]) / (x[k + 1] - x[k]) for k in range(len(x) - 1)]
    tv = sum(abs(b - a) for a, b in pairwise(slopes))
    penalty = max(tv, (tv + abs(slopes[0] + slopes[-1])) / 2)
    return {"gains": gains, "g": g, "penalty": penalty, "objective": sum(vi * vi / 2 for vi in v) + penalty}


PAPERS = [
    ("three", ["-1", "3/2", "-1/2"]),
    ("three", ["-1/2", "3/4", "-1/4"]),
    ("three", ["-3/2", "9/4", "-3/4"]),
    ("five", ["-1", "3/2", "-3/4", "3/4", "-1/2"]),
    ("five", ["-1/3", "1/2", "-1/6", "1/7", "-1/7"]),
]


@pytest.mark.parametrize(("preset", "text"), PAPERS)
def test_python_and_browser_have_the_numbers_of_exact_fractions(preset: str, text: list[str]) -> None:
    points, v = PRESETS[preset].points, [Fraction(part) for part in text]
    exact = on_paper([int(x) for x, _ in points], [int(y) for _, y in points], v)
    hand = Hand(*np.array(points, float).T, np.array([float(part) for part in v]), "squared", 1.0)
    (paper,) = by_browser([hand])
    assert hand.g == pytest.approx(float(exact["g"]), abs=1e-14)
    assert paper["g"] == pytest.approx(float(exact["g"]), abs=1e-14)
    assert hand.objective_of(hand.network) == pytest.approx(float(exact["objective"]), abs=1e-12)
    assert paper["objective"] == pytest.approx(float(exact["objective"]), abs=1e-14)
    assert paper["penalty"] == pytest.approx(float(exact["penalty"]), abs=1e-14)
    found = {(gain["u"], gain["t"]): gain["value"] for gain in paper["gains"]}
    assert found.keys() == exact["gains"].keys()
    for key, value in exact["gains"].items():
        assert found[key] == pytest.approx(float(value), abs=1e-14)
        assert hand.gain(*key) == pytest.approx(float(value), abs=1e-14)
    assert hand.feasible is paper["feasible"] is (sum(v) == 0 and max(map(abs, exact["gains"].values())) <= 1)


def test_the_optima_of_the_presets_are_short_numbers() -> None:
    found = {}
    for name, preset in PRESETS.items():
        x, y = np.array(preset.points, float).T
        made, s = solver_hand(Hand(x, y, np.zeros(len(x)), preset.losses[0], 1.0))
        found[name] = made.v.tolist(), round(s.objective, 9)
    assert found == {
        "three": ([-1.0, 1.5, -0.5], 2.75),
        "five": ([-1.0, 1.5, -0.75, 0.75, -0.5], 3.1875),
        "classes": ([-0.5, 1.0, -0.75, 0.25], 2.5),
    }


# ---------------------------------------------------------------- the browser


def by_browser(asked: list[Hand]) -> list[dict[str, Any]]:
    """What the browser's arithmetic says of them."""
    problems = [
        {"x": h.x.tolist(), "y": h.y.tolist(), "v": h.v.tolist(), "loss": h.loss, "band": h.band, "free": False}
        for h in asked
    ]
    done = node.run("--input-type=module", "--eval", PAPER % MATH.as_uri(), text=json.dumps(problems))
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def some_hands() -> list[Hand]:
    rng, made = np.random.default_rng(3), []
    for k in range(60):
        loss, n = LOSSES[k % 3], 2 + k % 5
        x = rng.integers(-4, 9, n).astype(float) if k % 7 == 0 else rng.permutation(12)[:n].astype(float)
        y: Array = np.sign(rng.standard_normal(n)) if loss == "hinge" else rng.integers(-3, 4, n).astype(float)
        v = rng.integers(-8, 9, n) / 4 * rng.choice([0.2, 1.0])
        made.append(Hand(x, y, v - v.mean() * (k % 4 > 0), loss, 1.0))
    return made + [feasible(hand) for hand in made]


def test_the_browser_judges_as_python_does() -> None:
    asked = some_hands()
    for hand, paper in zip(asked, by_browser(asked), strict=True):
        assert paper["feasible"] == hand.feasible
        assert paper["balanced"] == hand.sum_is_zero
        assert (not paper["boxed"]) == hand.in_domain
        assert paper["g"] == pytest.approx(hand.g, abs=1e-12)
        outside = {(u, t) for u, t in hand.outside if hand.sum_is_zero}
        assert not hand.sum_is_zero or {(out["u"], out["t"]) for out in paper["outside"]} >= outside
        if hand.loss != "hinge":
            upper = hand.objective_of(hand.network)
            assert paper["objective"] == (None if np.isinf(upper) else pytest.approx(upper, rel=1e-9, abs=1e-9))


def test_points_that_share_their_x_have_one_output() -> None:
    hand = Hand(np.array([0.0, 0.0, 1.0]), np.array([1.0, 3.0, 0.0]), np.array([-1.0, 1.0, 0.0]), "squared", 1.0)
    f = hand.network.predict(hand.x[:, None])
    assert f[0] == f[1] == pytest.approx(2.0)
    assert np.isinf(Hand(hand.x, hand.y, hand.v, "interpolate", 1.0).gap(np.inf))


def test_the_gap_is_that_of_the_package() -> None:
    hand = Hand(np.array([0.0, 1.0, 3.0]), np.array([0.0, 3.0, 0.0]), np.array([-0.5, 0.75, -0.25]), "squared", 1.0)
    assert hand.gap(2.75) == pytest.approx((2.75 - 1.8125) / 2.75, abs=ROUNDING)
    assert hand.gap(np.inf) == np.inf


def test_a_challenge_counts_a_hand_on_its_own_points_only() -> None:
    """Neither the points of another challenge, nor the solver, nor a v that nobody has moved."""
    of = {challenge.name: challenge for challenge in CHALLENGES}["by-hand"]
    met = replace(DualSettings(), v="-1,1.5,-0.5")
    points = POINTS.named(met)[0]
    assert of.solved(met, points)
    assert not of.solved(replace(met, solved=True), points)
    assert not of.solved(replace(met, dataset="five"), points)
    flat = replace(met, points="0,1;1,1;3,1", v="")
    assert not of.solved(flat, POINTS.named(flat)[0])
