"""How long gestures wait for their answers on all lessons, in a real browser: `python -m benchmarks.gestures`.

On one warm server each lesson is opened with at most 60 points, as many as its preset allows. Where it has a board, one
point is dragged to and fro: the time goes from letting go of it until the answer to its last position is drawn. Where
it has none, β is stepped by the arrow keys: until the verdict tells other numbers. Target: none later than 300 ms.
Addresses of lessons behind the command measure those alone.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from benchmarks.browser import CHROMIUM, LAUNCH, MOST_MILLISECONDS, load, pull, served
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.settings import from_query, table, to_query

POINTS = 60
PRACTICE, GESTURES = 3, 20
PATIENCE = 10.0  # seconds, for one answer; a later one counts as this
OPENING = 60.0  # seconds, for the page
REST_SECONDS = 0.4  # between two gestures
QUIET_SECONDS = 4.0  # after the page was opened: figures and path arrive

# The board with the most points, in view; null where there is none.
FIND = """() => {
  const count = (board) => board.querySelectorAll('[data-testid=point]').length;
  const boards = [...document.querySelectorAll('[data-testid=board]')].sort((a, b) => count(b) - count(a));
  window.board = boards.length && count(boards[0]) ? boards[0] : null;
  window.board?.scrollIntoView({ block: 'center' });
  return Boolean(window.board);
}"""
POINT = """() => {
  const points = [...window.board.querySelectorAll('[data-testid=point]')];
  const { x, y, width, height } = points[Math.floor(points.length / 2)].getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
WATCH_BOARD = """() => {
  const { board } = window;
  const answered = () => board.dataset.rev === board.dataset.answerRev;
  let end = null;
  const look = () => requestAnimationFrame(() => {
    if (end !== null && answered()) window.wait ??= performance.now() - end;
  });
  document.addEventListener('pointerup', () => {
    end = performance.now();
    window.wait = null;
    look();
  }, true);
  new MutationObserver(look).observe(board, { attributes: true });
}"""
# All numbers that the page tells, in one text; the state of the verdict is none of them.
NUMBERS = """[...document.querySelectorAll('[data-value]')]
  .filter(({ dataset }) => !['status', 'proof'].includes(dataset.testid))
  .map(({ dataset }) => dataset.value).join(' ')"""
WATCH_BETA = f"""() => {{
  const numbers = () => {NUMBERS};
  let start = null, before = null;
  document.addEventListener('keydown', () => {{
    [start, before, window.wait] = [performance.now(), numbers(), null];
  }}, true);
  const look = () => requestAnimationFrame(() => {{
    if (start !== null && numbers().trim() && numbers() !== before) window.wait ??= performance.now() - start;
  }});
  const changes = {{ subtree: true, childList: true, attributes: true, attributeFilter: ['data-value'] }};
  new MutationObserver(look).observe(document.body, changes);
}}"""
SHOWN = f"Boolean(({NUMBERS}).trim()) || Boolean(document.querySelector('[data-testid=point]'))"
THUMB = ".st-key-set-beta input[type=range]"


@dataclass(frozen=True)
class Waits:
    """Milliseconds of the gestures on one lesson, and what the gesture was."""

    gesture: str
    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def late(self) -> float:
        """The 95th percentile: no more than one gesture in twenty waits longer."""
        ordered = sorted(self.milliseconds)
        return ordered[math.ceil(0.95 * len(ordered)) - 1]

    def line(self, address: str) -> str:
        """In words, marked where it exceeds the target."""
        mark = f"  over {MOST_MILLISECONDS:.0f} ms" if self.late > MOST_MILLISECONDS else ""
        return f"{address:16s} {self.gesture:14s} median {self.median:5.0f} ms   p95 {self.late:5.0f} ms{mark}"


def query(lesson: Lesson) -> dict[str, str]:
    """The link to the lesson with `POINTS` points, or as many as its preset has at most."""
    rows = table(lesson.settings)
    if "n" not in rows or not rows["n"].lo <= POINTS <= rows["n"].hi:
        return {}
    settings, _ = from_query({rows["n"].query: str(POINTS)}, lesson.settings)
    return to_query(settings)


def measured(page: Page, address: str, lesson: Lesson) -> Waits:
    """Open the lesson, make its gesture often, and take the times."""
    page.goto(f"{address}/{lesson.address}?{urlencode(query(lesson))}")
    page.wait_for_function(SHOWN, timeout=1000 * OPENING)
    time.sleep(QUIET_SECONDS)
    if page.evaluate(FIND):
        page.evaluate(WATCH_BOARD)
        return Waits("drag a point", repeated(page, _drag))
    page.locator(THUMB).scroll_into_view_if_needed()
    page.evaluate(WATCH_BETA)
    return Waits("step β", repeated(page, _step))


def repeated(page: Page, gesture: Callable[[Page, int], None]) -> tuple[float, ...]:
    """The times of `GESTURES` gestures, after some for practice."""
    return tuple([_timed(page, gesture, i) for i in range(PRACTICE + GESTURES)][PRACTICE:])


def _timed(page: Page, gesture: Callable[[Page, int], None], i: int) -> float:
    gesture(page, i)
    try:
        page.wait_for_function("window.wait !== null", timeout=1000 * PATIENCE)
    except TimeoutError:
        return 1000 * PATIENCE
    time.sleep(REST_SECONDS)
    return float(page.evaluate("window.wait"))


def _drag(page: Page, i: int) -> None:
    pull(page, *page.evaluate(POINT), i)
    page.mouse.up()


def _step(page: Page, i: int) -> None:
    page.locator(THUMB).press("ArrowLeft" if i % 2 else "ArrowRight")


def everywhere(browser: Browser, lessons: Sequence[Lesson]) -> bool:
    """Print a line for each lesson; whether all of them meet the target."""
    met = True
    with served("app.py") as address:
        for lesson in lessons:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            waits = measured(page, address, lesson)
            page.close()
            print(waits.line(lesson.address), flush=True)
            met = met and waits.late <= MOST_MILLISECONDS
    print(f"gesture to answer, {GESTURES} each; target at most {MOST_MILLISECONDS:.0f} ms; {load()}")
    return met


def main(addresses: Sequence[str]) -> int:
    """Measure the lessons at these addresses, all unless told; 0 if the target is met."""
    known = {lesson.address: lesson for lesson in LESSONS}
    unknown = [address for address in addresses if address not in known]
    if unknown:
        print(f"Name some of {', '.join(known)}; got {', '.join(unknown)}.", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        met = everywhere(browser, [known[address] for address in addresses] or LESSONS)
        browser.close()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
