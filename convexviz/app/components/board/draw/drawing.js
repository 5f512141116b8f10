// Drawing of the board as SVG. The surface element is exactly the plot area; tick labels hang over its edge.
// Each layer is drawn by one method from the state it is given, and touches only what has changed.

import {
  axisTicks,
  clamp,
  equalWindow,
  kinksOf,
  linearScale,
  networkValue,
  niceStep,
  numberText,
  polyline,
  signIntervals,
  svgPath,
} from "../../web/line_math.js";
import { dayTicks } from "../../web/dates.js";
import { unit } from "../../web/dom.js";
import { hasWeights, shareOf, unitOf } from "./weight.js";
import { weightOf } from "../model.js";
import { childrenOf, classOf, diamond, disc, freshId, glyph, setAttributes, svgElement } from "./svg.js";

export const NARROW = 520; // px of width below which the board counts as a phone's
const SMALL = 420; // px of width below which its tools shrink

// Ticks of an axis with the texts that stand at them: numbers, or dates where it counts days.
/** @type {(limits: import("../../contracts.js").Range, roughCount: number, dates?: boolean) => {step: number, ticks: number[], texts: string[]}} */
export function marked(limits, roughCount, dates = false) {
  const days = dates ? dayTicks(limits, roughCount) : null;
  if (days) return days;
  const { step, ticks } = axisTicks(limits, roughCount);
  return { step, ticks, texts: ticks.map((t) => numberText(t, step)) };
}

export class Drawing {
  constructor(frame) {
    this.frame = frame;
    this.clip = freshId("clip");
    this.surface = svgElement("svg", { class: "cvz-surface", "data-testid": "board", tabindex: 0 }, frame);
    const clipPath = svgElement("clipPath", { id: this.clip }, svgElement("defs", {}, this.surface));
    this.clipRect = svgElement("rect", {}, clipPath);
    this.paper = svgElement("rect", { class: "cvz-paper", rx: 4 }, this.surface);
    this.regions = this.layer("regions", true);
    this.heat = this.layer("heat", true);
    this.grid = this.layer("grid", true);
    this.bands = this.layer("bands", true);
    this.curves = this.layer("curves", true);
    this.margins = this.layer("margins", true);
    this.plane = this.layer("plane", true);
    this.fit = this.layer("fit", true);
    this.partial = svgElement("path", { class: "cvz-partial", "data-testid": "partial-sum" }, this.fit);
    this.fitPath = svgElement("path", { class: "cvz-fit-line", "data-testid": "fit" }, this.fit);
    this.arrows = this.layer("arrows", true);
    this.kinks = this.layer("kinks", false);
    this.marks = this.layer("marks", false);
    this.support = this.layer("support", false);
    this.chosen = this.layer("chosen", false);
    this.points = this.layer("points", false);
    this.names = this.layer("names", false);
    this.over = this.layer("over", false);
    this.ring = svgElement("path", { class: "cvz-ring" }, this.over);
    this.ghost = svgElement("path", { class: "cvz-ghost" }, this.over);
    /** @type {import("../input/value.js").Values | null} */
    this.valued = null; // where points have a value, how it looks
    /** @type {SVGElement | undefined} */
    this.ticks = undefined;
    /** @type {string[]} */
    this.axes = [];
    /** @type {import("../../contracts.js").Window | null} */
    this.window = null; // on show: the view, or more of it
    this.left = 0; // px from the frame's edge to the surface
    this.unit = 1; // by how much all that stands beside text has grown
    /** @type {{of: import("../../contracts.js").Point[], unit: number | null}} */
    this.scale = { of: [], unit: null }; // the weight drawn at the usual size, of the points last seen; none without weights
    this.laidOut = 0; // how often: what was drawn before is drawn anew
    this.cursor = svgElement("path", { class: "cvz-cursor", "data-testid": "board-cursor" }, this.over);
    this.tag = svgElement("g", { class: "cvz-tag", "data-testid": "board-readout" }, this.over);
    this.tagBox = svgElement("rect", { rx: 4 }, this.tag);
    this.tagText = svgElement("text", { "text-anchor": "middle" }, this.tag);
    this.hint = svgElement("text", { class: "cvz-hint", "text-anchor": "middle" }, this.surface);
  }

  // Takes away what was drawn of an answer.
  clear() {
    for (const path of [this.partial, this.fitPath]) setAttributes(path, { d: "" });
    for (const layer of [this.regions, this.bands, this.curves, this.margins, this.kinks, this.marks]) layer.replaceChildren();
  }

  layer(name, clipped) {
    return svgElement("g", { class: `cvz-${name}`, "clip-path": clipped ? `url(#${this.clip})` : null }, this.surface);
  }

  // Fits the surface into the frame; returns whether there is room to draw.
  layout({ view, height, axes, equal, dates = [] }, points, aside = 0) {
    const outer = this.frame.clientWidth;
    if (outer < 80) return false;
    const k = (this.unit = unit());
    this.narrow = outer < NARROW;
    this.frame.parentElement.classList.toggle("is-small", outer < SMALL);
    const filling = getComputedStyle(this.frame).getPropertyValue("--cvz-fill").trim() === "1"; // the page says how high
    if (filling) this.frame.style.height = "";
    const full = filling ? this.frame.clientHeight : this.narrow ? Math.min(height, Math.max(280, Math.round(outer * 0.86))) : Math.round(height * k);
    if (filling && full < 80) return false; // not on stage itself
    const [top, bottom, right] = [24 * k, 38 * k, (this.narrow ? 8 : 14) * k + aside];
    this.height = full - top - bottom;
    const shown = (width) => (equal ? equalWindow(view, width, this.height, points) : view);
    this.yTicks = marked(shown(outer - 42 * k - right).y, this.height / (52 * k), dates[1]);
    const labels = this.yTicks.texts.map((text) => text.length);
    const left = (14 + 7 * Math.max(4, ...labels)) * k; // at least the margin of the figures below, to stand above them
    this.width = outer - left - right;
    const { x, y } = shown(this.width);
    if (equal) this.yTicks = marked(y, this.height / (52 * k), dates[1]);
    const longest = Math.max(...(dates[0] ? (marked(x, 5, true)?.texts ?? []) : x.map((v) => numberText(v, (x[1] - x[0]) / 5))).map((text) => text.length), 0);
    this.xTicks = marked(x, this.width / (k * Math.max(this.narrow ? 64 : 84, 20 + 7 * longest)), dates[0]);
    this.x = linearScale(x, this.width);
    this.y = linearScale(y, this.height, true);
    Object.assign(this, { axes, view, left, window: { x, y } });
    this.laidOut += 1;
    if (!filling) this.frame.style.height = `${full}px`;
    Object.assign(this.surface.style, { left: `${left}px`, top: `${top}px`, width: `${this.width}px`, height: `${this.height}px` });
    for (const rect of [this.clipRect, this.paper]) setAttributes(rect, { width: this.width, height: this.height });
    setAttributes(this.hint, { x: this.width / 2, y: this.height / 2 });
    return true;
  }

  drawGrid({ snap, mode }) {
    const { width: w, height: h, unit: k } = this;
    this.grid.replaceChildren();
    this.ticks ??= this.surface.insertBefore(svgElement("g", { class: "cvz-ticks", "aria-hidden": "true" }), this.points);
    this.ticks.replaceChildren();
    const line = (kind, d) => svgElement("path", { class: `cvz-line ${kind}`, d }, this.grid);
    const crisp = (p) => Math.round(p) + 0.5;
    const within = (p, length) => p > 1 && p < length - 1; // the frame is drawn already
    if (snap) this.drawMinor(line, crisp, mode);
    for (const t of this.xTicks.ticks.filter((v) => within(this.x.to(v), w))) {
      line(t === 0 ? "is-zero" : "", `M${crisp(this.x.to(t))} 0V${h}`);
    }
    for (const t of this.yTicks.ticks.filter((v) => within(this.y.to(v), h))) {
      line(t === 0 ? "is-zero" : "", `M0 ${crisp(this.y.to(t))}H${w}`);
    }
    const text = (x, y, anchor, content, kind = "") =>
      (svgElement("text", { x, y, "text-anchor": anchor, class: kind }, this.ticks).textContent = content);
    this.xTicks.ticks.forEach((t, i) => text(this.x.to(t), h + 17 * k, "middle", this.xTicks.texts[i]));
    const isClass = (t) => mode === "line-classes" && Math.abs(t) === 1;
    for (const [i, t] of this.yTicks.ticks.entries()) {
      const label = this.yTicks.texts[i];
      text(-7, this.y.to(t) + 4 * k, "end", isClass(t) && t > 0 ? `+${label}` : label, isClass(t) ? classOf(t) : "");
    }
    text(w, h + 33 * k, "end", this.axes[0], "cvz-axis");
    // A name as long as those of real data would leave the frame on the left, so it begins at the frame's edge.
    if (this.axes[1].length > 6) text(2 - this.left, -9 * k, "start", this.axes[1], "cvz-axis");
    else text(-7, -9 * k, "end", this.axes[1], "cvz-axis");
  }

  drawMinor(line, crisp, mode) {
    const [sx, sy] = this.snapSteps();
    const steps = (scale, length, step) => {
      const [lo, hi] = [scale.from(0), scale.from(length)].sort((a, b) => a - b);
      const from = Math.ceil(lo / step);
      return Array.from({ length: Math.max(0, Math.floor(hi / step) - from + 1) }, (_, i) => scale.to((from + i) * step));
    };
    for (const p of steps(this.x, this.width, sx)) line("is-minor", `M${crisp(p)} 0V${this.height}`);
    if (mode === "line-classes") return;
    for (const p of steps(this.y, this.height, sy)) line("is-minor", `M0 ${crisp(p)}H${this.width}`);
  }

  // About a fifth of the way from tick to tick, and round itself.
  snapSteps() {
    return [this.xTicks, this.yTicks].map(({ step }) => niceStep(step / 5));
  }

  pixels(points) {
    return points.map(([x, y]) => [this.x.to(x), this.y.to(y)]);
  }

  path(points) {
    return svgPath(this.pixels(points), this.height);
  }

  // The network `net` (or nothing), its kinks, and the partial sum up to neuron `lit`.
  drawFit({ net, view, regions, lit, points }) {
    const line = net ? polyline(net, view.x) : [];
    setAttributes(this.fitPath, { d: this.path(line) });
    const known = net && lit !== null && lit >= 0 && lit < net.w.length;
    setAttributes(this.partial, { d: known ? this.path(polyline(net, view.x, lit)) : "" });
    this.drawRegions(net && regions ? signIntervals(line) : []);
    this.drawKinks(net, lit, points);
  }

  drawRegions(intervals) {
    const rects = childrenOf(this.regions, intervals.length, () => svgElement("rect", { y: 0 }));
    intervals.forEach(({ from, to, sign }, i) => {
      const [x, width] = [this.x.to(from), (to - from) * this.x.perUnit];
      setAttributes(rects[i], { x: x.toFixed(2), width: width.toFixed(2), height: this.height, class: classOf(sign), "data-sign": sign });
    });
  }

  drawKinks(net, lit, points) {
    this.kinkSpots = net ? this.visibleKinks(net) : [];
    const dots = this.pixels(points);
    const make = () => svgElement("path", { class: "cvz-kink", "data-testid": "kink" });
    const marks = childrenOf(this.kinks, this.kinkSpots.length, make);
    this.kinkSpots.forEach(({ j, x, y }, i) => {
      // A kink that sits on a point would hide under it: it becomes a halo around the point instead.
      const under = dots.findIndex(([px, py]) => Math.hypot(px - x, py - y) < 5);
      const size = (under < 0 ? 5.5 * this.unit : this.radiusOf(points, under) * 1.75) * (j === lit ? 1.4 : 1);
      setAttributes(marks[i], {
        d: diamond(Number(size.toFixed(2))),
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
        class: j === lit ? "cvz-kink is-lit" : "cvz-kink",
        "data-neuron": j,
      });
    });
  }

  visibleKinks(net) {
    return kinksOf(net)
      .map((x, j) => ({ j, x: this.x.to(x), y: this.y.to(networkValue(net, x)) }))
      .filter(({ x, y }) => x >= 0 && x <= this.width && y >= 0 && y <= this.height);
  }

  kinkNear([px, py], radius) {
    let best = null;
    for (const { j, x, y } of this.kinkSpots ?? []) {
      const d = Math.hypot(px - x, py - y);
      if (d <= radius && (best === null || d < best.d)) best = { j, d };
    }
    return best && best.j;
  }

  radius(n) {
    return (n > 500 ? 3 : n > 150 ? 4 : 5.5) * this.unit;
  }

  // That of point i: its area is its weight, where it has one.
  radiusOf(points, i) {
    const unit = this.weightUnit(points);
    return this.radius(points.length) * (unit === null ? 1 : shareOf(weightOf(points[i]), unit));
  }

  // Points are never changed in place: the same array has the same weights.
  weightUnit(points) {
    if (this.scale.of !== points) this.scale = { of: points, unit: hasWeights(points) ? unitOf(points) : null };
    return this.scale.unit;
  }

  drawPoints({ points, selected, hovered, held, erasing, ringed }) {
    const sized = this.weightUnit(points) !== null;
    const marks = childrenOf(this.points, points.length, () => svgElement("path", { "data-testid": "point" }));
    points.forEach((point, i) => {
      const [x, y, third] = point;
      const r = this.radiusOf(points, i);
      const weight = weightOf(point);
      const active = i === held ? "is-held" : i === hovered ? (erasing ? "is-doomed" : "is-hovered") : "";
      const { d, kind, style } = this.look(third, i === held || i === hovered ? r + 1.5 : r, sized);
      const filled = weight === 0 ? "is-left-out" : "";
      setAttributes(marks[i], {
        d,
        style: weight === 0 ? null : style,
        transform: `translate(${this.x.to(x).toFixed(2)} ${this.y.to(y).toFixed(2)})`,
        class: ["cvz-point", kind, filled, active].filter(Boolean).join(" "),
        "data-x": x,
        "data-y": y,
        "data-label": this.valued ? null : third || null,
        "data-value": this.valued ? third : null,
        "data-weight": weight === 1 ? null : weight,
        "data-selected": i === selected ? "" : null,
      });
    });
    const chosen = selected === null ? null : points[selected];
    const r = chosen ? this.radiusOf(points, selected) : 0;
    const ring = chosen && (this.valued ? disc(r + 8) : glyph(chosen[2], r + (ringed.includes(selected) ? 9 : 5)));
    setAttributes(this.ring, { d: ring ?? "", transform: chosen ? this.translate(chosen) : null });
  }

  // A point by its third coordinate: a class by colour and shape; a value by colour and size (`valued`, see value.js).
  look(third, r, sized = false) {
    return this.valued?.look(third, r, sized) ?? { d: glyph(third, r), kind: classOf(third), style: null };
  }

  translate([x, y]) {
    return `translate(${this.x.to(x).toFixed(2)} ${this.y.to(y).toFixed(2)})`;
  }

  drawCursor(at) {
    const d = at ? `M-14 0H-4M4 0H14M0 -14V-4M0 4V14${disc(9)}` : "";
    setAttributes(this.cursor, { d, transform: at ? this.translate(at) : null, "data-x": at?.[0], "data-y": at?.[1] });
  }

  drawGhost(point, n) {
    const { d, kind, style } = point ? this.look(point[2], this.radius(n)) : { d: "", kind: "" };
    setAttributes(this.ghost, { d, style, transform: point ? this.translate(point) : null, class: `cvz-ghost ${kind}` });
  }

  // Coordinates above the point in hand (or `below` it), kept inside the surface.
  drawTag(point, text, lift, below = false) {
    this.tag.style.display = point ? "" : "none";
    if (!point) return;
    if (this.tagText.textContent !== text) this.tagText.textContent = text;
    const high = 22 * this.unit;
    const width = 14 + this.tagText.getComputedTextLength();
    const [px, py] = [this.x.to(point[0]), this.y.to(point[1])];
    const x = clamp(px, [width / 2 + 2, this.width - width / 2 - 2]);
    const [above, under] = [py - lift - high, py + lift];
    const [over, beneath] = [above >= 2, under <= this.height - high - 2];
    const y = over && !(below && beneath) ? above : Math.min(under, this.height - high - 2);
    setAttributes(this.tag, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    setAttributes(this.tagBox, { x: -width / 2, width, height: high });
    setAttributes(this.tagText, { y: 15 * this.unit });
  }
}
