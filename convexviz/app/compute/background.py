"""Work in a thread of its own beside the page: it is given up when cancelled, or when nobody has asked for long.

Solvers let other threads in while they work, and look between their rounds whether they should stop; so a gesture does
not wait for work that stands behind it. Nothing here touches streamlit: a thread has no session.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
import weakref
from collections.abc import Callable

log = logging.getLogger(__name__)

IDLE_SECONDS = 10.0  # work that nobody has asked about for so long belongs to a visitor who has left
LAST_SECONDS = 2.0  # for jobs to end when the process does
_jobs: weakref.WeakSet[Job] = weakref.WeakSet()


class Job:
    """`work(job)` runs in a thread; `stop()` tells it to give up, `say()` that there is something new.

    `idle` are the seconds after which work that nobody has asked about is given up.
    """

    def __init__(self, work: Callable[[Job], None], idle: float | None = None) -> None:
        self._idle = idle
        self._news = threading.Event()
        self._cancelled = threading.Event()
        self._asked = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(work,), name="convexviz-job", daemon=True)
        _jobs.add(self)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the work goes on."""
        return self._thread.is_alive()

    def stop(self) -> bool:
        """Whether the work should give up."""
        idle = IDLE_SECONDS if self._idle is None else self._idle
        return self._cancelled.is_set() or time.monotonic() - self._asked > idle

    def say(self) -> None:
        """Called by the work: there is something new."""
        self._news.set()

    def wait(self, seconds: float) -> None:
        """Until there is something new, the work ends, or so many seconds have passed."""
        self._asked = time.monotonic()
        self._news.wait(seconds)
        self._news.clear()

    def cancel(self) -> None:
        """Tell the work to give up; it does so at its next look."""
        self._cancelled.set()
        self._news.set()

    def join(self, seconds: float | None = None) -> None:
        """Wait for the end of the work."""
        self._thread.join(seconds)

    def _run(self, work: Callable[[Job], None]) -> None:
        try:
            work(self)
        except Exception:  # the page goes on without the result; the log says why
            log.exception("A job beside the page failed.")
        finally:
            self._news.set()


@atexit.register
def end_all() -> None:
    """A process that ends while a solver's own threads work is aborted: let the jobs come to their end first."""
    for job in list(_jobs):
        job.cancel()
    for job in list(_jobs):
        job.join(LAST_SECONDS)
