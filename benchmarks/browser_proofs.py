"""What exact proofs cost a visitor: `python -m benchmarks.browser_proofs`.

The same solutions are proved by `convexviz.prove` in Python and by the script of the app in Chromium, in a worker, as a
visitor's browser does it. Targets in the browser: 40 points in the plane within 0.1 s, 120 within 0.5 s, 200 in about
1 s; "fresh" is the first proof of a new worker, "warm" the best of a few more.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

import convexviz as cv
from convexviz.app.components.web import FILES
from convexviz.app.compute import answers

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CASES = [(1, "squared", 40), (1, "squared", 500), (1, "logistic", 500)]
CASES += [(2, loss, n) for n in (40, 120, 200) for loss in ("squared", "hinge", "logistic")]
CASES += [(2, "interpolate", 40), (2, "squared", 300), (2, "squared", 500)]
REPEATS = 4
NOISE = 0.1
BETA = 0.1

HIRE = """() => {
  globalThis.worker = new Worker("/badge/proof_worker.js", { type: "module" });
}"""
PROVE = """(text) => new Promise((done, failed) => {
  const decode = (value) => {
    if (value?.bdata === undefined) return value;
    return new Float64Array(Uint8Array.from(atob(value.bdata), (c) => c.charCodeAt(0)).buffer);
  };
  const answer = Object.fromEntries(Object.entries(JSON.parse(text)).map(([name, value]) => [name, decode(value)]));
  worker.onmessage = ({ data: { ms, relative } }) => done([ms, relative]);
  worker.onerror = ({ message }) => failed(new Error(message || "the script did not load"));
  worker.postMessage({ answer });
})"""
PLACE = "http://localhost/"  # answered by the benchmark itself: a worker needs a page with an origin


def problem(d: int, loss: str, n: int) -> answers.Problem:
    """A noisy wave on random points, or its sign."""
    rng = np.random.default_rng(n)
    X = rng.uniform(-1, 1, (n, d))
    y = np.sin(4 * X[:, 0]) * np.cos(2 * X[:, -1]) + NOISE * rng.normal(size=n)
    if cv.LOSSES[loss].classification:
        y = np.where(y > 0, 1.0, -1.0)
    return answers.Problem.of(X, y, loss)


def in_python(made: answers.Problem, solution: cv.Solution) -> float:
    start = time.perf_counter()
    cv.prove(solution, made.X, made.targets)
    return time.perf_counter() - start


def in_browser(page: Page, proof: dict[str, Any]) -> tuple[float, float, float]:
    """Seconds of a fresh worker and of a warm one, and the relative gap."""
    page.evaluate(HIRE)
    runs = [page.evaluate(PROVE, json.dumps(proof)) for _ in range(1 + REPEATS)]
    page.evaluate("worker.terminate()")
    return runs[0][0] / 1e3, min(ms for ms, _ in runs[1:]) / 1e3, runs[0][1]


def serve(route: Route) -> None:
    """The app's scripts under their names; anything else is an empty page."""
    script = FILES.get(route.request.url.removeprefix(PLACE))
    kind = "text/javascript" if script else "text/html"
    route.fulfill(body=script or "<!doctype html>", content_type=kind)


def main() -> None:
    print("| points | | loss | Python | browser, fresh | warm | exact gap |\n|--:|---|---|--:|--:|--:|--:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route(f"{PLACE}**", serve)
        page.goto(PLACE)
        for d, loss, n in CASES:
            made = problem(d, loss, n)
            answer = answers.solve(made, BETA)
            assert answer.solution is not None, answer.message
            proof = answers.proved(answer, made, live=False)["proof"]
            fresh, warm, gap = in_browser(page, proof)
            seconds = in_python(made, answer.solution)
            place = "plane" if d == 2 else "line"
            times = " | ".join(f"{t:.3f} s" for t in (seconds, fresh, warm))
            print(f"| {n} | {place} | {loss} | {times} | {gap:.1e} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
