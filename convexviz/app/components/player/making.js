// A film that is being written on the server: a bar, what is being done, and a button that cancels it.

import { onceGone, setText } from "../web/dom.js";

const PLACES = new WeakMap();
const LOOK_MS = 400; // from one answer to the next question
const PATIENCE_MS = 5000; // an answer that does not come is asked for again

const MARKUP = `
  <div class="cvz-making-row">
    <progress max="1" value="0" data-testid="making-bar" aria-label="How much is there"></progress>
    <button type="button" class="cvz-making-cancel" data-testid="making-cancel">Cancel</button>
  </div>
  <div class="cvz-making-words" data-testid="making-words"></div>`;

function makePlace(parentElement) {
  const root = document.createElement("div");
  root.className = "cvz-making";
  root.innerHTML = MARKUP;
  parentElement.append(root);
  const part = (name) => root.querySelector(`[data-testid="making-${name}"]`);
  const place = { root, bar: part("bar"), words: part("words"), cancel: part("cancel"), timer: 0 };
  place.cancel.addEventListener("click", () => cancel(place));
  PLACES.set(parentElement, place);
  return place;
}

function lookAfter(place, ms) {
  clearTimeout(place.timer);
  place.timer = setTimeout(() => {
    place.send("look", Date.now());
    lookAfter(place, PATIENCE_MS);
  }, ms);
}

function cancel(place) {
  place.cancel.setAttribute("aria-disabled", "true");
  setText(place.words, "Cancelling …");
  place.send("cancel", Date.now());
  lookAfter(place, PATIENCE_MS);
}

/** @param {import("../contracts.js").Mounting<import("../contracts.js").MakingMessage>} mounting */
export default function mountMaking({ data, parentElement, setTriggerValue }) {
  const place = PLACES.get(parentElement) ?? makePlace(parentElement);
  place.send = setTriggerValue;
  if (data.seen !== place.seen) {
    place.seen = data.seen;
    place.bar.value = data.share;
    setText(place.words, data.words);
    lookAfter(place, LOOK_MS);
  }
  return onceGone(parentElement, () => {
    clearTimeout(place.timer);
    place.root.remove();
    PLACES.delete(parentElement);
  });
}
