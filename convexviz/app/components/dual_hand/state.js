// The numbers in the hand: one state for all parts of the page, kept here while the hand moves, settled with Python.
// Every request has a number, and Python's data carry the last one it has seen: until then the hand has the last word.

import { bus } from "../web/bus.js";
import { moved, readBack, relativeGap, verdict } from "./dual_math.js";

/** @typedef {import("../contracts.d.ts").DualMessage} DualMessage */

/** @returns {{data: DualMessage | null, v: number[], rev: number, acked: number, held: number | null, order: number[], best: {v: number[], objective: number} | null, sent: string, send: ((request: import("../contracts.d.ts").DualRequest) => void) | null}} */
const afresh = () => ({ data: null, v: [], rev: 0, acked: 0, held: null, order: [], best: null, sent: "", send: null });

let hand = afresh();
/** @type {Set<() => void>} */
const views = new Set();
let frame = 0;

export function forget() {
  if (hand.rev > hand.acked) bus.emit("pending", { pending: false });
  if (hand.data) bus.emit("scrub", null);
  hand = afresh();
}

/** @type {(draw: () => void) => () => void} */
export function watch(draw) {
  views.add(draw);
  return () => void views.delete(draw);
}

function redraw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => views.forEach((draw) => draw()));
}

const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
const posed = (/** @type {DualMessage} */ { x, y, loss, band }) => [x, y, loss, band];

/** @type {(data: DualMessage) => void} */
export function take(data) {
  const before = hand.data;
  const other = !before || !same(posed(before), posed(data));
  hand.data = data;
  if (other) hand.best = null;
  if (!before || before.x.length !== data.x.length) begin(data);
  else if (data.rev < hand.acked) return resend(data.rev); // Python forgot: it was restarted
  hand.acked = data.rev;
  if (hand.acked >= hand.rev && hand.held === null) settle(data);
  else if (hand.acked >= hand.rev && !same(hand.v, JSON.parse(hand.sent || "null"))) transmit();
  redraw();
}

/** @param {DualMessage} data */
function begin(data) {
  const middle = Math.floor((data.x.length - 1) / 2);
  const others = data.x.map((_, i) => i).filter((i) => i !== middle);
  Object.assign(hand, { v: data.v, rev: data.rev, acked: data.rev, held: null, order: [middle, ...others], best: null, sent: "" });
}

/** @param {DualMessage} data */
function settle(data) {
  hand.v = data.v;
  hand.best = null; // it is among what Python has seen
  bus.emit("pending", { pending: false });
  bus.emit("scrub", null);
}

/** @param {number} seen */
function resend(seen) {
  hand.acked = seen;
  hand.rev = Math.max(hand.rev, seen);
  transmit();
}

// ---------------------------------------------------------------- what is shown

// The number that keeps the sum at zero: the one that the hand has left alone longest.
export const balancer = () => (hand.data?.free ? null : hand.order[0]);
export const holding = () => hand.held;

// All that follows from v; null before the first message. `own` is the objective of the network that belongs to v.
export function shown() {
  const { data, v, best } = hand;
  if (!data) return null;
  const spline = readBack(data, v);
  const settled = same(v, data.v);
  const own = spline ? spline.objective : settled ? (data.own.objective ?? Infinity) : null;
  const upper = Math.min(data.best ?? Infinity, best?.objective ?? Infinity, own ?? Infinity);
  const proved = verdict(data, v);
  return { data, v, spline, own, settled, upper, proved, gap: relativeGap(upper, proved.lower, data.baseline) };
}

// ---------------------------------------------------------------- the hand

/** @type {(i: number) => void} */
export function grab(i) {
  hand.held = i;
  hand.order = [...hand.order.filter((k) => k !== i), i];
}

/** @type {(i: number, to: number) => void} */
export function move(i, to) {
  const next = moved(hand.v, i, to, balancer());
  if (!hand.data || same(next, hand.v)) return;
  hand.v = next;
  keepBest();
  if (hand.acked >= hand.rev) transmit();
  preview();
  redraw();
}

export function release() {
  if (hand.held === null) return;
  hand.held = null;
  const waiting = hand.acked < hand.rev;
  if (waiting ? hand.sent !== JSON.stringify(hand.v) : !same(hand.v, hand.data?.v)) transmit();
  else if (!waiting && hand.data) settle(hand.data);
  redraw();
}

function keepBest() {
  const spline = hand.data && readBack(hand.data, hand.v);
  if (spline && spline.objective < (hand.best?.objective ?? Infinity)) hand.best = { v: hand.v, objective: spline.objective };
}

function transmit() {
  hand.rev += 1;
  hand.sent = JSON.stringify(hand.v);
  bus.emit("pending", { pending: true });
  hand.send?.({ v: hand.v, rev: hand.rev, best: hand.best?.v ?? null });
}

// The board draws the network that belongs to v at once: straight lines through the outputs that it names.
function preview() {
  const { data } = hand;
  const spline = data && readBack(data, hand.v);
  if (!data || !spline) return;
  const { knots, F, slopes, bends } = spline;
  const start = data.span[0] - 1; // a ramp that is active in all of the window
  const first = slopes[0] ?? 0;
  const network = {
    u: [1, ...bends.map(() => 1)],
    b: [-start, ...bends.map((_, k) => -knots[k + 1])],
    w: [first, ...bends],
    c: F[0] - first * (knots[0] - start),
  };
  const curves = data.x.map((x, i) => ({ id: `v${i}`, x: [x, x], y: [data.y[i], F[knots.indexOf(x)]], color: "#CC79A7", width: 3 }));
  bus.emit("scrub", { network, curves });
}

/** @type {(send: (request: import("../contracts.d.ts").DualRequest) => void) => void} */
export function connect(send) {
  hand.send = send;
}
