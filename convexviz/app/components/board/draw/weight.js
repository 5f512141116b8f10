// How weights look: the area of a point is its weight. A point of weight 0 is left out, which a hollow one says.

import { clamp } from "../../web/line_math.js";
import { weightOf } from "../model.js";

/** @typedef {import("../../contracts.js").Point} Point */

const GREATEST = 10; // a weight up to this is drawn in full; beyond, the greatest is, and the others are in proportion
const LEAST_SHARE = 0.4; // of the usual radius, that the lightest keep to be seen

/** @type {(points: Point[]) => boolean} */
export const hasWeights = (points) => points.some((point) => point.length > 3);

// The weight that is drawn at the usual size: 1, where that shows all weights of these points.
/** @type {(points: Point[]) => number} */
export function unitOf(points) {
  const most = Math.max(0, ...points.map(weightOf));
  return most > 0 ? clamp(1, [most / GREATEST, most]) : 1;
}

// By how much a point is larger than usual.
/** @type {(weight: number, unit: number) => number} */
export const shareOf = (weight, unit) => (weight > 0 ? Math.max(LEAST_SHARE, Math.sqrt(weight / unit)) : 1);

/** @type {(weight: number) => string} */
export const weightText = (weight) => String(Number(weight.toPrecision(4)));

// What the legend says of it.
/** @type {(points: Point[]) => {label: string, mark: string}[]} */
export function weightLegend(points) {
  if (!hasWeights(points)) return [];
  const hollow = points.some((point) => weightOf(point) === 0);
  const sized = points.some((point) => ![0, 1].includes(weightOf(point)));
  return [
    ...(sized ? [{ label: "area: weight of the point", mark: "weight" }] : []),
    ...(hollow ? [{ label: "weight 0: left out", mark: "left-out" }] : []),
  ];
}
