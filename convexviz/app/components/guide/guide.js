// Brings the figure of a scene into view, keeps which challenges were met, and says so quietly.
import { bus, newest } from "../web/bus.js";
import { onceGone, setText } from "../web/dom.js";
import { met, remember } from "./progress.js";
import { watchTips } from "./tips.js";

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
  const offTips = watchTips();

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
    const entered = seen === undefined && !data.scene.includes("/try/"); // by a link to a stop or a challenge
    if (data.scene !== seen && (seen !== undefined || entered)) bringIntoView(data.figure);
  }

  function leave() {
    watch.disconnect();
    offParcel();
    offTips();
    root.remove();
  }
  return guide;
}

const SETTLING = 2500; // ms in which parts of a new page may still grow and push the figure away
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

// Once the run that began the scene has drawn it: a figure is there one frame later at the earliest, and later where the
// page before had none. While the page still grows it is kept in view, until the reader takes over.
function bringIntoView(/** @type {string} */ figure, until = performance.now() + SETTLING) {
  if (!figure) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  requestAnimationFrame(() => {
    const found = document.querySelector(`.st-key-${CSS.escape(figure)}`);
    if (!(found instanceof HTMLElement)) {
      if (performance.now() < until) bringIntoView(figure, until);
      return;
    }
    const look = () => lookAt(found, calm ? "auto" : "smooth");
    const grows = new ResizeObserver(look);
    const stop = () => {
      grows.disconnect();
      for (const hand of HANDS) removeEventListener(hand, stop, true);
    };
    for (const hand of HANDS) addEventListener(hand, stop, true);
    setTimeout(stop, SETTLING);
    grows.observe(found.closest("[data-testid=stMainBlockContainer]") ?? found);
    look();
  });
}

// Between the bar at the top and the guide's card at the foot; what does not fit there shows its beginning.
function lookAt(/** @type {HTMLElement} */ found, /** @type {ScrollBehavior} */ behavior) {
  const bar = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().height ?? 0;
  const card = document.querySelector(".st-key-guide:has(button)")?.getBoundingClientRect().height ?? 0;
  found.style.scrollMargin = `${bar + 8}px 0 ${card + 8}px`;
  const fits = found.getBoundingClientRect().height + bar + card + 16 <= innerHeight;
  found.scrollIntoView({ block: fits ? "nearest" : "start", behavior });
}

/** @param {import("../contracts.d.ts").Mounting<import("../contracts.d.ts").GuideMessage>} mounting */
export default function mountGuide({ data, parentElement }) {
  let guide = GUIDES.get(parentElement);
  if (!guide) GUIDES.set(parentElement, (guide = makeGuide(parentElement)));
  guide.update(data);
  return onceGone(parentElement, () => {
    GUIDES.get(parentElement)?.leave();
    GUIDES.delete(parentElement);
  });
}
