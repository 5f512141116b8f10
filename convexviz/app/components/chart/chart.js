// One or several Plotly figures that keep their nodes for the life of the component. New data, scrubbed frames and
// hovered neurons all reach a figure the same way: compose() makes fresh traces, Plotly.react draws what differs.

import { bus, newest } from "../web/bus.js";
import { onceGone, unit } from "../web/dom.js";
import { prepare } from "./figures.js";
import { FOLLOWS_NEURON, isPlane } from "./plane.js";
import { config, loadPlotly, readInk } from "./theme.js";
import { compose, CURSORS, followsCursor, frameOf, neuronOf } from "./traces.js";

const CHARTS = new WeakMap();
const LATE_MS = 150; // an answer later than this is shown as late
const GLANCE_MS = 25; // a pointer that passes over a neuron faster than this lights nothing
const PATIENCE_MS = 200; // figures let the board's answers pass for at most this long
const HEAVY_MS = 60; // a picture in three dimensions that takes longer to draw waits until the hand rests ...
const REST_MS = 120; // ... which it does once nothing was asked for in this time ...
const HEAVY_PATIENCE_MS = 1000; // ... but for at most this long
const UNHOVER_MS = 80; // crossing from one mark to the next must not flash
let nodesMade = 0;

// ---------------------------------------------------------------- drawing

// After the next paint: the board, which hears of the same answer in the same rerun, is drawn first.
function schedule(chart, figure) {
  figure.dirty = true;
  if (figure.queued || figure.busy) return;
  if (figure.cost > HEAVY_MS && moving(chart)) return rest(chart, figure);
  figure.queued = true;
  requestAnimationFrame(() => setTimeout(() => draw(chart, figure)));
}

const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

const moving = (chart) => bus.last.pending?.pending || performance.now() - chart.answered < REST_MS;

// Draws in a while, unless the hand goes on: what takes long to draw keeps the answers of the board from being drawn.
function rest(chart, figure) {
  clearTimeout(figure.later);
  figure.since ??= performance.now();
  const left = figure.since + HEAVY_PATIENCE_MS - performance.now();
  const again = () => (bus.last.pending?.pending && left > REST_MS ? rest(chart, figure) : draw(chart, figure));
  figure.later = setTimeout(again, Math.max(0, Math.min(REST_MS, left)));
}

async function draw(chart, figure) {
  figure.queued = false;
  clearTimeout(figure.later);
  figure.since = figure.later = null;
  if (!chart.plotly || !figure.node.isConnected) return;
  figure.dirty = false;
  figure.busy = true;
  const content = figure.content;
  try {
    const { data, layout } = compose(chart, figure);
    if (figure.camera && layout.scene) layout.scene = { ...layout.scene, camera: figure.camera };
    figure.config ??= config(figure.base.data);
    const start = performance.now();
    await chart.plotly.react(figure.node, data, layout, figure.config);
    if (layout.scene && figure.wired) { // the first time says nothing of the next
      await painted(); // most of the cost comes after the commands
      figure.cost = performance.now() - start;
    }
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
  // The label says what is drawn; read out, numbers along the axes would say nothing. The toolbar can be reached.
  for (const svg of figure.node.querySelectorAll(".main-svg")) svg.setAttribute("aria-hidden", "true");
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
  figure.node.on("plotly_relayout", (change) => {
    figure.camera = change["scene.camera"] ?? figure.camera; // uirevision alone now and then lost it
  });
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
  if (tell) bus.emit("hover", { neuron, source: chart.key });
}

// Waits for the board's answer like everything else here; it is called again when that has come.
function relight(chart) {
  chart.unlit = Boolean(bus.last.pending?.pending);
  if (chart.unlit) return;
  for (const figure of chart.figures.values()) if (figure.linked) schedule(chart, figure);
}

function follow(chart, cursor) {
  for (const figure of chart.figures.values())
    if (figure.base?.data.some((trace) => followsCursor(trace, cursor))) schedule(chart, figure);
}

const isLinked = ({ meta }) =>
  Number.isInteger(meta?.neuron) ||
  Boolean(meta?.neurons || meta?.partial || meta?.ramps || meta?.ramp) ||
  FOLLOWS_NEURON.includes(meta?.plane);

// ---------------------------------------------------------------- nodes

function makeFigure(chart, name) {
  const cell = document.createElement("div");
  cell.className = "cvz-figure";
  cell.innerHTML = '<div class="cvz-plot" role="figure"></div><div class="cvz-figure-note" role="status"></div>';
  const node = /** @type {HTMLElement} */ (cell.firstChild);
  Object.assign(node.dataset, { figure: name, updates: "0", node: String(++nodesMade) });
  const figure = { name, cell, node, note: cell.lastChild, raw: null, content: 0, drawn: 0, neuron: null, cost: 0, since: null, later: null };
  node.addEventListener("pointermove", (event) => (figure.pointer = event), { passive: true });
  chart.resizes.observe(node);
  chart.figures.set(name, figure);
  return figure;
}

function dropFigure(chart, figure) {
  chart.figures.delete(figure.name);
  clearTimeout(figure.later);
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
  readFigure(chart, figure);
  figure.cell.style.height = `${(figure.base.layout.height ?? 300) / 16}rem`;
  figure.node.setAttribute("aria-label", altText(figure.base.layout));
  renew(chart, figure);
}

function renew(chart, figure) {
  figure.content++;
  schedule(chart, figure);
}

function readFigure(chart, figure) {
  const { data = [], layout = {} } = prepare(JSON.parse(figure.raw), chart.ink.css);
  figure.base = { data, layout };
  figure.linked = data.some(isLinked);
  figure.plane = data.some(isPlane);
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
  if (chart.unit !== unit()) for (const figure of chart.figures.values()) schedule(chart, figure);
  chart.unit = unit();
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
    if (!frameOf(chart, figure.name) && !figure.scrubbed && !figure.plane) continue;
    figure.scrubbed = frame !== null;
    renew(chart, figure);
  }
}

function pend(chart, pending) {
  clearTimeout(chart.late);
  if (pending) chart.late = setTimeout(() => chart.root.classList.add("cvz-late"), LATE_MS);
  else {
    chart.root.classList.remove("cvz-late");
    chart.answered = performance.now();
  }
  if (!pending && chart.parcel) unpack(chart);
  if (!pending && chart.unlit) relight(chart);
  for (const figure of chart.figures.values()) if (figure.later) rest(chart, figure);
}

// Drawing a figure takes about as long as answering a gesture. Under a moving hand, when the next answer is already on
// its way, figures therefore wait, so that the fit on the board follows at full speed and they at a few frames a second.
function receiveParcel(chart, parcel) {
  chart.parcel = parcel;
  if (!bus.last.pending?.pending) unpack(chart);
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
  const chart = { root, key: data.key, figures: new Map(), decoded: new WeakMap(), frame: null, neuron: null, unit: unit(), answered: -Infinity };
  chart.ink = readInk(root);
  chart.resizes = new ResizeObserver((entries) => resized(chart, entries));
  chart.off = [
    bus.on("hover", ({ neuron, source }) => source === chart.key || light(chart, neuron, false)),
    bus.on("scrub", (frame) => scrub(chart, frame)),
    ...Object.keys(CURSORS).map((cursor) => bus.on(cursor, () => follow(chart, cursor))),
    bus.on("pending", ({ pending }) => pend(chart, pending)),
    bus.on("theme", () => retheme(chart)),
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
  const text = JSON.stringify(data.network ?? null);
  const renewed = text !== chart.networkText;
  if (renewed) [chart.network, chart.networkText] = [data.network, text]; // the same object while it is the same network
  chart.root.dataset.layout = data.layout;
  placeFigures(chart, data.figures);
  if (renewed) for (const figure of chart.figures.values()) if (figure.plane) renew(chart, figure);
}

export default function mountChart({ data, parentElement }) {
  let chart = CHARTS.get(parentElement);
  if (!chart) {
    chart = makeChart(parentElement, data);
    chart.off.push(bus.on(`parcel:${data.key}`, (parcel) => receiveParcel(chart, parcel)));
  }
  retheme(chart);
  take(chart, newest(data));
  return onceGone(parentElement, () => unmount(parentElement));
}
