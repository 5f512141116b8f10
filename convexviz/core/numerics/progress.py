"""What a long computation says while it lasts: one line on standard error, from a second on, with a running clock.

Whoever has a loop calls `told` with what is known by now; whoever is called by the user opens the line with `line`. A
call inside another one has no line of its own, so that a path over forty betas is one bar and not forty.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
from tqdm.std import tqdm

PATIENCE = 1.0  # seconds in which nothing is said
BEAT = 0.25  # seconds between two looks at the clock
OPEN_ENDED = "{desc}: {elapsed}{postfix}"  # nobody knows how many steps there will be


class Line:
    """One line about the work under way; `total` steps if that is known."""

    def __init__(self, what: str, total: int | None, patience: float) -> None:
        self._what, self._total, self._patience = what, total, patience
        self._steps, self._words = 0, ""
        self._done = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Line:
        self._ticker.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._done.set()
        self._ticker.join()

    @property
    def counted(self) -> bool:
        """Whether it is known how many steps there will be."""
        return self._total is not None

    def step(self, words: str) -> None:
        """One more step is done."""
        self._steps, self._words = self._steps + 1, words

    def _tick(self) -> None:
        """Show the line once the patience is over: the thread that works has other things to do."""
        if self._done.wait(self._patience):
            return
        form = {} if self.counted else {"bar_format": OPEN_ENDED}
        with tqdm(desc=self._what, total=self._total, leave=False, file=sys.stderr, dynamic_ncols=True, **form) as bar:
            bar.start_t -= self._patience
            while True:
                bar.n = self._steps
                rounds = "" if self.counted or not self._steps else f"{self._steps} rounds, "
                bar.set_postfix_str(rounds + self._words, refresh=False)
                bar.refresh()
                if self._done.wait(BEAT):
                    return


_line: ContextVar[Line | None] = ContextVar("line", default=None)


@contextmanager
def line(what: str, verbose: bool | None, total: int | None = None) -> Iterator[Line | None]:
    """Open a line about `what` as long as the block lasts; inside another one nothing is opened.

    `verbose` True asks for it, False for silence, None leaves it to `watched`. Yields None where nothing is said.
    """
    wanted = watched() if verbose is None else verbose
    if not wanted or _line.get() is not None:
        yield None
        return
    with Line(what, total, PATIENCE) as opened:
        token = _line.set(opened)
        try:
            yield opened
        finally:
            _line.reset(token)


def told(upper: float, lower: float) -> None:
    """A round of a solver is done, and these are its bounds: said where the line in use is about rounds."""
    opened = _line.get()
    if opened is not None and not opened.counted:
        opened.step(bounds(upper, lower))


def iterated(objective: float) -> None:
    """An iteration of a training is done: said where the line in use is about iterations."""
    opened = _line.get()
    if opened is not None and opened.counted:
        opened.step(f"objective {objective:.5g}")


def bounds(upper: float, lower: float) -> str:
    """Two bounds in words."""
    if not np.isfinite(upper):
        return "no network yet"
    return f"objective {upper:.5g}, " + (f"at least {lower:.5g}" if np.isfinite(lower) else "no bound yet")


def watched() -> bool:
    """Whether somebody sits at a prompt or in a notebook: what runs by itself is silent unless asked."""
    marimo = sys.modules.get("marimo")
    return hasattr(sys, "ps1") or (marimo is not None and bool(marimo.running_in_notebook()))
