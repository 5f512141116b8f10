// What the board shows and says: the answer, the points and the words around them. board.js decides what they are.

import { setText } from "../web/dom.js";
import { dayText } from "../web/dates.js";
import { quantumOf, shortText } from "../web/line_math.js";
import { pointCount } from "./chrome.js";
import { overlayLegend, planeLegend, supportOf } from "./draw/legend.js";
import { GLANCE, isPlanar } from "./draw/plane.js";
import { setAttributes } from "./draw/svg.js";
import { weightLegend, weightText } from "./draw/weight.js";
import { BoardState } from "./state.js";

const HINTS = {
  regression: "Click to add points, drag to move them",
  "line-classes": "Click above the middle for class +1, below for class −1",
  plane: "Click to add points of the chosen class",
  "plane-values": "Click to add points; the bar on the right sets their value",
  "plane-points": "Click to add points, drag to move them",
};

export class BoardStage extends BoardState {
  // ---- words --------------------------------------------------------------------------------------------------------

  say(text) {
    setText(this.chrome.status, text);
    this.draw();
  }

  /** @param {number[]} point */
  where(point) {
    const weight = point.length > 3 ? `, weight ${weightText(point[3])}` : "";
    return this.whereabouts(point) + weight;
  }

  /** @param {number[]} point */
  whereabouts([x, y, label = 0]) {
    const { axes } = this.data;
    const first = `${axes[0]} = ${this.coordinate(x, 0)}`;
    if (this.mode === "line-classes") return `${first}, class ${y > 0 ? "+1" : "−1"}`;
    const both = `${first}, ${axes[1]} = ${this.coordinate(y, 1)}`;
    if (this.values.on) return `${both}, ${this.valueName} = ${this.values.text(label)}`;
    return this.mode === "plane" && label ? `${both}, class ${label > 0 ? "+1" : "−1"}` : both;
  }

  // A coordinate as text: a number, or a date.
  coordinate(value, axis) {
    const limits = axis === 0 ? this.view.x : this.view.y;
    return this.data.dates?.[axis] ? dayText(value, quantumOf(limits)) : shortText(value, limits);
  }

  describe(i, verb = ":") {
    const point = `point ${i + 1}${verb} ${this.where(this.model.points[i])}`;
    return verb === ":" ? point : point[0].toUpperCase() + point.slice(1);
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  light(neuron) {
    this.lit = neuron;
    clearTimeout(this.glance);
    const sum = () => {
      this.summed = neuron;
      this.draw({ fit: true });
    };
    if (neuron === null || !isPlanar(this.mode)) sum();
    else this.glance = setTimeout(sum, GLANCE);
    this.draw({ fit: true });
  }

  scrub(frame) {
    this.frame = frame;
    this.draw({ fit: true });
  }

  // Attributes that tell the state at once, without waiting for the next frame.
  stamp() {
    const { axes } = this.data;
    const count = pointCount(this.model.count);
    setAttributes(this.drawing.surface, {
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
      const fits = drawing.layout(data, this.model.points, this.values.room());
      if (!fits) return void (this.dirty = dirty); // no room yet: a hidden tab, say
      drawing.drawGrid({ snap: this.snap, mode: this.mode });
      this.values.layout();
    }
    if (dirty.layout || dirty.fit || dirty.update) this.renderAnswer(dirty.update);
    else if (!isPlanar(this.mode)) drawing.drawKinks(this.shownNet(), this.lit, this.model.points);
    this.renderHand();
    this.renderWords();
  }

  shownNet() {
    // A frame of a path is the page's; points without a network of their own have nothing to do with it.
    const bare = this.mode === "plane-points" && !this.net;
    const net = bare ? null : (this.frame?.network ?? this.net);
    return this.fits(net) ? net : null;
  }

  // Support vectors of what is on show; after a removal the answer speaks of points that have moved up.
  shownSupport() {
    if (!isPlanar(this.mode)) return [];
    const support = this.frame ? (this.frame.support ?? supportOf(this.shownNet())) : (this.answer.support ?? []);
    return this.answer.support && this.model.count >= this.answered ? support : [];
  }

  // The point that Python has ringed; as with support vectors, not while its number may speak of another point.
  shownChosen() {
    const { chosen } = this.answer;
    return chosen in this.model.points && this.model.count >= this.answered ? chosen : null;
  }

  // A frame of a film may bring curves of its own in place of the answer's.
  shownCurves() {
    return this.frame?.curves ?? this.answer.curves ?? [];
  }

  renderPlane(net, late) {
    const { drawing, answer, lit, summed } = this;
    const z = this.values.on ? this.data.view.z : null;
    this.plane.draw({ net, answer, z, lit, summed });
    for (const layer of ["heat", "plane", "support"]) drawing[layer].classList.toggle("cvz-late", late);
  }

  renderAnswer(isUpdate) {
    const { drawing, data, answer } = this;
    const net = this.shownNet();
    const margins = Boolean(answer.margins) && !isPlanar(this.mode);
    this.overlay.drawLines({ bands: answer.bands ?? [], curves: this.shownCurves(), margins, inPlane: isPlanar(this.mode) });
    const late = !this.frame && (this.link.state.late || (this.net !== null && !answer.network));
    drawing.curves.classList.toggle("cvz-late", late && isPlanar(this.mode));
    this.renderPlane(isPlanar(this.mode) ? net : null, late);
    if (!isPlanar(this.mode)) drawing.drawFit({ net, view: data.view, regions: Boolean(answer.regions), lit: this.lit, points: this.model.points });
    for (const layer of ["fit", "kinks", "regions", "marks"]) drawing[layer].classList.toggle("cvz-late", late);
    if (isUpdate) this.updates += 1;
    setAttributes(drawing.surface, { "data-updates": this.updates, "data-fit-rev": this.net ? this.netFrom?.rev : null });
  }

  renderHand() {
    const { drawing, model, pointer, keyboard, hovered } = this;
    const turned = this.values.gesture ? this.values.target : this.weights.gesture ? this.weights.target : null;
    const held = pointer.gesture?.point ?? (keyboard.nudging ? model.selected : turned);
    const erasing = this.tool === "erase";
    const ringed = this.shownSupport();
    this.plane.drawSupport(ringed, model.points);
    const chosen = this.shownChosen();
    const arrows = isPlanar(this.mode) && Boolean(this.answer.arrows);
    const shown = { points: model.points, selected: model.selected, ringed: chosen === null ? ringed : [...ringed, chosen] };
    this.overlay.drawAround({ ...shown, answer: this.answer, chosen, arrows });
    drawing.drawPoints({ ...shown, hovered, held, erasing });
    this.values.draw(pointer.gesture?.knob ?? null);
    this.weights.draw();
    const point = held === null ? null : model.points[held];
    // A finger needs more room than a mouse; an arrow comes from the other side, and a name may stand on this one.
    const lift = (this.touching ? 44 : 14) + (arrows && held in (this.answer.names ?? []) ? 18 : 0);
    const wide = held === null ? 0 : Math.max(0, drawing.radiusOf(model.points, held) - drawing.radius(model.count));
    drawing.drawTag(point, point ? this.where(point) : "", lift + wide, arrows && point !== null && point[1] < 0);
    const focused = document.activeElement === drawing.surface;
    drawing.drawCursor(keyboard.active && focused && model.selected === null ? keyboard.cursor : null);
    const ghost = this.ghostAt && !pointer.gesture && !erasing && !this.fixed && (this.mode === "line-classes" || this.snap);
    drawing.drawGhost(ghost ? this.at(this.ghostAt, this.third) : null, model.count);
    const { classList } = drawing.surface;
    for (const element of [drawing.surface, this.root]) element.classList.toggle("is-fixed", this.fixed);
    classList.toggle("is-grabbing", held !== null && !keyboard.active);
    const keyed = keyboard.active && focused;
    classList.toggle("is-keyed", keyed);
    this.root.classList.toggle("is-keyed", keyed);
    classList.toggle("is-over", hovered !== null && !erasing);
    classList.toggle("is-erasing", erasing);
    classList.toggle("is-on-knob", Boolean(pointer.gesture?.knob ?? this.overKnob));
  }

  renderWords() {
    const { chrome, model, answer, data, drawing } = this;
    chrome.show({
      tool: this.tool, label: this.label, snap: this.snap, mode: this.mode, count: model.count, fixed: this.fixed,
      tools: !this.toolsOff, undo: this.canTravel("undo"), redo: this.canTravel("redo"),
    });
    const urgent = this.away || this.notice;
    chrome.showNote(urgent || answer.note || "", urgent ? "notice" : (answer.status ?? ""));
    chrome.showLegend(this.legendItems());
    setText(drawing.hint, model.count || this.fixed ? "" : HINTS[data.mode]);
  }

  legendItems() {
    return [...this.answerItems(), ...weightLegend(this.model.points)];
  }

  answerItems() {
    const { answer, data } = this;
    const net = this.shownNet();
    const over = { ...answer, curves: this.shownCurves(), marks: this.overlay.marks };
    const lines = overlayLegend(over, this.shownChosen() !== null);
    if (isPlanar(this.mode)) {
      const z = this.values.on ? data.view.z : null;
      return [...planeLegend({ answer, net, support: this.shownSupport().length > 0, z }), ...lines];
    }
    const fit = { label: answer.label ?? "optimal network", color: "var(--cvz-pos)", width: 3 };
    return lines.length && this.net ? [fit, ...lines] : lines;
  }
}
