"""The lesson on geometry keeps its word: sets, verdicts, gauges by brute force; prompts, code, degenerate samples."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from geometry_pages import script

from convexviz.app.lessons.geometry import parts, text
from convexviz.app.lessons.geometry.parts import SLIGHT, carried, certificate, verdict
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.app.lessons.geometry.view_state import ViewState
from convexviz.data.samples import SAMPLES
from convexviz.figures import geometry as figures

TURN = np.linspace(0.0, 2 * np.pi, 20_001)
CIRCLE = np.column_stack([np.cos(TURN), np.sin(TURN)])
PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}
GAP = 1e-6
DEGENERATE = {
    "equal": ([[0.5, 0.5], [0.5, 0.5]], [1.0, 0.5]),
    "equal, agreeing": ([[0.5, 0.5], [0.5, 0.5]], [0.7, 0.7]),
    "one at the origin": ([[0.0, 0.0], [1.0, 0.5]], [0.5, 1.0]),
    "all at the origin": ([[0.0, 0.0], [0.0, 0.0]], [0.5, 1.0]),
    "on one ray": ([[0.5, 0.5], [1.0, 1.0]], [0.5, 0.2]),
    "nearly equal": ([[0.5, 0.5], [0.5, 0.5000001]], [1.0, 0.5]),
    "nearly at the origin": ([[1e-9, 0.0], [0.0, 1.0]], [1.0, 0.5]),
    "no target": ([[1.0, 0.2], [-0.5, 0.8]], [0.0, 0.0]),
    "three equal": ([[0.5, 0.5]] * 3, [1.0, 0.5, 0.2]),
    "three on a line": ([[0.5, 0.5], [-1.0, -1.0], [0.2, 0.2]], [1.0, 0.5, 0.2]),
    "three, two equal": ([[0.5, 0.5], [0.5, 0.5], [-0.3, 1.0]], [1.0, 0.5, 0.2]),
    "three, one at the origin": ([[0.0, 0.0], [0.5, 0.5], [-0.3, 1.0]], [1.0, 0.5, 0.2]),
    "three, no target": ([[1.0, 0.0], [0.5, 0.5], [-0.3, 1.0]], [0.0, 0.0, 0.0]),
    "three at the origin": ([[0.0, 0.0]] * 3, [0.0, 0.0, 0.1]),
}


def state_of(X: Any, y: Any) -> ViewState:
    return ViewState(GeometrySettings(), np.array(X, float), np.array(y, float), False)


def preset(name: str) -> ViewState:
    return state_of(SAMPLES[name].X, SAMPLES[name].y)


def excess(X: np.ndarray) -> float:
    """By how much Q sticks out of E, of the size of E there; infinite where it leaves the range of X."""
    Q = np.maximum(CIRCLE @ X.T, 0.0)
    back = Q @ np.linalg.pinv(X).T
    return np.inf if np.abs(back @ X.T - Q).max() > 1e-9 else float(np.linalg.norm(back, axis=1).max()) - 1.0


def spoken(words: str) -> list[float]:
    return [float(part.replace("−", "-")) for part in re.findall(r"[−-]?\d+\.\d+", words)]


# --- presets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_the_verdict_is_true(name: str) -> None:
    now = preset(name)
    said, out = verdict(now), excess(now.X)
    assert said.startswith("**Spike-free.**") == (out < 1e-9)
    assert said.startswith("**Not spike-free.**") == (out > 1e-3)
    assert ("for no u′ at all" in said) == np.isinf(out)
    if 1e-3 < out < np.inf:
        *uq, length = spoken(said)
        u = np.array(uq[:2])
        assert length == pytest.approx(1 + out, abs=0.006)
        np.testing.assert_allclose(np.maximum(now.X @ u, 0.0), uq[2:], atol=0.03)
        assert np.linalg.norm(u) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(("name", "why"), [("whitened", "orthogonal"), ("rank_one", "on one ray"), ("acute", "acute")])
def test_the_reason_is_the_right_one(name: str, why: str) -> None:
    assert why in verdict(preset(name))


@pytest.mark.parametrize("degrees", [5, 45, 89, 95, 120, 175])
@pytest.mark.parametrize("ratio", [0.2, 1.0, 3.0])
def test_spikes_go_away_at_a_right_angle(degrees: float, ratio: float) -> None:
    """What the first prompt says, for any two lengths."""
    turned = np.deg2rad([20.0, 20.0 + degrees])
    X = np.column_stack([np.cos(turned), np.sin(turned)]) * [[1.0], [ratio]]
    assert verdict(state_of(X, [1.0, 1.0])).startswith("**Spike-free") == (degrees < 90) == (excess(X) < 1e-9)


def test_spikes_that_no_eye_sees_are_called_slight() -> None:
    turned = np.deg2rad([0.0, 90.5])
    now = state_of(np.column_stack([np.cos(turned), np.sin(turned)]), [1.0, 1.0])
    assert 0 < excess(now.X) < SLIGHT
    assert verdict(now).startswith("**Spike-free but for 0.00")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_gauge_is_certified_and_right(name: str) -> None:
    now, shown = preset(name), certificate(preset(name))
    assert shown["status"] == "certified"
    assert shown["gap"] <= GAP
    net = now.gauge.network
    assert net is not None
    np.testing.assert_allclose(net.predict(now.X), now.y, atol=1e-6)
    assert np.abs(net.w).sum() == pytest.approx(shown["objective"], rel=1e-9)
    rectified = np.maximum(CIRCLE @ now.X.T, 0.0) @ now.gauge.v
    assert np.abs(rectified).max() <= 1 + 1e-6, "v lies in the polar set"
    assert now.gauge.v @ now.y == pytest.approx(shown["objective"], rel=GAP)
    said = carried(now)
    assert f"Σ|w| = {shown['objective']:.3f}" in said
    assert ("one neuron carries" if net.width == 1 else f"{net.width} neurons carry") in said


@pytest.mark.parametrize("name", SAMPLES)
def test_every_set_is_drawn(name: str) -> None:
    now = preset(name)
    if now.n == 3:
        names = [trace["name"] for trace in figures.sample_space_spec(now.body, now.y, now.contact, 2.0)["data"]]
        assert {"ellipsoid E", "rectified ellipsoid Q", "−Q", "C, hull of Q and −Q"} <= set(names)
        return
    curves = {c["id"]: c for c in figures.sample_space_curves(now.body, now.y, now.contact, ((-4, 4), (-4, 4)))}
    for name_of_set in ("c", "minus-q", "e", "q", "support", "ray"):
        assert len(curves[name_of_set]["x"]) > 1
    assert bool(len(curves["spikes"]["x"])) == (excess(now.X) > 1e-9)


# --- prompts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("y", "signs"), [((0.9, -0.5), [1, -1]), ((-0.9, -0.5), [-1]), ((0.3, 0.8), [1])])
def test_whitened_data_need_two_neurons(y: tuple[float, float], signs: list[int]) -> None:
    made = SAMPLES[PROMPTS["whitened"].changes["dataset"]]
    net = state_of(made.X, y).gauge.network
    assert net is not None
    assert sorted(np.sign(net.w).tolist()) == sorted(signs)
    for u, w in zip(net.U, net.w, strict=True):
        part = np.maximum(np.sign(w) * np.array(y), 0.0)
        np.testing.assert_allclose(abs(w) * np.maximum(made.X @ u, 0.0), part, atol=1e-5)
        assert abs(w) == pytest.approx(np.linalg.norm(part), rel=1e-6)


def test_data_on_a_line_are_two_segments_until_a_sample_crosses_the_origin() -> None:
    now = preset(PROMPTS["rank"].changes["dataset"])
    assert (now.body.boundary(361).points.min(axis=1) == 0).all(), "on the axes"
    assert verdict(now).startswith("**Not spike-free.**")
    assert verdict(state_of(now.X * [[1.0], [-1.0]], now.y)).startswith("**Spike-free.** No answer")


def test_v_waits_in_corners_over_flat_sides_and_glides_over_round_ones() -> None:
    made = SAMPLES[PROMPTS["polar"].changes["dataset"]]
    turned = np.linspace(0.01, 2 * np.pi, 49)
    gauges = [state_of(made.X, [np.cos(t), np.sin(t)]).gauge for t in turned]
    waiting = {tuple(np.round(g.v, 4)) for g in gauges if g.network.width == 2}
    gliding = [tuple(np.round(g.v, 4)) for g in gauges if g.network.width == 1]
    assert len(waiting) == 2
    assert 10 < len(gliding) == len(set(gliding)) < 39


def test_the_sets_of_three_samples_leave_the_plane_of_e() -> None:
    now = preset(PROMPTS["three"].changes["dataset"])
    assert (now.n, now.body.rank) == (3, 2)
    assert excess(now.X) == np.inf


# --- degenerate samples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_samples_are_explained(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = state_of(*DEGENERATE[name])
    monkeypatch.setattr(parts, "reach", lambda now, name, needed: max(needed, 0.5))
    shown, said = certificate(now), carried(now)
    assert len(verdict(now)) > 15
    assert parts._polar(now)["data"]
    if shown["status"] == "infeasible":
        assert said == f"No network takes these values: {shown['message']}"
        assert len(shown["message"]) > 40
        assert now.contact is None
    elif name == "nearly at the origin":  # there is a network, of enormous weights, which is not found
        assert shown["status"] == "error"
        assert said == shown["message"]
    elif not now.y.any():
        assert said == "The target is zero: no neuron is needed."
        assert (shown["status"], shown["objective"]) == ("certified", 0.0)
    else:
        assert shown["status"] == "certified"
        np.testing.assert_allclose(now.gauge.network.predict(now.X), now.y, atol=1e-6)


@pytest.mark.parametrize("name", ["equal", "one at the origin", "on one ray", "three equal"])
def test_a_target_off_the_span_has_no_network(name: str) -> None:
    assert certificate(state_of(*DEGENERATE[name]))["status"] == "infeasible"


@pytest.mark.parametrize(
    ("y", "touched"),
    [
        ([0.6, 0.7], "touches the answer of this neuron."),
        ([-0.6, -0.7], "touches the mirrored answer of this neuron, in −Q."),
        ([0.9, -0.5], "touches the answers of these neurons, mirrored where the weight is negative."),
    ],
)
def test_neurons_of_negative_weight_are_touched_on_the_mirror_image(y: list[float], touched: str) -> None:
    now = state_of(SAMPLES["whitened"].X, y)
    assert now.contact is not None
    assert now.gauge.network is not None
    assert carried(now).endswith(touched)
    mirrored = (now.contact.q <= 1e-9).all(axis=1)
    assert mirrored.sum() == (now.gauge.network.w < 0).sum()


def test_a_sample_at_the_origin_makes_a_segment() -> None:
    assert "E is a segment" in verdict(state_of(*DEGENERATE["one at the origin"]))


def test_samples_at_the_origin_make_a_point() -> None:
    assert "E is a point" in verdict(state_of(*DEGENERATE["all at the origin"]))


# --- the same in Python --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*SAMPLES, *sorted(set(DEGENERATE) - {"nearly equal", "nearly at the origin"})])
def test_the_code_gives_the_gauge_of_the_page(name: str) -> None:
    now = preset(name) if name in SAMPLES else state_of(*DEGENERATE[name])
    names = script(text.python_code(now))
    np.testing.assert_allclose(names["X"], now.X, rtol=1e-8)
    assert names["gauge"].value == pytest.approx(now.gauge.value, rel=1e-6)
    assert len(names["printed"]) >= 2
    assert (names["contact"] is None) == (now.contact is None)
