"""What notebooks and terminals show of a result: verdict, numbers, a small picture."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from IPython.lib.pretty import pretty

import convexviz as cv
from convexviz.core.display.picture import AIR, HEIGHT, WIDTH, picture

X = np.linspace(-1, 1, 9)[:, None]
Y = np.abs(X[:, 0])
RNG = np.random.default_rng(0)
Z = RNG.standard_normal((12, 3))
ANSWERS = {
    "line": cv.solve(X, Y, beta=0.05),
    "no neuron": cv.solve(X, Y, beta=1e3),
    "one neuron": cv.solve(X, X[:, 0], loss="interpolate"),
    "plane": cv.solve(Z[:, :2], Z[:, 2], beta=0.1),
    "no bound": cv.solve(Z, Z[:, 0] * Z[:, 1], beta=0.1, method="ascent"),
    "two outputs": cv.solve(X, np.column_stack([Y, X[:, 0]]), beta=0.1),
    "no biases": cv.solve(Z[:, :2], Z[:, 2], beta=0.1, bias=False),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_page_is_well_formed_and_holds_verdict_and_numbers(name):
    s = ANSWERS[name]
    page = ET.fromstring(s._repr_html_())
    words = "".join(page.itertext())
    assert s.statement in words
    assert f"{s.objective:.6g}" in words
    assert str(s.network.width) in words
    assert ("✓" in words) == s.certified
    assert not page.findall(".//script")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_terminal_gets_the_same_as_text(name):
    s = ANSWERS[name]
    assert pretty(s) == str(s)
    assert str(s).startswith(f"{s.statement}: ")
    assert ("lower bound" in str(s)) == np.isfinite(s.lower_bound)
    assert "\n" not in repr(s)
    assert s.statement in repr(s)


def test_the_picture_of_a_network_on_the_line_is_its_curve():
    s = ANSWERS["line"]
    root = ET.fromstring(picture(s.network))
    line = next(element for element in root.iter() if element.tag.endswith("polyline"))
    drawn = np.array([pair.split(",") for pair in line.get("points").split()], float)
    kinks = np.unique(s.network.kinks())
    assert len(drawn) == len(kinks) + 2
    inner = drawn[1:-1, 0]  # the kinks, to scale
    np.testing.assert_allclose(np.diff(inner) / np.ptp(inner), np.diff(kinks) / np.ptp(kinks), atol=0.01)
    heights = s.network.predict(kinks[:, None])
    assert np.argsort(-drawn[1:-1, 1]).tolist() == np.argsort(heights).tolist()
    assert drawn.min() >= AIR
    assert (drawn <= [WIDTH - AIR, HEIGHT - AIR]).all()


def test_beyond_the_line_it_shows_the_weights_with_their_signs():
    s = ANSWERS["plane"]
    bars = re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', picture(s.network))
    assert len(bars) == s.network.width
    order = np.argsort(-np.abs(s.network.w), kind="stable")
    tall = np.array([float(height) for _, height in bars])
    np.testing.assert_allclose(tall / tall[0], np.abs(s.network.w)[order] / np.abs(s.network.w).max(), atol=0.01)
    down = [float(top) >= HEIGHT / 2 for top, _ in bars]
    assert down == (s.network.w[order] < 0).tolist()


def test_without_a_neuron_there_is_no_picture():
    assert picture(ANSWERS["no neuron"].network) == ""


def test_an_estimator_shows_its_fit_below_its_parameters():
    model = cv.ConvexReLURegressor(beta=0.05)
    assert "certified" not in model._repr_html_()
    assert str(model) == repr(model)
    model.fit(X, Y)
    assert "certified optimum" in model._repr_html_()
    assert "certified optimum" in model._repr_mimebundle_()["text/html"]
    assert str(model).startswith(repr(model))
    assert "certified optimum: no network of any width does better" in str(model)
    three = cv.ConvexReLUClassifier(loss="hinge", beta=1.0).fit(Z, np.repeat(["a", "b", "c"], 4))
    assert three.statement_ in str(three)


def test_a_verbose_estimator_says_at_last_what_was_proved(capsys):
    cv.ConvexReLURegressor(beta=0.05, verbose=1).fit(X, Y)
    assert "ConvexReLURegressor: certified optimum, gap" in capsys.readouterr().err
    cv.ConvexReLURegressor(beta=0.05).fit(X, Y)
    assert capsys.readouterr().err == ""
