// Which key asks for what, and to whom it belongs. A speaker's clicker sends PageUp and PageDown, and "." or B for black:
// those the stage takes always. Arrows and letters are those of the board or slider that was reached by Tab; one that was
// only clicked does not keep them.

const KEYS = {
  PageDown: "next", ArrowRight: "next", " ": "next", Enter: "next", PageUp: "back", ArrowLeft: "back", Home: "first", End: "last",
  ".": "black", b: "black", ",": "white", w: "white", t: "theme", r: "again", f: "screen", "?": "keys", Escape: "leave",
};
const ALWAYS = ["PageDown", "PageUp"];

let byKeyboard = false; // whether the focus was last moved by Tab

export function watchFocus() {
  window.addEventListener("pointerdown", () => (byKeyboard = false), true);
  window.addEventListener("keydown", (event) => (byKeyboard = event.key === "Tab" || byKeyboard), true);
}

/** @type {(event: KeyboardEvent) => string} */
export const asks = ({ key, shiftKey }) => {
  const name = key.length === 1 ? key.toLowerCase() : key;
  return shiftKey && name !== "?" ? "" : (KEYS[/** @type {keyof typeof KEYS} */ (name)] ?? "");
};

// Whether someone is writing.
export function typing() {
  const field = document.activeElement?.closest("input, textarea, select, [contenteditable]");
  return Boolean(field) && !(field instanceof HTMLInputElement && ["range", "checkbox", "radio", "button"].includes(field.type));
}

// Whether the key belongs to what the keyboard is at. Escape takes the keyboard away from there.
/** @type {(event: KeyboardEvent) => boolean} */
export function ownsArrows(event) {
  const focus = document.activeElement;
  if (!byKeyboard || !focus || focus === document.body || ALWAYS.includes(event.key)) return false;
  if (event.key === "Escape") {
    byKeyboard = false;
    if (focus instanceof HTMLElement || focus instanceof SVGElement) focus.blur();
  }
  return true;
}
