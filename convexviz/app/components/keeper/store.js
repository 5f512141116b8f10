// Drawings kept in this browser, a link's query for each lesson. A tab first remembers its own; where nothing may be
// stored, or the store is full, pages work without.
const NAME = "convexviz-drawing/";
const stores = [() => sessionStorage, () => localStorage];

/** @type {<T>(act: () => T) => T | null} */
function allowed(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

/** @type {(page: string) => string | null} */
export function recall(page) {
  for (const store of stores) {
    const kept = allowed(() => store().getItem(NAME + page));
    if (kept) return kept;
  }
  return null;
}

/** @type {(page: string, query: string) => void} */
export function remember(page, query) {
  for (const store of stores) {
    allowed(() => (query ? store().setItem(NAME + page, query) : store().removeItem(NAME + page)));
  }
}
