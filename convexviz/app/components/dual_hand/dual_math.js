// The arithmetic of a dual vector on the line: sums over points. Nothing here knows the page.
// N_v(u, t) = sum_i v_i (u (x_i - t))_+ is what a ramp with its kink at t that rises to the side u would gain.

/** @typedef {{x: number[], y: number[], loss: string, band: number, free: boolean}} Problem */
/** @typedef {{u: number, t: number, value: number}} Gain */
/** @typedef {{feasible: boolean, sum: number, balanced: boolean, boxed: number[], outside: Gain[], g: number, lower: number}} Verdict */
/** @typedef {{knots: number[], F: number[], slopes: number[], bends: number[], tv: number, ends: number, penalty: number, loss: number, objective: number}} Spline */

const ROUNDING = 1e-9; // as in Python: relative, what a sum of few products may be off
export const BY_HAND = 0.01; // relative gap at which a hand has met the optimum
export const CLOSED = 1e-6; // and at which an answer is certified
const NEGLIGIBLE = 1e-9; // of the loss of the best constant: an objective below that is rounding

/** @type {(values: number[]) => number} */
export const sum = (values) => values.reduce((all, value) => all + value, 0);

// Free of the noise that sums of short decimals have.
/** @type {(value: number) => number} */
export const clean = (value) => Math.round(value * 1e12) / 1e12 + 0;

/** @type {(x: number[]) => number[]} */
export const knotsOf = (x) => [...new Set(x)].sort((a, b) => a - b);

/** @type {(x: number[], v: number[], u: number, t: number) => number} */
export const gain = (x, v, u, t) => sum(x.map((xi, i) => v[i] * Math.max(0, u * (xi - t))));

// N_v at every kink at the data where it need not be zero or what it is at the kink before: of the ramps that rise to the
// right all but the last, of those that rise to the left all but the first.
/** @type {(x: number[], v: number[]) => Gain[]} */
export function gains(x, v) {
  const knots = knotsOf(x);
  const at = (/** @type {number} */ u) => (/** @type {number} */ t) => ({ u, t, value: gain(x, v, u, t) });
  return [...knots.slice(0, -1).map(at(1)), ...knots.slice(1).map(at(-1))];
}

/** @type {(loss: string, y: number, v: number) => number} */
export function dualTerm(loss, y, v) {
  return loss === "squared" ? y * v - (v * v) / 2 : y * v;
}

// Where v_i may be, for g to be finite.
/** @type {(loss: string, y: number) => [number, number] | null} */
export const box = (loss, y) => (loss === "hinge" ? [Math.min(0, y), Math.max(0, y)] : null);

// What v proves, and if nothing, why.
/** @type {(problem: Problem, v: number[]) => Verdict} */
export function verdict({ x, y, loss, band }, v) {
  const total = sum(v);
  const balanced = Math.abs(total) <= ROUNDING * sum(v.map(Math.abs));
  const boxed = v.flatMap((vi, i) => {
    const limits = box(loss, y[i]);
    return limits && (vi < limits[0] - ROUNDING || vi > limits[1] + ROUNDING) ? [i] : [];
  });
  const outside = gains(x, v).filter(({ value }) => Math.abs(value) > band * (1 + ROUNDING));
  const feasible = balanced && !boxed.length && !outside.length;
  const g = sum(v.map((vi, i) => dualTerm(loss, y[i], vi)));
  return { feasible, sum: clean(total), balanced, boxed, outside, g, lower: feasible ? g : -Infinity };
}

// The kinks beyond which N_v has left the band for good, where the sum is not zero: [u, t] for each side.
/** @type {(x: number[], v: number[], band: number) => [number, number][]} */
export function runaways(x, v, band) {
  const total = sum(v);
  const moment = sum(x.map((xi, i) => xi * v[i]));
  const knots = knotsOf(x);
  if (Math.abs(total) <= ROUNDING * sum(v.map(Math.abs))) return [];
  // Left of all points N_v(1, t) = moment - t total, and right of them N_v(-1, t) = t total - moment.
  const roots = [(moment - band) / total, (moment + band) / total];
  return [[1, Math.min(knots[0], ...roots)], [-1, Math.max(knots[knots.length - 1], ...roots)]];
}

// The straight lines through the outputs that v names: the network that belongs to v, and each step of its price.
/** @type {(problem: Problem, v: number[]) => Spline | null} */
export function readBack({ x, y, loss, band }, v) {
  if (loss === "hinge") return null;
  const outputs = loss === "interpolate" ? y : y.map((yi, i) => yi - v[i]);
  const knots = knotsOf(x);
  const F = knots.map((t) => {
    const there = outputs.filter((_, i) => x[i] === t);
    return sum(there) / there.length;
  });
  const slopes = knots.slice(1).map((t, k) => (F[k + 1] - F[k]) / (t - knots[k]));
  const bends = slopes.slice(1).map((s, k) => s - slopes[k]);
  const tv = sum(bends.map(Math.abs));
  const ends = slopes.length ? Math.abs(slopes[0] + slopes[slopes.length - 1]) : 0;
  const penalty = Math.max(tv, (tv + ends) / 2);
  const misses = y.map((yi, i) => yi - F[knots.indexOf(x[i])]);
  const missed = loss === "interpolate" && misses.some((miss) => Math.abs(miss) > ROUNDING * Math.max(...y.map(Math.abs)));
  const paid = missed ? Infinity : loss === "interpolate" ? 0 : sum(misses.map((miss) => (miss * miss) / 2));
  return { knots, F, slopes, bends, tv, ends, penalty, loss: paid, objective: paid + band * penalty };
}

/** @type {(upper: number, lower: number, baseline: number) => number} */
export function relativeGap(upper, lower, baseline) {
  if (!Number.isFinite(upper) || !Number.isFinite(lower)) return Infinity;
  const scale = Math.max(Math.abs(upper), NEGLIGIBLE * baseline);
  return scale > 0 ? Math.max(0, upper - lower) / scale : 0;
}

// v with its i-th number moved; unless the sum is free, the number `other` takes what the sum is off.
/** @type {(v: number[], i: number, to: number, other: number | null) => number[]} */
export function moved(v, i, to, other) {
  const next = v.map((value, k) => (k === i ? clean(to) : value));
  if (other !== null) next[other] = clean(-sum(next.filter((_, k) => k !== other)));
  return next;
}

// Numbers at which the i-th handle clicks in: where N_v touches the band, where it meets the box, and zero.
/** @type {(problem: Problem, v: number[], i: number, other: number | null) => number[]} */
export function stops(problem, v, i, other) {
  const { x, y, loss, band } = problem;
  const [from, to] = [0, 1].map((value) => moved(v, i, value, other));
  const [low, high] = [gains(x, from), gains(x, to)];
  const touching = low.flatMap(({ value }, k) => {
    const slope = high[k].value - value;
    return Math.abs(slope) > ROUNDING ? [(band - value) / slope, (-band - value) / slope] : [];
  });
  const walls = [[i, 1], ...(other === null ? [] : [[other, -1]])].flatMap(([k, sign]) =>
    (box(loss, y[k]) ?? []).map((wall) => (sign > 0 ? wall : from[other ?? k] - wall)),
  );
  return [0, ...walls, ...touching].map(clean);
}
