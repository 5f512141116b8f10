// Keeps each lesson's drawing in the browser and brings it back: by itself after a reload, if asked in a new visit.
// A link that names a state wins, and what was opened is kept only once it has been changed.
import { bus, newest } from "../web/bus.js";
import { onceGone } from "../web/dom.js";
import { recall, remember } from "./store.js";

/** @typedef {import("../contracts.d.ts").KeeperMessage} News */

const PATIENCE = 4000; // ms after which a drawing that has not come back is asked for again
const TRIES = 4;
const AFTER = 60; // ms until what came with a message has been taken up by the other parts of the page

/** @type {Map<string, {opened: string, changed: boolean}>} */
const visits = new Map(); // by session and lesson
/** @type {Set<string>} */
const sessions = new Set();
let told = 0;

/** @type {(news: News) => boolean} */
const reloaded = ({ session }) => {
  const [entry] = performance.getEntriesByType("navigation");
  const type = /** @type {PerformanceNavigationTiming | undefined} */ (entry)?.type;
  return type === "reload" || type === "back_forward" || [...sessions].some((other) => other !== session);
};

class Keeper {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "cvz-keeper";
    this.root.dataset.testid = "keeper";
    this.root.setAttribute("role", "status");
    document.body.append(this.root);
    this.parent = parent;
    /** @type {HTMLAnchorElement | undefined} */
    this.way = undefined;
    this.said = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
    this.off = bus.on("parcel:keeper", (news) => (news.embedded ? this.lead(news) : this.keep(news)));
  }

  /** @param {News} data @param {(name: string, value: unknown) => void} send */
  update(data, send) {
    this.send = send;
    const news = newest(data);
    const name = `${news.session}/${news.page}`;
    if (news.embedded) this.lead(news);
    else if (!visits.has(name)) this.open(name, news);
    else this.keep(news);
    sessions.add(news.session);
    if (news.told > told) setTimeout(() => send("told", news.told), AFTER);
    told = news.told;
    if (news.brought && this.said !== name) this.say("brought", "Your drawing from before was brought back.", ["Start afresh", "afresh"]);
    if (!news.brought && this.root.dataset.says === "brought") this.say("");
    if (news.brought) {
      this.said = name;
      clearTimeout(this.again);
    }
  }

  /** @param {string} name @param {News} news */
  open(name, news) {
    visits.set(name, { opened: news.query, changed: false });
    const kept = news.fresh ? recall(news.page) : null;
    if (!kept || kept === news.query) return;
    this.kept = { page: news.page, query: kept };
    if (reloaded(news)) this.restore(TRIES);
    else this.say("kept", "Your last drawing here is kept in this browser.", ["Bring it back", "restore"]);
  }

  // A request that meets a run under way can be lost.
  /** @param {number} tries */
  restore(tries) {
    this.send?.("restore", this.kept);
    if (tries > 1) this.again = setTimeout(() => this.restore(tries - 1), PATIENCE);
  }

  // Several lessons may be embedded in one page, each in the state of its own link: none of them is kept.
  /** @param {News} news */
  lead({ query }) {
    this.way ??= Object.assign(document.createElement("a"), {
      className: "cvz-whole", textContent: "convexviz ↗", title: "Open the whole lesson as it is now", target: "_blank", rel: "noopener",
    });
    if (!this.way.isConnected) (document.querySelector(".stApp") ?? document.body).append(this.way); // has the theme's inks
    this.way.href = location.pathname + (query ? `?${query}` : "");
  }

  /** @param {News} news */
  keep({ session, page, query }) {
    const visit = visits.get(`${session}/${page}`);
    if (!visit || (!visit.changed && query === visit.opened)) return;
    if (!visit.changed && this.root.dataset.says === "kept") this.say("");
    visit.changed = true;
    clearTimeout(this.again);
    remember(page, query);
  }

  /** @param {string} says @param {string} [words] @param {string[]} [offer] text of a button, and what it asks for */
  say(says, words = "", offer) {
    if (says) this.root.dataset.says = says;
    else delete this.root.dataset.says;
    this.root.textContent = words;
    if (!offer) return;
    const [text, asks] = offer;
    this.button(text, () => this.send?.(asks, asks === "restore" ? this.kept : performance.now()));
    this.button("Close", () => undefined);
  }

  /** @param {string} text @param {() => void} act */
  button(text, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.onclick = () => {
      this.say("");
      act();
    };
    this.root.append(button);
  }

  leave() {
    this.off();
    clearTimeout(this.again);
    this.root.remove();
    this.way?.remove();
  }
}

/** @type {WeakMap<HTMLElement, Keeper>} */
const keepers = new WeakMap();

/** @param {import("../contracts.d.ts").Mounting<News>} mounting */
export default function mountKeeper({ data, parentElement, setTriggerValue }) {
  let keeper = keepers.get(parentElement);
  if (!keeper) keepers.set(parentElement, (keeper = new Keeper(parentElement)));
  keeper.update(data, setTriggerValue);
  return onceGone(parentElement, () => {
    keepers.get(parentElement)?.leave();
    keepers.delete(parentElement);
  });
}
