// What a board is: its points, its tools, the answer it shows, and the parts it is made of.

import { clamp, quantise, quantumOf } from "../web/line_math.js";
import { isPlanar } from "./draw/plane.js";
import { BoardModel } from "./model.js";

/** @typedef {import("../contracts.js").Network} Network */
/** @typedef {import("../contracts.js").FilmFrame} Frame */

export class BoardState {
  /** @type {import("../contracts.js").BoardMessage} */ data = null; // the latest from Python
  /** @type {import("../contracts.js").Mode} */ mode;
  /** @type {import("../contracts.js").BoardAnswer} */ answer = {};
  answered = 0; // points that the answer is for
  /** @type {Network | null} */ net = null;
  /** @type {{gen: number, rev: number} | null} */ netFrom = null; // the answer that the fit belongs to
  /** @type {Frame | null} */ frame = null; // of a path or a film, in place of the answer

  model = new BoardModel();
  tool = "draw";
  label = 1; // class of the points to come
  snap = false;
  /** @type {number | null} */ hovered = null; // point under the mouse
  /** @type {import("../contracts.js").Range | null} */ ghostAt = null; // pixel of a point that would be added
  overKnob = false;
  touching = false;
  /** @type {number | null} */ lit = null; // neuron pointed at in any picture
  /** @type {number | null} */ pointedAt = null; // neuron pointed at here
  /** @type {number | null} */ summed = null; // neuron up to which the plane shows the sum: the lit one, once it stays
  /** @type {((name: string, value: unknown) => void) | null} */ trigger = null; // sends what happens once, as against what lasts
  notice = "";
  away = ""; // what is said while the server is
  refusedSeen = -1;

  /** @type {{layout?: boolean, fit?: boolean, update?: boolean}} */ dirty = {}; // what is to be drawn anew
  /** @type {number | null} */ pendingFrame = null;
  updates = 0;

  /** @type {import("./chrome.js").Chrome} */ chrome;
  /** @type {HTMLElement} */ root;
  /** @type {import("./draw/drawing.js").Drawing} */ drawing;
  /** @type {import("./draw/plane.js").PlaneDrawing} */ plane;
  /** @type {import("./draw/overlay.js").Overlay} */ overlay;
  /** @type {import("./input/value.js").Values} */ values;
  /** @type {import("./input/weight.js").Weights} */ weights;
  /** @type {import("./input/pointer.js").Pointer} */ pointer;
  /** @type {import("./input/keyboard.js").Keyboard} */ keyboard;
  /** @type {import("./link.js").Link} */ link;

  // Points that can be moved, but neither added nor removed.
  get fixed() {
    return Boolean(this.data?.fixed);
  }

  get toolsOff() {
    return this.data?.tools === false;
  }

  // Point of the data plane under a pixel: inside the view, on the grid if it snaps, and of a class where height means class.
  at([px, py], third) {
    const { view } = this;
    const { x, y } = this.drawing;
    if (this.mode === "line-classes") {
      const middle = view.y[0] < 0 && view.y[1] > 0 ? 0 : (view.y[0] + view.y[1]) / 2;
      const sign = y.from(py) >= middle ? 1 : -1;
      return [this.settable(x.from(px), 0), sign, sign];
    }
    return [this.settable(x.from(px), 0), this.settable(y.from(py), 1), isPlanar(this.mode) ? third : 0];
  }

  // The window on show: Python's view, or more of it where the axes have one scale.
  get view() {
    return this.drawing.window ?? this.data.view;
  }

  // Class or value of the points to come; 0 where they have neither.
  get third() {
    if (this.mode === "plane-points") return 0;
    return this.values.on ? this.values.value : this.label;
  }

  settable(value, axis) {
    const limits = axis === 0 ? this.view.x : this.view.y;
    const inside = clamp(value, limits);
    const step = this.snap ? this.drawing.snapSteps()[axis] : quantumOf(limits);
    return clamp(quantise(inside, step), limits);
  }

  get valueName() {
    return this.data.axes[2] ?? "value";
  }

  // Fixed points go back to where they were, never to another number of them, as before a preset.
  canTravel(step) {
    const next = this.model[`${step}Stack`].at(-1);
    return next !== undefined && (!this.fixed || next.length === this.model.count);
  }

  // Whether a network is one of this board's dimension.
  fits(net) {
    return Boolean(net) && (net.dim === 2) === isPlanar(this.mode);
  }
}
