"""Work beside the page: it can be stopped, it ends with its visitor, and its failure is not the page's."""

from __future__ import annotations

import logging
import threading
import time

import numpy as np
import pytest

from convexviz.app.components.board import View
from convexviz.app.compute import background as jobs
from convexviz.app.compute import paths
from convexviz.app.compute.answers import Problem
from convexviz.app.compute.background import Job
from convexviz.app.compute.paths import PathWork

VIEW = View()
PATIENCE = 30.0  # seconds that a loaded machine may take


def cloud(n: int = 24, loss: str = "hinge") -> Problem:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (n, 2))
    return Problem.of(X, np.where(X[:, 0] * X[:, 1] > 0, 1.0, -1.0), loss)


def finished(work: PathWork) -> list[int]:
    """Advance to the end; how many solutions there were whenever there was something to send."""
    sent, deadline = [], time.monotonic() + PATIENCE
    while not work.complete or work.known < len(work.solutions):
        assert time.monotonic() < deadline
        if work.advance():
            sent.append(len(work.sorted))
    return sent


def test_a_job_runs_beside_its_maker_and_says_when_there_is_news() -> None:
    go = threading.Event()
    seen: list[int] = []

    def work(job: Job) -> None:
        go.wait(PATIENCE)
        seen.append(threading.get_ident())
        job.say()

    job = Job(work)
    assert job.alive
    assert not seen
    go.set()
    job.wait(PATIENCE)
    job.join(PATIENCE)
    assert seen != [threading.get_ident()]
    assert not job.alive


def test_a_cancelled_job_is_told_and_nobody_waits_for_it() -> None:
    told = threading.Event()

    def work(job: Job) -> None:
        while not job.stop():
            time.sleep(1e-3)
        told.set()

    job = Job(work)
    job.cancel()
    begin = time.monotonic()
    job.wait(PATIENCE)
    assert told.wait(PATIENCE)
    assert time.monotonic() - begin < PATIENCE


def test_a_job_that_nobody_asks_about_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "IDLE_SECONDS", 0.02)

    def work(job: Job) -> None:
        while not job.stop():
            time.sleep(1e-3)

    job = Job(work)
    job.join(PATIENCE)
    assert not job.alive


def test_a_job_that_fails_is_logged_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    def work(job: Job) -> None:
        raise RuntimeError("out of luck")

    with caplog.at_level(logging.ERROR):
        job = Job(work)
        job.wait(PATIENCE)
        job.join(PATIENCE)
    assert "out of luck" in caplog.text
    assert not job.alive


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared"])
def test_the_path_in_the_plane_is_whole_certified_and_sent_twice(loss: str) -> None:
    work = PathWork.start(cloud(loss=loss), VIEW)
    sent = finished(work)
    path = work.sorted
    betas = [s.beta for s in path]
    assert len(path) == paths.LENGTH[2]
    assert betas == sorted(set(betas))
    assert betas[0] == pytest.approx(paths.DEPTH[2] * betas[-1])
    assert all(s.certified for s in path)
    assert path[-1].network.width == 0
    assert sent[-1] == len(path)
    assert len(sent) <= 2


def test_a_path_of_points_that_have_changed_stops_between_two_rounds() -> None:
    work = PathWork.start(cloud(150), VIEW)
    work.advance()
    assert work.job is not None
    work.cancel()
    work.job.join(PATIENCE)
    assert not work.job.alive
    assert not work.complete
    assert all(s.certified for s in work.sorted)


def test_a_path_taken_up_again_goes_on_where_it_was() -> None:
    work = PathWork.start(cloud(), VIEW)
    work.advance()
    work.cancel()
    assert work.job is not None
    work.job.join(PATIENCE)
    kept = dict(work.solutions)
    finished(work)
    assert len(work.solutions) == paths.LENGTH[2]
    assert all(work.solutions[beta] is solution for beta, solution in kept.items())
