// One or several Plotly figures that keep their nodes for the life of the component. New data, scrubbed frames and
// hovered neurons all reach a figure the same way: compose() makes fresh traces, Plotly.react draws what differs.
const CHARTS = new WeakMap();
const LATE_MS = 150; // an answer later than this is shown as late
const GLANCE_MS = 25; // a pointer that passes over a neuron faster than this lights nothing
const PATIENCE_MS = 200; // figures let the board's answers pass for at most this long
const UNHOVER_MS = 80; // crossing from one mark to the next must not flash
const FADED = 0.2;
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]; // Okabe-Ito
const SLIDE = { width: 960, height: 540, fonts: 1.4 }; // drawn twice as large in pixels
const CLEAR = "rgba(0,0,0,0)";
let nodesMade = 0;

// ---------------------------------------------------------------- plotly.js, once per page

// Page addresses (/splines) differ from the address the app is served under; Streamlit's own script tells the latter.
function appBase() {
  const src = document.querySelector('script[src*="static/js/"]')?.src;
  return src ? src.slice(0, src.lastIndexOf("/static/js/") + 1) : document.baseURI;
}

function loadPlotly(url) {
  globalThis.__convexvizPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, appBase()).href;
    script.onload = () => (globalThis.Plotly ? resolve(globalThis.Plotly) : reject(new Error(script.src)));
    script.onerror = () => reject(new Error(script.src));
    document.head.append(script);
  }).catch((error) => {
    globalThis.__convexvizPlotly = undefined; // so that a second attempt is possible
    throw error;
  });
  return globalThis.__convexvizPlotly;
}

// ---------------------------------------------------------------- theme

function readInk(element) {
  const style = getComputedStyle(element);
  const css = (name) => style.getPropertyValue(name).trim();
  const ink = {
    css,
    text: css("--st-text-color") || "#222",
    page: css("--st-background-color") || "#fff",
    panel: css("--st-secondary-background-color") || "#eee",
    faint: css("--st-gray-color") || "#888",
    border: css("--st-border-color") || "rgba(128,128,128,0.3)",
    grid: css("--st-border-color-light") || "rgba(128,128,128,0.15)",
    font: css("--st-font") || "sans-serif",
  };
  ink.signature = [ink.text, ink.page, ink.panel, ink.border, ink.grid, ink.font].join("|");
  return ink;
}

function template(ink, hasLegend, scale = 1) {
  const axis = {
    gridcolor: ink.grid, zerolinecolor: ink.border, linecolor: ink.border, tickcolor: CLEAR,
    zerolinewidth: 1, automargin: true, title: { standoff: 8 },
    ticks: "outside", ticklen: 4, // room between the labels of two axes that meet
  };
  const wall = { ...axis, backgroundcolor: CLEAR, showbackground: false };
  return {
    layout: {
      colorway: COLOURS,
      title: { x: 0, xanchor: "left", xref: "paper", y: 0.98, yanchor: "top", font: { size: 15 * scale, weight: 600 } },
      xaxis: axis,
      yaxis: axis,
      scene: { xaxis: wall, yaxis: wall, zaxis: wall, camera: { eye: { x: 1.5, y: 1.5, z: 1 } } },
      hoverlabel: { bgcolor: ink.panel, bordercolor: ink.border, font: { color: ink.text, family: ink.font, size: 13 } },
      hovermode: "closest",
      legend: { bgcolor: CLEAR, orientation: "h", x: 0, y: 1, yanchor: "bottom", font: { size: 12 * scale } },
      modebar: { bgcolor: CLEAR, color: ink.faint, activecolor: ink.text, orientation: "h" },
      margin: { l: 48 * scale, r: 12 * scale, t: (hasLegend ? 56 : 36) * scale, b: 40 * scale },
      // A finger on a figure scrolls the page; a mouse draws a zoom box.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    },
  };
}

// Ink and background belong to the theme, whatever the figure says; all else is the figure's own.
function themed({ data, layout }, ink, name, scale = 1) {
  const { paper_bgcolor, plot_bgcolor, template: _, height, width, ...own } = structuredClone(layout);
  return {
    uirevision: name,
    ...own,
    font: { ...own.font, size: (own.font?.size ?? 13) * scale, color: ink.text, family: ink.font },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    autosize: true,
    template: template(ink, showsLegend(data, layout), scale),
  };
}

// Decided by all traces, hidden ones too, so that the plot keeps its place when one of them comes and goes.
const showsLegend = (data, { showlegend }) =>
  showlegend ?? data.filter((trace) => (trace.showlegend ?? !trace.meta?.partial)).length > 1;

// ---------------------------------------------------------------- figures as they arrive

// Decoding here keeps the identity of an array from one drawing to the next, by which Plotly.react knows it is unchanged.
// `var(--st-…)` stands for a theme colour anywhere in a figure.
function prepare(value, css) {
  if (typeof value === "string") return value.startsWith("var(--") ? css(value.slice(4, -1)) : value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((item) => prepare(item, css));
  if (value === null || typeof value !== "object") return value;
  if (value.bdata !== undefined && CVZ_TYPED[value.dtype]) return cvzDecode(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prepare(item, css)]));
}

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

// A vertical line at the present β, whoever moved it.
const followsBeta = ({ meta }) => meta?.at === "beta";

function withBeta(trace) {
  const beta = cvzBus().last.beta?.beta;
  if (!followsBeta(trace)) return { ...trace };
  return beta > 0 ? { ...trace, x: [beta, beta] } : { ...trace, visible: false };
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
  const neuron = network && chart.neuron >= network.w.length ? null : chart.neuron; // gone with the last answer
  const data = shown.data.map((trace) => withNeuron(withBeta(trace), neuron, network));
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

// ---------------------------------------------------------------- drawing

// After the next paint: the board, which hears of the same answer in the same rerun, is drawn first.
function schedule(chart, figure) {
  figure.dirty = true;
  if (figure.queued || figure.busy) return;
  figure.queued = true;
  requestAnimationFrame(() => setTimeout(() => draw(chart, figure)));
}

async function draw(chart, figure) {
  figure.queued = false;
  if (!chart.plotly || !figure.node.isConnected) return;
  figure.dirty = false;
  figure.busy = true;
  const content = figure.content;
  try {
    const { data, layout } = compose(chart, figure);
    figure.config ??= config(figure.base.data);
    await chart.plotly.react(figure.node, data, layout, figure.config);
    settle(chart, figure, content);
  } catch (error) {
    console.error(`convexviz chart ${figure.name}`, error);
    note(figure, "This figure could not be drawn.");
  }
  figure.busy = false;
  if (figure.dirty) schedule(chart, figure);
}

function settle(chart, figure, content) {
  note(figure, "");
  if (!figure.wired) wire(chart, figure);
  if (content === figure.drawn) return;
  figure.drawn = content;
  figure.node.dataset.updates = String(Number(figure.node.dataset.updates) + 1);
  rehover(figure);
}

// New content removes the hover label; a pointer that rests on the figure gets it back.
function rehover(figure) {
  if (!figure.pointer || !figure.node.matches(":hover")) return;
  const { clientX, clientY } = figure.pointer;
  document.elementFromPoint(clientX, clientY)?.dispatchEvent(
    new MouseEvent("mousemove", { clientX, clientY, bubbles: true, view: window }),
  );
}

function wire(chart, figure) {
  figure.wired = true;
  figure.node.on("plotly_hover", (event) => hover(chart, neuronOf(event.points)));
  figure.node.on("plotly_unhover", () => hover(chart, null));
}

function hover(chart, neuron) {
  clearTimeout(chart.unhover);
  if (neuron === chart.neuron) return;
  if (neuron === null) chart.unhover = setTimeout(() => light(chart, null, true), UNHOVER_MS);
  else light(chart, neuron, true);
}

function light(chart, neuron, tell) {
  if (neuron === chart.neuron) return;
  chart.neuron = neuron;
  chart.root.dataset.neuron = neuron ?? "";
  clearTimeout(chart.lighting);
  chart.lighting = setTimeout(() => relight(chart), GLANCE_MS);
  if (tell) cvzBus().emit("hover", { neuron, source: chart.key });
}

// Waits for the board's answer like everything else here; it is called again when that has come.
function relight(chart) {
  chart.unlit = Boolean(cvzBus().last.pending?.pending);
  if (chart.unlit) return;
  for (const figure of chart.figures.values()) if (figure.linked) schedule(chart, figure);
}

function followBeta(chart) {
  for (const figure of chart.figures.values()) if (figure.base?.data.some(followsBeta)) schedule(chart, figure);
}

const isLinked = ({ meta }) => Number.isInteger(meta?.neuron) || Boolean(meta?.neurons || meta?.partial || meta?.ramps || meta?.ramp);

// ---------------------------------------------------------------- download and toolbar

function download(node, format) {
  const ink = readInk(node);
  const { width, height } = SLIDE;
  const layout = { ...themed(node, ink, "", SLIDE.fonts), paper_bgcolor: ink.page, autosize: false, width, height };
  const filename = `convexviz-${node.dataset.figure}`;
  const options = { format, filename, width, height, scale: format === "svg" ? 1 : 2 };
  globalThis.Plotly.downloadImage({ data: node.data, layout, config: { displayModeBar: false } }, options);
}

function config(traces) {
  const { camera, disk } = globalThis.Plotly.Icons;
  const button = (format, title, icon) => ({ name: `cvz-${format}`, title, icon, click: (gd) => download(gd, format) });
  const images = [button("png", "Download image (PNG, 1920 × 1080)", camera), button("svg", "Download image (SVG)", disk)];
  const solid = traces.some(({ type }) => /3d$|^(surface|cone|isosurface|volume|streamtube)$/.test(type ?? ""));
  const modeBarButtons = [[...images, solid ? "resetCameraDefault3d" : "resetScale2d"]];
  return { modeBarButtons, displaylogo: false, displayModeBar: "hover", showTips: false, doubleClick: "reset" };
}

// ---------------------------------------------------------------- nodes

function makeFigure(chart, name) {
  const cell = document.createElement("div");
  cell.className = "cvz-figure";
  cell.innerHTML = '<div class="cvz-plot" role="img"></div><div class="cvz-figure-note" role="status"></div>';
  const node = cell.firstChild;
  Object.assign(node.dataset, { figure: name, updates: "0", node: String(++nodesMade) });
  const figure = { name, cell, node, note: cell.lastChild, raw: null, content: 0, drawn: 0, neuron: null };
  node.addEventListener("pointermove", (event) => (figure.pointer = event), { passive: true });
  chart.resizes.observe(node);
  chart.figures.set(name, figure);
  return figure;
}

function dropFigure(chart, figure) {
  chart.figures.delete(figure.name);
  chart.resizes.unobserve(figure.node);
  if (figure.wired) chart.plotly.purge(figure.node);
  figure.cell.remove();
}

function note(figure, text) {
  figure.note.textContent = text;
  figure.cell.classList.toggle("cvz-has-note", text !== "");
}

function altText(layout) {
  const title = typeof layout.title === "string" ? layout.title : layout.title?.text;
  return String(layout.meta?.alt ?? title ?? "figure").replace(/<[^>]*>/g, "");
}

function fillFigure(chart, figure, raw) {
  if (figure.raw === raw) return;
  figure.raw = raw;
  figure.content++;
  readFigure(chart, figure);
  figure.cell.style.height = `${figure.base.layout.height ?? 300}px`;
  figure.node.setAttribute("aria-label", altText(figure.base.layout));
  schedule(chart, figure);
}

function readFigure(chart, figure) {
  const { data = [], layout = {} } = prepare(JSON.parse(figure.raw), chart.ink.css);
  figure.base = { data, layout };
  figure.linked = data.some(isLinked);
}

function placeFigures(chart, figures) {
  for (const figure of [...chart.figures.values()]) if (!(figure.name in figures)) dropFigure(chart, figure);
  Object.entries(figures).forEach(([name, raw], place) => {
    const figure = chart.figures.get(name) ?? makeFigure(chart, name);
    const there = chart.root.children[place];
    if (there !== figure.cell) chart.root.insertBefore(figure.cell, there ?? null);
    fillFigure(chart, figure, raw);
  });
}

// ---------------------------------------------------------------- component

function resized(chart, entries) {
  for (const { target } of entries)
    if (target._fullLayout && target.offsetWidth && !fits(target)) chart.plotly.Plots.resize(target);
}

const fits = ({ _fullLayout: { width, height }, offsetWidth, offsetHeight }) =>
  Math.abs(width - offsetWidth) < 1 && Math.abs(height - offsetHeight) < 1;

function startPlotly(chart, url) {
  loadPlotly(url).then(
    (plotly) => {
      chart.plotly = plotly;
      for (const figure of chart.figures.values()) schedule(chart, figure);
    },
    (error) => chart.figures.forEach((figure) => failed(chart, figure, url, error)),
  );
}

function failed(chart, figure, url, error) {
  note(figure, `The drawing library did not load (${error.message}). Check the connection, then `);
  const again = document.createElement("button");
  again.textContent = "try again";
  again.onclick = () => {
    chart.figures.forEach((other) => note(other, ""));
    startPlotly(chart, url);
  };
  figure.note.append(again);
}

function scrub(chart, frame) {
  if (frame === chart.frame) return;
  chart.frame = frame;
  for (const figure of chart.figures.values()) {
    if (!frameOf(chart, figure.name) && !figure.scrubbed) continue;
    figure.scrubbed = frame !== null;
    figure.content++;
    schedule(chart, figure);
  }
}

function pend(chart, pending) {
  clearTimeout(chart.late);
  if (pending) chart.late = setTimeout(() => chart.root.classList.add("cvz-late"), LATE_MS);
  else chart.root.classList.remove("cvz-late");
  if (!pending && chart.parcel) unpack(chart);
  if (!pending && chart.unlit) relight(chart);
}

// Drawing a figure takes about as long as answering a gesture. Under a moving hand, when the next answer is already on
// its way, figures therefore wait, so that the fit on the board follows at full speed and they at a few frames a second.
function receiveParcel(chart, parcel) {
  chart.parcel = parcel;
  if (!cvzBus().last.pending?.pending) unpack(chart);
  else chart.patience ??= setTimeout(() => unpack(chart), PATIENCE_MS);
}

function unpack(chart) {
  clearTimeout(chart.patience);
  chart.patience = null;
  const { parcel } = chart;
  chart.parcel = null;
  if (parcel) take(chart, parcel);
}

function makeChart(parentElement, data) {
  const root = document.createElement("div");
  root.className = "cvz-chart";
  parentElement.append(root);
  const bus = cvzBus();
  const chart = { root, key: data.key, figures: new Map(), decoded: new WeakMap(), frame: null, neuron: null };
  chart.ink = readInk(root);
  chart.resizes = new ResizeObserver((entries) => resized(chart, entries));
  chart.off = [
    bus.on("hover", ({ neuron, source }) => source === chart.key || light(chart, neuron, false)),
    bus.on("scrub", (frame) => scrub(chart, frame)),
    bus.on("beta", () => followBeta(chart)),
    bus.on("pending", ({ pending }) => pend(chart, pending)),
  ];
  startPlotly(chart, data.plotly_url);
  CHARTS.set(parentElement, chart);
  return chart;
}

function retheme(chart) {
  const ink = readInk(chart.root);
  if (ink.signature === chart.ink.signature) return;
  chart.ink = ink;
  chart.decoded = new WeakMap();
  for (const figure of chart.figures.values()) {
    readFigure(chart, figure);
    schedule(chart, figure);
  }
}

function unmount(parentElement) {
  const chart = CHARTS.get(parentElement);
  CHARTS.delete(parentElement);
  if (!chart) return;
  for (const off of chart.off) off();
  clearTimeout(chart.late);
  clearTimeout(chart.patience);
  clearTimeout(chart.lighting);
  if (chart.neuron !== null) light(chart, null, true);
  for (const figure of [...chart.figures.values()]) dropFigure(chart, figure);
  chart.resizes.disconnect();
  chart.root.remove();
}

function take(chart, data) {
  chart.network = data.network;
  chart.root.dataset.layout = data.layout;
  placeFigures(chart, data.figures);
}

export default function mountChart({ data, parentElement }) {
  let chart = CHARTS.get(parentElement);
  if (!chart) {
    chart = makeChart(parentElement, data);
    chart.off.push(cvzBus().on(`parcel:${data.key}`, (parcel) => receiveParcel(chart, parcel)));
  }
  retheme(chart);
  take(chart, cvzNewest(data));
  return () => unmount(parentElement);
}
