// From a figure as it arrived to the traces that are drawn: decoded, scrubbed, with the lit neuron and the cursors.
const FADED = 0.2;

// ---------------------------------------------------------------- figures as they arrive

// Decoding here keeps the identity of an array from one drawing to the next, by which Plotly.react knows it is unchanged.
// `var(--st-…)` stands for a theme colour anywhere in a figure, and in the pairs [place, colour] of a colour scale.
function prepare(value, css) {
  if (typeof value === "string") return value.startsWith("var(--") ? css(value.slice(4, -1)) : value;
  if (Array.isArray(value)) return isNumeric(value) ? value : value.map((item) => prepare(item, css));
  if (value === null || typeof value !== "object") return value;
  if (value.bdata !== undefined && CVZ_TYPED[value.dtype]) return cvzDecode(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prepare(item, css)]));
}

const isNumeric = (array) => typeof array[0] === "number" && typeof array.at(-1) !== "string";

const isPlain = (value) => value?.constructor === Object;

function merge(base, update) {
  const out = { ...base };
  for (const [key, value] of Object.entries(update ?? {}))
    out[key] = isPlain(value) && isPlain(out[key]) ? merge(out[key], value) : value;
  return out;
}

// A frame's figure: one update per trace, or {data, layout}; base traces beyond its list are hidden.
function scrubbed(figure, frame) {
  const { data, layout } = Array.isArray(frame) ? { data: frame } : frame;
  const length = Math.max(data.length, figure.data.length);
  const traces = Array.from({ length }, (_, i) =>
    i < data.length ? merge(figure.data[i] ?? {}, data[i]) : { ...figure.data[i], visible: false },
  );
  return { data: traces, layout: merge(figure.layout, layout) };
}

// ---------------------------------------------------------------- one neuron, lit in every figure

function partialSum(network, last, xs) {
  const { u, b, w, c } = network;
  return Float64Array.from(xs, (x) => {
    let sum = c;
    for (let j = 0; j <= last; j++) sum += w[j] * Math.max(0, u[j] * x + b[j]);
    return sum;
  });
}

function neuronOf(points) {
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
const CURSORS = {
  beta: ({ beta }) => (beta?.beta > 0 ? beta.beta : null),
  round: ({ round }) => round?.round ?? null,
};

const followsCursor = ({ meta }, name) => meta?.at === name;

function withCursor(trace) {
  const place = CURSORS[trace.meta?.at];
  if (!place) return { ...trace };
  const at = place(cvzBus().last);
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

function compose(chart, figure) {
  const frame = frameOf(chart, figure.name);
  const shown = frame ? scrubbed(figure.base, frame) : figure.base;
  const network = chart.frame?.network ?? chart.network;
  const plane = cvzPlane(network);
  const neuron = network && chart.neuron >= (plane ?? network).w.length ? null : chart.neuron; // gone with the last answer
  const data = shown.data.map((trace) => {
    const filled = withPlane(withCursor(trace), network, chart.network, neuron);
    return withNeuron(filled, neuron, plane ? null : network);
  });
  const layout = themed(shown, chart.ink, figure.name);
  if (neuron === null) figure.clip = null;
  else if (data.some((trace) => trace.meta?.partial)) clipAutorange(layout, (figure.clip ??= rangesOf(figure.node)));
  return { data, layout };
}

function rangesOf(node) {
  const axes = Object.entries(node._fullLayout ?? {}).filter(([name]) => /^[xy]axis\d*$/.test(name));
  return Object.fromEntries(axes.map(([name, a]) => [name, { autorange: a.autorange, range: [...a.range], type: a.type }]));
}

// Decoded frames keep their arrays, so a frame seen twice costs nothing the second time.
function frameOf(chart, name) {
  const raw = chart.frame?.figures?.[name];
  if (!raw) return null;
  if (!chart.decoded.has(raw)) chart.decoded.set(raw, prepare(raw, chart.ink.css));
  return chart.decoded.get(raw);
}
