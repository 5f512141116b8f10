"""Garbage is collected on a timer, in a moment when no page is being made, and not after every run of every page.

Streamlit collects everything after each run, with the interpreter locked: at sixty visitors that was three quarters of
the server's time. Sessions leave cycles behind, so somebody must: this thread does, when the server is idle, and after
`LONGEST` at the latest. What the libraries keep alive is frozen (`startup.freeze`) and costs it nothing.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two looks
LONGEST = 60.0  # seconds that a busy server goes without
SCRIPT_THREAD = "ScriptRunner.scriptThread"  # Streamlit's name of a thread that makes a page
SELDOM = 10_000  # collections of the middle generation before the interpreter does the whole by itself


class Collector:
    """Collects when nothing is under way, and not more often than there is reason to.

    `busy` says whether a page is being made, `clock` the time in seconds.
    """

    def __init__(self, busy: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self.busy, self.clock = busy, clock
        self.last = clock()
        self.seen = allocated()

    def look(self) -> bool:
        """Collect if it is time to; says whether it did."""
        if allocated() == self.seen:  # nothing has been made since: an idle server sleeps
            return False
        if self.busy() and self.clock() - self.last < LONGEST:
            return False
        gc.collect()
        self.last, self.seen = self.clock(), allocated()
        return True


def allocated() -> tuple[int, int]:
    """Counts that change with what is made: collections of the middle generation so far, and objects since."""
    middle = gc.get_stats()[1]["collections"]
    return middle, gc.get_count()[1]


def making_a_page() -> bool:
    """Whether any session's page is being made now."""
    return any(thread.name == SCRIPT_THREAD for thread in threading.enumerate())


def start() -> threading.Thread:
    """Start the thread that collects, as long as the server lives; once."""
    running = next((thread for thread in threading.enumerate() if thread.name == NAME), None)
    if running is not None:
        return running
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)  # the whole heap is this thread's
    thread = threading.Thread(target=_keep_collecting, args=(Collector(making_a_page),), name=NAME, daemon=True)
    thread.start()
    return thread


NAME = "convexviz-collector"


def _keep_collecting(collector: Collector) -> None:
    while True:
        time.sleep(EVERY)
        collector.look()
