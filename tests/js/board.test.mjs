import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Link } from "../../convexviz/app/components/board/link.js";
import { BoardModel, weightOf } from "../../convexviz/app/components/board/model.js";
import { shareOf, unitOf, weightLegend, weightText } from "../../convexviz/app/components/board/draw/weight.js";
import { stepped, Weights } from "../../convexviz/app/components/board/input/weight.js";

// ---------------------------------------------------------------- the link

let sent, told, link;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [sent, told] = [[], []];
  link = new Link(() => ({ points: [link.rev] }), (state) => told.push(state));
  link.send = (name, message) => sent.push(message);
  link.adopt(0, 0);
});

const positions = () => sent.map(({ rev, live }) => [rev, live]);

test("while an answer is awaited live positions wait, and the newest of them is sent after it", () => {
  for (let k = 0; k < 3; k++) link.changed(true);
  assert.deepEqual(positions(), [[1, true]]);
  link.answered(1);
  assert.deepEqual(positions(), [[1, true], [3, true]]);
  assert.deepEqual(sent[1].points, [3], "the newest points, not those of when they began to wait");
  assert.equal(link.state.pending, true);
  link.answered(3);
  assert.deepEqual(link.state, { pending: false, late: false });
});

test("the final position never waits", () => {
  link.changed(true);
  link.changed(true);
  link.changed(false);
  assert.deepEqual(positions(), [[1, true], [3, false]]);
  link.answered(1);
  assert.equal(sent.length, 2, "nothing older than what is sent already");
});

test("without an answer the newest position is sent after all, and the state is late", () => {
  link.changed(true);
  link.changed(true);
  mock.timers.tick(150);
  assert.equal(link.state.late, true);
  mock.timers.tick(2000);
  assert.deepEqual(positions(), [[1, true], [2, true]]);
});

test("what Python's revision means to the board", () => {
  const fresh = new Link(() => ({}), () => {});
  assert.equal(fresh.verdict(0, 0), "first");
  link.changed(false);
  link.answered(1);
  assert.deepEqual(
    [[1, 0], [0, 0], [0, 1], [0, 5]].map(([gen, rev]) => link.verdict(gen, rev)),
    ["replaced", "forgotten", "known", "ahead"],
  );
});

test("a server that has forgotten is told again, but not for ever", () => {
  for (let k = 0; k < 5; k++) link.resend(0, 0);
  assert.equal(sent.length, 3);
  assert.ok(sent.every(({ live }) => !live));
});

// ---------------------------------------------------------------- the model

test("one gesture is one step of undo, however many points it touched", () => {
  const model = new BoardModel();
  model.open();
  for (const x of [1, 2, 3]) model.add([x, 0, 0]);
  assert.equal(model.close(), true);
  assert.equal(model.undo(), true);
  assert.equal(model.count, 0);
  assert.equal(model.redo(), true);
  assert.deepEqual(model.points.map(([x]) => x), [1, 2, 3]);
  assert.equal(model.redo(), false);
});

test("a gesture that changes nothing, or is cancelled, leaves no step", () => {
  const model = new BoardModel();
  model.replace([[1, 1, 0]]);
  model.forget();
  model.open();
  assert.equal(model.move(0, [1, 1, 0]), false);
  assert.equal(model.close(), false);
  model.open();
  model.move(0, [5, 5, 0]);
  model.cancel();
  assert.deepEqual(model.points, [[1, 1, 0]]);
  assert.equal(model.undo(), false);
});

test("a removed point is no longer selected, and the selection follows its point", () => {
  const model = new BoardModel();
  model.replace([[0, 0, 0], [1, 0, 0], [2, 0, 0]]);
  model.selected = 2;
  model.remove(0);
  assert.equal(model.selected, 1);
  model.remove(1);
  assert.equal(model.selected, null);
});

// ---------------------------------------------------------------- weights

test("a weight goes along with its point, and undo brings the old one back", () => {
  const model = new BoardModel();
  model.replace([[0, 0, 1], [1, 1, -1]]);
  model.open();
  assert.equal(model.weigh(0, 3), true);
  assert.equal(model.weigh(0, 3), false, "the same weight is no change");
  assert.equal(model.close(), true);
  model.move(0, [0.5, 0.5, -1]);
  assert.deepEqual(model.points[0], [0.5, 0.5, -1, 3]);
  model.remove(1);
  assert.equal(weightOf(model.points[0]), 3);
  model.undo();
  assert.deepEqual(model.points, [[0, 0, 1], [1, 1, -1]]);
});

test("a point of weight 1 is the point that it was", () => {
  const model = new BoardModel();
  model.replace([[0, 0, 0]]);
  model.open();
  model.weigh(0, 2);
  model.weigh(0, 1);
  assert.deepEqual(model.points, [[0, 0, 0]]);
  assert.equal(model.close(), false, "nothing to undo");
});

test("steps lead from 0 to 100, and from any weight to the next", () => {
  const up = [];
  for (let w = 0; w !== stepped(w, 1); w = stepped(w, 1)) up.push(stepped(w, 1));
  assert.equal(up.at(-1), 100);
  assert.ok(up.includes(1) && up.every((w, k) => k === 0 || w > up[k - 1]));
  assert.equal(stepped(0, -1), 0, "never below 0");
  assert.deepEqual([stepped(2.5, 1), stepped(2.5, -1), stepped(1e6, 1), stepped(1e6, -1)], [3, 2, 1e6, 100]);
  assert.equal(stepped(1, 3), 3);
});

test("the area is the weight, within what can be seen", () => {
  const points = (...weights) => weights.map((w) => [0, 0, 0, w]);
  const shares = (...weights) => weights.map((w) => shareOf(w, unitOf(points(...weights))));
  assert.deepEqual(shares(1, 4, 9), [1, 2, 3]);
  assert.deepEqual(shares(0, 0), [1, 1]);
  assert.deepEqual(shares(1e-3, 1e-3), [1, 1], "weights that are all small are seen at the usual size");
  assert.deepEqual(shares(1, 1e6), [0.4, Math.sqrt(10)]);
  assert.deepEqual([weightText(0.25), weightText(3), weightText(1 / 3)], ["0.25", "3", "0.3333"]);
});

test("the legend names what is shown", () => {
  const names = (...points) => weightLegend(points).map(({ mark }) => mark);
  assert.deepEqual(names([0, 0, 0]), []);
  assert.deepEqual(names([0, 0, 0, 2]), ["weight"]);
  assert.deepEqual(names([0, 0, 0, 0]), ["left-out"]);
});

test("a wheel that scrolls the page goes on doing so over a point, until it has rested", () => {
  const weights = Object.create(Weights.prototype);
  const surface = { contains: (target) => target === "surface" };
  const board = { data: { weighted: true }, pointer: {}, values: {}, tool: "draw", hovered: 3, drawing: { surface } };
  Object.assign(weights, { board, gesture: null, scrolled: -Infinity });
  const wheel = (timeStamp, target = "surface", more = {}) => ({ timeStamp, target, ctrlKey: false, altKey: false, ...more });
  assert.equal(weights.away(wheel(0)), false, "over a point it turns the weight");
  assert.equal(weights.away(wheel(0, "page")), true);
  assert.equal(weights.away(wheel(0, "surface", { ctrlKey: true })), true, "with Ctrl it zooms");
  weights.scrolled = 1000;
  assert.equal(weights.away(wheel(1100)), true);
  assert.equal(weights.away(wheel(1500)), false);
  board.values.on = true;
  assert.equal(weights.away(wheel(1500)), true, "there the wheel means the value");
  assert.equal(weights.away(wheel(1500, "surface", { altKey: true })), false);
});
