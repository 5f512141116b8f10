// The answer in the plane: heat map, boundary and margins (or level lines), break lines, and what a lit neuron adds.
// Everything is computed here from the network's few hundred bytes. The surface itself is drawn in drawing.js.

import { decode } from "../../web/codec.js";
import { axisTicks, clamp, keepSide } from "../../web/line_math.js";
import { breakLine, levelLines, planeGrid, planeOf, planeValue, spaced } from "../../web/plane_math.js";
import { childrenOf, dashOf, disc, freshId, safeColour, setAttributes, svgElement } from "./svg.js";

const CELL = 3.5; // px between the values of the heat map and of the level lines
export const GLANCE = 40; // ms: a pointer that passes over a neuron faster than this changes no heat map
export const LINE_REACH = 8; // px around a break line that light it
export const HIGH_RGB = [0, 114, 178];
export const LOW_RGB = [213, 94, 0];
const MARGIN_LEVEL = 0.999; // just inside 1: where the network is 1 on a whole region, the margin is that region's edge
const BISECTIONS = 12; // of a cell's edge: a thousandth of a pixel

export const isPlanar = (mode) => mode.startsWith("plane");

// Colour and opacity of a value of f: sign and size for classes, place in the range `z` for values.
/** @returns {[number[], number]} */
export function shade(value, z) {
  if (!z) return [value < 0 ? LOW_RGB : HIGH_RGB, value === 0 ? 0 : 0.1 + 0.35 * Math.min(Math.abs(value), 1)];
  const t = clamp((2 * value - z[0] - z[1]) / (z[1] - z[0]), [-1, 1]);
  return [t < 0 ? LOW_RGB : HIGH_RGB, 0.85 * Math.abs(t)];
}

// Segments [x0, y0, x1, y1, ...] joined end to end into lines [[x, y], ...], so that dashes run through. Neighbouring
// cells compute their common end from the same numbers, hence ends that meet agree exactly.
function chains(s) {
  const [n, at, used] = [s.length / 4, new Map(), new Uint8Array(s.length / 4)];
  const key = (end) => `${s[2 * end]} ${s[2 * end + 1]}`;
  for (let end = 0; end < 2 * n; end++) at.set(key(end), [...(at.get(key(end)) ?? []), end]);
  const walk = (end) => {
    const line = [];
    for (let e = end; e !== undefined; ) {
      line.push([s[2 * e], s[2 * e + 1]]);
      const next = at.get(key(e)).find((other) => !used[other >> 1]);
      if (next !== undefined) used[next >> 1] = 1;
      e = next === undefined ? undefined : next ^ 1;
    }
    return line;
  };
  const lines = [];
  for (let i = 0; i < n; i++) {
    if (used[i]) continue;
    used[i] = 1;
    const onward = walk(2 * i + 1);
    lines.push([...walk(2 * i).reverse(), ...onward]);
  }
  return lines;
}

export const linePath = (lines) =>
  lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}`).join("");

// The part of the rectangle (0, 0, w, h) where a + bx + cy > 0, as an outline.
function halfPlane([a, b, c], w, h) {
  const corners = [[0, 0], [w, 0], [w, h], [0, h]];
  return keepSide(corners, ([x, y]) => a + b * x + c * y);
}

export class PlaneDrawing {
  constructor(drawing) {
    this.drawing = drawing;
    const path = (name, parent, testId = null) => svgElement("path", { class: name, "data-testid": testId }, parent);
    this.image = svgElement("image", { preserveAspectRatio: "none", "data-testid": "heat" }, drawing.heat);
    this.hatch = freshId("hatch");
    const pattern = { id: this.hatch, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const tile = svgElement("pattern", pattern, drawing.surface.querySelector("defs"));
    svgElement("path", { d: "M0 0V7", class: "cvz-hatch" }, tile);
    this.ramp = path("cvz-ramp", drawing.plane, "ramp");
    this.ramp.style.fill = `url(#${this.hatch})`;
    this.fields = svgElement("g", { class: "cvz-fields" }, drawing.plane);
    this.ghost = path("cvz-pinned", drawing.plane, "ghost");
    this.levels = path("cvz-level", drawing.plane, "margins");
    this.breaks = svgElement("g", { class: "cvz-breaks" }, drawing.plane);
    this.boundary = path("cvz-boundary", drawing.plane, "boundary");
    this.lines = []; // break lines in the window: {j, ends}
    this.canvas = document.createElement("canvas");
    this.seen = {};
  }

  // `shown` = {net, answer, z, lit, summed}: z is the range of values or null for classes; lit the neuron pointed at, summed
  // the one up to which neurons are added up. Draws again only what differs from the time before.
  draw(shown) {
    this.z = shown.z;
    this.plane = planeOf(shown.net);
    this.mesh = this.makeMesh();
    const { answer, lit, summed } = shown;
    const flags = [Boolean(answer.regions), Boolean(shown.z ? answer.margins !== false : answer.margins), Boolean(answer.lines)];
    const last = this.known(summed) ? summed : null;
    this.when("answer", [shown.net, last, String(shown.z), ...flags], () => this.drawAnswer(flags, last));
    this.when("breaks", [shown.net, flags[2], lit], () => this.drawBreaks(flags[2], lit));
    this.when("ghost", [answer.ghost, String(shown.z)], () => this.drawGhost(answer.ghost));
    this.when("fields", [answer.fields], () => this.drawFields(answer.fields ?? []));
  }

  known(j) {
    return this.plane !== null && j !== null && j >= 0 && j < this.plane.width;
  }

  when(name, now, draw) {
    const all = [this.drawing.laidOut, ...now];
    if (this.seen[name]?.every((value, i) => value === all[i])) return;
    this.seen[name] = all;
    draw();
  }

  // Values are taken at the corners of square cells; `xs`, `ys` in data, `px`, `py` in pixels, ys from low to high.
  makeMesh() {
    const { width: w, height: h, window, laidOut } = this.drawing;
    if (this.mesh?.laidOut === laidOut) return this.mesh;
    const [nx, ny] = [w, h].map((length) => Math.max(2, Math.round(length / CELL) + 1));
    return { laidOut, nx, ny, xs: spaced(window.x, nx), ys: spaced(window.y, ny), px: spaced([0, w], nx), py: spaced([h, 0], ny) };
  }

  grid(plane, last = plane.width - 1) {
    return planeGrid(plane, this.mesh.xs, this.mesh.ys, 0, last);
  }

  /** @param {boolean[]} flags @param {number | null} last */
  drawAnswer([regions, margins], last) {
    const { plane, drawing } = this;
    const whole = plane && this.grid(plane);
    const part = last === null ? null : this.grid(plane, last);
    this.paint(regions ? (part ?? whole) : null);
    setAttributes(this.boundary, { d: plane && !this.z && (regions || margins) ? this.level(plane, whole, 0) : "" });
    setAttributes(this.levels, { d: plane && margins ? this.levelsOf(plane, whole) : "", class: this.z ? "cvz-level" : "cvz-level is-margin" });
    setAttributes(drawing.partial, { d: part ? (this.z ? this.levelsOf(plane, part, last) : this.level(plane, part, 0, last)) : "" });
    setAttributes(this.ramp, { d: last === null ? "" : this.rampPath(plane, last) });
    drawing.plane.classList.toggle("is-summing", last !== null);
    drawing.partial.classList.toggle("is-plane", plane !== null);
  }

  levelsOf(plane, z, last) {
    const levels = this.z ? axisTicks(this.z, 6).ticks : [MARGIN_LEVEL, -MARGIN_LEVEL];
    return levels.map((value) => this.level(plane, z, value, last)).join("");
  }

  level(plane, z, value, last) {
    const lines = chains(levelLines(z, this.mesh.px, this.mesh.py, value));
    return linePath(lines.map((line) => line.map((p) => this.refined(plane, p, value, last))));
  }

  // A crossing found by interpolation along an edge of a cell is exact unless the network breaks there; then the edge is halved.
  refined(plane, [x, y], value, last) {
    const { px, py, nx } = this.mesh;
    const { x: toX, y: toY } = this.drawing;
    const above = (p, q) => planeValue(plane, toX.from(p), toY.from(q), last) - value;
    const i = Math.round((x / px[nx - 1]) * (nx - 1));
    const upright = Math.abs(px[i] - x) < 1e-9;
    const [ticks, at] = upright ? [py, y] : [px, x];
    const cell = Math.min(ticks.length - 2, Math.floor(((at - ticks[0]) / (ticks.at(-1) - ticks[0])) * (ticks.length - 1)));
    let [a, b] = [ticks[cell], ticks[cell + 1]];
    const f = upright ? (t) => above(x, t) : (t) => above(t, y);
    const [fa, fb, here] = [f(a), f(b), f(at)];
    const high = fb > 0;
    if (fa > 0 === high || Math.abs(here) < 0.01 * Math.abs(fb - fa)) return [x, y];
    for (let k = 0; k < BISECTIONS; k++) {
      const middle = (a + b) / 2;
      if (f(middle) > 0 === high) b = middle;
      else a = middle;
    }
    return upright ? [x, (a + b) / 2] : [(a + b) / 2, y];
  }

  // The heat map is a small picture, one pixel a value, stretched and smoothed by the browser; it is part of the SVG.
  paint(z) {
    if (!z) return void setAttributes(this.image, { href: null });
    const { nx, ny, px, py } = this.mesh;
    Object.assign(this.canvas, { width: nx, height: ny });
    const context = this.canvas.getContext("2d");
    const picture = context.createImageData(nx, ny);
    for (let row = 0, k = 0; row < ny; row++) {
      for (let i = 0, to = 4 * nx * (ny - 1 - row); i < nx; i++, k++, to += 4) {
        const [colour, opacity] = shade(z[k], this.z);
        picture.data[to] = colour[0];
        picture.data[to + 1] = colour[1];
        picture.data[to + 2] = colour[2];
        picture.data[to + 3] = 255 * opacity;
      }
    }
    context.putImageData(picture, 0, 0);
    const [dx, dy] = [px[1], py[0] - py[1]];
    setAttributes(this.image, { href: this.canvas.toDataURL(), x: -dx / 2, y: -dy / 2, width: nx * dx, height: ny * dy });
  }

  rampPath({ u, b }, j) {
    const { x, y, width, height } = this.drawing;
    const [ux, uy] = [u[2 * j], u[2 * j + 1]];
    const outline = halfPlane([ux * x.from(0) + uy * y.from(0) + b[j], ux / x.perUnit, -uy / y.perUnit], width, height);
    return outline.length ? `${linePath([outline])}z` : "";
  }

  // ---- break lines --------------------------------------------------------------------------------------------------

  drawBreaks(wanted, lit) {
    const { plane, drawing } = this;
    const all = plane && wanted ? Array.from({ length: plane.width }, (_, j) => ({ j, ends: breakLine(plane, j, drawing.window) })) : [];
    this.lines = all.filter(({ ends }) => ends).map(({ j, ends }) => ({ j, ends: drawing.pixels(ends) }));
    const strongest = plane ? Math.max(...Array.from(plane.w, Math.abs)) : 1;
    const marks = childrenOf(this.breaks, this.lines.length, () => this.makeBreak());
    this.lines.forEach(({ j, ends }, i) => this.setBreak(marks[i], j, ends, plane.w[j] / strongest, lit));
    drawing.plane.classList.toggle("is-lit", this.known(lit));
  }

  makeBreak() {
    const group = svgElement("g", { "data-testid": "breakline" });
    for (const name of ["halo", "stroke", "arrow"]) svgElement("path", { class: `cvz-break-${name}` }, group);
    return group;
  }

  setBreak(group, j, ends, weight, lit) {
    const [halo, stroke, arrow] = group.children;
    const width = 1 + 4 * Math.abs(weight);
    const d = linePath([ends]);
    const dashes = weight < 0 ? `${(4 + 2 * width).toFixed(1)} ${(3 + 1.2 * width).toFixed(1)}` : null;
    setAttributes(group, { class: j === lit ? "cvz-break is-lit" : "cvz-break", "data-neuron": j, opacity: (0.45 + 0.55 * Math.abs(weight)).toFixed(2) });
    setAttributes(halo, { d, "stroke-width": (width + 8).toFixed(2) });
    setAttributes(stroke, { d, "stroke-width": (width + (j === lit ? 1.5 : 0)).toFixed(2), "stroke-dasharray": dashes });
    setAttributes(arrow, { d: this.arrows(j, ends, 8 + width / 2) });
  }

  // Triangles that stand on the line and point to where the neuron is active; on a long line two, away from the middle.
  arrows(j, [p, q], size) {
    const { x, y } = this.drawing;
    const [gx, gy] = [this.plane.u[2 * j] / x.perUnit, -this.plane.u[2 * j + 1] / y.perUnit];
    const steep = Math.hypot(gx, gy);
    const [nx, ny] = [gx / steep, gy / steep];
    const long = Math.hypot(q[0] - p[0], q[1] - p[1]) > 160;
    return (long ? [0.2, 0.8] : [0.5])
      .map((t) => {
        const [mx, my] = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
        const [bx, by] = [-ny * 0.6 * size, nx * 0.6 * size];
        return `${linePath([[[mx + bx, my + by], [mx + nx * size, my + ny * size], [mx - bx, my - by]]])}z`;
      })
      .join("");
  }

  // The break line within `radius` of a spot, and how far it is; null if there is none.
  lineNear([px, py], radius) {
    let best = null;
    for (const { j, ends: [[ax, ay], [bx, by]] } of this.lines) {
      const [dx, dy] = [bx - ax, by - ay];
      const d = Math.abs((px - ax) * dy - (py - ay) * dx) / Math.hypot(dx, dy);
      if (d <= radius && (best === null || d < best.d)) best = { j, d };
    }
    return best;
  }

  // ---- other answers ------------------------------------------------------------------------------------------------

  drawGhost(ghost) {
    const plane = planeOf(ghost?.network);
    const z = plane && this.grid(plane);
    setAttributes(this.ghost, { d: plane ? (this.z ? this.levelsOf(plane, z) : this.level(plane, z, 0)) : "" });
  }

  drawFields(fields) {
    const paths = childrenOf(this.fields, fields.length, () => svgElement("path", { class: "cvz-field", "data-testid": "field" }));
    fields.forEach((field, i) =>
      setAttributes(paths[i], {
        d: this.fieldPath(field),
        style: `stroke:${safeColour(field.color)};stroke-width:${Number(field.width ?? 2)}`,
        "stroke-dasharray": dashOf(field.dash),
        "data-id": field.id,
      }),
    );
  }

  fieldPath({ nx, ny, z, x, y }) {
    const { drawing } = this;
    const xs = spaced(x ?? drawing.view.x, nx).map(drawing.x.to);
    const ys = spaced(y ?? drawing.view.y, ny).map(drawing.y.to);
    return linePath(chains(levelLines(decode(z), xs, ys, 0)));
  }

  // Two rings around each support vector, where the dual point is not zero.
  drawSupport(support, points) {
    const known = support.filter((i) => i in points);
    const rings = childrenOf(this.drawing.support, known.length, () => svgElement("path", { class: "cvz-support", "data-testid": "support" }));
    known.forEach((i, k) => {
      const r = this.drawing.radiusOf(points, i);
      setAttributes(rings[k], { d: disc(r + 3) + disc(r + 6), transform: this.drawing.translate(points[i]), "data-point": i });
    });
  }
}
