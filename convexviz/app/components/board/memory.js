// What outlives a board: its history across a visit to another page, as long as the points are still the same.
const memories = () => (globalThis.__convexvizBoards ??= new Map());

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
