// Arithmetic of networks in the plane: values on a grid, level lines, break lines, the dual function over neuron space.
// A network is {dim: 2, u: [u0x, u0y, u1x, ...], b, w, c}, arrays plain or packed. Nothing here knows the page.

import { decode } from "./codec.js";

/** @typedef {import("../contracts.js").Range} Range */
/** @typedef {number[] | Float64Array | Float32Array} Numbers */
/** @typedef {{u: Numbers, b: Numbers, w: Numbers, c: number, width: number}} Plane */

const DEGREE = Math.PI / 180;

// The network with its arrays decoded; the same object for the same message, so that callers may compare by identity.
/** @type {WeakMap<object, Plane>} */
const planes = new WeakMap();

/** @type {(net: import("../contracts.js").Network | null | undefined) => Plane | null} */
export function planeOf(net) {
  if (!net || net.dim !== 2) return null;
  if (!planes.has(net)) {
    const [u, b, w] = [net.u, net.b, net.w].map(decode);
    planes.set(net, { u, b, w, c: net.c, width: w.length });
  }
  return planes.get(net) ?? null;
}

/** @type {(plane: Plane, x: number, y: number, last?: number) => number} */
export function planeValue({ u, b, w, c }, x, y, last = w.length - 1) {
  let f = c;
  for (let j = 0; j <= last; j++) f += w[j] * Math.max(0, u[2 * j] * x + u[2 * j + 1] * y + b[j]);
  return f;
}

// n points from low to high, ends included.
/** @type {(limits: Numbers, n: number) => Float64Array} */
export const spaced = ([low, high], n) => Float64Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));

// Values at all (x, y), row after row of equal y: c + sum over neurons first..last. `c` is left out for a lone ramp.
/** @type {(plane: Plane, xs: Numbers, ys: Numbers, first?: number, last?: number, constant?: number) => Float32Array} */
export function planeGrid({ u, b, w, c }, xs, ys, first = 0, last = w.length - 1, constant = c) {
  const z = new Float32Array(xs.length * ys.length).fill(constant);
  for (let j = first; j <= last; j++) {
    const [ux, uy, bj, wj] = [u[2 * j], u[2 * j + 1], b[j], w[j]];
    for (let row = 0, k = 0; row < ys.length; row++) {
      const base = uy * ys[row] + bj;
      for (let i = 0; i < xs.length; i++, k++) {
        const a = ux * xs[i] + base;
        if (a > 0) z[k] += wj * a;
      }
    }
  }
  return z;
}

// Rows of a flat grid, as Plotly wants z.
/** @type {(z: Float32Array, nx: number) => Float32Array[]} */
export const gridRows = (z, nx) => Array.from({ length: z.length / nx }, (_, row) => z.subarray(row * nx, (row + 1) * nx));

// The line where neuron j switches, inside the window {x, y}: [[x0, y0], [x1, y1]] or null.
/** @type {(plane: {u: Numbers, b: Numbers}, j: number, window: {x: Range, y: Range}) => [Range, Range] | null} */
export function breakLine({ u, b }, j, { x: [xl, xh], y: [yl, yh] }) {
  const [ux, uy, bj] = [u[2 * j], u[2 * j + 1], b[j]];
  /** @type {Range[]} */
  const ends = [];
  /** @param {number} x @param {number} y */
  const offer = (x, y) => {
    const [px, py] = [1e-9 * (xh - xl), 1e-9 * (yh - yl)];
    if (x < xl - px || x > xh + px || y < yl - py || y > yh + py) return;
    if (!ends.some(([a, c]) => Math.abs(a - x) <= px && Math.abs(c - y) <= py)) ends.push([x, y]);
  };
  if (uy !== 0) for (const x of [xl, xh]) offer(x, -(bj + ux * x) / uy);
  if (ux !== 0) for (const y of [yl, yh]) offer(-(bj + uy * y) / ux, y);
  return ends.length < 2 ? null : [ends[0], ends[1]];
}

// Level lines of grid values by marching squares: segments [x0, y0, x1, y1, ...], four numbers each.
// Where all four edges are crossed (a saddle) the mean decides which corners are joined.
/** @type {(z: Numbers, xs: Numbers, ys: Numbers, level: number) => number[]} */
export function levelLines(z, xs, ys, level) {
  const nx = xs.length;
  /** @type {number[]} */
  const out = [];
  /** @param {number} a @param {number} b */
  const cut = (a, b) => (a === b ? 0.5 : (level - a) / (b - a));
  for (let r = 0; r + 1 < ys.length; r++) {
    for (let i = 0; i + 1 < nx; i++) {
      const [a, b, d, c] = [z[r * nx + i], z[r * nx + i + 1], z[(r + 1) * nx + i], z[(r + 1) * nx + i + 1]];
      const code = (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
      if (code === 0 || code === 15) continue;
      const [x0, x1, y0, y1] = [xs[i], xs[i + 1], ys[r], ys[r + 1]];
      const bottom = () => [x0 + (x1 - x0) * cut(a, b), y0];
      const right = () => [x1, y0 + (y1 - y0) * cut(b, c)];
      const top = () => [x0 + (x1 - x0) * cut(d, c), y1];
      const left = () => [x0, y0 + (y1 - y0) * cut(a, d)];
      /** @param {number[]} p @param {number[]} q */
      const join = (p, q) => out.push(...p, ...q);
      const high = (a + b + c + d) / 4 > level;
      switch (code) {
        case 1: case 14: join(left(), bottom()); break;
        case 2: case 13: join(bottom(), right()); break;
        case 3: case 12: join(left(), right()); break;
        case 4: case 11: join(right(), top()); break;
        case 6: case 9: join(bottom(), top()); break;
        case 7: case 8: join(left(), top()); break;
        case 5: high ? (join(left(), top()), join(bottom(), right())) : (join(left(), bottom()), join(right(), top())); break;
        case 10: high ? (join(left(), bottom()), join(right(), top())) : (join(left(), top()), join(bottom(), right())); break;
      }
    }
  }
  return out;
}

// Angle (degrees, in (-180, 180]) and signed distance of neuron j's line from `centre`, along u: where it stands in the map.
/** @type {(plane: {u: Numbers, b: Numbers}, j: number, centre: Numbers) => {angle: number, offset: number}} */
export function neuronPlace({ u, b }, j, [x0, y0]) {
  const angle = Math.atan2(u[2 * j + 1], u[2 * j]) / DEGREE;
  return { angle, offset: -(b[j] + u[2 * j] * x0 + u[2 * j + 1] * y0) };
}

// N_v over angle (degrees) and offset, in units of beta, row after row of equal offset: N = sum_i v_i (u . (x_i - centre) - t)_+.
// For one angle, with points sorted by their projection p, N(t) = sum over p_i > t of v_i p_i - t sum v_i: two running sums.
/** @type {(dual: {x: Numbers, v: Numbers, beta: number}, centre: Numbers, angles: Numbers, offsets: Numbers) => Float32Array} */
export function dualGrid({ x, v, beta }, [x0, y0], angles, offsets) {
  const n = v.length;
  const z = new Float32Array(angles.length * offsets.length);
  const p = new Float64Array(n);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let a = 0; a < angles.length; a++) {
    const [cos, sin] = [Math.cos(angles[a] * DEGREE), Math.sin(angles[a] * DEGREE)];
    for (let i = 0; i < n; i++) p[i] = cos * (x[2 * i] - x0) + sin * (x[2 * i + 1] - y0);
    order.sort((i, k) => p[k] - p[i]); // nearly sorted from the angle before, which makes it cheap
    let [sum, moment, k] = [0, 0, 0];
    for (let row = offsets.length - 1; row >= 0; row--) {
      const t = offsets[row];
      for (; k < n && p[order[k]] > t; k++) {
        sum += v[order[k]];
        moment += v[order[k]] * p[order[k]];
      }
      z[row * angles.length + a] = (moment - t * sum) / beta;
    }
  }
  return z;
}
