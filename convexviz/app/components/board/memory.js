// What outlives a board: its history across a visit to another page, and whether Python has brought it into view.

import { bus } from "../web/bus.js";

// The history outlives a visit to another page, as long as the points are still the same.
const memories = () => (globalThis.__convexvizBoards ??= new Map());

// Brings the board into view when Python says so; the last word of each page counts, whatever boards came and went.
export function revealBoard({ reveal }, root) {
  const seen = bus.last.reveal;
  bus.last.reveal = reveal;
  if (seen === undefined || reveal === seen || !reveal) return;
  requestAnimationFrame(() => root.scrollIntoView({ block: "nearest", behavior: "smooth" }));
}

export function remember({ data, mode, link, model }) {
  const { undoStack, redoStack } = model;
  if (data) memories().set(data.id, { gen: link.gen, rev: link.rev, mode, undoStack, redoStack });
}

export function recall({ data, mode, link, model }) {
  const memory = memories().get(data.id);
  if (!memory || memory.gen !== link.gen || memory.rev !== link.rev || memory.mode !== mode) return;
  model.undoStack = memory.undoStack;
  model.redoStack = memory.redoStack;
}
