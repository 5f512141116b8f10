"""The README's commands, executed as printed in a new folder, and the app that they install, used from another one."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from e2e.conftest import Tab, end_server, free_port, wait_for_health
from e2e.lesson_hand import DARK, LIGHT, calm_visit
from e2e.splines_hand import FIVE, Lesson
from fresh import LONG, clean, commands, distributions, done
from playwright.sync_api import expect

from convexviz.app.lessons.registry import LESSONS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(LONG)]

UNIX, UNIX_TESTS = commands("bash")
WINDOWS, WINDOWS_TESTS = commands("bat")

# `python3` as the README means it: the Python of these tests, not of their environment. Debian's may lack ensurepip.
PYTHON3 = """#!/bin/sh
{base} "$@" 2>/dev/null && exit
{base} "$1" "$2" --clear --without-pip "$3" && {this} -m pip --python "$3/bin/python" install pip
"""
FEW = "--ignore-glob=tests/*/* -k files_named"  # of the tests that the command runs, enough to see that it does


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as somebody gets it, its README's first commands executed there."""
    folder = tmp_path_factory.mktemp("project")
    distributions(folder, "--sdist")
    [packed] = folder.glob("*.tar.gz")
    with tarfile.open(packed) as file:
        file.extractall(folder, filter="data")
    [project] = (path for path in folder.iterdir() if path.is_dir())
    shim = folder / "bin" / "python3"
    shim.parent.mkdir()
    base = getattr(sys, "_base_executable", sys.executable)
    shim.write_text(PYTHON3.format(base=shlex.quote(base), this=shlex.quote(sys.executable)), encoding="utf-8")
    shim.chmod(0o755)
    for line in UNIX[:-1]:
        done(["bash", "-c", f"PATH={shlex.quote(str(shim.parent))}:$PATH; {line}"], project)
    return project


@contextmanager
def serving(command: str, folder: Path) -> Iterator[str]:
    """The address of an app that a command serves, started in a folder; nothing opens a browser."""
    port = free_port()
    line = f"exec {command} --port {port} --no-browser"
    process = subprocess.Popen(
        ["bash", "-c", line], cwd=folder, env=clean(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_health(f"http://localhost:{port}", process)
        yield f"http://localhost:{port}"
    finally:
        end_server(process)


@pytest.fixture(scope="module")
def elsewhere(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The installed app, served in a folder that is no checkout and has settings of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text('[theme]\nprimaryColor = "#FF0000"\n', encoding="utf-8")
    with serving(str(checkout / ".venv" / "bin" / "convexviz") + " app", folder) as address:
        yield address


def test_the_commands_for_windows_are_the_same() -> None:
    def translated(line: str) -> str:
        return line.replace("python3 -m venv", "py -m venv").replace(".venv/bin/", ".venv\\Scripts\\")

    assert list(map(translated, UNIX)) == WINDOWS
    assert list(map(translated, UNIX_TESTS)) == WINDOWS_TESTS


def test_the_readmes_last_command_serves_the_course(checkout: Path) -> None:
    with (
        serving(UNIX[-1], checkout) as address,
        urllib.request.urlopen(f"{address}/_stcore/health", timeout=30) as health,
        urllib.request.urlopen(f"{address}/splines", timeout=30) as lesson,
    ):
        assert health.read() == b"ok"
        assert b"streamlit" in lesson.read().lower()


def test_the_readmes_tests_run(checkout: Path) -> None:
    """The tools are asked for as printed, but not downloaded again: those that run this test are lent."""
    install, test = UNIX_TESTS
    done(["bash", "-c", f"{install} --dry-run"], checkout)
    [packages] = checkout.glob(".venv/lib/python3*/site-packages")
    lent = packages / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + os.linesep, encoding="utf-8")
    try:
        said = done(["bash", "-c", f"PYTEST_ADDOPTS='{FEW}' {test}"], checkout)
    finally:
        lent.unlink()
    assert " passed, " in said


def test_home_of_the_installed_app_shows_every_lesson_in_its_colours(tab: Tab, elsewhere: str) -> None:
    with calm_visit(tab) as page:
        page.goto(elsewhere)
        expect(page.get_by_test_id("status")).to_have_attribute("data-value", "certified")
        expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
        for lesson in LESSONS:
            card = page.locator(f".st-key-card-{lesson.address} a")
            expect(card).to_have_attribute("href", lesson.address)
        ground = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        primary = "() => getComputedStyle(document.body).getPropertyValue('--cvz-primary')"
        for scheme, colour in (("light", LIGHT), ("dark", DARK)):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(f"colour => ({ground})() === colour", arg=colour)
        assert "ff0000" not in page.evaluate(primary).lower()


def test_the_installed_app_answers_a_gesture(tab: Tab, elsewhere: str) -> None:
    with calm_visit(tab) as page:
        lesson = Lesson(page, elsewhere).open()
        lesson.empty()
        lesson.draw(*FIVE)
        assert lesson.answers().certified


def test_the_installed_command_takes_lessons_home(checkout: Path, tmp_path: Path) -> None:
    command = str(checkout / ".venv" / "bin" / "convexviz")
    assert done([command, "figure", "/splines?beta=0.2&n=8", "--name", "dual", "--out", "dual.csv"], tmp_path)
    assert (tmp_path / "dual.csv").stat().st_size > 0
    assert "beta" in done([command, "film", "/splines?beta=0.2&n=8"], tmp_path)
    done([command, "page", "/closed-forms", "--out", "page.html"], tmp_path)
    assert "</html>" in (tmp_path / "page.html").read_text(encoding="utf-8")
