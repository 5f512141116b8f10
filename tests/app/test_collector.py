"""Garbage is collected when nobody is being served, at last even when somebody is, and not without reason."""

from __future__ import annotations

import gc
import threading
import tomllib
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from convexviz.app import collector
from convexviz.app.collector import LONGEST, Collector

ROOT = Path(__file__).resolve().parents[2]


class Session:
    """What a visitor leaves behind: a cycle, which only the collector takes apart."""

    def __init__(self) -> None:
        self.own = self
        self.data = bytearray(1000)


@pytest.fixture
def left_alone() -> Iterator[None]:
    """No collection but those asked for."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def churn(visitors: int = 2000) -> list[weakref.ref[Session]]:
    """Visitors that come and go; makes the interpreter count young collections, as a living server does."""
    gone = [weakref.ref(Session()) for _ in range(visitors)]
    gc.collect(1)  # as happens by itself all the time
    return gone


def alive(visitors: list[weakref.ref[Session]]) -> int:
    return sum(visitor() is not None for visitor in visitors)


def old() -> list[weakref.ref[Session]]:
    """Visitors that have survived young collections and then left: only a whole collection finds them."""
    here = [Session() for _ in range(50)]
    gone = [weakref.ref(visitor) for visitor in here]
    gc.collect(0)
    gc.collect(1)
    return gone


@pytest.mark.usefixtures("left_alone")
def test_what_visitors_leave_is_collected_when_nobody_is_served() -> None:
    keeper = Collector(lambda: False)
    for _ in range(3):  # memory does not grow from one crowd to the next
        gone = old()
        assert alive(gone) == 50
        churn()
        assert keeper.look()
        assert alive(gone) == 0


@pytest.mark.usefixtures("left_alone")
def test_a_page_that_is_being_made_is_let_finish_but_not_for_ever() -> None:
    now = [0.0]
    keeper = Collector(lambda: True, lambda: now[0])
    gone = old()
    churn()
    assert not keeper.look()
    assert alive(gone) == 50
    now[0] = LONGEST
    assert keeper.look()
    assert alive(gone) == 0


@pytest.mark.usefixtures("left_alone")
def test_an_idle_server_sleeps() -> None:
    keeper = Collector(lambda: False)
    churn()
    assert keeper.look()
    assert not keeper.look()


def test_a_page_being_made_is_known_by_its_thread() -> None:
    assert not collector.making_a_page()
    end = threading.Event()
    page = threading.Thread(target=end.wait, name=collector.SCRIPT_THREAD)
    page.start()
    assert collector.making_a_page()
    end.set()
    page.join()
    assert not collector.making_a_page()


def test_one_thread_collects_and_the_interpreter_leaves_the_whole_heap_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()
    monkeypatch.setattr(collector, "_keep_collecting", lambda keeper: end.wait())
    before = gc.get_threshold()
    try:
        first = collector.start()
        assert collector.start() is first
        assert first.daemon
        assert gc.get_threshold() == (*before[:2], collector.SELDOM)
    finally:
        gc.set_threshold(*before)
        end.set()
        first.join()


def test_streamlit_is_told_to_leave_it_and_what_a_browser_may_send() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False
    assert settings["server"]["maxWidgetStateSize"] == 1
    known = {f"{option.section}.{option.name}" for option in config._config_options_template.values()}
    assert known >= {f"{section}.{name}" for section in ("runner", "server") for name in settings[section]}
