// When the server counts as away: not while it is only busy.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Connection } from "../../convexviz/app/components/board/connection.js";

let told, reply, asked, repeated, connection;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [told, asked, repeated, reply] = [[], 0, 0, "there"];
  connection = new Connection(
    (lost) => told.push(lost),
    () => (repeated += 1),
    async () => {
      asked += 1;
      return reply;
    },
  );
});

async function pass(ms) {
  for (let left = ms; left > 0; left -= 500) {
    mock.timers.tick(500);
    await Promise.resolve();
    await Promise.resolve();
  }
}

test("an answer that comes soon is not asked after", async () => {
  connection.expect(true);
  await pass(2000);
  connection.expect(false);
  await pass(10000);
  assert.deepEqual([asked, told], [0, []]);
});

test("a server that lives and works is not away", async () => {
  connection.expect(true);
  await pass(20000);
  assert.ok(asked > 3);
  assert.deepEqual([told, repeated], [[], 0]); // said again, it would only begin anew
});

test("one that refuses is, until it answers", async () => {
  connection.expect(true);
  reply = "refused";
  await pass(3000);
  assert.deepEqual(told, [true]);
  reply = "there";
  await pass(2000);
  assert.deepEqual(told, [true, false]);
  assert.equal(repeated, 1);
  await pass(5000);
  assert.equal(repeated, 2); // the page may not have been ready yet
  connection.expect(false);
  connection.expect(true);
  await pass(5000);
  assert.equal(repeated, 2);
});

test("silence counts once it lasts", async () => {
  connection.expect(true);
  reply = "silent";
  await pass(3000);
  assert.deepEqual(told, []);
  await pass(4000);
  assert.deepEqual(told, [true]);
});

test("with the answer the connection is back", async () => {
  connection.expect(true);
  reply = "refused";
  await pass(3000);
  connection.expect(false);
  assert.deepEqual(told, [true, false]);
});

test("a board that leaves the page asks no more", async () => {
  connection.expect(true);
  connection.stop();
  await pass(10000);
  assert.equal(asked, 0);
});
