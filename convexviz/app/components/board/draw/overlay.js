// What an answer lays over and around the points: curves, bands and marks; arrows from the origin, the chosen point.
// Lines are drawn when an answer comes, all that belongs to points whenever a point moves.

import { clamp, clipPolygon, svgPath } from "../../web/line_math.js";
import { Names } from "./names.js";
import { linePath } from "./plane.js";
import { childrenOf, dashOf, diamond, disc, safeColour, setAttributes, square, svgElement } from "./svg.js";

const ARROW = { length: 11, half: 4.6 }; // px of an arrow's head
const FILL = 0.15; // opacity of a filled curve that names none
const MARK = 5; // px, half the size of a mark
const AROUND = [2, 8, 12]; // px around a point that it takes with no ring, one ring and two
const COVERED = 5; // px between a mark and a point that hides it
const FEW = 8; // corners of a curve up to which it is straight lines or an arrow, which names keep off
const STRIDE = 6; // px between two places of a line that names keep off

const polygon = (corners) => `M${corners.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}z`;
const turned = (corners, angle) =>
  corners.map(([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);

function cross(r) {
  const [a, t] = [1.2 * r, 0.4 * r];
  const plus = [[-t, -a], [t, -a], [t, -t], [a, -t], [a, t], [t, t], [t, a], [-t, a], [-t, t], [-a, t], [-a, -t], [-t, -t]];
  return polygon(turned(plus, Math.PI / 4));
}

function star(r) {
  const spokes = Array.from({ length: 10 }, (_, k) => [Math.PI * (k / 5 - 0.5), k % 2 ? 0.62 * r : 1.45 * r]);
  return polygon(spokes.map(([angle, length]) => [length * Math.cos(angle), length * Math.sin(angle)]));
}

// Of about equal weight to the eye at the same r.
const SHAPES = {
  circle: disc,
  square: (r) => square(Number((0.88 * r).toFixed(2))),
  diamond: (r) => diamond(Number((1.2 * r).toFixed(2))),
  cross: cross,
  star: star,
};
export const shapePath = (name, r) => (SHAPES[name] ?? disc)(r);

// A number from Python for a style attribute.
export const finiteOr = (value, otherwise) => (Number.isFinite(value) ? value : otherwise);

export class Overlay {
  constructor(drawing) {
    this.drawing = drawing;
    this.marks = []; // those in the window
    this.straight = []; // curves of few corners
    this.shafts = svgElement("g", {}, drawing.arrows);
    this.origin = svgElement("path", { class: "cvz-origin", "data-testid": "origin" }, drawing.arrows);
    this.names = new Names(drawing);
    this.chosen = ["cvz-chosen-halo", "cvz-chosen-ring"].map((name) => svgElement("path", { class: name }, drawing.chosen));
    this.chosen[1].dataset.testid = "chosen";
  }

  // ---- lines of the answer ------------------------------------------------------------------------------------------

  drawLines({ bands, curves, margins, inPlane }) {
    const { drawing } = this;
    const bandPaths = childrenOf(drawing.bands, bands.length, () => svgElement("path", { class: "cvz-band" }));
    bands.forEach((band, i) => setAttributes(bandPaths[i], { d: this.bandPath(band), style: `fill:${safeColour(band.color)}`, "data-id": band.id }));
    const curvePaths = childrenOf(drawing.curves, curves.length, () => svgElement("path", { class: "cvz-curve", "data-testid": "curve" }));
    curves.forEach((curve, i) =>
      setAttributes(curvePaths[i], {
        d: this.curvePath(curve, inPlane),
        style: curveStyle(curve),
        "stroke-dasharray": dashOf(curve.dash),
        "data-id": curve.id,
      }),
    );
    this.straight = curves.filter(({ x, fill }) => !fill && x.length <= FEW);
    const levels = margins ? [1, -1] : [];
    const lines = childrenOf(drawing.margins, levels.length, () => svgElement("path", { class: "cvz-margin" }));
    levels.forEach((level, i) => setAttributes(lines[i], { d: `M0 ${drawing.y.to(level)}H${drawing.width}` }));
  }

  curvePath({ x, y, closed, fill }, inPlane) {
    const { width, height } = this.drawing;
    const pixels = this.drawing.pixels(x.map((v, k) => [v ?? NaN, y[k] ?? NaN]));
    if (!inPlane) return svgPath(pixels, height);
    if (!closed && !fill) return svgPath(pixels, height, height, width);
    const finite = pixels.filter(([px, py]) => Number.isFinite(px + py));
    const ring = clipPolygon(finite, [-width, 2 * width], [-height, 2 * height]);
    return ring.length ? polygon(ring) : "";
  }

  // A band is drawn as one closed outline; its heights are kept near the window, where renderers are safe.
  bandPath({ x, lo, hi }) {
    const { drawing } = this;
    const near = (v) => clamp(drawing.y.to(v), [-drawing.height, 2 * drawing.height]).toFixed(2);
    const upper = x.map((v, i) => `${drawing.x.to(v).toFixed(2)} ${near(hi[i])}`);
    const lower = x.map((v, i) => `${drawing.x.to(v).toFixed(2)} ${near(lo[i])}`).reverse();
    return x.length ? `M${[...upper, ...lower].join("L")}z` : "";
  }

  // ---- what belongs to points ---------------------------------------------------------------------------------------

  drawAround({ answer, points, chosen, selected, ringed, arrows }) {
    const { drawing } = this;
    const dots = drawing.pixels(points);
    const r = drawing.radius(points.length);
    const size = (i) => drawing.radiusOf(points, i);
    const reach = (i) => size(i) + AROUND[Number(ringed.includes(i)) + Number(i === selected)];
    const marks = this.drawMarks(answer.marks ?? [], dots, size);
    this.drawArrows(arrows ? dots : [], arrows, reach);
    this.drawChosen(chosen === null ? null : points[chosen], chosen, chosen === null ? r : size(chosen));
    const lines = this.strokes(arrows ? dots : []);
    this.names.draw({ names: answer.names ?? [], dots, marks: [...marks, ...lines], r, reach, from: arrows ? this.zero() : null });
  }

  // Places along the arrows from the origin and along the curves that are straight lines.
  strokes(dots) {
    const arrows = dots.map((dot) => [this.zero(), dot]);
    const curves = this.straight.map(({ x, y }) => this.drawing.pixels(x.map((v, k) => [v ?? NaN, y[k] ?? NaN])));
    return [...arrows, ...curves].flatMap((corners) => corners.slice(1).flatMap((end, k) => this.between(corners[k], end)));
  }

  // Those between two pixels that lie in the window; none of a gap.
  between(start, end) {
    if (!Number.isFinite(start[0] + start[1] + end[0] + end[1])) return [];
    const kept = clipPolygon([start, end], [0, this.drawing.width], [0, this.drawing.height]);
    if (!kept.length) return [];
    const [ax, ay] = kept[0];
    const far = kept.map(([px, py]) => Math.hypot(px - ax, py - ay));
    const count = Math.ceil(Math.max(...far) / STRIDE);
    const [bx, by] = kept[far.indexOf(Math.max(...far))];
    return Array.from({ length: count }, (_, k) => [ax + ((bx - ax) * k) / count, ay + ((by - ay) * k) / count]);
  }

  zero() {
    return [this.drawing.x.to(0), this.drawing.y.to(0)];
  }

  // Marks in the window; one that a point would hide becomes a halo around it. Returns their pixels.
  /** @param {any[]} all @param {number[][]} dots @param {(i: number) => number} size */
  drawMarks(all, dots, size) {
    const { drawing } = this;
    const placed = all.map((mark) => ({ mark, at: [drawing.x.to(mark.x ?? NaN), drawing.y.to(mark.y ?? NaN)] }));
    const shown = placed.filter(({ at: [px, py] }) => px >= -1 && px <= drawing.width + 1 && py >= -1 && py <= drawing.height + 1);
    const paths = childrenOf(drawing.marks, shown.length, () => svgElement("path", { class: "cvz-mark", "data-testid": "mark" }));
    shown.forEach(({ mark: { id, color, shape, size: given, x, y }, at: [px, py] }, i) => {
      const under = dots.findIndex(([dx, dy]) => Math.hypot(dx - px, dy - py) < COVERED);
      const own = finiteOr(given, MARK);
      setAttributes(paths[i], {
        d: shapePath(shape, under < 0 ? own : Math.max(own, 1.75 * size(under))),
        style: `fill:${safeColour(color)}`,
        transform: `translate(${px.toFixed(2)} ${py.toFixed(2)})`,
        "data-id": id,
        "data-x": x,
        "data-y": y,
      });
    });
    this.marks = shown.map(({ mark }) => mark);
    return shown.map(({ at }) => at);
  }

  drawArrows(dots, on, reach) {
    const [ox, oy] = this.zero();
    const make = () => {
      const group = svgElement("g", { "data-testid": "arrow" });
      for (const name of ["cvz-shaft", "cvz-head"]) svgElement("path", { class: name }, group);
      return group;
    };
    const groups = childrenOf(this.shafts, dots.length, make);
    dots.forEach((dot, i) => this.setArrow(groups[i], [ox, oy], dot, reach(i)));
    setAttributes(this.origin, { d: on ? disc(3.2) : "", transform: on ? `translate(${ox.toFixed(2)} ${oy.toFixed(2)})` : null });
  }

  // Ends `short` px before the point; an arrow too short for its head keeps its line alone.
  setArrow(group, [ox, oy], [px, py], short) {
    const full = Math.hypot(px - ox, py - oy);
    const [ux, uy] = full ? [(px - ox) / full, (py - oy) / full] : [0, 0];
    const at = (along, aside = 0) => [ox + along * ux - aside * uy, oy + along * uy + aside * ux];
    const tip = Math.max(0, full - short);
    const headed = tip > ARROW.length + 3;
    const base = tip - ARROW.length;
    setAttributes(group.children[0], { d: tip > 0 ? linePath([[at(0), at(headed ? base + 1 : tip)]]) : "" });
    setAttributes(group.children[1], { d: headed ? polygon([at(tip), at(base, ARROW.half), at(base, -ARROW.half)]) : "" });
  }

  drawChosen(point, i, r) {
    for (const path of this.chosen) {
      setAttributes(path, { d: point ? disc(r + 4) : "", transform: point ? this.drawing.translate(point) : null, "data-point": point ? i : null });
    }
  }
}

// `opacity` is that of the fill where there is one, otherwise of the line.
export function curveStyle({ color, width, fill, opacity }) {
  const paint = safeColour(color);
  const line = `stroke:${paint};stroke-width:${finiteOr(width, 2)}`;
  if (fill) return `${line};fill:${paint};fill-opacity:${finiteOr(opacity, FILL)}`;
  return Number.isFinite(opacity) ? `${line};stroke-opacity:${opacity}` : line;
}
