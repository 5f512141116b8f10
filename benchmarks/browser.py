"""What a hand feels, in a real browser: `python -m benchmarks.browser`.

A point among 50 is clicked and moved many times on the lesson and on a bare page (`bare_page.py`: same imports, a board
and a caption; no solve, no figure), in turns, in one run. Measured in the page itself: time from mouse-up to the fit of
the final position, and answers a second while a point is dragged. Targets: at most 1.5 times the bare page's median,
at least 8 answers a second.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
PAGES = {"bare": ("benchmarks/bare_page.py", "/"), "splines": ("app.py", "/splines?n=50")}
ROUNDS, CLICKS, DRAG_SECONDS = 3, 20, 3.0
REST_SECONDS = 0.5  # between two gestures
RATIO, RATE = 1.5, 8.0
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LAUNCH = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
LAUNCH += ["--disable-component-update", "--disable-sync"]

# Runs in the page: notes the time from each mouse-up until the fit belongs to the last change.
WATCH = """() => {
  const board = document.querySelector('[data-testid=board]');
  window.waits = [];
  let up = null;
  document.addEventListener('pointerup', () => { up = performance.now(); }, true);
  new MutationObserver(() => {
    if (up === null || board.dataset.rev !== board.dataset.fitRev) return;
    window.waits.push(performance.now() - up);
    up = null;
  }).observe(board, { attributes: true });
}"""
POINT = """() => {
  const points = [...document.querySelectorAll('[data-testid=point]')].map((p) => p.getBoundingClientRect());
  const { x, y, width, height } = points[Math.floor(points.length / 2)];
  return [x + width / 2, y + height / 2];
}"""


@contextmanager
def served(script: str):
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


def measure(page: Page, address: str) -> tuple[list[float], float]:
    """Milliseconds from mouse-up to the fit, one per click, and answers a second under a drag."""
    page.goto(address)
    page.wait_for_function("document.querySelector('[data-testid=board]')?.dataset.count === '50'")
    page.wait_for_function("document.querySelector('[data-testid=fit]')")
    time.sleep(4)  # figures and path arrive
    page.evaluate(WATCH)
    x, y = page.evaluate(POINT)
    for i in range(CLICKS):
        page.mouse.move(x, y)
        page.mouse.down()
        y += 6 if i % 2 else -6
        page.mouse.move(x, y)
        page.mouse.up()
        page.wait_for_function(f"window.waits.length === {i + 1}", timeout=10_000)
        time.sleep(REST_SECONDS)
    return page.evaluate("window.waits"), drag(page, x, y)


def drag(page: Page, x: float, y: float) -> float:
    """Answers a second while the point at (x, y) follows the hand."""
    count = "Number(document.querySelector('[data-testid=board]').dataset.updates)"
    page.mouse.move(x, y)
    page.mouse.down()
    before, start = page.evaluate(count), time.monotonic()
    while (elapsed := time.monotonic() - start) < DRAG_SECONDS:
        page.mouse.move(x + 20 * elapsed, y - 30 * elapsed)
        time.sleep(0.008)
    answers = page.evaluate(count) - before
    page.mouse.up()
    return answers / DRAG_SECONDS


def main() -> int:
    """Print the figures; 0 if both targets are met."""
    waits: dict[str, list[float]] = {name: [] for name in PAGES}
    rates: dict[str, list[float]] = {name: [] for name in PAGES}
    with (
        served(PAGES["bare"][0]) as bare,
        served(PAGES["splines"][0]) as splines,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        for _ in range(ROUNDS):
            for name, address in (("bare", bare), ("splines", splines)):
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                milliseconds, rate = measure(page, address + PAGES[name][1])
                waits[name] += milliseconds
                rates[name].append(rate)
                page.close()
        browser.close()
    for name in PAGES:
        ordered = sorted(waits[name])
        print(
            f"{name:8s} mouse-up to fit: median {statistics.median(ordered):.0f} ms, "
            f"90th percentile {ordered[9 * len(ordered) // 10]:.0f} ms; "
            f"{statistics.median(rates[name]):.1f} answers a second under a drag"
        )
    ratio = statistics.median(waits["splines"]) / statistics.median(waits["bare"])
    print(
        f"ratio {ratio:.2f} (target at most {RATIO}), load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return 0 if ratio <= RATIO and statistics.median(rates["splines"]) >= RATE else 1


if __name__ == "__main__":
    sys.exit(main())
