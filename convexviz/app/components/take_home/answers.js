// What answers for the server on a page without one: of β the nearest that was solved in advance, or the page's own.

import { nearest } from "../player/beta.js";

/** @typedef {import("../contracts.d.ts").Frame} Frame */

// The page's own answer has no frame: null, and is as good a candidate as any.
/** @type {(own: number, frames: Frame[], wanted: number) => {beta: number, frame: Frame | null}} */
export function nearestAnswer(own, frames, wanted) {
  const all = [{ beta: own, frame: null }, ...frames.map((frame) => ({ beta: frame.beta, frame }))];
  return nearest(all, wanted);
}
