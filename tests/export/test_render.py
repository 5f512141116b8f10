"""The Chromium that draws: any thread may ask, it ends when told, and whatever fails says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from convexviz.export import ExportError, Renderer, export, find_chromium, missing, styled
from convexviz.export import render as rendering
from convexviz.export.render import Shared
from tests.export.conftest import needed

SPEC: Any = styled({"data": [{"type": "scatter", "x": [0, 1], "y": [0, 1]}], "layout": {"title": {"text": "β ≤ x₁"}}})


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and nobody asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """`program(text)` is a shell script that stands for Chromium."""

    def write(text: str) -> str:
        path = tmp_path / "chromium"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    return write


def test_threads_draw_with_one_chromium(draw: Renderer) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: draw.svg(SPEC), range(3)))
    assert all(svg.startswith(b"<svg") for svg in made)
    assert "β ≤ x₁".encode() in made[0]


def test_a_closed_renderer_leaves_no_process_and_opens_again() -> None:
    needed("a browser", missing())
    renderer = Renderer()
    with renderer:
        assert renderer.png(SPEC).startswith(b"\x89PNG")
        first = renderer.pid
        assert first is not None
        assert alive(first)
        thread = renderer._thread
    assert not alive(first)
    assert renderer.pid is None
    assert thread is not None
    assert not thread.is_alive()
    try:
        assert renderer.pdf(SPEC).startswith(b"%PDF")
    finally:
        renderer.close()


def test_a_chromium_that_died_is_replaced() -> None:
    needed("a browser", missing())
    with Renderer() as renderer:
        renderer.svg(SPEC)
        first = renderer.pid
        assert first is not None
        os.killpg(first, 9)
        renderer._browser.subprocess.wait(10)
        assert renderer.svg(SPEC).startswith(b"<svg")
        assert renderer.pid != first


def test_a_shared_one_ends_when_nobody_draws() -> None:
    needed("a browser", missing())
    shared = Shared(idle=0.2)
    assert shared.draw(SPEC, "svg").startswith(b"<svg")
    assert shared._timer is not None
    shared._timer.join(30)
    assert shared.renderer.pid is None


def test_a_script_that_exports_leaves_no_process_when_it_ends(tmp_path: Path) -> None:
    needed("a browser", missing())
    script = (
        "from convexviz.export import export, SHARED\n"
        "export({'data': [{'x': [0, 1], 'y': [0, 1]}], 'layout': {}}, 'fig.svg')\n"
        "print(SHARED.renderer.pid)"
    )
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, env=environment
    )
    assert (tmp_path / "fig.svg").read_bytes().startswith(b"<svg")
    assert not alive(int(run.stdout.split()[-1]))


def test_a_chromium_that_hangs_is_ended(program: Any) -> None:
    chromium = program("echo $$ > $(dirname $0)/pid; exec sleep 600")
    with pytest.raises(ExportError, match="did not answer within 2 s"), Renderer(chromium, patience=2) as renderer:
        renderer.svg(SPEC)
    assert not alive(int((Path(chromium).parent / "pid").read_text()))


def test_a_chromium_that_ends_at_once_says_so(program: Any) -> None:
    with pytest.raises(ExportError, match="CHROMIUM"), Renderer(program("exit 1"), patience=10):
        pass


def test_a_picture_that_takes_too_long_ends(draw: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    with Renderer() as renderer:
        renderer.svg(SPEC)
        first = renderer.pid
        renderer.patience = 1e-3
        with pytest.raises(ExportError, match="drawing the picture"):
            renderer.svg(SPEC)
        assert first is not None
        assert not alive(first)


def test_no_chromium_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in rendering.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(rendering, "PLACES", ())
    with pytest.raises(ExportError, match="apt-get install chromium"):
        find_chromium()
    with pytest.raises(ExportError, match="apt-get install chromium"):
        export(SPEC, tmp_path / "fig.svg")
    assert "none was found" in missing()
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))
    with pytest.raises(ExportError, match="is no program"):
        find_chromium()


def test_no_kaleido_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kaleido", None)
    assert 'pip install "convexviz[export]"' in missing()
    with pytest.raises(ExportError, match="convexviz\\[export\\]"):
        Renderer().open()
