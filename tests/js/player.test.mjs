import assert from "node:assert/strict";
import { test } from "node:test";

import { significant, scientific, duration, toNumber } from "../../convexviz/app/components/badge/numbers.js";
import { betaAt, betaText, nearest, neuronRuns, parseBeta, positionOf, STEPS } from "../../convexviz/app/components/player/beta.js";
import { Projector, SpeedChoice, stepsOf } from "../../convexviz/app/components/player/player.js";
import { bus } from "../../convexviz/app/components/web/bus.js";
import { near } from "./tools.mjs";

const PATH = { beta_min: 1e-4, beta_end: 3 };

test("positions of the slider and β go there and back on a log scale, the ends exactly", () => {
  assert.deepEqual([betaAt(PATH, 0), betaAt(PATH, STEPS)], [1e-4, 3]);
  for (let position = 1; position < STEPS; position += 37) {
    assert.ok(Math.abs(positionOf(PATH, betaAt(PATH, position)) - position) < 0.5);
  }
  assert.deepEqual([positionOf(PATH, 1e-9), positionOf(PATH, 99)], [0, STEPS]);
  assert.equal(betaAt({ beta_min: 1e-4, beta_end: 99 }, STEPS), 99, "a slider that was stretched reaches what it holds");
});

test("β is read as people write it, and refused if it is not a positive number", () => {
  assert.deepEqual(["0,05", " 1e-3 ", ".5", "2."].map(parseBeta), [0.05, 1e-3, 0.5, 2]);
  assert.deepEqual(["", "0", "-1", "1e999", "0x10", "1 2"].map(parseBeta), Array(6).fill(null));
  assert.deepEqual([betaText(null), betaText(0.1 + 0.2)], ["", "0.3"]);
});

test("the frame shown is the nearest in ratio, and runs of neurons change half way between frames", () => {
  const frames = [[0.01, 3], [0.1, 3], [1, 1]].map(([beta, neurons]) => ({ beta, badge: { neurons } }));
  assert.equal(nearest(frames, 0.25).beta, 0.1);
  assert.equal(nearest(frames, 0.4).beta, 1);
  const [many, few] = neuronRuns(frames);
  assert.deepEqual([many.neurons, many.from, few.neurons, few.to], [3, 0.01, 1, 1]);
  near(many.to, Math.sqrt(0.1));
  near(few.from, Math.sqrt(0.1));
});

test("keys of a slider: arrows one step, pages many, Home and End to the ends", () => {
  const sizes = { one: 1, many: 10, all: Infinity };
  assert.deepEqual(["ArrowLeft", "ArrowUp", "PageDown", "End", "a", "toString"].map((key) => stepsOf(key, sizes)), [-1, 1, -10, Infinity, 0, 0]);
});

test("a frame is told once, and another part of the page that shows one takes over", () => {
  const [heard, frame] = [[], { beta: 1 }];
  const off = bus.on("scrub", (shown) => heard.push(shown));
  const projector = new Projector();
  let overtaken = 0;
  const stop = projector.whenOvertaken(() => overtaken++);
  projector.show(frame);
  projector.show(frame);
  assert.deepEqual([heard, overtaken], [[frame], 0]);
  bus.emit("scrub", { beta: 2 });
  assert.equal(overtaken, 1);
  projector.show(frame);
  assert.equal(heard.at(-1), frame);
  [off, stop].forEach((end) => end());
});

test("a speed is remembered, and lasts as long as the player where nothing can be", () => {
  const kept = {};
  const makeSelect = () => ({ value: "", heard: [], addEventListener(_, hear) { this.heard.push(hear); } });
  const choose = (select, name) => { select.value = name; select.heard.forEach((hear) => hear()); };
  globalThis.localStorage = { getItem: (name) => kept[name] ?? null, setItem: (name, value) => { kept[name] = value; } };
  try {
    let changes = 0;
    const select = makeSelect();
    const speed = new SpeedChoice(select, "a-speed", () => changes++);
    assert.equal(speed.name, "normal");
    choose(select, "slow");
    assert.deepEqual([speed.name, changes, new SpeedChoice(makeSelect(), "a-speed").name], ["slow", 1, "slow"]);
    kept["a-speed"] = "warp";
    assert.equal(new SpeedChoice(makeSelect(), "a-speed").name, "normal");
    globalThis.localStorage = { getItem() { throw new Error("closed"); }, setItem() { throw new Error("closed"); } };
    const closed = new SpeedChoice(makeSelect(), "a-speed");
    choose(closed.select, "fast");
    assert.equal(closed.name, "fast");
  } finally {
    delete globalThis.localStorage;
  }
});

test("numbers for people", () => {
  assert.deepEqual([significant(-0.1234567), significant(1e-5), significant(Infinity), significant(null)], ["−0.123457", "1·10⁻⁵", "∞", "–"]);
  assert.deepEqual([scientific(3.14159e-9), scientific(1e-17), duration(0.0042), duration(2.345678)], ["3·10⁻⁹", "0", "4.2 ms", "2.35 s"]);
  assert.deepEqual(["inf", "-inf", "1.5", 2].map(toNumber), [Infinity, -Infinity, 1.5, 2]);
});
