// β on a log scale, as a slider position and as text, and the frames of a path along it. Nothing here knows the page.

import { clamp } from "../web/line_math.js";

export const STEPS = 1000; // positions of the slider

export function positionOf({ beta_min, beta_max }, beta) {
  return clamp((STEPS * Math.log(beta / beta_min)) / Math.log(beta_max / beta_min), [0, STEPS]);
}

// Four digits are finer than a pixel, and read well.
export function betaAt({ beta_min, beta_max }, position) {
  if (position >= STEPS) return beta_max;
  if (position <= 0) return beta_min;
  return Number((beta_min * (beta_max / beta_min) ** (position / STEPS)).toPrecision(4));
}

export function parseBeta(text) {
  const plain = text.trim().replace(",", ".");
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return value > 0 && Number.isFinite(value) ? value : null;
}

export const betaText = (beta) => (beta === null ? "" : String(Number(beta.toPrecision(6))));

export function nearest(frames, beta) {
  const far = (frame) => Math.abs(Math.log(frame.beta / beta));
  return frames.reduce((best, frame) => (far(frame) < far(best) ? frame : best));
}

// Stretches of the path with one number of neurons; the change lies halfway between two frames.
export function neuronRuns(frames) {
  const runs = [];
  frames.forEach(({ beta, badge }, i) => {
    const neurons = badge?.neurons;
    const from = i === 0 ? beta : Math.sqrt(beta * frames[i - 1].beta);
    if (runs.at(-1)?.neurons !== neurons) runs.push({ neurons, from, to: beta });
    const next = frames[i + 1];
    runs.at(-1).to = next ? Math.sqrt(beta * next.beta) : beta;
  });
  return runs;
}
