import assert from "node:assert/strict";
import { test } from "node:test";

import { gain, gains, moved, readBack, relativeGap, runaways, stops, sum, verdict } from "../../convexviz/app/components/dual_hand/dual_math.js";
import { bracketed, num, percent, repr, subscript } from "../../convexviz/app/components/dual_hand/words.js";
import { near, random } from "./tools.mjs";

const THREE = { x: [0, 1, 3], y: [0, 3, 0], loss: "squared", band: 1, free: false };
const CLASSES = { x: [0, 1, 2, 6], y: [-1, 1, -1, 1], loss: "hinge", band: 1, free: false };
const draw = random(7);
const numbers = (n) => Array.from({ length: n }, () => 4 * draw() - 2);

test("the optimum of the three points, every number of it", () => {
  const v = [-1, 1.5, -0.5];
  assert.deepEqual(gains(THREE.x, v).map(({ u, t, value }) => [u, t, value]), [[1, 0, 0], [1, 1, -1], [-1, 1, -1], [-1, 3, 0]]);
  assert.deepEqual(verdict(THREE, v), { feasible: true, sum: 0, balanced: true, boxed: [], outside: [], g: 2.75, lower: 2.75 });
  const spline = readBack(THREE, v);
  assert.deepEqual(spline?.F, [1, 1.5, 0.5]);
  assert.deepEqual(spline?.slopes, [0.5, -0.5]);
  assert.deepEqual([spline?.tv, spline?.penalty, spline?.loss, spline?.objective], [1, 1, 1.75, 2.75]);
});

test("no kink anywhere gains more than the greatest at the points, and the sum kept at zero is why", () => {
  for (let trial = 0; trial < 50; trial++) {
    const x = numbers(5);
    const v = moved(numbers(5), 0, 0.3, 2);
    near(sum(v), 0);
    const most = Math.max(...gains(x, v).map(({ value }) => Math.abs(value)));
    for (const t of [...numbers(20), -50, 50]) for (const u of [1, -1]) assert.ok(Math.abs(gain(x, v, u, t)) <= most + 1e-9);
  }
});

test("with another sum the band is left where it is said, and ever farther", () => {
  const v = [-0.5, 0.75, 0];
  assert.equal(verdict(THREE, v).feasible, false);
  const ends = runaways(THREE.x, v, 1);
  assert.deepEqual(ends.map(([u]) => u), [1, -1]);
  for (const [u, t] of ends) {
    near(Math.abs(gain(THREE.x, v, u, t)), 1);
    assert.ok(Math.abs(gain(THREE.x, v, u, t - u)) > 1);
    assert.ok(Math.abs(gain(THREE.x, v, u, t - 9 * u)) > Math.abs(gain(THREE.x, v, u, t - u)));
  }
  assert.deepEqual(runaways(THREE.x, [-1, 1.5, -0.5], 1), []);
});

test("a handle clicks in where N_v touches the band, and where a box ends", () => {
  for (const stop of stops(THREE, [0, 0, 0], 0, 1)) {
    if (stop === 0) continue;
    const touching = gains(THREE.x, moved([0, 0, 0], 0, stop, 1)).some(({ value }) => Math.abs(Math.abs(value) - 1) < 1e-9);
    assert.ok(touching, `${stop}`);
  }
  assert.ok(stops(CLASSES, [0, 0, 0, 0], 0, 1).includes(-1));
  assert.deepEqual(verdict(CLASSES, [-1.5, 1, 0.5, 0]).boxed, [0, 2]);
  assert.equal(verdict(CLASSES, [-0.5, 1, -0.75, 0.25]).lower, 2.5);
});

test("a network that misses a point does not interpolate", () => {
  assert.equal(readBack({ ...THREE, x: [0, 0, 3], loss: "interpolate" }, [0, 0, 0])?.objective, Infinity);
  assert.equal(readBack({ ...THREE, loss: "interpolate" }, [7, 7, 7])?.objective, 4.5);
  assert.equal(readBack(CLASSES, [0, 0, 0, 0]), null);
});

test("the gap is relative to the upper bound, and infinite without a lower one", () => {
  assert.deepEqual([relativeGap(4, 1, 9), relativeGap(4, -Infinity, 9), relativeGap(Infinity, 1, 9), relativeGap(0, 0, 0)], [0.75, Infinity, Infinity, 0]);
});

test("numbers as one writes them", () => {
  assert.deepEqual([num(-0.5), num(1 / 3), num(1e-7), num(-0), bracketed(-2), subscript(12), percent(0.123456), percent(0.0123)], ["−0.5", "0.3333", "1e−7", "0", "(−2)", "₁₂", "12.3 %", "1.2 %"]);
  assert.deepEqual([repr(-Infinity), repr(2.5)], ["-inf", "2.5"]);
});
