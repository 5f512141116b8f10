import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Link } from "../../convexviz/app/components/board/link.js";
import { BoardModel } from "../../convexviz/app/components/board/model.js";

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
