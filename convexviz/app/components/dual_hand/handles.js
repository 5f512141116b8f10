// A handle for each number: dragged up and down by mouse or finger, moved by arrow keys. It clicks in where N_v touches
// the band. The handles stand below their points on the board.

import { axisTicks, linearScale, niceStep, numberText, quantise } from "../web/line_math.js";
import { setText } from "../web/dom.js";
import { childrenOf, freshId, setAttributes, svgElement } from "../board/draw/svg.js";
import { box, stops } from "./dual_math.js";
import { balancer, grab, holding, move, release, shown } from "./state.js";
import { num, scaled, subscript } from "./words.js";

const HEIGHT = 186; // px, at a root font of 16 px
const [TOP, BOTTOM] = [20, 24];
const CLICK = 6; // px within which a handle clicks in
const REACH = 22; // px around a handle that a finger takes
const CROWDED = 56; // px between handles below which a number does not fit beside its own
const WAIT = 100; // ms until the board is looked for again
const STEPS = 100; // of a handle from zero to its end
const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

/** @param {HTMLElement} parent */
export function mountHandles(parent) {
  const root = document.createElement("section");
  root.className = "cvz-dual cvz-dual-handles";
  root.setAttribute("aria-label", "One number for each point");
  root.innerHTML = `<div class="cvz-dual-head"><span class="cvz-dual-title">v, one number for each point<span class="cvz-dual-rest">; the hollow one balances</span></span>
    <span class="cvz-dual-sum" data-testid="sum"></span></div>`;
  parent.append(root);
  const svg = svgElement("svg", { class: "cvz-dual-svg", role: "group" }, root);
  const layer = (/** @type {string} */ name) => svgElement("g", { class: name }, svg);
  const view = { root, svg, grid: layer("cvz-dual-grid"), boxes: layer("cvz-dual-boxes"), handles: layer("cvz-dual-knobs"), help: freshId("dual-help"), y: null, reach: 1, height: HEIGHT, board: null, waiting: 0, sizes: null };
  const help = document.createElement("p");
  Object.assign(help, { id: view.help, className: "cvz-dual-help" });
  help.textContent = "Drag up and down, or press the arrow keys; Shift makes finer steps.";
  root.append(help);
  view.sizes = new ResizeObserver(() => draw(view));
  view.sizes.observe(root);
  return {
    draw: () => draw(view),
    leave: () => {
      view.sizes.disconnect();
      clearTimeout(view.waiting);
      root.remove();
    },
  };
}

// The plot area of the board above, in pixels from the left edge of this one. It may come, or change, after these.
function span(view) {
  const own = view.svg.getBoundingClientRect();
  const surface = document.querySelector('.st-key-board [data-testid="board"]');
  const board = surface?.getBoundingClientRect();
  if (surface !== view.board) {
    if (view.board) view.sizes.unobserve(view.board);
    if (surface) view.sizes.observe(surface);
    view.board = surface;
  }
  clearTimeout(view.waiting);
  if (!board?.width) view.waiting = setTimeout(() => view.root.isConnected && draw(view), WAIT);
  const seen = surface && getComputedStyle(surface).visibility === "visible"; // on stage it may not be
  return board?.width && seen ? [board.left - own.left, board.width] : [42, own.width - 56];
}

function draw(view) {
  const now = shown();
  const width = view.root.clientWidth;
  if (!now || width < 80) return;
  const { data } = now;
  view.height = scaled(HEIGHT);
  setAttributes(view.svg, { width, height: view.height, viewBox: `0 0 ${width} ${view.height}` });
  const [left, inner] = span(view);
  view.reach = data.reach;
  view.y = linearScale([-data.reach, data.reach], view.height - TOP - BOTTOM, true);
  const x = linearScale(data.span, inner);
  const place = (/** @type {number} */ t) => left + x.to(t);
  drawGrid(view, left, inner);
  drawBoxes(view, data, place);
  drawHandles(view, now, place);
  const { sum, balanced } = now.proved;
  const word = balanced ? "Σv = 0 ✓" : `Σv = ${num(sum)} ≠ 0 ✗`;
  const node = view.root.querySelector(".cvz-dual-sum");
  setText(node, word);
  view.root.querySelector(".cvz-dual-rest").hidden = balancer() === null;
  node.dataset.value = String(sum);
  node.classList.toggle("is-bad", !balanced);
}

function drawGrid({ grid, y, reach }, left, inner) {
  const { step, ticks } = axisTicks([-reach, reach], 4);
  const lines = childrenOf(grid, 2 * ticks.length, () => svgElement(grid.childElementCount % 2 ? "text" : "path", {}));
  ticks.forEach((tick, k) => {
    const at = Math.round(TOP + y.to(tick)) + 0.5;
    setAttributes(lines[2 * k], { d: `M${left} ${at}h${inner}`, class: tick === 0 ? "is-zero" : "" });
    setAttributes(lines[2 * k + 1], { x: left - 7, y: at + 4, "text-anchor": "end" });
    setText(lines[2 * k + 1], numberText(tick, step));
  });
}

function drawBoxes({ boxes, y }, data, place) {
  const limits = data.y.map((value) => box(data.loss, value));
  const shownOnes = limits.flatMap((limit, i) => (limit ? [[limit, data.x[i]]] : []));
  const rects = childrenOf(boxes, shownOnes.length, () => svgElement("rect", { width: 26, rx: 5 }));
  shownOnes.forEach(([[low, high], t], k) => {
    setAttributes(rects[k], { x: place(t) - 13, y: TOP + y.to(high), height: y.to(low) - y.to(high) });
  });
}

// ---------------------------------------------------------------- handles

function drawHandles(view, now, place) {
  const nodes = childrenOf(view.handles, now.v.length, () => makeHandle(view, view.handles.childElementCount));
  const places = now.data.x.map(place).sort((a, b) => a - b);
  const crowded = places.some((at, k) => at - places[k - 1] < CROWDED);
  now.v.forEach((value, i) => drawHandle(view, nodes[i], { value, i, at: place(now.data.x[i]), now, crowded }));
}

function makeHandle(view, i) {
  const node = svgElement("g", { class: "cvz-dual-knob", role: "slider", tabindex: 0, "data-testid": "handle", "aria-orientation": "vertical", "aria-describedby": view.help });
  svgElement("path", { class: "cvz-dual-track" }, node);
  svgElement("path", { class: "cvz-dual-stem" }, node);
  svgElement("rect", { class: "cvz-dual-reach", x: -REACH, y: -REACH, width: 2 * REACH, height: 2 * REACH }, node);
  svgElement("circle", { class: "cvz-dual-dot", r: 9 }, node);
  svgElement("path", { class: "cvz-dual-arrows", d: "M-3.5 -1.5L0 -5L3.5 -1.5M-3.5 1.5L0 5L3.5 1.5" }, node);
  svgElement("text", { class: "cvz-dual-value" }, node);
  svgElement("text", { class: "cvz-dual-name", "text-anchor": "middle" }, node);
  listen(view, node, i);
  return node;
}

function drawHandle({ y, reach, height }, node, { value, i, at, now, crowded }) {
  const [track, stem, touch, dot, arrows, text, name] = node.children;
  const clamped = Math.min(reach, Math.max(-reach, value));
  const [zero, to] = [TOP + y.to(0), TOP + y.to(clamped)];
  const rests = balancer() === i;
  setAttributes(track, { d: `M${at} ${TOP}V${height - BOTTOM}` });
  setAttributes(stem, { d: `M${at} ${zero}V${to}` });
  for (const part of [touch, dot, arrows]) setAttributes(part, { transform: `translate(${at} ${to})` });
  const above = to - (value < 0 ? -24 : 15);
  setAttributes(text, crowded ? { x: at, y: above, "text-anchor": "middle" } : { x: at + 14, y: to + 4, "text-anchor": null });
  setText(text, num(value));
  setAttributes(name, { x: at, y: height - 7 });
  setText(name, `v${subscript(i + 1)}`);
  node.classList.toggle("is-balancing", rests);
  node.classList.toggle("is-held", holding() === i);
  node.classList.toggle("is-bad", now.proved.boxed.includes(i));
  const role = rests ? ", keeps the sum at zero" : "";
  setAttributes(node, {
    "aria-label": `v${i + 1}, of the point at x = ${num(now.data.x[i])}${role}`,
    "aria-valuemin": -reach, "aria-valuemax": reach, "aria-valuenow": value, "aria-valuetext": num(value), "data-value": value,
  });
}

function listen(view, node, i) {
  let grip = 0; // from the pointer to the handle's middle
  const at = (event) => event.clientY - view.svg.getBoundingClientRect().top - TOP;
  node.addEventListener("pointerdown", (event) => {
    const now = shown();
    if (event.button !== 0 || !now) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    const to = view.y.to(Math.min(view.reach, Math.max(-view.reach, now.v[i])));
    grip = Math.abs(at(event) - to) <= REACH ? at(event) - to : 0;
    grab(i);
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) move(i, landed(view, i, at(event) - grip));
  });
  for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, release);
  node.addEventListener("keydown", (event) => pressed(view, i, event));
  node.addEventListener("keyup", release);
  node.addEventListener("blur", release);
}

// The number at a height: one where the handle clicks in, or the next whole step.
function landed(view, i, pixel) {
  const { data, v } = shown();
  const raw = Math.min(view.reach, Math.max(-view.reach, view.y.from(pixel)));
  const near = stops(data, v, i, balancer())
    .map((stop) => ({ stop, off: Math.abs(view.y.to(stop) - view.y.to(raw)) }))
    .filter(({ off, stop }) => off <= CLICK && Math.abs(stop) <= view.reach)
    .sort((a, b) => a.off - b.off);
  return near.length ? near[0].stop : quantise(raw, stepOf(view.reach));
}

const stepOf = (reach) => niceStep(reach / STEPS);

function pressed(view, i, event) {
  const { v } = shown();
  const ends = { Home: -view.reach, End: view.reach };
  if (!(event.key in KEYS) && !(event.key in ends)) return;
  event.preventDefault();
  if (holding() !== i) grab(i);
  const by = stepOf(view.reach) * (event.shiftKey ? 0.1 : 1) * (KEYS[event.key] ?? 0);
  const to = event.key in ends ? ends[event.key] : v[i] + by;
  move(i, Math.min(view.reach, Math.max(-view.reach, to)));
}
