// A dual vector in the hand. Three parts of a page share one state: the handles, the band with the two bounds, and the
// sums as they are done on paper.

import { onceGone } from "../web/dom.js";
import { mountBounds } from "./bounds.js";
import { mountHandles } from "./handles.js";
import { connect, forget, take, watch } from "./state.js";
import { mountWorked } from "./worked.js";

const PARTS = { handles: mountHandles, bounds: mountBounds, worked: mountWorked };

/** @type {WeakMap<HTMLElement, () => void>} */
const mounted = new WeakMap();

/** @param {import("../contracts.d.ts").Mounting<import("../contracts.d.ts").DualMessage>} mounting */
export default function mountDual({ data, parentElement, setStateValue }) {
  if (!mounted.has(parentElement)) {
    const { draw, leave } = PARTS[data.part](parentElement);
    const off = watch(draw);
    mounted.set(parentElement, () => [off, leave].forEach((end) => end()));
  }
  if (data.part === "handles") connect((request) => setStateValue("v", request));
  take(data);
  return onceGone(parentElement, () => {
    mounted.get(parentElement)?.();
    if (mounted.delete(parentElement) && data.part === "handles") forget();
  });
}
