// Weights of points: how often each counts in the loss. A control below the board, keys and the wheel change them, in
// steps that are the same at every size; each of them is a gesture as a drag is, answered live and undone in one step.

import { htmlElement } from "../chrome.js";
import { weightText } from "../draw/weight.js";
import { setText } from "../../web/dom.js";
import { weightOf } from "../model.js";
import { Gradual } from "./gradual.js";
import { VALUE_KEYS } from "./value.js";

const RUNGS = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100];
const WHEEL_REST = 350; // ms without a turn of the wheel that end its gesture
const SCROLL_REST = 400; // ms after which a wheel that scrolled the page may turn a weight
const KEYS = { ".": 1, ">": 1, ",": -1, "<": -1 }; // where plus and minus mean the value

// The weight so many steps above this one; a weight between two steps, or beyond them, goes to the next one.
/** @type {(weight: number, steps: number) => number} */
export function stepped(weight, steps) {
  let to = weight;
  for (let k = 0; k < Math.abs(steps); k++) to = (steps > 0 ? RUNGS.find((w) => w > to) : RUNGS.findLast((w) => w < to)) ?? to;
  return to;
}

export class Weights extends Gradual {
  constructor(board) {
    super(board);
    this.turned = 0; // parts of a step that a touchpad has reported
    this.scrolled = -Infinity; // when the wheel last moved the page
    this.build(board.chrome.weights);
    board.drawing.surface.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    this.onScroll = (event) => this.away(event) && (this.scrolled = event.timeStamp);
    document.addEventListener("wheel", this.onScroll, { capture: true, passive: true });
  }

  build(parent) {
    this.group = parent;
    const button = (by, name, text) => {
      const made = htmlElement("button", { type: "button", class: "cvz-step", title: name, "aria-label": name, "data-step": by }, parent);
      made.textContent = text;
      made.addEventListener("click", () => this.once(by));
      return made;
    };
    htmlElement("span", { class: "cvz-step-name", "aria-hidden": "true" }, parent).textContent = "weight";
    this.less = button(-1, "Less weight", "−");
    this.shown = htmlElement("output", { class: "cvz-step-shown", "data-testid": "weight" }, parent);
    this.more = button(1, "More weight", "+");
  }

  stop() {
    this.finish();
    document.removeEventListener("wheel", this.onScroll, { capture: true });
  }

  get on() {
    return Boolean(this.board.data?.weighted);
  }

  /** @param {number} i */
  of(i) {
    return weightOf(this.board.model.points[i]);
  }

  // ---- setting ------------------------------------------------------------------------------------------------------

  // What a key does here: so many steps, or nothing. Plus and minus mean the value, where points have one.
  /** @param {string} key */
  steps(key) {
    if (!this.on) return undefined;
    return KEYS[key] ?? (this.board.values.on ? undefined : VALUE_KEYS[key]);
  }

  // A point under the mouse is selected by the keys, so that it is plain whose weight changes.
  nudge(steps) {
    const { board } = this;
    if (board.model.selected === null && board.hovered !== null) board.select(board.hovered);
    const i = board.model.selected;
    if (i !== null && this.begin("keys", i)) this.by(steps);
    else if (i === null) board.say("Select a point to change its weight");
  }

  // A press of a button is a gesture of its own. The point stays selected.
  once(steps) {
    const { board } = this;
    const i = board.model.selected;
    if (i === null || board.pointer.gesture) return;
    board.open();
    if (board.model.weigh(i, stepped(this.of(i), steps)) && board.model.close()) board.changed(false);
    else board.model.close();
    this.tell(i);
  }

  by(steps) {
    const { board, target } = this;
    if (board.model.weigh(target, stepped(this.of(target), steps))) board.changed(true);
    board.draw();
  }

  begin(kind, i) {
    if (this.gesture === kind && this.target === i) return true;
    if (this.board.pointer.gesture) return false;
    this.board.open();
    this.gesture = kind;
    this.target = i;
    return true;
  }

  tell(i) {
    const { board } = this;
    if (!(i in board.model.points)) return;
    const weight = this.of(i);
    board.say(`Point ${i + 1} ${weight ? `has weight ${weightText(weight)}` : "has weight 0 and is left out"}`);
  }

  // ---- the wheel ----------------------------------------------------------------------------------------------------

  // The point whose weight a turn of the wheel means: the one under the mouse, with Alt where the wheel means the value.
  aim(event) {
    const { board } = this;
    if (!this.on || board.pointer.gesture || event.ctrlKey || board.tool === "erase") return null;
    return board.values.on && !event.altKey ? null : board.hovered;
  }

  // Whether the wheel moves the page: it goes on doing so when the page brings a point under the mouse.
  away(event) {
    const over = this.board.drawing.surface.contains(event.target) && this.aim(event) !== null;
    return !over || (this.gesture !== "wheel" && event.timeStamp - this.scrolled < SCROLL_REST);
  }

  turn(event) {
    const i = this.aim(event);
    if (i === null || this.away(event)) return;
    event.preventDefault();
    if (!this.begin("wheel", i)) return;
    this.turned -= (event.deltaY || event.deltaX) / (event.deltaMode === 1 ? 3 : 100);
    const whole = Math.trunc(this.turned);
    this.turned -= whole;
    if (whole) this.by(whole);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.gesture === "wheel" && this.finish(), WHEEL_REST);
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  draw() {
    const { board, group } = this;
    const i = board.model.selected;
    group.hidden = !this.on;
    if (!this.on) return;
    const known = i !== null && board.tool === "draw";
    group.classList.toggle("is-idle", !known);
    if (!known) return;
    const weight = this.of(i);
    group.setAttribute("aria-label", `Weight of point ${i + 1}`);
    setText(this.shown, weightText(weight));
    this.less.setAttribute("aria-disabled", stepped(weight, -1) === weight); // not `disabled`, which would lose the focus
    this.more.setAttribute("aria-disabled", stepped(weight, 1) === weight);
  }
}
