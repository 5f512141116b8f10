// Brings the figure of a scene into view, keeps which challenges were met, and says so quietly.
import { bus, newest } from "../web/bus.js";
import { setText } from "../web/dom.js";
import { met, remember } from "./progress.js";

// What Streamlit draws cannot be given a name of our own: it is named here, by the key of its container.
const NAMES = [
  [".st-key-prompts [class*='st-key-try-'] button", "promise"],
  [".st-key-next-lesson a", "next-lesson"],
  [".st-key-previous-lesson a", "previous-lesson"],
];
const CHALLENGE = ".st-key-challenges [class*='st-key-challenge-']";

/** @type {WeakMap<HTMLElement, ReturnType<typeof makeGuide>>} */
const GUIDES = new WeakMap();

function makeGuide(/** @type {HTMLElement} */ parent) {
  const root = document.createElement("div");
  root.className = "cvz-guide";
  root.setAttribute("role", "status");
  parent.append(root);
  /** @type {import("../contracts.d.ts").GuideMessage | null} */
  let message = null;
  const guide = { root, update, leave };
  const watch = new MutationObserver(mark);
  watch.observe(document.body, { childList: true, subtree: true });
  const offParcel = bus.on("parcel:guide-eye", show);

  function mark() {
    for (const [selector, name] of NAMES) {
      for (const found of document.querySelectorAll(selector)) {
        if (found.getAttribute("data-testid") !== name) found.setAttribute("data-testid", name);
      }
    }
    const done = met();
    const lesson = message?.scene.split("/")[0];
    for (const box of document.querySelectorAll(CHALLENGE)) {
      const name = /st-key-challenge-([\w-]+)/.exec(box.className)?.[1];
      box.toggleAttribute("data-met", done.has(`${lesson}/${name}`));
    }
  }

  /** @param {import("../contracts.d.ts").GuideMessage} news */
  function show(news) {
    message = news;
    if (news.challenge && news.done) remember(news.challenge);
    root.toggleAttribute("data-done", news.done);
    setText(root, news.done ? `✓ ${news.reward}` : "");
    mark();
  }

  /** @param {import("../contracts.d.ts").GuideMessage} data */
  function update(data) {
    show(newest(data));
    const seen = bus.last.scene;
    bus.last.scene = data.scene;
    if (data.scene !== seen && seen !== undefined) bringIntoView(data.figure);
  }

  function leave() {
    watch.disconnect();
    offParcel();
    root.remove();
  }
  return guide;
}

// Once the run that began the scene has drawn it: a figure is there one frame later at the earliest.
function bringIntoView(/** @type {string} */ figure) {
  if (!figure) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  requestAnimationFrame(() => {
    const found = document.querySelector(`.st-key-${CSS.escape(figure)}`);
    found?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  });
}

/** @param {import("../contracts.d.ts").Mounting<import("../contracts.d.ts").GuideMessage>} mounting */
export default function mountGuide({ data, parentElement }) {
  let guide = GUIDES.get(parentElement);
  if (!guide) GUIDES.set(parentElement, (guide = makeGuide(parentElement)));
  guide.update(data);
  return () => {
    GUIDES.get(parentElement)?.leave();
    GUIDES.delete(parentElement);
  };
}
