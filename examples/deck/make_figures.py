"""The figures and the film of the deck, from lessons in the states that its slides speak of.

    python make_figures.py                # those that are missing in figures/
    python make_figures.py --again        # all of them
    python make_figures.py --to FOLDER    # into another folder

Other figures: change a link to what Share put into your address; `convexviz figure "<link>"` lists the names.
"""

from __future__ import annotations

import argparse
from functools import lru_cache
from pathlib import Path

from convexviz.app.headless import scene_at
from convexviz.app.stage.pictures import films, picture
from convexviz.app.stage.scene import Scene
from convexviz.export import export
from convexviz.export.film import export_film

LINE = "/splines?data=sine&n=14&noise=0.08&seed=3&beta=0.05"
PLANE = "/plane?beta=0.5&n=30"
FIGURES = {
    "fit.svg": (LINE, "board", "slide"),
    "fit-half.svg": (LINE, "board", "half"),
    "dual-half.svg": (LINE, "dual", "half"),
    "plane.svg": (PLANE, "board", "slide"),
}
FILM = "sweep.mp4"
scene = lru_cache(scene_at)


def main() -> None:
    """Make what is asked for; each file is where its slide looks for it."""
    parser = argparse.ArgumentParser(description="Draws the deck's figures and its film.")
    parser.add_argument("--again", action="store_true", help="draw those that are there, too")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "figures", metavar="FOLDER")
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    for name in (*FIGURES, FILM):
        path = asked.to / name
        if asked.again or not path.exists():
            print(f"drawing {name}", flush=True)
            make(path)


def make(path: Path) -> None:
    """Draw one of them."""
    if path.name == FILM:
        swept: Scene = scene(LINE, films=True)
        frames = [picture(swept, "board", frame) for frame in films(swept)["beta"].frames]
        export_film(frames, path, fps=6, hold=1.5, scale=1)
    else:
        link, name, preset = FIGURES[path.name]
        export(picture(scene(link), name), path, preset=preset, transparent=True)


if __name__ == "__main__":
    main()
