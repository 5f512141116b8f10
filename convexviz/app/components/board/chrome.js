// What surrounds the surface: tools above; legend, message and spoken status below.

import { setText } from "../web/dom.js";
import { drawSwatch } from "./draw/legend.js";
import { freshId, svgElement } from "./draw/svg.js";

const ICONS = {
  draw: '<circle cx="6.5" cy="13.5" r="2.6" fill="currentColor" stroke="none"/><path d="M14 3v8M10 7h8"/>',
  brush: '<path d="M3 15c2.5-6 4.500-6 6-3s3.500 3 5-1 2-4 3-4.500" stroke-dasharray="0.100 4.300" stroke-width="3.400"/>',
  erase: '<path d="M8.500 16.500h8M4 12.500l7.500-8 5 4.700-6.700 7.300H7.500z"/>',
  snap: '<path d="M3 7.500h14M3 12.500h14M7.500 3v14M12.500 3v14"/>',
  undo: '<path d="M7.500 4.500l-4 4 4 4M3.500 8.500h8a4.500 4.500 0 0 1 0 8H8"/>',
  redo: '<path d="M12.500 4.500l4 4-4 4M16.500 8.500h-8a4.500 4.500 0 0 0 0 8H12"/>',
  clear: '<path d="M3.500 5.500h13M8 5.500v-2h4v2M5.500 5.500l.8 11h7.400l.8-11M8.500 8.500v5M11.500 8.500v5"/>',
  save: '<path d="M10 3.500v9M6.500 9l3.500 3.500L13.500 9M4 16.500h12"/>',
  pos: '<circle cx="10" cy="10" r="5.500" fill="var(--cvz-pos)" stroke="none"/>',
  neg: '<rect x="5" y="5" width="10" height="10" fill="var(--cvz-neg)" stroke="none"/>',
};

const TOOLS = [
  { name: "draw", group: "tool", title: "Draw: click adds a point, drag moves it (D)" },
  { name: "brush", group: "tool", title: "Brush: a stroke adds many points (B)" },
  { name: "erase", group: "tool", title: "Erase: remove points under the pointer (E)" },
  { name: "pos", group: "label", title: "New points are of class +1, circles (1)" },
  { name: "neg", group: "label", title: "New points are of class −1, squares (2)" },
  { name: "snap", group: "snap", title: "Snap to grid (G)" },
  { name: "undo", group: "history", title: "Undo (Ctrl+Z)" },
  { name: "redo", group: "history", title: "Redo (Ctrl+Shift+Z)" },
  { name: "clear", group: "history", title: "Remove all points" },
  { name: "save", group: "save", title: "Download the picture (SVG)" },
];

const HELP = {
  move: "Arrow keys move the cursor or the selected point; with Shift in larger steps. ",
  add: "Enter or Space adds a point at the cursor, picks the point under it, or releases the selected one. ",
  fixed: "Enter or Space picks the point under the cursor, or releases the selected one. ",
  choose: "Enter on a selected point chooses it. ",
  walk: "The bracket keys walk through the points from left to right. ",
  remove: "Delete removes. ",
  leave: "Escape deselects. Control Z undoes. Tab leaves the board.",
};

// What stands below the plot while the board has the focus of the keyboard: the short form of the help.
const KEYS = {
  drawn: "Arrows move · Enter adds · [ ] next point · Delete removes · ",
  fixed: "Arrows move · Enter picks · [ ] next point · ",
  leave: "Tab leaves the board",
};

const HELP_MORE = {
  plane: " 1 and 2 choose the class of points to come; F flips the class of the selected point.",
  "plane-values": " Plus and minus change the value of the selected point, or of points to come; with Shift in larger steps.",
};

const HELP_WEIGHT = {
  plain: " Plus and minus change the weight of the selected point, as does the wheel over a point.",
  valued: " Comma and full stop change the weight of the selected point, as does the wheel with Alt over a point.",
};

export function htmlElement(tag, attributes, parent) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

export class Chrome {
  constructor(parent, act) {
    this.root = htmlElement("div", { class: "cvz-board" }, parent);
    this.tools = htmlElement("div", { class: "cvz-tools", role: "group", "aria-label": "Drawing tools" }, this.root);
    this.buttons = Object.fromEntries(TOOLS.map((tool) => [tool.name, this.button(tool, act[tool.name])]));
    this.total = htmlElement("span", { class: "cvz-total", "aria-hidden": "true" }, this.tools);
    this.frame = htmlElement("div", { class: "cvz-frame" }, this.root);
    this.keys = htmlElement("div", { class: "cvz-keys", "data-testid": "board-keys", "aria-hidden": "true" }, this.frame);
    this.ways = htmlElement("span", { class: "cvz-keys-more" }, this.keys);
    this.keys.append(KEYS.leave);
    this.legend = htmlElement("div", { class: "cvz-legend" }, this.root);
    const foot = htmlElement("div", { class: "cvz-foot" }, this.root);
    this.note = htmlElement("div", { class: "cvz-note", "data-testid": "board-note", role: "note" }, foot);
    this.weights = htmlElement("div", { class: "cvz-weights", role: "group", "data-testid": "weights" }, foot);
    this.status = htmlElement("div", { class: "cvz-status", "data-testid": "board-status", role: "status", "aria-live": "polite" }, foot);
    this.help = htmlElement("div", { class: "cvz-hidden", id: freshId("help") }, this.root);
  }

  explain({ mode, fixed, pickable, weighted }) {
    const { move, add, choose, walk, remove, leave } = HELP;
    const parts = [move, fixed ? HELP.fixed : add, pickable ? choose : "", walk, fixed ? "" : remove, leave];
    setText(this.ways, fixed ? KEYS.fixed : KEYS.drawn);
    setText(this.help, parts.join("") + (HELP_MORE[mode] ?? "") + (weighted ? HELP_WEIGHT[mode === "plane-values" ? "valued" : "plain"] : ""));
  }

  button({ name, group, title }, act) {
    const attributes = { type: "button", class: `cvz-button is-${group}`, title, "aria-label": title, "data-tool": name };
    const button = htmlElement("button", attributes, this.tools);
    button.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true">${ICONS[name]}</svg>`;
    button.addEventListener("click", act);
    return button;
  }

  show({ tool, label, snap, mode, count, fixed, tools, undo, redo }) {
    const pressed = { draw: tool === "draw", brush: tool === "brush", erase: tool === "erase", pos: label > 0, neg: label < 0, snap };
    for (const [name, on] of Object.entries(pressed)) this.buttons[name].setAttribute("aria-pressed", on);
    for (const name of ["pos", "neg"]) this.buttons[name].hidden = mode !== "plane" || fixed;
    for (const name of ["draw", "brush", "erase", "clear"]) this.buttons[name].hidden = fixed;
    this.total.hidden = fixed;
    this.tools.hidden = !tools;
    const enabled = { undo, redo, clear: count > 0 };
    for (const [name, on] of Object.entries(enabled)) this.buttons[name].setAttribute("aria-disabled", !on);
    setText(this.total, pointCount(count));
  }

  showNote(text, kind) {
    setText(this.note, text);
    this.note.hidden = !text;
    this.note.dataset.kind = kind;
    this.status.classList.toggle("cvz-hidden", Boolean(text));
  }

  // Names of the extra curves and bands; the fit itself is named only when there is something to tell it from.
  showLegend(items) {
    const text = JSON.stringify(items);
    if (text === this.legendText) return;
    this.legendText = text;
    this.legend.replaceChildren();
    for (const item of items) {
      const entry = htmlElement("span", { class: "cvz-legend-item" }, this.legend);
      const swatch = svgElement("svg", { viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" }, entry);
      drawSwatch(swatch, item);
      entry.append(item.label);
    }
  }
}

export const pointCount = (n) => `${n} ${n === 1 ? "point" : "points"}`;
