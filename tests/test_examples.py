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


@pytest.fixture(scope="module")
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


# In a process of its own: what a kernel's sockets leave behind is no other test's business. All notebooks share
# one kernel, whose names are reset between them: to start one takes longer than to run most of them.
RUN = """
import json, sys
from pathlib import Path
import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

folder, kernels, seconds = sys.argv[1:]
whole = nbformat.v4.new_notebook()
for path in sorted(Path(folder).glob("*.ipynb")):
    fresh = ["%reset -f", "import warnings; warnings.simplefilter('error')"]
    made = [nbformat.v4.new_code_cell(code) for code in fresh] + nbformat.read(path, as_version=4).cells
    for cell in made:
        cell["id"] = f"{len(whole.cells)}"
        cell.metadata["of"] = path.stem
        whole.cells.append(cell)
specs = KernelSpecManager(kernel_dirs=[kernels], ensure_native_kernel=False)
kernel = AsyncKernelManager(kernel_name="here", kernel_spec_manager=specs, transport="ipc", ip=kernels + "/socket")
NotebookClient(whole, km=kernel, timeout=int(seconds), allow_errors=True).execute()
found = {}
for cell in whole.cells:
    outcome = found.setdefault(cell.metadata["of"], {"figures": 0, "errors": []})
    for output in cell.get("outputs", []):
        outcome["figures"] += "application/vnd.plotly.v1+json" in output.get("data", {})
        if output.output_type == "error":
            outcome["errors"].append([cell.source, output.ename, output.evalue])
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def outcomes(kernels: Path) -> Any:
    """What became of each notebook: how many figures it showed, and the cells that failed."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    own = {"PYTHONPATH": path, "PLOTLY_RENDERER": "plotly_mimetype", "JUPYTER_RUNTIME_DIR": str(kernels)}
    command = [sys.executable, "-c", RUN, str(NOTEBOOKS), str(kernels), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **own}, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_notebook_runs(address: str, outcomes: Any) -> None:
    """In a kernel of this very Python, warnings being errors; its figures are there as plotly's data."""
    assert outcomes[address]["errors"] == []
    assert outcomes[address]["figures"] >= 2
