// The conversation with Python: revisions, acknowledgements, and one live position at a time.
// The newest points always arrive: a live position waits for the answer to the one before, the final one never waits.

const PATIENCE = 2000; // ms after which a live position is sent without an acknowledgement
const RESENDS = 3; // a server that keeps forgetting is not asked for ever
const LATE = 150; // ms after which an answer counts as late

/** @typedef {{pending: boolean, late: boolean}} State */
/** @typedef {ReturnType<typeof setTimeout> | undefined} Timer */

export class Link {
  // `read()` gives the points to send; `tell({pending, late})` hears when that state changes.
  /** @param {() => object} read @param {(state: State, wasPending: boolean) => void} tell */
  constructor(read, tell) {
    this.read = read;
    this.tell = tell;
    /** @type {((name: string, message: object) => void) | null} */
    this.send = null;
    /** @type {number | null} */
    this.gen = null;
    this.rev = 0;
    this.sent = 0;
    this.acked = 0;
    this.waiting = false; // a live position that has not been sent yet
    this.resends = 0;
    /** @type {State} */
    this.state = { pending: false, late: false };
    this.sentAt = 0;
    /** @type {Timer} */
    this.patience = undefined;
    /** @type {Timer} */
    this.lateTimer = undefined;
  }

  get outstanding() {
    return this.sent > this.acked;
  }

  // Other points, of which nothing is known yet.
  restart() {
    clearTimeout(this.patience);
    clearTimeout(this.lateTimer);
    this.gen = null;
    this.rev = this.sent = this.acked = this.resends = 0;
    this.waiting = false;
    this.report({ pending: false, late: false });
  }

  // The points have changed here. Returns at once.
  /** @param {boolean} live */
  changed(live) {
    this.rev += 1;
    if (live && this.outstanding) this.waiting = true;
    else this.transmit(live);
  }

  /** @param {boolean} live */
  transmit(live) {
    this.waiting = false;
    this.sent = this.rev;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.waiting && this.transmit(true), PATIENCE);
    this.watch();
    this.send?.("points", { gen: this.gen, rev: this.rev, live, ...this.read() });
  }

  // The server was away when this was said: it is said as news, for what a new session finds there is no change to it.
  repeat() {
    if (!this.outstanding) return;
    this.rev += 1;
    this.transmit(false);
  }

  watch() {
    clearTimeout(this.lateTimer);
    this.report({ pending: true });
    this.lateTimer = setTimeout(() => this.report({ late: true }), LATE);
    this.sentAt = performance.now();
  }

  // An answer to revision `rev` (or its refusal) has come.
  /** @param {number} rev */
  answered(rev) {
    this.acked = Math.max(this.acked, rev);
    if (this.outstanding) return;
    const prompt = performance.now() - this.sentAt < LATE;
    clearTimeout(this.patience);
    clearTimeout(this.lateTimer);
    if (this.waiting) {
      if (prompt) this.report({ late: false });
      this.transmit(true);
    } else this.report({ pending: false, late: false });
  }

  // Start over from Python's state: it has replaced the data, or this board is new on the page.
  /** @param {number} gen @param {number} rev */
  adopt(gen, rev) {
    Object.assign(this, { gen, rev, sent: rev, acked: rev, waiting: false, resends: 0 });
    clearTimeout(this.patience);
    clearTimeout(this.lateTimer);
    this.report({ pending: false, late: false });
  }

  // What Python's (gen, rev) means to this board.
  /** @param {number} gen @param {number} rev */
  verdict(gen, rev) {
    if (this.gen === null) return "first";
    if (gen > this.gen) return "replaced";
    if (gen < this.gen || rev < this.acked) return "forgotten";
    return rev > this.rev ? "ahead" : "known";
  }

  // The server has lost what it had acknowledged (it was restarted): tell it again, as news.
  /** @param {number} gen @param {number} rev */
  resend(gen, rev) {
    if (this.resends >= RESENDS) return;
    this.resends += 1;
    this.gen = gen;
    this.acked = rev;
    this.rev = Math.max(this.rev, rev) + 1;
    this.transmit(false);
  }

  /** @param {Partial<State>} change */
  report(change) {
    const next = { ...this.state, ...change };
    const { pending, late } = this.state;
    this.state = next;
    if (next.pending !== pending || next.late !== late) this.tell(next, pending);
  }

  stop() {
    clearTimeout(this.patience);
    clearTimeout(this.lateTimer);
  }
}
