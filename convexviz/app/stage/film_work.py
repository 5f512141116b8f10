"""A film in the making, in a thread beside the page: few at a time on a server, given up when its visitor has left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from convexviz.app.compute.background import Job
from convexviz.app.stage.pictures import Film, picture
from convexviz.app.stage.scene import Scene
from convexviz.export import ExportError
from convexviz.export.film import FilmCancelled, Format, Picture, filmed

AT_ONCE = 2  # films on one server: each has a Chromium, which fills a core
TURN_SECONDS = 0.2  # between looks at whether a film that waits for its turn is still wanted
# A page that is out of sight may ask once a minute only; one that has not asked for longer is closed.
IDLE_SECONDS = 90.0

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Order:
    """What film is asked for: of the pictures named, one or two side by side."""

    scene: Scene
    film: Film
    names: tuple[str, ...]
    format: Format
    fps: float
    hold: float
    scale: float
    theme: str
    transparent: bool
    captions: bool

    def pictures(self) -> Iterator[Picture]:
        """The frames, each made when it is asked for."""
        for frame in self.film.frames:
            made = tuple(picture(self.scene, name, frame) for name in self.names)
            yield made[0] if len(made) == 1 else (made[0], made[1])


class FilmWork:
    """The making of one film.

    Attributes
    ----------
    order : what was asked for.
    share : how much is done, from 0 to 1.
    waiting : whether it waits for its turn.
    data : the film, once it is there.
    trouble : what went wrong, and what to do.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.share = 0.0
        self.waiting = True
        self.data: bytes | None = None
        self.trouble = ""
        self._job = Job(self._make, idle=IDLE_SECONDS)

    @property
    def going(self) -> bool:
        """Whether it is still being made."""
        return self._job.alive

    def ask(self) -> None:
        """Say that somebody is still waiting for it."""
        self._job.wait(0)

    def cancel(self, seconds: float = 0.0) -> None:
        """Give it up; wait so long for its end."""
        self._job.cancel()
        self._job.join(seconds)

    def _make(self, job: Job) -> None:
        while not _turns.acquire(timeout=TURN_SECONDS):
            if job.stop():
                return
        try:
            self.waiting = False
            self.data = self._made(job)
        except FilmCancelled:
            self.share = 0.0
        except (ExportError, ValueError) as error:
            self.trouble = str(error)
        except Exception:
            self.trouble = "The film could not be made; the server's log says why. Try another picture or format."
            raise
        finally:
            _turns.release()

    def _made(self, job: Job) -> bytes:
        order = self.order
        return filmed(
            order.pictures(),
            order.format,
            fps=order.fps,
            hold=order.hold,
            scale=order.scale,
            theme=order.theme,
            transparent=order.transparent,
            captions=order.film.captions if order.captions else None,
            progress=self._tell,
            cancelled=job.stop,
        )

    def _tell(self, done: int, total: int) -> None:
        self.share = done / total
