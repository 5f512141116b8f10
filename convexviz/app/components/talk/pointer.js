// A large ring where a finger, a pen or the pressed mouse is: from the last row a cursor cannot be seen.

export class Pointer {
  constructor() {
    this.ring = document.createElement("div");
    this.ring.className = "cvz-talk-pointer";
    this.ring.dataset.testid = "talk-pointer";
    this.ring.setAttribute("aria-hidden", "true");
    document.body.append(this.ring);
    this.ending = new AbortController();
    const options = { capture: true, passive: true, signal: this.ending.signal };
    window.addEventListener("pointerdown", (event) => this.move(event, true), options);
    window.addEventListener("pointermove", (event) => this.move(event, event.buttons > 0 || event.pointerType === "touch"), options);
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
      window.addEventListener(end, () => this.ring.classList.remove("is-down"), options);
  }

  /** @param {PointerEvent} event @param {boolean} down */
  move({ clientX, clientY }, down) {
    this.ring.classList.toggle("is-down", down);
    if (down) this.ring.style.transform = `translate(${clientX}px, ${clientY}px)`;
  }

  leave() {
    this.ending.abort();
    this.ring.remove();
  }
}
