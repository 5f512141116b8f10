"""Progress: one line that is written over on a terminal, a line for each message elsewhere, or nothing."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from convexviz.cli import messages
from convexviz.cli.messages import Progress


class Terminal(io.StringIO):
    """Standard error of somebody who looks, and an event once it was written to so often."""

    def __init__(self, often: int = 0) -> None:
        super().__init__()
        self.left, self.reached = often, threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.left -= 1
        if not self.left:
            self.reached.set()
        return super().write(text)


def test_on_a_terminal_one_line_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    say = Progress()
    say("first")
    say("second " * 20)
    say.end()
    wiped, *rest = sys.stderr.getvalue().split("\r\x1b[2K")  # type: ignore[attr-defined]
    assert (wiped, rest) == ("", ["first", ("second " * 20)[:79], ""])
    assert "\n" not in sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_on_a_terminal_a_clock_tells_how_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(often=2)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(messages, "BEAT", 1e-3)
    with Progress().during("solving"):
        assert terminal.reached.wait(60)
    assert "solving, 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[2K")


@pytest.mark.parametrize(("verbose", "said"), [(True, "one\ntwo\n"), (False, "")])
def test_elsewhere_each_message_has_its_line_if_asked_for(
    monkeypatch: pytest.MonkeyPatch, verbose: bool, said: str
) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    say = Progress(verbose)
    for words in ("one", "one", "two"):
        say(words)
    say.end()
    assert sys.stderr.getvalue() == said  # type: ignore[attr-defined]
