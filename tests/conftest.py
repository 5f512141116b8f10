"""Settings of hypothesis for every test, which tests are slow, and the import path of the helpers beside this file."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # certificates, problems, tolerances
from slow import SLOW

settings.register_profile("default", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
# The same examples every time, so that a failure is somebody's change; CONVEXVIZ_EXPLORE=1 looks for new ones.
settings.register_profile("same", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.register_profile("fast", settings.get_profile("same"), max_examples=5)  # of `make test-fast`
settings.load_profile("default" if os.environ.get("CONVEXVIZ_EXPLORE") else "same")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the slow ones."""
    for item in items:
        name = getattr(item, "originalname", item.name)
        if not {item.path.name, f"{item.path.name}::{name}"}.isdisjoint(SLOW):
            item.add_marker(pytest.mark.slow)
