"""`--help` teaches: every command has examples, in 80 columns, without colour, the same everywhere."""

from __future__ import annotations

import re

import pytest
from terminal import Run, ran
from typer.main import get_command

import convexviz as cv
from convexviz.cli.commands import app

COMMANDS = ("solve", "path", "figure", "film", "page", "verify", "app")


def test_the_commands_are_these() -> None:
    assert set(get_command(app).commands) == set(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_has_examples_that_fit(command: str, flag: str) -> None:
    said = ran(command, flag)
    assert (said.code, said.err) == (0, "")
    assert "\x1b" not in said.text
    assert max(map(len, said.text.splitlines())) <= 80
    examples = re.findall(rf"^ +(?:.*\| )?convexviz {command}\b.*$|^ +convexviz verify.*$", said.text, re.MULTILINE)
    assert examples, said.text
    assert said.text == ran(command, "--help").text


def test_the_help_of_all_names_every_command_and_the_exit_codes() -> None:
    said = ran("--help")
    assert said.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", said.text, re.MULTILINE)
    codes = re.findall(r"^ +(\d+) +\w", said.text.partition("Exit codes:")[2], re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "130"]
    assert max(map(len, said.text.splitlines())) <= 80


def test_no_command_is_an_answer_too(run: Run) -> None:
    said = run()
    assert (said.code, said.text) == (2, ran("--help").text)


def test_the_version() -> None:
    assert ran("--version").text == f"convexviz {cv.__version__}\n"


def options_of(command: str) -> set[str]:
    """What `--help` lists."""
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", ran(command, "--help").text.partition("Options:")[2]))


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_use_options_that_there_are(command: str) -> None:
    text = ran(command, "--help").text.partition("Options:")[0]
    used = {
        option
        for line in re.findall(rf"convexviz {command} .*$", text, re.MULTILINE)
        for option in re.findall(r"(?<= )--?[a-z][a-z-]*", line.split(" | jq")[0])
    }
    assert used <= options_of(command)
