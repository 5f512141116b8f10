"""What runs by itself: continuous integration and the checks before a commit are those of the Makefile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from slow import SLOW

yaml = pytest.importorskip("yaml", reason="pip install -e '.[dev]' brings it")
ROOT = Path(__file__).resolve().parents[1]


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def recipe(target: str) -> str:
    """The lines of a target of the Makefile."""
    [lines] = re.findall(
        rf"^{target}:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return lines


def test_continuous_integration_runs_what_anybody_can_run() -> None:
    workflow = read(".github/workflows/ci.yml")
    [job] = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    [version] = [step["with"]["python-version"] for step in job["steps"] if "python-version" in step.get("with", {})]
    assert version == "3.11"  # the oldest that pyproject.toml allows


def test_continuous_integration_may_read_and_ends() -> None:
    workflow = read(".github/workflows/ci.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())


def test_the_checks_before_a_commit_are_those_of_make_lint() -> None:
    hooks = [hook for repository in read(".pre-commit-config.yaml")["repos"] for hook in repository["hooks"]]
    assert len({hook["id"] for hook in hooks}) == len(hooks)
    for hook in hooks:
        assert hook["language"] == "system"
        program = hook["entry"].split()[0]
        assert program.startswith(".venv/bin/")
        assert program.replace(".venv", "$(VENV)").replace("$(VENV)/bin", "$(BIN)") in recipe("lint")
        re.compile(hook.get("files", ""))


def test_what_is_left_out_as_slow_is_there() -> None:
    """Else a file that was renamed would slow `make test-fast` down, and nobody would know why."""
    for entry in SLOW:
        file, _, test = entry.partition("::")
        found = list((ROOT / "tests").rglob(file))
        assert found
        assert not test or any(f"def {test}(" in path.read_text(encoding="utf-8") for path in found)


def test_what_the_tests_run_is_installed_before_them() -> None:
    """A test without its program fails."""
    tools = (ROOT / ".ci" / "tools").read_text(encoding="utf-8")
    assert {"poppler-utils", "ffmpeg", "nginx-light", "caddy"} <= set(re.findall(r"[\w-]+", tools))
    assert (ROOT / ".ci" / "tools").stat().st_mode & 0o111
    assert recipe("test").index(".ci/tools") < recipe("test").index("-m pytest -n auto")
