// Whether the server still lives: asked once an answer is long overdue, until it has come. A server that is busy does not
// answer in time either; only one that refuses, or stays silent several times in a row, counts as away.

import { appRoot } from "../web/load.js";

const OVERDUE = 2500; // ms after which an answer is asked after
const AGAIN = 1500; // ms between two questions
const SILENCE = 4000; // ms that one question waits
const SILENCES = 3; // in a row that count as away
const REPEAT = 4000; // ms between two repetitions of what was said while nobody heard it

export const AWAY = "The connection is lost. What you draw is kept here, and answered when the server is back.";

/** @returns {Promise<"there" | "refused" | "silent">} */
async function ask() {
  try {
    const reply = await fetch(new URL("_stcore/health", appRoot), { cache: "no-store", signal: AbortSignal.timeout(SILENCE) });
    return reply.ok ? "there" : "refused";
  } catch (error) {
    return /** @type {Error} */ (error).name === "TimeoutError" ? "silent" : "refused";
  }
}

export class Connection {
  // `tell(lost)` hears when that changes; `repeat()` says again what has not been answered, once the server is back: the
  // page itself needs a moment to find it, so perhaps more than once.
  /** @param {(lost: boolean) => void} tell @param {() => void} repeat @param {typeof ask} question */
  constructor(tell, repeat, question = ask) {
    this.tell = tell;
    this.repeat = repeat;
    this.unheard = false;
    this.question = question;
    this.lost = false;
    this.silences = 0;
    this.turn = 0; // answers to questions of an earlier turn are not heard
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  // An answer is waited for, or has come.
  /** @param {boolean} pending */
  expect(pending) {
    clearTimeout(this.timer);
    this.turn += 1;
    this.silences = 0;
    this.unheard &&= pending;
    if (pending) this.timer = setTimeout(() => this.look(this.turn), OVERDUE);
    else this.report(false);
  }

  /** @param {number} turn */
  async look(turn) {
    const found = await this.question();
    if (turn !== this.turn) return;
    this.silences = found === "silent" ? this.silences + 1 : 0;
    this.report(found === "refused" || this.silences >= SILENCES);
    this.unheard ||= this.lost;
    const back = this.unheard && found === "there";
    if (back) this.repeat();
    this.timer = setTimeout(() => this.look(turn), back ? REPEAT : AGAIN);
  }

  /** @param {boolean} lost */
  report(lost) {
    if (lost === this.lost) return;
    this.lost = lost;
    this.tell(lost);
  }

  stop() {
    clearTimeout(this.timer);
    this.turn += 1;
  }
}
