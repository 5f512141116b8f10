"""The race without a browser: what its table and film say is held against the core, and work that nobody wants ends."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from geometry_pages import drawn, opened, prose, script
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.components import badge, board
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.settings import DIMS, MOST_POINTS, SCENES, SMOOTH_LOSS
from convexviz.app.headless import scene_at
from convexviz.app.lessons.race import frames, parts, run_text, runs, text, view_state
from convexviz.app.lessons.race.challenges import CHALLENGES, ends
from convexviz.app.lessons.race.gap import ARRIVED, gap_text
from convexviz.app.lessons.race.parts import KEPT
from convexviz.app.lessons.race.runs import FRAMES, Race, Terms
from convexviz.app.lessons.race.settings import LANES, RUNS, RaceSettings
from convexviz.app.lessons.race.view_state import RACE, ViewState, arrived, gap_of, stuck
from convexviz.app.shell import source
from convexviz.app.shell.settings import LOSSES, from_query, to_query
from convexviz.core.dual.certificate import objective
from convexviz.core.rivals.descent import SOLVERS, train
from tests import node
from tests.app.messages import components

SECONDS = 240.0  # for what takes a few on a quiet machine: only a race that hangs is not over by then
SOON = 1.0  # second, for a run to notice that it is to stop
BYTES = 500_000  # of a film
PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}


def state_of(settings: RaceSettings) -> ViewState:
    """The view state of a preset, without a page."""
    made = data.load(settings.dataset, settings.n, settings.noise, settings.seed)
    X, y = np.asarray(made.X), np.asarray(made.y)
    problem = Problem.of(X, y, settings.loss)
    around = np.column_stack([X, y]) if settings.scene == "line" else X
    origin = source.Source((), board.View.around(around, z=(-1.0, 1.0)), (0, 0))
    return ViewState(settings, origin, source.Points(X, y), problem, answers.solve(problem, settings.beta), False)


@lru_cache
def run_out(settings: RaceSettings) -> tuple[ViewState, Race]:
    """A race run to its end."""
    now = state_of(settings)
    race = Race.start(now.terms)
    reading = iter(race.done)
    wait_for(race)
    assert list(reading) == [], "a page that reads the runs of a moment ago is not disturbed by those that come in"
    return now, race


def wait_for(race: Race, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not race.complete and time.monotonic() < end:
        race.advance(0.05)
    assert race.complete


def decoded(value: Any) -> np.ndarray:
    if isinstance(value, dict):
        return np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"].replace("f", "<f"))
    return np.asarray(value, float)


# ---------------------------------------------------------------- settings


@given(st.sampled_from(list(SCENES)), st.sampled_from(list(LOSSES)), st.sampled_from(list(data.DATASETS)), st.data())
def test_settings_go_together_whatever_changes_and_survive_a_link(
    scene: str, task: str, dataset: str, draw: st.DataObject
) -> None:
    changes: dict[str, Any] = {"scene": scene, "task": task}
    if data.DATASETS[dataset].dims in (1, 2) and draw.draw(st.booleans()):
        changes = {"dataset": dataset, "task": data.DATASETS[dataset].task}
    changes["solver"] = draw.draw(st.sampled_from(SOLVERS))
    settings = RaceSettings().changed(**changes)
    spec = data.DATASETS[settings.dataset]
    assert (spec.dims, spec.task) == (DIMS[settings.scene], settings.task)
    assert settings.loss == SMOOTH_LOSS[settings.task]
    assert settings.n <= MOST_POINTS
    assert from_query(to_query(settings), RaceSettings) == (settings, [])


def test_a_link_with_points_of_the_other_board_is_refused() -> None:
    text = source.plane.encoded("regression", source.Points(np.eye(2), np.ones(2)), source.EMPTY_PLANE)
    settings, problems = from_query({"p": text}, RaceSettings)
    assert settings.points == ""
    assert any("not for the line" in problem for problem in problems)
    kept, problems = from_query({"p": text, "on": "plane"}, RaceSettings)
    assert (kept.points, problems) == (text, [])


# ---------------------------------------------------------------- the race against the core


def test_stop_ends_the_race_that_is_under_way_though_the_button_was_drawn_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr(parts.st, "session_state", session)
    parts.halt()  # there is none
    before, now = (Race.start(state_of(RaceSettings(beta=beta)).terms) for beta in (0.1, 0.2))
    session[RACE] = now
    parts.halt()
    assert (before.halted, now.halted, now.complete) == (False, True, True)


def test_over_the_presets_of_the_line_wide_runs_mostly_arrive_and_narrow_ones_mostly_do_not() -> None:
    """The lesson's claim, at its settings."""
    came: dict[str, list[bool]] = {"wide": [], "narrow": []}
    presets = [name for name, spec in data.DATASETS.items() if (spec.dims, spec.task) == (1, "regression")]
    for preset in presets:
        now, race = run_out(RaceSettings().changed(dataset=preset))
        for finished in race.done.values():
            came[finished.entry.lane].append(gap_of(now, finished) <= ARRIVED)
    assert len(came["wide"]) == len(came["narrow"]) == 3 * len(presets)
    assert np.mean(came["wide"]) > 0.5
    assert np.mean(came["narrow"]) < 0.25


def test_wide_runs_arrive_narrow_ones_get_stuck_and_none_is_below_the_bound() -> None:
    now, race = run_out(RaceSettings())
    assert list(race.done) == list(RUNS)
    solution = cv.solve(now.problem.X, now.problem.targets, beta=0.1)
    for finished in race.done.values():
        value = objective(finished.run.network, now.problem.X, now.problem.targets, 0.1, "squared")
        assert value == pytest.approx(finished.run.objective, rel=1e-9)
        assert value >= solution.lower_bound * (1 - 1e-9)
        if finished.entry.lane == "wide":
            assert value <= solution.objective * (1 + 1e-3)
    stuck_ones = [f for f in race.done.values() if stuck(now, f)]
    assert any(f.entry.lane == "narrow" and gap_of(now, f) > 1e-2 for f in stuck_ones)
    wanted = train(now.problem.X, now.problem.targets, 0.1, width=200, seed=1)
    assert race.done["wide-2"].run.objective == wanted.objective


def test_the_table_and_the_verdict_say_what_was_trained() -> None:
    now, race = run_out(RaceSettings())
    rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in run_text.table(now, race).splitlines()]
    by_name = {row[0]: row for row in rows[2:]}
    for name, words in RUNS.items():
        finished, row = race.done[name], by_name[words]
        assert float(row[1]) == pytest.approx(finished.run.objective, rel=1e-5)
        assert row[2] == gap_text(gap_of(now, finished))
        assert int(row[3]) == finished.run.merged.width
        assert int(row[4]) == len(finished.run.objectives) - 1
        assert (row[6] == "arrived") == arrived(now, finished)
    assert now.optimum is not None
    assert float(by_name["optimum"][1]) == pytest.approx(now.optimum.objective, rel=1e-5)
    words = run_text.verdict(now, race)
    assert "3 of 3 at the optimum" in words
    assert "3 stuck above" in words
    assert "none did" in words


def test_a_wide_run_that_is_stuck_is_told_which_neuron_it_lacks() -> None:
    """The neuron named pays: with a little of it the objective falls below that of the end."""
    now, race = run_out(RaceSettings().changed(**PROMPTS["tent"].changes))
    lacking = [f for f in race.done.values() if f.entry.lane == "wide" and stuck(now, f)]
    assert lacking
    for finished in lacking:
        missed, end = finished.missed, finished.run.network
        assert missed is not None
        assert missed.u is not None
        assert missed.excess > 1.1
        more = cv.ReLUNetwork(
            np.vstack([end.U, missed.u]), np.append(end.b, missed.b), np.append(end.w, 1e-4 * missed.sign), end.c
        )
        value = objective(more, now.problem.X, now.problem.targets, 0.1, "squared")
        assert value < finished.run.objective - 0.5e-4 * (missed.excess - 1) * 0.1
    assert "The dual function names a neuron" in run_text.verdict(now, race)
    assert "*wide" in run_text.verdict(now, race)


def test_a_gap_is_the_badges_and_is_written_as_the_badge_writes_it() -> None:
    now, race = run_out(RaceSettings())
    assert now.optimum is not None
    for finished in race.done.values():
        value, lower = finished.run.objective, now.optimum.lower_bound
        assert gap_of(now, finished) == pytest.approx((value - lower) / value, abs=2e-9)
    values = [0.59, 0.0371, 1.4e-6, 9.96e-4, 1e-3, 4e-13, 0.999, 1.0, -2e-5]
    numbers = (Path(badge.__file__).parent / "numbers.js").as_uri()
    code = f"import {{ scientific }} from {json.dumps(numbers)}; console.log({values}.map(scientific).join())"
    done = node.run("--input-type=module", "-e", code)
    assert done.returncode == 0, done.stderr
    assert [gap_text(value) for value in values] == done.stdout.strip().split(",")
    assert gap_text(0.0) == "0"


# ---------------------------------------------------------------- the film


@pytest.mark.parametrize(
    "settings",
    [RaceSettings(), RaceSettings().changed(dataset="moons", task="classification", iterations=300)],
    ids=["line", "plane"],
)
def test_the_film_shows_the_runs_as_they_went_and_is_small(settings: RaceSettings) -> None:
    now, race = run_out(settings)
    bold = race.done["wide-1"]
    packed = frames.frames(now, race, bold)
    film = json.loads(packed)
    assert len(packed) < BYTES
    assert len(film) <= FRAMES
    rounds = [frame["round"] for frame in film]
    assert rounds == sorted(set(rounds))
    assert rounds[0] == 0
    assert rounds[-1] == max(len(f.run.objectives) for f in race.done.values()) - 1
    for frame in (film[0], film[len(film) // 2], film[-1]):
        at = min(frame["round"], len(bold.run.objectives) - 1)
        assert frame["badge"]["objective"] == pytest.approx(bold.run.objectives[at], rel=1e-2)
        said = re.search(r"relative gap (\S+),", frame["caption"])
        assert said is not None
        assert said.group(1) == gap_text(float(frame["badge"]["gap"]))
        shown = network_of(frame["network"])
        there = bold.run.snapshots[bold.at(frame["round"])].network
        X = now.problem.X
        size = np.abs(there.predict(X)).max()
        np.testing.assert_allclose(shown.predict(X), there.predict(X), atol=2e-2 * size)
        cursor = frame["figures"]["curves"][-1]["x"]
        assert cursor[0] == max(frame["round"], 0.7)
        for curve in frame.get("curves", []):
            assert isinstance(curve["x"], list)  # the board decodes no packed curves
            x, y = decoded(curve["x"]), decoded(curve["y"])
            if curve["id"] == "optimum":
                assert now.optimum is not None
                there = now.optimum.network
            else:
                other = race.done[curve["id"]]
                there = other.run.snapshots[other.at(frame["round"])].network
            low, high = now.window[1]
            heights = np.clip(there.predict(x[:, None]), 2 * low - high, 2 * high - low)
            np.testing.assert_allclose(y, heights, atol=1e-2 * (high - low))


def network_of(message: dict[str, Any]) -> cv.ReLUNetwork:
    b, w = decoded(message["b"]), decoded(message["w"])
    return cv.ReLUNetwork.normalized(decoded(message["u"]).reshape(len(b), -1), b, w, message["c"])


# ---------------------------------------------------------------- work that nobody wants


@pytest.fixture
def endless() -> Terms:
    """A race that takes much longer than anyone waits."""
    settings = replace(RaceSettings(), solver="sgd", iterations=5000, narrow=10, wide=400)
    return replace(state_of(settings).terms, iterations=10**6)


def test_a_stop_takes_effect_at_once_and_keeps_what_was_trained(endless: Terms) -> None:
    race = Race.start(endless)
    race.advance(0.1)
    wait = time.monotonic() + SECONDS
    while race.iteration < 5 and time.monotonic() < wait:
        race.advance(0.01)
    value, words = run_text.progress(race)
    assert 0 <= value < 1
    assert "narrow 1: iteration" in words
    begun = time.monotonic()
    race.halt()
    wait_for(race, SOON)
    assert time.monotonic() - begun < SOON
    run = race.done["narrow-1"].run
    assert list(race.done) == ["narrow-1"]
    assert run.outcome == "stopped"
    assert len(run.objectives) > 5


def test_cancelled_and_deserted_races_end_without_a_result(endless: Terms, monkeypatch: pytest.MonkeyPatch) -> None:
    for desert in (False, True):
        race = Race.start(endless)
        race.advance(0.05)
        assert race.job is not None
        if desert:
            monkeypatch.setattr(runs, "ABANDON_SECONDS", 0.1)
        else:
            race.cancel()
        race.job.join(SOON)
        assert not race.job.alive
        assert race.done == {}
        assert not race.complete
    race.advance(0.0)  # somebody looks again
    assert race.job.alive
    race.cancel()
    race.job.join(SOON)


# ---------------------------------------------------------------- the page


def finished_page(at: AppTest) -> AppTest:
    """The page, run until its race is over and shown."""
    end = time.monotonic() + SECONDS
    while not at.session_state[RACE].complete and time.monotonic() < end:
        time.sleep(0.1)
        at.run()
    return at.run()


@pytest.fixture(scope="module")
def page() -> AppTest:
    return finished_page(opened("race", iterations="300"))


def test_the_page_shows_the_race_and_follows_the_data(page: AppTest) -> None:
    at = page
    assert not at.exception
    assert not at.error
    assert "none did" in prose(at)
    assert set(at.selectbox(key="set-run").options) == set(RUNS.values())
    keys = {block.proto.id.rpartition("-race-")[2] for block in components(at)}
    assert {"board", "badge", "film", "curves", "neurons"} <= keys
    before, film = at.session_state[RACE], at.session_state[KEPT]
    at.selectbox(key="set-run").select("wide-3").run()
    assert at.session_state[RACE] is before
    assert at.session_state[KEPT] != film
    drawn(at, "race-line-regression", [[-0.5, 0.0], [0.0, 1.0], [0.5, 0.0]])
    after = at.session_state[RACE]
    assert after is not before
    assert after.terms.problem.X.tolist() == [[-0.5], [0.0], [0.5]]
    drawn(at, "race-line-regression", [[0.0, 1.0], [0.5, 1.0]])
    assert "nothing to race for" in prose(at)
    assert at.session_state[RACE] is None
    if after.job is not None:
        after.job.join(SOON)
        assert not after.job.alive
    assert not at.exception


def judged(at: AppTest) -> bool:
    """Whether the guide was told that the challenge under way is met."""
    [guide] = [block for block in at.get("bidi_component") if block.proto.component_name == "convexviz_guide"]
    return bool(json.loads(guide.proto.json)["done"])


def test_a_challenge_is_judged_by_the_runs_of_the_page_and_by_nothing_else() -> None:
    at = opened("race", challenge="stuck")
    race, now = at.session_state[RACE], RaceSettings()
    assert not judged(at)
    finished_page(at)
    assert not judged(at)
    at.slider(key="set-wide").set_value(20).run()
    assert at.session_state[RACE] is not race
    finished_page(at)
    assert judged(at)
    points = view_state.points_of(now).named(now)[0]
    assert len(ends(now, points)) == len(RUNS), "without a page the race is run"
    assert ends(now, None) == []
    assert {challenge.name for challenge in CHALLENGES} == {"stuck", "arrive", "crowd"}


def test_every_prompt_sets_the_page(page: AppTest) -> None:
    assert len(PROMPTS) >= 5
    for prompt in PROMPTS.values():
        settings = RaceSettings().changed(**prompt.changes)
        assert {name: getattr(settings, name) for name in prompt.changes} == prompt.changes
    page.button(key="try-plane").click().run()
    assert not page.exception
    assert page.session_state[RACE].terms.problem.d == 2
    assert "race-plane-regression" in page.session_state
    page.session_state[RACE].cancel()


def test_the_code_repeats_the_race() -> None:
    settings = RaceSettings(iterations=100)
    lines = script(scene_at("/race?iterations=100").code)["printed"]
    now, race = run_out(settings)
    runs = [line.split() for line in lines[1:]]
    assert [int(words[0]) for words in runs] == [settings.narrow] * 3 + [settings.wide] * 3
    for words, finished in zip(runs, race.done.values(), strict=True):
        assert float(words[2]) == finished.run.objective
        assert float(words[3]) == pytest.approx(gap_of(now, finished), abs=1e-9)
    assert set(LANES) == {"narrow", "wide"}
    assert ARRIVED == 1e-3
