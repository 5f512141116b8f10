// The speaker's sentence in pieces, and which key asks for what.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asks } from "../../convexviz/app/components/talk/keys.js";
import { pieces } from "../../convexviz/app/components/talk/sentence.js";

test("bold and italic words are pieces of their own, all else is text", () => {
  assert.deepEqual(pieces("**b** and *i*"), [
    { tag: "b", text: "b" }, { tag: "", text: " and " }, { tag: "i", text: "i" },
  ]);
  assert.deepEqual(pieces("2 * 3 <b>"), [{ tag: "", text: "2 * 3 <b>" }]);
  assert.deepEqual(pieces(""), []);
});

test("clickers and keyboards ask for the same", () => {
  const asked = (key, shiftKey = false) => asks(/** @type {any} */ ({ key, shiftKey }));
  for (const key of ["PageDown", "ArrowRight", " ", "Enter"]) assert.equal(asked(key), "next");
  for (const key of ["PageUp", "ArrowLeft"]) assert.equal(asked(key), "back");
  for (const key of [".", "b", "B"]) assert.equal(asked(key), "black");
  assert.equal(asked("?", true), "keys");
  assert.equal(asked("T", true), "");
  assert.equal(asked("q"), "");
});
