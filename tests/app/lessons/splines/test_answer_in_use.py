"""The section "The answer in use" says what the core says, follows the points, and costs nothing while it is closed."""

from __future__ import annotations

import time

import numpy as np
import pytest
from geometry_pages import drawn, opened
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components.shown import NOW
from convexviz.app.lessons.splines.answer import checking, values
from convexviz.app.lessons.splines.answer.answered import literal, number
from convexviz.app.lessons.splines.answer.checking import CURVE
from convexviz.app.lessons.splines.answer.section import OPEN, PIECES, PREDICTS, TABS, VALUES
from tests.app.messages import components

PATIENCE = 60.0  # seconds for a cross-validation on a loaded machine
LINE = "line-regression"


def shown(tab: str, **query: str) -> AppTest:
    """The lesson with the section open at one of its tabs."""
    at = opened("splines", **{"n": "12", "beta": "0.1"} | query)
    at.session_state[OPEN], at.session_state[TABS] = True, tab
    return at.run()


def rows(at: AppTest, head: str) -> list[list[str]]:
    """The rows of the table whose head begins so."""
    [table] = [text.value for text in at.markdown if text.value.startswith(f"| {head}")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def answer(at: AppTest) -> tuple[np.ndarray, np.ndarray, cv.Solution]:
    """The points on the board and their optimum."""
    points = at.session_state[LINE].points
    X, y = points[:, :1], points[:, 1]
    return X, y, cv.solve(X, y, 0.1)


def checked_through(at: AppTest) -> AppTest:
    """Wait until no cross-validation is under way."""
    end = time.monotonic() + PATIENCE
    while at.session_state[checking.WORK].result is None and time.monotonic() < end:
        at.session_state[checking.WORK].job.wait(0.2)
    return at.run()


def test_closed_it_draws_nothing() -> None:
    at = opened("splines", n="12")
    assert "convexviz_follower" not in {block.proto.component_name for block in components(at)}
    assert not [text for text in at.markdown if text.value.startswith("The answer consists")]


def test_the_pieces_are_those_of_the_network_and_follow_the_points() -> None:
    at = shown(PIECES)
    for _ in range(2):
        _, _, solution = answer(at)
        expected = [[number(v) for v in (p.start, p.stop, p.slope, p.intercept)] for p in solution.network.pieces()]
        assert rows(at, "x from") == expected
        assert rows(at, "kink at x") == [[number(k), number(w)] for k, w in solution.network.bends()]
        drawn(at, LINE, [[0.0, 0.0], [0.5, 1.0], [1.0, 0.0], [1.5, 1.0]])
        at.run()


def test_values_are_answered_both_ways_and_what_lies_outside_is_said_to() -> None:
    at = shown(VALUES)
    X, _, solution = answer(at)
    low = float(X.min()) - 1.0
    at.text_area(key="values-x").input(f"0 {low}").run()
    at.text_area(key="values-f").input("0.25; 1e6").run()
    f = solution.network.predict(np.array([[0.0], [low]]))
    assert rows(at, "x |") == [
        ["0", number(f[0]), ""],
        [number(low), number(f[1]), "outside the data: extrapolated"],
    ]
    found = [row[1] for row in rows(at, "f |") if row[0] == "0.25"]
    assert found == [number(place.start) for place in solution.network.level_set(0.25)]
    assert any(row[0] == "1e+06" for row in rows(at, "f |"))
    at.text_area(key="values-x").input("1,4").run()
    assert "could be one number or two" in at.warning[0].value


def test_errors_are_those_of_cross_validate_and_the_best_beta_can_be_taken() -> None:
    at = shown(PREDICTS)
    X, y, solution = answer(at)
    [trained] = rows(at, "judged on")
    error = np.mean((solution.network.predict(X) - y) ** 2)
    assert trained == ["all 12 points, which it was trained on", f"{error:.4g}", f"{1 - error / y.var():.3f}"]
    at.button(key="cross-validate").click().run()
    at = checked_through(checked_through(at))
    expected = cv.cross_validate(X, y, [0.1])
    _, held, crossed = rows(at, "judged on")
    assert held[1] == number(float(f"{expected.errors[0, 0]:.4g}"))
    assert crossed[1].split(" ± ")[0] == number(float(f"{expected.mean[0]:.4g}"))
    assert crossed[2] == number(float(f"{expected.r2[0]:.3f}"))
    curve = at.session_state[checking.WORK].result
    assert not at.error
    assert CURVE in at.session_state[NOW]
    at.button(key="take-best").click().run()
    assert at.button(key="take-best").disabled
    assert f"β = {number(curve.best)}" in "".join(text.value for text in at.markdown)
    drawn(at, LINE, at.session_state[LINE].points + 0.01)
    at.run()
    assert CURVE not in at.session_state[NOW]
    assert len(rows(at, "judged on")) == 1  # of other points nothing is known until somebody asks
    assert at.button(key="cross-validate")


@pytest.mark.parametrize("loss", ["hinge", "hard_margin"])
def test_classes_have_an_accuracy_and_a_loss_without_beta_no_curve(loss: str) -> None:
    at = shown(PREDICTS, task="classification", data="two_bands", loss=loss)
    at.button(key="cross-validate").click().run()
    at = checked_through(at)
    assert [row[2].endswith("%") for row in rows(at, "judged on")] == [True] * 3
    if loss == "hard_margin":
        assert any("no β to choose" in text.value for text in at.markdown)


@pytest.mark.parametrize(
    ("text", "found"),
    [("1 2;3\n-4", [1, 2, 3, -4]), ("1.5, 2", [1.5, 2]), ("−2e3", [-2000]), ("  ", []), ("1\t2", [1, 2])],
)
def test_numbers_are_read_with_anything_unmistakable_between_them(text: str, found: list[float]) -> None:
    assert values.numbers(text) == found


@pytest.mark.parametrize("text", ["1,5", "one", "nan", "1e999", "1_0 x"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"could be one|is no number|not finite"):
        values.numbers(text)


def test_names_stand_as_they_are() -> None:
    assert literal("a|b*c") == r"a\|b\*c"
