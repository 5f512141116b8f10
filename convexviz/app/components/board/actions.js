// What the hand does on the board: gestures, and single actions of buttons and keys. They change the points and say so;
// board.js holds the conversation with Python.

import { bus } from "../web/bus.js";
import { clamp } from "../web/line_math.js";
import { pointCount } from "./chrome.js";
import { isPlanar, LINE_REACH } from "./draw/plane.js";
import { REACH } from "./input/pointer.js";
import { BoardStage } from "./stage.js";

export class BoardActions extends BoardStage {
  // Says no, where the points are fixed, in words that can be heard; returns whether it did.
  refuses(act) {
    if (this.fixed) this.say(`Points cannot be ${act} here; they can be moved`);
    return this.fixed;
  }

  // ---- gestures -----------------------------------------------------------------------------------------------------

  open() {
    this.keyboard.settle();
    this.values.finish();
    this.weights.finish();
    this.notice = "";
    this.model.open();
    this.opened = this.model.count;
  }

  // The points are no longer what they were: Python hears of it.
  changed(live) {
    this.link.changed(live);
    this.stamp();
    this.draw();
  }

  close(gesture) {
    this.model.close();
    this.report(gesture);
    if (gesture.dirty) this.changed(false);
    this.draw();
  }

  report({ act, point, dirty, added }) {
    const total = pointCount(this.model.count);
    const { pointer, opened } = this;
    if (act === pointer.turnKnob) this.values.tell(point);
    else if (act === pointer.drag && point < this.model.count) {
      const where = this.describe(point);
      this.say(added ? `Added ${where}; ${total}` : dirty ? `${this.describe(point, " moved to")}; ${total}` : `Selected ${where}`);
    } else if (act === pointer.brush && this.model.count > opened) {
      this.say(`Added ${pointCount(this.model.count - opened)}; ${total}`);
    } else if (act === pointer.erase && this.model.count < opened) {
      this.say(`Removed ${pointCount(opened - this.model.count)}; ${total}`);
    }
  }

  // Runs `edit` as one finished gesture.
  once(edit, text) {
    this.open();
    edit();
    if (this.model.close()) this.changed(false);
    this.say(`${text}; ${pointCount(this.model.count)}`);
    return true;
  }

  usePointer(type) {
    this.keyboard.active = false;
    this.touching = type === "touch";
  }

  addAt(spot) {
    return this.add(this.at(spot, this.third));
  }

  add(point) {
    if (this.refuses("added")) return null;
    if (this.model.count < this.data.max_points) return this.model.add(point);
    this.notice = `The board holds at most ${pointCount(this.data.max_points)}: remove some to add others.`;
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
      const t = length2 ? clamp(((px - a[0]) * dx + (py - a[1]) * dy) / length2, [0, 1]) : 0;
      const wide = Math.max(reach, this.drawing.radiusOf(this.model.points, i)); // a heavy one is held anywhere
      if (Math.hypot(px - a[0] - t * dx, py - a[1] - t * dy) <= wide) found.push(i);
    }
    return found;
  }

  hoverAt(spot) {
    const over = spot && this.pointNear(spot, REACH.mouse);
    this.hovered = over ?? null;
    this.ghostAt = spot && over === null ? spot : null;
    this.overKnob = spot !== null && this.values.grabs(spot, "mouse");
    this.point(spot && this.neuronNear(spot, this.hovered));
    this.draw();
  }

  // The neuron whose kink or break line is pointed at; a point that is nearer than the line comes first.
  neuronNear(spot, over) {
    if (!isPlanar(this.mode)) return this.drawing.kinkNear(spot, 10);
    const line = this.plane.lineNear(spot, LINE_REACH);
    if (!line || over === null) return line && line.j;
    return line.d < Math.hypot(...this.pixel(over).map((v, k) => v - spot[k])) ? line.j : null;
  }

  // Tells the other pictures which neuron is pointed at here.
  point(neuron) {
    if (neuron === this.pointedAt) return;
    this.pointedAt = neuron;
    bus.emit("hover", { neuron, source: "board" });
  }

  // ---- single actions -----------------------------------------------------------------------------------------------

  removePoint(i) {
    if (this.refuses("removed")) return true;
    this.hovered = null;
    return this.once(() => this.model.remove(i), `Removed point ${i + 1}`);
  }

  clear() {
    if (this.model.count && !this.refuses("removed")) this.once(() => ((this.model.points = []), this.select(null)), "Cleared");
  }

  travel(step) {
    if (this.pointer.gesture) return true;
    this.keyboard.settle();
    this.values.finish();
    this.weights.finish();
    this.notice = "";
    this.hovered = null;
    if (!this.canTravel(step)) return this.say(`Nothing to ${step}`), true;
    this.model[step]();
    this.changed(false);
    this.say(`${step === "undo" ? "Undone" : "Redone"}; ${pointCount(this.model.count)}`);
    return true;
  }

  select(i) {
    this.model.selected = i;
  }

  // Tells Python, where it listens, that point i was clicked on; the points it counts are those of revision `rev`.
  pick(i) {
    if (!this.data.pickable || !(i in this.model.points)) return;
    const { gen, rev } = this.link;
    this.trigger?.("pick", { id: this.data.id, gen, rev, index: i });
    this.say(`Chosen ${this.describe(i)}`);
  }

  setTool(name) {
    if (this.toolsOff || (this.fixed && name !== "draw")) return;
    this.tool = name;
    this.say({ draw: "Draw", brush: "Brush", erase: "Erase" }[name]);
  }

  setSnap(on) {
    if (this.toolsOff) return;
    this.snap = on;
    this.say(on ? "Snap to grid on" : "Snap to grid off");
    this.draw({ layout: true });
  }

  // The class of points to come. A selected point is let go, so that it is plain that it keeps its own.
  setLabel(label) {
    if (this.fixed) return;
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
