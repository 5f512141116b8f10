import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisTicks,
  clipPolygon,
  equalWindow,
  linearScale,
  networkValue,
  niceStep,
  numberText,
  polyline,
  quantise,
  quantumOf,
  shortText,
  signIntervals,
  svgPath,
} from "../../convexviz/app/components/web/line_math.js";
import { near, random } from "./tools.mjs";

const draw = random(1);
const network = (width) => {
  const list = (make) => Array.from({ length: width }, make);
  return { u: list(() => (draw() < 0.5 ? -1 : 1)), b: list(() => 4 * draw() - 2), w: list(() => 2 * draw() - 1), c: draw() };
};

test("a network's polyline passes through its values, and is straight in between", () => {
  for (let width = 0; width < 12; width++) {
    const net = network(width);
    for (const upTo of [width - 1, Math.floor(width / 2) - 1]) {
      const line = polyline(net, [-3, 3], upTo);
      for (const [x, f] of line) near(f, networkValue(net, x, upTo));
      for (let i = 1; i < line.length; i++) {
        const [[x0, f0], [x1, f1]] = [line[i - 1], line[i]];
        assert.ok(x1 >= x0);
        near((f0 + f1) / 2, networkValue(net, (x0 + x1) / 2, upTo));
      }
    }
  }
});

test("intervals of one sign cover the line and have the sign of the network", () => {
  for (let width = 1; width < 12; width++) {
    const net = network(width);
    const cuts = signIntervals(polyline(net, [-3, 3]));
    for (const { from, to, sign } of cuts) assert.equal(Math.sign(networkValue(net, (from + to) / 2)) || sign, sign);
    near(cuts.reduce((all, { from, to }) => all + to - from, 0), 6);
  }
});

test("steps are 1, 2 or 5 times a power of ten, and the smallest such", () => {
  for (const [atLeast, step] of [[1, 1], [1.01, 2], [2.5, 5], [5.1, 10], [0.03, 0.05], [700, 1000]]) near(niceStep(atLeast), step);
});

test("ticks are multiples of the step inside the limits, without the noise of floating point", () => {
  assert.deepEqual(axisTicks([-0.31, 0.31], 6), { step: 0.2, ticks: [-0.2, 0, 0.2] });
  assert.deepEqual(axisTicks([0, 1], 10).ticks.at(3), 0.3);
});

test("numbers have the digits of their step, a proper minus, and no minus before zero", () => {
  assert.deepEqual([numberText(-0.25, 0.05), numberText(-0.0001, 0.01), numberText(0, 1)], ["−0.25", "0.00", "0"]);
  assert.equal(numberText(2_500_000, 500_000), "2.5e6");
  assert.equal(shortText(0.5, [-1, 1]), "0.5");
});

test("what the hand sets is finer than a pixel and short", () => {
  const quantum = quantumOf([-1, 1]);
  assert.ok(quantum <= 2 / 1000);
  assert.equal(quantise(0.123456789, quantum), 0.123);
});

test("scales map there and back", () => {
  for (const flip of [false, true]) {
    const { to, from } = linearScale([-2, 6], 400, flip);
    near(from(to(1.5)), 1.5);
    assert.deepEqual([to(-2), to(6)], flip ? [400, 0] : [0, 400]);
  }
});

test("a window of equal scales holds the view and the points", () => {
  const { x, y } = equalWindow({ x: [-1, 1], y: [-1, 1] }, 600, 300, [[0, 2.5]]);
  near((x[1] - x[0]) / 600, (y[1] - y[0]) / 300);
  assert.ok(x[0] <= -1 && x[1] >= 1 && y[1] >= 2.5);
});

test("paths leave out what lies far outside, and break at gaps", () => {
  assert.equal(svgPath([[0, 5], [10, 5]], 10), "M0.00 5.00L10.00 5.00");
  assert.equal(svgPath([[0, 1e9], [10, 2e9]], 10), "");
  assert.equal(svgPath([[0, 5], [1, NaN], [2, 5], [3, 5]], 10), "M2.00 5.00L3.00 5.00");
});

test("a square cut by a smaller one is the smaller one", () => {
  const square = [[-2, -2], [2, -2], [2, 2], [-2, 2]];
  const cut = clipPolygon(square, [-1, 1], [0, 1]);
  const area = cut.reduce((all, [x, y], i) => all + x * cut[(i + 1) % cut.length][1] - y * cut[(i + 1) % cut.length][0], 0) / 2;
  near(area, 2);
});
