// The board by keyboard: a cursor that adds and picks, a selected point that the arrows move, a walk through all points.
// Tab is no key of the board: it leaves, however many points there are.

import { pointCount } from "../chrome.js";
import { REACH } from "./pointer.js";
import { VALUE_KEYS } from "./value.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Keyboard {
  constructor(board) {
    this.board = board;
    this.active = false; // whether the last input came from the keyboard
    this.cursor = null; // [x, y] in data coordinates
    this.nudging = false; // an arrow key is held down on a point
    const { surface } = board.drawing;
    surface.addEventListener("keydown", (e) => this.handle(e, this.onSurface(e)));
    surface.addEventListener("keyup", (e) => {
      if (e.key in ARROWS) this.settle();
      else this.letGo();
    });
    surface.addEventListener("focus", () => this.enter());
    surface.addEventListener("blur", () => this.leave());
    board.root.addEventListener("keydown", (e) => this.handle(e, this.onHistory(e)));
    this.onDocument = (e) => this.handle(e, this.onHover(e));
    document.addEventListener("keydown", this.onDocument);
  }

  stop() {
    document.removeEventListener("keydown", this.onDocument);
  }

  // Keys used here go no further: the page has shortcuts of its own.
  handle(event, used) {
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  onHistory(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    if (key === "z") return this.board.travel(event.shiftKey ? "redo" : "undo");
    return key === "y" && this.board.travel("redo");
  }

  // Delete for the point under the mouse while the focus is elsewhere, unless someone is typing there.
  onHover(event) {
    const { hovered, drawing } = this.board;
    if (hovered === null || document.activeElement === drawing.surface) return false;
    if (document.activeElement?.closest("input, textarea, select, [contenteditable]")) return false;
    return this.isDelete(event) && this.board.removePoint(hovered);
  }

  isDelete({ key, ctrlKey, metaKey, altKey }) {
    return (key === "Delete" || key === "Backspace") && !ctrlKey && !metaKey && !altKey;
  }

  onSurface(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape") return this.escape();
    if (this.board.pointer.gesture) return event.key in ARROWS || event.key === "Tab";
    if (event.key in ARROWS) return this.arrow(ARROWS[event.key], event.shiftKey ? 10 : 1);
    if (this.isDelete(event)) return this.remove();
    const { board } = this;
    if (board.values.on && event.key in VALUE_KEYS) return board.values.nudge(VALUE_KEYS[event.key], event.shiftKey ? 10 : 1), true;
    const steps = board.weights.steps(event.key);
    if (steps !== undefined) return board.weights.nudge(steps), true;
    const action = this.actions()[event.key];
    action?.();
    return Boolean(action);
  }

  actions() {
    const { board } = this;
    const inPlane = { 1: () => board.setLabel(1), 2: () => board.setLabel(-1), x: () => board.flip(), f: () => board.flip() };
    return {
      Enter: () => this.press(board.data.pickable),
      " ": () => this.press(),
      "[": () => this.walk(-1),
      "]": () => this.walk(1),
      d: () => board.setTool("draw"),
      b: () => board.setTool("brush"),
      e: () => board.setTool("erase"),
      g: () => board.setSnap(!board.snap),
      ...(board.mode === "plane" && inPlane),
    };
  }

  enter() {
    if (this.board.pointer.focusing) return;
    this.active = true;
    this.show();
    this.board.draw();
  }

  leave() {
    this.settle();
    this.letGo();
    this.board.draw();
  }

  // Ends a run of keys that changes a value or a weight.
  letGo() {
    for (const held of [this.board.values, this.board.weights]) if (held.gesture === "keys") held.finish();
  }

  show() {
    const { board } = this;
    const { view } = board;
    const middle = [view.x, view.y].map(([lo, hi], axis) => board.settable((lo + hi) / 2, axis));
    this.cursor ??= board.mode === "line-classes" ? [middle[0], 1] : middle;
  }

  pixel() {
    return [this.board.drawing.x.to(this.cursor[0]), this.board.drawing.y.to(this.cursor[1])];
  }

  arrow(direction, factor) {
    const { board } = this;
    this.active = true;
    const i = board.model.selected;
    if (i !== null) this.nudge(i, direction, factor);
    else if (!this.cursor) this.show();
    else {
      this.cursor = this.shifted(this.cursor, direction, factor);
      board.say(`Cursor at ${board.where(this.cursor)}`);
    }
    board.draw();
    return true;
  }

  nudge(i, direction, factor) {
    const { board } = this;
    if (!this.nudging) board.open();
    this.nudging = true;
    const point = board.model.points[i];
    const [x, y] = this.shifted(point, direction, factor);
    if (board.model.move(i, [x, y, board.mode === "line-classes" ? y : point[2]])) board.changed(true);
  }

  shifted([x, y], [dx, dy], factor) {
    const { drawing, snap, mode } = this.board;
    const [sx, sy] = snap ? drawing.snapSteps() : [drawing.xTicks.step / 10, drawing.yTicks.step / 10];
    const by = snap ? Math.min(factor, 5) : factor;
    const at = dx ? this.board.settable(x + dx * by * sx, 0) : x;
    if (mode === "line-classes") return [at, dy || y];
    return [at, dy ? this.board.settable(y + dy * by * sy, 1) : y];
  }

  // Ends a run of arrow keys on a point: one step of the history, and the final position for Python.
  settle() {
    if (!this.nudging) return;
    const { board } = this;
    this.nudging = false;
    const i = board.model.selected;
    if (board.model.close()) board.changed(false);
    if (i !== null) board.say(`${board.describe(i, " moved to")}; ${pointCount(board.model.count)}`);
  }

  // `picks` tells Python of the point too, and keeps it selected.
  press(picks = false) {
    const { board } = this;
    this.active = true;
    const i = board.model.selected;
    if (i !== null) return picks ? this.pick(i) : this.release(i);
    if (!this.cursor) return void (this.show(), board.draw());
    const near = board.pointNear(this.pixel(), REACH.mouse);
    if (near === null) return this.addHere();
    board.select(near);
    board.say(`Picked ${board.describe(near)}`);
    if (picks) this.pick(near);
  }

  pick(i) {
    this.settle();
    this.board.pick(i);
  }

  addHere() {
    const { board } = this;
    const [x, y] = this.cursor;
    const third = { regression: 0, "line-classes": y }[board.mode] ?? board.third;
    board.open();
    const i = board.add([x, y, third]);
    if (board.model.close()) board.changed(false);
    if (i !== null) board.say(`Added ${board.describe(i)}; ${pointCount(board.model.count)}`);
  }

  // Lets the selected point go; the cursor stays where it was.
  release(i) {
    this.settle();
    this.cursor = this.board.model.points[i].slice(0, 2);
    this.board.select(null);
    this.board.say(`Released point ${i + 1}`);
  }

  // By mouse, Delete means the point under it; by keyboard, the selected one or the one under the cursor.
  remove() {
    const { board } = this;
    const here = this.active && this.cursor ? board.pointNear(this.pixel(), REACH.mouse) : null;
    const chosen = (this.active ? null : board.hovered) ?? board.model.selected ?? here;
    if (chosen === null) return true;
    if (this.active) this.cursor = board.model.points[chosen].slice(0, 2);
    return board.removePoint(chosen);
  }

  // Selects the next point from left to right; after the last comes the first.
  walk(direction) {
    const { board } = this;
    const { points, selected } = board.model;
    this.settle();
    const order = points.map((_, i) => i).sort((i, j) => points[i][0] - points[j][0] || points[i][1] - points[j][1]);
    if (!order.length) return;
    const from = order.indexOf(selected);
    const to = from < 0 ? (direction > 0 ? 0 : order.length - 1) : (from + direction + order.length) % order.length;
    this.active = true;
    board.select(order[to]);
    board.say(`Selected ${board.describe(order[to])}; ${to + 1} of ${order.length}`);
  }

  escape() {
    const { board } = this;
    if (board.pointer.cancel() || board.values.cancel() || board.weights.cancel()) return board.say("Cancelled"), true;
    const i = board.model.selected;
    if (i !== null) this.release(i);
    return i !== null;
  }
}
