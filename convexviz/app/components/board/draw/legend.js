// The legend names only what is shown, and alike things once.

import { decode } from "../../web/codec.js";
import { planeOf } from "../../web/plane_math.js";
import { curveStyle, finiteOr, shapePath } from "./overlay.js";
import { dashOf, safeColour, svgElement } from "./svg.js";

// Points that count in a network's dual, if it tells.
export function supportOf(net) {
  if (!net?.dual) return [];
  const v = Array.from(decode(net.dual.v), Math.abs);
  const least = 1e-6 * Math.max(...v, 0);
  return v.flatMap((size, i) => (size > least ? [i] : []));
}

// What is shown in the plane, by name, for the legend.
export function planeLegend({ answer, net, support, z }) {
  const items = [];
  const line = (label, color, width, dash) => items.push({ label, color, width, dash });
  if (net) {
    if (!z && (answer.regions || answer.margins)) line("boundary f = 0", "var(--cvz-ink)", 2.2);
    if (!z && answer.margins) line("margins f = ±1", "var(--cvz-quiet)", 1.2, "4 3");
    if (z && answer.margins !== false) line("level lines", "var(--cvz-quiet)", 1);
    if (answer.lines && net.w?.length !== 0) items.push(...breakLegend(net));
  }
  if (support) items.push({ label: "support vector", mark: "support" });
  if (answer.ghost?.network) line(answer.ghost.label ?? "pinned", "var(--cvz-quiet)", 1.6, "2 4");
  return [...items, ...(answer.fields ?? []).map(({ label, color, dash, width }) => ({ label, color, dash, width: width ?? 2 }))];
}

function breakLegend(net) {
  const signs = Array.from(planeOf(net).w, Math.sign);
  const rise = { label: "break line → active side", mark: "break" };
  const fall = { label: signs.includes(1) ? "the same, w < 0" : "break line → active side, w < 0", mark: "break-down" };
  return [...(signs.includes(1) ? [rise] : []), ...(signs.includes(-1) ? [fall] : [])];
}

const SWATCHES = {
  weight: `<circle class="cvz-point" cx="5" cy="6" r="2.6"/><circle class="cvz-point" cx="15" cy="6" r="5.6"/>`,
  "left-out": `<circle class="cvz-point is-left-out" cx="11" cy="6" r="4.6"/>`,
  chosen: `<g class="cvz-chosen"><circle class="cvz-chosen-ring" cx="11" cy="6" r="4.500"/></g>`,
  support: `<path class="cvz-support" d="M7 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0zM5 6a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"/>`,
  break: `<g class="cvz-break"><path class="cvz-break-stroke" stroke-width="2.5" d="M0 9H22"/><path class="cvz-break-arrow" d="M7 9L11 1L15 9z"/></g>`,
  "break-down": `<g class="cvz-break"><path class="cvz-break-stroke" stroke-width="2.5" stroke-dasharray="5 3" d="M0 9H22"/><path class="cvz-break-arrow" d="M7 9L11 1L15 9z"/></g>`,
};

// What an answer lays over the data, by name; what it gives no name has no entry.
/** @param {import("../../contracts.js").BoardAnswer} answer @param {boolean} chosen */
export function overlayLegend({ curves = [], bands = [], marks = [], chosen_label }, chosen) {
  const items = [
    ...curves.map(({ label, color, dash, width, fill, opacity }) => ({ label, color, dash, width, ...(fill && { fill, opacity }) })),
    ...bands.map(({ label, color, dash, width }) => ({ label, color, dash, width, band: true })),
    ...marks.map(({ label, color, shape }) => ({ label, color, shape: shape ?? "circle" })),
    ...(chosen ? [{ label: chosen_label ?? "chosen point", mark: "chosen" }] : []),
  ];
  const seen = new Set();
  return items.filter((item) => item.label && !seen.has(JSON.stringify(item)) && seen.add(JSON.stringify(item)));
}

export function drawSwatch(swatch, item) {
  const { color, dash, width, band, mark, shape, fill } = item;
  const paint = safeColour(color);
  if (mark) swatch.innerHTML = SWATCHES[mark];
  else if (shape) svgElement("path", { d: shapePath(shape, 4.2), transform: "translate(11 6)", class: "cvz-mark", style: `fill:${paint}` }, swatch);
  else if (fill) svgElement("rect", { x: 1, y: 1, width: 20, height: 10, rx: 2, style: curveStyle({ ...item, width: Math.min(width ?? 2, 2) }) }, swatch);
  else if (band) svgElement("rect", { width: 22, height: 12, rx: 2, class: "cvz-band", style: `fill:${paint}` }, swatch);
  else svgElement("path", { d: "M0 6H22", style: `stroke:${paint};stroke-width:${finiteOr(width, 2)}`, "stroke-dasharray": dashOf(dash) }, swatch);
}
