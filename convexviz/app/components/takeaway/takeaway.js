// The buttons by which a lesson leaves the page: a click sends the button's name.

import { onceGone } from "../web/dom.js";

const PLACES = new WeakMap();

const ICONS = {
  export: "M10 3v9m0 0-3.5-3.5M10 12l3.5-3.5M4 13v3.5h12V13", // an arrow into a tray
  "take-home": "M3.5 10 10 4l6.5 6M5.5 8.5V16.5h9V8.5M8.5 16.5v-4h3v4", // a house
  talk: "M3 4h14M4 4v8.5h12V4M10 12.5V15m0 0-3 2.5m3-2.5 3 2.5", // a screen on its stand
};

function makeButton({ name, label, help }, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cvz-takeaway-button";
  button.dataset.testid = name;
  button.title = help;
  button.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  const words = document.createElement("span");
  words.textContent = label;
  button.append(words);
  button.addEventListener("click", () => press(name));
  return button;
}

/** @param {import("../contracts.js").Mounting<import("../contracts.js").TakeawayMessage>} mounting */
export default function mountTakeaway({ data, parentElement, setTriggerValue }) {
  let place = PLACES.get(parentElement);
  if (!place) {
    place = { root: document.createElement("div"), text: "", send: setTriggerValue };
    place.root.className = "cvz-takeaway";
    parentElement.append(place.root);
    PLACES.set(parentElement, place);
  }
  place.send = setTriggerValue;
  const text = JSON.stringify(data.buttons);
  if (text !== place.text) {
    const held = place;
    place.text = text;
    place.root.replaceChildren(...data.buttons.map((button) => makeButton(button, (name) => held.send("press", name))));
  }
  return onceGone(parentElement, () => {
    PLACES.get(parentElement)?.root.remove();
    PLACES.delete(parentElement);
  });
}
