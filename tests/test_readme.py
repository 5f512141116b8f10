"""What the README promises: its Python runs as printed, and its commands are the Makefile's."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from convexviz import verify

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def make_targets() -> set[str]:
    return set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_the_python_runs_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where the files it writes go
    code = "\n".join(blocks("python"))
    example = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    report: list[str] = []
    outcome = doctest.DocTestRunner().run(example, out=report.append)
    assert outcome.attempted >= 5
    assert outcome.failed == 0, "".join(report)


def test_the_page_on_proofs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    [code] = re.findall(r"^```python\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    exec(code, {})
    assert verify.main(["proof.json"]) == 0


def test_two_commands_do_everything() -> None:
    [commands] = blocks("sh")
    assert re.findall(r"^make \w+", commands, flags=re.MULTILINE) == ["make run", "make test"]


def test_every_make_target_named_exists() -> None:
    named = set(re.findall(r"(?:`|^)make ([\w-]+)", README, flags=re.MULTILINE))
    assert named >= {"run", "test", "lint", "bench", "clean"}
    assert named <= make_targets()


def test_files_named_exist() -> None:
    linked = [target for target in re.findall(r"\]\(([^)]+)\)", README) if not target.startswith("http")]
    assert linked
    assert [target for target in linked if not (ROOT / target).exists()] == []
