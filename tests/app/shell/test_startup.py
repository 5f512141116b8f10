"""A script runner that has ended is heard out before another is started for a fragment; without a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from convexviz.app.shell import startup


class Runner:
    """A script runner that takes further runs, or has ended."""

    def __init__(self, ended: bool) -> None:
        self.ended, self.taken = ended, []

    def request_rerun(self, rerun: RerunData) -> bool:
        self.taken += [] if self.ended else [rerun]
        return not self.ended


class Session:
    """What of a session the start of a run looks at, and a loop on which nothing is done before `later`."""

    def __init__(self, runner: Runner | None) -> None:
        self._scriptrunner, self._event_loop, self._state = runner, self, AppSessionState.APP_NOT_RUNNING
        self.fragments, self.waiting, self.started = {"part"}, [], []

    def has_fragment(self, name: str) -> bool:
        return name in self.fragments

    def call_later(self, seconds: float, callback: Callable[..., None], *args: Any) -> None:
        self.waiting.append((callback, args))

    def later(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback, args in waiting:
            callback(*args)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Callable[[Session, RerunData], None]:
    """How a session starts a run."""
    monkeypatch.setattr(AppSession, "_create_scriptrunner", lambda session, rerun: session.started.append(rerun))
    startup.hear_runs_out()
    startup.hear_runs_out()  # once is enough
    return AppSession._create_scriptrunner


PART = RerunData(fragment_id="part")


def test_without_a_runner_a_run_starts_at_once(start: Callable[..., None]) -> None:
    session = Session(None)
    start(session, PART)
    assert (session.started, session.waiting) == ([PART], [])


def test_a_runner_that_has_ended_is_waited_for(start: Callable[..., None]) -> None:
    session = Session(Runner(ended=True))
    start(session, PART)
    session.later()
    assert session.started == []
    session._scriptrunner = None  # its shutdown has been heard
    session.later()
    assert (session.started, session.waiting) == ([PART], [])


def test_a_runner_that_came_meanwhile_takes_the_run(start: Callable[..., None]) -> None:
    session, next_runner = Session(Runner(ended=True)), Runner(ended=False)
    start(session, PART)
    session._scriptrunner = next_runner
    session.later()
    assert (next_runner.taken, session.started, session.waiting) == ([PART], [], [])


@pytest.mark.parametrize("gone", ["visitor", "fragment"])
def test_nothing_is_run_for_those_who_have_gone(start: Callable[..., None], gone: str) -> None:
    session = Session(Runner(ended=True))
    start(session, PART)
    session._scriptrunner = None
    if gone == "visitor":
        session._state = AppSessionState.SHUTDOWN_REQUESTED
    else:
        session.fragments.clear()
    session.later()
    assert (session.started, session.waiting) == ([], [])


def test_another_streamlit_is_left_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delattr(AppSession, "_create_scriptrunner")
    startup.hear_runs_out()
    assert "left as it is" in caplog.text
