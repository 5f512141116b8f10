"""The lesson on digits: one objective for all who are trained, what is proved, pictures, the page."""

from __future__ import annotations

import json
import time
import warnings

import numpy as np
import pytest
from geometry_pages import follow, link_of, opened, prose, script, sent, warned
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.compute import digit_images
from convexviz.app.lessons.digits import parts, run_text
from convexviz.app.lessons.digits import training as work
from convexviz.app.lessons.digits.settings import MOST_WHITENED, DigitsSettings
from convexviz.app.lessons.digits.training import OURS, RELAXATION, Task, Work, data_of
from convexviz.core.dual.certificate import objective
from convexviz.core.network import ReLUNetwork

TEN = tuple(range(10))
LOGISTIC, SQUARED = Task((3, 8), 6, "logistic", 0.2, 0), Task((1, 7), 4, "squared", 0.3, 1)
WHITE = Task((3, 8), 5, "squared", 0.2, 0, whitened=True)
SMALL_TEN = Task(TEN, 2, "logistic", 1.0, 0)
ABOVE = 3e-3  # relative, by which ours may lie above an MLP: on a busy machine the clock stops it early
ROUNDING = 1e-9
KNOWN = digit_images.digits()


def finished(task: Task) -> Work:
    """Everyone trained."""
    one = work.work_of(task)
    end = time.monotonic() + 60
    while not one.complete and time.monotonic() < end:
        one.advance(0.2)
    assert one.complete
    assert one.failed == []
    return one


def by_hand(task: Task, f: np.ndarray, penalty: float) -> float:
    """loss + beta penalty, written out."""
    y = data_of(task).y
    if task.loss == "squared":
        return float(0.5 * ((f - y) ** 2).sum() + task.beta * penalty)
    if task.two:
        return float(np.log1p(np.exp(-y * f)).sum() + task.beta * penalty)
    return float((np.log(np.exp(f).sum(axis=1)) - (y * f).sum(axis=1)).sum() + task.beta * penalty)


# --- who is trained, and on what -----------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [SQUARED, WHITE, SMALL_TEN], ids=str)
def test_images_are_of_the_classes_and_the_rest_is_unseen(task: Task) -> None:
    data = data_of(task)
    values, counts = np.unique(data.target, return_counts=True)
    assert values.tolist() == sorted(task.classes)
    assert set(counts) == {task.images}
    everyone = np.isin(KNOWN.target, task.classes)
    assert len(data.raw) + len(data.truth) == everyone.sum()
    together = np.vstack([data.raw, data.unseen_raw])
    assert len(np.unique(together, axis=0)) == len(np.unique(KNOWN.X[everyone], axis=0))
    first = data.target == task.classes[0]
    np.testing.assert_array_equal(data.y if task.two else 2 * data.y[:, 0] - 1, np.where(first, 1.0, -1.0))
    if task.whitened:
        np.testing.assert_allclose(data.X @ data.X.T, np.eye(len(data.X)), atol=1e-9)


@pytest.mark.parametrize("task", [LOGISTIC, SQUARED, SMALL_TEN, Task(TEN, 2, "squared", 0.3, 0)], ids=str)
def test_an_mlp_is_a_network_of_ours_and_minimises_our_objective(task: Task) -> None:
    """Trained again by scikit-learn alone: same outputs; its loss is our objective, but for the scaling it found."""
    width = work.WIDTHS[len(task.classes)][0]
    name, train = next(one for one in work.contests(task) if one[0].startswith(f"MLP {width} (L-BFGS"))
    found, data = work.measured(name, train, task, lambda: False), data_of(task)
    outputs = 1 if task.two else 10
    kind = MLPRegressor if task.loss == "squared" else MLPClassifier
    alpha = task.beta / (outputs if task.loss == "squared" else 1)
    model = kind(hidden_layer_sizes=(width,), solver="lbfgs", alpha=alpha, max_iter=work.STEPS, random_state=task.seed)
    target = data.y if task.loss == "squared" or task.two else data.target
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(data.X, target)
    network = work.network_of(model)
    f = network.predict(data.X)
    if task.loss == "squared":
        np.testing.assert_allclose(f, model.predict(data.X).reshape(f.shape), atol=1e-9)
    else:
        assert found.accuracy == pytest.approx((model.predict(data.unseen) == _labels(task)).mean(), abs=0.02)
    theirs = len(data.X) * model.loss_ * (outputs if task.loss == "squared" else 1)
    mine = by_hand(task, f[:, 0] if task.two else f, network.penalty)
    assert found.objective == pytest.approx(mine, rel=1e-3)  # threads may round differently along 500 steps
    assert mine <= theirs * (1 + ROUNDING)
    assert mine == pytest.approx(theirs, rel=0.1)


def _labels(task: Task) -> np.ndarray:
    truth = data_of(task).truth
    return np.where(truth == task.classes[0], 1.0, -1.0) if task.two else truth


@pytest.mark.parametrize("task", [LOGISTIC, SQUARED, SMALL_TEN, Task(TEN, 2, "squared", 0.3, 0)], ids=str)
def test_a_linear_model_counts_as_neurons_active_everywhere(task: Task) -> None:
    name, train = next(one for one in work.contests(task) if one[0] == work.linear_name(task.loss))
    found, data = work.measured(name, train, task, lambda: False), data_of(task)
    model = Ridge(alpha=task.beta) if task.loss == "squared" else LogisticRegression(C=1 / task.beta, max_iter=500)
    model.fit(data.X, data.y if task.two or task.loss == "squared" else data.target)
    W, c = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
    left, size, right = np.linalg.svd(W, full_matrices=False)
    high = 100.0  # biases that no image undercuts; what they add is taken off again
    weights = (left * size).T
    network = ReLUNetwork(right, np.full(len(right), high), weights, c - high * weights.sum(axis=0))
    np.testing.assert_allclose(network.predict(data.X), data.X @ W.T + c, atol=1e-8)
    if task.two:
        single = cv.ReLUNetwork(right, np.full(1, high), weights[:, 0], float(network.c[0]))
        expected = objective(single, data.X, data.y, task.beta, task.loss)
    else:
        expected = objective(network, data.X, data.y, task.beta, task.loss)
    assert found.objective == pytest.approx(expected, rel=1e-6)


# --- results -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [LOGISTIC, SQUARED, WHITE, SMALL_TEN], ids=str)
def test_ours_ends_no_higher_than_anyone_and_the_bound_below_all(task: Task) -> None:
    done = finished(task).done
    assert set(done) == {name for name, _ in work.contests(task)}
    best = work.best(task, done)
    assert best is not None
    data = data_of(task)
    assert best.objective == pytest.approx(by_hand(task, best.network.predict(data.X), best.network.penalty), rel=1e-9)
    for one in done.values():
        assert one.objective is not None
        assert best.objective <= one.objective * (1 + ABOVE), one.name
        assert best.lower_bound <= one.objective * (1 + ROUNDING), one.name
        assert 0.5 < one.accuracy <= 1
        assert one.accuracy == pytest.approx((one.guess == data.truth).mean())
        assert one.seconds > 0
    if task.whitened:
        assert best.certified
        assert work.exactness(task).holds
        assert best.lower_bound == pytest.approx(best.objective, rel=2e-6)
    elif task.two:
        assert best.lower_bound == -np.inf
        assert not best.certified


def test_what_branch_and_bound_proves_holds_for_whatever_else_is_trained() -> None:
    """The bound of the badge lies below the objective of all contestants, and below that of a longer search."""
    for task in (SQUARED, LOGISTIC, Task((3, 8), 30, "hinge", 0.2, 0)):
        found, data = finished(task).found, data_of(task)
        assert found is not None
        assert -np.inf < found.lower_bound <= found.objective
        assert found.gap == pytest.approx((found.objective - found.lower_bound) / found.objective, abs=1e-9)
        longer = cv.solve(data.X, data.y, task.beta, task.loss, method="ascent", time_limit=5)
        rivals = [one.objective for one in finished(task).done.values() if one.objective is not None]
        assert found.lower_bound <= min(longer.objective, *rivals) * (1 + ROUNDING)
    assert finished(LOGISTIC).found.certified  # type: ignore[union-attr]


def test_before_anything_is_proved_the_badge_shows_no_bound() -> None:
    one = Work.start(SQUARED)
    one.done = {OURS: finished(SQUARED).done[OURS]}
    assert one.found is not None
    shown = parts.certificate(SQUARED, one, one.found)
    assert not {"lower_bound", "gap"} & set(shown)
    assert "Branch and bound now looks" in shown["message"]
    ended = parts.certificate(SQUARED, finished(SQUARED), finished(SQUARED).found)
    assert np.isfinite([ended["lower_bound"], ended["gap"]]).all()


def test_work_given_up_is_taken_up_again() -> None:
    one = Work.start(Task((0, 4), 3, "logistic", 0.5, 0))
    reading = iter(one.done)
    one.advance(0.0)
    one.cancel()
    assert one.job is not None
    one.job.join(20)
    assert not one.job.alive
    end = time.monotonic() + 30
    while not one.complete and time.monotonic() < end:
        one.advance(0.2)
    assert set(one.done) == {name for name, _ in work.contests(one.task)}
    assert list(reading) == [], "a page that reads the results of a moment ago is not disturbed by those that come in"


def test_who_cannot_be_trained_is_named_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def broken(task: Task, data: work.Data, stop: work.Stop) -> work.Fit:
        raise cv.SolveError("no answer")

    task = Task((0, 4), 3, "logistic", 0.5, 0)
    one = Work(task, [(OURS, broken), *work.contests(task)[:1]])
    end = time.monotonic() + 30
    while not one.complete and time.monotonic() < end:
        one.advance(0.2)
    assert one.failed == [OURS]
    assert set(one.done) == {RELAXATION}
    assert "no answer" in caplog.text
    assert f"| {OURS} | failed |" in run_text.table(task, one)


def test_neurons_are_drawn_heaviest_first_with_what_they_speak_for() -> None:
    for task in (SQUARED, WHITE, SMALL_TEN):
        best, data = work.best(task, finished(task).done), data_of(task)
        assert best is not None
        W = parts.output_weights(best)
        order = np.argsort(-np.linalg.norm(W, axis=1), kind="stable")[: parts.MOST_NEURONS]
        traces = parts.neurons_spec(task, data, best, True)["data"]
        for trace, j in zip(traces, order, strict=False):
            pattern = np.asarray(trace["z"], float).ravel()
            np.testing.assert_allclose(pattern, data.pictures(best.network.U[[j]])[0], atol=1e-6)
            digit = task.classes[int(W[j, 0] < 0)] if task.two else int(W[j].argmax())
            lit = int((data.X @ best.network.U[j] + best.network.b[j] > parts.LIT).sum())
            assert trace["name"] == f"<b>{digit}</b>: {np.linalg.norm(W[j]):.2f}<br>on {lit}"
        strips = traces[len(order) :]
        assert len(strips) == (0 if task.two else len(order))
        for trace, j in zip(strips, order, strict=False):
            np.testing.assert_allclose(np.ravel(trace["z"]), W[j], atol=1e-6)


def test_the_images_called_wrong_are_wrong() -> None:
    best, data = work.best(SMALL_TEN, finished(SMALL_TEN).done), data_of(SMALL_TEN)
    assert best is not None
    traces = parts.missed_spec(SMALL_TEN, data, best)["data"]
    assert len(traces) == run_text.LAST_ROW
    for trace in traces:
        image = np.asarray(trace["z"], float).ravel()
        row = int(np.abs(KNOWN.X - image).max(axis=1).argmin())
        guess = int(best.network.predict(KNOWN.X[[row]]).argmax())
        assert guess != KNOWN.target[row]
        assert trace["name"] == f"a {KNOWN.target[row]},<br>taken for {guess}"


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page of one session, for tests that set all that they need by a link."""
    return opened("digits", scene="two", images="4", digit_loss="logistic")


def settled(at: AppTest) -> AppTest:
    """Look again until all are trained and what can be proved is, as the browser does."""
    end = time.monotonic() + 60
    while "are trained now" in _table_text(at) and time.monotonic() < end:
        at.run()
    return at


def _table_text(at: AppTest) -> str:
    (text,) = [block.value for block in at.markdown if block.value.startswith("| trained on")]
    return text


def rows_of(at: AppTest) -> dict[str, list[str]]:
    lines = [line for line in _table_text(at).splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: rest for name, *rest in cells}


def test_the_page_shows_what_was_trained(shared: AppTest) -> None:
    at = settled(follow(shared, scene="two", images="6", digit_loss="logistic"))
    done = finished(LOGISTIC).done
    rows = rows_of(at)
    assert list(rows)[:2] == [OURS, RELAXATION]
    assert set(rows) == set(done)
    for name, (accuracy, value, _) in rows.items():
        assert float(accuracy.rstrip("%")) == pytest.approx(100 * done[name].accuracy, abs=0.051)
        assert float(value) == pytest.approx(done[name].objective, rel=1e-3)
    page = sent(at, "digits")
    assert set(page) == {"badge", "figures"}
    found = finished(LOGISTIC).found
    assert found is not None
    assert page["badge"]["status"] == "certified", "branch and bound accounts for all neurons of so few images"
    assert page["badge"]["objective"] == pytest.approx(found.objective)
    assert {"neurons"} <= set(page["figures"]["figures"])
    assert "Lowest objective" in prose(at)


def test_other_digits_bring_other_neurons_and_swap_where_they_meet(shared: AppTest) -> None:
    at = settled(follow(shared, scene="two", images="4", digit_loss="logistic"))
    before = sent(at, "digits")["figures"]["figures"]["neurons"]
    at.selectbox(key="set-first").set_value("8").run()
    assert (at.selectbox(key="set-first").value, at.selectbox(key="set-second").value) == ("8", "3")
    swapped = sent(settled(at), "digits")["figures"]["figures"]["neurons"]
    assert swapped != before
    at.selectbox(key="set-second").set_value("0").run()
    names = {t["name"][3:4] for t in json.loads(sent(settled(at), "digits")["figures"]["figures"]["neurons"])["data"]}
    assert names <= {"8", "0"}


def test_whitened_images_are_proved(shared: AppTest) -> None:
    at = follow(shared, scene="two", images="30", digit_loss="squared")
    at.toggle(key="set-whiten").set_value(True).run()
    assert at.number_input(key="set-images").value == MOST_WHITENED
    at = settled(follow(shared, scene="two", images="5", whiten="1"))
    page = sent(at, "digits")
    assert page["badge"]["status"] == "certified"
    assert "exact" in page["badge"]["message"]


def test_ten_digits_have_strips_and_no_relaxation(shared: AppTest) -> None:
    at = settled(follow(shared, scene="ten", per_digit="2", digit_loss="logistic", beta="1"))
    rows = rows_of(at)
    assert OURS in rows
    assert RELAXATION not in rows
    page = sent(at, "digits")
    assert 0 < page["badge"]["lower_bound"] < page["badge"]["objective"]
    assert any(t["name"].endswith("strip") for t in json.loads(page["figures"]["figures"]["neurons"])["data"])


def test_share_damaged_and_hidden(shared: AppTest) -> None:
    query = {"images": "4", "digit_loss": "logistic", "first": "1", "second": "7", "seed": "3"}
    assert link_of(follow(shared, **query)) == query
    damaged = follow(shared, scene="ten", digit_loss="hinge", per_digit="2", first="4", second="4", images="900")
    assert {"`images=900`", "second = 4"} <= warned(damaged)
    assert damaged.selectbox(key="set-loss").value in ("squared", "logistic")
    hidden = follow(shared, scene="two", images="4", digit_loss="logistic", hide="data,loss,beta")
    assert not {one.key for one in hidden.selectbox} & {"set-first", "set-second", "set-loss"}
    assert set(sent(hidden, "digits")) == {"badge", "figures"}


@pytest.mark.parametrize("task", [LOGISTIC, WHITE, SMALL_TEN], ids=str)
def test_the_code_trains_on_the_same_images(task: Task) -> None:
    code = run_text.python_code(task)
    names, data = script(code), data_of(task)
    np.testing.assert_allclose(names["X"], data.X, atol=1e-12)
    best = work.best(task, finished(task).done)
    assert best is not None
    assert names["s"].objective == pytest.approx(best.objective, rel=ABOVE if task.two else 0.05)


def test_settings_name_the_task() -> None:
    two = DigitsSettings(scene="two", first="4", second="9", images=7, loss="hinge", beta=0.5, seed=3)
    assert parts.task_of(two) == Task((4, 9), 7, "hinge", 0.5, 3)
    ten = DigitsSettings(scene="ten", per_digit=3, loss="logistic", beta=0.5, seed=3, whiten=True)
    assert parts.task_of(ten) == Task(TEN, 3, "logistic", 0.5, 3)
