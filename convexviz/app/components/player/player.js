// What plays and is slid: the film and the β slider share their clock, their speeds and keys, and how a frame reaches
// the page.

import { bus } from "../web/bus.js";

// Shows a frame in every picture of the page, or with null takes the page back to its answer. Whoever else shows frames
// meanwhile is heard as another part of the page; what is told from here is not.
export class Projector {
  constructor() {
    this.frame = null; // the one on show from here
    this.telling = false;
  }

  show(frame) {
    if (frame === this.frame) return;
    this.frame = frame;
    this.telling = true;
    try {
      bus.emit("scrub", frame);
    } finally {
      this.telling = false;
    }
  }

  // Calls `yielded()` when another part of the page shows something of its own; returns how to stop listening.
  whenOvertaken(yielded) {
    return bus.on("scrub", () => {
      if (this.telling) return;
      this.frame = null;
      yielded();
    });
  }
}

// Waits for the next frame: `step()` is called when the present one is painted and `due()`, a time, has come. Pictures
// draw in the next animation frame or in a task after it; both were queued by the frame's event and so run before ours.
// However long they take, frames never pile up, and a hidden page, which has no animation frames, waits.
export class Clock {
  constructor({ due, step }) {
    this.due = due;
    this.step = step;
    this.painting = 0;
    this.timer = 0;
  }

  wait() {
    this.stop();
    this.painting = requestAnimationFrame(() => {
      this.timer = setTimeout(() => {
        const rest = this.due() - performance.now();
        if (rest <= 0) this.step();
        else this.timer = setTimeout(this.step, rest);
      });
    });
  }

  stop() {
    cancelAnimationFrame(this.painting);
    clearTimeout(this.timer);
  }
}

const DIRECTIONS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -1, PageUp: 1, Home: -1, End: 1 };

// Steps that a key on a slider asks for: `one` for arrows, `many` for pages, `all` for the ends; 0 for any other key.
export function stepsOf(key, { one, many, all }) {
  if (!Object.hasOwn(DIRECTIONS, key)) return 0;
  return DIRECTIONS[key] * (key.startsWith("Arrow") ? one : key.startsWith("Page") ? many : all);
}

// How far along the slider is, from 0 to 1, for the style sheet that fills its track.
export const fillTrack = (node, share) => node.style.setProperty("--cvz-at", String(share));

export const SPEEDS = ["slow", "normal", "fast"];

/** @type {(id: string, words: string) => string} */
export function speedMarkup(id, words) {
  const options = SPEEDS.map((name) => `<option>${name}</option>`).join("");
  return `<select class="cvz-speed" data-testid="${id}" aria-label="${words}" title="${words}">${options}</select>`;
}

// One of the speeds, chosen by a `select` and remembered from visit to visit. Where storage is closed to the page, the
// choice lasts as long as the player.
export class SpeedChoice {
  constructor(select, store, changed = () => {}) {
    this.select = select;
    this.store = store;
    select.value = this.stored();
    select.addEventListener("change", () => {
      this.keep();
      changed();
    });
  }

  get name() {
    return this.select.value;
  }

  stored() {
    try {
      const name = localStorage.getItem(this.store);
      return SPEEDS.includes(name) ? name : "normal";
    } catch {
      return "normal";
    }
  }

  keep() {
    try {
      localStorage.setItem(this.store, this.name);
    } catch {
      // as above
    }
  }
}
