"""The notebooks of `examples/` are in step with the lessons, and run from the first cell to the last."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

from convexviz.app.lessons.registry import LESSONS

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "examples" / "notebooks"
ADDRESSES = [lesson.address for lesson in LESSONS]
SECONDS = 240  # for one cell, on a machine that has other things to do


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """`examples/make_notebooks.py`, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("make_notebooks", ROOT / "examples" / "make_notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def kernels() -> Iterator[Path]:
    """A folder with one kernel: this very Python, wherever it is installed. Its path is short, as sockets need."""
    folder = Path(tempfile.mkdtemp(prefix="cv"))
    (folder / "here").mkdir()
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "here" / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "here"}), encoding="utf-8")
    yield folder
    shutil.rmtree(folder)


def read(address: str) -> Any:
    return nbformat.read(NOTEBOOKS / f"{address}.ipynb", as_version=4)


def test_there_is_one_a_lesson() -> None:
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_notebook_is_what_the_lesson_makes_of_it(address: str, maker: ModuleType) -> None:
    [page] = [page for page in maker.PAGES if maker.name_of(page) == f"{address}.ipynb"]
    kept = (NOTEBOOKS / f"{address}.ipynb").read_text(encoding="utf-8")
    assert kept == maker.made(page), "Make it again: python examples/make_notebooks.py"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_notebook_is_valid_and_kept_without_outputs(address: str) -> None:
    notebook = read(address)
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if "outputs" in cell)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "## Exercise" in prose


# In a process of its own: what a kernel's sockets leave behind is none of the other tests' business.
RUN = """
import sys
import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

path, kernels, seconds = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
notebook.cells.insert(0, nbformat.v4.new_code_cell("import warnings; warnings.simplefilter('error')"))
specs = KernelSpecManager(kernel_dirs=[kernels], ensure_native_kernel=False)
kernel = AsyncKernelManager(kernel_name="here", kernel_spec_manager=specs, transport="ipc", ip=kernels + "/socket")
NotebookClient(notebook, km=kernel, timeout=int(seconds)).execute()
print(sum("application/vnd.plotly.v1+json" in output.get("data", {})
          for cell in notebook.cells for output in cell.get("outputs", [])))
"""


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_notebook_runs(address: str, kernels: Path) -> None:
    """In a kernel of this very Python, warnings being errors; its figures are there as plotly's data."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    own = {"PYTHONPATH": path, "PLOTLY_RENDERER": "plotly_mimetype", "JUPYTER_RUNTIME_DIR": str(kernels)}
    command = [sys.executable, "-c", RUN, str(NOTEBOOKS / f"{address}.ipynb"), str(kernels), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **own}, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) >= 2
