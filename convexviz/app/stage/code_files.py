"""The Python of a scene as files: the script, a notebook of it, and the network as JSON with what is proved of it."""

from __future__ import annotations

import json
import math
from typing import Any

from convexviz.app.stage.proved import network_of
from convexviz.app.stage.scene import Scene
from convexviz.core.network import ReLUNetwork
from convexviz.data.version import VERSION

PROVED = ("status", "objective", "lower_bound", "gap", "loss", "beta", "neurons", "method")  # of a certificate
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def script_file(scene: Scene) -> bytes:
    """The script, below two lines that say where it is from."""
    head = f'"""{scene.title}: the state {scene.link} of convexviz {VERSION}."""'
    return f"{head}\n\n{scene.code}\n".encode()


def notebook_file(scene: Scene) -> bytes:
    """A notebook: what the lesson claims, and the script in cells."""
    opening = f"# {scene.title}\n\n{scene.claim}\n\nThe state `{scene.link}` of convexviz {VERSION}."
    return notebook([words(opening), *(code(cell) for cell in cells(scene.code))]).encode()


def cells(script: str) -> list[str]:
    """The parts of a script, which stand apart by an empty line; what ends in a function goes with what follows."""
    parts: list[str] = []
    for part in script.strip("\n").split("\n\n"):
        if parts and _last_statement(parts[-1]).startswith("def "):
            parts[-1] += f"\n\n\n{part}"
        else:
            parts.append(part)
    return parts


def _last_statement(part: str) -> str:
    """Its last line that is not indented."""
    return next(line for line in reversed(part.splitlines()) if line and not line.startswith(" "))


def words(text: str) -> dict[str, Any]:
    """A cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(text: str) -> dict[str, Any]:
    """A cell of Python that has not run."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}


def notebook(made: list[dict[str, Any]]) -> str:
    """Cells as a notebook, numbered."""
    numbered = [{"id": f"cell-{k}"} | cell for k, cell in enumerate(made)]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    document = {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


# ---------------------------------------------------------------- the network


def network_file(scene: Scene, network: ReLUNetwork | None = None) -> bytes | None:
    """The network of the scene, every float of it, and its certificate; None where it has none.

    `convexviz.ReLUNetwork.from_dict(document["network"])` takes it up again. Without `network` it is that of the proof.
    """
    network = network or proved_network(scene)
    if network is None:
        return None
    shown: Any = scene.certificate or {}
    proved = {name: _real(shown[name]) for name in PROVED if name in shown}
    document = {"convexviz": VERSION, "scene": scene.link, "network": network.to_dict(), "certificate": proved}
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def proved_network(scene: Scene) -> ReLUNetwork | None:
    """The network that the browser proves, as the floats that it is."""
    return network_of(scene.certificate)


def _real(value: Any) -> Any:
    """JSON knows no infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
