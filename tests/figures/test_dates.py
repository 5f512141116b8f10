"""Axes of dates: numbers that count days since 1970, and dates at the ticks and in what is told of a point."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pytest

import convexviz as cv
from convexviz import figures
from convexviz.figures import splines
from convexviz.figures.dates import DayAxis, day_text, day_texts, day_ticks
from tests import node

FILE = Path(__file__).parents[2] / "convexviz" / "app" / "components" / "web" / "dates.js"
EPOCH = datetime.date(1970, 1, 1)
LIMITS = [
    (low, low + span) for low in (-719162.0, -25000.5, 0.0, 19000.3) for span in (0.01, 0.4, 3, 40, 400, 9000, 90000)
]


@pytest.mark.parametrize("day", [-719162, -1, 0, 59, 11016, 19782, 2932896])
def test_a_day_is_the_calendars(day: int) -> None:
    assert day_text(day) == (EPOCH + datetime.timedelta(day)).isoformat()


def test_times_of_day_are_told_where_there_are_any() -> None:
    assert day_texts([19000, 19001]) == ["2022-01-08", "2022-01-09"]
    assert day_texts([19000, 19001.25, np.nan]) == ["2022-01-08", "2022-01-09 06:00", ""]


@pytest.mark.parametrize("limits", LIMITS)
def test_ticks_stand_at_what_they_say(limits: tuple[float, float]) -> None:
    ticks, texts = day_ticks(*limits, 6)
    assert 1 <= len(ticks) <= 8 or limits[1] - limits[0] < 1e-4
    assert all(limits[0] - 1e-9 <= tick <= limits[1] + 1e-9 for tick in ticks)
    padded = [text + {4: "-01-01", 7: "-01"}.get(len(text), "") for text in texts]
    back = [(np.datetime64(text.replace(" ", "T"), "s").astype(float)) / 86400 for text in padded]
    assert np.allclose(back, ticks, rtol=0, atol=1e-9 * max(1.0, abs(limits[0])))


def test_the_board_has_the_same_ticks_as_the_figures() -> None:
    script = (
        f"import {{ dayTicks }} from {json.dumps(FILE.as_uri())};"
        f"console.log(JSON.stringify({json.dumps(LIMITS)}.map((ends) => dayTicks(ends, 6))));"
    )
    ran = node.run("--input-type=module", "-", text=script)
    assert ran.returncode == 0, ran.stderr
    for limits, shown in zip(LIMITS, json.loads(ran.stdout), strict=True):
        ticks, texts = day_ticks(*limits, 6)
        assert shown["texts"] == texts
        assert np.allclose(shown["ticks"], ticks, rtol=0, atol=1e-9 * max(1.0, abs(limits[0])))


DAYS = np.array([19000.0, 19100.0, 19230.0, 19400.0])
SOLUTION = cv.solve(DAYS[:, None], np.array([0.0, 1.0, 0.2, 0.8]), beta=1e-4)
VIEW = (18990.0, 19410.0)


def test_the_figures_of_the_line_have_dates_on_the_axis_and_in_what_they_tell() -> None:
    name = DayAxis("day of sale")
    dual = splines.dual_spec(SOLUTION, DAYS, VIEW, name=name)
    assert dual["layout"]["xaxis"]["title"]["text"] == "kink position (day of sale)"
    assert dual["layout"]["xaxis"]["ticktext"] == day_ticks(*VIEW)[1]
    kinks = dual["data"][4]
    assert kinks["text"] == day_texts(SOLUTION.network.kinks())
    assert kinks["hovertemplate"].startswith("kink at %{text}<br>")
    neurons = splines.neuron_spec(SOLUTION.network, VIEW, 2.0, name=name, target="price (€)")
    assert neurons["layout"]["yaxis2"]["title"]["text"] == "weight w (€ per day)"
    assert neurons["layout"]["yaxis"]["title"]["text"] == "w (u x + b)₊ (€)"
    assert f"kink at {day_text(SOLUTION.network.kinks()[0], 0.1)}" in neurons["data"][1]["text"][0]


def test_a_board_has_dates_too_and_its_figure_is_valid() -> None:
    board = figures.board_figure(
        SOLUTION.network, DAYS[:, None], [0.0, 1.0, 0.2, 0.8], axes=(DayAxis("day"), "price"), view=(VIEW, (-1.0, 2.0))
    )
    assert list(board.layout.xaxis.ticktext) == day_ticks(*VIEW)[1]
    points = board.data[-1]
    assert points.hovertemplate.startswith("day = %{text}<br>price = %{y:.4g}")
    assert list(points.text) == day_texts(DAYS)


def test_numbers_stay_numbers() -> None:
    plain = splines.dual_spec(SOLUTION, DAYS, VIEW, name="day")
    assert "ticktext" not in plain["layout"]["xaxis"]
    assert "text" not in plain["data"][4]
