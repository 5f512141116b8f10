// Which challenges were met, in this browser. Where nothing may be stored it is kept for the visit.
const KEY = "convexviz-challenges";
const visit = new Set();

/** @type {() => Set<string>} */
export function met() {
  return new Set([...visit, ...parsed(stored())]);
}

/** @type {(name: string) => void} */
export function remember(name) {
  visit.add(name);
  try {
    localStorage.setItem(KEY, JSON.stringify([...met()].sort()));
  } catch {
    // private windows and full disks: the visit remembers
  }
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

// What other versions or other hands left there may be anything.
/** @type {(text: string | null) => string[]} */
export function parsed(text) {
  try {
    const names = JSON.parse(text ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
