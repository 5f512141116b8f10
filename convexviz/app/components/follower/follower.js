// Nothing to see: once the hand rests on other points than those shown here, a rerun of this fragment is asked for. So
// what stands in it follows every gesture, and no gesture waits for it.

import { bus } from "../web/bus.js";
import { onceGone } from "../web/dom.js";

const PLACES = new WeakMap();
const REST_MS = 300;

function makePlace(parentElement, key) {
  const place = { asked: 0, timer: 0 };
  const offs = [bus.on(`parcel:${key}`, () => look(place)), bus.on("pending", () => look(place))];
  place.off = () => offs.forEach((off) => off());
  PLACES.set(parentElement, place);
  return place;
}

// What is newer than the parcel, a run of the whole page, has brought this place its news itself.
function look(place) {
  clearTimeout(place.timer);
  const parcel = bus.last[`parcel:${place.data.key}`];
  if (!parcel || parcel.live || parcel.seq < place.data.seq || parcel.path_rev === place.data.rev) return;
  if (bus.last.pending?.pending) return;
  place.timer = setTimeout(() => place.send("news", (place.asked += 1)), REST_MS);
}

/** @param {import("../contracts.js").Mounting<import("../contracts.js").FollowerMessage>} mounting */
export default function mountFollower({ data, parentElement, setTriggerValue }) {
  const place = PLACES.get(parentElement) ?? makePlace(parentElement, data.key);
  Object.assign(place, { data, send: setTriggerValue });
  look(place);
  return onceGone(parentElement, () => {
    if (!PLACES.delete(parentElement)) return;
    clearTimeout(place.timer);
    place.off();
  });
}
