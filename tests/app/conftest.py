"""What all tests of the app share: work that a page began beside itself does not outlive the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

PATIENCE = 15.0  # seconds; work that nobody asks about gives up before


@pytest.fixture(scope="session", autouse=True)
def _no_work_left_behind() -> Iterator[None]:
    """An interpreter that ends amid a native solve is aborted, and the exit code would tell of a failure."""
    yield
    for thread in threading.enumerate():
        if thread.name == "convexviz-job":
            thread.join(PATIENCE)
