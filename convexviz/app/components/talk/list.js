// The talk that is being built, kept in this browser: it survives reloads and visits.

import { onceGone } from "../web/dom.js";

const NAME = "convexviz-talk";
const PLACES = new WeakMap();

/** @param {() => string | null | void} act */
function allowed(act) {
  try {
    return act() ?? "";
  } catch {
    return ""; // where nothing may be stored, the list lasts as long as the session
  }
}

/** @param {import("../contracts.d.ts").Mounting<import("../contracts.d.ts").TalkListMessage>} mounting */
export default function mountList({ data, parentElement, setTriggerValue }) {
  const { opened, text } = data;
  if (text !== null) allowed(() => localStorage.setItem(NAME, text));
  else if (PLACES.get(parentElement) !== opened) {
    PLACES.set(parentElement, opened);
    setTriggerValue("kept", { opened, text: allowed(() => localStorage.getItem(NAME)) });
  }
  return onceGone(parentElement, () => PLACES.delete(parentElement));
}
