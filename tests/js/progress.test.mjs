// What the browser remembers of challenges, whatever other hands left there.
import assert from "node:assert/strict";
import { test } from "node:test";

import { met, parsed, remember } from "../../convexviz/app/components/guide/progress.js";

test("only names are believed", () => {
  assert.deepEqual(parsed('["splines/three", 7, null]'), ["splines/three"]);
  for (const text of [null, "", "{", '{"a": 1}', "7"]) assert.deepEqual(parsed(text), []);
});

test("what is met is kept for the visit where nothing may be stored", () => {
  remember("plane/xor");
  assert.ok(met().has("plane/xor"));
});

test("what is met goes to the browser's storage, once", () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) };
  remember("dual/gap");
  remember("dual/gap");
  assert.deepEqual(JSON.parse([...kept.values()][0]), ["dual/gap", "plane/xor"]);
  delete globalThis.localStorage;
});
