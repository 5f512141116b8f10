import assert from "node:assert/strict";
import { test } from "node:test";

import {
  breakLine,
  dualGrid,
  gridRows,
  levelLines,
  neuronPlace,
  planeGrid,
  planeOf,
  planeValue,
  spaced,
} from "../../convexviz/app/components/web/plane_math.js";
import { near, packed, random } from "./tools.mjs";

const draw = random(2);
const list = (n) => Array.from({ length: n }, () => 2 * draw() - 1);
const message = { dim: 2, u: list(10), b: list(5), w: list(5), c: 0.3 };

test("a packed network is the same network, decoded once", () => {
  const floats = (values) => packed("f8", Float64Array.from(values));
  const sent = { dim: 2, u: floats(message.u), b: floats(message.b), w: floats(message.w), c: message.c };
  assert.equal(planeOf(sent), planeOf(sent));
  near(planeValue(planeOf(sent), 0.2, -0.7), planeValue(planeOf(message), 0.2, -0.7));
  assert.equal(planeOf({ u: [1], b: [0], w: [1], c: 0 }), null);
});

test("a grid holds the values of the network, row by row, and sums over neurons add up", () => {
  const plane = planeOf(message);
  const [xs, ys] = [spaced([-1, 1], 7), spaced([-2, 2], 5)];
  const whole = gridRows(planeGrid(plane, xs, ys), xs.length);
  const [first, rest] = [planeGrid(plane, xs, ys, 0, 1), planeGrid(plane, xs, ys, 2, 4, 0)];
  ys.forEach((y, row) =>
    xs.forEach((x, i) => {
      near(whole[row][i], planeValue(plane, x, y), 1e-6);
      near(first[row * xs.length + i] + rest[row * xs.length + i], whole[row][i], 1e-6);
    }),
  );
});

test("a break line is where its neuron switches, from edge to edge of the window", () => {
  const plane = planeOf(message);
  const window = { x: [-2, 2], y: [-2, 2] };
  for (let j = 0; j < plane.width; j++) {
    const ends = breakLine(plane, j, window);
    for (const [x, y] of ends ?? []) {
      near(plane.u[2 * j] * x + plane.u[2 * j + 1] * y + plane.b[j], 0);
      near(Math.max(Math.abs(x), Math.abs(y)), 2);
    }
  }
  assert.equal(breakLine({ u: [1, 0], b: [9] }, 0, window), null);
});

test("level lines of an affine function are where it has the level", () => {
  const [xs, ys] = [spaced([0, 1], 6), spaced([0, 1], 4)];
  const z = Float64Array.from({ length: 24 }, (_, k) => xs[k % 6] + 2 * ys[Math.floor(k / 6)]);
  const ends = levelLines(z, xs, ys, 1.3);
  assert.ok(ends.length > 0 && ends.length % 4 === 0);
  for (let k = 0; k < ends.length; k += 2) near(ends[k] + 2 * ends[k + 1], 1.3);
});

test("the map of the dual function holds its values: sums over the points beyond a line", () => {
  const [n, centre] = [9, [0.1, -0.2]];
  const dual = { x: list(2 * n), v: list(n), beta: 0.5 };
  const [angles, offsets] = [spaced([-180, 180], 9), spaced([-1, 1], 5)];
  const z = dualGrid(dual, centre, angles, offsets);
  angles.forEach((angle, a) =>
    offsets.forEach((t, row) => {
      const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      const along = dual.v.map((v, i) => v * Math.max(0, cos * (dual.x[2 * i] - 0.1) + sin * (dual.x[2 * i + 1] + 0.2) - t));
      near(z[row * angles.length + a], along.reduce((p, q) => p + q, 0) / 0.5, 1e-5);
    }),
  );
});

test("a neuron stands in the map where its line is", () => {
  const { angle, offset } = neuronPlace({ u: [0, 1], b: [-0.5] }, 0, [3, 0.2]);
  near(angle, 90);
  near(offset, 0.3);
});
