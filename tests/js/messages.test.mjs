import assert from "node:assert/strict";
import { test } from "node:test";

import { merge, prepare, scrubbed } from "../../convexviz/app/components/chart/figures.js";
import { decode } from "../../convexviz/app/components/web/codec.js";
import { packed } from "./tools.mjs";

test("arrays of every type come back from base64, with two dimensions as rows", () => {
  for (const [dtype, Type] of [["f8", Float64Array], ["f4", Float32Array], ["i4", Int32Array], ["u1", Uint8Array], ["i2", Int16Array]]) {
    assert.deepEqual(decode(packed(dtype, Type.from([1, 2, 3]))), Type.from([1, 2, 3]));
  }
  assert.deepEqual(decode(packed("f8", Float64Array.from([1, 2, 3, 4, 5, 6]), "2, 3")), [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
  assert.deepEqual(decode([1, null]), [1, null]);
});

test("theme colours and arrays are put in anywhere in a figure, also in pairs of a colour scale", () => {
  const figure = { data: [{ x: packed("f8", Float64Array.of(1, 2)), line: { color: "var(--st-text-color)" }, scale: [[0, "var(--a)"]] }] };
  const { data: [trace] } = prepare(figure, (name) => `<${name}>`);
  assert.deepEqual(trace, { x: Float64Array.of(1, 2), line: { color: "<--st-text-color>" }, scale: [[0, "<--a>"]] });
});

const FIGURE = {
  data: [
    { uid: "network", x: [0, 1], y: [0, 0], line: { color: "blue", width: 3 } },
    { uid: "cursor", x: [1, 1], y: [0, 9] },
  ],
  layout: { title: { text: "answer" }, height: 300 },
};

test("a frame changes the traces it names, in any order, and leaves the others alone", () => {
  const { data, layout } = scrubbed(FIGURE, [{ uid: "cursor", x: [2, 2] }]);
  assert.equal(data[0], FIGURE.data[0]);
  assert.deepEqual(data[1], { uid: "cursor", x: [2, 2], y: [0, 9] });
  assert.deepEqual(layout, FIGURE.layout);
  const swapped = scrubbed(FIGURE, [{ uid: "cursor", x: [3, 3] }, { uid: "network", line: { width: 1 } }]);
  assert.deepEqual(swapped.data.map(({ uid }) => uid), ["network", "cursor"]);
  assert.deepEqual(swapped.data[0].line, { color: "blue", width: 1 });
});

test("a frame brings traces of its own, and changes to the layout", () => {
  const { data, layout } = scrubbed(FIGURE, { data: [{ uid: "new", y: [1] }], layout: { title: { text: "round 2" } } });
  assert.deepEqual(data.map(({ uid }) => uid), ["network", "cursor", "new"]);
  assert.deepEqual(layout, { title: { text: "round 2" }, height: 300 });
  assert.equal(FIGURE.layout.title.text, "answer");
});

test("merging keeps arrays whole and the identity of what is not changed", () => {
  const [base, list] = [{ marker: { size: 3, symbol: ["a"] }, x: [1, 2] }, [5]];
  const merged = merge(base, { marker: { symbol: list } });
  assert.equal(merged.x, base.x);
  assert.equal(merged.marker.symbol, list);
  assert.equal(merged.marker.size, 3);
});
