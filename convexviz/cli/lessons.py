"""`figure`, `film` and `page`: what a lesson shows in the state of a link, as files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from . import options
from .drawing import check_drawing, format_of
from .files import STREAM, check_outputs, extension, tell, write
from .messages import DONE, Failure, Progress, extra

FILM_FORMATS = ("mp4", "gif", "zip")
MOST = 2  # pictures that stand side by side in a film

Name = Annotated[
    str | None,
    typer.Option("--name", "-n", metavar="FIGURE", help="Which one; without it, the names there are, and that is all."),
]
FilmName = Annotated[
    str | None,
    typer.Option("--name", "-n", metavar="FILM", help="film, or beta for the sweep of β; without it, what there is."),
]
Picture = Annotated[
    str | None,
    typer.Option(
        "--picture",
        metavar="A,B",
        help="What is filmed, one picture or two side by side; by default the first of the lesson.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Where to write, - for standard output; by default a name that says what it is.",
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="All figures, with their numbers and the Python that makes them: a zip.")
]
Fps = Annotated[float, typer.Option("--fps", help="Frames a second.")]
Hold = Annotated[float, typer.Option("--hold", metavar="SECONDS", help="How long the first and the last frame stay.")]
TimeLimit = Annotated[float | None, typer.Option("--time-limit", metavar="SECONDS", help="For the lesson to be ready.")]


def figure(
    link: options.Link,
    name: Name = None,
    out: Out = None,
    all_of_them: All = False,
    preset: options.OfPreset = "slide",
    theme: options.OfTheme = "light",
    transparent: options.Transparent = False,
    scale: options.Scale = 2.0,
    form: options.Format = None,
    time_limit: TimeLimit = None,
    verbose: options.Verbose = False,
) -> int:
    """Write a figure of a lesson as svg, pdf, png or csv.

    LINK is what Share in the app puts into the address: a whole address, or its
    path and query. The board (points, fit, regions, sets) is the figure "board".

    \b
    Examples:
      convexviz figure "/splines?beta=0.2"                     (which there are)
      convexviz figure "/splines?beta=0.2" --name board --out fit.svg
      convexviz figure "/geometry" --name board --out q.pdf --preset paper
      convexviz figure "/plane" --name dual --out d.png --theme dark --transparent
      convexviz figure "/plane" --all --out figures.zip
      convexviz figure "/dual" --name board --out - --format svg > dual.svg
    """
    chosen = all_of_them or name is not None
    if out is not None and not chosen:
        raise typer.BadParameter("add --name FIGURE, or --all; without --out the names are listed.", param_hint="--out")
    check_outputs({"--out": out})
    kind = _kind(out, form, all_of_them)
    extra("convexviz.app")  # first: it brings what drawing needs
    if chosen:
        check_drawing(kind)
    say = Progress(verbose)
    scene = _scene(link, False, time_limit, say)
    if all_of_them:
        return _bundle(scene, out, kind, preset, theme, transparent, scale, say)
    known = extra("convexviz.app.stage.pictures")
    if name is None:
        tell(_listed({name: _words(spec) for name, spec in known.pictures(scene).items()}))
        return DONE
    spec = known.picture(scene, name)
    with say.during(f"drawing {name}"):
        made = extra("convexviz.export").rendered(
            spec, kind, preset=preset, theme=theme, transparent=transparent, scale=scale
        )
    return _written(out or _file_name(scene, name, [preset, theme], kind), made)


def film(
    link: options.Link,
    name: FilmName = None,
    out: Out = None,
    picture: Picture = None,
    fps: Fps = 4.0,
    hold: Hold = 1.0,
    preset: options.OfPreset = "slide",
    theme: options.OfTheme = "light",
    scale: options.Scale = 1.5,
    form: options.Format = None,
    time_limit: TimeLimit = None,
    verbose: options.Verbose = False,
) -> int:
    """Write a film of a lesson as mp4, gif, or a zip of transparent png frames.

    The film "beta" sweeps β from its upper end down; lessons that play rounds or
    steps have "film".

    \b
    Examples:
      convexviz film "/splines"                                (which there are)
      convexviz film "/splines" --name beta --out sweep.mp4
      convexviz film "/race" --name film --out race.gif --fps 8 --scale 0.5
      convexviz film "/splines" --name beta --picture board,dual --out both.mp4
      convexviz film "/plane" --name beta --out frames.zip --hold 0
    """
    if out is not None and name is None:
        raise typer.BadParameter("add --name FILM; without --out the names are listed.", param_hint="--out")
    check_outputs({"--out": out})
    kind = _film_kind(out, form)
    extra("convexviz.app")
    if name is not None:
        extra("convexviz.export.film")
        check_drawing(kind)
    say = Progress(verbose)
    scene = _scene(link, True, time_limit, say)
    known = extra("convexviz.app.stage.pictures")
    films = known.films(scene)
    if name is None:
        if not films:
            typer.echo(f"{scene.title} has no film in this state.", err=True)
        tell(_listed({name: _film_words(scene, film) for name, film in films.items()}))
        return DONE
    chosen = _film(films, name, scene.title)
    shown = _filmed_pictures(picture, scene, chosen)

    def progress(done: int, total: int) -> None:
        say(f"filming, {done} of {total}")

    frames = (tuple(known.picture(scene, one, frame) for one in shown) for frame in chosen.frames)
    made = extra("convexviz.export.film").filmed(
        frames,
        kind,
        fps=fps,
        hold=hold,
        preset=preset,
        theme=theme,
        scale=scale,
        captions=list(chosen.captions),
        progress=progress,
    )
    say.end()
    return _written(out or _file_name(scene, name, [*shown, preset, theme], kind), made)


def page(
    link: options.Link,
    out: Out = None,
    time_limit: TimeLimit = None,
    verbose: options.Verbose = False,
) -> int:
    """Write a lesson as one HTML file that opens without network or server.

    It has the pictures, β to be scrubbed, the film, the text, and the proof, which
    the page checks itself when it opens.

    \b
    Examples:
      convexviz page "/splines?beta=0.2" --out lesson.html
      convexviz page "http://127.0.0.1:8501/race"
    """
    check_outputs({"--out": out})
    say = Progress(verbose)
    scene = _scene(link, True, time_limit, say)
    room = extra("convexviz.app.stage.take_home")
    with say.during("writing the page"):
        made = room.take_home_page(scene)
    return _written(out or room.file_name(scene), made)


# ---------------------------------------------------------------- what they have in common


def _scene(link: str, films: bool, time_limit: float | None, say: Progress) -> Any:
    """The lesson in the state of the link, run without a browser."""
    with say.during("loading the lesson"):
        headless = extra("convexviz.app.headless")
    limit = {} if time_limit is None else {"seconds": time_limit}
    scene = headless.scene_at(link, films=films, progress=say, **limit)
    say.end()
    return scene


def _kind(out: str | None, form: str | None, all_of_them: bool) -> str:
    """Of a figure, or of all those in a zip."""
    if not all_of_them:
        return "svg" if out is None and form is None else format_of(out or "", form)
    if out not in (None, STREAM) and extension(out) != "zip":
        raise Failure(f"--all writes a zip, got {out}; name it figures.zip.")
    return format_of("", form or "svg")


def _film_kind(out: str | None, form: str | None) -> str:
    kind = (form or ("mp4" if out is None else extension(out))).lower().lstrip(".")
    if kind not in FILM_FORMATS:
        got = f"got {kind!r}" if kind else f"{out} does not say"
        raise Failure(f"a film must be one of {', '.join(FILM_FORMATS)}, {got}; name it film.mp4, or add --format mp4.")
    return kind


def _bundle(
    scene: Any, out: str | None, kind: str, preset: str, theme: str, transparent: bool, scale: float, say: Progress
) -> int:
    pictures = extra("convexviz.app.stage.pictures").pictures(scene)
    made = extra("convexviz.export").bundle(
        scene,
        pictures,
        form=kind,
        preset=preset,
        theme=theme,
        transparent=transparent,
        scale=scale,
        tell=lambda share, name: say(f"drawing {name}, {share:.0%}"),
    )
    say.end()
    return _written(out or _file_name(scene, "figures", [preset, theme], "zip"), made)


def _film(films: Mapping[str, Any], name: str, title: str) -> Any:
    if name not in films:
        there = f"there is {', '.join(films)}" if films else "this lesson has none in this state"
        raise Failure(f"{title} has no film {name!r}; {there}.")
    return films[name]


def _filmed_pictures(asked: str | None, scene: Any, film: Any) -> list[str]:
    """Names of the pictures that stand side by side: the first that moves, unless asked for others."""
    if asked is None:
        return list(_moving(scene, film))[:1]
    names = [name.strip() for name in asked.split(",")]
    if len(names) > MOST:
        raise Failure(f"a film shows one picture or two side by side, got {len(names)}; name two.")
    return names


def _moving(scene: Any, film: Any) -> Mapping[str, str]:
    """The pictures that are not the same all through a film, and their titles."""
    found: Mapping[str, str] = extra("convexviz.app.stage.film_export").moving(scene, film)
    return found


def _film_words(scene: Any, film: Any) -> str:
    return f"{film.title} ({len(film.frames)} frames of {', '.join(_moving(scene, film))})"


def _words(spec: Any) -> str:
    """A figure in words."""
    return str(extra("convexviz.export").alt_of(spec))


def _listed(words: Mapping[str, str]) -> str:
    """A line for each name."""
    wide = max(map(len, words), default=0)
    return "".join(f"{name:<{wide}}  {said}\n" for name, said in words.items())


def _file_name(scene: Any, name: str, dressed: list[str], ext: str) -> str:
    made: str = extra("convexviz.export").picture_name(scene, name, dressed, ext)
    return made


def _written(path: str, made: bytes | str) -> int:
    """Write it, and say where it is."""
    write(path, made)
    if path != STREAM:
        tell(f"{path}\n")
    return DONE
