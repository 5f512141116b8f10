// From a figure as it arrived to the traces that are drawn: decoded, scrubbed, with the lit neuron and the cursors.

import { bus } from "../web/bus.js";
import { planeOf } from "../web/plane_math.js";
import { prepare, scrubbed } from "./figures.js";
import { withPlane } from "./plane.js";
import { unit } from "../web/dom.js";
import { grown, themed } from "./theme.js";

const FADED = 0.2;

// ---------------------------------------------------------------- one neuron, lit in every figure

function partialSum(network, last, xs) {
  const { u, b, w, c } = network;
  return Float64Array.from(xs, (x) => {
    let sum = c;
    for (let j = 0; j <= last; j++) sum += w[j] * Math.max(0, u[j] * x + b[j]);
    return sum;
  });
}

export function neuronOf(points) {
  for (const { data, customdata } of points ?? []) {
    if (Number.isInteger(data.meta?.neuron)) return data.meta.neuron;
    if ((data.meta?.neurons || data.meta?.ramps) && customdata != null) return Number(Array.isArray(customdata) ? customdata[0] : customdata);
  }
  return null;
}

function litTrace(trace, isLit) {
  if (!isLit) return { ...trace, opacity: (trace.opacity ?? 1) * FADED };
  return { ...trace, line: { ...trace.line, width: (trace.line?.width ?? 2) + 1.5 } };
}

// `selected` leaves the axis range alone, where a larger marker.size would widen it.
function litPoint(trace, neuron) {
  const index = Array.from(trace.customdata ?? [], (d) => Number(Array.isArray(d) ? d[0] : d)).indexOf(neuron);
  if (index < 0) return trace;
  const size = trace.marker?.size ?? 6;
  const sizeAt = (i) => (typeof size === "number" ? size : size[i]);
  if (!/^scatter(gl)?$/.test(trace.type ?? "scatter")) {
    const sizes = Array.from(trace.x, (_, i) => sizeAt(i) * (i === index ? 1.8 : 1));
    return { ...trace, marker: { ...trace.marker, size: sizes } };
  }
  const rest = { marker: { opacity: trace.marker?.opacity ?? 1 } };
  return { ...trace, selectedpoints: [index], selected: { marker: { size: sizeAt(index) * 1.8 } }, unselected: rest };
}

function withPartialSum(trace, neuron, network) {
  const hidden = neuron === null || !network || neuron >= network.w.length;
  const plain = { ...trace, showlegend: trace.showlegend ?? false, visible: !hidden };
  return hidden ? plain : { ...plain, y: partialSum(network, neuron, trace.x) };
}

// Where the vertical lines stand that follow the page: at the present β, at the film's present round. Null hides them.
export const CURSORS = {
  beta: ({ beta }) => (beta?.beta > 0 ? beta.beta : null),
  round: ({ round }) => round?.round ?? null,
};

export const followsCursor = ({ meta }, name) => meta?.at === name;

function withCursor(trace) {
  const place = CURSORS[trace.meta?.at];
  if (!place) return { ...trace };
  const at = place(bus.last);
  return at === null ? { ...trace, visible: false } : { ...trace, x: [at, at] };
}

// All ramps are one trace, which fades while the lit neuron is drawn by a trace of its own.
function withRamp(trace, neuron, network) {
  if (neuron === null || !network || neuron >= network.w.length) return { ...trace, visible: false };
  const { u, b, w } = network;
  const [low, high] = [trace.x[0], trace.x[trace.x.length - 1]];
  const x = [low, Math.min(high, Math.max(low, -b[neuron] * u[neuron])), high];
  return { ...trace, visible: true, x, y: x.map((t) => w[neuron] * Math.max(0, u[neuron] * t + b[neuron])) };
}

function withNeuron(trace, neuron, network) {
  const meta = trace.meta;
  if (meta?.partial) return withPartialSum(trace, neuron, network);
  if (meta?.ramp) return withRamp(trace, neuron, network);
  if (neuron === null || !meta) return trace;
  if (Number.isInteger(meta.neuron)) return litTrace(trace, meta.neuron === neuron);
  if (meta.ramps) return { ...trace, opacity: FADED };
  return meta.neurons ? litPoint(trace, neuron) : trace;
}

// A partial sum that leaves the picture must not rescale the axes under the pointer.
function clipAutorange(layout, drawn) {
  for (const [name, axis] of Object.entries(drawn ?? {})) {
    if (!/^[xy]axis\d*$/.test(name) || !axis?.autorange || axis.type === "category") continue;
    const [low, high] = [...axis.range].sort((a, b) => a - b);
    layout[name] = { ...layout[name], autorangeoptions: { clipmin: low, clipmax: high } };
  }
}

// The numbers beside a colour scale are a trace's, and grow as those of the layout do.
const withScale = (trace) => (trace.colorbar ? { ...trace, colorbar: grown(trace.colorbar, unit()) } : trace);

// Where text is much larger than on a laptop, on a stage, lines and marks that stay thin are lost from the last row.
function bolder(trace, k) {
  if (k === 1 || (trace.type ?? "scatter") !== "scatter") return trace;
  const { line, marker } = trace;
  const size = marker?.size === undefined ? {} : { marker: { ...marker, size: times(marker.size, k) } };
  return { ...trace, line: { ...line, width: (line?.width ?? 2) * k }, ...size };
}

const times = (value, k) => (typeof value === "number" ? value * k : Array.from(value, (one) => one * k));

export function compose(chart, figure) {
  const frame = frameOf(chart, figure.name);
  const shown = frame ? scrubbed(figure.base, frame) : figure.base;
  const network = chart.frame?.network ?? chart.network;
  const plane = planeOf(network);
  const neuron = network && chart.neuron >= (plane ?? network).w.length ? null : chart.neuron; // gone with the last answer
  const data = shown.data.map((trace) => {
    const filled = withPlane(withCursor(withScale(trace)), network, chart.network, neuron);
    return bolder(withNeuron(filled, neuron, plane ? null : network), Math.max(1, 0.75 * unit()));
  });
  const layout = grown(themed(shown, chart.ink, figure.name), unit());
  if (neuron === null) figure.clip = null;
  else if (data.some((trace) => trace.meta?.partial)) clipAutorange(layout, (figure.clip ??= rangesOf(figure.node)));
  return { data, layout };
}

function rangesOf(node) {
  const axes = Object.entries(node._fullLayout ?? {}).filter(([name]) => /^[xy]axis\d*$/.test(name));
  return Object.fromEntries(axes.map(([name, a]) => [name, { autorange: a.autorange, range: [...a.range], type: a.type }]));
}

// Decoded frames keep their arrays, so a frame seen twice costs nothing the second time.
export function frameOf(chart, name) {
  const raw = chart.frame?.figures?.[name];
  if (!raw) return null;
  if (!chart.decoded.has(raw)) chart.decoded.set(raw, prepare(raw, chart.ink.css));
  return chart.decoded.get(raw);
}
