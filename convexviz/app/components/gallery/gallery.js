// Cards with a picture; a click sends the card's name, and once more if no answer has come for long: a message that
// meets a rerun under way can be lost.

import { onceGone } from "../web/dom.js";

const GALLERIES = new WeakMap();
const PATIENCE = 4000; // ms

function makeCard(card, pick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cvz-card";
  button.dataset.testid = `preset-${card.name}`;
  button.dataset.name = card.name;
  button.title = card.description;
  button.innerHTML = card.svg; // made by the app's own code from numbers
  const title = document.createElement("span");
  title.textContent = card.title;
  button.append(title);
  button.addEventListener("click", () => pick(card.name));
  return button;
}

function press(gallery, name) {
  for (const button of gallery.root.children) {
    button.setAttribute("aria-pressed", String(button.dataset.name === name));
  }
}

function choose(gallery, name) {
  clearTimeout(gallery.timer);
  press(gallery, name);
  gallery.send(name);
  gallery.awaited = name === gallery.chosen ? null : name; // what is there already is not answered
  if (gallery.awaited === null) return;
  gallery.timer = setTimeout(() => {
    gallery.awaited = null;
    gallery.send(name);
  }, PATIENCE);
}

export default function mountGallery({ data, parentElement, setTriggerValue }) {
  let gallery = GALLERIES.get(parentElement);
  if (!gallery) {
    gallery = { root: document.createElement("div"), text: "", awaited: null, timer: 0 };
    gallery.root.className = "cvz-gallery";
    parentElement.append(gallery.root);
    GALLERIES.set(parentElement, gallery);
  }
  gallery.send = (name) => setTriggerValue("pick", name);
  const text = JSON.stringify(data.cards);
  if (text !== gallery.text) {
    gallery.text = text;
    gallery.root.replaceChildren(...data.cards.map((card) => makeCard(card, (name) => choose(gallery, name))));
  }
  gallery.chosen = data.chosen;
  if (gallery.awaited === data.chosen) {
    clearTimeout(gallery.timer);
    gallery.awaited = null;
  }
  if (gallery.awaited === null) press(gallery, data.chosen);
  return onceGone(parentElement, () => {
    clearTimeout(GALLERIES.get(parentElement)?.timer);
    GALLERIES.get(parentElement)?.root.remove();
    GALLERIES.delete(parentElement);
  });
}
