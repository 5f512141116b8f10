// Figures of the plane: their traces arrive without data. `meta.plane` says what a trace shows, and it is computed here
// from the network, once for each network (and lit neuron), so that Plotly.react finds unchanged arrays unchanged.

import { decode } from "../web/codec.js";
import { dualGrid, gridRows, neuronPlace, planeGrid, planeOf, spaced } from "../web/plane_math.js";
import { merge } from "./figures.js";

// What a trace shows of {plane, dual, neuron}: an update of the trace, or null where there is nothing to show.
const PLANE_TRACES = {
  dual({ dual }, { centre, angles, offsets }) {
    if (!dual) return null;
    const [x, y] = [spaced(angles, angles[2]), spaced(offsets, offsets[2])];
    return { x, y, z: gridRows(dualGrid(dual, centre, x, y), x.length) };
  },

  touch({ plane }, { centre }) {
    const places = Array.from(plane.w, (_, j) => neuronPlace(plane, j, centre));
    return {
      x: places.map(({ angle }) => angle),
      y: places.map(({ offset }) => offset),
      text: places.map(({ angle, offset }, j) =>
        [`neuron ${j + 1}`, `weight ${digits(plane.w[j], 4)}`, `angle ${digits(angle, 3)}°, offset ${digits(offset, 3)}`].join("<br>")),
      customdata: places.map((_, j) => j),
      marker: { symbol: signs(plane) },
    };
  },

  // The network, or with a lit neuron the sum up to it.
  surface({ plane, neuron }, { x, y }) {
    const [xs, ys] = [spaced(x, x[2]), spaced(y, y[2])];
    return { x: xs, y: ys, z: gridRows(planeGrid(plane, xs, ys, 0, neuron ?? plane.width - 1), xs.length) };
  },

  // The lit neuron alone.
  ramp({ plane, neuron }, { x, y }) {
    if (neuron === null) return null;
    const [xs, ys] = [spaced(x, x[2]), spaced(y, y[2])];
    return { visible: true, x: xs, y: ys, z: gridRows(planeGrid(plane, xs, ys, neuron, neuron, 0), xs.length) };
  },

  stems({ plane }) {
    const three = (make) => Array.from(plane.w).flatMap((w, j) => make(w, String(j + 1)));
    return { x: three((_, name) => [name, name, name]), y: three((w) => [0, w, null]) };
  },

  weights({ plane }) {
    const at = Array.from(plane.w, (_, j) => j);
    return { x: at.map((j) => String(j + 1)), y: plane.w, customdata: at, marker: { symbol: signs(plane) } };
  },
};

export const FOLLOWS_NEURON = ["surface", "ramp"]; // plane traces that a lit neuron changes

const digits = (value, count) => Number(value.toPrecision(count));
const signs = ({ w }) => Array.from(w, (weight) => (weight > 0 ? "triangle-up" : "triangle-down"));

export const isPlane = ({ meta }) => Object.hasOwn(PLANE_TRACES, meta?.plane ?? "");

// The trace with its data; hidden while there is no network, or nothing of it to show.
export function withPlane(trace, network, base, neuron) {
  if (!isPlane(trace)) return trace;
  const plane = planeOf(network);
  const update = plane && planeUpdate(trace.meta, plane, dualOf(network, base), neuron);
  return update ? merge(trace, update) : { ...trace, visible: false };
}

// Dual functions by their message. The points of a frame's are those of the answer, unless it brings its own.
const duals = new WeakMap();

function dualOf(network, base) {
  const { dual } = network;
  const x = dual?.x ?? base?.dual?.x;
  if (!dual || !x) return null;
  if (duals.get(dual)?.from !== x) duals.set(dual, { from: x, x: decode(x), v: decode(dual.v), beta: dual.beta });
  const known = duals.get(dual);
  return known.x.length === 2 * known.v.length ? known : null;
}

const updates = new WeakMap(); // of each network, by what is shown

function planeUpdate(meta, plane, dual, neuron) {
  const lit = FOLLOWS_NEURON.includes(meta.plane) ? neuron : null;
  const holder = meta.plane === "dual" && dual ? dual : plane;
  if (!updates.has(holder)) updates.set(holder, new Map());
  const made = updates.get(holder);
  const key = `${lit} ${JSON.stringify(meta)}`;
  if (!made.has(key)) made.set(key, PLANE_TRACES[meta.plane]({ plane, dual, neuron: lit }, meta));
  return made.get(key);
}
