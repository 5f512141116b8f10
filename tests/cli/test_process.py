"""The command line as a process of its own: pipes, exit codes, what it loads, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from importlib import import_module
from pathlib import Path

import pytest

import convexviz as cv
from convexviz import cli

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "convexviz"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def process(*arguments: str, stdin: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command line in a process, with a pipe at each end."""
    return subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, text=True, env=ENVIRONMENT, cwd=folder, timeout=120
    )


def test_the_console_script_is_this_command_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["convexviz"].partition(":")
    assert getattr(import_module(module), name) is cli.main
    code = f"import sys; from {module} import {name}; sys.exit({name}())"  # what pip writes as the script
    ran = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, env=ENVIRONMENT)
    assert (ran.returncode, ran.stdout) == (0, f"convexviz {cv.__version__}\n")


def test_table_in_answer_out_proof_on(tmp_path: Path) -> None:
    table = "x,y\n-1,1\n0,0\n1,1\n"
    solved = process("solve", "-", "--json", "-", "--proof", "proof.json", stdin=table, folder=tmp_path)
    assert (solved.returncode, solved.stderr) == (0, "")
    assert json.loads(solved.stdout)["objective"] == cv.solve([[-1.0], [0.0], [1.0]], [1.0, 0.0, 1.0]).objective
    proof = (tmp_path / "proof.json").read_text(encoding="utf-8")
    for checked in (process("verify", "proof.json", folder=tmp_path), process("verify", "-", stdin=proof)):
        assert (checked.returncode, checked.stderr) == (0, "")
        assert checked.stdout.splitlines()[-1].startswith("PROVED")
    changed = json.loads(proof)
    changed["claim"]["lower"] = changed["claim"]["upper"]
    refuted = process("verify", "-", stdin=json.dumps(changed))
    assert (refuted.returncode, refuted.stdout.partition(":")[0]) == (1, "REFUTED")
    unread = process("verify", "-", stdin="{}")
    assert (unread.returncode, unread.stdout.partition(":")[0]) == (2, "UNREADABLE")
    unnamed = process("verify")
    assert (unnamed.returncode, unnamed.stdout) == (2, "UNREADABLE: name one file: verify.py proof.json\n")


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y\n0,0\n1,1\n2,0\n", encoding="utf-8")
    child = subprocess.Popen(
        [*COMMAND, "solve", str(table), "--json", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait(60) == 141


# What a shell runs in the background inherits that interruptions are to be ignored.
HEEDING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def test_an_interruption_is_told_in_one_line() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HEEDING, *COMMAND, "solve", "-", "--verbose"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        text=True,
    )
    assert child.stderr is not None
    assert child.stderr.readline() == "reading standard input\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (130, "", "convexviz: interrupted\n")


@pytest.mark.parametrize("arguments", [["--help"], ["solve", "--help"], ["--version"], ["verify", "nothere.json"]])
def test_what_needs_no_solver_loads_none(arguments: list[str]) -> None:
    code = (
        "import sys; from convexviz.cli import main; main(sys.argv[1:]); "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'cvxpy', 'plotly', 'streamlit', 'sklearn', 'kaleido'}), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    assert ran.stderr == "[]\n"


def test_a_lesson_is_run_without_a_word_on_standard_error() -> None:
    listed = process("figure", "/splines?beta=0.2&n=8")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.splitlines()[0].startswith("board ")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_app_is_served_until_it_is_told_to_end(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [*COMMAND, "app", "--port", str(port), "--no-browser"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=tmp_path,
    )
    try:
        assert answer(f"http://127.0.0.1:{port}/_stcore/health", server) == b"ok"
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port), 1.0):
            pass
    finally:
        server.kill()
        server.wait()


def answer(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """What a server says once it is up."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as found:
                return bytes(found.read())
        except OSError:  # refused, or not in time
            time.sleep(0.1)
    raise AssertionError(f"the server ended with {server.returncode}")


# Arguments come in all letters, as on Windows; what is opened or said without naming an encoding does not.
LOCALE = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_letters_that_a_terminal_lacks_are_spelled(tmp_path: Path, encoding: str) -> None:
    """Names of columns, help and errors; what is written to files stays as it is."""
    (tmp_path / "t.csv").write_text("ω,β\n0,0\n1,1\n2,0\n", encoding="utf-8")
    environment = ENVIRONMENT | LOCALE | {"PYTHONIOENCODING": encoding}
    for arguments, code, said in (
        (["film", "--help"], 0, "sweeps beta from"),
        (["solve", "t.csv", "--json", "a.json"], 0, "certified optimum"),
        (["solve", "t.csv", "--target", "β−"], 1, "beta-"),
        (["verify", "β.json"], 2, "beta.json"),
    ):
        ran = subprocess.run([*COMMAND, *arguments], capture_output=True, env=environment, cwd=tmp_path, timeout=120)
        text = (ran.stdout + ran.stderr).decode(encoding)
        assert (ran.returncode, said in text) == (code, True), text
    assert '"targets": ["β"]' in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_no_file_is_opened_in_the_encoding_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n0,0\n1,1\n2,0\n", encoding="utf-8")
    strict = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", *COMMAND[1:]]
    for arguments in (
        ["solve", "t.csv", "--json", "a.json", "--proof", "p.json", "--figure", "f.csv"],
        ["path", "t.csv", "--out", "path.csv"],
        ["verify", "p.json"],
    ):
        ran = subprocess.run([*strict, *arguments], capture_output=True, env=ENVIRONMENT, cwd=tmp_path, timeout=120)
        assert (ran.returncode, ran.stderr) == (0, b"")
