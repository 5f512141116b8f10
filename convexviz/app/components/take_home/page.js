// A lesson on a page without a server: its parts are mounted with the messages that stand in the file, by the code of
// the app. The hand may look, not change: an answer to other points could not be had here. β moves along the path that
// was solved in advance.

import mountBadge from "../badge/badge.js";
import mountBoard from "../board/board.js";
import mountChart from "../chart/chart.js";
import mountDual from "../dual_hand/dual_hand.js";
import mountFilm from "../player/film.js";
import mountScrubber from "../player/scrubber.js";
import { betaText } from "../player/beta.js";
import { bus } from "../web/bus.js";
import { nearestAnswer } from "./answers.js";

/** @typedef {{kind: string, key: string, data: any}} Part */

const MOUNTS = { badge: mountBadge, board: mountBoard, chart: mountChart, dual: mountDual, film: mountFilm, path: mountScrubber };
const HAND = ["pointerdown", "touchstart", "contextmenu", "keydown"]; // what would take hold of a point
const SOLVED = "Of the β solved in advance this is the nearest.";

/** @type {Part[]} */
const parts = JSON.parse(document.getElementById("cvz-scene").textContent);
const of = (kind) => parts.filter((part) => part.kind === kind);

/** @type {(key: string) => HTMLElement} */
const hostOf = (key) => document.querySelector(`[data-part="${CSS.escape(key)}"]`);

// Nobody is there to be told of anything.
const silent = { setStateValue: () => {}, setTriggerValue: () => {} };

function mount({ kind, key, data }) {
  MOUNTS[kind]({ data, parentElement: hostOf(key), ...silent });
}

// ---------------------------------------------------------------- the hand may look

function still(key) {
  const host = hostOf(key);
  for (const type of HAND) host.addEventListener(type, (event) => event.stopPropagation(), { capture: true });
  const held = host.querySelectorAll('[tabindex="0"]');
  for (const node of held) node.removeAttribute("tabindex");
  for (const node of host.querySelectorAll('[role="application"]')) {
    node.setAttribute("role", "img");
    for (const name of ["aria-roledescription", "aria-describedby"]) node.removeAttribute(name);
  }
}

// ---------------------------------------------------------------- β

// The frame that the slider was left at stays, whoever takes the page back to its answer meanwhile.
function slide({ key, data }) {
  const frames = bus.last[`path:${key}`]?.frames ?? [];
  /** @type {HTMLElement} */
  const back = document.querySelector(`[data-back="${CSS.escape(key)}"]`);
  let held = null;
  let rev = data.rev;

  const show = (/** @type {number} */ beta, frame) => {
    held = frame;
    back.hidden = frame === null;
    const now = { ...data, beta, rev, note: frame ? SOLVED : data.note };
    mountScrubber({ ...silent, data: now, parentElement: hostOf(key), setStateValue: answer });
    if ((bus.last.scrub ?? null) !== held) bus.emit("scrub", held);
  };
  const answer = (_, request) => {
    rev = request.rev;
    const found = nearestAnswer(data.beta, frames, request.value);
    show(found.beta, found.frame);
  };
  bus.on("scrub", (frame) => {
    if (frame === null && held) queueMicrotask(() => held && bus.last.scrub === null && bus.emit("scrub", held));
  });
  back.textContent = `Back to β = ${betaText(data.beta)}`;
  back.onclick = () => show(data.beta, null);
  show(data.beta, null);
}

// ---------------------------------------------------------------- the theme

function wear(theme) {
  document.documentElement.dataset.theme = theme;
  of("chart").forEach(mount); // they draw with the inks they find
}

function offerThemes() {
  const { dataset } = document.documentElement;
  const button = document.querySelector(".cvz-page-theme");
  button.addEventListener("click", () => wear(dataset.theme === "dark" ? "light" : "dark"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => wear(matches ? "dark" : "light"));
}

// ---------------------------------------------------------------- all of it

for (const kind of ["badge", "chart", "board", "dual", "path", "film"]) of(kind).forEach(mount);
of("slider").forEach(slide);
for (const { key } of [...of("board"), ...of("dual")]) still(key);
offerThemes();
document.documentElement.dataset.ready = "true";
