// The certificate badge: what was reached, what is proved, and by how little they differ. Its nodes are made once;
// a new answer or a scrubbed frame only changes text, so nothing jumps. "Proved" is said of what this browser has checked
// in exact arithmetic (proof.js); what the server's floating point found is called certified.

import { bus, newest } from "../web/bus.js";
import { onceGone, setText } from "../web/dom.js";
import { duration, scientific, significant, toNumber } from "./numbers.js";
import { Proof, PROOF_URL, proofWords, saveProof } from "./proof.js";

const BADGES = new WeakMap();
const BADGE_LATE_MS = 150; // an answer later than this is shown as late
const SPEAK_MS = 1200; // screen readers hear an answer when the numbers have come to rest
const COPIED_MS = 1500;

const STATES = {
  certified: { icon: "✓", word: "Global optimum, certified", why: "No network of any width has a lower objective." },
  "upper-bound": { icon: "≤", word: "Upper bound", why: "The bound below it was not closed, so a better network may exist." },
  infeasible: { icon: "∅", word: "No solution", why: "No network meets these conditions." },
  error: { icon: "!", word: "No answer", why: "The solver gave no answer." },
  empty: { icon: "·", word: "Nothing to train yet", why: "Draw a few points to get a network and its proof." },
};

// What stands on the badge belongs to other points than those on the board: it is said before it is believed.
const LATE = { icon: "…", word: "Working on it", why: "The numbers below belong to the points before your last change." };
const AWAY = { icon: "!", word: "Connection lost", why: "The numbers below belong to the points before it was lost." };

const PROVED = "Global optimum, proved";
const REFUTED = { icon: "✗", word: "Refuted", why: "The answer is not as good as floating point makes it look." };

/** @type {[string, string, (d: Record<string, any>) => any, (value: any) => string][]} */
const SLOTS = [
  ["objective", "objective", (d) => d.objective, significant],
  ["lower-bound", "lower bound", (d) => d.lower_bound, significant],
  ["gap", "relative gap", (d) => d.gap, scientific],
  ["neurons", "neurons", (d) => d.neurons, significant],
  ["time", "solver time", (d) => d.seconds, duration],
  ["beta", "β", (d) => d.beta, significant],
];

const EXPLANATION = [
  "Training this network is a convex problem, and every choice of one number per data point, a dual vector v, that no single neuron can exceed gives a lower bound.",
  "By weak duality the objective of every network, of whatever width, lies at or above that lower bound.",
  "So when the objective of the network shown equals the lower bound, nobody can do better: that is the proof, and the relative gap says how exactly the two agree.",
  "For points on a line or in a plane your browser repeats all of it in whole numbers and fractions, where nothing is rounded to the wrong side and nothing the server says is trusted.",
];
const READ_IT = `<a href="${PROOF_URL}" target="_blank" rel="noopener">Read the script that checks</a>, or check the proof file with <code>python -m convexviz verify</code>.`;

// ---------------------------------------------------------------- nodes, made once

/** @param {unknown[]} slot */
function slotMarkup([testid, label]) {
  const value = `<dd data-testid="${testid}" data-value="">–</dd>`;
  return `<div class="cvz-badge-slot cvz-badge-${testid}"><dt>${label}</dt>${value}</div>`;
}

function badgeMarkup() {
  return `
    <div class="cvz-badge-main">
      <div class="cvz-badge-state" data-testid="status" data-value="empty">
        <span class="cvz-badge-icon" aria-hidden="true"></span>
        <div><div class="cvz-badge-word"></div><div class="cvz-badge-why"></div></div>
      </div>
      <dl class="cvz-badge-slots">${SLOTS.map(slotMarkup).join("")}</dl>
    </div>
    <div class="cvz-badge-proof" data-testid="proof" data-value="none">
      <span class="cvz-badge-checked"></span>
      <button type="button" class="cvz-badge-button cvz-badge-file" data-testid="proof-file" title="All numbers of the proof, exactly; anybody can check it">Proof file</button>
      <button type="button" class="cvz-badge-button cvz-badge-now" data-testid="proof-now">Check now</button>
    </div>
    <div class="cvz-badge-foot">
      <details><summary>What is this?</summary><p>${EXPLANATION.join(" ")} ${READ_IT}</p></details>
      <span class="cvz-badge-how"></span>
      <button type="button" class="cvz-badge-button cvz-badge-copy">Copy numbers</button>
    </div>
    <div class="cvz-badge-spoken" aria-live="polite"></div>`;
}

function makeBadge(parentElement) {
  const root = document.createElement("section");
  root.className = "cvz-badge";
  root.setAttribute("aria-label", "Certificate");
  root.innerHTML = badgeMarkup();
  parentElement.append(root);
  /** @type {(name: string) => HTMLElement} */
  const part = (name) => root.querySelector(`.cvz-badge-${name}`);
  const badge = { root, part, solved: {}, frame: null, behind: null };
  badge.proof = new Proof(() => redraw(badge));
  part("copy").onclick = () => copy(badge);
  part("file").onclick = () => saveProof(badge.proof);
  part("now").onclick = () => badge.proof.askNow();
  badge.off = [bus.on("scrub", (frame) => scrub(badge, frame)), bus.on("pending", ({ pending }) => pend(badge, pending))];
  badge.off.push(bus.on("connection", ({ lost }) => setBehind(badge, lost ? AWAY : (badge.behind && LATE))));
  BADGES.set(parentElement, badge);
  return badge;
}

// ---------------------------------------------------------------- showing one answer

function redraw(badge) {
  badge.queued ??= requestAnimationFrame(() => {
    badge.queued = null;
    show(badge, badge.frame?.badge ?? badge.solved);
  });
}

function source({ frame }, data) {
  if (!frame?.badge) return origin(data);
  return frame.round === undefined ? "from the path solved in advance" : `round ${frame.round} of the film`;
}

function show(badge, data) {
  badge.shown = data;
  const checked = showProof(badge, data);
  const behind = badge.frame?.badge ? null : badge.behind;
  const state = behind ?? stateOf(data, checked);
  badge.root.dataset.status = behind ? "late" : state === REFUTED ? "refuted" : data.status;
  badge.part("state").dataset.value = behind ? "late" : data.status;
  setText(badge.part("icon"), state.icon);
  setText(badge.part("word"), state.word);
  setText(badge.part("why"), behind ? behind.why : reason(data, state));
  setText(badge.part("how"), source(badge, data));
  badge.root.classList.toggle("cvz-scrubbed", Boolean(badge.frame?.badge));
  if (data.bare) badge.root.querySelector(".cvz-badge-slots")?.remove();
  else for (const slot of SLOTS) fill(badge.root, slot, data);
  if (!behind) speak(badge, state);
}

function stateOf(data, { value }) {
  const common = STATES[data.status] ?? STATES.error;
  const why = `No network of any width with this shape (${data.shape}) between the first and the last point has a lower objective.`;
  const state = data.shape && data.status === "certified" ? { ...common, why } : common;
  if (data.status !== "certified") return state;
  return { exact: { ...state, word: PROVED }, float: state, none: REFUTED }[value];
}

// Proves the answer once it is this that is shown and the hand is still; returns what can be said of it by now.
function showProof(badge, data) {
  const { proof, frame } = badge;
  const [packed, framed] = [typeof badge.solved.proof === "object" ? badge.solved.proof : null, Boolean(frame?.badge)];
  proof.offer(packed, !framed && !bus.last.pending?.pending);
  const checked = proofWords(data, proof, framed);
  badge.part("proof").dataset.value = checked.value;
  setText(badge.part("checked"), checked.words);
  badge.part("checked").title = checked.more;
  badge.part("file").hidden = framed || !proof.found?.document;
  badge.part("now").hidden = framed || !packed || !proof.large || proof.asked;
  return checked;
}

function reason(data, state) {
  if (state === REFUTED) return state.why;
  const unique = { true: " It is the only optimum.", false: " Other networks reach the same objective." };
  const tail = data.status === "certified" ? (unique[data.unique] ?? "") : "";
  return (data.message || state.why) + tail;
}

const origin = ({ method, loss }) => [loss, method].filter(Boolean).join(" · ").replaceAll("_", " ");

function fill(root, [testid, , get, format], data) {
  const node = root.querySelector(`[data-testid="${testid}"]`);
  const value = toNumber(get(data)) ?? null;
  node.dataset.value = value === null ? "" : repr(value);
  setText(node, format(value));
}

// The spelling that Python's float() reads back.
const repr = (value) => String(value).replace("Infinity", "inf").replace("NaN", "nan");

function speak(badge, state) {
  clearTimeout(badge.speaking);
  if (badge.frame) return;
  const { objective, neurons } = badge.solved;
  const numbers = objective == null ? reason(badge.solved, state) : `Objective ${significant(toNumber(objective))}, ${neurons} neurons.`;
  badge.speaking = setTimeout(() => setText(badge.part("spoken"), `${state.word}. ${numbers}`), SPEAK_MS);
}

// ---------------------------------------------------------------- bus and buttons

function scrub(badge, frame) {
  badge.frame = frame;
  redraw(badge);
}

function pend(badge, pending) {
  clearTimeout(badge.late);
  if (pending) badge.late = setTimeout(() => setBehind(badge, LATE), BADGE_LATE_MS);
  setBehind(badge, null);
}

// What is shown belongs to points that have changed since: it is dimmed, and nothing is said to be proved.
function setBehind(badge, behind) {
  badge.behind = behind;
  badge.root.classList.toggle("cvz-late", behind !== null);
  redraw(badge);
}

function asText({ shown: { status, ...data }, part, proof: { found } }) {
  const { value } = part("proof").dataset;
  const exact = value === "exact" ? [`exact upper bound = ${repr(found.upper)}`, `exact lower bound = ${repr(found.lower)}`] : [];
  const lines = SLOTS.map(([, label, get]) => [label, toNumber(get(data))]).filter(([, value]) => value != null);
  return [`status = ${status}`, ...lines.map(([label, value]) => `${label} = ${repr(value)}`), `proof = ${value}`, ...exact].join("\n");
}

async function copy(badge) {
  const done = await toClipboard(asText(badge));
  const button = badge.part("copy");
  button.textContent = done ? "Copied" : "Copying is blocked";
  setTimeout(() => (button.textContent = "Copy numbers"), COPIED_MS);
}

// Plain http pages have no clipboard API; the old command still works there.
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function unmountBadge(parentElement) {
  const badge = BADGES.get(parentElement);
  BADGES.delete(parentElement);
  for (const off of badge?.off ?? []) off();
  clearTimeout(badge?.speaking);
  clearTimeout(badge?.late);
  cancelAnimationFrame(badge?.queued); // it would begin the check anew
  badge?.proof.halt();
  badge?.proof.dismiss();
  badge?.root.remove();
}

function take(badge, data) {
  badge.solved = data;
  if (bus.last.pending?.pending) pend(badge, true); // of points that have moved on by now, and not long ago
  if (badge.shown) redraw(badge);
  else show(badge, data);
}

export default function mountBadge({ data, parentElement }) {
  let badge = BADGES.get(parentElement);
  if (!badge) {
    badge = makeBadge(parentElement);
    badge.off.push(bus.on(`parcel:${data.key}`, (parcel) => take(badge, parcel)));
  }
  take(badge, newest(data));
  return onceGone(parentElement, () => unmountBadge(parentElement));
}
