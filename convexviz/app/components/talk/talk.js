// The stage around the pictures of a lesson: the sentence above them, the number of the scene, and the keys. It outlives
// the pages of the lessons, so that a key pressed while one goes and the next comes is not lost.

import { bus } from "../web/bus.js";
import { onceGone, setText } from "../web/dom.js";
import { asks, ownsArrows, typing, watchFocus } from "./keys.js";
import { Pointer } from "./pointer.js";
import { sentence } from "./sentence.js";
import { choose, chosen, visitors } from "./theme.js";

/** @typedef {import("../contracts.d.ts").TalkMessage} News */
/** @typedef {import("../contracts.d.ts").TalkRequest} Request */

const AGAIN = 4000; // ms after which a step that has led nowhere is told once more
const GRACE = 4000; // ms without a page after which the stage is cleared
const LONG = 105; // characters that fit into two lines in large letters

const KEYS = [
  ["→ Space PageDown", "next scene"], ["← PageUp", "the one before"], ["Home End", "first, last"],
  ["B  W", "blank: black, white"], ["T", "light or dark"], ["R", "this scene afresh"], ["F", "full screen"],
  ["?", "these keys"], ["Esc", "leave the talk"],
];

/** @type {<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, parent?: Element) => HTMLElementTagNameMap[K]} */
function make(tag, name, parent = document.body) {
  const element = document.createElement(tag);
  element.className = name;
  parent.append(element);
  return element;
}

// Another address, as if by the browser's back and forward: Streamlit hears of it and runs that page.
const tell = () => window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));

/** @param {string} lesson @param {URLSearchParams} query */
function open(lesson, query) {
  const text = String(query);
  history.pushState(history.state, "", `${location.pathname.replace(/[^/]*$/, lesson)}${text && `?${text}`}`);
  tell();
}

class Stage {
  constructor() {
    /** @type {News | null} */
    this.news = null;
    /** @type {((name: string, value: unknown) => void) | null} */
    this.send = null;
    /** @type {number | null} */
    this.want = null; // the scene that was asked for and is not there yet
    this.on = false;
    /** @type {HTMLElement | null} */
    this.place = null; // in the page that is on
    this.followed = 0; // the way that was followed last
    watchFocus();
    window.addEventListener("keydown", (event) => this.key(event), true);
  }

  // ---- what is shown --------------------------------------------------------------------------------------------

  build() {
    this.head = make("header", "cvz-talk-head");
    this.words = make("p", "cvz-talk-sentence", this.head);
    this.words.dataset.testid = "talk-sentence";
    this.problem = make("div", "cvz-talk-problem", this.head);
    this.problem.dataset.testid = "talk-problem";
    this.foot = make("div", "cvz-talk-foot");
    this.back = this.button("‹", "The scene before (←)", () => this.step(-1));
    this.counter = make("span", "cvz-talk-counter", this.foot);
    this.counter.dataset.testid = "talk-counter";
    this.counter.setAttribute("aria-live", "polite");
    this.next = this.button("›", "The next scene (→)", () => this.step(1));
    this.button("?", "Keys (?)", () => this.toggleKeys());
    this.button("×", "Leave the talk (Esc)", () => this.leave());
    this.list = make("dl", "cvz-talk-keys");
    this.list.hidden = true;
    for (const [keys, words] of KEYS) {
      make("dt", "", this.list).textContent = keys;
      make("dd", "", this.list).textContent = words;
    }
    this.blank = make("div", "cvz-talk-blank");
    this.blank.dataset.testid = "talk-blank";
    this.blank.hidden = true;
    this.blank.addEventListener("pointerdown", () => this.dark(false));
    this.pointer = new Pointer();
    this.on = true;
  }

  /** @param {string} sign @param {string} words @param {() => void} act */
  button(sign, words, act) {
    const button = make("button", "", this.foot);
    Object.assign(button, { type: "button", textContent: sign, title: words });
    button.setAttribute("aria-label", words);
    button.addEventListener("click", act);
    return button;
  }

  clear() {
    if (!this.on) return;
    for (const element of [this.head, this.foot, this.list, this.blank]) element?.remove();
    this.pointer?.leave();
    delete document.documentElement.dataset.talkTheme;
    this.on = false;
    bus.emit("theme", "");
  }

  /** @param {News} news @param {(name: string, value: unknown) => void} send */
  update(news, send) {
    clearTimeout(this.going);
    this.news = news;
    this.send = send;
    this.follow(news.go);
    if (!news.on) return void this.clear();
    if (!this.on) this.build();
    this.arrive(news);
    const { words, problem, counter, back, next } = this;
    if (words) {
      sentence(words, news.sentence);
      words.toggleAttribute("data-long", (words.textContent ?? "").length > LONG);
    }
    if (problem) setText(problem, news.problem && `Not all of this link could be read: ${news.problem}`);
    if (counter) setText(counter, news.lessons.length ? `${news.at + 1} / ${news.lessons.length}` : "");
    for (const button of [back, next]) if (button) button.hidden = news.lessons.length < 2;
    this.colour();
  }

  /** @param {News["go"]} way */
  follow(way) {
    if (!way || way.seq <= this.followed) return;
    this.followed = way.seq;
    this.want = null;
    open(way.lesson, new URLSearchParams(way.query));
  }

  /** @param {News} news */
  arrive({ at }) {
    if (this.want !== null && this.want !== at) return; // of the scene before: the next is on its way
    this.want = null;
    clearTimeout(this.again);
  }

  // The speaker's choice goes before that of the scene, and both before the visitor's own.
  colour() {
    const theme = chosen() || this.news?.theme || visitors();
    const { dataset } = document.documentElement;
    if (dataset.talkTheme === theme) return;
    dataset.talkTheme = theme;
    bus.emit("theme", theme);
  }

  gone() {
    this.going = setTimeout(() => this.clear(), GRACE);
  }

  // ---- where it goes --------------------------------------------------------------------------------------------

  /** @param {Request} request */
  ask(request) {
    this.send?.("ask", { ...request, stamp: performance.now() });
  }

  /** @param {number} by */
  step(by) {
    this.go((this.want ?? this.news?.at ?? 0) + by);
  }

  /** @param {number} to */
  go(to) {
    const { lessons = [], at = 0 } = this.news ?? {};
    if (!lessons.length) return;
    const place = Math.min(Math.max(0, to), lessons.length - 1);
    if (place === (this.want ?? at)) return;
    this.want = place;
    const query = new URLSearchParams(location.search);
    query.set("at", String(place));
    open(lessons[place], query);
    this.patience();
  }

  // Word of a new address that meets a run under way can be lost.
  patience() {
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (this.want === null || new URLSearchParams(location.search).get("at") !== String(this.want)) {
        this.want = null; // the visitor has gone back meanwhile
        return;
      }
      tell();
      this.patience();
    }, AGAIN);
  }

  leave() {
    const own = location.pathname.split("/").at(-1) ?? "";
    this.want = null;
    clearTimeout(this.again);
    open(own, new URLSearchParams());
  }

  /** @param {boolean} on @param {boolean} [white] */
  dark(on, white = false) {
    if (!this.blank) return;
    this.blank.hidden = !on;
    this.blank.toggleAttribute("data-white", white);
    if (this.foot) this.foot.hidden = on;
    this.foot?.style.setProperty("display", on ? "none" : "");
  }

  toggleKeys() {
    if (this.list) this.list.hidden = !this.list.hidden;
  }

  toggleTheme() {
    choose(document.documentElement.dataset.talkTheme === "dark" ? "light" : "dark");
    this.colour();
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => undefined); // a browser may not allow it
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing()) return;
    if (!this.on) {
      if (!(event.shiftKey && event.key === "P") || !this.send) return;
      this.ask({ ask: "begin" });
    } else if (!this.act(asks(event), ownsArrows(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {string} what @param {boolean} owned whether the key belongs to what has the keyboard's focus */
  act(what, owned) {
    if (!what || owned) return false;
    const blank = this.blank && !this.blank.hidden;
    if (blank) this.dark(false);
    const acts = {
      next: () => this.step(1), back: () => this.step(-1), first: () => this.go(0), last: () => this.go(Infinity),
      black: () => blank || this.dark(true), white: () => blank || this.dark(true, true), theme: () => this.toggleTheme(),
      leave: () => blank || this.leave(), again: () => this.ask({ ask: "again" }),
      screen: () => this.fullScreen(), keys: () => this.toggleKeys(),
    };
    acts[/** @type {keyof typeof acts} */ (what)]();
    return true;
  }
}

/** @type {Stage | undefined} */
let stage;

/** @param {import("../contracts.d.ts").Mounting<News>} mounting */
export default function mountTalk({ data, parentElement, setTriggerValue }) {
  stage ??= new Stage();
  const held = stage;
  held.place = parentElement;
  held.update(data, setTriggerValue);
  return onceGone(parentElement, () => {
    if (held.place !== parentElement) return; // the next page is there
    held.send = null;
    held.gone();
  });
}
