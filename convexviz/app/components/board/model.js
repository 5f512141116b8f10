// The points and their history. Arrays are never changed in place, so a snapshot is a reference.
// A point is [x, y, label]; label is +1 or -1, and 0 where points have no class.

/** @typedef {import("../contracts.js").Point} Point */

const HISTORY = 300;

export class BoardModel {
  constructor() {
    /** @type {Point[]} */
    this.points = [];
    /** @type {number | null} */
    this.selected = null;
    /** @type {Point[][]} */
    this.undoStack = [];
    /** @type {Point[][]} */
    this.redoStack = [];
    /** @type {Point[] | null} */
    this.opened = null; // the points before the gesture under way
  }

  get count() {
    return this.points.length;
  }

  /** @param {Point} point */
  add(point) {
    this.points = [...this.points, point];
    return this.points.length - 1;
  }

  /** @param {number} i @param {Point} point */
  move(i, point) {
    const old = this.points[i];
    if (old.every((v, k) => v === point[k])) return false;
    this.points = this.points.with(i, point);
    return true;
  }

  /** @param {number} i */
  remove(i) {
    this.points = this.points.toSpliced(i, 1);
    if (this.selected === i) this.selected = null;
    else if (this.selected !== null && this.selected > i) this.selected -= 1;
  }

  // One gesture is one step of the history, however many points it touched.
  open() {
    this.opened ??= this.points;
  }

  close() {
    const before = this.opened;
    this.opened = null;
    if (before === null || samePoints(before, this.points)) return false;
    this.remember(before);
    return true;
  }

  cancel() {
    if (this.opened === null) return;
    this.points = this.opened;
    this.opened = null;
    this.selected = null;
  }

  /** @param {Point[]} points */
  replace(points) {
    if (!samePoints(points, this.points)) this.remember(this.points);
    this.points = points;
    this.selected = null;
  }

  /** @param {Point[]} before */
  remember(before) {
    this.undoStack = [...this.undoStack, before].slice(-HISTORY);
    this.redoStack = [];
  }

  undo() {
    return this.step("undoStack", "redoStack");
  }

  redo() {
    return this.step("redoStack", "undoStack");
  }

  /** @param {"undoStack" | "redoStack"} from @param {"undoStack" | "redoStack"} to */
  step(from, to) {
    const next = this[from].at(-1);
    if (!next) return false;
    this[to] = [...this[to], this.points];
    this.points = next;
    this[from] = this[from].slice(0, -1);
    this.selected = null;
    return true;
  }

  forget() {
    this.undoStack = [];
    this.redoStack = [];
    this.opened = null;
    this.selected = null;
  }
}

/** @type {(a: Point[], b: Point[]) => boolean} */
function samePoints(a, b) {
  return a === b || (a.length === b.length && a.every((p, i) => p.every((v, k) => v === b[i][k])));
}
