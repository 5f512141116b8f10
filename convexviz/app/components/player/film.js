// The film player. It holds all frames and shows one by the same event as the β slider, so that every picture of the
// page follows; nothing is asked of the server. One state: no frames (a button asks for them), closed (the page shows
// its answer), or open at one frame, resting or playing.

import { bus } from "../web/bus.js";
import { onceGone, setText } from "../web/dom.js";
import { Clock, fillTrack, Projector, SpeedChoice, SPEEDS, speedMarkup, stepsOf } from "./player.js";

const FILMS = new WeakMap();
const SPEED_STORE = "cvz-film-speed";
const END_MS = 1500; // the last frame is looked at this long before the film counts as over
const SPEAK_MS = 600; // screen readers hear the frame on which the film comes to rest
const STEPS = { one: 1, many: 10, all: Infinity }; // frames by arrows, pages and ends

// ---------------------------------------------------------------- nodes

const ICONS = {
  first: "M5 4v12M15 4.5v11L7.5 10z",
  back: "M14 4.5v11L6 10z",
  play: "M6 4v12l10-6z",
  pause: "M6 4.5h2.5v11H6zM11.5 4.5H14v11h-2.5z",
  forward: "M6 4.5v11L14 10z",
  last: "M15 4v12M5 4.5v11L12.5 10z",
  close: "M5 5l10 10M15 5L5 15",
};

const icon = (name) => `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

function filmButton(name, words) {
  return `<button type="button" class="cvz-film-button" data-testid="film-${name}" title="${words}" aria-label="${words}">${icon(name)}</button>`;
}

const FILM_MARKUP = `
  <button type="button" class="cvz-film-ask" data-testid="film-ask"></button>
  <div class="cvz-film-row">
    <div class="cvz-film-buttons">
      ${filmButton("first", "To the start")}${filmButton("back", "One step back")}${filmButton("play", "Play")}
      ${filmButton("forward", "One step forward")}${filmButton("last", "To the end")}
    </div>
    <div class="cvz-scrub-slider"><input type="range" min="0" step="1" data-testid="film-range"></div>
    ${speedMarkup("film-speed", "Speed")}
    <button type="button" class="cvz-film-close" data-testid="film-close" title="Back to the answer (Escape)">
      ${icon("close")}<span>back to the answer</span>
    </button>
  </div>
  <div class="cvz-film-words">
    <span class="cvz-film-readout" data-testid="film-readout"></span>
    <div class="cvz-film-captions">
      <span class="cvz-film-caption" data-testid="film-caption"></span>
      <span class="cvz-film-longest" aria-hidden="true"></span>
    </div>
  </div>
  <div class="cvz-film-spoken" aria-live="polite"></div>`;

function makeFilm(parentElement) {
  const root = document.createElement("section");
  root.className = "cvz-film";
  root.dataset.testid = "film";
  root.innerHTML = FILM_MARKUP;
  parentElement.append(root);
  const f = { root, data: null, sent: null, frames: null, at: 0, open: false, playing: false, waiting: false, projector: new Projector() };
  f.clock = new Clock({ due: () => dueOf(f), step: () => advance(f) });
  f.part = (name) => root.querySelector(`[data-testid="film-${name}"]`);
  f.range = f.part("range");
  f.still = matchMedia("(prefers-reduced-motion: reduce)");
  f.speed = new SpeedChoice(f.part("speed"), SPEED_STORE, () => f.playing && f.clock.wait());
  listenFilm(f);
  FILMS.set(parentElement, f);
  return f;
}

function listenFilm(f) {
  const click = (name, act) => f.part(name).addEventListener("click", act);
  click("ask", () => ask(f));
  click("play", () => (f.playing ? stop(f) : play(f)));
  click("first", () => step(f, -Infinity));
  click("back", () => step(f, -1));
  click("forward", () => step(f, 1));
  click("last", () => step(f, Infinity));
  click("close", () => leave(f));
  f.range.addEventListener("input", () => seek(f, Number(f.range.value)));
  f.root.addEventListener("keydown", (event) => filmKey(f, event));
  const calm = () => (f.still.matches ? stop(f) : refresh(f));
  f.still.addEventListener("change", calm);
  const offs = [
    f.projector.whenOvertaken(() => giveWay(f)),
    bus.on("pending", ({ pending }) => pending && leave(f)),
    () => f.still.removeEventListener("change", calm),
  ];
  f.off = () => offs.forEach((off) => off());
}

// ---------------------------------------------------------------- words and buttons

const lastOf = (f) => f.frames.length - 1;

function name(node, words) {
  if (node.title === words) return;
  node.title = words;
  node.setAttribute("aria-label", words);
}

function refresh(f) {
  const { root, data, frames } = f;
  root.dataset.state = !frames ? (f.waiting ? "waiting" : "ask") : !f.open ? "closed" : f.playing ? "playing" : "paused";
  root.classList.toggle("cvz-film-still", f.still.matches);
  setText(f.part("caption"), f.open ? frames[f.at].caption : f.waiting ? data.waiting : data.caption);
  setText(f.part("ask"), data.title);
  root.setAttribute("aria-label", data.title);
  f.part("ask").setAttribute("aria-disabled", String(f.waiting));
  if (frames) refreshRow(f);
}

// At the ends the buttons stay enabled, or the one just pressed would lose the keyboard.
function refreshRow(f) {
  const { range, at, playing } = f;
  const words = readout(f);
  setText(f.part("readout"), words);
  range.value = String(at);
  range.setAttribute("aria-valuetext", words);
  fillTrack(range.parentElement, lastOf(f) ? at / lastOf(f) : 1);
  for (const end of ["first", "back"]) f.part(end).setAttribute("aria-disabled", String(at === 0));
  for (const end of ["last", "forward"]) f.part(end).setAttribute("aria-disabled", String(f.open && at === lastOf(f)));
  if (f.drawnPlaying !== playing) f.part("play").innerHTML = icon(playing ? "pause" : "play");
  f.drawnPlaying = playing;
  name(f.part("play"), playing ? "Pause" : f.open && at === lastOf(f) ? "Play again" : "Play");
}

function readout({ open, frames, at, data: { unit } }) {
  const total = frames.at(-1).round;
  return open ? `${unit} ${frames[at].round} of ${total}` : `${total} ${unit}${total === 1 ? "" : "s"}`;
}

const say = (f, words) => setText(f.root.querySelector(".cvz-film-spoken"), words);

function speak(f) {
  clearTimeout(f.speaking);
  if (f.playing || !f.open) return;
  f.speaking = setTimeout(() => say(f, `${readout(f)}. ${f.frames[f.at].caption}`), SPEAK_MS);
}

// What is about to vanish hands the keyboard on to the slider.
function handOn(f, from) {
  if (document.activeElement === f.part(from)) f.range.focus({ preventScroll: true });
}

// ---------------------------------------------------------------- showing and leaving

function tell(f, frame) {
  f.projector.show(frame);
  bus.emit("round", { round: frame ? frame.round : null });
}

function show(f, at) {
  const shown = f.open && at === f.at;
  Object.assign(f, { at, open: true });
  refresh(f);
  speak(f);
  if (shown) return;
  f.shownAt = performance.now();
  tell(f, f.frames[at]);
}

function leave(f) {
  if (!f.open) return;
  close(f);
  tell(f, null);
}

// Another part of the page shows something of its own.
function giveWay(f) {
  if (!f.open) return;
  close(f);
  bus.emit("round", { round: null });
}

function close(f) {
  stop(f);
  handOn(f, "close");
  Object.assign(f, { open: false, at: lastOf(f) });
  refresh(f);
  clearTimeout(f.speaking);
}

// ---------------------------------------------------------------- steps

const seek = (f, at) => {
  stop(f);
  show(f, Math.min(lastOf(f), Math.max(0, at)));
};

const step = (f, by) => seek(f, f.at + by);

function filmKey(f, event) {
  if (!f.frames || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && f.open) leave(f);
  else if (event.target !== f.range) return;
  else if (stepsOf(event.key, STEPS)) step(f, stepsOf(event.key, STEPS));
  else if (event.key === " ") f.part("play").click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// ---------------------------------------------------------------- playing

function play(f) {
  if (f.still.matches) return;
  f.playing = true;
  f.due = performance.now();
  show(f, !f.open || f.at === lastOf(f) ? 0 : f.at + 1);
  if (f.playing) f.clock.wait(); // a picture may have given the page to another part
}

// A frame that came late shortens the wait for the next, by no more than one period, so that a busy browser keeps the
// speed if it can.
const period = (f) => 1000 / f.data.speeds[SPEEDS.indexOf(f.speed.name)];

const dueOf = (f) => (f.at === lastOf(f) ? f.shownAt + END_MS : f.due + period(f));

function advance(f) {
  if (f.at === lastOf(f)) return stop(f);
  f.due = Math.max(f.due + period(f), performance.now() - period(f));
  show(f, f.at + 1);
  if (f.playing) f.clock.wait();
}

function stop(f) {
  f.clock.stop();
  if (!f.playing) return;
  f.playing = false;
  refresh(f);
  speak(f);
}

// ---------------------------------------------------------------- talking to Python

function ask(f) {
  if (f.waiting) return;
  f.waiting = f.wanted = true;
  f.asks += 1;
  f.setTriggerValue("ask", f.asks);
  refresh(f);
  say(f, f.data.waiting);
}

function receiveFilm(f, data) {
  const before = f.data;
  f.data = data;
  if (!before || data.asked >= f.asks || data.asked < before.asked) answered(f, data);
  if (data.rev !== before?.rev || data.frames !== before.frames) load(f, data.frames);
  refresh(f);
  if (f.frames && f.wanted) begin(f);
  if (!f.waiting) f.wanted = false;
}

// The points have changed under a hand, which does not rerun the film: its frames are those of other points. Word of an
// earlier answer may come late, too, from a board that took long to load; word of the film's own then brings it back.
function expire(f, rev) {
  if (!f.data || rev === f.data.rev) return;
  receiveFilm(f, rev === f.sent.rev ? f.sent : { ...f.data, rev, frames: null });
}

// A lower number than before: the server was restarted and has forgotten.
function answered(f, { asked }) {
  f.asks = asked;
  f.waiting = false;
}

function load(f, text) {
  leave(f);
  f.frames = text ? JSON.parse(text) : null;
  if (!f.frames) return;
  f.at = f.range.max = lastOf(f);
  f.range.setAttribute("aria-label", f.data.unit);
  const captions = [f.data.caption, ...f.frames.map(({ caption }) => caption)];
  setText(f.root.querySelector(".cvz-film-longest"), captions.reduce((a, b) => (b.length > a.length ? b : a)));
  handOn(f, "ask");
}

// What was asked for is shown at once, unless the page has gone on to something else.
function begin(f) {
  f.waiting = f.wanted = false;
  const { pending, scrub } = bus.last;
  if (pending?.pending || scrub) return;
  if (f.still.matches) show(f, 0);
  else play(f);
}

function unmountFilm(parentElement) {
  const f = FILMS.get(parentElement);
  FILMS.delete(parentElement);
  if (!f) return;
  leave(f);
  f.clock.stop();
  clearTimeout(f.speaking);
  f.off();
  f.offParcel();
  f.root.remove();
}

export default function mountFilm({ data, parentElement, setTriggerValue }) {
  const f = FILMS.get(parentElement) ?? makeFilm(parentElement);
  f.setTriggerValue = setTriggerValue;
  f.offParcel ??= bus.on(`parcel:${data.key}`, ({ rev }) => expire(f, rev));
  f.sent = data;
  receiveFilm(f, data);
  return onceGone(parentElement, () => unmountFilm(parentElement));
}
