// What the tests here share.
import assert from "node:assert/strict";

export const near = (found, expected, within = 1e-9) =>
  assert.ok(Math.abs(found - expected) <= within * Math.max(1, Math.abs(expected)), `${found} is not ${expected}`);

// Numbers in [0, 1), the same ones for the same seed.
export function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// An array as Python packs it.
export function packed(dtype, array, shape) {
  return { dtype, bdata: Buffer.from(array.buffer).toString("base64"), ...(shape && { shape }) };
}
