// The exact check of an answer, by the visitor's own browser: a worker makes the proof file and checks it in exact
// arithmetic (proof_check.js) once the hand rests. A newer answer puts an end to a check under way.

import { decode } from "../web/codec.js";
import { at } from "../web/load.js";
import { duration, scientific, significant } from "./numbers.js";

const PROOF_REST_MS = 250; // a gesture that pauses for less goes on
const PROOF_LARGE = 300; // points in the plane, where the time grows with the square: more are checked on request
const PROOF_HAIR = 2; // a gap within so many tolerances is above by rounding; beyond, the answer was wrong
const PROOF_FILE = "convexviz-proof.json";

const WORKER_URL = at("badge/proof_worker.js");
export const PROOF_URL = at("badge/proof_check.js"); // for who wants to read it

// `tell()` is called when there is something new to show.
export class Proof {
  constructor(tell) {
    this.tell = tell;
    this.waiting = null; // the timer of a check to begin
    this.busy = false;
    /** @type {Worker | null} */
    this.worker = null;
    this.forget(null);
  }

  forget(packed) {
    /** @type {import("../contracts.js").Proof | null} */
    this.packed = packed;
    this.key = JSON.stringify(packed ?? null);
    this.found = null;
    this.asked = false;
  }

  // `packed` is what comes with an answer; `resting` says whether the page shows that answer and the hand is still.
  offer(packed, resting) {
    if (packed !== this.packed && JSON.stringify(packed ?? null) !== this.key) {
      this.halt();
      this.forget(packed);
    }
    const under = this.found || this.waiting || this.busy;
    if (!resting) this.halt();
    else if (this.packed && !under && (this.asked || !this.large)) this.begin(PROOF_REST_MS);
  }

  get large() {
    const { d, n, bias } = this.packed ?? {};
    return d === 2 && bias && n > PROOF_LARGE;
  }

  askNow() {
    this.asked = true;
    this.begin(0);
  }

  begin(rest) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.start(), rest);
  }

  start() {
    this.waiting = null;
    this.busy = true;
    this.tell();
    try {
      this.worker ??= this.hire();
      this.worker.postMessage({ id: this.key, answer: answerOf(this.packed) });
    } catch (error) {
      this.fail(error.message);
    }
  }

  hire() {
    const worker = new Worker(WORKER_URL, { type: "module" });
    worker.onmessage = ({ data }) => data.id === this.key && this.end(data);
    worker.onerror = ({ message }) => this.fail(message || "its script did not load");
    return worker;
  }

  end(found) {
    this.found = found;
    this.busy = false;
    this.tell();
  }

  fail(reason) {
    this.dismiss();
    this.end({ verdict: "failed", reason });
  }

  // A worker that rests stays for the next answer, one at work can only be ended.
  halt() {
    clearTimeout(this.waiting);
    this.waiting = null;
    if (!this.busy) return;
    this.busy = false;
    this.dismiss();
  }

  dismiss() {
    this.worker?.terminate();
    this.worker = null;
  }
}

// Arrays as numbers, for the worker.
function answerOf(packed) {
  return Object.fromEntries(Object.entries(packed).map(([name, value]) => [name, decode(value)]));
}

export function saveProof({ found }) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(found.document)], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: url, download: PROOF_FILE }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// ---------------------------------------------------------------- what is said of it

// {value, words, more}: `exact`, `float` or `none`, a sentence, and details for who points at it. `data` is what the
// badge shows, of an answer or of a frame.
export function proofWords(data, proof, framed) {
  const float = data.status === "certified" ? "float" : "none";
  const say = (words) => ({ value: float, words, more: "" });
  const certified = (words) => say(float === "float" ? words : "");
  if (framed || !data.proof) return certified("Certified in floating point.");
  if (data.proof === "later") return certified("In floating point so far; checked exactly when the hand rests.");
  if (proof.found) return verdictWords(data.proof, proof.found, float);
  if (proof.large && !proof.asked) return say(`The exact check of ${data.proof.n} points is made on request.`);
  return say("Your browser is checking it in exact arithmetic …");
}

function verdictWords(packed, found, float) {
  const { verdict, reason, relative, upper, lower } = found;
  const gap = relative < 1e-3 ? scientific(relative) : significant(Number(relative?.toPrecision(2)));
  const [time, tol] = [duration(found.ms / 1e3), scientific(packed.tol)];
  const more = verdict === "proved" ? `Exact bounds, rounded outwards: ${lower} to ${upper}; exact gap ${gap}.` : "";
  const say = (value, words) => ({ value, words, more });
  if (verdict === "failed") return say(float, `This browser could not make the exact check: ${reason}.`);
  if (verdict !== "proved") return say("none", `The exact check refutes this answer: ${reason}.`);
  if (float === "none") return say("none", `Both bounds hold in exact arithmetic (${time}): exact gap ${gap}.`);
  if (relative > PROOF_HAIR * packed.tol) return say("none", `The exact check refutes the proof: the gap is ${gap}.`);
  if (relative > packed.tol) return say("float", `Checked in exact arithmetic (${time}): the gap is a hair above ${tol}.`);
  return say("exact", `Your browser has just checked it in exact arithmetic (${time})${missedBy(packed, found)}.`);
}

// With biases what mends a miss is part of the bound; without, the exact problem may have no solution nearby.
function missedBy({ bias }, { violation }) {
  return !bias && violation > 0 ? `; values met to ${scientific(violation)}` : "";
}
