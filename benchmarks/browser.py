"""What a hand feels, in a real browser: `python -m benchmarks.browser [splines|plane]`.

All times are taken in the page itself, in several rounds on fresh pages of one warm server.

splines: a point among 50 is clicked and moved many times on the lesson and on a bare page (`bare_page.py`: same
imports, a board and a caption; no solve, no figure), in turns, in one run: time from mouse-up to the fit of the final
position, and answers a second while a point is dragged. Targets: at most 1.5 times the bare page's median, at least 8
answers a second.

plane: a point among 60 is dragged, stops, and is let go: time from its last move until the regions of that position
are drawn, answers a second during a drag, and the bytes of the WebSocket's messages. Target: a median of 300 ms.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

ROOT = Path(__file__).parents[1]
PLANE_POINTS = 60
ROUNDS, CLICKS, DRAG_SECONDS = 3, 20, 3.0
DRAGS, PRACTICE = 8, 2  # drags of a round that count, and before them
MOVES, STEP_PIXELS, STEP_SECONDS = 6, 4, 0.03
REST_SECONDS = 0.5  # between two gestures
AFTERMATH_SECONDS = 3.0  # in which the path of the new points is sent
RATIO, RATE = 1.5, 8.0
MOST_MILLISECONDS = 300.0
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LAUNCH = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
LAUNCH += ["--disable-component-update", "--disable-sync"]

# Runs in the page: the time from the latest `event` until the fit belongs to the last change; `drawn` waits for the
# frame after the one that draws it.
WATCH = """([event, drawn]) => {
  const board = document.querySelector('[data-testid=board]');
  const caughtUp = () => board.dataset.rev === board.dataset.fitRev;
  let start = null;
  window.wait = null;
  const finish = () => {
    if (start !== null && caughtUp()) window.wait ??= performance.now() - start;
  };
  document.addEventListener(event, () => { start = performance.now(); window.wait = null; }, true);
  new MutationObserver(() => {
    if (!caughtUp()) window.wait = null;
    else if (drawn) requestAnimationFrame(finish);
    else finish();
  }).observe(board, { attributes: true });
}"""
ANSWERS = "Number(document.querySelector('[data-testid=board]').dataset.updates)"
POINT = """() => {
  const points = [...document.querySelectorAll('[data-testid=point]')].map((p) => p.getBoundingClientRect());
  const { x, y, width, height } = points[Math.floor(points.length / 2)];
  return [x + width / 2, y + height / 2];
}"""


@dataclass
class Figures:
    """What several rounds on one page gave.

    Attributes
    ----------
    waits : milliseconds, one per gesture.
    rates : answers a second under a long drag.
    answers, gestures, aftermath : answers during each gesture, bytes received during it, and after it.
    messages : bytes of each message received during gestures.
    """

    waits: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    gestures: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    aftermath: list[int] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.waits)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def line(self, name: str, what: str) -> str:
        """In words."""
        ninetieth = sorted(self.waits)[9 * len(self.waits) // 10]
        return (
            f"{name:8s} {what}: median {self.median:.0f} ms, 90th percentile {ninetieth:.0f} ms; "
            f"{self.rate:.1f} answers a second under a drag"
        )

    def bytes_line(self) -> str:
        """The traffic, in words; uncompressed, as the page sees it."""
        gesture, answer, after = statistics.median(self.gestures), self._answer(), statistics.median(self.aftermath)
        return (
            f"received: {answer / 1000:.1f} kB an answer, largest message {max(self.messages) / 1000:.1f} kB; "
            f"a drag of {MOVES} moves {gesture / 1000:.1f} kB in all; "
            f"in the {AFTERMATH_SECONDS:.0f} s after it {after / 1000:.1f} kB"
        )

    def _answer(self) -> float:
        return sum(self.gestures) / max(1, sum(self.answers))


class Traffic:
    """Sizes of the WebSocket messages a page has received."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[int] = []
        self.page = page
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: self.sizes.append(len(payload)))

    def since_last(self) -> list[int]:
        """The sizes since the last call."""
        self.page.evaluate("0")  # hands over what has come in
        sizes, self.sizes = self.sizes, []
        return sizes


@contextmanager
def served(script: str) -> Iterator[str]:
    """A fresh server of `script`; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / script), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def ready(page: Page, address: str, points: int, event: str, drawn: bool) -> tuple[float, float]:
    """Open the page and watch its board; where a point is."""
    page.goto(address)
    page.wait_for_function(f"document.querySelector('[data-testid=board]')?.dataset.count === '{points}'")
    page.wait_for_function("document.querySelector('[data-testid=board]').dataset.fitRev !== undefined")
    time.sleep(4)  # figures and path arrive
    page.evaluate(WATCH, [event, drawn])
    x, y = page.evaluate(POINT)
    return x, y


def waited(page: Page) -> float:
    """Milliseconds of the gesture just made, once nothing is on its way any more."""
    page.wait_for_function("window.wait !== null", timeout=10_000)
    time.sleep(REST_SECONDS)
    page.wait_for_function("window.wait !== null", timeout=10_000)
    return page.evaluate("window.wait")


def measure_clicks(page: Page, address: str, figures: Figures) -> None:
    """Milliseconds from mouse-up to the fit, one per click, and answers a second under a drag."""
    x, y = ready(page, address, 50, "pointerup", drawn=False)
    for i in range(CLICKS):
        page.mouse.move(x, y)
        page.mouse.down()
        y += 6 if i % 2 else -6
        page.mouse.move(x, y)
        page.mouse.up()
        figures.waits.append(waited(page))
    figures.rates.append(drag(page, x, y))


def pull(page: Page, x: float, y: float, i: int) -> tuple[float, float]:
    """The i-th drag, to and fro by turns: press at a place, move, and say where the hand is then, still pressing."""
    step = STEP_PIXELS if i % 2 else -STEP_PIXELS
    page.mouse.move(x, y)
    page.mouse.down()
    for _ in range(MOVES):
        time.sleep(STEP_SECONDS)
        x, y = x + step, y - step
        page.mouse.move(x, y)
    return x, y


def measure_drags(page: Page, address: str, figures: Figures) -> None:
    """Milliseconds from the last move to the drawn regions, one per drag, answers a second, and bytes."""
    traffic = Traffic(page)
    x, y = ready(page, address, PLANE_POINTS, "pointermove", drawn=True)
    for i in range(PRACTICE + DRAGS):
        traffic.since_last()
        before = page.evaluate(ANSWERS)
        x, y = pull(page, x, y, i)
        milliseconds = waited(page)
        answers = page.evaluate(ANSWERS) - before
        sizes = traffic.since_last()
        page.mouse.up()
        time.sleep(REST_SECONDS)
        if i >= PRACTICE:
            figures.waits.append(milliseconds)
            figures.answers.append(answers)
            figures.messages += sizes
            figures.gestures.append(sum(sizes))
    time.sleep(AFTERMATH_SECONDS - REST_SECONDS)
    figures.aftermath.append(sum(traffic.since_last()))
    figures.rates.append(drag(page, x, y))


def drag(page: Page, x: float, y: float) -> float:
    """Answers a second while the point at (x, y) follows the hand."""
    page.mouse.move(x, y)
    page.mouse.down()
    before, start = page.evaluate(ANSWERS), time.monotonic()
    while (elapsed := time.monotonic() - start) < DRAG_SECONDS:
        page.mouse.move(x + 20 * elapsed, y - 30 * elapsed)
        time.sleep(0.008)
    answers = page.evaluate(ANSWERS) - before
    page.mouse.up()
    return answers / DRAG_SECONDS


Measure = Callable[[Page, str, Figures], None]


def rounds(browser: Browser, addresses: dict[str, str], measure: Measure) -> dict[str, Figures]:
    """`measure` on every page in turn, `ROUNDS` times, so that what else the machine does falls on all of them."""
    found = {name: Figures() for name in addresses}
    for _ in range(ROUNDS):
        for name, address in addresses.items():
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            measure(page, address, found[name])
            page.close()
    return found


def splines(browser: Browser) -> bool:
    """Print the figures of the lesson on the line; whether both targets are met."""
    with served("benchmarks/bare_page.py") as bare, served("app.py") as lesson:
        found = rounds(browser, {"bare": f"{bare}/", "splines": f"{lesson}/splines?n=50"}, measure_clicks)
    for name, figures in found.items():
        print(figures.line(name, "mouse-up to fit"))
    ratio = found["splines"].median / found["bare"].median
    print(f"ratio {ratio:.2f} (target at most {RATIO}), {load()}")
    return ratio <= RATIO and found["splines"].rate >= RATE


def plane(browser: Browser) -> bool:
    """Print the figures of the lesson in the plane; whether the target is met."""
    with served("app.py") as lesson:
        figures = rounds(browser, {"plane": f"{lesson}/plane?n={PLANE_POINTS}"}, measure_drags)["plane"]
    print(figures.line("plane", "last move to drawn regions"))
    print(figures.bytes_line())
    print(f"target at most {MOST_MILLISECONDS:.0f} ms, {load()}")
    return figures.median <= MOST_MILLISECONDS


def load() -> str:
    """How busy the machine is."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


LESSONS = {"splines": splines, "plane": plane}


def main(arguments: list[str]) -> int:
    """Measure the lesson named, splines unless told; 0 if its targets are met."""
    name = arguments[0] if arguments else "splines"
    if name not in LESSONS:
        print(f"Name one of {', '.join(LESSONS)}; got {name!r}.", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        met = LESSONS[name](browser)
        browser.close()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
