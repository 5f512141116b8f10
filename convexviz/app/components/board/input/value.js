// Values of points in the plane: the colour bar with its handle, the knob on the selected point, keys and the wheel.
// Each of them is a gesture as a drag is: it is answered live and undone in one step.

import {
  axisTicks,
  clamp,
  linearScale,
  niceStep,
  numberText,
  quantise,
  quantumOf,
  shortText,
} from "../../web/line_math.js";
import { NARROW } from "../draw/drawing.js";
import { unit } from "../../web/dom.js";
import { Gradual } from "./gradual.js";
import { HIGH_RGB, LOW_RGB, shade } from "../draw/plane.js";
import { disc, freshId, setAttributes, svgElement } from "../draw/svg.js";

const BAR = 14; // px of width
const BAR_ROOM = { wide: 70, narrow: 50 }; // px right of the plot area
const STEM = 30; // px from a point to its knob
const KNOB_REACH = { mouse: 10, pen: 13, touch: 22 };
const WHEEL_REST = 350; // ms without a turn of the wheel that end its gesture
export const VALUE_KEYS = { "+": 1, "=": 1, "*": 1, "-": -1, _: -1 }; // with Shift, keyboards differ in what + and - become
const BAR_KEYS = { ArrowUp: 1, ArrowRight: 1, PageUp: 10, ArrowDown: -1, ArrowLeft: -1, PageDown: -10 };

const rgbText = (rgb) => `rgb(${rgb.map(Math.round).join(", ")})`;

export class Values extends Gradual {
  constructor(board) {
    super(board);
    this.value = null; // of points to come
    this.build(board.chrome.frame);
    this.knob = svgElement("g", { class: "cvz-knob" }, board.drawing.over);
    this.stem = svgElement("path", { class: "cvz-stem" }, this.knob);
    this.disc = svgElement("circle", { class: "cvz-knob-disc", "data-testid": "value-knob", r: 7 }, this.knob);
    this.grip = svgElement("path", { class: "cvz-knob-grip", d: "M-3 -1.5L0 -4.5L3 -1.5M-3 1.5L0 4.500L3 1.5" }, this.knob);
    board.drawing.surface.addEventListener("wheel", (event) => this.turn(event), { passive: false });
  }

  build(frame) {
    this.bar = svgElement("svg", { class: "cvz-bar", "data-testid": "value-bar", role: "slider", tabindex: 0, "aria-orientation": "vertical" }, frame);
    const id = freshId("scale");
    const fade = svgElement("linearGradient", { id, x1: 0, x2: 0, y1: 0, y2: 1 }, svgElement("defs", {}, this.bar));
    for (const [offset, rgb, opacity] of [[0, HIGH_RGB, 0.85], [0.5, HIGH_RGB, 0], [0.5, LOW_RGB, 0], [1, LOW_RGB, 0.85]]) {
      svgElement("stop", { offset, "stop-color": rgbText(rgb), "stop-opacity": opacity }, fade);
    }
    this.scale = svgElement("rect", { class: "cvz-bar-scale", width: BAR, rx: 3, fill: `url(#${id})` }, this.bar);
    this.ticks = svgElement("g", { class: "cvz-ticks", "aria-hidden": "true" }, this.bar);
    this.handle = svgElement("path", { class: "cvz-bar-handle", "data-testid": "value-handle", d: `M-3 -4H${BAR + 3}V4H-3z` }, this.bar);
    const listen = (type, fn) => this.bar.addEventListener(type, fn.bind(this));
    listen("pointerdown", this.press);
    listen("pointermove", this.slide);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) listen(end, () => this.gesture === "bar" && this.finish());
    listen("keydown", this.key);
    for (const end of ["keyup", "blur"]) listen(end, () => this.gesture === "keys" && this.finish());
  }

  get on() {
    return this.board.mode === "plane-values";
  }

  get range() {
    return this.board.data.view.z;
  }

  // What the bar speaks of: the selected point, or the points to come.
  get now() {
    const { model } = this.board;
    return model.selected === null ? this.value : model.points[model.selected][2];
  }

  get step() {
    const [lo, hi] = this.range;
    return niceStep((hi - lo) / 100);
  }

  // New data or another theme. Points to come start half way up, where their colour shows.
  update() {
    this.bar.style.display = this.on ? "" : "none";
    this.board.drawing.valued = this.on ? this : null;
    if (!this.on) return;
    const [lo, hi] = this.range;
    if (this.value === null || this.value < lo || this.value > hi) this.value = this.settable(lo + 0.75 * (hi - lo));
    this.ground = channels(getComputedStyle(this.board.drawing.paper).fill);
  }

  room() {
    return this.on ? BAR_ROOM[this.board.chrome.frame.clientWidth < NARROW ? "narrow" : "wide"] * unit() : 0;
  }

  settable(value) {
    const grain = this.board.snap ? this.step : quantumOf(this.range);
    return clamp(quantise(clamp(value, this.range), grain), this.range);
  }

  text(value) {
    return shortText(value, this.range);
  }

  // ---- setting ------------------------------------------------------------------------------------------------------

  // The value of point i, or of the points to come where i is null.
  set(i, value) {
    const { board } = this;
    const to = (this.value = this.settable(value));
    if (i === null) return board.draw();
    const [x, y] = board.model.points[i];
    if (board.model.move(i, [x, y, to])) board.changed(true);
    board.draw();
  }

  begin(kind, i) {
    if (this.gesture === kind && this.target === i) return true;
    if (this.board.pointer.gesture) return false;
    this.finish();
    this.board.open();
    this.gesture = kind;
    this.target = i;
    return true;
  }

  tell(i) {
    const { board } = this;
    board.say(i in board.model.points ? board.describe(i, " set to") : `New points: ${board.valueName} ${this.text(this.value)}`);
  }

  // Keys on the board. A point under the mouse is selected by them, so that it is plain whose value changes.
  nudge(direction, factor) {
    const { board } = this;
    if (board.model.selected === null && board.hovered !== null) board.select(board.hovered);
    this.by(direction * factor);
  }

  by(steps) {
    if (this.begin("keys", this.board.model.selected)) this.set(this.target, this.now + steps * this.step);
  }

  key(event) {
    if (event.key === "Escape" && this.cancel()) return void this.board.say("Cancelled");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = BAR_KEYS[event.key] ?? VALUE_KEYS[event.key];
    const end = { Home: 0, End: 1 }[event.key];
    if (steps === undefined && end === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (steps !== undefined) this.by(steps * (event.shiftKey ? 10 : 1));
    else if (this.begin("keys", this.board.model.selected)) this.set(this.target, this.range[end]);
  }

  press(event) {
    this.board.usePointer(event.pointerType);
    if (event.button !== 0 || !this.begin("bar", this.board.model.selected)) return;
    this.bar.setPointerCapture(event.pointerId);
    this.slide(event);
  }

  slide(event) {
    if (this.gesture !== "bar") return;
    const { top } = this.bar.getBoundingClientRect();
    this.set(this.target, this.y.from(event.clientY - top));
  }

  turn(event) {
    const { board } = this;
    const i = this.on && !board.pointer.gesture ? board.hovered : null;
    if (i === null || event.ctrlKey || board.weights.aim(event) !== null) return;
    event.preventDefault();
    const notches = (event.deltaY || event.deltaX) / (event.deltaMode === 1 ? 3 : 100);
    if (!this.begin("wheel", i)) return;
    this.turned = (this.turned ?? 0) - 2 * notches * (event.shiftKey ? 5 : 1);
    const whole = Math.trunc(this.turned); // a touchpad reports small parts of a step
    this.turned -= whole;
    if (whole) this.set(i, board.model.points[i][2] + whole * this.step);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.gesture === "wheel" && this.finish(), WHEEL_REST);
  }

  // ---- the knob, which the pointer of the surface drags --------------------------------------------------------------

  knobSpot(i) {
    const [px, py] = this.board.pixel(i);
    const above = py - STEM > 8;
    return [px, above ? py - STEM : py + STEM];
  }

  grabs([px, py], kind) {
    const i = this.board.model.selected;
    if (!this.on || i === null || this.board.tool !== "draw") return false;
    const [kx, ky] = this.knobSpot(i);
    const [x, y] = this.board.pixel(i);
    const d = Math.hypot(px - kx, py - ky);
    return d <= KNOB_REACH[kind] && d <= Math.hypot(px - x, py - y);
  }

  // A pixel up or down is worth as much as on the bar.
  dragged(from, dy) {
    return from - dy / this.y.perUnit;
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  // Where size tells the weight, colour alone tells the value.
  look(value, r, sized = false) {
    const [rgb, opacity] = shade(value, this.range);
    const [lo, hi] = this.range;
    const size = sized ? r : r * (1 + 0.4 * Math.min(1, Math.abs(2 * value - lo - hi) / (hi - lo)));
    const fill = rgbText(rgb.map((c, k) => c * opacity + this.ground[k] * (1 - opacity)));
    return { d: disc(Number(size.toFixed(2))), kind: "is-valued", style: `fill:${fill}` };
  }

  layout() {
    if (!this.on) return;
    const { drawing } = this.board;
    const { width, height, narrow, unit: k } = drawing;
    const { left, top } = drawing.surface.style;
    Object.assign(this.bar.style, { left: `calc(${left} + ${width + (narrow ? 8 : 14)}px)`, top, width: `${this.room()}px`, height: `${height}px` });
    this.y = linearScale(this.range, height, true);
    setAttributes(this.scale, { height });
    this.ticks.replaceChildren();
    const text = (x, y, content, kind = null) => (svgElement("text", { x, y, class: kind }, this.ticks).textContent = content);
    const { ticks, step } = axisTicks(this.range, height / (52 * k));
    for (const t of ticks) text(BAR + 7, this.y.to(t) + 4 * k, numberText(t, step));
    text(0, -9 * k, this.board.valueName, "cvz-axis");
  }

  draw(dragging) {
    if (!this.on) return void setAttributes(this.knob, { display: "none" });
    const { board, now } = this;
    const [lo, hi] = this.range;
    const y = this.y.to(clamp(now, this.range));
    setAttributes(this.handle, { transform: `translate(0 ${y.toFixed(2)})`, style: this.look(now, 1).style });
    const name = board.model.selected === null ? "new points" : `point ${board.model.selected + 1}`;
    setAttributes(this.bar, { "aria-label": `${board.valueName} of ${name}`, "aria-valuemin": lo, "aria-valuemax": hi, "aria-valuenow": now, "aria-valuetext": this.text(now) });
    this.drawKnob(dragging);
  }

  drawKnob(dragging) {
    const { board } = this;
    const i = board.model.selected;
    const shown = i !== null && board.tool === "draw" && (dragging !== null || !board.pointer.gesture);
    setAttributes(this.knob, { display: shown ? null : "none" });
    if (!shown) return;
    const [px, py] = board.pixel(i);
    const [kx, ky] = dragging ?? this.knobSpot(i);
    const from = py + Math.sign(ky - py) * (board.drawing.radiusOf(board.model.points, i) + 8); // the edge of the ring
    setAttributes(this.stem, { d: Math.abs(ky - py) > 20 ? `M${px} ${from}V${ky}` : "" });
    for (const part of [this.disc, this.grip]) setAttributes(part, { transform: `translate(${kx} ${ky})` });
  }
}

// A colour as the browser computes it, "rgb(1, 2, 3)" or "color(srgb 0.1 0.2 0.3)", as three numbers up to 255.
function channels(colour) {
  const numbers = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  if (numbers.length < 3) return [255, 255, 255];
  return colour.startsWith("color(") ? numbers.map((c) => 255 * c) : numbers;
}
