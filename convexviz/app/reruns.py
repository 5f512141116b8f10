"""Five mends of how Streamlit 1.67 takes turns between runs of a page and runs of its fragments.

On a busy machine, where a request may come at any moment of a run, each of them cost pages their content:

- A fragment asked for just as a run has ended gets a runner of its own, and all that the last one has sent and the
  server's loop has not come to yet is ignored: a board, a picture, the answer to a click were missing.
- A fragment of the page that is being left, asked for while the next page waits for its run, makes that the run of the
  old page again.
- The same asked for while the next page runs makes the browser clear the next page, for nothing.
- What changes within one turn of the browser's loop is sent as one request, for a fragment if one of the changes is a
  fragment's: of a click beside it, the page saw nothing.
- A request stops the run before it, even while that handles a click, and both handle theirs on one state at a time:
  clicks were half done, and to the new run no news.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state.session_state import SessionState

log = logging.getLogger(__name__)

LAST_WORD = 0.002  # s after which to see whether a runner has been heard out
MENDED = "convexviz_mended"


def mend() -> None:
    """Put all five in place, once; a Streamlit that is made otherwise is left as it is, with a warning in the log."""
    parts = (
        (AppSession, "_create_scriptrunner"),
        (ScriptRequests, "_request_rerun_locked"),
        (ScriptRunner, "_run_script"),
        (SessionState, "on_script_will_rerun"),
        (SessionState, "_call_callbacks"),
    )
    if hasattr(AppSession, MENDED):
        return
    missing = [name for kind, name in parts if not hasattr(kind, name)]
    if missing:
        log.warning("This Streamlit has no %s; pages may lose parts on a busy machine.", ", ".join(missing))
        return
    hear_runs_out()
    keep_the_next_page()
    skip_what_has_gone()
    hear_requests_out()
    run_all_that_was_clicked()
    setattr(AppSession, MENDED, True)


def hear_runs_out() -> None:
    """A fragment's run waits until all that an ended runner has sent is passed on, its shutdown last."""
    create = AppSession._create_scriptrunner
    held: WeakKeyDictionary[AppSession, ScriptRequests] = WeakKeyDictionary()

    def create_after(session: AppSession, rerun: RerunData) -> None:
        if session._scriptrunner is None:  # a whole run takes those with it that wait, as the older ones
            create(session, joined(held.pop(session), rerun) if session in held else rerun)
            return
        waiting = session in held
        held.setdefault(session, ScriptRequests()).request_rerun(rerun)
        if not waiting:
            session._event_loop.call_later(LAST_WORD, again, session)

    def again(session: AppSession) -> None:
        if session not in held:
            return
        if session._state is AppSessionState.SHUTDOWN_REQUESTED:
            del held[session]
        elif session._scriptrunner is not None:
            session._event_loop.call_later(LAST_WORD, again, session)
        else:
            rerun = taken(held.pop(session))
            if any(session.has_fragment(name) for name in rerun.fragment_id_queue):
                create(session, rerun)

    AppSession._create_scriptrunner = create_after  # type: ignore[assignment, method-assign]


def joined(older: ScriptRequests, rerun: RerunData) -> RerunData:
    """One request for all: the newest value of every widget, and every click."""
    older.request_rerun(rerun)
    return taken(older)


def taken(requests: ScriptRequests) -> RerunData:
    """What has been asked for."""
    asked: ScriptRequest = requests.on_scriptrunner_ready()
    return asked.rerun_data


def keep_the_next_page() -> None:
    """A page that waits for its run is not exchanged for the one before by a late word of that one's fragments."""
    request = ScriptRequests._request_rerun_locked

    def request_unless_left(requests: ScriptRequests, new: RerunData) -> bool:
        return leaves(requests, new) or request(requests, new)

    ScriptRequests._request_rerun_locked = request_unless_left  # type: ignore[assignment, method-assign]


def leaves(requests: ScriptRequests, new: RerunData) -> bool:
    """Whether a whole page is waiting, and a fragment of another page asks for its run."""
    return bool(new.fragment_id) and goes_on(requests, new.page_script_hash)


def goes_on(requests: ScriptRequests, page: str) -> bool:
    """Whether a whole page is waiting that is another than this one."""
    next_page = requests._rerun_data
    if requests._state is not ScriptRequestType.RERUN or next_page.fragment_id_queue:
        return False
    return bool(next_page.page_script_hash and page != next_page.page_script_hash)


def skip_what_has_gone() -> None:
    """A fragment that the last run did not bring has no run, and what has one is of the page on show."""
    run = ScriptRunner._run_script

    def run_what_is_there(runner: ScriptRunner, rerun: RerunData) -> None:
        page = runner._get_script_run_ctx().page_script_hash
        if rerun.fragment_id_queue and page:
            here = [name for name in rerun.fragment_id_queue if runner._fragment_storage.contains(name)]
            if not here:
                return
            rerun = replace(rerun, fragment_id_queue=here, page_script_hash=page)
        run(runner, rerun)

    ScriptRunner._run_script = run_what_is_there  # type: ignore[assignment, method-assign]


def hear_requests_out() -> None:
    """What a request says is handled to the end before the next one's turn."""
    handle = SessionState.on_script_will_rerun
    turn = RLock()  # one for all sessions: it takes a millisecond

    def handle_in_turn(state: SessionState, *said: Any, **replayed: Any) -> None:
        with turn, undisturbed(get_script_run_ctx()):
            handle(state, *said, **replayed)

    SessionState.on_script_will_rerun = handle_in_turn  # type: ignore[assignment, method-assign]


def run_all_that_was_clicked() -> None:
    """A fragment's run that brings word of a widget elsewhere is followed by a run of the page."""
    call = SessionState._call_callbacks

    def call_and_go_on(state: SessionState, **replayed: Any) -> None:
        context = get_script_run_ctx()
        here = context.fragment_ids_this_run if context else None
        left_out = bool(here) and any(elsewhere(state, widget, here or []) for widget in list(state._new_widget_state))
        clicks = state._filter_active_trigger_widget_states(state._current_interaction_widget_states)
        call(state, **replayed)
        requests = context.script_requests if context else None
        if left_out and context and requests and not goes_on(requests, context.page_script_hash):
            page = replace(state._build_full_app_rerun(context), replay_trigger_states=clicks)
            requests.request_rerun(page)

    SessionState._call_callbacks = call_and_go_on  # type: ignore[assignment, method-assign]


@contextmanager
def undisturbed(context: ScriptRunContext | None) -> Iterator[None]:
    """Reading the session's state is where a run is stopped by the next: not in here."""
    if context is None:
        yield
        return
    session = context.session_state
    look, session._yield_callback = session._yield_callback, lambda: None
    try:
        yield
    finally:
        session._yield_callback = look


def elsewhere(state: SessionState, widget: str, fragments: Sequence[str]) -> bool:
    """Whether it is a widget that has changed, and that none of these fragments draws."""
    about = state._new_widget_state.widget_metadata.get(widget)
    if about is None or about.disabled or about.fragment_id in fragments or not state._widget_changed(widget):
        return False
    return about.callback is not None or about.value_type == "trigger_value"
