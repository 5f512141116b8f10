// The β slider. While it moves, the nearest frame of the path solved in advance is shown at once, without the server;
// when it is released the exact β goes to Python, and the frame stays until that answer is on the page.
// Messages follow the acknowledged protocol: every request has a number, Python's data carry the last one it has seen.

import { bus, newest } from "../web/bus.js";
import { onceGone } from "../web/dom.js";
import { clamp } from "../web/line_math.js";
import { betaAt, betaText, nearest, neuronRuns, parseBeta, positionOf, STEPS } from "./beta.js";
import { Clock, fillTrack, Projector, stepsOf } from "./player.js";

const SCRUBBERS = new WeakMap();
const SWEEP_MS = 4000;
const HOLD_MS = 700; // the end of a sweep stays in view this long
const REST_MS = 1200; // a hand that rests this long may be kept waiting for a stretch of the path
const NEXT_MS = 30; // between one stretch and the next
const SETTLE_MS = 80; // figures and badge get the answer in the same rerun; let them draw it first
const LABEL_ROOM = 3.5; // percent of the slider that a neuron count needs
const KEY_STEPS = { one: 10, many: 100, all: STEPS }; // by arrows, pages and ends

// ---------------------------------------------------------------- nodes

const SCRUBBER_MARKUP = `
  <div class="cvz-scrub-row">
    <button type="button" class="cvz-scrub-play" data-testid="beta-play"></button>
    <div class="cvz-scrub-slider">
      <input type="range" min="0" max="${STEPS}" step="1" data-testid="beta-slider" aria-label="β, strength of weight decay">
      <div class="cvz-scrub-ticks" aria-hidden="true"></div>
    </div>
    <label class="cvz-scrub-number">β
      <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" data-testid="beta-input">
    </label>
  </div>
  <div class="cvz-scrub-note" role="status" data-testid="beta-note"></div>`;

function makeScrubber(parentElement, data) {
  const root = document.createElement("div");
  root.className = "cvz-scrubber";
  root.innerHTML = SCRUBBER_MARKUP;
  parentElement.append(root);
  const part = (name) => root.querySelector(name);
  const s = {
    root,
    play: part(".cvz-scrub-play"),
    range: part('[type="range"]'),
    ticks: part(".cvz-scrub-ticks"),
    number: part('[type="text"]'),
    note: part(".cvz-scrub-note"),
    data,
    beta: data.beta,
    rev: data.rev, // last request sent
    acked: data.rev, // last request seen answered
    gesture: false, // a drag, a held key or a sweep is under way
    frames: null,
    projector: new Projector(),
    swept: null, // while β sweeps down: how far it is, from 0 to 1
  };
  s.clock = new Clock({ due: () => (s.swept === 1 ? s.sweptAt + HOLD_MS : 0), step: () => sweepOn(s) });
  listen(s);
  SCRUBBERS.set(parentElement, s);
  return s;
}

function listen(s) {
  s.range.addEventListener("input", () => move(s, betaAt(s.data, Number(s.range.value))));
  s.range.addEventListener("change", () => commit(s, betaAt(s.data, Number(s.range.value))));
  // A drag that ends where it began brings no change event.
  for (const end of ["pointerup", "pointercancel"]) s.range.addEventListener(end, () => s.gesture && commit(s, s.beta));
  s.range.addEventListener("keydown", (event) => pressed(s, event));
  s.range.addEventListener("keyup", () => s.keyed && commit(s, s.beta));
  s.range.addEventListener("blur", () => s.keyed && commit(s, s.beta));
  s.number.addEventListener("keydown", (event) => typed(s, event));
  s.number.addEventListener("change", () => entered(s));
  s.play.addEventListener("click", () => (isSweeping(s) ? commit(s, s.beta) : sweep(s)));
  s.root.addEventListener("pointerenter", () => wantPath(s)); // who reaches for the slider is not made to wait
  const offs = [
    bus.on(`path:${s.data.key}`, () => takePath(s)),
    bus.on("pending", () => wantPath(s)),
  ];
  s.off = () => offs.forEach((off) => off());
}

function say(s, text) {
  s.note.textContent = text || s.data.note || "";
  s.root.classList.toggle("cvz-invalid", Boolean(text));
}

function showBeta(s) {
  const { beta, data } = s;
  if (bus.last.beta?.beta !== beta) bus.emit("beta", { beta });
  const edited = document.activeElement === s.number && s.number.value !== s.text;
  if (!edited || s.gesture) s.number.value = s.text = betaText(beta);
  if (beta === null || data.disabled) return;
  const position = positionOf(data, beta);
  if (betaAt(data, Number(s.range.value)) !== beta) s.range.value = String(Math.round(position));
  fillTrack(s.root, position / STEPS);
  const neurons = s.projector.frame?.badge?.neurons;
  s.range.setAttribute("aria-valuetext", `β ${betaText(beta)}${neurons === undefined ? "" : `, ${neurons} neurons`}`);
}

function enable(s) {
  const { disabled } = s.data;
  s.range.disabled = s.number.disabled = disabled;
  s.play.disabled = disabled || !s.frames;
  s.root.classList.toggle("cvz-disabled", disabled);
  s.play.textContent = isSweeping(s) ? "❚❚" : "▶";
  s.play.title = isSweeping(s) ? "Stop here" : s.frames ? "Sweep β from its upper end down" : "The path is not solved yet";
  s.play.setAttribute("aria-label", s.play.title);
}

// ---------------------------------------------------------------- marks under the slider

function drawTicks(s) {
  const { data, frames } = s;
  const drawn = [frames, data.disabled, data.beta_min, data.beta_max, data.beta_end];
  if (s.drawn?.every((value, i) => value === drawn[i])) return;
  s.drawn = drawn;
  const marks = data.disabled ? [] : frames ? neuronMarks(data, frames) : [];
  const ends = data.disabled ? [] : [mark("cvz-scrub-low", 0, betaText(Number(data.beta_min.toPrecision(2)))), maxMark(data)];
  s.ticks.replaceChildren(...marks, ...ends);
}

// At the slider's end, unless the present β lies beyond: then the end is that, and β max is where the last neuron left.
function maxMark(data) {
  const label = `β max = ${Number(data.beta_max.toPrecision(3))}`;
  return mark("cvz-scrub-high", (100 * positionOf(data, data.beta_max)) / STEPS, label);
}

function mark(name, percent, text = "") {
  const node = document.createElement("span");
  node.className = name;
  node.style.left = `${percent}%`;
  node.textContent = text;
  return node;
}

function neuronMarks(data, frames) {
  const percent = (beta) => (100 * positionOf(data, beta)) / STEPS;
  const runs = neuronRuns(frames);
  const ticks = runs.slice(1).map(({ from }) => mark("cvz-scrub-tick", percent(from)));
  const labels = runs
    .map(({ from, to, neurons }) => ({ low: percent(from), high: percent(to), neurons }))
    .filter(({ low, high }) => high - low >= LABEL_ROOM)
    .map(({ low, high, neurons }) => mark("cvz-scrub-count", (low + high) / 2, String(neurons ?? "")));
  return [...ticks, ...labels];
}

// ---------------------------------------------------------------- frames

function takePath(s) {
  const path = bus.last[`path:${s.data.key}`];
  const frames = path?.rev === s.data.path_rev && path.frames?.length ? path.frames : null;
  wantPath(s);
  if (frames === s.frames) return;
  s.frames = frames;
  stopSweep(s);
  showFrame(s, null);
  drawTicks(s);
  enable(s);
}

function showFrame(s, frame) {
  clearTimeout(s.leaving);
  s.projector.show(frame);
}

// ---------------------------------------------------------------- gestures

function move(s, beta) {
  stopSweep(s);
  follow(s, beta);
}

function follow(s, beta) {
  s.gesture = true;
  s.beta = beta;
  if (s.frames) showFrame(s, nearest(s.frames, beta));
  else if (s.acked === s.rev) send(s);
  showBeta(s);
}

function commit(s, beta) {
  stopSweep(s);
  s.gesture = s.keyed = false;
  s.beta = beta;
  s.text = s.number.value; // what was typed is taken
  if (beta === s.asked || (s.asked === undefined && beta === s.data.beta)) settleScrub(s);
  else send(s);
  say(s, "");
  showBeta(s);
}

function pressed(s, event) {
  const steps = stepsOf(event.key, KEY_STEPS);
  if (!steps) return;
  event.preventDefault();
  s.keyed = true;
  move(s, betaAt(s.data, clamp(positionOf(s.data, s.beta) + (event.shiftKey ? steps / 10 : steps), [0, STEPS])));
}

function typed(s, event) {
  if (event.key === "Enter") entered(s);
  if (event.key !== "Escape") return;
  s.number.value = betaText(s.beta);
  say(s, "");
}

function entered(s) {
  if (s.number.value === betaText(s.beta)) return;
  const beta = parseBeta(s.number.value);
  if (beta !== null) return commit(s, beta);
  s.number.value = betaText(s.beta);
  say(s, "β must be a positive number, such as 0.05 or 1e-3.");
}

// ---------------------------------------------------------------- the sweep

const isSweeping = (s) => s.swept !== null;

function sweep(s) {
  s.sweptFrom = performance.now();
  s.swept = 0;
  s.clock.wait();
  enable(s);
}

function sweepOn(s) {
  if (s.swept === 1) return endSweep(s);
  s.swept = Math.min(1, (performance.now() - s.sweptFrom) / SWEEP_MS);
  follow(s, betaAt(s.data, STEPS * (1 - s.swept)));
  s.sweptAt = performance.now();
  s.clock.wait();
}

function stopSweep(s) {
  if (!isSweeping(s)) return;
  s.clock.stop();
  s.swept = null;
  enable(s);
}

// A sweep that ran through asks nothing of the server: the page returns to its answer.
function endSweep(s) {
  stopSweep(s);
  s.gesture = false;
  s.beta = s.data.beta;
  showFrame(s, null);
  showBeta(s);
}

// ---------------------------------------------------------------- talking to Python

function send(s) {
  s.rev += 1;
  s.asked = s.beta;
  s.setStateValue("beta", { value: s.beta, rev: s.rev });
}

function receive(s, data) {
  const lost = data.rev < s.acked; // Python forgot: it was restarted
  s.data = data;
  s.acked = lost ? s.rev : data.rev;
  if (lost) send(s);
  else if (data.rev < s.rev) return; // an answer to an earlier request; a later one is on its way
  else if (s.gesture) continueLive(s);
  else adopt(s);
}

function continueLive(s) {
  if (!s.frames && s.beta !== s.asked) send(s);
}

function adopt(s) {
  s.asked = undefined;
  s.beta = s.data.beta;
  showBeta(s);
  settleScrub(s);
}

function settleScrub(s) {
  if (!s.projector.frame || s.acked !== s.rev) return;
  clearTimeout(s.leaving);
  s.leaving = setTimeout(() => s.gesture || showFrame(s, null), SETTLE_MS);
}

function unmountScrubber(parentElement) {
  const s = SCRUBBERS.get(parentElement);
  SCRUBBERS.delete(parentElement);
  if (!s) return;
  s.off();
  clearTimeout(s.wanting);
  stopSweep(s);
  showFrame(s, null);
  s.root.remove();
}

// The frames come through a component of their own (see scrubber.py), which shows nothing.
// An unfinished path, or one of other data, is asked for again when the scrubber says so.
const PATHS = new WeakMap();

function mountPath({ key, path_rev, frames, complete }, parentElement, setTriggerValue) {
  parentElement.classList.add("cvz-path");
  let path = PATHS.get(parentElement);
  if (!path) {
    path = { asked: 0 };
    path.off = bus.on(`path-more:${key}`, () => path.setTriggerValue("more", (path.asked += 1)));
    PATHS.set(parentElement, path);
  }
  path.setTriggerValue = setTriggerValue;
  if (frames !== path.text) [path.text, path.frames] = [frames, frames && JSON.parse(frames)];
  path.told = { rev: path_rev, frames: path.frames, complete };
  bus.emit(`path:${key}`, path.told);
  return onceGone(parentElement, () => {
    if (!PATHS.delete(parentElement)) return;
    path.off();
    if (bus.last[`path:${key}`] === path.told) bus.emit(`path:${key}`, null); // else another one has taken its place
  });
}

// Asked for once the hand rests, so that solving the path never stands between a gesture and its answer.
function wantPath(s) {
  clearTimeout(s.wanting);
  const path = bus.last[`path:${s.data.key}`];
  if (!path || s.data.live || bus.last.pending?.pending) return;
  if (path.rev === s.data.path_rev && path.complete !== false) return;
  const rest = path.rev === s.data.path_rev || s.root.matches(":hover, :focus-within") ? NEXT_MS : REST_MS;
  s.wanting = setTimeout(() => bus.emit(`path-more:${s.data.key}`, path.rev), rest);
}

function take(s, data) {
  receive(s, data);
  takePath(s);
  if (!s.root.classList.contains("cvz-invalid")) say(s, "");
  drawTicks(s);
  enable(s);
}

export default function mountScrubber({ data, parentElement, setStateValue, setTriggerValue }) {
  if ("frames" in data) return mountPath(data, parentElement, setTriggerValue);
  const latest = newest(data);
  let s = SCRUBBERS.get(parentElement);
  if (!s) {
    s = makeScrubber(parentElement, latest);
    const before = s.off;
    const off = bus.on(`parcel:${data.key}`, (parcel) => take(s, parcel));
    s.off = () => [before, off].forEach((end) => end());
  }
  s.setStateValue = setStateValue;
  take(s, latest);
  return onceGone(parentElement, () => unmountScrubber(parentElement));
}
