"""What tests of lessons share: a clock that no other program on the machine can hurry."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from convexviz.core.numerics import clock


@pytest.fixture(scope="module")
def own_time() -> Iterator[None]:
    """Limits of time count this process's own seconds of work: what is proved in time is so on a busy machine too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", time.process_time)
        yield
