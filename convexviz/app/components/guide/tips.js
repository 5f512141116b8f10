// Explanations of the glossary's words: wherever a word stands, its explanation is wholly in the window; Escape puts it
// away. The style sheet shows and hides them; on a phone it lays them at the foot of the window.
import { freshId } from "../board/draw/svg.js";

const EDGE = 8; // px between an explanation and the edge of the window
const PHONE = "(max-width: 640px)";
const SHOWN = ".cvz-word:is(:hover, :focus)";

// Tells where the explanations go for as long as it is not called off.
export function watchTips() {
  /** @type {[string, (event: Event) => void][]} */
  const listeners = [
    ["pointerover", (event) => show(wordOf(event))],
    ["focusin", (event) => show(wordOf(event))],
    ["focusout", (event) => wordOf(event)?.removeAttribute("data-closed")],
    ["pointerout", (event) => wordOf(event)?.removeAttribute("data-closed")],
    ["keydown", (event) => /** @type {KeyboardEvent} */ (event).key === "Escape" && close()],
    ["scroll", () => document.querySelectorAll(SHOWN).forEach(show)],
  ];
  for (const [type, listener] of listeners) document.addEventListener(type, listener, true);
  return () => {
    for (const [type, listener] of listeners) document.removeEventListener(type, listener, true);
  };
}

const wordOf = (/** @type {Event} */ { target }) => (target instanceof Element ? target.closest(".cvz-word") : null);

function close() {
  for (const word of document.querySelectorAll(SHOWN)) word.setAttribute("data-closed", "");
}

function show(/** @type {Element | null} */ word) {
  const tip = word?.querySelector(".cvz-tip");
  if (!word || !(tip instanceof HTMLElement)) return;
  tip.id ||= freshId("tip");
  word.setAttribute("aria-describedby", tip.id);
  if (matchMedia(PHONE).matches) return void tip.removeAttribute("style");
  tip.style.position = "fixed";
  const { width, height } = tip.getBoundingClientRect();
  const { left, top, bottom } = word.getClientRects()[0];
  const under = bottom + height <= innerHeight - EDGE;
  tip.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  tip.style.top = `${under ? bottom : Math.max(EDGE, top - height)}px`;
}
