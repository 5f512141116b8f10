// Axes of dates on the board: the same dates as in the figures (tests/figures/test_dates.py hands them over), and texts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dayText, dayTicks } from "../../convexviz/app/components/web/dates.js";

test("a date, and a time of day where that is told apart", () => {
  assert.equal(dayText(0), "1970-01-01");
  assert.equal(dayText(19000.25), "2022-01-08");
  assert.equal(dayText(19000.25, 0.1), "2022-01-08 06:00");
  assert.equal(dayText(19000, 0.1), "2022-01-08");
  assert.equal(dayText(1e12), "1000000000000");
});

test("ticks are round dates within the limits", () => {
  const { ticks, texts } = dayTicks([19000, 19900], 6);
  assert.deepEqual(texts, ["2022-07", "2023-01", "2023-07", "2024-01"]);
  assert.deepEqual(ticks.map((t) => dayText(t)), ["2022-07-01", "2023-01-01", "2023-07-01", "2024-01-01"]);
});

test("beyond the calendar there are no dates", () => assert.equal(dayTicks([0, 1e12], 6), null));
