"""What somebody has who does not have this checkout: the distributions that would be published, a new environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LONG = 900  # seconds that a slow network may take over a gigabyte of packages
FORGOTTEN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX")  # what would let this checkout in


def clean() -> dict[str, str]:
    """The environment of the tests, without what belongs to this checkout."""
    return {name: value for name, value in os.environ.items() if name not in FORGOTTEN}


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A command that has ended, and what it said."""
    return subprocess.run(
        command, cwd=folder, env=clean(), capture_output=True, encoding="utf-8", timeout=LONG, check=False
    )


def done(command: list[str], folder: Path) -> str:
    """What a command wrote; it must have succeeded."""
    ran = run(command, folder)
    assert ran.returncode == 0, f"{command}:\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def distributions(folder: Path, *kinds: str) -> str:
    """Build into the folder, each in an environment of its own, the wheel from the source; what was said."""
    ran = run([sys.executable, "-m", "build", "--outdir", str(folder), *kinds, str(ROOT)], folder)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr


def pythons() -> list[str]:
    """This Python, and the others on this machine that the classifiers of pyproject.toml name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minors = [text.rpartition(" ")[2] for text in project["classifiers"] if "Python :: 3." in text]
    this = "{}.{}".format(*sys.version_info)
    names = [f"python{minor}" for minor in minors if minor != this and shutil.which(f"python{minor}")]
    runs = [name for name in names if subprocess.run([name, "--version"], capture_output=True).returncode == 0]
    return [sys.executable, *runs]  # a name may be that of a chooser that has nothing to choose


def environment(folder: Path, *wanted: str, base: str = sys.executable) -> Path:
    """The Python of a new environment with these packages; this one's pip fills it, for Debian's may have none."""
    done([base, "-m", "venv", "--without-pip", str(folder)], folder.parent)
    python = folder / "bin" / "python"
    done([sys.executable, "-m", "pip", "--python", str(python), "install", *wanted], folder.parent)
    return python


def commands(language: str) -> list[list[str]]:
    """The lines of each block of that language in the README."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return [block.splitlines() for block in blocks]
