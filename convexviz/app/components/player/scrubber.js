// The β slider. While it moves, the nearest frame of the path solved in advance is shown at once, without the server;
// when it is released the exact β goes to Python, and the frame stays until that answer is on the page.
// Messages follow the acknowledged protocol: every request has a number, Python's data carry the last one it has seen.

import { bus, newest } from "../web/bus.js";
import { onceGone, setText } from "../web/dom.js";
import { clamp } from "../web/line_math.js";
import { betaAt, betaText, nearest, neuronRuns, parseBeta, positionOf, STEPS } from "./beta.js";
import { Clock, fillTrack, Projector, SpeedChoice, speedMarkup, stepsOf } from "./player.js";

const SCRUBBERS = new WeakMap();
const SWEEP_MS = { slow: 15000, normal: 5000, fast: 2000 }; // from one end of the slider to the other
const SPEED_STORE = "cvz-beta-speed";
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
    ${speedMarkup("beta-speed", "Speed of the sweep")}
    <label class="cvz-scrub-number">β
      <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" data-testid="beta-input">
    </label>
  </div>
  <div class="cvz-scrub-words">
    <div class="cvz-scrub-note" role="status" data-testid="beta-note"></div>
    <button type="button" class="cvz-scrub-back" data-testid="beta-back" hidden></button>
  </div>`;

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
    back: part(".cvz-scrub-back"),
    speed: new SpeedChoice(part(".cvz-speed"), SPEED_STORE),
    data,
    beta: data.beta,
    rev: data.rev, // last request sent
    acked: data.rev, // last request seen answered
    gesture: false, // a drag, a held key or a sweep is under way
    frames: null,
    framed: null, // the path that they are of
    projector: new Projector(),
    swept: null, // while β sweeps down: how far it is, from 0 to 1
    paused: null, // β at which a sweep was stopped: from there it goes on
    before: null, // β of the answer that a sweep left
  };
  s.clock = new Clock({ due: () => 0, step: () => sweepOn(s) });
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
  s.play.addEventListener("click", () => (isSweeping(s) ? pause(s) : sweep(s)));
  s.back.addEventListener("click", () => goBack(s));
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
  s.range.disabled = s.number.disabled = s.speed.select.disabled = disabled;
  s.play.disabled = disabled || !s.frames;
  s.root.classList.toggle("cvz-disabled", disabled);
  s.play.textContent = isSweeping(s) ? "❚❚" : "▶";
  s.play.title = playWords(s);
  s.play.setAttribute("aria-label", s.play.title);
  offerBack(s);
}

function playWords(s) {
  if (isSweeping(s)) return "Stop here";
  if (!s.frames) return "The path is not solved yet";
  return goesOn(s) ? "Sweep on down from here" : "Sweep β from its upper end down";
}

// A class that has seen the sweep wants the β of before again, without having to remember it.
function offerBack(s) {
  const there = s.before !== null && s.before !== s.beta && !isSweeping(s) && !s.data.disabled;
  if (!there && document.activeElement === s.back) s.play.focus({ preventScroll: true });
  s.back.hidden = !there;
  if (there) setText(s.back, `back to β = ${betaText(s.before)}`);
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
  const finer = frames && s.frames && s.framed === path.rev; // the same path, solved at more β
  Object.assign(s, { frames, framed: path?.rev });
  if (finer && isSweeping(s)) showFrame(s, nearest(frames, s.beta));
  else drop(s);
  drawTicks(s);
  enable(s);
}

// The pictures show the answer again, and so does the slider, unless a hand holds it.
function drop(s) {
  if (isSweeping(s)) Object.assign(s, { gesture: false, beta: s.data.beta });
  stopSweep(s);
  showFrame(s, null);
  showBeta(s);
}

function showFrame(s, frame) {
  clearTimeout(s.leaving);
  s.projector.show(frame);
}

// ---------------------------------------------------------------- gestures

function move(s, beta) {
  stopSweep(s);
  forget(s);
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
  if (beta !== null) {
    forget(s);
    return commit(s, beta);
  }
  s.number.value = betaText(s.beta);
  say(s, "β must be a positive number, such as 0.05 or 1e-3.");
}

// ---------------------------------------------------------------- the sweep

const isSweeping = (s) => s.swept !== null;

// A sweep that was stopped goes on from there, unless β has been moved since; all others begin at the upper end.
const goesOn = (s) => s.paused !== null && s.paused === s.beta && positionOf(s.data, s.beta) > 0;

function sweep(s) {
  const on = goesOn(s);
  s.before ??= s.beta;
  s.swept = on ? 1 - positionOf(s.data, s.beta) / STEPS : 0;
  s.paused = null;
  s.tickedAt = performance.now();
  s.clock.wait();
  enable(s);
}

// The speed may change under way: each tick moves on by its own time.
function sweepOn(s) {
  const now = performance.now();
  s.swept = Math.min(1, s.swept + (now - s.tickedAt) / SWEEP_MS[s.speed.name]);
  s.tickedAt = now;
  follow(s, betaAt(s.data, STEPS * (1 - s.swept)));
  if (s.swept === 1) commit(s, Number(s.data.beta_min.toPrecision(4))); // what links and scripts then name reads well
  else s.clock.wait();
}

function stopSweep(s) {
  if (!isSweeping(s)) return;
  s.clock.stop();
  s.swept = null;
  enable(s);
}

function pause(s) {
  s.paused = s.beta;
  commit(s, s.beta);
}

function goBack(s) {
  const { before } = s;
  forget(s);
  commit(s, before);
}

// β is moved by other means: where a sweep began and rested no longer matters.
const forget = (s) => Object.assign(s, { before: null, paused: null });

// ---------------------------------------------------------------- talking to Python

function send(s) {
  s.rev += 1;
  s.asked = s.beta;
  s.setStateValue("beta", { value: s.beta, rev: s.rev });
}

function receive(s, data) {
  const lost = data.rev < s.acked; // Python forgot: it was restarted
  if (data.path_rev !== s.data.path_rev || (s.asked === undefined && data.beta !== s.data.beta)) forget(s);
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
