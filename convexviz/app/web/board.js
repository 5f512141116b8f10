// The drawing board: holds model, link, drawing and gestures together. One instance per mounted element; it outlives reruns.

const CVZ_HINTS = {
  regression: "Click to add points, drag to move them",
  "line-classes": "Click above the middle for class +1, below for class −1",
  plane: "Click to add points of the chosen class",
};

class CvzBoard {
  constructor(parent) {
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
    if (before && before.mode !== data.mode) this.model.forget();
    if (this.takePoints(data) !== "forgotten") this.takeAnswer(data);
    this.takeRefusal(data.refused);
    cvzDeliver(data.parcels);
    cvzReveal(data, this.root);
    const moved = !before || ["view", "axes", "height", "mode"].some((k) => JSON.stringify(before[k]) !== JSON.stringify(data[k]));
    this.stamp();
    this.draw({ layout: moved, fit: true });
  }

  // The page shows other points on this board: theirs is another history, and revisions of their own.
  leave() {
    this.keyboard.settle();
    this.pointer.finish();
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
    if (verdict === "known" || (verdict === "ahead" && this.pointer.gesture)) return verdict;
    if (verdict === "forgotten") {
      this.netFrom = null;
      this.link.resend(data.gen, data.rev);
      return verdict;
    }
    this.keyboard.settle();
    this.pointer.finish();
    const points = data.x.map((x, i) => this.place(x, data.y[i], data.labels?.[i]));
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

  place(x, y, label) {
    if (this.mode === "regression") return [x, y, 0];
    const sign = (label ?? Math.sign(y)) < 0 ? -1 : 1;
    return this.mode === "plane" ? [x, y, sign] : [x, sign, sign];
  }

  takeAnswer({ answer, gen, rev }) {
    const from = answer ?? { gen, rev };
    const old = this.netFrom && (from.gen < this.netFrom.gen || (from.gen === this.netFrom.gen && from.rev < this.netFrom.rev));
    if (!old) {
      this.answer = answer ?? {};
      const net = this.mode === "plane" ? null : this.answer.network;
      if (net) this.takeNetwork(net, from);
      else if (!this.model.count || this.mode === "plane") this.net = null;
    }
    if (from.gen === this.link.gen) this.link.answered(from.rev);
  }

  takeNetwork(net, { gen, rev }) {
    const same = this.net && this.netFrom?.gen === gen && this.netFrom.rev === rev && JSON.stringify(net) === JSON.stringify(this.net);
    this.net = net;
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
    const labels = this.mode === "regression" ? null : points.map((p) => p[2]);
    return { id: this.data.id, points: points.map(([x, y]) => [x, y]), labels };
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
    if (act === pointer.drag && point < this.model.count) {
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
  at([px, py], label) {
    const { view } = this.data;
    const { x, y } = this.drawing;
    if (this.mode === "line-classes") {
      const middle = view.y[0] < 0 && view.y[1] > 0 ? 0 : (view.y[0] + view.y[1]) / 2;
      const sign = y.from(py) >= middle ? 1 : -1;
      return [this.settable(x.from(px), 0), sign, sign];
    }
    return [this.settable(x.from(px), 0), this.settable(y.from(py), 1), this.mode === "plane" ? label : 0];
  }

  settable(value, axis) {
    const limits = axis === 0 ? this.data.view.x : this.data.view.y;
    const inside = cvzClamp(value, limits);
    const step = this.snap ? this.drawing.snapSteps()[axis] : cvzQuantum(limits);
    return cvzClamp(cvzQuantise(inside, step), limits);
  }

  addAt(spot) {
    return this.add(this.at(spot, this.label));
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
    const kink = spot && this.drawing.kinkNear(spot, 10);
    this.hovered = over ?? null;
    this.ghostAt = spot && over === null ? spot : null;
    this.point(kink ?? null);
    this.draw();
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

  // ---- words --------------------------------------------------------------------------------------------------------

  say(text) {
    this.chrome.write(this.chrome.status, text);
    this.draw();
  }

  where([x, y, label = 0]) {
    const { axes, view } = this.data;
    const number = (v, limits) => cvzNumber(v, cvzQuantum(limits)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    const first = `${axes[0]} = ${number(x, view.x)}`;
    if (this.mode === "line-classes") return `${first}, class ${y > 0 ? "+1" : "−1"}`;
    const both = `${first}, ${axes[1]} = ${number(y, view.y)}`;
    return this.mode === "plane" && label ? `${both}, class ${label > 0 ? "+1" : "−1"}` : both;
  }

  describe(i, verb = ":") {
    const point = `point ${i + 1}${verb} ${this.where(this.model.points[i])}`;
    return verb === ":" ? point : point[0].toUpperCase() + point.slice(1);
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  light(neuron) {
    this.lit = neuron;
    this.draw({ fit: true });
  }

  scrub(frame) {
    this.frame = frame;
    this.draw({ fit: true });
  }

  // Attributes that tell the state at once, without waiting for the next frame.
  stamp() {
    const { axes } = this.data;
    const count = cvzPointCount(this.model.count);
    cvzSet(this.drawing.surface, {
      "data-count": this.model.count,
      "data-mode": this.mode,
      "data-gen": this.link.gen,
      "data-rev": this.link.rev,
      "data-answer-rev": this.answer.rev ?? null,
      "data-status": this.answer.status ?? null,
      "aria-label": `Drawing board of ${axes[1]} against ${axes[0]}, ${count}`,
    });
  }

  draw(dirty = {}) {
    Object.assign(this.dirty, dirty);
    this.pendingFrame ??= requestAnimationFrame(() => {
      this.pendingFrame = null;
      if (this.data && this.root.isConnected) this.render();
    });
  }

  render() {
    const { dirty, drawing, data } = this;
    this.dirty = {};
    if (dirty.layout || !drawing.x) {
      if (!drawing.layout(data)) return void (this.dirty = dirty); // no room yet: a hidden tab, say
      drawing.drawGrid({ snap: this.snap, mode: this.mode });
    }
    if (dirty.layout || dirty.fit || dirty.update) this.renderAnswer(dirty.update);
    else drawing.drawKinks(this.shownNet(), this.lit, this.model.points);
    this.renderHand();
    this.renderWords();
  }

  shownNet() {
    return this.mode === "plane" ? null : (this.frame?.network ?? this.net);
  }

  renderAnswer(isUpdate) {
    const { drawing, data, answer } = this;
    const net = this.shownNet();
    drawing.drawOverlays({ bands: answer.bands ?? [], curves: answer.curves ?? [], margins: Boolean(answer.margins) });
    drawing.drawFit({ net, view: data.view, regions: Boolean(answer.regions), lit: this.lit, points: this.model.points });
    const late = !this.frame && (this.link.state.late || (this.net !== null && !answer.network));
    for (const layer of ["fit", "kinks", "regions"]) drawing[layer].classList.toggle("cvz-late", late);
    if (isUpdate) this.updates += 1;
    cvzSet(drawing.surface, { "data-updates": this.updates, "data-fit-rev": this.net ? this.netFrom?.rev : null });
  }

  renderHand() {
    const { drawing, model, pointer, keyboard, hovered } = this;
    const held = pointer.gesture?.point ?? (keyboard.nudging ? model.selected : null);
    const erasing = this.tool === "erase";
    drawing.drawPoints({ points: model.points, selected: model.selected, hovered, held, erasing });
    const point = held === null ? null : model.points[held];
    drawing.drawTag(point, point ? this.where(point) : "", this.touching ? 44 : 14);
    const focused = document.activeElement === drawing.surface;
    drawing.drawCursor(keyboard.active && focused && model.selected === null ? keyboard.cursor : null);
    const ghost = this.ghostAt && !pointer.gesture && !erasing && (this.mode === "line-classes" || this.snap);
    drawing.drawGhost(ghost ? this.at(this.ghostAt, this.label) : null, model.count);
    const { classList } = drawing.surface;
    classList.toggle("is-grabbing", held !== null && !keyboard.active);
    classList.toggle("is-keyed", keyboard.active && focused);
    classList.toggle("is-over", hovered !== null && !erasing);
    classList.toggle("is-erasing", erasing);
  }

  renderWords() {
    const { chrome, model, answer, data, drawing } = this;
    chrome.show({
      tool: this.tool, label: this.label, snap: this.snap, mode: this.mode, count: model.count,
      undo: model.undoStack.length > 0, redo: model.redoStack.length > 0,
    });
    chrome.showNote(this.notice || answer.note || "", this.notice ? "notice" : (answer.status ?? ""));
    const extras = [...(answer.curves ?? []), ...(answer.bands ?? []).map((band) => ({ ...band, band: true }))];
    const items = extras.map(({ label, color, dash, width, band }) => ({ label, color, dash, width, band }));
    const fit = { label: answer.label ?? "optimal network", color: "var(--cvz-pos)", width: 3 };
    chrome.showLegend(items.length && this.net ? [fit, ...items] : items);
    chrome.write(drawing.hint, model.count ? "" : CVZ_HINTS[data.mode]);
  }
}

// The history outlives a visit to another page, as long as the points are still the same.
const cvzMemories = () => (globalThis.__convexvizBoards ??= new Map());

// Brings the board into view when Python says so; the last word of each page counts, whatever boards came and went.
function cvzReveal({ reveal }, root) {
  const seen = cvzBus().last.reveal;
  cvzBus().last.reveal = reveal;
  if (seen === undefined || reveal === seen || !reveal) return;
  requestAnimationFrame(() => root.scrollIntoView({ block: "nearest", behavior: "smooth" }));
}

function cvzRemember({ data, mode, link, model }) {
  const { undoStack, redoStack } = model;
  if (data) cvzMemories().set(data.id, { gen: link.gen, rev: link.rev, mode, undoStack, redoStack });
}

function cvzRecall({ data, mode, link, model }) {
  const memory = cvzMemories().get(data.id);
  if (!memory || memory.gen !== link.gen || memory.rev !== link.rev || memory.mode !== mode) return;
  model.undoStack = memory.undoStack;
  model.redoStack = memory.redoStack;
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
