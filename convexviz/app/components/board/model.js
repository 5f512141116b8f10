// The points and their history. Arrays are never changed in place, so a snapshot is a reference.
// A point is [x, y, label]; label is +1 or -1, and 0 where points have no class. A weight other than 1 stands behind it.

/** @typedef {import("../contracts.js").Point} Point */

const HISTORY = 300;

/** @type {(point: Point) => number} */
export const weightOf = (point) => point[3] ?? 1;

/** @type {(point: Point, weight: number) => Point} */
export const weighted = ([x, y, third], weight) => (weight === 1 ? [x, y, third] : [x, y, third, weight]);

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

  // Its weight goes along.
  /** @param {number} i @param {Point} point */
  move(i, point) {
    return this.change(i, weighted(point, weightOf(this.points[i])));
  }

  /** @param {number} i @param {number} weight */
  weigh(i, weight) {
    return this.change(i, weighted(this.points[i], weight));
  }

  /** @param {number} i @param {Point} point */
  change(i, point) {
    if (samePoint(this.points[i], point)) return false;
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

/** @type {(a: Point, b: Point) => boolean} */
const samePoint = (a, b) => a.length === b.length && a.every((v, k) => v === b[k]);

/** @type {(a: Point[], b: Point[]) => boolean} */
function samePoints(a, b) {
  return a === b || (a.length === b.length && a.every((p, i) => samePoint(p, b[i])));
}
