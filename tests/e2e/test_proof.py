"""The proof that the visitor's own browser checks: when, what it says, the file it offers, and what it refutes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import ROOT, Tab
from e2e.lesson_hand import LessonHand, calm_visit
from e2e.plane_hand import Plane
from e2e.splines_hand import Lesson
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.e2e

CHECKER = ROOT / "convexviz" / "verify.py"
HANDS: dict[str, type[LessonHand]] = {"splines": Lesson, "plane": Plane}
JUST = re.compile(r"Your browser has just checked it in exact arithmetic \([\d.]+ m?s\)")

# Puts an answer in the badge's way, as the board would: that of the page, changed.
CHANGE = """([key, change]) => {
  const bus = globalThis.__convexvizBus;
  const parcel = structuredClone(bus.last[key]);
  new Function("parcel", change)(parcel);
  parcel.seq += 1;
  bus.emit(key, parcel);
}"""
# A worker that never answers, and tells what was asked of it.
SILENT = """
globalThis.asked = [];
globalThis.Worker = class {
  postMessage(message) { asked.push({ c: message.answer.c, ended: false }); this.at = asked.length - 1; }
  terminate() { if (this.at !== undefined) asked[this.at].ended = true; }
};
"""
STRICT = """
addEventListener("DOMContentLoaded", () => {
  const policy = { httpEquiv: "Content-Security-Policy", content: "script-src 'self' blob:" };
  document.head.append(Object.assign(document.createElement("meta"), policy));
});
"""
EVALUATED = """() => new Promise((done) => setTimeout(() => {
  try { done(Function("return 'allowed'")()); } catch { done("refused"); }
}))"""
ASK = """([url, message]) => new Promise((done, failed) => {
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
  worker.onerror = ({ message }) => failed(new Error(message));
  worker.postMessage(message);
})"""
HEIGHTS = """() => {
  const badge = document.querySelector(".cvz-badge");
  globalThis.heights = [badge.offsetHeight];
  globalThis.values = [];
  new MutationObserver(() => {
    heights.push(badge.offsetHeight);
    values.push(document.querySelector("[data-testid=proof]").dataset.value);
  }).observe(badge, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


@pytest.fixture
def calm(tab: Tab) -> Iterator[Page]:
    with calm_visit(tab) as page:
        yield page


def expect_proof(page: Page, value: str, words: str | re.Pattern[str] = "") -> None:
    """Wait until the badge says this of the proof."""
    proof = page.get_by_test_id("proof")
    expect(proof).to_have_attribute("data-value", value)
    if words:
        expect(proof).to_contain_text(words)


def change(page: Page, board: str, script: str) -> None:
    """The answer on the page, with its `parcel` changed by a script."""
    page.evaluate(CHANGE, [f"parcel:{board}-badge", script])


def saved(page: Page, folder: Path) -> Path:
    """The proof file, downloaded."""
    with page.expect_download() as download:
        page.get_by_test_id("proof-file").click()
    assert download.value.suggested_filename == "convexviz-proof.json"
    file = folder / "convexviz-proof.json"
    download.value.save_as(file)
    return file


def verified(file: Path) -> tuple[int, str]:
    """Exit code and last line of the checker in Python, run by itself."""
    done = subprocess.run([sys.executable, "-I", str(CHECKER), str(file)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()[-1]


# ---------------------------------------------------------------- answers of the lessons


@pytest.mark.parametrize("name", HANDS)
def test_every_answer_is_checked_when_the_hand_rests_and_its_file_holds(
    calm: Page, app_address: str, name: str, tmp_path: Path
) -> None:
    lesson = HANDS[name](calm, app_address).open()
    expect_proof(calm, "exact", JUST)
    expect(calm.locator(".cvz-badge-word")).to_have_text("Global optimum, proved")
    before = json.loads(saved(calm, tmp_path).read_text())
    assert verified(tmp_path / "convexviz-proof.json")[0] == 0
    calm.evaluate(HEIGHTS)
    x, y = lesson.spot(3)
    calm.mouse.move(*lesson.at(x, y))
    calm.mouse.down()
    calm.mouse.move(*lesson.at(x, y + (0.1 if y < 0.5 else -0.1)), steps=6)
    expect_proof(calm, "float", "checked exactly when the hand rests")
    calm.mouse.up()
    expect_proof(calm, "exact", JUST)
    file = saved(calm, tmp_path)
    document = json.loads(file.read_text())
    assert document["X"] != before["X"] or document["y"] != before["y"]
    code, verdict = verified(file)
    assert code == 0, verdict
    assert verdict.startswith("PROVED")
    shown, claim = lesson.number("objective"), float.fromhex(document["claim"]["upper"])
    assert claim == pytest.approx(shown, rel=1e-6)
    heights, values = calm.evaluate("[heights, values]")
    assert len(set(heights)) == 1, "the page jumps"
    assert set(values) == {"exact", "float"}


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("", "exact"),
        ("splines?task=classification", "exact"),
        ("splines?loss=interpolate", "exact"),
        ("plane?task=regression", "exact"),
        ("geometry", "exact"),
        ("race", "exact"),
        ("cutting-planes?oracle=sweep", "exact"),
        ("cutting-planes?oracle=relaxation", "none"),
        ("closed-forms", "float"),
        ("autoencoders", "float"),
    ],
)
def test_each_page_says_what_has_been_checked(calm: Page, app_address: str, address: str, value: str) -> None:
    calm.goto(f"{app_address}/{address}")
    expect_proof(calm, value)
    if value == "exact":
        expect(calm.get_by_test_id("proof-file")).to_be_visible()
    else:
        expect(calm.get_by_test_id("proof-file")).to_be_hidden()


def test_a_frame_of_the_path_is_certified_in_floating_point_and_the_answer_keeps_its_proof(
    calm: Page, app_address: str
) -> None:
    lesson = Lesson(calm, app_address).open()
    expect_proof(calm, "exact")
    lesson.path_is_ready(20)
    calm.mouse.move(*lesson.thumb(0.5))
    calm.mouse.down()
    calm.mouse.move(*lesson.thumb(0.2), steps=4)
    expect_proof(calm, "float", "Certified in floating point")
    expect(calm.get_by_test_id("proof-file")).to_be_hidden()
    calm.mouse.up()
    expect_proof(calm, "exact", JUST)


# ---------------------------------------------------------------- what is refuted


def test_an_answer_worse_than_it_looks_is_refuted_plainly(calm: Page, app_address: str, tmp_path: Path) -> None:
    """The server's word is not taken: the numbers say certified, the network is another."""
    Lesson(calm, app_address).open()
    expect_proof(calm, "exact")
    change(calm, "line", "parcel.proof.c += 0.1")
    expect_proof(calm, "none", "The exact check refutes the proof")
    expect(calm.locator(".cvz-badge-word")).to_have_text("Refuted")
    code, verdict = verified(saved(calm, tmp_path))
    assert code == 0
    assert float(verdict.rsplit(" ", 1)[1]) > 1e-3, "the file says honestly how far they are apart"


def test_a_file_that_was_tampered_with_is_refuted_by_the_worker(calm: Page, app_address: str, tmp_path: Path) -> None:
    Plane(calm, app_address).open()
    expect_proof(calm, "exact")
    document = json.loads(saved(calm, tmp_path).read_text())
    checker = calm.locator(".cvz-badge a").get_attribute("href")
    assert checker.endswith("/badge/proof_check.js")
    url = checker.replace("proof_check.js", "proof_worker.js")

    def ask(document: Any) -> Any:
        return calm.evaluate(ASK, [url, {"id": 1, "document": document}])

    assert ask(document)["verdict"] == "proved"
    v = [(float.fromhex(document["v"][0]) + 0.25).hex(), *document["v"][1:]]
    tampered = ask(document | {"v": v})
    assert tampered["verdict"] == "refuted"
    assert "seal" in tampered["reason"]
    assert ask({"convexviz-proof": 1})["verdict"] == "unreadable"


# ---------------------------------------------------------------- work that is asked for, put off, or given up


def test_many_points_of_the_plane_are_checked_on_request(calm: Page, app_address: str) -> None:
    Plane(calm, app_address).open()
    expect_proof(calm, "exact")
    change(calm, "plane", "parcel.proof.n = 301")  # which is only what the badge goes by
    expect_proof(calm, "float", "301 points is made on request")
    calm.get_by_test_id("proof-now").click()
    expect_proof(calm, "exact", JUST)
    expect(calm.get_by_test_id("proof-now")).to_be_hidden()


def test_a_newer_answer_ends_a_check_under_way(open_page: Callable[..., Page], app_address: str) -> None:
    page = open_page()
    page.add_init_script(SILENT)
    Lesson(page, app_address).open()
    page.wait_for_function("asked.length === 1")
    expect_proof(page, "float", "is checking it in exact arithmetic")
    change(page, "line", "parcel.proof.c = 7")
    page.wait_for_function("asked.length === 2 && asked[0].ended && asked[1].c === 7 && !asked[1].ended")
    page.evaluate("__convexvizBus.emit('pending', { pending: true })")
    page.wait_for_function("asked[1].ended")
    page.evaluate("__convexvizBus.emit('pending', { pending: false })")
    page.wait_for_function("asked.length === 3 && asked[2].c === 7")


def test_a_browser_that_cannot_check_says_so(open_page: Callable[..., Page], app_address: str) -> None:
    page = open_page()
    page.add_init_script(
        "globalThis.Worker = class { constructor() { throw new Error('workers are switched off'); } };"
    )
    Lesson(page, app_address).open()
    expect_proof(page, "float", "workers are switched off")
    expect(page.get_by_test_id("proof-file")).to_be_hidden()


def test_the_check_runs_under_a_strict_policy(browser: Browser, app_address: str) -> None:
    """`script-src 'self' blob:` is what a careful proxy adds; workers follow it too."""
    page = browser.new_page()
    page.add_init_script(STRICT)
    page.goto(f"{app_address}/splines")
    expect_proof(page, "exact", JUST)
    assert page.evaluate(EVALUATED) == "refused", "the policy is in force"
    page.close()
