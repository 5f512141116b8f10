// A page in a frame of a given size, scaled down to the width there is; a new address loads it anew.

import { onceGone } from "../web/dom.js";

const HIGHEST = 420; // px that a preview may take

/** @type {WeakMap<HTMLElement, Preview>} */
const PREVIEWS = new WeakMap();

class Preview {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "cvz-preview";
    this.root.dataset.testid = "preview";
    this.frame = document.createElement("iframe");
    this.frame.title = "Preview";
    this.root.append(this.frame);
    parent.append(this.root);
    this.size = { width: 960, height: 540 };
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(parent);
    this.parent = parent;
  }

  /** @param {import("../contracts.d.ts").PreviewMessage} message */
  show({ address, width, height }) {
    this.size = { width, height };
    if (this.frame.getAttribute("src") !== address) this.frame.src = address;
    this.fit();
  }

  fit() {
    const { width, height } = this.size;
    const room = this.parent.clientWidth || width;
    const scale = Math.min(1, room / width, HIGHEST / height);
    Object.assign(this.frame.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` });
    Object.assign(this.root.style, { width: `${Math.round(width * scale)}px`, height: `${Math.round(height * scale)}px` });
  }

  leave() {
    this.sizes.disconnect();
    this.root.remove();
  }
}

/** @param {import("../contracts.d.ts").Mounting<import("../contracts.d.ts").PreviewMessage>} mounting */
export default function mountPreview({ data, parentElement }) {
  let preview = PREVIEWS.get(parentElement);
  if (!preview) PREVIEWS.set(parentElement, (preview = new Preview(parentElement)));
  preview.show(data);
  return onceGone(parentElement, () => {
    PREVIEWS.get(parentElement)?.leave();
    PREVIEWS.delete(parentElement);
  });
}
