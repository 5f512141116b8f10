"""Settings of hypothesis for every test, and the import path of the helpers beside this file."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # certificates, problems, tolerances

settings.register_profile("default", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
# The same examples every time, so that a failure is somebody's change; CONVEXVIZ_EXPLORE=1 looks for new ones.
settings.register_profile("same", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("default" if os.environ.get("CONVEXVIZ_EXPLORE") else "same")
