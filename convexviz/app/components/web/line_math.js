// Arithmetic of the board: ticks, scales, numbers as text, and the piecewise linear function of a 1-D network.
// Nothing here knows the page.

/** @typedef {import("../contracts.js").Range} Range */
/** @typedef {import("../contracts.js").LineNetwork} LineNetwork */
/** @typedef {number[]} Pair */
/** @typedef {{from: number, to: number, sign: number}} Interval */

/** @type {(v: number, limits: Range) => number} */
export const clamp = (v, [lo, hi]) => Math.min(hi, Math.max(lo, v));

// Smallest of {1, 2, 5} * 10^k that is at least `atLeast`.
/** @type {(atLeast: number) => number} */
export function niceStep(atLeast) {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return [1, 2, 5, 10].map((m) => m * power).find((s) => s >= atLeast * (1 - 1e-9)) ?? 10 * power;
}

/** @type {(limits: Range, roughCount: number) => {step: number, ticks: number[]}} */
export function axisTicks([lo, hi], roughCount) {
  const step = niceStep((hi - lo) / Math.max(roughCount, 1));
  const ticks = [];
  for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + 1e-9 * step; i++) ticks.push(decimal(i * step, step));
  return { step, ticks };
}

// `value` rounded to whole units of the last decimal that `step` has, free of floating-point noise.
/** @type {(value: number, step: number) => number} */
function decimal(value, step) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return digits <= 100 ? Number(value.toFixed(digits)) + 0 : value;
}

// What the hand can set: between a thousandth and a ten-thousandth of the axis, finer than a pixel, so that numbers stay short.
/** @type {(limits: Range) => number} */
export function quantumOf([lo, hi]) {
  return 10 ** (Math.floor(Math.log10(hi - lo) + 1e-9) - 3);
}

/** @type {(value: number, quantum: number) => number} */
export function quantise(value, quantum) {
  return decimal(Math.round(value / quantum) * quantum, quantum / 10);
}

// Text of a number on an axis whose neighbouring numbers differ by `step`.
/** @type {(value: number, step: number) => string} */
export function numberText(value, step) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (step >= 1e5 || (step < 1e-4 && size < 0.01)) {
    const digits = Math.max(0, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step) + 1e-9));
    const [mantissa, power] = value.toExponential(Math.min(digits, 12)).replace("e+", "e").split("e");
    return withMinus(`${Number(mantissa)}e${power}`);
  }
  return withMinus(decimal(value, step).toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))));
}

/** @type {(text: string) => string} */
const withMinus = (text) => (/^-[0.]+$/.test(text) ? text.slice(1) : text).replaceAll("-", "−");

// Text of a number that the hand can set on an axis, without zeros at its end.
/** @type {(value: number, limits: Range) => string} */
export function shortText(value, limits) {
  return numberText(value, quantumOf(limits)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

// Linear map from data to pixels and back; `flip` for the vertical axis.
/** @type {(limits: Range, length: number, flip?: boolean) => {to: (v: number) => number, from: (p: number) => number, perUnit: number}} */
export function linearScale([lo, hi], length, flip = false) {
  const perUnit = length / (hi - lo);
  return flip
    ? { to: (v) => (hi - v) * perUnit, from: (p) => hi - p / perUnit, perUnit }
    : { to: (v) => (v - lo) * perUnit, from: (p) => lo + p / perUnit, perUnit };
}

// The view widened along one axis until both axes have one scale, and outward around its middle to points that lie outside.
/** @type {(view: {x: Range, y: Range}, width: number, height: number, points: number[][]) => {x: Range, y: Range}} */
export function equalWindow(view, width, height, points) {
  const middle = [view.x, view.y].map(([lo, hi]) => (lo + hi) / 2);
  const half = [view.x, view.y].map(([lo, hi]) => (hi - lo) / 2);
  const perPixel = Math.max(half[0] / width, half[1] / height);
  const out = points.map(([x, y]) => Math.max(Math.abs(x - middle[0]) / width, Math.abs(y - middle[1]) / height));
  const far = Math.max(perPixel, ...out);
  const scale = far > perPixel ? 1.04 * far : perPixel;
  /** @type {Range[]} */
  const [x, y] = [width, height].map((length, k) => [middle[k] - length * scale, middle[k] + length * scale]);
  return { x, y };
}

/** @type {(net: LineNetwork, x: number, upTo?: number) => number} */
export function networkValue(net, x, upTo = net.w.length - 1) {
  let f = net.c;
  for (let j = 0; j <= upTo; j++) f += net.w[j] * Math.max(0, net.u[j] * x + net.b[j]);
  return f;
}

/** @type {(net: LineNetwork) => number[]} */
export const kinksOf = (net) => net.b.map((b, j) => -b / net.u[j]);

// Vertices [x, f(x)] of f = c + sum_{j <= upTo} w_j (u_j x + b_j)_+ over [lo, hi]: start on the left with the ramps that fall
// to the left, and add one change of slope |u_j| w_j at each kink. O(m log m) for m neurons.
/** @type {(net: LineNetwork, limits: Range, upTo?: number) => Pair[]} */
export function polyline(net, [lo, hi], upTo = net.w.length - 1) {
  const kinks = kinksOf(net).slice(0, upTo + 1);
  const order = kinks.map((_, j) => j).filter((j) => kinks[j] > lo && kinks[j] < hi).sort((i, j) => kinks[i] - kinks[j]);
  let slope = 0;
  for (let j = 0; j <= upTo; j++) {
    const mid = net.u[j] > 0 ? kinks[j] <= lo : kinks[j] > lo;
    if (mid) slope += net.w[j] * net.u[j];
  }
  const line = [[lo, networkValue(net, lo, upTo)]];
  /** @param {number} x */
  const advance = (x) => {
    const [x0, f0] = line[line.length - 1];
    line.push([x, f0 + slope * (x - x0)]);
  };
  for (const j of order) {
    advance(kinks[j]);
    slope += net.w[j] * Math.abs(net.u[j]);
  }
  advance(hi);
  return line;
}

// Cuts of the line where it changes sign: [{from, to, sign}], covering its whole extent.
/** @type {(line: Pair[]) => Interval[]} */
export function signIntervals(line) {
  /** @type {Interval[]} */
  const cuts = [];
  /** @param {number} from @param {number} to @param {number} sign */
  const push = (from, to, sign) => {
    const last = cuts[cuts.length - 1];
    if (to <= from || sign === 0) return;
    if (last && last.sign === sign && last.to === from) last.to = to;
    else cuts.push({ from, to, sign });
  };
  for (let i = 1; i < line.length; i++) {
    const [[x0, f0], [x1, f1]] = [line[i - 1], line[i]];
    if (f0 * f1 < 0) {
      const zero = x0 + ((x1 - x0) * f0) / (f0 - f1);
      push(x0, zero, Math.sign(f0));
      push(zero, x1, Math.sign(f1));
    } else push(x0, x1, Math.sign(f0 + f1));
  }
  return cuts;
}

// SVG path through pixel points; pieces far outside [-margin, height + margin] are cut, as renderers fail on huge numbers.
// With a `width`, pieces that are farther than it from the window's sides are cut as well.
/** @type {(points: Pair[], height: number, margin?: number, width?: number | null) => string} */
export function svgPath(points, height, margin = height, width = null) {
  const [lo, hi] = [-margin, height + margin];
  let path = "";
  /** @type {Pair | null} */
  let pen = null;
  /** @param {Pair} to @param {boolean} draw */
  const go = ([x, y], draw) => {
    path += `${draw ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`;
    pen = [x, y];
  };
  for (let i = 1; i < points.length; i++) {
    const tall = cutPiece(points[i - 1], points[i], lo, hi);
    const piece = tall && width !== null ? cutSides(tall, -width, 2 * width) : tall;
    if (!piece) continue;
    if (!pen || pen[0] !== piece[0][0] || pen[1] !== piece[0][1]) go(piece[0], false);
    go(piece[1], true);
  }
  return path;
}

// Part of the segment p-q with lo <= y <= hi, or null.
/** @type {(p: Pair, q: Pair, lo: number, hi: number) => Pair[] | null} */
function cutPiece(p, q, lo, hi) {
  if (!Number.isFinite(p[0] + p[1] + q[0] + q[1])) return null;
  if ((p[1] < lo && q[1] < lo) || (p[1] > hi && q[1] > hi)) return null;
  /** @param {number} y */
  const at = (y) => [p[0] + ((q[0] - p[0]) * (y - p[1])) / (q[1] - p[1]), y];
  /** @param {Pair} r */
  const inside = (r) => (r[1] < lo ? at(lo) : r[1] > hi ? at(hi) : r);
  return [inside(p), inside(q)];
}

// The same for lo <= x <= hi.
/** @type {(piece: Pair[], lo: number, hi: number) => Pair[] | null} */
function cutSides(piece, lo, hi) {
  /** @param {Pair} p */
  const turn = ([x, y]) => [y, x];
  return cutPiece(turn(piece[0]), turn(piece[1]), lo, hi)?.map(turn) ?? null;
}

// The part of a closed outline where `side` is positive; `side` is affine.
/** @type {(ring: Pair[], side: (p: Pair) => number) => Pair[]} */
export function keepSide(ring, side) {
  return ring.flatMap((p, i) => {
    const q = ring[(i + 1) % ring.length];
    const [sp, sq] = [side(p), side(q)];
    const t = sp / (sp - sq);
    const cut = sp > 0 !== sq > 0 ? [[p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]] : [];
    return sp > 0 ? [p, ...cut] : cut;
  });
}

// A closed outline cut to a rectangle (Sutherland and Hodgman): one side after the other.
/** @type {(ring: Pair[], x: Range, y: Range) => Pair[]} */
export function clipPolygon(ring, [x0, x1], [y0, y1]) {
  /** @type {((p: Pair) => number)[]} */
  const sides = [([x]) => x - x0, ([x]) => x1 - x, ([, y]) => y - y0, ([, y]) => y1 - y];
  return sides.reduce(keepSide, ring);
}
