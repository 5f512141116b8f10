// Figures as they arrive, and what a frame makes of them. Nothing here knows the page.

import { decode, TYPED } from "../web/codec.js";

/** @typedef {Record<string, any>} Dict */
/** @typedef {import("../contracts.js").Spec} Spec */

// Decoding here keeps the identity of an array from one drawing to the next, by which Plotly.react knows it is unchanged.
// `var(--st-…)` stands for a theme colour anywhere in a figure, and in the pairs [place, colour] of a colour scale.
/** @type {(value: any, css: (name: string) => string) => any} */
export function prepare(value, css) {
  if (typeof value === "string") return value.startsWith("var(--") ? css(value.slice(4, -1)) : value;
  if (Array.isArray(value)) return isNumeric(value) ? value : value.map((item) => prepare(item, css));
  if (value === null || typeof value !== "object") return value;
  if (value.bdata !== undefined && TYPED[value.dtype]) return decode(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prepare(item, css)]));
}

/** @type {(array: any[]) => boolean} */
const isNumeric = (array) => typeof array[0] === "number" && typeof array.at(-1) !== "string";

/** @type {(value: any) => boolean} */
const isPlain = (value) => value?.constructor === Object;

/** @type {(base: Dict, update: Dict | undefined) => Dict} */
export function merge(base, update) {
  const out = { ...base };
  for (const [key, value] of Object.entries(update ?? {}))
    out[key] = isPlain(value) && isPlain(out[key]) ? merge(out[key], value) : value;
  return out;
}

// A frame's figure: updates, each of the trace that has its uid, or {data: updates, layout}. Other traces stay as they
// are; an update of none that is there is a trace of its own.
/** @type {(figure: Spec, frame: import("../contracts.js").Changes) => Spec} */
export function scrubbed(figure, frame) {
  const { data, layout } = Array.isArray(frame) ? { data: frame } : frame;
  const updates = new Map(data.map((update) => [update.uid, update]));
  const traces = figure.data.map((trace) => (updates.has(trace.uid) ? merge(trace, updates.get(trace.uid)) : trace));
  for (const { uid } of figure.data) updates.delete(uid);
  return { data: [...traces, ...updates.values()], layout: merge(figure.layout, layout) };
}
