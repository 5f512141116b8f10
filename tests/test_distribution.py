"""The distributions: built without a warning, complete, and of use in an environment with nothing else in it."""

from __future__ import annotations

import email
import re
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from fresh import LONG, ROOT, distributions, done, environment, pythons, run

import convexviz as cv

pytestmark = pytest.mark.timeout(LONG)
SERVED = "convexviz/app/served"


@dataclass(frozen=True)
class Built:
    """A wheel, the source distribution that it was built from, and what the builder said."""

    wheel: Path
    source: Path
    words: str


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("dist")
    words = distributions(folder)
    [wheel], [source] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, source, words)


@pytest.fixture(scope="module")
def bare(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel, without any extra."""
    return environment(tmp_path_factory.mktemp("bare") / "venv", str(built.wheel))


def packed(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as file:
        return {name: file.read(name) for name in file.namelist()}


def beneath(*folders: str) -> set[str]:
    """The files there, as the repository calls them."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    names = {path.relative_to(ROOT).as_posix() for path in found if path.suffix != ".pyc"}
    return {name for name in names if "/node_modules/" not in name}


def test_they_are_built_without_a_warning(built: Built) -> None:
    assert [line for line in built.words.splitlines() if re.search("warn|deprecat", line, re.IGNORECASE)] == []
    assert built.wheel.name == f"convexviz-{cv.__version__}-py3-none-any.whl"
    assert built.source.name == f"convexviz-{cv.__version__}.tar.gz"


def test_an_index_of_packages_would_take_them(built: Built) -> None:
    done([sys.executable, "-m", "twine", "check", "--strict", str(built.wheel), str(built.source)], ROOT)


def test_the_wheel_has_the_package_and_what_streamlit_is_started_on(built: Built) -> None:
    files = packed(built.wheel)
    copies = {f"{SERVED}/{name}": name for name in ("app.py", ".streamlit/config.toml", *beneath("pages"))}
    own = {name for name in files if ".dist-info/" not in name}
    assert own == beneath("convexviz") | set(copies)
    assert {name.rpartition(".")[2] for name in own} == {"py", "js", "css", "ts", "svg", "toml", "typed"}
    assert all(files[copy] == (ROOT / name).read_bytes() for copy, name in copies.items())
    [licence] = [name for name in files if name.endswith("/licenses/LICENSE")]
    assert files[licence] == (ROOT / "LICENSE").read_bytes()


def test_the_source_has_what_building_and_testing_need(built: Built) -> None:
    with tarfile.open(built.source) as file:
        files = {name.partition("/")[2] for name in file.getnames()}
    wanted = beneath("convexviz", "tests", "pages", "docs", "examples", "benchmarks", ".ci", ".github", ".streamlit")
    wanted |= {
        path.name for path in ROOT.glob("*.*") if path.is_file() and path.suffix in {".py", ".toml", ".txt", ".md"}
    }
    wanted = {name for name in wanted if not name.startswith("benchmarks/results/")}
    assert wanted | {"LICENSE", "Makefile", "Dockerfile", ".dockerignore", ".pre-commit-config.yaml"} <= files


def test_what_an_index_shows_needs_no_file_beside_it(built: Built) -> None:
    [text] = [content for name, content in packed(built.wheel).items() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(text)
    page = text.decode().partition("\n\n")[2]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert page.startswith("# convexviz")
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert links
    assert all(link.startswith("https://") for link in links)
    assert "`docs/proofs.md` says what is proved" in page
    assert not metadata.get_all("Project-URL")  # a host that there is not would be worse than none


def test_each_file_compiles_without_a_warning() -> None:
    """Warnings are errors here; later versions of Python make errors of some of them."""
    for path in (ROOT / "convexviz").rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)


@pytest.mark.parametrize("version", pythons(), ids=lambda path: Path(path).name)
def test_solving_needs_no_extra(built: Built, bare: Path, tmp_path: Path, version: str) -> None:
    """With this Python, and with those of other versions that are here."""
    if version != sys.executable:
        bare = environment(tmp_path / "venv", str(built.wheel), base=version)
    code = (
        "import sys, convexviz as cv; s = cv.solve([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0], beta=0.1); "
        "print(cv.__file__, s.certified, cv.prove(s, [[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0]).gap < 1e-6); "
        "cv.ConvexReLURegressor().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0])"
    )
    file, *proved = done([str(bare), "-W", "error", "-c", code], tmp_path).split()
    assert Path(file).is_relative_to(bare.parents[1])
    assert proved == ["True", "True"]
    (tmp_path / "t.csv").write_text("x,y\n0,0\n1,1\n2,0\n", encoding="utf-8")
    command = str(bare.with_name("convexviz"))
    assert done([command, "solve", "t.csv", "--proof", "p.json"], tmp_path).startswith("certified optimum")
    assert "PROVED" in done([command, "verify", "p.json"], tmp_path)


@pytest.mark.parametrize(
    ("arguments", "package", "extra"),
    [
        ("solve t.csv --figure f.svg", "plotly", "export"),
        ("path t.csv --figure f.svg", "plotly", "export"),
        ("figure /splines --name dual", "streamlit", "app"),
        ("film /splines --name beta", "streamlit", "app"),
        ("page /splines", "streamlit", "app"),
        ("app", "streamlit", "app"),
    ],
)
def test_a_command_names_the_extra_that_it_lacks(
    bare: Path, tmp_path: Path, arguments: str, package: str, extra: str
) -> None:
    (tmp_path / "t.csv").write_text("x,y\n0,0\n1,1\n2,0\n", encoding="utf-8")
    ran = run([str(bare.with_name("convexviz")), *arguments.split()], tmp_path)
    [line] = ran.stderr.splitlines()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert line.endswith(f' needs {package}, which is not installed: pip install "convexviz[{extra}]".')


@pytest.mark.parametrize(
    ("code", "package", "extra"),
    [
        ("import convexviz.figures", "plotly", "export"),
        ("from convexviz.figures import dual_figure", "plotly", "export"),
        ("import convexviz as cv; cv.plot", "plotly", "export"),
        ("import convexviz.export", "plotly", "export"),
        ("from convexviz.app.headless import scene_at", "streamlit", "app"),
    ],
)
def test_a_module_names_the_extra_that_it_lacks(
    bare: Path, tmp_path: Path, code: str, package: str, extra: str
) -> None:
    said = run([str(bare), "-c", code], tmp_path).stderr.splitlines()[-1]
    assert said.startswith("convexviz.extras.MissingExtra: ")
    assert said.endswith(f' needs {package}, which is not installed: pip install "convexviz[{extra}]".')
