// Names beside the points: each stands where it hides no point, mark, arrow or other name, and inside the window.

import { clamp } from "../../web/line_math.js";
import { childrenOf, setAttributes, svgElement } from "./svg.js";

const NAME_GAP = 5; // px from a point and its rings
const NAME_HEIGHT = 16; // px
const NAME_MANY = 60; // names beyond which they are not kept apart
const NAME_TURNS = [0, 45, -45, 90, -90, 135, -135, 180].map((degrees) => (degrees * Math.PI) / 180);

export class Names {
  constructor(drawing) {
    this.drawing = drawing;
    this.widths = new Map(); // of texts, in px
    this.measured = 1; // unit of the drawing when they were
  }

  // `dots` and `marks` are pixels, `r` is the radius of a point and `reach(i)` what it takes with its rings; names stand
  // away from the pixel `from`, else up and right.
  draw({ names, dots, marks, r, reach, from }) {
    const count = Math.min(names.length, dots.length);
    const texts = childrenOf(this.drawing.names, count, () => svgElement("text", { class: "cvz-name", "data-testid": "name", "text-anchor": "middle" }));
    const taken = [];
    for (let i = 0; i < count; i++) {
      if (texts[i].textContent !== names[i]) texts[i].textContent = names[i];
      /** @type {[number, number]} */
      const half = [this.width(texts[i], names[i]) / 2 + 1, (NAME_HEIGHT / 2) * this.drawing.unit];
      const box = this.place(dots[i], half, { dots: count > NAME_MANY ? [] : [...dots, ...marks], taken, r, reach: reach(i), from });
      if (count <= NAME_MANY) taken.push(box);
      setAttributes(texts[i], { transform: `translate(${box.at[0].toFixed(1)} ${(box.at[1] + 4.5 * this.drawing.unit).toFixed(1)})`, "data-point": i });
    }
  }

  width(element, text) {
    if (this.measured !== this.drawing.unit) this.widths.clear();
    this.measured = this.drawing.unit;
    if (!this.widths.has(text)) {
      const width = element.getComputedTextLength();
      if (!width) return 7 * String(text).length; // not laid out yet
      this.widths.set(text, width);
    }
    return this.widths.get(text);
  }

  // The first place around the point that is free, else the one where least is hidden.
  place([px, py], half, { dots, taken, r, reach, from }) {
    const away = from && Math.hypot(px - from[0], py - from[1]) > 1 ? Math.atan2(py - from[1], px - from[0]) : -Math.PI / 4;
    let best = null;
    for (const turn of NAME_TURNS) {
      const [dx, dy] = [Math.cos(away + turn), Math.sin(away + turn)];
      /** @type {[number, number]} */
      const at = [px + dx * (reach + NAME_GAP + half[0]), py + dy * (reach + NAME_GAP + half[1] - 3)];
      const cost = this.cost(at, half, dots, taken, r);
      if (best === null || cost < best.cost) best = { at, half, cost };
      if (cost === 0) break;
    }
    return { ...best, at: this.inside(best.at, half) };
  }

  cost([x, y], [w, h], dots, taken, r) {
    const { width, height } = this.drawing;
    const out = x < w || y < h || x > width - w || y > height - h ? 4 : 0;
    const onDots = dots.filter(([px, py]) => Math.hypot(Math.max(0, Math.abs(px - x) - w), Math.max(0, Math.abs(py - y) - h)) < r).length;
    const onNames = taken.filter(({ at, half }) => Math.abs(at[0] - x) < half[0] + w && Math.abs(at[1] - y) < half[1] + h).length;
    return out + onDots + 2 * onNames;
  }

  inside([x, y], [w, h]) {
    const { width, height } = this.drawing;
    return [clamp(x, [w, Math.max(w, width - w)]), clamp(y, [h, Math.max(h, height - h)])];
  }
}
