// The drawing board: holds model, link, drawing and gestures together. One instance per mounted element; it outlives reruns.

class CvzBoard extends CvzStage {
  constructor(parent) {
    super();
    this.data = null;
    this.model = new CvzModel();
    this.tool = "draw";
    this.label = 1;
    this.snap = false;
    this.hovered = null;
    this.ghostAt = null;
    this.touching = false;
    this.net = null;
    this.netFrom = null; // {gen, rev} of the answer the fit belongs to
    this.answer = {};
    this.frame = null;
    this.lit = null; // neuron pointed at in any picture
    this.pointedAt = null; // neuron pointed at here
    this.summed = null; // neuron up to which the plane shows the sum: the lit one, once it stays
    this.updates = 0;
    this.notice = "";
    this.refusedSeen = -1;
    this.dirty = {};
    this.build(parent);
  }

  build(parent) {
    const tool = (name) => () => this.setTool(name);
    this.chrome = new CvzChrome(parent, {
      draw: tool("draw"), brush: tool("brush"), erase: tool("erase"), pos: () => this.setLabel(1), neg: () => this.setLabel(-1),
      snap: () => this.setSnap(!this.snap), undo: () => this.travel("undo"), redo: () => this.travel("redo"), clear: () => this.clear(),
      save: () => cvzSavePicture(this.chrome.frame),
    });
    this.root = this.chrome.root;
    this.drawing = new CvzDrawing(this.chrome.frame);
    cvzSet(this.drawing.surface, { role: "application", "aria-roledescription": "drawing board", "aria-describedby": this.chrome.help.id });
    this.link = new CvzLink(() => this.message(), (state, before) => this.onLink(state, before));
    this.plane = new CvzPlaneDrawing(this.drawing);
    this.values = new CvzValues(this);
    this.pointer = new CvzPointer(this);
    this.keyboard = new CvzKeyboard(this);
    this.bus = cvzBus();
    this.off = [
      this.bus.on("hover", (detail) => this.light(detail?.neuron ?? null)),
      this.bus.on("scrub", (frame) => this.scrub(frame)),
    ];
    this.resizer = new ResizeObserver(() => this.draw({ layout: true }));
    this.resizer.observe(this.chrome.frame);
  }

  destroy() {
    cvzRemember(this);
    if (this.link.state.pending) this.bus.emit("pending", { pending: false });
    for (const off of this.off) off();
    this.resizer.disconnect();
    clearTimeout(this.glance);
    this.values.finish();
    this.keyboard.stop();
    this.link.stop();
    this.root.remove();
  }

  // ---- what Python says ---------------------------------------------------------------------------------------------

  update(data, send) {
    const before = this.data;
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
    this.chrome.explain(data.mode);
    this.values.update();
    if (this.takePoints(data) !== "forgotten") this.takeAnswer(data);
    this.takeRefusal(data.refused);
    cvzDeliver(data.parcels);
    cvzReveal(data, this.root);
    const moved = !before || ["view", "axes", "height", "mode", "equal"].some((k) => JSON.stringify(before[k]) !== JSON.stringify(data[k]));
    this.stamp();
    this.draw({ layout: moved, fit: true });
  }

  // The page shows other points on this board: theirs is another history, and revisions of their own.
  leave() {
    this.settle();
    cvzRemember(this);
    this.model.forget();
    this.model.points = [];
    this.link.restart();
    this.net = this.netFrom = this.hovered = null;
    this.refusedSeen = -1;
    this.notice = "";
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
    const points = data.x.map((x, i) => this.place(x, data.y[i], data.labels?.[i], data.values?.[i]));
    if (verdict === "replaced") {
      this.model.replace(points);
      this.notice = "";
      this.say(`Data replaced; ${cvzPointCount(points.length)}`);
    } else this.model.points = points;
    this.hovered = null;
    this.link.adopt(data.gen, data.rev);
    if (verdict === "first") cvzRecall(this);
    return verdict;
  }

  get busy() {
    return Boolean(this.pointer.gesture || this.values.gesture);
  }

  // Ends whatever is under way with what it has reached.
  settle() {
    this.keyboard.settle();
    this.values.finish();
    this.pointer.finish();
  }

  place(x, y, label, value) {
    if (this.mode === "regression") return [x, y, 0];
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

  // Whether a network is one of this board's dimension.
  fits(net) {
    return Boolean(net) && (net.dim === 2) === cvzInPlane(this.mode);
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
    const marks = this.values.on ? { values: third } : { labels: this.mode === "regression" ? null : third };
    return { id: this.data.id, points: points.map(([x, y]) => [x, y]), ...marks };
  }

  changed(live) {
    this.link.changed(live);
    this.stamp();
    this.draw();
  }

  onLink({ pending, late }, wasPending) {
    if (pending !== wasPending) this.bus.emit("pending", { pending });
    cvzSet(this.drawing.surface, { "data-pending": pending, "data-late": late });
    this.draw({ fit: true });
  }

  // ---- gestures -----------------------------------------------------------------------------------------------------

  open() {
    this.keyboard.settle();
    this.values.finish();
    this.notice = "";
    this.model.open();
    this.opened = this.model.count;
  }

  close(gesture) {
    this.model.close();
    this.report(gesture);
    if (gesture.dirty) this.changed(false);
    this.draw();
  }

  report({ act, point, dirty, added }) {
    const total = cvzPointCount(this.model.count);
    const { pointer, opened } = this;
    if (act === pointer.turnKnob) this.values.tell(point);
    else if (act === pointer.drag && point < this.model.count) {
      const where = this.describe(point);
      this.say(added ? `Added ${where}; ${total}` : dirty ? `${this.describe(point, " moved to")}; ${total}` : `Selected ${where}`);
    } else if (act === pointer.brush && this.model.count > opened) {
      this.say(`Added ${cvzPointCount(this.model.count - opened)}; ${total}`);
    } else if (act === pointer.erase && this.model.count < opened) {
      this.say(`Removed ${cvzPointCount(opened - this.model.count)}; ${total}`);
    }
  }

  // Runs `edit` as one finished gesture.
  once(edit, text) {
    this.open();
    edit();
    if (this.model.close()) this.changed(false);
    this.say(`${text}; ${cvzPointCount(this.model.count)}`);
    return true;
  }

  usePointer(type) {
    this.keyboard.active = false;
    this.touching = type === "touch";
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
    return [this.settable(x.from(px), 0), this.settable(y.from(py), 1), cvzInPlane(this.mode) ? third : 0];
  }

  // The window on show: Python's view, or more of it where the axes have one scale.
  get view() {
    return this.drawing.window ?? this.data.view;
  }

  // Class or value of the points to come.
  get third() {
    return this.values.on ? this.values.value : this.label;
  }

  settable(value, axis) {
    const limits = axis === 0 ? this.view.x : this.view.y;
    const inside = cvzClamp(value, limits);
    const step = this.snap ? this.drawing.snapSteps()[axis] : cvzQuantum(limits);
    return cvzClamp(cvzQuantise(inside, step), limits);
  }

  addAt(spot) {
    return this.add(this.at(spot, this.third));
  }

  add(point) {
    if (this.model.count < this.data.max_points) return this.model.add(point);
    this.notice = `The board holds at most ${cvzPointCount(this.data.max_points)}: remove some to add others.`;
    this.draw();
    return null;
  }

  moveTo(i, spot) {
    return this.model.move(i, this.at(spot, this.model.points[i][2]));
  }

  pixel(i) {
    const [x, y] = this.model.points[i];
    return [this.drawing.x.to(x), this.drawing.y.to(y)];
  }

  pointNear(spot, reach) {
    const near = this.pointsAlong(spot, spot, reach).map((i) => ({ i, d: Math.hypot(...this.pixel(i).map((v, k) => v - spot[k])) }));
    return near.length ? near.reduce((a, b) => (b.d <= a.d ? b : a)).i : null;
  }

  // Points within `reach` of the segment from a to b, in rising order.
  pointsAlong(a, b, reach) {
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length2 = dx * dx + dy * dy;
    const found = [];
    for (let i = 0; i < this.model.count; i++) {
      const [px, py] = this.pixel(i);
      const t = length2 ? cvzClamp(((px - a[0]) * dx + (py - a[1]) * dy) / length2, [0, 1]) : 0;
      if (Math.hypot(px - a[0] - t * dx, py - a[1] - t * dy) <= reach) found.push(i);
    }
    return found;
  }

  hoverAt(spot) {
    const over = spot && this.pointNear(spot, CVZ_REACH.mouse);
    this.hovered = over ?? null;
    this.ghostAt = spot && over === null ? spot : null;
    this.overKnob = spot !== null && this.values.grabs(spot, "mouse");
    this.point(spot && this.neuronNear(spot, this.hovered));
    this.draw();
  }

  // The neuron whose kink or break line is pointed at; a point that is nearer than the line comes first.
  neuronNear(spot, over) {
    if (!cvzInPlane(this.mode)) return this.drawing.kinkNear(spot, 10);
    const line = this.plane.lineNear(spot, CVZ_LINE_REACH);
    if (!line || over === null) return line && line.j;
    return line.d < Math.hypot(...this.pixel(over).map((v, k) => v - spot[k])) ? line.j : null;
  }

  // Tells the other pictures which neuron is pointed at here.
  point(neuron) {
    if (neuron === this.pointedAt) return;
    this.pointedAt = neuron;
    this.bus.emit("hover", { neuron, source: "board" });
  }

  // ---- single actions -----------------------------------------------------------------------------------------------

  removePoint(i) {
    this.hovered = null;
    return this.once(() => this.model.remove(i), `Removed point ${i + 1}`);
  }

  clear() {
    if (this.model.count) this.once(() => ((this.model.points = []), this.select(null)), "Cleared");
  }

  travel(step) {
    if (this.pointer.gesture) return true;
    this.keyboard.settle();
    this.values.finish();
    this.notice = "";
    this.hovered = null;
    if (this.model[step]()) this.changed(false);
    else return this.say(`Nothing to ${step}`), true;
    this.say(`${step === "undo" ? "Undone" : "Redone"}; ${cvzPointCount(this.model.count)}`);
    return true;
  }

  select(i) {
    this.model.selected = i;
  }

  setTool(name) {
    this.tool = name;
    this.say({ draw: "Draw", brush: "Brush", erase: "Erase" }[name]);
  }

  setSnap(on) {
    this.snap = on;
    this.say(on ? "Snap to grid on" : "Snap to grid off");
    this.draw({ layout: true });
  }

  // The class of points to come. A selected point is let go, so that it is plain that it keeps its own.
  setLabel(label) {
    this.label = label;
    this.select(null);
    this.say(`New points: class ${label > 0 ? "+1" : "−1"}`);
  }

  flip() {
    const i = this.model.selected ?? this.hovered;
    if (i === null) return;
    const [x, y, label] = this.model.points[i];
    this.once(() => this.model.move(i, [x, y, -label]), `Point ${i + 1} is now class ${label > 0 ? "−1" : "+1"}`);
  }
}

const cvzBoards = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  if (!cvzBoards.has(parentElement)) cvzBoards.set(parentElement, new CvzBoard(parentElement));
  cvzBoards.get(parentElement).update(data, setStateValue);
  // Streamlit also calls this when a rerun overtakes the call; only an element that has left the page is finished with.
  return () =>
    setTimeout(() => {
      if (parentElement.isConnected) return;
      cvzBoards.get(parentElement)?.destroy();
      cvzBoards.delete(parentElement);
    });
}
