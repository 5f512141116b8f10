// Makes the proof file of an answer from its doubles, and checks it. Runs in a worker: a second of
// arithmetic never holds the page up.

import { bounds, Refuted, seal, verdict } from "./proof_check.js";

const DIRECTIONS = 24; // tried for one that tells the points of the plane apart
const NEGLIGIBLE = 1e-9; // of the loss of the best constant: a gap is relative to no less, or an optimum of 0 had none

// ---------------------------------------------------------------- doubles in hexadecimal, as Python's float.hex()

const HEX_VIEW = new DataView(new ArrayBuffer(8));

export function hex(value) {
  if (value === 0) return Object.is(value, -0) ? "-0x0.0p+0" : "0x0.0p+0";
  if (!Number.isFinite(value)) throw new Refuted("a number of the answer is not finite");
  HEX_VIEW.setFloat64(0, value);
  const bits = HEX_VIEW.getBigUint64(0);
  const power = Number((bits >> 52n) & 0x7ffn);
  const digits = (bits & 0xfffffffffffffn).toString(16).padStart(13, "0");
  const e = power ? power - 1023 : -1022; // power 0: a number too small for a leading 1
  return `${value < 0 ? "-" : ""}0x${power ? 1 : 0}.${digits}p${e < 0 ? "" : "+"}${e}`;
}

const hexes = (list) => Array.from(list, hex);

function hexRows(flat, d) {
  return Array.from({ length: flat.length / d }, (_, row) => hexes(flat.slice(row * d, (row + 1) * d)));
}

// ---------------------------------------------------------------- the document

// Everything but claims and seal; `answer` has flat arrays X (n d), y, v, U (m d), b, w, center (d), numbers c, beta.
function draft(answer) {
  const { loss, bias, d } = answer;
  return {
    "convexviz-proof": 1,
    loss,
    bias,
    beta: hex(answer.beta),
    X: hexRows(answer.X, d),
    y: hexes(answer.y),
    weight: hexes(answer.weight ?? Array.from(answer.y, () => 1)),
    network: {
      U: hexRows(answer.U, d),
      b: hexes(answer.b),
      w: hexes(answer.w),
      c: hex(answer.c),
      center: hexes(answer.center),
    },
    v: hexes(answer.v),
    flat: null,
    ...(answer.family && { family: Object.fromEntries(Object.entries(answer.family).map(([name, q]) => [name, hex(q)])) }),
    direction: loss === "interpolate" && bias && d === 2 ? hexes(tellingApart(answer.X)) : null,
  };
}

// Of some directions the one along which the nearest two different points are farthest apart.
function tellingApart(X) {
  const points = Array.from({ length: X.length / 2 }, (_, i) => [X[2 * i], X[2 * i + 1]]);
  const different = [...new Map(points.map((point) => [point.join(), point])).values()];
  /** @param {number[]} direction */
  const least = ([p, q]) => {
    const along = different.map(([x, y]) => p * x + q * y).sort((a, b) => a - b);
    return Math.min(...along.slice(1).map((t, k) => t - along[k]));
  };
  const turned = Array.from({ length: DIRECTIONS }, (_, k) => ((k + 0.5) * Math.PI) / DIRECTIONS);
  const directions = turned.map((angle) => [Math.cos(angle), Math.sin(angle)]);
  return directions.reduce((best, one) => (least(one) > least(best) ? one : best));
}

/** @type {(document: object, bounds: {upper?: number, lower?: number, violation?: number}) => object} */
function claimed(document, { upper, lower, violation }) {
  const claim = { upper: hex(upper), lower: hex(lower), violation: hex(violation) };
  return { ...document, claim, seal: seal({ ...document, claim }) };
}

// ---------------------------------------------------------------- the check

// The verdict with the finished document, the milliseconds that the arithmetic took and the gap relative to what it is
// measured by. Where nothing is proved the document claims what the page has shown.
export function prove(answer) {
  const start = performance.now();
  const document = draft(answer);
  const found = verdict(document, bounds);
  const ms = performance.now() - start;
  if (found.verdict !== "proved") return { ...found, ms, document: claimed(document, { violation: 0, ...answer.shown }) };
  const scale = Math.max(Math.abs(found.upper), NEGLIGIBLE * constantLoss(answer));
  const relative = found.gap > 0 ? found.gap / scale : 0;
  return { ...found, ms, relative, document: claimed(document, found) };
}

// What the best constant loses, to the accuracy that a scale needs.
function constantLoss({ loss, y, constant }) {
  if (constant !== undefined) return constant;
  const [n, total] = [y.length, y.reduce((all, q) => all + q, 0)];
  const share = (n + total) / (2 * n); // of class +1
  if (loss === "squared") return y.reduce((all, q) => all + (q - total / n) ** 2, 0) / 2;
  if (loss === "hinge") return 2 * n * Math.min(share, 1 - share);
  if (loss === "logistic") return -n * [share, 1 - share].reduce((all, p) => all + (p && p * Math.log(p)), 0);
  return 0; // a constant that meets the constraints costs nothing
}

// A message holds an answer to be proved, or a document to be judged as it is.
if ("WorkerGlobalScope" in globalThis) {
  self.onmessage = ({ data: { id, answer, document } }) => {
    self.postMessage({ id, ...(answer ? prove(answer) : verdict(document)) });
  };
}
