// What the pointer means: mouse, pen and finger. A gesture is opened and closed on the board, so it is one step of undo.
// A finger that swipes over empty space scrolls the page, as everywhere; a tap draws, and two fingers always move the page.

export const REACH = { mouse: 10, pen: 13, touch: 22 }; // px around a point that grab it
const SLACK = { mouse: 3, pen: 5, touch: 8 }; // px a press may wander and still be a click
const STROKE = 14; // px between the points of a brush stroke
const LONG_PRESS = 550; // ms
const HOLD = 160; // ms after which a new point still held is answered already

export class Pointer {
  constructor(board) {
    this.board = board;
    this.gesture = null;
    this.tap = null; // a finger that came down on empty space: a point, if it goes up where it is
    this.pan = null; // middle of two fingers of which the first had begun a gesture
    this.inside = false;
    this.focusing = false; // so that a press is not taken for a visit by keyboard
    const { surface } = board.drawing;
    const listen = (type, fn) => surface.addEventListener(type, fn.bind(this));
    listen("pointerdown", this.down);
    listen("pointermove", this.move);
    listen("pointerup", this.up);
    listen("pointercancel", this.up);
    listen("lostpointercapture", this.up);
    listen("pointerleave", this.leave);
    listen("contextmenu", (event) => event.preventDefault());
    // The browser scrolls with a finger unless it is told not to before the finger moves.
    const touch = (type, fn) => surface.addEventListener(type, fn.bind(this), { passive: false });
    touch("touchstart", this.hold);
    touch("touchmove", this.panPage);
    for (const end of ["touchend", "touchcancel"]) touch(end, () => (this.pan = null));
  }

  spot(event) {
    const box = this.board.drawing.surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    this.board.usePointer(event.pointerType);
    if (this.gesture) return;
    const spot = this.spot(event);
    const kind = event.pointerType in REACH ? event.pointerType : "mouse";
    const hit = this.board.pointNear(spot, REACH[kind]);
    this.focusing = true;
    this.board.drawing.surface.focus({ preventScroll: true });
    this.focusing = false;
    if (asksForMenu(event)) return hit !== null && this.board.removePoint(hit);
    if (event.button !== 0 && event.button !== 5) return;
    const knob = event.button === 0 && this.board.values.grabs(spot, kind);
    const tool = event.button === 5 ? "erase" : knob ? "knob" : this.board.tool; // button 5 is the far end of a pen
    if (this.board.fixed && (tool === "erase" || (tool === "draw" && hit === null))) return;
    if (kind === "touch" && tool === "draw" && hit === null) return void (this.tap = { id: event.pointerId, spot });
    this.begin(event, kind, tool, spot, hit);
  }

  begin(event, kind, tool, spot, hit) {
    this.gesture = { id: event.pointerId, kind, start: spot, last: spot, wandered: false, dirty: false };
    this.board.point(null);
    this.board.open();
    this[`${tool}Start`](spot, hit);
    try {
      this.board.drawing.surface.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already; its end comes as pointerup or pointercancel all the same.
    }
    this.board.draw();
  }

  // A point under the finger, or a stroke: the page stays. A second finger takes back what the first began.
  hold(event) {
    this.tap = event.touches.length > 1 ? null : this.tap;
    if (event.touches.length > 1 && this.gesture?.kind === "touch") {
      this.cancel();
      this.pan = middle(event.touches);
    }
    if (event.cancelable && (this.gesture || this.pan)) event.preventDefault();
  }

  panPage(event) {
    if (!this.pan || event.touches.length < 2) return;
    if (event.cancelable) event.preventDefault();
    const [x, y] = middle(event.touches);
    const page = this.board.root.closest("[data-testid=stMain]") ?? document.scrollingElement;
    page.scrollBy({ left: this.pan[0] - x, top: this.pan[1] - y, behavior: "instant" });
    this.pan = [x, y];
  }

  drawStart(spot, hit) {
    const g = this.gesture;
    const i = hit ?? this.board.addAt(spot);
    if (i === null) return void (g.act = () => {});
    const [px, py] = this.board.pixel(i);
    Object.assign(g, { point: i, offset: hit === null ? [0, 0] : [px - spot[0], py - spot[1]], added: hit === null });
    g.act = this.drag;
    g.dirty = g.added;
    this.board.select(i);
    if (g.added) g.timer = setTimeout(() => this.board.changed(true), HOLD);
    else if (g.kind === "touch" && !this.board.fixed) g.timer = setTimeout(() => this.longPress(), LONG_PRESS);
  }

  drag(spot) {
    const g = this.gesture;
    const to = [spot[0] + g.offset[0], spot[1] + g.offset[1]];
    if (!this.board.moveTo(g.point, to)) return;
    g.dirty = true;
    this.board.changed(true);
  }

  knobStart() {
    const g = this.gesture;
    const point = this.board.model.selected;
    Object.assign(g, { point, from: this.board.model.points[point][2], act: this.turnKnob });
    g.rest = this.board.values.knobSpot(point);
    g.knob = g.rest;
  }

  // Up or down sets the value; the knob goes along and springs back at the end.
  turnKnob(spot) {
    const g = this.gesture;
    const dy = spot[1] - g.start[1];
    g.knob = [g.rest[0], g.rest[1] + dy];
    g.dirty = true;
    this.board.values.set(g.point, this.board.values.dragged(g.from, dy));
  }

  longPress() {
    const { point } = this.gesture;
    this.finish();
    navigator.vibrate?.(15);
    this.board.removePoint(point);
  }

  brushStart(spot) {
    this.gesture.act = this.brush;
    this.stroke(spot);
  }

  // Points at equal distances along the path of the pointer, however seldom it reports.
  brush(spot) {
    const g = this.gesture;
    const flat = this.board.mode === "line-classes";
    for (;;) {
      const [dx, dy] = [spot[0] - g.placed[0], spot[1] - g.placed[1]];
      const far = flat ? Math.abs(dx) : Math.hypot(dx, dy);
      if (far < STROKE) return;
      const t = STROKE / far;
      if (!this.stroke([g.placed[0] + t * dx, g.placed[1] + t * dy])) return;
    }
  }

  stroke(spot) {
    const added = this.board.addAt(spot) !== null;
    this.gesture.placed = spot;
    if (added) {
      this.gesture.dirty = true;
      if (this.gesture.wandered) this.board.changed(true);
    }
    return added;
  }

  eraseStart(spot) {
    this.gesture.act = this.erase;
    this.erase(spot);
  }

  erase(spot) {
    const g = this.gesture;
    const reach = REACH[g.kind];
    const doomed = this.board.pointsAlong(g.last, spot, reach);
    for (const i of doomed.reverse()) this.board.model.remove(i);
    if (!doomed.length) return;
    this.board.say(`Removed ${doomed.length === 1 ? `point ${doomed[0] + 1}` : `${doomed.length} points`}`);
    g.dirty = true;
    if (g.wandered) this.board.changed(true);
  }

  move(event) {
    this.board.usePointer(event.pointerType);
    const spot = this.spot(event);
    const g = this.gesture;
    if (this.tap?.id === event.pointerId && distance(spot, this.tap.spot) >= SLACK.touch) this.tap = null;
    if (!g) {
      this.inside = true;
      return this.board.hoverAt(event.pointerType === "touch" ? null : spot);
    }
    if (event.pointerId !== g.id) return;
    const far = distance(spot, g.start);
    if (!g.wandered && far < SLACK[g.kind]) return;
    if (!g.wandered) clearTimeout(g.timer);
    g.wandered = true;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const e of [this.drag, this.turnKnob].includes(g.act) || !passed.length ? [event] : passed) {
      g.act.call(this, this.spot(e));
      g.last = this.spot(e);
    }
    this.board.draw();
  }

  up(event) {
    if (this.tap?.id === event.pointerId) return this.tapped(event);
    if (this.gesture?.id !== event.pointerId) return;
    if (event.type === "pointerup" && this.gesture.wandered) this.move(event);
    const { act, point, added, wandered } = this.gesture;
    this.finish();
    if (event.type === "pointerup" && act === this.drag && !added && !wandered) this.board.pick(point);
    if (event.pointerType !== "touch" && this.inside) this.board.hoverAt(this.spot(event));
  }

  tapped(event) {
    const { spot } = this.tap;
    this.tap = null;
    if (event.type !== "pointerup" || this.gesture) return;
    this.begin(event, "touch", "draw", spot, null);
    this.finish();
  }

  // Ends the gesture with what it has reached.
  finish() {
    const g = this.gesture;
    if (!g) return;
    this.gesture = null;
    clearTimeout(g.timer);
    this.board.close(g);
  }

  // Ends the gesture as if it had not been.
  cancel() {
    const g = this.gesture;
    if (!g) return false;
    this.gesture = null;
    clearTimeout(g.timer);
    this.board.model.cancel();
    if (g.dirty) this.board.changed(false);
    return true;
  }

  leave() {
    this.inside = false;
    if (!this.gesture) this.board.hoverAt(null);
  }
}

const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const middle = ([a, b]) => [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];
const isMac = () => /Mac|iPad|iPhone/.test(navigator.platform);
const asksForMenu = (e) => e.button === 2 || (e.button === 0 && e.ctrlKey && isMac());
