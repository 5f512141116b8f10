// The drawing board: holds model, link, drawing and gestures together. One instance per mounted element; it outlives reruns.

import { bus, deliver } from "../web/bus.js";
import { onceGone } from "../web/dom.js";
import { BoardActions } from "./actions.js";
import { Chrome, pointCount } from "./chrome.js";
import { AWAY, Connection } from "./connection.js";
import { Drawing } from "./draw/drawing.js";
import { Overlay } from "./draw/overlay.js";
import { PlaneDrawing } from "./draw/plane.js";
import { setAttributes } from "./draw/svg.js";
import { hasWeights } from "./draw/weight.js";
import { Keyboard } from "./input/keyboard.js";
import { Pointer } from "./input/pointer.js";
import { Values } from "./input/value.js";
import { Weights } from "./input/weight.js";
import { Link } from "./link.js";
import { recall, remember } from "./memory.js";
import { weighted, weightOf } from "./model.js";
import { savePicture } from "./save.js";

class Board extends BoardActions {
  constructor(parent) {
    super();
    this.build(parent);
  }

  build(parent) {
    const tool = (name) => () => this.setTool(name);
    this.chrome = new Chrome(parent, {
      draw: tool("draw"), brush: tool("brush"), erase: tool("erase"), pos: () => this.setLabel(1), neg: () => this.setLabel(-1),
      snap: () => this.setSnap(!this.snap), undo: () => this.travel("undo"), redo: () => this.travel("redo"), clear: () => this.clear(),
      save: () => savePicture(this.chrome.frame, this.chrome.legend),
    });
    this.root = this.chrome.root;
    this.drawing = new Drawing(this.chrome.frame);
    setAttributes(this.drawing.surface, { role: "application", "aria-roledescription": "drawing board", "aria-describedby": this.chrome.help.id });
    this.link = new Link(() => this.message(), (state, before) => this.onLink(state, before));
    this.connection = new Connection((lost) => this.onConnection(lost), () => this.link.repeat());
    this.plane = new PlaneDrawing(this.drawing);
    this.overlay = new Overlay(this.drawing);
    this.values = new Values(this);
    this.weights = new Weights(this);
    this.pointer = new Pointer(this);
    this.keyboard = new Keyboard(this);
    this.off = [
      bus.on("hover", (detail) => this.light(detail?.neuron ?? null)),
      bus.on("scrub", (frame) => this.scrub(frame)),
    ];
    this.resizer = new ResizeObserver(() => this.draw({ layout: true }));
    this.resizer.observe(this.chrome.frame);
  }

  destroy() {
    remember(this);
    if (this.link.state.pending) bus.emit("pending", { pending: false });
    for (const off of this.off) off();
    this.resizer.disconnect();
    clearTimeout(this.glance);
    this.values.finish();
    this.weights.stop();
    this.keyboard.stop();
    this.link.stop();
    this.connection.stop();
    this.root.remove();
  }

  // ---- what Python says ---------------------------------------------------------------------------------------------

  update(data, send, trigger) {
    const before = this.data;
    this.trigger = trigger;
    if (before && before.id !== data.id) this.leave();
    this.data = data;
    this.mode = data.mode;
    this.root.dataset.mode = data.mode;
    this.link.send = send;
    if (before && before.mode !== data.mode) {
      this.model.forget();
      this.net = null;
      this.drawing.clear();
    }
    if (this.toolsOff || this.fixed) this.tool = "draw";
    this.chrome.explain(data);
    this.values.update();
    if (this.takePoints(data) !== "forgotten") this.takeAnswer(data);
    this.takeRefusal(data.refused);
    deliver(data.parcels);
    const moved = !before || ["view", "axes", "dates", "height", "mode", "equal", "tools"].some((k) => JSON.stringify(before[k]) !== JSON.stringify(data[k]));
    this.stamp();
    this.draw({ layout: moved, fit: true });
  }

  // The page shows other points on this board: theirs is another history, and revisions of their own.
  leave() {
    this.settle();
    remember(this);
    this.model.forget();
    this.model.points = [];
    this.link.restart();
    this.net = this.netFrom = this.hovered = null;
    this.refusedSeen = -1;
    this.notice = "";
    this.say(""); // what was said was of the other points
  }

  takePoints(data) {
    const verdict = this.link.verdict(data.gen, data.rev);
    if (verdict === "known" || (verdict === "ahead" && this.busy)) return verdict;
    if (verdict === "forgotten") {
      this.netFrom = null;
      this.link.resend(data.gen, data.rev);
      return verdict;
    }
    this.settle();
    const points = data.x.map((x, i) => weighted(this.place(x, data.y[i], data.labels?.[i], data.values?.[i]), data.weights?.[i] ?? 1));
    if (verdict === "replaced") {
      this.model.replace(points);
      this.notice = "";
      this.say(`Data replaced; ${pointCount(points.length)}`);
    } else this.model.points = points;
    this.hovered = null;
    this.link.adopt(data.gen, data.rev);
    if (verdict === "first") recall(this);
    return verdict;
  }

  get busy() {
    return Boolean(this.pointer.gesture || this.values.gesture || this.weights.gesture);
  }

  // Ends whatever is under way with what it has reached.
  settle() {
    this.keyboard.settle();
    this.values.finish();
    this.weights.finish();
    this.pointer.finish();
  }

  place(x, y, label, value) {
    if (this.mode === "regression" || this.mode === "plane-points") return [x, y, 0];
    if (this.mode === "plane-values") return [x, y, value ?? 0];
    const sign = (label ?? Math.sign(y)) < 0 ? -1 : 1;
    return this.mode === "plane" ? [x, y, sign] : [x, sign, sign];
  }

  takeAnswer({ answer, gen, rev, x }) {
    const from = answer ?? { gen, rev };
    const old = this.netFrom && (from.gen < this.netFrom.gen || (from.gen === this.netFrom.gen && from.rev < this.netFrom.rev));
    if (!old) {
      this.answer = answer ?? {};
      this.answered = x.length;
      if (this.fits(this.answer.network)) this.takeNetwork(this.answer.network, from);
      else if (!this.model.count) this.net = null;
    }
    if (from.gen === this.link.gen) this.link.answered(from.rev);
  }

  takeNetwork(net, { gen, rev }) {
    const same = this.net && this.netFrom?.gen === gen && this.netFrom.rev === rev && JSON.stringify(net) === JSON.stringify(this.net);
    if (!same) this.net = net;
    this.netFrom = { gen, rev };
    if (!same) this.dirty.update = true;
  }

  takeRefusal(refused) {
    if (!refused || refused.rev <= this.refusedSeen) return;
    this.refusedSeen = refused.rev;
    this.notice = refused.reason;
    this.link.answered(refused.rev);
  }

  // ---- what Python is told ------------------------------------------------------------------------------------------

  message() {
    const { points } = this.model;
    const third = points.map((p) => p[2]);
    const classes = this.mode === "line-classes" || this.mode === "plane";
    const marks = this.values.on ? { values: third } : { labels: classes ? third : null };
    const weights = this.weights.on && hasWeights(points) ? { weights: points.map(weightOf) } : {};
    return { id: this.data.id, points: points.map(([x, y]) => [x, y]), ...marks, ...weights };
  }

  onLink({ pending, late }, wasPending) {
    if (pending !== wasPending) {
      bus.emit("pending", { pending });
      this.connection.expect(pending);
    }
    setAttributes(this.drawing.surface, { "data-pending": pending, "data-late": late });
    this.draw({ fit: true });
  }

  onConnection(lost) {
    bus.emit("connection", { lost });
    this.away = lost ? AWAY : "";
    this.draw({ fit: true });
  }
}

const boards = new WeakMap();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  if (!boards.has(parentElement)) boards.set(parentElement, new Board(parentElement));
  boards.get(parentElement).update(data, setStateValue, setTriggerValue);
  return onceGone(parentElement, () => {
    boards.get(parentElement)?.destroy();
    boards.delete(parentElement);
  });
}
