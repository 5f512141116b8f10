"""Runs of pages and of their fragments take turns, so that no page loses its content; without a server."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.state.session_state import SessionState

from convexviz.app import reruns

PART = RerunData(fragment_id="part", page_script_hash="here")
WHOLE = RerunData(page_script_hash="here")
NEXT = RerunData(page_script_hash="next")


class Ended:
    """A script runner that takes no further run."""

    def request_rerun(self, rerun: RerunData) -> bool:
        return False


class Session:
    """What of a session the start of a run looks at, and a loop on which nothing is done before `later`."""

    def __init__(self, runner: Ended | None) -> None:
        self._scriptrunner, self._event_loop, self._state = runner, self, AppSessionState.APP_NOT_RUNNING
        self.fragments, self.waiting, self.started = {"part", "other"}, [], []

    def has_fragment(self, name: str) -> bool:
        return name in self.fragments

    def call_later(self, seconds: float, callback: Callable[..., None], *args: Any) -> None:
        self.waiting.append((callback, args))

    def later(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback, args in waiting:
            callback(*args)


def widgets(**values: str) -> WidgetStates:
    """Texts typed into widgets, as the browser sends them."""
    return WidgetStates(widgets=[WidgetState(id=name, string_value=value) for name, value in values.items()])


def clicked(name: str) -> WidgetState:
    return WidgetState(id=name, trigger_value=True)


# --- a runner that has ended is heard out --------------------------------------------------------------------------


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Callable[[Session, RerunData], None]:
    """How a session starts a run."""
    monkeypatch.setattr(AppSession, "_create_scriptrunner", lambda session, rerun: session.started.append(rerun))
    reruns.hear_runs_out()
    return AppSession._create_scriptrunner


def test_without_a_runner_a_run_starts_at_once(start: Callable[..., None]) -> None:
    session = Session(None)
    start(session, PART)
    assert (session.started, session.waiting) == ([PART], [])


def test_a_runner_that_has_ended_is_waited_for(start: Callable[..., None]) -> None:
    session = Session(Ended())
    start(session, PART)
    session.later()
    session.later()
    assert session.started == []
    session._scriptrunner = None  # its shutdown has been heard
    session.later()
    assert [rerun.fragment_id_queue for rerun in session.started] == [["part"]]
    assert session.waiting == []


def test_fragments_asked_for_meanwhile_run_together(start: Callable[..., None]) -> None:
    session = Session(Ended())
    start(session, PART)
    start(session, RerunData(fragment_id="other", page_script_hash="here"))
    assert len(session.waiting) == 1
    session._scriptrunner = None
    session.later()
    assert [rerun.fragment_id_queue for rerun in session.started] == [["part", "other"]]


def test_a_whole_run_takes_the_clicks_of_those_that_wait_and_keeps_its_own_values(start: Callable[..., None]) -> None:
    session, old, new = Session(Ended()), widgets(picture="neurons"), widgets(picture="film")
    old.widgets.append(clicked("more"))
    start(session, RerunData(fragment_id="part", widget_states=old))
    session._scriptrunner = None
    start(session, RerunData(page_script_hash="next", widget_states=new))
    (rerun,) = session.started
    assert (rerun.fragment_id_queue, rerun.page_script_hash) == ([], "next")
    values = {state.id: state for state in rerun.widget_states.widgets}
    assert values["picture"].string_value == "film"
    assert values["more"].trigger_value
    session.later()
    assert len(session.started) == 1


@pytest.mark.parametrize("gone", ["visitor", "fragment"])
def test_nothing_is_run_for_those_who_have_gone(start: Callable[..., None], gone: str) -> None:
    session = Session(Ended())
    start(session, PART)
    session._scriptrunner = None
    if gone == "visitor":
        session._state = AppSessionState.SHUTDOWN_REQUESTED
    else:
        session.fragments.clear()
    session.later()
    assert (session.started, session.waiting) == ([], [])


# --- the page that is being left -----------------------------------------------------------------------------------


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> ScriptRequests:
    """What a runner has been asked for."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", ScriptRequests._request_rerun_locked)
    reruns.keep_the_next_page()
    return ScriptRequests()


def test_a_page_that_waits_is_not_exchanged_for_the_one_before(requests: ScriptRequests) -> None:
    assert requests.request_rerun(NEXT)
    assert requests.request_rerun(PART)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == "next"


def test_a_fragment_of_the_page_that_waits_is_heard(requests: ScriptRequests) -> None:
    requests.request_rerun(WHOLE)
    requests.request_rerun(RerunData(fragment_id="part", page_script_hash="here", widget_states=widgets(a="b")))
    rerun = requests.on_scriptrunner_ready().rerun_data
    assert (rerun.fragment_id_queue, rerun.widget_states) == ([], widgets(a="b"))


def test_the_last_of_two_pages_is_the_one(requests: ScriptRequests) -> None:
    requests.request_rerun(WHOLE)
    requests.request_rerun(NEXT)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == "next"


def test_who_goes_on_to_another_page_is_not_called_back_by_the_one_that_is_left(requests: ScriptRequests) -> None:
    assert not reruns.goes_on(requests, "here")
    requests.request_rerun(RerunData(fragment_id="part", page_script_hash="here"))
    assert not reruns.goes_on(requests, "here"), "a fragment only"
    requests.request_rerun(NEXT)
    assert reruns.goes_on(requests, "here")
    assert not reruns.goes_on(requests, "next")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[RerunData]]:
    """What a runner runs, on a page with one fragment."""
    done: list[RerunData] = []
    monkeypatch.setattr(ScriptRunner, "_run_script", lambda runner, rerun: done.append(rerun))
    reruns.skip_what_has_gone()
    there = SimpleNamespace(contains=lambda name: name == "part")

    def run(page: str, rerun: RerunData) -> list[RerunData]:
        context = SimpleNamespace(page_script_hash=page)
        ScriptRunner._run_script(SimpleNamespace(_get_script_run_ctx=lambda: context, _fragment_storage=there), rerun)
        return done

    return run


def test_fragments_of_a_page_that_was_left_do_not_run(runs: Callable[..., list[RerunData]]) -> None:
    assert runs("next", RerunData(fragment_id_queue=["gone"], page_script_hash="here")) == []


def test_the_others_run_on_the_page_on_show(runs: Callable[..., list[RerunData]]) -> None:
    expected = RerunData(fragment_id_queue=["part"], page_script_hash="next")
    assert runs("next", RerunData(fragment_id_queue=["gone", "part"], page_script_hash="here")) == [expected]


@pytest.mark.parametrize(("page", "rerun"), [("here", NEXT), ("", RerunData(fragment_id_queue=["gone"]))])
def test_pages_and_the_first_run_of_a_runner_are_left_alone(
    runs: Callable[..., list[RerunData]], page: str, rerun: RerunData
) -> None:
    assert runs(page, rerun) == [rerun]


# --- what was clicked beside a fragment ----------------------------------------------------------------------------


class Held:
    """What of the state of a session tells which widgets have changed: a slider of the page, and one of a fragment."""

    def __init__(self, *changed: str) -> None:
        self.changed = changed
        self._new_widget_state = SimpleNamespace(widget_metadata={"page": self.about(None), "part": self.about("part")})

    @staticmethod
    def about(fragment: str | None) -> SimpleNamespace:
        return SimpleNamespace(disabled=False, fragment_id=fragment, callback=print, value_type="double_value")

    def _widget_changed(self, widget: str) -> bool:
        return widget in self.changed


@pytest.mark.parametrize(("widget", "there"), [("page", True), ("part", False), ("unknown", False)])
def test_a_click_elsewhere_is_told_from_the_fragments_own(widget: str, there: bool) -> None:
    assert reruns.elsewhere(Held(widget), widget, ["part"]) is there  # type: ignore[arg-type]
    assert not reruns.elsewhere(Held(), widget, ["part"])  # type: ignore[arg-type]


# --- all of it -----------------------------------------------------------------------------------------------------


def test_mending_twice_mends_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (
        (AppSession, "_create_scriptrunner"),
        (ScriptRequests, "_request_rerun_locked"),
        (ScriptRunner, "_run_script"),
        (SessionState, "on_script_will_rerun"),
        (SessionState, "_call_callbacks"),
    )
    for kind, name in parts:
        monkeypatch.setattr(kind, name, getattr(kind, name))
    monkeypatch.setattr(AppSession, reruns.MENDED, True, raising=False)
    monkeypatch.delattr(AppSession, reruns.MENDED)
    plain = [getattr(kind, name) for kind, name in parts]
    reruns.mend()
    mended = [getattr(kind, name) for kind, name in parts]
    assert not set(plain) & set(mended)
    reruns.mend()
    assert [getattr(kind, name) for kind, name in parts] == mended


def test_another_streamlit_is_left_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delattr(AppSession, reruns.MENDED, raising=False)
    monkeypatch.delattr(ScriptRunner, "_run_script")
    plain = AppSession._create_scriptrunner
    reruns.mend()
    assert AppSession._create_scriptrunner is plain
    assert "no _run_script" in caplog.text
