// β on a log scale, as a slider position and as text, and the frames of a path along it. Nothing here knows the page.

import { clamp } from "../web/line_math.js";

/** @typedef {{beta_min: number, beta_end: number}} Ends */
/** @typedef {{beta: number, badge?: {neurons?: number}}} Framed */
/** @typedef {{from: number, to: number, neurons?: number}} Run */

export const STEPS = 1000; // positions of the slider

/** @type {(ends: Ends, beta: number) => number} */
export function positionOf({ beta_min, beta_end }, beta) {
  return clamp((STEPS * Math.log(beta / beta_min)) / Math.log(beta_end / beta_min), [0, STEPS]);
}

// Four digits are finer than a pixel, and read well.
/** @type {(ends: Ends, position: number) => number} */
export function betaAt({ beta_min, beta_end }, position) {
  if (position >= STEPS) return beta_end;
  if (position <= 0) return beta_min;
  return Number((beta_min * (beta_end / beta_min) ** (position / STEPS)).toPrecision(4));
}

/** @type {(text: string) => number | null} */
export function parseBeta(text) {
  const plain = text.trim().replace(",", ".");
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return value > 0 && Number.isFinite(value) ? value : null;
}

/** @type {(beta: number | null) => string} */
export const betaText = (beta) => (beta === null ? "" : String(Number(beta.toPrecision(6))));

/** @type {<F extends {beta: number}>(frames: F[], beta: number) => F} */
export function nearest(frames, beta) {
  /** @param {{beta: number}} frame */
  const far = (frame) => Math.abs(Math.log(frame.beta / beta));
  return frames.reduce((best, frame) => (far(frame) < far(best) ? frame : best));
}

// Stretches of the path with one number of neurons; the change lies halfway between two frames.
/** @type {(frames: Framed[]) => Run[]} */
export function neuronRuns(frames) {
  /** @type {Run[]} */
  const runs = [];
  frames.forEach(({ beta, badge }, i) => {
    const neurons = badge?.neurons;
    const from = i === 0 ? beta : Math.sqrt(beta * frames[i - 1].beta);
    if (runs.at(-1)?.neurons !== neurons) runs.push({ neurons, from, to: beta });
    const next = frames[i + 1];
    runs[runs.length - 1].to = next ? Math.sqrt(beta * next.beta) : beta;
  });
  return runs;
}
